"""Letters of aid from real rows: a request is played through the services, and its letters say what the tables hold."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from sqlalchemy import select

from grantflow.services.letters.compose import Letter, Paragraph
from grantflow.services.letters.notices import Recipient, compose_for, render_notice
from grantflow.store.outbox import OutboxMessage
from tests.services.aid.house import TODAY, AidHouse


@pytest.fixture
def house(database_url: str) -> Iterator[AidHouse]:
    built = AidHouse(database_url)
    yield built
    built.close()


def paper(house: AidHouse, case: UUID, template: str) -> Letter:
    with house.tx() as tx:
        message = tx.session.execute(
            select(OutboxMessage).where(OutboxMessage.case_id == case, OutboxMessage.template == template)
        ).scalar_one()
        return compose_for(tx, case, template, Recipient("Somebody", "en"), message.data, message.at)


def said(composed: Letter) -> str:
    return "\n".join(block.text for block in composed.blocks if isinstance(block, Paragraph))


def test_a_request_from_receipt_to_payment(house: AidHouse):
    request = house.begin()
    limtra = house.name_firm(request, "limtra", "trade_fair")
    house.name_firm(request, "pellets", "market_visit")
    house.now = TODAY
    house.step("marie", request, "submit")
    house.confirm(limtra, had=14_800_00, people=9)
    house.wait(days=9, hours=1)
    house.step("yusuf", request, "grant")

    granted = paper(house, request, "aid_grant_letter")
    assert [line.text for line in granted.answer][:2] == [
        "Yes. Your request is granted.",
        "EUR\u00a04\u202f000 in lump sums.",
    ]
    assert "This letter is the contract." in said(granted)

    statement = said(paper(house, limtra, "de_minimis_letter"))
    assert "The aid amounts to EUR\u00a04\u202f000 (gross grant equivalent)." in statement
    assert "It is de minimis aid under Reg. (EU) 2023/2831, Art. 3(2)." in statement
    assert "It is de minimis aid.\n" not in statement

    house.prove(limtra, 4_000_00)
    house.step("anneli", limtra, "accept_proof")
    house.account(request)
    house.step("marie", request, "claim")
    house.step("yusuf", request, "accept_claim")
    payment = house.payment(request)
    house.step("anneli", payment.id, "approve")
    house.step("per_olof", payment.id, "pay")
    assert "The sum is EUR\u00a04\u202f000." in said(paper(house, payment.id, "payment_made"))

    with house.tx() as tx:
        messages = tx.session.execute(select(OutboxMessage)).scalars().all()
        assert len({message.template for message in messages}) > 10
        for message in messages:
            for language in ("en", "sv", "lt"):
                mail = render_notice(tx, message, Recipient("Somebody", language))
                assert "None" not in mail.text
                assert "{" not in mail.text
