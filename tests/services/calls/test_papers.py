"""Form and rubric files: what is read, and how faults are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from grantflow.services.calls.papers import read_form, read_paper, read_rubric

FORMS = sorted(Path("config/forms").glob("*/v*.yaml"))
RUBRICS = sorted(Path("config/rubrics").glob("*/v*.yaml"))
FORM = Path("config/forms/seed_project/v1.yaml").read_text()
RUBRIC = Path("config/rubrics/seed_project/v1.yaml").read_text()


@pytest.mark.parametrize(
    "path", [*FORMS, *RUBRICS], ids=lambda path: f"{path.parent.parent.name}-{path.parent.name}"
)
def test_nothing_is_wrong_with_a_shipped_paper(path):
    assert read_paper(path) == ()


def written(folder: Path, kind: str, text: str, old: str, new: str) -> Path:
    assert old in text
    path = folder / f"{kind}s" / "seed_project" / "v1.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(text.replace(old, new, 1))
    return path


@pytest.mark.parametrize(
    ("old", "new", "code", "names"),
    [
        ("kind: short_text", "kind: essay", "wrong_value", "long_text"),
        ("        limit: 120\n", "        most: 120\n", "unknown_key", "limit"),
        ("        least: 1\n        most: 3", "        least: 4\n        most: 3", "wrong_order", "least"),
        ("      - name: idea\n", "      - name: title\n", "duplicate_name", "title"),
        ("  - name: plan\n", "  - name: project\n", "duplicate_name", "project"),
        ('    may_be_completed: "no"\n', "", "missing_key", "may_be_completed"),
        ("            en: Staff\n", "", "missing_language", "staff"),
        ("  - name: region\n", "  - name: applicant\n", "duplicate_name", "applicant"),
        ("version: 1", "version: 2", "name_and_file", "v2.yaml"),
    ],
)
def test_a_fault_of_a_form_is_named(tmp_path, old, new, code, names):
    loaded = read_form(written(tmp_path, "form", FORM, old, new))
    (finding,) = loaded.findings
    assert (finding.code, names in finding.message) == (code, True), str(finding)
    assert (loaded.form is None) == (finding.severity == "error")


@pytest.mark.parametrize(
    ("old", "new", "code", "names"),
    [
        ("      value: 40\n", "      value: 41\n", "wrong_sum", "101"),
        ("      value: 2\n", "      value: 6\n", "off_the_scale", "6"),
        ("    - at: 5", "    - at: 7", "off_the_scale", "7"),
        ("  most: 5", "  most: 1000", "wrong_value", "1000"),
        ("  - potential\n", "  - promise\n", "unknown_criterion", "potential"),
        ("  - name: actors\n", "  - name: potential\n", "duplicate_name", "potential"),
    ],
)
def test_a_fault_of_a_rubric_is_named(tmp_path, old, new, code, names):
    loaded = read_rubric(written(tmp_path, "rubric", RUBRIC, old, new))
    assert [finding.code for finding in loaded.findings] == [code]
    assert names in loaded.findings[0].message
    assert loaded.rubric is None


def test_what_nobody_published_about_a_rubric_is_listed():
    loaded = read_rubric(Path("config/rubrics/seed_project/v1.yaml"))
    assert {one.where.split(": ")[1] for one in loaded.assumptions} == {
        "pass_mark",
        "potential.weight",
        "potential.threshold",
        "actors.weight",
        "feasibility.weight",
    }


def test_a_file_that_is_neither_is_refused(tmp_path):
    path = tmp_path / "x.yaml"
    path.write_text("call: 1\n")
    assert {finding.code for finding in read_paper(path)} >= {"unknown_key", "missing_key"}
    assert [finding.code for finding in read_paper(tmp_path / "missing.yaml")] == ["unreadable"]
