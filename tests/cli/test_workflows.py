"""`grantflow workflows`: one JSON object on stdout, the words of the findings, the exit codes; no database is needed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from grantflow.cli import main
from grantflow.paths import data_folder
from tests.cli.command import Ended

SHIPPED = data_folder("workflows")


@pytest.fixture
def grantflow(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("GRANTFLOW_DATABASE_URL", "sqlite:////nowhere/at/all.db")

    def run(*words):
        with pytest.raises(SystemExit) as ended:
            main(list(map(str, words)))
        printed = capsys.readouterr()
        return Ended(int(ended.value.code or 0), printed.out, printed.err)

    return run


@pytest.fixture
def copy(tmp_path):
    """A copy of a shipped scheme, away from the shipped blocks."""
    folder = tmp_path / "mine"
    shutil.copytree(SHIPPED / "challenge_driven" / "v1", folder)
    return folder


def test_the_shipped_schemes_are_proved(grantflow):
    ended = grantflow("workflows", "check", "--json")
    assert ended.code == 0
    assert set(ended.json) == {"ok", "lifecycles", "findings"}
    assert (ended.json["ok"], ended.json["findings"]) == (True, [])
    assert set(ended.json["lifecycles"][0]) == {"scheme", "version", "lifecycle", "states", "transitions"}
    told = {(one["scheme"], one["lifecycle"]) for one in ended.json["lifecycles"]}
    assert told == {
        (path.parents[1].name, path.stem) for path in SHIPPED.glob("*/v*/*.yaml") if path.stem != "scheme"
    }


@pytest.mark.parametrize("path", [SHIPPED, SHIPPED / "challenge_driven", SHIPPED / "challenge_driven" / "v1"])
def test_a_folder_is_a_scheme_version_or_holds_such(grantflow, path):
    ended = grantflow("workflows", "check", path, "--json")
    assert ended.code == 0
    schemes = {one["scheme"] for one in ended.json["lifecycles"]}
    assert ("internationalisation_aid" in schemes) == (path == SHIPPED)


def test_a_copy_elsewhere_uses_the_shipped_blocks(grantflow, copy):
    assert grantflow("workflows", "check", copy, "--json").json["ok"] is True


def test_a_fault_is_told_with_file_line_and_known_words(grantflow, copy):
    path = copy / "review.yaml"
    path.write_text(path.read_text().replace("template: review_invitation", "template: review_invitaton", 1))
    line = next(number for number, text in enumerate(path.read_text().splitlines(), 1) if "invitaton" in text)
    ended = grantflow("workflows", "check", copy, "--json")
    (finding,) = ended.json["findings"]
    assert (ended.code, ended.json["ok"]) == (1, False)
    assert (finding["file"], finding["line"], finding["code"]) == (str(path), line, "unknown_template")
    assert finding["severity"] == "error"
    assert "“review_invitaton”. Known are: review_invitation, " in finding["message"]
    assert ended.json["lifecycles"] != []
    told = grantflow("workflows", "check", copy)
    assert told.code == 1
    assert f"{path}:{line}: error: " in told.out
    assert "1 errors, 0 warnings." in told.out


def test_a_warning_can_be_lived_with(grantflow, copy):
    path = copy / "scheme.yaml"
    path.write_text(
        path.read_text().replace("\ndates:\n", "\ndates:\n  some_day:\n    about: Nobody asks for it.\n")
    )
    ended = grantflow("workflows", "check", copy, "--json")
    assert (ended.code, ended.json["ok"]) == (0, True)
    assert [(one["severity"], one["code"]) for one in ended.json["findings"]] == [("warning", "unused_date")]


def test_a_folder_without_a_scheme_is_not_well(grantflow, tmp_path):
    ended = grantflow("workflows", "check", tmp_path, "--json")
    assert (ended.code, ended.json["ok"], ended.json["lifecycles"]) == (1, False, [])
    assert [one["code"] for one in ended.json["findings"]] == ["missing_file"]


@pytest.mark.parametrize("words", [["nowhere"], ["--flag"], [__file__]])
def test_wrong_usage_ends_with_two_and_one_object(grantflow, words):
    ended = grantflow("workflows", "check", *words, "--json")
    assert ended.code == 2
    assert isinstance(ended.json, dict)


def test_pictures_are_drawn_and_kept_true(grantflow, copy, tmp_path):
    folder = tmp_path / "drawn"
    stale = grantflow("workflows", "draw", copy, "--to", folder, "--json")
    assert (stale.code, stale.json["ok"], len(stale.json["stale"])) == (1, False, 14)
    written = grantflow("workflows", "draw", copy, "--to", folder, "--write", "--json")
    assert (written.code, sorted(written.json["written"])) == (
        0,
        sorted(path.name for path in folder.iterdir()),
    )
    assert grantflow("workflows", "draw", copy, "--to", folder).code == 0


def test_a_scheme_with_a_fault_is_not_drawn(grantflow, copy, tmp_path):
    (copy / "call.yaml").write_text("lifecycle: [")
    ended = grantflow("workflows", "draw", copy, "--to", tmp_path / "drawn", "--write", "--json")
    assert (ended.code, ended.json["files"]) == (1, [])
    assert [one["code"] for one in ended.json["findings"]] == ["not_yaml"]


def test_the_words_of_the_format_are_printed_or_written(grantflow, tmp_path):
    printed = grantflow("workflows", "words")
    file = tmp_path / "docs" / "words.md"
    assert grantflow("workflows", "words", "--write", "--to", file).code == 0
    assert file.read_text() == printed.out
    assert "| `adverse` |" in printed.out


def test_files_are_named_from_where_one_stands(grantflow, monkeypatch, tmp_path):
    shutil.copytree(SHIPPED / "challenge_driven" / "v1", tmp_path / "here" / "v1")
    (tmp_path / "here" / "v1" / "call.yaml").write_text("")
    monkeypatch.chdir(tmp_path)
    for path in (Path("here"), tmp_path / "here"):
        (finding,) = grantflow("workflows", "check", path, "--json").json["findings"]
        assert finding["file"] == "here/v1/call.yaml"
