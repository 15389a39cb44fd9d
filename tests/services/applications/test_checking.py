"""The eligibility check: whose it is, what it asks, and what a request for completion opens."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from grantflow.domain.refusal import Refused
from grantflow.services import applications
from grantflow.store.applications.models import EligibilityCheck
from tests import cast
from tests.factories.fund import Fund


@pytest.fixture
def received(fund: Fund) -> UUID:
    each = fund.apply(cast.LEIF, "Night heat", 40_000, 70_000)
    fund.until(fund.plan.date("submission_deadline"))
    assert fund.state(each) == "received"
    return each


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [refusal.code for refusal in refused.value.refusals]


def test_the_checklist_is_answered_item_by_item_and_says_by_whom(fund: Fund, received: UUID) -> None:
    with fund.tx(cast.YUSUF) as tx:
        first = applications.answer_checklist(tx, received, {"region": "no"}, {"region": "Works in Oslo."})
    assert (first.unmet, "applicant" in first.open) == (("region",), True)
    with fund.tx(cast.ANNELI) as tx:
        applications.answer_checklist(tx, received, {"region": "yes"})
    with fund.reading() as tx:
        row = tx.execute(
            select(EligibilityCheck.answer, EligibilityCheck.note, EligibilityCheck.answered_by)
        ).one()
    assert tuple(row) == ("yes", None, fund.people[cast.ANNELI.name])


def test_nobody_else_answers_it_and_nothing_unknown_is_answered(fund: Fund, received: UUID) -> None:
    for person, expected in ((cast.LEIF, ["wrong_role"]), (cast.PER_OLOF, ["wrong_role"])):
        with pytest.raises(Refused) as refused, fund.tx(person) as tx:
            applications.answer_checklist(tx, received, {"region": "yes"})
        assert codes(refused) == expected
    with pytest.raises(Refused) as refused, fund.tx(cast.YUSUF) as tx:
        applications.answer_checklist(tx, received, {"region": "perhaps", "weather": "yes"})
    assert codes(refused) == ["unknown_item", "bad_answer"]


def test_an_officer_in_conflict_neither_checks_nor_passes(fund: Fund, received: UUID) -> None:
    fund.check(cast.YUSUF, received)
    with fund.tx(cast.ANNELI) as tx:
        applications.record_conflict(
            tx, received, fund.people[cast.YUSUF.name], "hard", "His brother works there."
        )
    with pytest.raises(Refused) as refused:
        fund.step(cast.YUSUF, received, "pass")
    assert codes(refused) == ["in_conflict"]
    with pytest.raises(Refused) as refused:
        fund.check(cast.YUSUF, received)
    assert codes(refused) == ["in_conflict"]
    fund.step(cast.ANNELI, received, "pass")
    assert fund.state(received) == "eligible"


def test_silence_on_a_request_for_completion_decides_nothing_and_closes_the_sections(
    fund: Fund, received: UUID
) -> None:
    with fund.tx(cast.YUSUF) as tx:
        applications.ask_completion(tx, received, ["budget", "organisation"], "Who leads the project?")
    fund.fill(cast.LEIF, received, {"contact": "Leif, 070-174 06 06"})
    fund.days(30)
    assert fund.state(received) == "received"
    with fund.tx(cast.YUSUF) as tx:
        applications.ask_completion(tx, received, ["organisation"], "Once more.")
    with pytest.raises(Refused) as refused:
        fund.fill(cast.LEIF, received, {"own_share": "A section of the first request."})
    assert codes(refused) == ["section_closed"]
    assert fund.state(received) == "completion"


def test_a_possible_conflict_is_settled_by_somebody_else_with_a_reason(fund: Fund, received: UUID) -> None:
    yusuf = fund.people[cast.YUSUF.name]
    with fund.tx(cast.ANNELI) as tx:
        applications.record_conflict(tx, received, yusuf, "soft", "They were at school together.")
    with pytest.raises(Refused) as refused, fund.tx(cast.YUSUF) as tx:
        applications.settle_conflict(tx, received, yusuf, "It was long ago.")
    assert codes(refused) == ["own_conflict"]
    with fund.tx(cast.KARIN) as tx:
        applications.settle_conflict(tx, received, yusuf, "Thirty years ago, for one term.")
    with pytest.raises(Refused) as refused, fund.tx(cast.KARIN) as tx:
        applications.settle_conflict(tx, received, yusuf, "Again.")
    assert codes(refused) == ["no_soft_conflict"]


def test_outsiders_record_no_conflicts(fund: Fund, received: UUID) -> None:
    with pytest.raises(Refused) as refused, fund.tx(cast.LEIF) as tx:
        applications.record_conflict(tx, received, fund.people[cast.YUSUF.name], "hard", "I dislike him.")
    assert codes(refused) == ["not_inside"]


def test_the_party_that_does_not_answer_has_been_heard_all_the_same(fund: Fund, received: UUID) -> None:
    fund.check(cast.YUSUF, received)
    fund.step(cast.YUSUF, received, "eligibility_hear", doubts="Is the boiler ordered?")
    fund.until(fund.now + timedelta(days=15))
    assert fund.state(received) == "eligibility_heard"
    with pytest.raises(Refused) as refused:
        fund.step(cast.SOFIA, received, "find_ineligible", reason="It was ordered.")
    assert codes(refused) == ["no_item_unmet"]
    fund.step(cast.YUSUF, received, "eligibility_drop_doubts", reason="It was not ordered.")
    assert fund.state(received) == "received"
