"""Eight at the account of one firm at the same moment: as many are cleared as there is room for, and never one more."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select

from grantflow.domain.actor import Actor
from grantflow.domain.ids import Ids
from grantflow.services.aid.saying import Said, SaidAid, confirm_as_said
from grantflow.services.invariants import aid
from grantflow.store.aid.models import AidReservation
from grantflow.store.journal import JournalEntry
from tests.services.aid.house import TODAY, AidHouse
from tests.trials.race import race
from tests.web.aid.office import ANSWERS, Office

EIGHT = 8
ROOM_FOR = 3
SAID = Said(
    signer_name="Ahmed Nouri",
    signer_role="Owner",
    authorised=True,
    headcount=31,
    turnover=4_000_000_00,
    balance=2_000_000_00,
    consent=True,
    aid=(SaidAid("2025-05-05", 300_000_00 - ROOM_FOR * 4_000_00, "Another agency"),),
)


@pytest.mark.slow
def test_eight_lines_of_one_firm_with_room_for_three(database_url: str) -> None:
    house = AidHouse(database_url)
    house.now = TODAY
    lines = [house.request_of(snickeri="trade_fair")[1]["snickeri"] for _ in range(EIGHT)]
    links = {line: house.link(line) for line in lines}
    firm = house.firms["snickeri"]
    house.database.ids = Ids()  # of one seed, two processes would make the same
    house.database.dispose()

    def confirm(line: UUID) -> None:
        link = Actor("link", organisation_id=firm, grant_id=links[line])
        with house.database.transaction(link, house.now) as tx:
            confirm_as_said(tx, line, SAID)

    told = race([lambda line=line: confirm(line) for line in lines])  # type: ignore[misc]

    lost = [each for each in told if each is not None]
    assert len(lost) == EIGHT - ROOM_FOR
    assert {each.codes for each in lost} <= {("over_ceiling",), ("lost_race",)}
    with house.tx() as tx:
        held = select(func.sum(AidReservation.amount)).where(AidReservation.ended_at.is_(None))
        assert tx.execute(held).scalar_one() == ROOM_FOR * 4_000_00
        assert [
            *aid.ceilings_hold(tx),
            *aid.holds_end_with_their_lines(tx),
            *aid.lines_equal_the_ledger(tx),
        ] == []
    assert house.counted("snickeri") == 300_000_00
    assert sorted(house.state(line) == "cleared" for line in lines) == [False] * 5 + [True] * 3
    house.close()


@pytest.mark.slow
def test_eight_presses_of_one_button_do_one_thing(database_url: str, tmp_path: Path) -> None:
    office = Office(database_url, tmp_path)
    _, made = office.house.request_of(limtra="trade_fair")
    address = office.page(made["limtra"])
    readers = [office.reader() for _ in range(EIGHT)]
    office.house.database.ids = Ids()
    office.house.database.dispose()

    def press(number: int) -> None:
        answer = readers[number].post(address, ANSWERS)
        assert answer.status_code == 303, answer.status_code

    told = race([lambda number=number: press(number) for number in range(EIGHT)])  # type: ignore[misc]

    assert told == [None] * EIGHT, "whoever was not first is led to what the first did"
    with office.house.tx() as tx:
        steps = select(func.count()).where(
            JournalEntry.record_id == made["limtra"], JournalEntry.actor_kind == "link"
        )
        assert tx.execute(steps).scalar_one() == 1
    assert office.held() == 4_000_00
    office.house.close()
