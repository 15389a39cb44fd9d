"""Request 2 of the year: three firms go abroad, and one of them forgets to answer."""

import pytest
from sqlalchemy import select

from grantflow.domain.refusal import Refused
from grantflow.services import cases, journal
from grantflow.services.aid.decisions import delegated_since
from grantflow.services.aid.firms import headroom
from grantflow.store.aid.models import AidAward, RegisterEntry
from tests.services.aid.house import TODAY, AidHouse


@pytest.fixture
def house(database_url):
    built = AidHouse(database_url)
    yield built
    built.close()


def test_three_firms_one_cleared_one_exactly_to_the_ceiling_one_lapses_alone(house):  # noqa: PLR0915 - one story
    request = house.begin()
    limtra = house.name_firm(request, "limtra", "trade_fair")
    snickeri = house.name_firm(request, "snickeri", "trade_fair")
    pellets = house.name_firm(request, "pellets", "market_visit")

    house.now = TODAY
    house.step("marie", request, "submit")
    assert house.letters(request)[-2:] == [("cluster", "request_receipt"), ("officer", "request_received")]
    assert house.window().reserved == 10_500_00
    for line in (limtra, snickeri, pellets):
        assert house.letters(line) == [("firm", "confirm_line")]

    # Fåmans Limträ confirms on a phone and has room left.
    house.now = TODAY.replace(hour=11)
    house.confirm(limtra, had=14_800_00, people=9)
    assert house.state(limtra) == "cleared"
    with house.tx() as tx:
        assert headroom(tx, limtra).headroom == 281_200_00

    # Dalfog is shown why the fair does not fit, chooses matchmaking, and is then exactly at its ceiling.
    with pytest.raises(Refused) as caught:
        house.confirm(snickeri, had=298_500_00, people=31)
    (reason,) = caught.value.refusals
    assert reason.code == "over_ceiling"
    assert "298 500.00 EUR of de minimis aid since 2023-11-17" in reason.sentence
    assert "1 500.00 EUR is left (Reg. (EU) 2023/2831, Art. 3(2))" in reason.sentence
    house.choose(snickeri, "matchmaking")
    assert house.window().reserved == 8_000_00
    house.confirm(snickeri, had=298_500_00, people=31)
    assert house.state(snickeri) == "cleared"
    assert house.counted("snickeri") == 300_000_00

    # Nothing is decided while a firm is still asked; Fryken Pellets is reminded and lapses alone.
    with pytest.raises(Refused) as caught:
        house.step("yusuf", request, "grant")
    assert [refusal.code for refusal in caught.value.refusals] == ["children_not_there_yet"]
    house.wait(days=9, hours=1)
    assert house.state(pellets) == "lapsed"
    assert house.letters(pellets) == [
        ("firm", "confirm_line"),
        ("firm", "confirm_line_reminder"),
        ("cluster", "line_lapsed"),
        ("firm", "line_lapsed"),
    ]
    assert house.window().reserved == 5_500_00

    # Yusuf grants what the board has delegated to him; each firm learns in writing what aid it has.
    house.step("yusuf", request, "grant")
    assert [house.state(line) for line in (limtra, snickeri, pellets)] == ["granted", "granted", "lapsed"]
    assert ("cluster", "aid_grant_letter") in house.letters(request)
    assert ("firm", "de_minimis_letter") in house.letters(limtra)
    window = house.window()
    assert (window.reserved, window.committed, window.released) == (0, 5_500_00, 5_000_00)
    with house.tx() as tx:
        own = tx.session.execute(
            select(AidAward).where(AidAward.kind == "own").order_by(AidAward.amount)
        ).scalars()
        assert [(award.amount, award.granted_on, award.rule) for award in own] == [
            (1_500_00, house.now.date(), "Reg. (EU) 2023/2831, Art. 3(2)"),
            (4_000_00, house.now.date(), "Reg. (EU) 2023/2831, Art. 3(2)"),
        ]
        assert len(tx.session.execute(select(RegisterEntry)).scalars().all()) == 2
        (decision,) = delegated_since(tx, house.call, TODAY)
        assert (decision.kind, decision.amount, len(decision.lines)) == ("grant", 5_500_00, 2)

    # The activities take place and are proven, line by line.
    house.wait(days=75)
    for line, amount in ((limtra, 4_000_00), (snickeri, 1_500_00)):
        house.prove(line, amount)
        house.step("anneli", line, "accept_proof")
    house.account(request)
    house.step("marie", request, "claim")
    house.step("yusuf", request, "accept_claim")
    payment = house.payment(request)
    assert payment.amount == 5_500_00

    # Two people approve and pay, and neither is the one who granted and prepared.
    with pytest.raises(Refused) as caught:
        house.step("yusuf", payment.id, "approve")
    assert [refusal.code for refusal in caught.value.refusals] == ["same_person"]
    house.step("anneli", payment.id, "approve")
    house.step("per_olof", payment.id, "pay")
    assert [house.state(each) for each in (payment.id, request, limtra, snickeri, pellets)] == [
        "paid",
        "paid",
        "paid",
        "paid",
        "lapsed",
    ]
    assert house.window().paid == 5_500_00
    assert ("cluster", "payment_made") in house.letters(payment.id)
    assert ("firm", "aid_paid_to_cluster") in house.letters(limtra)

    with house.tx() as tx:
        report = journal.verify(tx)
        assert report.faults == ()
        assert cases.choices(tx, [request])[request].options == ()
