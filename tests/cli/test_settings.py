"""Settings: read from files and the environment, refused with file and line or variable when in doubt."""

from __future__ import annotations

from pathlib import Path

import pytest

from grantflow.paths import data_folder
from grantflow.settings import TABLE, Loaded, SettingsError, load, shown

KEY = "k" * 32


def files(folder: Path, **texts: str) -> Path:
    for name, text in texts.items():
        (folder / f"{name}.toml").write_text(text)
    return folder


def problems(folder: Path, **environ: str) -> list[str]:
    with pytest.raises(SettingsError) as raised:
        load(folder, environ)
    return [str(problem).replace(f"{folder}/", "") for problem in raised.value.problems]


def test_the_shipped_files_are_settings_of_development() -> None:
    loaded = load(data_folder("config"), {})

    assert loaded.environment == "development"
    assert loaded.settings.mode == "development"
    assert loaded.settings.database == f"sqlite:///{Path.cwd() / 'var' / 'grantflow.sqlite'}"


def test_the_later_source_wins_and_is_named(tmp_path: Path) -> None:
    files(
        tmp_path,
        default='port = 1\nlog_level = "error"',
        development="port = 2",
        own="port = 3\nmail_port = 25",
    )

    def source(**environ: str) -> tuple[object, str]:
        loaded: Loaded = load(tmp_path, environ)
        return loaded.settings.port, loaded.sources["port"].replace(f"{tmp_path}/", "")

    assert source() == (2, "development.toml:1")
    assert source(GRANTFLOW_SETTINGS=str(tmp_path / "own.toml")) == (3, "own.toml:1")
    assert source(GRANTFLOW_SETTINGS=str(tmp_path / "own.toml"), PORT="4") == (4, "PORT")
    assert source(GRANTFLOW_PORT="5") == (5, "GRANTFLOW_PORT")


def test_an_unknown_key_stops_the_start_with_file_line_and_what_is_known(tmp_path: Path) -> None:
    files(tmp_path, default='# settings\nmode = "development"\nmial_from = "x"\n', development="")

    (problem,) = problems(tmp_path)

    assert problem.startswith("default.toml:3: mial_from is no setting. Known: ")
    assert "mail_from" in problem


def test_an_unknown_variable_is_named_with_those_that_are_known(tmp_path: Path) -> None:
    files(tmp_path, development="")

    (problem,) = problems(tmp_path, GRANTFLOW_DATABASE="sqlite:///x")

    assert problem.startswith("GRANTFLOW_DATABASE: GRANTFLOW_DATABASE is no setting. Known: ")
    assert "GRANTFLOW_DATABASE_URL" in problem


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("port = true", "development.toml:1: port is a whole number from 0, not True."),
        ('port = "eighty"', "development.toml:1: port is a whole number from 0, not 'eighty'."),
        ("web_threads = 0", "development.toml:1: web_threads is a whole number from 1, not 0."),
        ("\nhost = 1", "development.toml:2: host is a text, not 1."),
        ('mode = "prod"', "development.toml:1: mode is one of development, production, not 'prod'."),
        ("[mail]\nfrom = 1", "development.toml:1: mail is no setting."),
        ("secret_key = 12345", "development.toml:1: secret_key has the wrong type."),
        ("port = 1\nport = 2", "development.toml:2: This is not TOML: "),
        ("port =", "development.toml:1: This is not TOML: "),
    ],
)
def test_a_wrong_value_is_refused_where_it_stands(tmp_path: Path, text: str, problem: str) -> None:
    files(tmp_path, development=text)

    (found,) = problems(tmp_path)

    assert found.startswith(problem)


@pytest.mark.parametrize(
    ("environ", "problem"),
    [
        (
            {"GRANTFLOW_MODE": "production", "GRANTFLOW_SECRET_KEY": KEY},
            "production needs mail_delivery = smtp",
        ),
        (
            {"GRANTFLOW_MAIL_DELIVERY": "smtp"},
            "GRANTFLOW_MAIL_DELIVERY: mail_delivery = smtp needs a mail_server",
        ),
        ({"GRANTFLOW_MAIL_PASSWORD": "x"}, "mail_password needs a mail_user"),
        ({"GRANTFLOW_DATABASE_URL": "mysql://x"}, "GRANTFLOW_DATABASE_URL: database_url begins with"),
        ({"GRANTFLOW_DATABASE_URL": "sqlite:///:memory:"}, "a database in memory would be lost"),
        ({"GRANTFLOW_BASE_URL": "ftp://x"}, "base_url begins with"),
        ({"GRANTFLOW_OWN_FILES": "/no/such"}, "GRANTFLOW_OWN_FILES: There is no folder /no/such"),
        ({"GRANTFLOW_PORT": "70000"}, "port is at most 65535"),
        ({"GRANTFLOW_TRUSTED_PROXIES": "127.0.0.1, 10.0.0.1/8"}, "10.0.0.1/8 is no address and no network"),
        ({"PORT": "1", "GRANTFLOW_PORT": "2"}, "GRANTFLOW_PORT and PORT say different things"),
        (
            {"GRANTFLOW_ENVIRONMENT": "moon"},
            "GRANTFLOW_ENVIRONMENT: There is no file moon.toml. Known environments:",
        ),
        ({"GRANTFLOW_ENVIRONMENT": "../x"}, "'../x' is no name of an environment"),
        ({"GRANTFLOW_SETTINGS": "/no/such"}, "GRANTFLOW_SETTINGS: There is no file /no/such"),
    ],
)
def test_settings_that_contradict_one_another_are_refused(
    tmp_path: Path, environ: dict[str, str], problem: str
) -> None:
    files(tmp_path, development="")

    assert problem in "\n".join(problems(tmp_path, **environ))


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    files(tmp_path, default="colour = 1", development="flavour = 2")

    found = problems(tmp_path, GRANTFLOW_SMELL="3")

    assert [problem.split(": ")[0] for problem in found] == [
        "default.toml:1",
        "development.toml:1",
        "GRANTFLOW_SMELL",
    ]


def test_production_needs_a_key_and_a_mail_server() -> None:
    with pytest.raises(SettingsError, match="secret_key"):
        load(data_folder("config"), {"GRANTFLOW_ENVIRONMENT": "production"})

    environ = {
        "GRANTFLOW_ENVIRONMENT": "production",
        "GRANTFLOW_SECRET_KEY": KEY,
        "GRANTFLOW_MAIL_SERVER": "mail",
    }
    assert load(data_folder("config"), environ).settings.mode == "production"


def test_secrets_are_never_shown() -> None:
    url = "postgresql://grantflow:pass@word@db.example/grantflow"

    assert shown(TABLE["secret_key"], KEY) == "(set)"
    assert shown(TABLE["secret_key"], "") == "(not set)"
    assert shown(TABLE["database_url"], url) == "postgresql://grantflow:…@db.example/grantflow"
    assert shown(TABLE["host"], "0.0.0.0") == "0.0.0.0"
