"""What comes on paper: an officer enters it, and its true arrival says whether it is in time (P6)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from grantflow.domain.refusal import Refused
from grantflow.services import applications, cases
from grantflow.services.invariants import INVARIANTS
from grantflow.store.applications.models import Application, Submission
from tests import cast
from tests.factories.fund import Fund, answers

HOUR = timedelta(hours=1)


def enter(fund: Fund, officer: cast.Person = cast.YUSUF) -> UUID:
    """Let an officer enter all that a paper of Leif's organisation says."""
    assert cast.LEIF.organisation is not None
    with fund.tx(officer) as tx:
        made = applications.start_application(
            tx, fund.call_id, fund.organisations[cast.LEIF.organisation], on_paper=True
        )
        applications.save_answers(tx, made.case_id, answers("By post", 40_000, 70_000))
    return made.case_id


def receive(fund: Fund, application_id: UUID, arrived_at: datetime) -> None:
    with fund.tx(cast.YUSUF) as tx:
        applications.receive_paper(tx, application_id, arrived_at)


def state_and_sending(fund: Fund, application_id: UUID) -> tuple[str, Any]:
    with fund.reading() as tx:
        state = cases.choices(tx, [application_id])[application_id].state
        return state, tx.execute(
            select(Submission.at, Submission.arrived_at, Submission.late, Application.arrived_at)
            .join(Application, Application.id == Submission.application_id)
            .where(Submission.application_id == application_id)
        ).one()


def refused_codes(call: Any, *given: Any) -> list[str]:
    with pytest.raises(Refused) as refused:
        call(*given)
    return [each.code for each in refused.value.refusals]


def violations(fund: Fund) -> list[str]:
    with fund.reading() as tx:
        return [said for invariant in INVARIANTS for said in invariant(tx)]


def test_what_is_entered_before_the_deadline_waits_for_it_like_any_other(fund: Fund) -> None:
    each, arrived = enter(fund), fund.now - HOUR
    receive(fund, each, arrived)
    state, sent = state_and_sending(fund, each)
    assert state == "submitted"
    assert tuple(sent) == (fund.now, arrived, 0, arrived)
    fund.until(fund.plan.date("submission_deadline"))
    assert state_and_sending(fund, each)[0] == "received"
    assert violations(fund) == []


@pytest.mark.parametrize(
    ("before_deadline", "reached", "late"),
    [(HOUR, "received", 0), (timedelta(), "late", 1), (-HOUR, "late", 1)],
)
def test_after_the_deadline_its_true_arrival_counts(
    fund: Fund, before_deadline: timedelta, reached: str, late: int
) -> None:
    deadline = fund.plan.date("submission_deadline")
    fund.until(deadline + 3 * HOUR)
    each = enter(fund)
    receive(fund, each, deadline - before_deadline)
    state, sent = state_and_sending(fund, each)
    assert (state, sent[2]) == (reached, late)
    assert sent[0] == fund.now
    assert violations(fund) == []


def test_in_time_by_its_paper_is_not_in_time_by_a_false_note(fund: Fund) -> None:
    deadline = fund.plan.date("submission_deadline")
    fund.until(deadline + 3 * HOUR)
    each = enter(fund)
    receive(fund, each, deadline - HOUR)
    with fund.tx() as tx:
        tx.execute(Submission.__table__.update().values(arrived_at=deadline + HOUR))  # type: ignore[attr-defined]
    assert any("counts as in time" in said for said in violations(fund))


def test_the_arrival_is_asked_for_and_lies_in_the_past(fund: Fund) -> None:
    each = enter(fund)
    assert refused_codes(receive, fund, each, fund.now + HOUR) == ["arrives_in_future"]
    assert refused_codes(fund.step, cast.YUSUF, each, "receive_paper") == ["missing_field"]
    with pytest.raises(Refused, match="distance from UTC"):
        receive(fund, each, fund.now.replace(tzinfo=None))
    receive(fund, each, fund.now)


def test_nobody_else_enters_or_changes_it_and_nothing_else_begins_after_the_deadline(fund: Fund) -> None:
    assert refused_codes(enter, fund, cast.LEIF) == ["wrong_role"]
    each = enter(fund)
    assert refused_codes(fund.fill, cast.LEIF, each, {"title": "Better"}) == ["not_editable"]
    with pytest.raises(Refused):
        fund.step(cast.LEIF, each, "receive_paper", arrived=fund.now)
    own = fund.start(cast.LEIF)
    with pytest.raises(Refused):
        fund.step(cast.YUSUF, own, "receive_paper", arrived=fund.now)
    fund.until(fund.plan.date("submission_deadline") + HOUR)
    assert refused_codes(fund.start, cast.LEIF) == ["too_late_to_begin"]


def test_what_cannot_be_received_is_sent_back_with_a_reason(fund: Fund) -> None:
    each = enter(fund)
    fund.step(cast.YUSUF, each, "return_paper", reason="Entered twice.")
    with fund.reading() as tx:
        assert cases.choices(tx, [each])[each].state == "unsent"
