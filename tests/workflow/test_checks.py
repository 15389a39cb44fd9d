"""Each check finds what it is there for, in its line, and nothing is wrong with the toy that the edits start from."""

import json
import shutil
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grantflow.workflow.checks import CHECKS, check_scheme
from grantflow.workflow.loader import load_scheme, parse_scheme
from tests.workflow.toys import REGISTRY


@dataclass(frozen=True)
class Edit:
    """A change of a file of the toy: what is found by it, at a line that holds certain words, and what is found besides."""

    code: str
    file: str
    changes: tuple[tuple[str, str], ...]
    at: str | None
    also: frozenset[str]


TOY = Path(__file__).parent / "schemes" / "grant" / "v1"
EDITS = [
    Edit(
        one["code"],
        one["file"],
        tuple((change["old"], change["new"]) for change in one["change"]),
        one.get("at"),
        frozenset(one.get("also", ())),
    )
    for one in tomllib.loads((TOY.parents[2] / "edits.toml").read_text(encoding="utf-8"))["edit"]
]


def findings(folder):
    return load_scheme(folder, registry=REGISTRY).findings


def line_of(finding):
    return Path(finding.file).read_text(encoding="utf-8").splitlines()[finding.line - 1]


def test_nothing_is_wrong_with_the_toy():
    assert findings(TOY) == ()


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: f"{edit.code}-{edit.file}")
def test_an_edit_is_found_in_its_line(edit, tmp_path):
    folder = tmp_path / "v1"
    shutil.copytree(TOY, folder)
    path = folder / f"{edit.file}.yaml"
    text = path.read_text(encoding="utf-8")
    for old, new in edit.changes:
        assert text.count(old) == 1
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    found = findings(folder)
    assert {finding.code for finding in found} == {edit.code, *edit.also}
    lines = [line_of(finding) for finding in found if finding.code == edit.code]
    assert edit.at is None or any(edit.at in line for line in lines)


def test_every_check_has_an_edit():
    unreachable_by_files = {"idle_timer"}
    assert {edit.code for edit in EDITS} == {check.code for check in CHECKS} - unreachable_by_files


def test_a_published_timer_that_does_nothing_is_found():
    scheme = load_scheme(TOY).scheme
    assert scheme is not None
    text = json.loads(scheme.text)
    timer = next(one for one in text["lifecycles"] if one["name"] == "call")["timers"][0]
    del timer["do"]
    codes = {finding.code for finding in check_scheme(parse_scheme(json.dumps(text)), REGISTRY)}
    assert "idle_timer" in codes


def test_every_check_says_what_must_hold():
    codes = [check.code for check in CHECKS]
    assert len(codes) == len(set(codes))
    assert all(check.about.endswith(".") and check.about[0].isupper() for check in CHECKS)


def test_words_that_look_like_code_are_only_words(tmp_path):
    hostile = [
        "os.system",
        "__import__('os')",
        "{{ 7*7 }}",
        "{0.__class__}",
        "%(x)s",
        "${HOME}",
        "eval",
        "lambda: 1",
    ]
    for number, word in enumerate(hostile):
        folder = tmp_path / str(number)
        shutil.copytree(TOY, folder)
        path = folder / "application.yaml"
        text = path.read_text(encoding="utf-8").replace("effects: reserve_money", f'effects: "{word}"')
        path.write_text(text, encoding="utf-8")
        finding = next(one for one in findings(folder) if one.file == str(path) and one.code != "rule_does")
        assert finding.code in {"wrong_value", "unknown_effect"}
        assert word[:6] in line_of(finding)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_mangled_schemes_give_findings_and_no_traceback(data):
    name = data.draw(st.sampled_from(["scheme", "call", "application", "review"]))
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "v1"
        shutil.copytree(TOY, folder)
        path = folder / f"{name}.yaml"
        lines = path.read_text(encoding="utf-8").splitlines()
        for _ in range(data.draw(st.integers(1, 3))):
            at = data.draw(st.integers(0, len(lines) - 1))
            match data.draw(st.sampled_from(["drop", "double", "swap", "indent", "word"])):
                case "drop":
                    del lines[at]
                case "double":
                    lines.insert(at, lines[at])
                case "swap":
                    other = data.draw(st.integers(0, len(lines) - 1))
                    lines[at], lines[other] = lines[other], lines[at]
                case "indent":
                    lines[at] = "  " + lines[at]
                case "word":
                    words = st.sampled_from(
                        ["same", "remembered", "system", "draft", "children", "application", "~", "a.b"]
                    )
                    lines[at] = lines[at].rpartition(" ")[0] + " " + data.draw(words)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        loaded = load_scheme(folder, registry=REGISTRY)
        assert loaded.scheme is not None or any(finding.severity == "error" for finding in loaded.findings)
        assert all(finding.line >= 1 and finding.message.endswith(".") for finding in loaded.findings)
