"""`grantflow calls check`, `calls draft` and `forms check`, as others rely on them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

CALL = Path("config/calls/north-middle-sweden.yaml")
FORM = Path("config/forms/seed_project/v1.yaml")


def grantflow(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "grantflow.cli", *words], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(("group", "path"), [("calls", CALL), ("forms", FORM)])
def test_a_good_file_passes_and_a_bad_one_is_explained(group, path, tmp_path):
    good = grantflow(group, "check", str(path), "--json")
    assert (good.returncode, json.loads(good.stdout)) == (0, {"ok": True, "findings": []})
    bad = tmp_path / "bad.yaml"
    bad.write_text(path.read_text().replace("version: 1", "version: 1\ncolour: blue", 1))
    told = grantflow(group, "check", str(path), str(bad), "--json")
    answer = json.loads(told.stdout)
    errors = [finding for finding in answer["findings"] if finding["severity"] == "error"]
    assert (told.returncode, answer["ok"]) == (1, False)
    assert [(finding["file"], finding["code"]) for finding in errors] == [(str(bad), "unknown_key")]
    assert bad.read_text().splitlines()[errors[0]["line"] - 1] == "colour: blue"
    assert "colour" in errors[0]["message"]


def test_a_file_that_is_not_there_is_wrong_usage():
    told = grantflow("calls", "check", "nowhere.yaml", "--json")
    assert told.returncode == 2
    assert json.loads(told.stdout)["ok"] is False


def test_what_is_assumed_is_listed_with_its_reason():
    told = grantflow("calls", "check", str(CALL), "--assumed")
    assert told.returncode == 0
    assert "stages.1.seed_fund.rate = 60 % (assumed: The rate is not published.)" in told.stdout


def test_a_call_file_becomes_a_draft_once_and_a_wrong_one_none(bare_grantflow, tmp_path):
    assert bare_grantflow("init").code == 0
    drafted = bare_grantflow("calls", "draft", str(CALL), "--json")
    assert (drafted.code, drafted.json["ok"]) == (0, True)
    assert drafted.json["call"]["slug"] == CALL.stem
    assert drafted.json["call"]["path"] == f"/calls/{CALL.stem}/manage"
    again = bare_grantflow("calls", "draft", str(CALL), "--json")
    assert (again.code, again.json["refusals"][0]["code"]) == (1, "slug_taken")
    bad = tmp_path / "bad.yaml"
    bad.write_text(CALL.read_text().replace("version: 1", "version: 7", 1).replace(CALL.stem, "bad"))
    wrong = bare_grantflow("calls", "draft", str(bad), "--json")
    assert (wrong.code, wrong.json["call"]) == (1, None)
    assert "unknown_scheme" in [finding["code"] for finding in wrong.json["findings"]]
