"""Timers: set on entering a state, fired once each, dropped when the record has moved on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import update

from grantflow.services import cases
from grantflow.services.timers import dates_changed, due_calls, fire_due, next_due_at
from grantflow.store.calls.models import CallDate
from grantflow.store.statements import moment
from tests.services.cases.house import DEADLINE, House


def due(house: House, each: UUID) -> list[datetime]:
    return sorted(moment(row[1]) for row in house.timers(each))


def fire(house: House) -> tuple[int, int, int]:
    with house.tx() as tx:
        fired = fire_due(tx)
    assert not fired.refused
    return fired.stepped, fired.reminded, fired.stale


def templates(house: House, each: UUID) -> list[str]:
    rows = house.rows(
        "SELECT template FROM gf_outbox_message WHERE case_id = :id ORDER BY at, template",
        id=house.bound(each),
    )
    return [str(row[0]) for row in rows]


def test_entering_a_state_sets_its_timers(house: House):
    assert due(house, house.call_id) == [DEADLINE - timedelta(days=3), DEADLINE]


def test_leaving_a_state_ends_its_timers(house: House):
    house.do("carl", house.call_id, "pause")
    assert due(house, house.call_id) == []


def test_a_span_is_a_parameter_of_the_call_and_keeps_the_local_hour(house: House):
    house.spoil("UPDATE gf_call SET parameters = :set", set='{"answer_within":"30d"}')
    entry = house.entry()
    house.do("ann", entry, "send")
    house.do("carl", house.call_id, "close")
    # Summer time begins on 29 March: the same hour on the clock is an hour earlier in UTC.
    assert due(house, entry) == [house.now + timedelta(days=30) - timedelta(hours=1)]


def test_working_days_leave_out_weekends_and_the_days_off_of_the_call(house: House):
    house.spoil(
        "UPDATE gf_call SET parameters = :set, days_off = :off",
        set='{"answer_within":"4wd"}',
        off='["2026-03-04"]',
    )
    entry = house.entry()
    house.do("ann", entry, "send")
    house.do("carl", house.call_id, "close")  # on Monday 2 March; Wednesday is off
    assert due(house, entry) == [datetime(2026, 3, 9, 9, 0, tzinfo=UTC)]


def test_a_deadline_closes_the_call_and_what_is_in_it(house: House):
    entry = house.entry()
    house.now = DEADLINE
    assert fire(house) == (1, 1, 0)
    assert house.state(house.call_id) == "judged"
    assert house.state(entry) == "not_sent"
    assert templates(house, house.call_id) == ["closed", "closes_soon"]
    assert fire(house) == (0, 0, 0)


def test_late_it_fires_once(house: House):
    house.now = DEADLINE + timedelta(days=400)
    assert fire(house)[0] == 1
    assert fire(house)[0] == 0
    steps = house.rows(
        "SELECT seq FROM gf_journal_entry WHERE record_id = :id", id=house.bound(house.call_id)
    )
    assert len(steps) == 3


def test_a_reminder_that_repeats_is_set_again_after_now_however_far_the_clock_jumped(house: House):
    house.do("carl", house.call_id, "close")
    entered = house.now
    house.later(days=5)
    assert fire(house) == (0, 1, 0)
    assert due(house, house.call_id) == [entered + timedelta(days=7)]
    house.later(days=9)
    assert fire(house) == (0, 1, 0)
    assert due(house, house.call_id) == [entered + timedelta(days=15)]
    assert templates(house, house.call_id) == ["closed", "decide_now", "decide_now"]


def test_a_timer_of_a_record_that_moved_on_is_dropped(house: House):
    number = house.spoil("UPDATE gf_timer SET seq = seq - 1")
    house.now = DEADLINE
    assert fire(house) == (0, 0, number)
    assert house.state(house.call_id) == "open"
    assert house.timers(house.call_id) == []


def test_a_timer_does_not_care_for_changes_that_are_no_steps(house: House):
    house.spoil("UPDATE gf_case SET revision = revision + 5")
    house.now = DEADLINE
    assert fire(house)[0] == 1


def test_a_step_to_the_same_state_brings_no_reminder_back(house: House):
    house.now = DEADLINE - timedelta(days=2)
    assert fire(house) == (0, 1, 0)
    house.do("carl", house.call_id, "reword", reason="Clearer.")
    assert due(house, house.call_id) == [DEADLINE]
    house.now = DEADLINE
    assert fire(house) == (1, 0, 0)


def test_a_reminder_whose_moment_has_passed_is_not_set(house: House):
    house.do("carl", house.call_id, "pause")
    house.now = DEADLINE - timedelta(days=1)
    house.do("carl", house.call_id, "resume")
    assert due(house, house.call_id) == [DEADLINE]


def test_what_must_happen_happens_at_once_when_its_moment_has_passed(house: House):
    house.do("carl", house.call_id, "pause")
    house.now = DEADLINE + timedelta(days=1)
    house.do("carl", house.call_id, "resume")
    assert fire(house)[0] == 1
    assert house.state(house.call_id) == "judged"


def test_a_date_that_moves_takes_its_timers_along(house: House):
    house.now = DEADLINE - timedelta(days=2)
    fire(house)
    later = DEADLINE + timedelta(days=7)
    with house.tx("carl") as tx:
        tx.execute(update(CallDate).values(at=later))
        assert dates_changed(tx, house.call_id, ["deadline"]) == 2
    assert due(house, house.call_id) == [later - timedelta(days=3), later]


def test_the_next_moment_is_known(house: House):
    with house.reading() as tx:
        assert next_due_at(tx) == DEADLINE - timedelta(days=3)
        assert due_calls(tx, 10) == []
    house.now = DEADLINE
    with house.reading() as tx:
        assert due_calls(tx, 10) == [house.call_id]


def test_many_records_of_a_kind_are_reminded_together(house: House):
    entries = [house.entry() for _ in range(5)]
    for entry in entries:
        house.do("ann", entry, "send")
    house.do("carl", house.call_id, "close")
    house.do("carl", entries[0], "hold")
    house.later(days=5)
    assert fire(house) == (0, 5, 0)  # four entries and the call
    assert [templates(house, entry)[-1] for entry in entries] == ["receipt", *["answer_now"] * 4]


def test_one_record_that_may_not_holds_up_no_other(house: House):
    entries = [house.entry() for _ in range(3)]
    for entry in entries:
        house.do("ann", entry, "send")
    house.do("carl", house.call_id, "close")
    with house.tx("carl") as tx:
        outcome = cases.step_all(tx, entries, "grant", data={"sum": 400_000})
    assert len(outcome.stepped) == 2
    assert [each.code for refusals in outcome.refused.values() for each in refusals] == ["envelope_exhausted"]
    assert sorted(house.state(entry) for entry in entries) == ["granted", "granted", "received"]
    reserved = house.rows("SELECT reserved FROM gf_funder_window")
    assert reserved == [(800_000,)]
