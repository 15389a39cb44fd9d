"""Refused attempts are kept, beside the journal, and nobody fills the disk with them."""

from __future__ import annotations

import pytest

from grantflow.domain.actor import SYSTEM
from grantflow.domain.refusal import Refused
from grantflow.services.refusals import MOST_A_MINUTE, note
from tests.services.cases.house import House


def test_a_refused_attempt_is_kept_with_every_code(house: House):
    entry = house.entry(finished=False, signed=False)
    with pytest.raises(Refused) as refused:
        house.do("ann", entry, "send")
    assert note(
        house.database, house.actor("ann"), house.now, refused.value, transition="send", record_id=entry
    )
    assert house.rows("SELECT transition, codes FROM gf_refusal") == [("send", '["unfinished","unsigned"]')]


@pytest.mark.parametrize("who", ["ann", "system"])
def test_who_hammers_at_the_door_is_not_kept_any_more(house: House, who: str):
    refused = Refused([])
    kept = [
        note(house.database, house.actor(who), house.now, refused, transition="send")
        for _ in range(MOST_A_MINUTE + 5)
    ]
    assert sum(kept) == MOST_A_MINUTE
    assert note(
        house.database, house.actor("carl" if who == "ann" else "ann"), house.now, refused, transition="send"
    )
    house.later(minutes=2)
    assert note(house.database, house.actor(who), house.now, refused, transition="send")
    assert SYSTEM.is_system
