"""Making records: where, by whom, under which reference."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from grantflow.domain.refusal import Refused
from grantflow.services import cases
from grantflow.store.statements import identifier
from grantflow.workflow.model import Scheme
from tests.services.cases.house import House, grant


def test_a_record_begins_with_entry_nought(house: House):
    with house.tx("ann") as tx:
        made = cases.create(tx, "entry", call_id=house.call_id)
    assert (made.state, made.role, made.revision, made.parent_id) == ("draft", "owner", 1, house.call_id)
    assert house.rows(
        "SELECT seq, transition, row, from_state, to_state, role, guards, prev_hash FROM gf_journal_entry "
        "WHERE record_id = :id",
        id=house.bound(made.case_id),
    ) == [(0, "create", -1, None, "draft", "owner", '["not_too_many"]', "")]
    assert house.rows(
        "SELECT template, role FROM gf_outbox_message WHERE case_id = :id", id=house.bound(made.case_id)
    ) == [("begun", "owner")]


def test_references_count_up_under_the_prefix_of_the_call(house: House):
    with house.tx("ann") as tx:
        refs = [cases.create(tx, "entry", call_id=house.call_id).ref for _ in range(3)]
        other = cases.create(tx, "entry", call_id=house.call_id, prefix="LAB-2026").ref
    assert refs == ["TOY-2026-0002", "TOY-2026-0003", "TOY-2026-0004"]
    assert other == "LAB-2026-0001"


def test_a_record_is_made_only_while_its_parent_is_where_they_are_made(house: House):
    house.do("carl", house.call_id, "pause")
    before = house.everything()
    with pytest.raises(Refused) as refused, house.tx("ann") as tx:
        cases.create(tx, "entry", call_id=house.call_id)
    assert [each.code for each in refused.value.refusals] == ["not_now"]
    assert house.everything() == before


def test_an_inside_role_must_be_held(house: House):
    entry = house.entry()
    house.do("ann", entry, "send")
    house.do("carl", house.call_id, "close")
    with pytest.raises(Refused) as refused, house.tx("olga") as tx:
        cases.create(tx, "review", call_id=house.call_id, parent_id=entry)
    assert [each.code for each in refused.value.refusals] == ["wrong_role"]
    with house.tx("carl") as tx:
        made = cases.create(tx, "review", call_id=house.call_id, parent_id=entry)
    assert (made.role, made.parent_id, made.call_id) == ("clerk", entry, house.call_id)


def test_the_record_stands_before_guards_look_at_it(house: House):
    seen: list[UUID] = []
    with house.tx("ann") as tx:
        made = cases.create(tx, "entry", call_id=house.call_id, record=seen.append)
    assert seen == [made.case_id]


def test_an_unknown_parent_is_no_refusal(house: House):
    with house.tx("ann") as tx, pytest.raises(cases.UnknownCase):
        cases.create(tx, "entry", call_id=tx.new_id())


def begin_call(house: House, who: str) -> None:
    ((programme,),) = house.rows("SELECT id FROM gf_programme")
    with house.tx(who) as tx:
        cases.create(
            tx,
            "call",
            scheme=("toy", 1),
            prefix="TOY-2027",
            record=lambda each: house.call_row(tx, each, identifier(programme)),
        )


def test_a_call_is_begun_by_who_holds_the_role_on_the_programme(database_url: str):
    house = House(database_url, change=begun_by_clerks).furnish()
    ((programme,),) = house.rows("SELECT id FROM gf_programme")
    before = house.everything()
    with pytest.raises(Refused) as refused:
        begin_call(house, "olga")
    assert [each.code for each in refused.value.refusals] == ["wrong_role"]
    assert house.everything() == before
    with house.tx() as tx:
        grant(tx, "clerk", identifier(programme), user_id=house.people["olga"])
    begin_call(house, "olga")
    assert house.rows("SELECT COUNT(*) FROM gf_case WHERE lifecycle = 'call'") == [(2,)]
    house.database.dispose()


def begun_by_clerks(scheme: Scheme) -> Scheme:
    call = scheme.lifecycles["call"]
    begun = replace(call, creation=replace(call.creation, by=("clerk",)))
    return replace(scheme, lifecycles={**scheme.lifecycles, "call": begun})
