"""What follows from a step: down to children, up to a parent, to the record itself; all in one transaction."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import event

from grantflow.domain.refusal import Refused
from grantflow.services import cases
from grantflow.workflow.model import Scheme
from tests.services.cases.house import House


def test_a_step_moves_the_children_in_the_same_transaction(house: House):
    sent, draft = house.entry(), house.entry()
    house.do("ann", sent, "send")
    closed = house.do("carl", house.call_id, "close")
    assert (house.state(sent), house.state(draft)) == ("received", "not_sent")
    causes = house.rows(
        "SELECT actor_kind, role, user_id FROM gf_journal_entry WHERE cause = :cause",
        cause=house.bound(closed.entry_id),
    )
    assert causes == [("system", "system", None)] * 2


def test_children_that_have_ended_are_left_alone(house: House):
    entry = house.entry()
    house.do("carl", house.call_id, "close")
    assert house.state(entry) == "not_sent"
    with house.tx() as tx:
        assert cases.step_all(tx, [entry], "close").refused[entry][0].code == "not_from_here"


def given(house: House, judges: list[str]) -> tuple[UUID, list[UUID]]:
    entry = house.entry()
    house.do("ann", entry, "send")
    house.do("carl", house.call_id, "close")
    return entry, [house.review(entry, judge) for judge in judges]


def test_a_step_moves_its_parent_when_the_guards_allow_and_else_the_default_row_takes_it(house: House):
    entry, (first, second) = given(house, ["jim", "joan"])
    house.do("jim", first, "give")
    assert house.state(entry) == "received"
    house.do("joan", second, "give")
    assert house.state(entry) == "weighed"
    steps = house.rows(
        "SELECT transition, row, to_state FROM gf_journal_entry WHERE record_id = :id AND transition = 'weigh' ORDER BY seq",
        id=house.bound(entry),
    )
    assert [(name, to) for name, _, to in steps] == [("weigh", "received"), ("weigh", "weighed")]
    assert steps[0][1] != steps[1][1]


def test_a_parameter_of_the_call_decides_what_a_guard_is_given(house: House):
    house.spoil("UPDATE gf_call SET parameters = :set", set='{"weights_needed":1}')
    entry, (only,) = given(house, ["jim"])
    house.do("jim", only, "give")
    assert house.state(entry) == "weighed"


def without_default_row(scheme: Scheme) -> Scheme:
    """Take the row away that weighs an entry when too few opinions are in; the checker would refuse such a scheme."""
    entry = scheme.lifecycles["entry"]
    rows = [row for row in entry.rows if (row.name, row.to) != ("weigh", "same")]
    numbered = tuple(replace(row, number=number) for number, row in enumerate(rows))
    return replace(scheme, lifecycles={**scheme.lifecycles, "entry": replace(entry, rows=numbered)})


def test_what_cannot_follow_holds_up_the_whole_step(database_url: str):
    house = House(database_url, change=without_default_row).furnish()
    entry, (only,) = given(house, ["jim"])
    before = house.everything()
    with pytest.raises(Refused) as refused:
        house.do("jim", only, "give")
    assert [each.code for each in refused.value.refusals] == ["consequence_refused", "too_few"]
    assert house.everything() == before
    assert house.state(entry) == "received"
    house.database.dispose()


def deaf_when_sent(scheme: Scheme) -> Scheme:
    """Take the row away by which an entry that was sent hears of the deadline; the checker would refuse such a scheme."""
    entry = scheme.lifecycles["entry"]
    rows = [row for row in entry.rows if (row.name, row.to) != ("close", "received")]
    numbered = tuple(replace(row, number=number) for number, row in enumerate(rows))
    return replace(scheme, lifecycles={**scheme.lifecycles, "entry": replace(entry, rows=numbered)})


def only_drafts_close(scheme: Scheme) -> Scheme:
    """Let the deadline single out the drafts, beside taking the row away that what was sent would need."""
    scheme = deaf_when_sent(scheme)
    call = scheme.lifecycles["call"]
    rows = tuple(
        replace(row, emits=tuple(replace(emit, states=frozenset({"draft"})) for emit in row.emits))
        for row in call.rows
    )
    return replace(scheme, lifecycles={**scheme.lifecycles, "call": replace(call, rows=rows)})


def test_a_living_record_that_cannot_hear_holds_up_the_whole_step(database_url: str):
    house = House(database_url, change=deaf_when_sent).furnish()
    draft, sent = house.entry(), house.entry()
    house.do("ann", sent, "send")
    before = house.everything()
    with pytest.raises(Refused) as refused:
        house.do("carl", house.call_id, "close")
    (refusal,) = refused.value.refusals
    assert refusal.code == "consequence_unknown"
    ((ref,),) = house.rows("SELECT ref FROM gf_case WHERE id = :id", id=house.bound(sent))
    assert f"move {ref}, and the workflow does not say" in refusal.sentence
    assert house.everything() == before
    assert (house.state(draft), house.state(sent)) == ("draft", "sent")
    house.database.dispose()


def test_whom_an_emit_does_not_single_out_need_not_hear_it(database_url: str):
    house = House(database_url, change=only_drafts_close).furnish()
    draft, sent = house.entry(), house.entry()
    house.do("ann", sent, "send")
    house.do("carl", house.call_id, "close")
    assert (house.state(draft), house.state(sent)) == ("not_sent", "sent")
    house.database.dispose()


def test_five_thousand_children_cost_no_more_statements_than_three(house: House):
    counts = []
    for many in (3, 60):
        with house.tx("ann") as tx:
            for number in range(many):
                house.new_entry(tx, "ann", finished=bool(number % 2))
        said: list[str] = []
        event.listen(
            house.database.sql, "before_cursor_execute", lambda *args, said=said: said.append(args[2])
        )
        with house.tx("carl") as tx:
            cases.step(tx, house.call_id, "close")
        counts.append(len(said))
        house.reopen()
    assert counts[0] == counts[1]
    if house.database.sql.dialect.name == "postgresql":
        assert counts[0] <= 12
