"""What an application's columns take from its answers, and what is sealed when it is sent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from grantflow.domain.applications.answers import changed_outside, essence, listed, sealed
from grantflow.domain.applications.checking import Checklist
from grantflow.domain.applications.sending import SendingTimes, WindowLimits, named_sections
from grantflow.domain.awards.deciding import kind_of
from grantflow.domain.calls.forms import Field, FieldKind, Form, Section


def field(name: str, kind: FieldKind, *, listed: bool = False) -> Field:
    return Field(name, kind, {"en": name}, {}, True, listed, None, None, None, {"staff": {"en": "Staff"}})


FORM = Form(
    "seed",
    1,
    "en",
    {},
    (
        Section(
            "idea",
            {},
            {},
            False,
            (field("title", "short_text", listed=True), field("served", "actions", listed=True)),
        ),
        Section(
            "money",
            {},
            {},
            True,
            (
                field("costs", "budget", listed=True),
                field("more_costs", "budget"),
                field("wanted", "money"),
                field("starts", "date", listed=True),
            ),
        ),
    ),
)
ANSWERS = {
    "title": "Night heat",
    "served": [3, 1],
    "costs": [{"category": "staff", "amount": 50}, {"category": "staff", "amount": 20}],
    "more_costs": [{"category": "staff", "amount": 30}],
    "wanted": 60,
    "starts": "2019-03-04",
}


def test_title_sum_cost_and_actions_come_from_the_kinds_of_fields() -> None:
    core = essence(FORM, ANSWERS)
    assert (core.title, core.asked, core.cost, core.actions) == ("Night heat", 60, 100, (1, 3))
    assert [line.amount for line in core.budget] == [50, 20, 30]


def test_an_empty_form_has_no_cost_rather_than_none_at_all() -> None:
    core = essence(FORM, {})
    assert (core.title, core.asked, core.cost, core.actions, core.budget) == (None, None, None, (), ())


def test_listed_fields_become_texts_numbers_and_days() -> None:
    assert [(each.field, each.text, each.number) for each in listed(FORM, ANSWERS)] == [
        ("title", "Night heat", None),
        ("served", "3, 1", None),
        ("costs", None, 70),
        ("starts", "2019-03-04", None),
    ]


def test_only_reopened_sections_may_change() -> None:
    assert changed_outside(FORM, ANSWERS, {**ANSWERS, "wanted": 61}, ["money"]) == ()
    assert changed_outside(FORM, ANSWERS, {**ANSWERS, "title": "Better"}, ["money"]) == ("title",)


@given(st.dictionaries(st.text(), st.integers() | st.text(), max_size=6))
def test_the_seal_does_not_depend_on_the_order_of_answers(content) -> None:
    backwards = dict(reversed(list(content.items())))
    assert sealed(content) == sealed(backwards)


def test_the_very_moment_of_the_deadline_is_late() -> None:
    deadline = datetime(2018, 12, 12, 13, tzinfo=UTC)
    times = SendingTimes({}, deadline, None, standing_still=False)
    assert times.is_late(deadline)
    assert not times.is_late(deadline - timedelta(microseconds=1))
    assert not SendingTimes({}, None, None, standing_still=False).is_late(deadline)


def test_the_most_that_may_be_asked_is_the_lower_of_maximum_and_share() -> None:
    limits = WindowLimits(50, 100, "SE312", "seed_fund", "EUR", 10, 40, 6_000, ("SE31",))
    assert (limits.most, limits.inside_territory) == (40, True)


def test_sections_are_named_once_each_in_one_line() -> None:
    assert named_sections(" budget, partners budget ") == ("budget", "partners")


def test_a_checklist_knows_what_is_open_and_what_is_not_met() -> None:
    checklist = Checklist({"region": "In the region", "signed": "Signed"}, {"signed": "no"})
    assert (checklist.open, checklist.unmet) == (("region",), ("signed",))


def test_what_is_decided_follows_from_the_meaning_of_states() -> None:
    waiting, late = frozenset({"eligible", "awaiting_decision"}), frozenset({"submitted", "late"})
    assert kind_of(waiting, frozenset({"eligible", "funded"})) == "yes"
    assert kind_of(waiting, frozenset({"refused", "adverse"})) == "no"
    assert kind_of(frozenset({"submitted"}), frozenset({"ineligible", "closed"})) == "ineligible"
    assert kind_of(late, frozenset({"late", "ineligible", "closed"})) == "dismissed"
    assert kind_of(late, frozenset({"submitted"})) == "admitted"
