"""Two firms' lines, two officers, one ceiling: exactly one wins, whatever the timing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from sqlalchemy import func, select, text, update

from grantflow.domain.aid.lines import Declaration
from grantflow.domain.refusal import Refused
from grantflow.services import cases
from grantflow.services.aid.firms import DeclaredAid, declare
from grantflow.store.aid.models import AidAccount, AidReservation

DATA = {"signer_name": "Ahmed Nouri", "signer_role": "Owner", "authorised": "authorised"}


def ready_to_confirm(house, had):
    """Two requests with a line each for the same firm; declared, and not yet confirmed."""
    lines = []
    for _ in range(2):
        _, made = house.request_of(snickeri="trade_fair")
        lines.append(made["snickeri"])
    for line in lines:
        with house.by_link(line) as tx:
            declared = Declaration(31, 4_000_000_00, 2_000_000_00, False, 1, True)
            declare(tx, line, declared, [DeclaredAid(date(2025, 5, 5), had, "Another agency")])
    return lines


def test_two_lines_race_for_room_for_one_and_one_is_told_why_not(house):
    lines = ready_to_confirm(house, had=294_000_00)
    start = Barrier(2)

    def confirm(line):
        start.wait()
        try:
            with house.by_link(line) as tx:
                cases.step(tx, line, "confirm", data=DATA)
        except Refused as refused:
            return [refusal.code for refusal in refused.refusals]
        return ["confirmed"]

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(confirm, lines))
    assert outcomes == [["confirmed"], ["over_ceiling"]]
    with house.tx() as tx:
        held = tx.session.execute(
            select(func.sum(AidReservation.amount)).where(AidReservation.ended_at.is_(None))
        ).scalar_one()
    assert held == 4_000_00
    assert house.counted("snickeri") == 298_000_00


def test_the_second_transaction_waits_and_then_sees_what_the_first_held(house, database_kind):
    if database_kind == "sqlite":
        pytest.skip("SQLite lets only one transaction write at a time")
    first, second = ready_to_confirm(house, had=294_000_00)
    with house.by_link(first) as tx:
        cases.step(tx, first, "confirm", data=DATA)
        with ThreadPoolExecutor(1) as pool:

            def confirm():
                with house.by_link(second) as other:
                    other.connection.execute(text("SET LOCAL lock_timeout = '200ms'"))
                    cases.step(other, second, "confirm", data=DATA)

            with pytest.raises(Refused) as caught:
                pool.submit(confirm).result()
    assert [refusal.code for refusal in caught.value.refusals] == ["lost_race"]
    with pytest.raises(Refused) as caught, house.by_link(second) as tx:
        cases.step(tx, second, "confirm", data=DATA)
    assert [refusal.code for refusal in caught.value.refusals] == ["over_ceiling"]


def test_the_database_itself_refuses_an_account_over_its_ceiling(house):
    _, made = house.request_of(limtra="trade_fair")
    house.confirm(made["limtra"], had=0)
    too_much = update(AidAccount).values(counted=300_000_01)
    with pytest.raises(Refused) as caught, house.tx() as tx:
        tx.execute(too_much)
    assert [refusal.code for refusal in caught.value.refusals] == ["over_ceiling"]


def test_two_clusters_race_for_the_last_lump_sum(house):
    with house.tx() as tx:
        tx.execute(text("UPDATE gf_funder_window SET envelope = 400000"))
    requests = []
    for firm in ("limtra", "pellets"):
        request = house.begin()
        house.name_firm(request, firm, "trade_fair")
        requests.append(request)
    start = Barrier(2)

    def send(request):
        start.wait()
        try:
            house.step("marie", request, "submit")
        except Refused as refused:
            return tuple(refusal.code for refusal in refused.refusals)
        return "sent"

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(send, requests))
    assert outcomes.count("sent") == 1
    (lost,) = [each for each in outcomes if each != "sent"]
    assert lost in {
        ("not_enough_money",),
        ("intake_closed",),
        ("intake_closed", "not_enough_money"),
        ("lost_race",),
    }
    assert house.window().reserved == 4_000_00
    assert house.state(house.call) == "paused"
