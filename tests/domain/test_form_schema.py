"""The JSON Schema of a form takes what can be sent, and nothing else that it can know of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from grantflow.domain.calls.fields import LARGEST, faults, is_empty
from grantflow.domain.calls.form_schema import form_schema
from grantflow.domain.calls.forms import Form, Section
from tests.domain.test_forms import FORM, GOOD, field, partner

SCHEMA = form_schema(FORM, "en")
FIELDS = {each.name: each for each in FORM.fields()}
PARTNERS = [partner("A"), partner("B", role="", contact="x"), partner(" "), {"name": "C"}]
TEXTS = st.one_of(st.text(max_size=12), st.sampled_from(["small", "2026-03-02", "2026-13-02", "x" * 4001]))
LINE = st.fixed_dictionaries(
    {"category": st.sampled_from(["staff", "travel", "gold"]), "amount": st.integers(-1, 2 * LARGEST)},
    optional={"about": st.sampled_from(["", "x" * 200, "x" * 201, 7]), "more": st.just(1)},
)
ANSWERS = st.one_of(
    TEXTS,
    st.booleans(),
    st.integers(-10, 6000) | st.sampled_from([LARGEST, LARGEST + 1, -LARGEST - 1]),
    st.lists(st.integers(-1, 4) | st.sampled_from(["a", "b", LARGEST]), max_size=4),
    st.lists(LINE, max_size=3),
    st.lists(st.sampled_from(PARTNERS), max_size=4),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)


def takes(schema: Mapping[str, Any], answer: Any) -> bool:
    return bool(Draft202012Validator(schema).is_valid(answer))


def test_it_is_a_schema_and_takes_a_good_form() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert takes(SCHEMA, GOOD)
    assert FORM.faults(GOOD) == ()


@given(name=st.sampled_from(sorted(FIELDS)), answer=ANSWERS)
def test_a_field_takes_in_the_schema_what_it_takes_when_it_is_sent(name: str, answer: Any) -> None:
    if is_empty(answer) and not FIELDS[name].required:
        return  # left empty is as good as left out, which the schema says by itself
    sendable = faults(FIELDS[name], answer) == ()
    in_schema = takes(SCHEMA["properties"][name], answer)
    if in_schema and not sendable and FIELDS[name].kind == "budget":
        assert sum(line["amount"] for line in answer) < 1000  # the one bound that a schema cannot say
        return
    if sendable and not in_schema and FIELDS[name].kind == "date":
        return  # Python also reads dates without hyphens; the schema asks for the one form that all know
    assert in_schema == sendable


@pytest.mark.parametrize("name", [name for name, each in FIELDS.items() if each.required])
def test_what_is_required_is_required(name: str) -> None:
    without = {key: value for key, value in GOOD.items() if key != name}
    assert not takes(SCHEMA, without)


def test_nothing_is_taken_beside_its_fields() -> None:
    assert not takes(SCHEMA, {**GOOD, "colour": "green"})


def test_optional_lists_may_be_empty_or_long_enough() -> None:
    two = [partner("A"), partner("B")]
    for answer, taken in (([], True), (two[:1], False), (two, True), (two * 2, False)):
        assert takes(SCHEMA["properties"]["partners"], answer) is taken
        assert (faults(FIELDS["partners"], answer) == ()) is taken


def test_it_says_the_words_of_the_form_in_the_language_asked_for() -> None:
    sections = (
        Section(
            "idea",
            {"en": "Idea", "sv": "Idé"},
            {},
            False,
            (field("size", "choice", choices={"a": {"en": "A", "sv": "Å"}}),),
        ),
    )
    made = form_schema(Form("seed", 2, "en", {"en": "Seed", "sv": "Sådd"}, sections), "sv")

    assert made["title"] == "Sådd"
    assert made["x-sections"] == [{"name": "idea", "title": "Idé", "help": "", "fields": ["size"]}]
    assert made["properties"]["size"]["x-labels"] == {"a": "Å"}
