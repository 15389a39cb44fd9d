"""Taking a single step: who, when, what it leaves behind, and every way in which it is refused."""

from __future__ import annotations

import pytest

from grantflow.domain.refusal import Refused
from tests.services.cases.house import House


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
    notices = house.rows(
        "SELECT template FROM gf_outbox_message WHERE case_id = :id ORDER BY id", id=house.bound(entry)
    )
    assert sorted(notices) == [("begun",), ("receipt",)]
    assert house.rows("SELECT stamps FROM toy_sheet WHERE id = :id", id=house.bound(entry)) == [(1,)]


def test_all_refusals_come_at_once(house: House):
    entry = house.entry(finished=False, signed=False)
    with pytest.raises(Refused) as refused:
        house.do("ann", entry, "send")
    assert codes(refused) == ["unfinished", "unsigned"]
    assert house.state(entry) == "draft"
