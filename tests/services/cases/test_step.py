"""Taking a single step: who, when, what it leaves behind, and every way in which it is refused."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from grantflow.domain.refusal import Refused
from grantflow.services import cases
from grantflow.store.cases import CaseRow
from tests.services.cases.house import House, grant, organisation


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [refusal.code for refusal in refused.value.refusals]


def test_a_step_leaves_state_journal_and_message(house: House):
    entry = house.entry()
    stepped = house.do("ann", entry, "send")
    assert (stepped.from_state, stepped.to_state, stepped.seq, stepped.revision) == ("draft", "sent", 1, 2)
    assert house.state(entry) == "sent"
    last = house.rows(
        "SELECT transition, from_state, to_state, role, guards FROM gf_journal_entry WHERE record_id = :id AND seq = 1",
        id=house.bound(entry),
    )
    assert last == [("send", "draft", "sent", "owner", '["is_finished","is_signed"]')]
    notices = house.rows("SELECT template FROM gf_outbox_message WHERE case_id = :id", id=house.bound(entry))
    assert sorted(notices) == [("begun",), ("receipt",)]
    assert house.rows("SELECT stamps FROM toy_sheet WHERE id = :id", id=house.bound(entry)) == [(1,)]


def test_all_refusals_come_at_once_and_nothing_moves(house: House):
    entry = house.entry(finished=False, signed=False)
    before = house.everything()
    with pytest.raises(Refused) as refused:
        house.do("ann", entry, "send")
    assert codes(refused) == ["unfinished", "unsigned"]
    assert house.everything() == before


def test_who_saw_an_older_revision_is_told(house: House):
    entry = house.entry()
    house.do("ann", entry, "send")
    with house.tx("ann") as tx, pytest.raises(Refused) as refused:
        cases.step(tx, entry, "take_back", revision=1)
    assert codes(refused) == ["stale"]
    assert refused.value.refusals[0].sentence.startswith("Somebody else has changed this in the meantime.")
    assert house.state(entry) == "sent"


def test_only_whoever_plays_the_role_takes_the_step(house: House):
    entry = house.entry()
    for name in ("carl", "olga"):
        with pytest.raises(Refused) as refused:
            house.do(name, entry, "send")
        assert codes(refused) == ["wrong_role"]
        assert "Owner" in refused.value.refusals[0].sentence


def test_what_belongs_to_the_system_is_nobodys(house: House):
    entry = house.entry()
    with pytest.raises(Refused) as refused:
        house.do("carl", entry, "close")
    assert codes(refused) == ["wrong_role"]


def test_a_step_starts_from_where_the_record_is(house: House):
    entry = house.entry()
    with pytest.raises(Refused) as refused:
        house.do("ann", entry, "take_back")
    assert codes(refused) == ["not_from_here"]
    with pytest.raises(Refused) as refused:
        house.do("ann", entry, "fly")
    assert codes(refused) == ["unknown_transition"]


def test_an_unknown_record_is_no_refusal(house: House):
    with house.tx("ann") as tx, pytest.raises(cases.UnknownCase):
        cases.step(tx, UUID(int=7), "send")


def test_roles_come_through_organisations_and_end(house: House):
    entry = house.entry("ann")
    with house.tx() as tx:
        firm = organisation(tx, house.people["olga"])
        given = grant(tx, "owner", entry, organisation_id=firm)
    house.do("olga", entry, "send")
    house.spoil("UPDATE gf_role_grant SET ended_at = granted_at WHERE id = :id", id=house.bound(given))
    with pytest.raises(Refused) as refused:
        house.do("olga", entry, "take_back")
    assert codes(refused) == ["wrong_role"]


def received(house: House) -> UUID:
    entry = house.entry()
    house.do("ann", entry, "send")
    house.do("carl", house.call_id, "close")
    return entry


def test_four_eyes_look_at_the_record_its_parents_and_its_children(house: House):
    entry = received(house)
    with house.tx() as tx:
        for role in ("clerk", "chief"):
            grant(tx, role, house.call_id, user_id=house.people["joan"])
    review = house.review(entry, "jim")
    with house.tx() as tx:
        grant(tx, "chief", house.call_id, user_id=house.people["jim"])
        grant(tx, "chief", house.call_id, user_id=house.people["carl"])
    house.do("joan", entry, "grant", sum=500)
    house.do("jim", review, "give")
    for name, step in (("joan", "Grant"), ("jim", "Give"), ("carl", "Publish")):
        with pytest.raises(Refused) as refused:
            house.do(name, entry, "confirm")
        assert codes(refused) == ["same_person"], name
        assert step in refused.value.refusals[0].sentence
    assert house.do("chloe", entry, "confirm").to_state == "accepted"


def test_four_eyes_forget_what_happened_on_another_record(house: House):
    first, second = house.entry(), house.entry()
    for entry in (first, second):
        house.do("ann", entry, "send")
    house.do("carl", house.call_id, "close")
    with house.tx() as tx:
        grant(tx, "clerk", house.call_id, user_id=house.people["joan"])
        grant(tx, "chief", house.call_id, user_id=house.people["joan"])
    house.do("joan", first, "grant", sum=1)
    house.do("carl", second, "grant", sum=1)
    assert house.do("joan", second, "confirm").to_state == "accepted"


def test_every_field_is_of_its_kind_and_all_problems_come_at_once(house: House):
    entry = received(house)
    with pytest.raises(Refused) as refused:
        house.do("carl", entry, "remark", reason="  ", sum="twelve", day="tomorrow", colour="blue", shoe=44)
    assert [(each.code, each.where) for each in refused.value.refusals] == [
        ("missing_field", "reason"),
        ("bad_field", "sum"),
        ("bad_field", "day"),
        ("bad_field", "colour"),
        ("bad_field", "shoe"),
    ]


def test_what_was_filled_in_is_kept_beside_the_entry(house: House):
    entry = received(house)
    stepped = house.do(
        "carl", entry, "remark", reason="It rained.", sum="120", day=date(2026, 4, 1), colour="red"
    )
    texts = house.rows(
        "SELECT field, text FROM gf_journal_text WHERE entry_id = :id ORDER BY field",
        id=house.bound(stepped.entry_id),
    )
    assert texts == [("colour", "red"), ("day", '"2026-04-01"'), ("reason", "It rained."), ("sum", "120")]


def test_a_row_to_the_same_state_keeps_state_and_timers(house: House):
    entry = received(house)
    before = house.timers(entry)
    house.later(days=1)
    stepped = house.do("carl", entry, "remark", reason="Seen.")
    assert (stepped.from_state, stepped.to_state) == ("received", "received")
    assert house.timers(entry) == before
    assert house.rows("SELECT seq FROM gf_timer WHERE case_id = :id", id=house.bound(entry)) == [
        (stepped.seq,)
    ]


def test_a_remembered_row_leads_back_to_where_the_record_came_from(house: House):
    entry = house.entry()
    house.do("ann", entry, "send")
    house.do("carl", entry, "hold")
    assert house.do("carl", entry, "let_go").to_state == "sent"
    house.do("carl", house.call_id, "close")
    house.do("carl", entry, "hold")
    assert house.do("carl", entry, "let_go").to_state == "received"


def test_a_constraint_is_told_as_a_refusal_and_undoes_everything(house: House):
    entry = received(house)
    before = house.everything()
    with pytest.raises(Refused) as refused:
        house.do("carl", entry, "grant", sum=1_000_001)
    assert codes(refused) == ["envelope_exhausted"]
    assert house.everything() == before


def test_a_transaction_that_is_not_kept_leaves_nothing(house: House):
    entry = house.entry()
    before = house.everything()
    with house.tx("ann", keep=False) as tx:
        cases.step(tx, entry, "send")
    assert house.everything() == before


def test_a_fault_after_the_step_leaves_nothing(house: House):
    entry = house.entry()
    before = house.everything()

    def send_and_stumble() -> None:
        with house.tx("ann") as tx:
            cases.step(tx, entry, "send")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        send_and_stumble()
    assert house.everything() == before


def test_the_orm_sees_the_new_state(house: House):
    entry = house.entry()
    with house.tx("ann") as tx:
        row = tx.session.get(CaseRow, entry)
        assert row is not None
        assert row.state == "draft"
        cases.step(tx, entry, "send")
        assert row.state == "sent"


def test_the_unit_of_work_tells_what_was_taken_with_what_followed(house: House):
    entry = house.entry()
    house.do("ann", entry, "send")
    with house.tx("carl") as tx:
        cases.step(tx, house.call_id, "close")
        assert [(each.lifecycle, each.transition, each.to_state) for each in tx.taken] == [
            ("call", "close", "judged"),
            ("entry", "close", "received"),
        ]


def test_the_authority_stands_in_the_entry(house: House):
    entry = house.entry()
    with house.tx("ann") as tx:
        stepped = cases.step(tx, entry, "send", authority="Board 2/2026 item 4")
    assert house.rows(
        "SELECT authority, actor_kind, role FROM gf_journal_entry WHERE id = :id",
        id=house.bound(stepped.entry_id),
    ) == [("Board 2/2026 item 4", "person", "owner")]
