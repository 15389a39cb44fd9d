"""How a published call changes: corrected, moved, halted, resumed, given more money, cancelled (process rule P16)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from grantflow.domain.refusal import Refused
from grantflow.services.applications.starting import start_application
from grantflow.services.calls.changing import (
    cancel_call,
    change_envelope,
    correct_call,
    move_deadline,
    resume_call,
    suspend_call,
)
from grantflow.services.programmes.meetings import carry_out
from grantflow.store.calls.ledger import LedgerEntry
from grantflow.store.calls.models import Call, CallDate, FunderWindow, Milestone
from grantflow.store.cases import CaseRow
from grantflow.store.timers import TimerRow
from tests import cast
from tests.factories.story import Story, without_lab


@pytest.fixture
def open_call(story: Story) -> Story:
    """A call without a lab on the day on which its fund opened."""
    story.plan = without_lab(story.plan)
    story.set_up().load().announce()
    story.until(story.plan.date("fund_opens"))
    assert story.state() == "fund_open"
    return story


def codes(told: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [refusal.code for refusal in told.value.refusals]


def dates(story: Story) -> dict[str, str]:
    with story.reading() as tx:
        return {row.name: row.local for row in tx.execute(select(CallDate.name, CallDate.local))}


def due(story: Story, anchor: str) -> datetime | None:
    with story.reading() as tx:
        found = select(func.min(TimerRow.due_at)).where(
            TimerRow.case_id == story.call_id, TimerRow.anchor == anchor
        )
        return tx.execute(found).scalar()


def milestones(story: Story) -> list[tuple[str, object, object, str | None]]:
    with story.reading() as tx:
        found = select(Milestone).order_by(Milestone.at, Milestone.kind)
        return [(one.kind, one.before, one.after, one.reason) for one in tx.session.scalars(found)]


def test_a_deadline_moves_later_with_all_that_hangs_on_it(open_call: Story):
    story = open_call
    with story.tx(cast.KARIN) as tx:
        move_deadline(tx, story.call_id, date(2018, 12, 20), "The form was down on Monday.")
    assert dates(story)["submission_deadline"] == "2018-12-20 14:00"
    assert due(story, "submission_deadline") == story.local("2018-12-20 14:00")
    assert milestones(story) == [
        (
            "deadline",
            {"submission_deadline": "2018-12-12 14:00"},
            {"submission_deadline": "2018-12-20 14:00"},
            "The form was down on Monday.",
        )
    ]
    assert "deadline_moved" in story.messages()
    story.until(story.local("2018-12-20 13:59"))
    assert story.state() == "fund_open"
    story.until(story.local("2018-12-20 14:00"))
    assert story.state() == "checking"


def test_whoever_has_begun_is_told_and_reminded_before_the_new_deadline(open_call: Story):
    story = open_call
    with story.tx(cast.LEIF) as tx:
        draft = start_application(
            tx, story.call_id, story.organisations[cast.MILL.name], title="Night heat"
        ).case_id
    story.until(story.local("2018-12-06 09:00"))
    assert story.messages().count("deadline_near") == 1
    with story.tx(cast.KARIN) as tx:
        move_deadline(tx, story.call_id, date(2018, 12, 20), "The form was down on Monday.")
    with story.reading() as tx:
        timers = (
            select(TimerRow.due_at, TimerRow.seq).where(TimerRow.case_id == draft).order_by(TimerRow.due_at)
        )
        rows = [tuple(row) for row in tx.execute(timers)]
        seq = tx.execute(select(CaseRow.seq).where(CaseRow.id == draft)).scalar_one()
    assert rows == [(story.local("2018-12-13 14:00"), seq), (story.local("2018-12-19 14:00"), seq)]
    assert "call_changed" in story.messages()
    story.until(story.local("2018-12-20 14:00"))
    assert story.messages().count("deadline_near") == 3
    assert story.state(draft) == "not_submitted"


def test_a_deadline_never_moves_earlier(open_call: Story):
    story = open_call
    for day in (date(2018, 12, 11), date(2018, 12, 12)):
        with pytest.raises(Refused) as told, story.tx(cast.KARIN) as tx:
            move_deadline(tx, story.call_id, day, "We are in a hurry.")
        assert codes(told) == ["deadline_not_later"]
    assert dates(story)["submission_deadline"] == "2018-12-12 14:00"


def test_dates_that_would_fall_behind_a_moved_one_move_on_by_as_much(open_call: Story):
    story = open_call
    with story.tx(cast.KARIN) as tx:
        move_deadline(tx, story.call_id, date(2019, 2, 12), "A flood.")
    assert dates(story)["decision_expected"] == "2019-04-10 12:00"


def test_registration_for_the_lab_can_stay_open_longer(story: Story):
    story.set_up().load().announce()
    with story.tx(cast.KARIN) as tx:
        move_deadline(tx, story.call_id, date(2018, 5, 23), "Too few from Värmland.")
    story.until(story.local("2018-05-23 13:00"))
    assert story.state() == "challenge_open"
    story.until(story.local("2018-05-23 14:00"))
    assert story.state() == "lab"
    with pytest.raises(Refused) as told, story.tx(cast.KARIN) as tx:
        move_deadline(tx, story.call_id, date(2018, 6, 23), "Once more.")
    assert codes(told) == ["not_from_here"]


def test_a_correction_shows_old_and_new_side_by_side(open_call: Story):
    story = open_call
    old = story.plan.summary
    new = {**old, "en": "Shorter."}
    with story.tx(cast.KARIN) as tx:
        correct_call(tx, story.call_id, "The summary named the wrong rate.", "A slip.", summary=new)
    (kind, before, after, reason) = milestones(story)[-1]
    assert (kind, before, reason) == ("correction", {"summary": dict(old)}, "A slip.")
    assert after == {"what": "The summary named the wrong rate.", "summary": new}
    with story.reading() as tx:
        assert tx.session.get_one(Call, story.call_id).summary == new
    with pytest.raises(Refused) as told, story.tx(cast.YUSUF) as tx:
        correct_call(tx, story.call_id, "Mine.", "Mine.")
    assert codes(told) == ["wrong_role"]


def test_a_halted_call_stands_still_and_resumes_where_it_was(open_call: Story):
    story = open_call
    with story.tx(cast.KARIN) as tx:
        suspend_call(tx, story.call_id, "A complaint about the form.")
    assert story.state() == "suspended"
    assert due(story, "submission_deadline") is None
    story.until(story.local("2018-12-10 09:00"))
    with story.tx(cast.KARIN) as tx:
        resume_call(tx, story.call_id, "The complaint was withdrawn.")
    assert (story.state(), dates(story)["submission_deadline"]) == ("fund_open", "2018-12-12 14:00")
    assert due(story, "submission_deadline") == story.local("2018-12-12 14:00")
    assert [one[0] for one in milestones(story)] == ["suspension", "resumption"]


def test_a_deadline_that_passed_during_the_halt_is_set_anew(open_call: Story):
    story = open_call
    with story.tx(cast.KARIN) as tx:
        suspend_call(tx, story.call_id, "A complaint about the form.")
    story.until(story.local("2018-12-17 09:00"))
    with pytest.raises(Refused) as told, story.tx(cast.KARIN) as tx:
        resume_call(tx, story.call_id, "Go on.")
    assert codes(told) == ["deadline_passed_meanwhile"]
    with pytest.raises(Refused) as told, story.tx(cast.KARIN) as tx:
        resume_call(tx, story.call_id, "Go on.", new_deadline=date(2018, 12, 14))
    assert codes(told) == ["deadline_past"]
    with story.tx(cast.KARIN) as tx:
        resume_call(tx, story.call_id, "Go on.", new_deadline=date(2018, 12, 27))
    assert story.state() == "fund_open"
    story.until(story.local("2018-12-27 14:00"))
    assert story.state() == "checking"


def test_the_body_gives_a_window_more_money(open_call: Story):
    story = open_call
    with pytest.raises(Refused) as told, story.tx(cast.MONA) as tx:
        change_envelope(tx, story.call_id, "seed_fund", 400_000_00, "More came in.")
    assert codes(told) == ["not_on_agenda"]
    item = story.meet(story.call_id, "change_envelope")
    more = {"window": "seed_fund", "new_envelope": 400_000_00, "reason": "More came in."}
    with pytest.raises(Refused) as told, story.tx(cast.MONA) as tx:
        carry_out(tx, item, {**more, "window": "seedfund"})
    assert codes(told) == ["unknown_window"]
    with story.tx(cast.MONA) as tx:
        carry_out(tx, item, more)
    with story.reading() as tx:
        window = tx.session.scalars(select(FunderWindow)).one()
        entries = tx.session.scalars(select(LedgerEntry.envelope).order_by(LedgerEntry.at)).all()
    assert (window.envelope, list(entries)) == (400_000_00, [300_000_00, 100_000_00])
    assert milestones(story)[-1][:3] == ("envelope", {"seed_fund": 300_000_00}, {"seed_fund": 400_000_00})
    with pytest.raises(Refused) as told, story.tx(cast.MONA) as tx:
        carry_out(tx, item, {**more, "new_envelope": 500_000_00})
    assert codes(told) == ["not_on_agenda"], "an item carries one step and no second one"


def test_the_body_cancels_a_call_and_nobody_is_refused(story: Story):
    story.set_up().load().announce()
    story.fill_lab()
    story.until(story.plan.date("registration_closes"))
    brought = story.contribute()
    with pytest.raises(Refused) as told, story.tx(cast.KARIN) as tx:
        cancel_call(tx, story.call_id, "No money.")
    assert "wrong_role" in codes(told)
    item = story.meet(story.call_id, "cancel", sign=False)
    with pytest.raises(Refused) as told, story.tx(cast.MONA) as tx:
        carry_out(tx, item, {"reason": "The Commission withdrew."})
    assert codes(told) == ["chair_has_not_signed", "adjuster_has_not_signed"]
    other = story.meet(story.call_id, "cancel")
    with story.tx(cast.LARS) as tx:
        carry_out(tx, other, {"reason": "The Commission withdrew."})
    assert story.state() == "cancelled"
    assert {story.state(each) for each in (*brought, *story.places.values())} == {"called_off"}
    assert milestones(story)[-1][0] == "cancellation"
    assert "call_cancelled" in story.messages()


def test_a_call_is_published_only_while_its_dates_are_to_come(story: Story):
    story.set_up().load()
    story.now = story.plan.date("fund_opens") + timedelta(days=1)
    with pytest.raises(Refused) as told:
        story.announce()
    assert set(codes(told)) == {"date_past"}
    assert len(told.value.refusals) == 2
