"""What keeps answers from being saved or sent."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grantflow.domain.calls.forms import CheckItem, Field, Form, Section, parse_form
from grantflow.domain.calls.rubrics import Anchor, Criterion, Rubric, parse_rubric

EN = {"en": "Words"}


def field(name: str, kind: str, *, required=True, limit=None, least=None, most=None, choices=None) -> Field:
    return Field(name, kind, {"en": name}, {}, required, False, limit, least, most, choices or {})  # type: ignore[arg-type]


FORM = Form(
    "seed",
    1,
    "en",
    EN,
    (
        Section(
            "idea",
            EN,
            {},
            False,
            (
                field("title", "short_text", limit=10),
                field("idea", "long_text"),
                field("actions", "actions", least=1, most=2),
            ),
        ),
        Section(
            "money",
            EN,
            {},
            True,
            (
                field("costs", "budget", choices={"staff": EN, "travel": EN}, least=1000),
                field("asked", "money", least=500, most=5000),
                field("months", "number", least=1, most=9),
                field("size", "choice", choices={"small": EN, "large": EN}),
                field("begun", "yes_no"),
                field("starts", "date"),
                field("host", "organisation", required=False),
                field("partners", "partners", required=False, least=2, most=3),
                field("annex", "file", required=False, least=1, most=2),
                field("truth", "declaration"),
            ),
        ),
    ),
    (CheckItem("region", EN),),
)
GOOD = {
    "title": "Heat",
    "idea": "Sell it.",
    "actions": [1],
    "costs": [{"category": "staff", "amount": 900}, {"category": "travel", "amount": 100}],
    "asked": 600,
    "months": 9,
    "size": "small",
    "begun": False,
    "starts": "2026-03-02",
    "truth": True,
}


def partner(name: str, **more) -> dict[str, object]:
    return {
        "name": name,
        "number": "",
        "country": "SE",
        "role": "Lends the yard.",
        "contact": "",
        "confirmed": False,
        **more,
    }


def told(answers, **more) -> list[tuple[str | None, str]]:
    return [(fault.where, fault.code) for fault in FORM.faults(answers, **more)]


def test_good_answers_have_no_fault():
    assert told(GOOD) == []
    assert FORM.misfits(GOOD) == ()


def test_every_gap_is_told_at_once_beside_its_field():
    assert told({}) == [(one.name, "field_missing") for one in FORM.fields() if one.required]
    assert told({}, sections={"idea"}) == [(name, "field_missing") for name in ("title", "idea", "actions")]
    assert FORM.misfits({}) == ()


@pytest.mark.parametrize(
    ("name", "answer", "code"),
    [
        ("title", "  ", "field_missing"),
        ("title", "Eleven char", "field_too_long"),
        ("title", 7, "field_wrong"),
        ("idea", "x" * 4001, "field_too_long"),
        ("actions", [], "field_missing"),
        ("actions", [1, 1], "field_wrong"),
        ("actions", [1, 2, 3], "field_too_large"),
        ("actions", [True], "field_wrong"),
        ("actions", ["1"], "field_wrong"),
        ("costs", [{"category": "boat", "amount": 1000}], "field_wrong"),
        ("costs", [{"category": "staff", "amount": 999}], "field_too_small"),
        (
            "costs",
            [{"category": "staff", "amount": 2000}, {"category": "travel", "amount": -1}],
            "field_too_small",
        ),
        ("costs", [{"category": "staff"}], "field_wrong"),
        ("costs", "much", "field_wrong"),
        ("asked", 499, "field_too_small"),
        ("asked", 5001, "field_too_large"),
        ("asked", 600.5, "field_wrong"),
        ("asked", True, "field_wrong"),
        ("months", 0, "field_too_small"),
        ("size", "huge", "field_wrong"),
        ("begun", "no", "field_wrong"),
        ("starts", "2 March", "field_wrong"),
        ("starts", 20260302, "field_wrong"),
        ("host", 7, "field_wrong"),
        ("costs", [{"category": "staff", "amount": 1000, "about": 7}], "field_wrong"),
        ("costs", [{"category": "staff", "amount": 1000, "whose": ""}], "field_wrong"),
        ("asked", 10**16, "field_wrong"),
        ("host", "x" * 4001, "field_too_long"),
        ("partners", [partner("Pell AB")], "field_too_small"),
        ("partners", [partner(f"Firm {number}") for number in range(4)], "field_too_large"),
        ("partners", [partner("Pell AB"), partner("")], "partner_unfinished"),
        ("partners", [partner("Pell AB"), partner("Wall AB", role=" ")], "partner_unfinished"),
        ("partners", [{"name": "Pell AB"}], "field_wrong"),
        ("partners", [partner("Pell AB"), {**partner("Wall AB"), "confirmed": "yes"}], "field_wrong"),
        ("partners", [partner("x" * 201), partner("Wall AB")], "field_wrong"),
        ("annex", ["a", "b", "c"], "field_too_large"),
        ("annex", ["a", "a"], "field_wrong"),
        ("annex", [7], "field_wrong"),
        ("annex", "a", "field_wrong"),
        ("truth", False, "declaration_missing"),
        ("truth", None, "field_missing"),
    ],
)
def test_a_wrong_answer_is_told_once(name, answer, code):
    assert told({**GOOD, name: answer}) == [(name, code)]


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("title", "Eleven char"),
        ("idea", "x" * 4001),
        ("actions", [1, 2, 3]),
        ("costs", [{"category": "staff", "amount": 1, "about": "The first euro"}]),
        ("asked", 1),
        ("months", 40),
        ("partners", [partner(""), partner("")]),
        ("annex", ["a", "b", "c"]),
    ],
)
def test_what_is_unfinished_or_beyond_a_limit_can_be_kept_but_not_sent(name, answer):
    assert FORM.misfits({name: answer}) == ()
    assert [where for where, _ in told({**GOOD, name: answer})] == [name]


def test_what_no_answer_can_be_is_not_even_kept():
    for name, answer in (
        ("idea", "x" * 50_001),
        ("asked", -1),
        ("costs", [{"category": "staff", "amount": -1}]),
    ):
        assert [fault.where for fault in FORM.misfits({name: answer})] == [name]


def test_what_is_saved_may_have_gaps_but_no_strangers():
    assert [fault.code for fault in FORM.misfits({"title": "", "colour": "red"})] == ["unknown_field"]
    assert FORM.misfits({"truth": False}) == ()


texts = st.text("ab% ", max_size=8)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)


@given(answers=st.dictionaries(st.sampled_from([one.name for one in FORM.fields()]), anything))
def test_no_answer_whatever_makes_it_stumble(answers):
    misfits, faults = FORM.misfits(answers), FORM.faults(answers)
    for fault in (*misfits, *faults):
        assert "%" not in fault.sentence
    assert set(misfits) <= set(faults), "what cannot be saved cannot be sent"


def test_a_form_survives_its_publication():
    published = parse_form(json.dumps(FORM.as_json(), sort_keys=True))
    assert published == FORM
    assert list(published.field("size").choices) == ["small", "large"], "choices keep their order"
    assert FORM.may_be_completed == {"money"}


def test_a_rubric_survives_its_publication():
    criteria = (Criterion("potential", EN, {}, 60, 2, False), Criterion("actors", EN, {}, 40, None))
    rubric = Rubric("seed", 2, "en", EN, 0, 5, (Anchor(0, EN),), criteria, 60, ("potential",))
    assert parse_rubric(json.dumps(rubric.as_json())) == rubric
    assert rubric.criterion("actors").weight == 40
