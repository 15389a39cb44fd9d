"""Eight at once, room for one: exactly one wins, and the others are told so in words that they understand."""

from __future__ import annotations

from uuid import UUID

from grantflow.services import cases
from grantflow.services.timers import fire_due
from tests.services.cases.house import DEADLINE, House
from tests.trials.crash import nothing_half_done
from tests.trials.race import Lost, race

EIGHT = range(8)


def losers(told: list[Lost | None]) -> list[Lost]:
    lost = [each for each in told if each is not None]
    assert len(lost) == len(told) - 1, "exactly one wins"
    return lost


def test_eight_at_one_record(house: House):
    entry = house.entry()
    house.database.dispose()

    def send() -> None:
        with house.tx("ann") as tx:
            cases.step(tx, entry, "send", revision=1)

    for lost in losers(race([send for _ in EIGHT])):
        assert lost.codes == ("stale",)
        assert lost.sentences[0].startswith("Somebody else has changed this in the meantime.")
    assert house.rows("SELECT stamps FROM toy_sheet") == [(1,)]
    nothing_half_done(house.database, house.now)


def test_eight_at_one_record_without_having_looked(house: House):
    entry = house.entry()
    house.database.dispose()

    def send() -> None:
        with house.tx("ann") as tx:
            cases.step(tx, entry, "send")

    assert {lost.codes for lost in losers(race([send for _ in EIGHT]))} == {("not_from_here",)}
    nothing_half_done(house.database, house.now)


def test_eight_at_one_envelope_with_room_for_one(house: House):
    entries = [house.entry() for _ in EIGHT]
    for entry in entries:
        house.do("ann", entry, "send")
    house.do("carl", house.call_id, "close")
    house.database.dispose()

    def reserve(entry: UUID) -> None:
        with house.tx("carl") as tx:
            cases.step(tx, entry, "grant", data={"sum": 600_000})

    for lost in losers(race([lambda entry=entry: reserve(entry) for entry in entries])):  # type: ignore[misc]
        assert lost.codes == ("envelope_exhausted",)
        assert lost.sentences == ("There is not enough money left in this window for that amount.",)
    assert house.rows("SELECT reserved FROM gf_funder_window") == [(600_000,)]
    assert sorted(house.state(entry) for entry in entries) == ["granted", *["received"] * 7]
    nothing_half_done(house.database, house.now)


def test_eight_workers_at_one_deadline(house: House):
    entries = [house.entry() for _ in EIGHT]
    house.now = DEADLINE
    house.database.dispose()

    def tick() -> None:
        with house.tx() as tx:
            fire_due(tx)

    assert race([tick for _ in EIGHT]) == [None] * 8
    if house.state(house.call_id) == "open":  # all passed the call over because another held it
        tick()
    assert house.state(house.call_id) == "judged"
    assert {house.state(entry) for entry in entries} == {"not_sent"}
    notices = house.rows(
        "SELECT COUNT(*) FROM gf_outbox_message WHERE template IN ('not_sent', 'closed', 'closes_soon')"
    )
    assert notices == [(10,)]
    nothing_half_done(house.database, house.now)


def test_parents_and_children_at_once_tie_no_knot(house: House):
    entries = [house.entry() for _ in range(4)]
    for entry in entries:
        house.do("ann", entry, "send")
    house.do("carl", house.call_id, "close")
    reviews = [(who, house.review(entry, who)) for entry in entries[:2] for who in ("jim", "joan")]
    house.database.dispose()

    def act(who: str, each: UUID, transition: str) -> None:
        with house.tx(who) as tx:
            cases.step(tx, each, transition, data={"reason": "x"} if transition == "remark" else None)

    acts = [(who, review, "give") for who, review in reviews]
    acts += [("carl", entry, "remark") for entry in entries]
    told = race([lambda act_=act_: act(*act_) for act_ in acts])  # type: ignore[misc]
    assert {codes for each in told if each for codes in each.codes} <= {"not_from_here"}
    assert [house.state(entry) for entry in entries[:2]] == ["weighed", "weighed"]
    nothing_half_done(house.database, house.now)
