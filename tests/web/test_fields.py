"""Fields of forms: from what was typed to a value, and back onto the page."""

from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from grantflow.domain.money import Money
from grantflow.domain.refusal import Refusal
from grantflow.web.fields import Field, Kind, errors_of, typed
from grantflow.web.words import said
from tests.web.conftest import Site


@pytest.fixture
def in_english(site: Site) -> Iterator[None]:
    with site.app.test_request_context("/", headers={"Accept-Language": "en"}):
        yield


@pytest.mark.parametrize(
    ("kind", "sent", "value"),
    [
        ("text", {"x": " two  words "}, "two  words"),
        ("text", {}, None),
        ("long_text", {"x": "one\r\ntwo"}, "one\ntwo"),
        ("money", {"x": "30 000,50"}, 3_000_050),
        ("money", {"x": "2 3OO"}, "2 3OO"),
        ("number", {"x": "1 200"}, 1200),
        ("number", {"x": "many"}, "many"),
        ("date", {"x": "31.3.2027"}, "2027-03-31"),
        ("date", {"x": "soon"}, "soon"),
        ("many", {"x": ["2", "b"]}, [2, "b"]),
        ("many", {}, None),
        ("yes_no", {"x": "no"}, False),
        ("yes_no", {"x": "perhaps"}, None),
        ("declaration", {"x": "yes"}, True),
        ("declaration", {}, False),
        ("budget", {"x.staff": "100", "x.travel": "", "y": "7"}, [{"category": "staff", "amount": 10_000}]),
    ],
)
def test_what_is_typed_becomes_a_value_or_stays_as_it_was_typed(
    in_english: None, kind: Kind, sent: dict[str, Any], value: object
):
    assert typed(Field("x", kind, "A field"), MultiDict(sent), "sv") == value


def test_a_refusal_says_its_values_as_the_language_writes_them(in_english: None):
    refusal = Refusal(
        "too_much",
        "%(sum)s is more than %(names)s have.",
        {"sum": Money(123_456_700, "SEK"), "names": ["A", "B"]},
    )
    assert said(refusal) == "SEK\u00a01\u202f234\u202f567 is more than A and B have."


def test_all_reasons_of_a_field_stand_beside_it(in_english: None):
    problems = [Refusal("a", "One.", where="x"), Refusal("b", "Two.", where="x"), Refusal("c", "Elsewhere.")]
    assert errors_of(problems) == {"x": "One. Two."}
