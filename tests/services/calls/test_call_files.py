"""Call files: what is read, and how everything that nothing honours is refused by name and line."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grantflow.services.calls.file import read_call
from grantflow.services.shelf import known_schemes
from grantflow.store.calls.needs import knows_labs, knows_stages, needed_dates

CALLS = Path("config/calls")
GOOD = (CALLS / "north-middle-sweden.yaml").read_text()
SHIPPED = sorted(CALLS.glob("*.yaml"))


def changed(folder: Path, *edits: tuple[str, str], text: str = GOOD) -> Path:
    for old, new in edits:
        assert old in text, f"{old!r} is not in the file"
        text = text.replace(old, new, 1)
    path = folder / "calls" / "call.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


def line_of(path: Path, words: str) -> int:
    lines = path.read_text().splitlines()
    return next(number for number, line in enumerate(lines, 1) if words in line)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_nothing_is_wrong_with_a_shipped_call(path):
    loaded = read_call(path)
    assert loaded.findings == ()
    assert loaded.plan is not None
    assert loaded.plan.slug == path.stem
    assert all(one.reason and one.line for one in loaded.plan.assumptions)


def test_the_plan_says_what_the_file_says():
    plan = read_call(CALLS / "north-middle-sweden.yaml").plan
    assert plan is not None
    assert plan.has_lab
    assert plan.parameters["lab_seats"] == 150
    assert plan.programme.bodies[0].delegate_up_to == 30_000_00
    (stage,) = plan.stages
    (window,) = stage.windows
    assert (window.envelope, window.minimum, window.maximum, window.rate) == (
        300_000_00,
        8_000_00,
        40_000_00,
        6000,
    )
    assert window.territory == plan.programme.territory == ("SE311", "SE312", "SE313")
    assert stage.form.name == "seed_project"
    assert stage.rubric is not None
    assert sum(criterion.weight for criterion in stage.rubric.criteria) == 100
    assert plan.date("submission_deadline") == datetime(2018, 12, 12, 13, 0, tzinfo=UTC)
    assert plan.first_date == plan.date("registration_closes")
    assert date(2018, 12, 25) in plan.days_off
    assert all(day.weekday() < 5 for day in plan.days_off)


def test_sbri_has_two_stages_and_the_second_asks_for_the_first():
    plan = read_call(CALLS / "sbri-nuclear-2018.yaml").plan
    assert plan is not None
    assert [stage.completed_stage for stage in plan.stages] == [None, 1]
    assert not plan.has_lab


def test_a_moved_call_moves_every_date_and_nothing_else():
    plan = read_call(CALLS / "sbri-nuclear-2018.yaml").plan
    assert plan is not None
    moved = plan.moved(timedelta(weeks=52))
    for number, stage in enumerate(plan.stages):
        later = {name: local + timedelta(weeks=52) for name, local in stage.dates.items()}
        assert dict(moved.stages[number].dates) == later
    assert moved.moved(-timedelta(weeks=52)) == plan


FAULTS = [
    ("unknown_key", ("lab: ", "colour: blue\nlab: "), "colour"),
    (
        "unknown_key",
        ("        funder: E", "        founder: X\n        funder: E"),
        "founder",
    ),
    ("missing_key", ("slug: north-middle-sweden\n", ""), "slug"),
    ("duplicate_key", ("version: 1\n", "version: 1\nversion: 1\n"), "version"),
    ("wrong_value", ("slug: north-middle-sweden", "slug: North Middle"), "North Middle"),
    ("wrong_value", ("zone: Europe/Stockholm", "zone: Europe/Falun"), "Europe/Falun"),
    ("wrong_value", ("value: 60 %", "value: 160 %"), "160 %"),
    ("wrong_value", ("value: de_minimis", "value: minimal"), "de_minimis"),
    ("wrong_value", ("value: 2018-05-09 14:00", "value: 9 May"), "9 May"),
    (
        "missing_key",
        ("\n        reason: Only the year is published; a month to register.", ""),
        "reason",
    ),
    ("wrong_value", ('assumed: "yes"', 'assumed: "no"'), "yes"),
    ("unknown_scheme", ("scheme: challenge_driven", "scheme: challenge"), "challenge_driven version 1"),
    ("unknown_scheme", ("version: 1\n", "version: 7\n"), "version 7"),
    ("unknown_parameter", ("  lab_seats:", "  lab_seat:"), "lab_seats"),
    ("wrong_value", ("value: 150", "value: many"), "many"),
    ("unknown_date", ("      fund_opens:", "      fund_open:"), "fund_opens"),
    ("missing_date", ("      fund_opens:", "      fund_open:"), "fund_opens"),
    ("wrong_order", ("value: 2018-12-12 14:00", "value: 2018-10-12 14:00"), "submission_deadline"),
    ("unknown_role", ("      role: board", "      role: bored"), "board"),
    (
        "wrong_order",
        ("        value: 3\n        assumed", "        value: 6\n        assumed"),
        "quorum",
    ),
    ("unknown_form", ("form: seed_project", "form: seed"), "seed_project version 1"),
    ("unknown_form", ("form_version: 1", "form_version: 2"), "version 2"),
    ("unknown_rubric", ("rubric: seed_project", "rubric: seed"), "seed_project version 1"),
    ("missing_key", ("    rubric_version: 1\n", ""), "rubric_version"),
    (
        "unknown_funder",
        ("funder: European Commission", "funder: The Commission"),
        "European Commission",
    ),
    ("unknown_body", ("body: board", "body: council"), "board"),
    ("wrong_currency", ("value: 40 000 EUR", "value: 40 000 SEK"), "SEK"),
    ("wrong_order", ("value: 40 000 EUR", "value: 7 000 EUR"), "minimum"),
    ("wrong_order", ("value: 40 000 EUR", "value: 400 000 EUR"), "maximum"),
    ("missing_key", ("value: none", "value: appeal"), "days"),
    ("unknown_key", ("        remedy:\n", "        remedy:\n          days: 21\n"), "days"),
    ("missing_language", ('  en: "North Middle Sweden: Challenge Lab and Seed Fund"\n', ""), "en"),
    ("unknown_key", ('lab: "yes"', 'lab: "no"'), "challenge"),
    ("boolean", ('lab: "yes"', "lab: yes"), "yes"),
]


@pytest.mark.parametrize(
    ("code", "edit", "names"),
    FAULTS,
    ids=[f"{code}-{edit[1].strip()[:24]}" for code, edit, _ in FAULTS],
)
def test_a_fault_is_named_with_its_line_and_what_is_allowed(tmp_path, code, edit, names):
    path = changed(tmp_path, edit)
    loaded = read_call(path)
    assert loaded.plan is None
    found = [finding for finding in loaded.findings if finding.code == code]
    assert found, [str(finding) for finding in loaded.findings]
    assert all(finding.file == str(path) and 1 <= finding.line <= 200 for finding in found)
    assert any(names in finding.message for finding in found), [finding.message for finding in found]


def test_a_finding_stands_on_the_line_of_the_wrong_word(tmp_path):
    path = changed(tmp_path, ("  lab_seats:", "  lab_seat:"))
    (finding,) = read_call(path).findings
    assert finding.line == line_of(path, "lab_seat:")
    assert "lab_seats" in finding.message.split("Known are: ")[1].split(",")[0], (
        "the nearest word comes first"
    )


def test_a_second_stage_needs_a_scheme_that_knows_stages(tmp_path):
    text = (CALLS / "internationalisation-aid.yaml").read_text()
    loaded = read_call(changed(tmp_path, ('lab: "no"', 'lab: "yes"'), text=text))
    assert {"not_honoured", "missing_key"} <= {finding.code for finding in loaded.findings}


def test_a_stage_cannot_ask_for_itself(tmp_path):
    path = changed(
        tmp_path, ("    form: seed_project", "    gate:\n      completed_stage: 1\n    form: seed_project")
    )
    assert [finding.code for finding in read_call(path).findings] == ["unknown_stage"]


def test_forms_beside_the_call_come_before_the_shipped(tmp_path):
    own = tmp_path / "forms" / "seed_project"
    own.mkdir(parents=True)
    (own / "v1.yaml").write_text("form: seed_project\nversion: 1\nlanguage: en\ntitle:\n  en: Ours\n")
    loaded = read_call(changed(tmp_path))
    assert {(finding.code, finding.file) for finding in loaded.findings} == {
        ("missing_key", str(own / "v1.yaml"))
    }


def test_a_scheme_says_which_dates_a_call_needs():
    challenge = known_schemes()["challenge_driven", 1]
    assert needed_dates(challenge, has_lab=True, stage=1) == (
        "registration_closes",
        "fund_opens",
        "submission_deadline",
    )
    assert needed_dates(challenge, has_lab=False, stage=1) == ("fund_opens", "submission_deadline")
    assert needed_dates(challenge, has_lab=False, stage=2) == ("fund_opens", "submission_deadline")
    assert knows_labs(challenge)
    assert knows_stages(challenge)


LINES = GOOD.splitlines()
JUNK = [
    "- x",
    "a: b",
    "\t",
    "key:",
    "? x",
    "&a b",
    "*a",
    "!!python/object:os.system x",
    "{a: 1}",
    "[1",
    "yes: no",
    "\x00",
    "—",
    "'",
]


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cut=st.integers(0, len(LINES) - 1),
    kind=st.sampled_from(["drop", "double", "indent", "dedent", "swap", "value"]),
    junk=st.sampled_from(JUNK),
)
def test_a_mangled_file_gives_findings_and_never_a_traceback(tmp_path, cut, kind, junk):
    lines = list(LINES)
    line = lines[cut]
    if kind == "drop":
        del lines[cut]
    elif kind == "double":
        lines.insert(cut, line)
    elif kind == "indent":
        lines[cut] = f"  {line}"
    elif kind == "dedent":
        lines[cut] = line.removeprefix("  ")
    elif kind == "swap":
        lines[cut] = junk
    else:
        lines[cut] = f"{line.split(':')[0]}: {junk}"
    loaded = read_call(changed(tmp_path, text="\n".join(lines)))
    assert (loaded.plan is None) == any(finding.severity == "error" for finding in loaded.findings)
    for finding in loaded.findings:
        assert finding.line >= 1
        assert finding.message


def test_a_further_round_has_no_lab_of_its_own(tmp_path):
    path = changed(tmp_path, ('lab: "yes"\n', 'lab: "yes"\ncontinues: an-earlier-call\n'))
    loaded = read_call(path)
    (finding,) = loaded.findings
    assert (finding.code, finding.line) == ("unknown_key", line_of(path, "continues:"))
