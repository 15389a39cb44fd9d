"""The settings of an installation: one typed table, read from files and the environment, refused when in doubt.

Read in this order, the later wins: `config/default.toml`, `config/<environment>.toml`, the file that
GRANTFLOW_SETTINGS names, and the variables GRANTFLOW_*. Entrances and `app.py` read settings; below them values are
passed down as arguments.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

PREFIX = "GRANTFLOW_"
ENVIRONMENT = "GRANTFLOW_ENVIRONMENT"
"""Names the environment and with it the file beside `default.toml`; without it `development`."""
OWN_FILE = "GRANTFLOW_SETTINGS"
"""Names a settings file of the installation's own, wherever it lies."""
NO_SETTINGS = (ENVIRONMENT, OWN_FILE, "GRANTFLOW_TEST_", "GRANTFLOW_DEEP")
"""Variables that say where settings lie, or belong to script/test."""


def _setting(
    default: Any,
    about: str,
    *,
    choices: tuple[str, ...] = (),
    secret: bool = False,
    variable: str | None = None,
) -> Any:
    meta = {"about": about, "choices": choices, "secret": secret, "variable": variable}
    return field(default=default, metadata=meta)


@dataclass(frozen=True, slots=True)
class Settings:
    """The values in force. Each field is a setting: its name, type, default and what it means."""

    mode: str = _setting(
        "development",
        "production demands a secret key and a mail server and refuses a demo database; development does without.",
        choices=("development", "production"),
    )
    data: str = _setting(
        "var", "The folder of everything kept outside the database: files, mails of the demo."
    )
    own_files: str = _setting(
        "",
        "A folder with schemes, calls, forms, rubrics and letters of the installation's own; empty: only what is shipped.",
    )
    database_url: str = _setting(
        "",
        "The database, sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME; empty: an SQLite file in the data folder.",
        secret=True,
    )
    host: str = _setting("127.0.0.1", "The address on which pages are served.")
    port: int = _setting(8000, "The port on which pages are served.", variable="PORT")
    base_url: str = _setting(
        "", "The address that stands in mails and letters; empty: http://localhost:PORT."
    )
    secret_key: str = _setting(
        "",
        "Signs sessions and forms; at least 32 characters in production. Empty elsewhere: one is made in the data folder.",
        secret=True,
    )
    seal_key: str = _setting("", "Signs the seals of the journal; kept away from the database.", secret=True)
    session_idle_minutes: int = _setting(
        120, "Minutes without a sign of life after which people from outside are signed out."
    )
    session_hours: int = _setting(12, "Hours after which people from outside have to sign in again.")
    session_idle_minutes_inside: int = _setting(
        60, "Minutes without a sign of life after which people who work for a programme are signed out."
    )
    session_hours_inside: int = _setting(
        10, "Hours after which people who work for a programme have to sign in again."
    )
    sign_in_tries: int = _setting(
        10, "How often a quarter of an hour one e-mail address may be tried at the sign-in."
    )
    sign_in_tries_network: int = _setting(
        100, "How often a quarter of an hour one network may try to sign in or send a public form."
    )
    trusted_proxies: str = _setting(
        "",
        "Addresses or networks of the proxies before the pages, with commas between; only they are believed for whom "
        "they ask (`X-Forwarded-For`, `-Proto`, `-Host`, `X-Request-Id`). Empty: nobody is.",
    )
    web_processes: int = _setting(1, "How many processes answer requests.")
    web_threads: int = _setting(4, "How many requests each process answers at a time.")
    sending: str = _setting(
        "on",
        "off: nothing leaves at all, no mail and no webhook; what would leave is held until somebody says otherwise.",
        choices=("on", "off"),
    )
    webhooks_inside: str = _setting(
        "refused",
        "Whether webhooks may lead to addresses inside the own network, and go without TLS: for trials alone.",
        choices=("refused", "allowed"),
    )
    mail_delivery: str = _setting(
        "files",
        "Where mails go: files in the data folder, or smtp. A demo database always writes files.",
        choices=("files", "smtp"),
    )
    mail_from: str = _setting("grantflow@localhost", "The address from which mails come.")
    mail_server: str = _setting("", "The name of the mail server.")
    mail_port: int = _setting(587, "The port of the mail server.")
    mail_security: str = _setting(
        "starttls", "How the connection to the mail server is protected.", choices=("starttls", "tls", "none")
    )
    mail_user: str = _setting("", "The user under whom mails are handed in; empty: without signing in.")
    mail_password: str = _setting("", "The password of the mail user.", secret=True)
    worker_threads: int = _setting(4, "How many pieces of background work a worker does at a time.")
    worker_lease: int = _setting(15, "Seconds without a sign of life after which another worker takes over.")
    dispatch_every: int = _setting(1, "Seconds between two looks for messages that wait to leave.")
    timers_every: int = _setting(3, "Seconds between two looks for timers that fell due.")
    pdf_processes: int = _setting(1, "How many processes of a worker make PDFs.")
    slow_statement_ms: int = _setting(
        500, "Milliseconds after which a statement of a page stands in the log."
    )
    log_level: str = _setting("info", "What is logged.", choices=("debug", "info", "warning", "error"))

    @property
    def sends(self) -> bool:
        """Whether anything may leave."""
        return self.sending == "on"

    @property
    def data_folder(self) -> Path:
        """The data folder as an absolute path."""
        return Path(self.data).expanduser().absolute()

    @property
    def own_folder(self) -> Path | None:
        """The folder of the installation's own files as an absolute path, where there is one."""
        return Path(self.own_files).expanduser().absolute() if self.own_files else None

    @property
    def database(self) -> str:
        """The URL of the database, also where it follows from the data folder."""
        return self.database_url or f"sqlite:///{self.data_folder / 'grantflow.sqlite'}"

    @property
    def proxies(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """The networks whose word about a request is believed."""
        return tuple(ip_network(each) for each in _listed(self.trusted_proxies))

    @property
    def address(self) -> str:
        """The address of the installation as letters write it, without a slash at the end."""
        return (self.base_url or f"http://localhost:{self.port}").rstrip("/")


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table: what can be set, and how."""

    name: str
    kind: Literal["text", "whole_number"]
    default: str | int
    about: str
    choices: tuple[str, ...]
    secret: bool
    variables: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with the settings: where it stands (a file and line, or a variable) and what to do."""

    where: str
    line: int | None
    code: str
    message: str

    def __str__(self) -> str:
        place = f"{self.where}:{self.line}" if self.line else self.where
        return f"{place}: {self.message}"


class SettingsError(Exception):
    """The settings are unknown, mistyped or contradictory: nothing starts."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


@dataclass(frozen=True, slots=True)
class Loaded:
    """Settings and where each value came from."""

    settings: Settings
    environment: str
    sources: Mapping[str, str]


def table() -> Iterator[Setting]:
    """Yield every setting in the order in which people read them."""
    for entry in fields(Settings):
        meta = entry.metadata
        assert isinstance(entry.default, str | int)
        extra = (meta["variable"],) if meta["variable"] else ()
        yield Setting(
            entry.name,
            "whole_number" if isinstance(entry.default, int) else "text",
            entry.default,
            meta["about"],
            meta["choices"],
            meta["secret"],
            (PREFIX + entry.name.upper(), *extra),
        )


TABLE: Mapping[str, Setting] = MappingProxyType({setting.name: setting for setting in table()})


@dataclass(frozen=True, slots=True)
class _Given:
    """A value as somebody wrote it."""

    name: str
    value: object
    where: str
    line: int | None = None

    @property
    def source(self) -> str:
        return f"{self.where}:{self.line}" if self.line else self.where


def load(folder: Path, environ: Mapping[str, str]) -> Loaded:
    """Read the settings in force.

    Raises:
        SettingsError: a key is unknown, a value is wrong, or two settings contradict one another; says all at once.
    """
    environment = environ.get(ENVIRONMENT, "development")
    problems: list[Problem] = []
    given = [
        *_from_files(folder, environment, environ.get(OWN_FILE), problems),
        *_from_environment(environ, problems),
    ]
    values: dict[str, Any] = {}
    sources = dict.fromkeys(TABLE, "default")
    for one in given:
        value = _value(TABLE[one.name], one, problems)
        if value is not None:
            values[one.name] = value
            sources[one.name] = one.source
    settings = Settings(**values)
    if not problems:
        problems.extend(_contradictions(settings, sources))
    if problems:
        raise SettingsError(tuple(problems))
    return Loaded(settings, environment, MappingProxyType(sources))


def _from_files(folder: Path, environment: str, own: str | None, problems: list[Problem]) -> Iterator[_Given]:
    paths = [folder / "default.toml"]
    if re.fullmatch(r"[a-z][a-z0-9_-]*", environment):
        paths.append(folder / f"{environment}.toml")
    else:
        problems.append(
            Problem(ENVIRONMENT, None, "bad_value", f"{environment!r} is no name of an environment.")
        )
    if own:
        paths.append(Path(own))
    for path in paths:
        if not path.is_file():
            if path.name == "default.toml" and path.parent == folder:
                continue
            known = ", ".join(
                sorted(found.stem for found in folder.glob("*.toml") if found.stem != "default")
            )
            variable = OWN_FILE if own and path == Path(own) else ENVIRONMENT
            hint = f" Known environments: {known}." if variable == ENVIRONMENT else ""
            problems.append(Problem(variable, None, "missing_file", f"There is no file {path}.{hint}"))
            continue
        yield from _from_file(path, problems)


def _from_file(path: Path, problems: list[Problem]) -> Iterator[_Given]:
    text = ""
    try:
        text = path.read_text(encoding="utf-8")
        content = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found[1]) if found else max(1, text.count("\n") + 1)
        problems.append(Problem(str(path), line, "syntax", f"This is not TOML: {error}."))
        return
    for name, value in content.items():
        line = _line_of(text, name)
        if name in TABLE:
            yield _Given(name, value, str(path), line)
        else:
            problems.append(Problem(str(path), line, "unknown_key", _unknown(name, TABLE)))


def _from_environment(environ: Mapping[str, str], problems: list[Problem]) -> Iterator[_Given]:
    by_variable = {name: setting for setting in TABLE.values() for name in reversed(setting.variables)}
    for setting in TABLE.values():
        set_by = [name for name in setting.variables if name in environ]
        if len({environ[name] for name in set_by}) > 1:
            both = " and ".join(set_by)
            problems.append(
                Problem(set_by[0], None, "contradiction", f"{both} say different things; leave one out.")
            )
    for variable in sorted(environ):
        if variable in by_variable:
            yield _Given(by_variable[variable].name, environ[variable], variable)
        elif variable.startswith(PREFIX) and not variable.startswith(NO_SETTINGS):
            known = [name for name in by_variable if name.startswith(PREFIX)]
            message = _unknown(variable, [*known, ENVIRONMENT, OWN_FILE])
            problems.append(Problem(variable, None, "unknown_key", message))


def _unknown(name: str, known: Any) -> str:
    return f"{name} is no setting. Known: {', '.join(sorted(known))}."


def _line_of(text: str, name: str) -> int:
    pattern = re.compile(rf'\s*\[*\s*["\']?{re.escape(name)}["\']?\s*[=.\]]')
    return next((number for number, line in enumerate(text.splitlines(), 1) if pattern.match(line)), 1)


FROM_NOUGHT = frozenset({"port"})


def _value(setting: Setting, given: _Given, problems: list[Problem]) -> str | int | None:
    value = given.value
    message = None
    if setting.kind == "whole_number":
        if isinstance(value, str) and value.isascii() and value.isdigit():
            value = int(value)
        least = 0 if setting.name in FROM_NOUGHT else 1
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            message = f"{setting.name} is a whole number from {least}, not {value!r}."
    elif not isinstance(value, str):
        message = f"{setting.name} is a text, not {value!r}."
    elif setting.choices and value not in setting.choices:
        message = f"{setting.name} is one of {', '.join(setting.choices)}, not {value!r}."
    if message is None:
        assert isinstance(value, str | int)
        return value
    if setting.secret:
        message = f"{setting.name} has the wrong type."
    problems.append(Problem(given.where, given.line, "bad_value", message))
    return None


LEAST_KEY = 32
HIGHEST_PORT = 65535


def _contradictions(settings: Settings, sources: Mapping[str, str]) -> Iterator[Problem]:
    checks = (_of_production, _of_mail, _of_addresses, _of_proxies, _of_files)
    for name, message in (found for check in checks for found in check(settings)):
        yield Problem(sources[name], None, "contradiction", message)


def _of_production(settings: Settings) -> Iterator[tuple[str, str]]:
    if settings.mode != "production":
        return
    if len(settings.secret_key) < LEAST_KEY:
        yield "mode", f"mode = production needs a secret_key of at least {LEAST_KEY} characters."
    if settings.mail_delivery != "smtp":
        yield "mail_delivery", "mode = production needs mail_delivery = smtp."
    if settings.webhooks_inside != "refused":
        yield "webhooks_inside", "mode = production needs webhooks_inside = refused."


def _of_mail(settings: Settings) -> Iterator[tuple[str, str]]:
    if settings.mail_delivery == "smtp" and not settings.mail_server:
        yield "mail_delivery", "mail_delivery = smtp needs a mail_server."
    if settings.mail_password and not settings.mail_user:
        yield "mail_password", "mail_password needs a mail_user."
    if settings.mail_password and settings.mail_security == "none":
        yield "mail_security", "mail_security = none would send mail_password in the clear."


def _listed(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _of_proxies(settings: Settings) -> Iterator[tuple[str, str]]:
    for each in _listed(settings.trusted_proxies):
        try:
            ip_network(each)
        except ValueError:
            yield (
                "trusted_proxies",
                f"trusted_proxies: {each} is no address and no network, such as 10.0.0.0/8.",
            )


def _of_addresses(settings: Settings) -> Iterator[tuple[str, str]]:
    if not re.match(r"(sqlite:///|postgresql(\+psycopg)?://)", settings.database):
        yield "database_url", "database_url begins with sqlite:/// or postgresql://."
    elif re.fullmatch(r"sqlite:///(:memory:)?", settings.database):
        yield "database_url", "database_url names no file; a database in memory would be lost."
    if settings.base_url and not re.match(r"https?://", settings.base_url):
        yield "base_url", "base_url begins with http:// or https://."
    for name in ("port", "mail_port"):
        if getattr(settings, name) > HIGHEST_PORT:
            yield name, f"{name} is at most {HIGHEST_PORT}."


def _of_files(settings: Settings) -> Iterator[tuple[str, str]]:
    if settings.own_folder is not None and not settings.own_folder.is_dir():
        yield "own_files", f"There is no folder {settings.own_folder}."


def shown(setting: Setting, value: str | int) -> str:
    """Return a value as it may be printed: of a secret only whether there is one, of a URL no password."""
    if setting.name == "database_url":
        return re.sub(r"(://[^:/@]*):.*@", r"\1:…@", str(value))
    if setting.secret:
        return "(set)" if value else "(not set)"
    return str(value)
