"""Those who decide and pay: the clock, the firms with their aid, proofs together, the account, and four eyes on the money."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import event

from grantflow.services.aid.payments import give_account
from tests.services.aid.house import IBAN
from tests.web.aid.office import Office
from tests.web.house import words

STATEMENTS = 12
Sent = tuple[str, dict[str, UUID]]
"""The reference of a request; its lines by firm, and itself under no name."""


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    made = Office(database_url, tmp_path)
    yield made
    made.house.close()


@pytest.fixture
def request_sent(office: Office) -> Sent:
    """A request with two firms that have confirmed."""
    request, lines = office.house.request_of(limtra="trade_fair", pellets="market_visit")
    office.house.confirm(lines["limtra"], had=14_800_00, people=9)
    office.house.confirm(lines["pellets"], people=31)
    return office.ref(request), lines | {"": request}


def test_each_firm_stands_with_its_size_its_aid_and_what_is_left(office: Office, request_sent: Sent):
    ref, _ = request_sent
    page = words(office.reader("yusuf").text(f"/applications/{ref}/lines"))
    for seen in ("Fåmans Limträ", "9 people", "From others, as the firm declares", "Reg. (EU) 2023/2831"):
        assert seen in page, seen
    assert "Decide by then: 10 working days are left." in page
    assert "One request waits for a decision. None of them was sent before this one." in page
    assert "Grant the request" in page


def test_whoever_asks_and_strangers_do_not_find_the_page(office: Office, request_sent: Sent):
    ref, _ = request_sent
    assert office.reader("marie").get(f"/applications/{ref}/lines").status_code == 404
    assert office.reader("per_olof").get(f"/applications/{ref}/lines").status_code == 404
    assert office.reader().get(f"/applications/{ref}/lines").status_code in {302, 303}


def test_the_page_says_why_a_request_cannot_be_granted_yet(office: Office):
    request, _ = office.house.request_of(limtra="trade_fair")
    page = words(office.reader("yusuf").text(f"/applications/{office.ref(request)}/lines"))
    assert "step is not open to you now, and why" in page or "steps are not open to you now, and why" in page
    assert "Grant the request" in page


def test_the_clock_stands_still_while_something_is_missing_and_goes_on_with_what_was_left(
    office: Office, request_sent: Sent
):
    ref, made = request_sent
    office.house.wait(days=2)
    yusuf, address = office.reader("yusuf"), f"/applications/{ref}/lines"
    nothing = yusuf.post(address, {"what": "missing"})
    assert nothing.status_code == 422
    sections = re.findall(r'name="sections" value="(\w+)"', yusuf.text(address))
    assert sections
    asked = yusuf.post(address, {"what": "missing", "sections": sections[0], "missing": "Say who goes."})
    assert asked.status_code == 303, words(asked.text)
    page = words(yusuf.text(address))
    assert "The clock stands still since" in page
    assert "When it goes on, 8 working days are left." in page
    assert office.house.state(made[""]) == "completion"


def test_an_overdue_decision_says_so_and_waits_at_the_delegates_home(office: Office, request_sent: Sent):
    ref, _ = request_sent
    office.house.wait(days=15)
    sofia = office.reader("sofia")
    assert "The decision is overdue since" in words(sofia.text(f"/applications/{ref}/lines"))
    assert "Decision overdue" in words(sofia.text("/home"))


def test_what_is_sent_earlier_is_counted_before(office: Office, request_sent: Sent):
    office.house.now += timedelta(minutes=5)
    later, _ = office.house.request_of(snickeri="matchmaking")
    page = words(office.reader("yusuf").text(f"/applications/{office.ref(later)}/lines"))
    assert "2 requests wait for a decision. One of them was sent before this one." in page


def test_proofs_are_accepted_together_the_account_confirmed_and_two_pay(office: Office, request_sent: Sent):
    ref, made = request_sent
    request = made.pop("")
    house = office.house
    house.step("yusuf", request, "grant")
    house.wait(days=75)
    for line in made.values():
        house.prove(line, house.line(line).amount)
    anneli, yusuf, address = office.reader("anneli"), office.reader("yusuf"), f"/applications/{ref}/lines"
    assert anneli.post(address, {"what": "proofs"}).status_code == 422
    proven = [office.ref(line) for line in made.values()]
    accepted = anneli.post(address, {"what": "proofs", "line": proven})
    assert accepted.status_code == 303, words(accepted.text)
    assert {house.state(line) for line in made.values()} == {"accepted"}
    assert "2 proofs are accepted." in words(anneli.text(address))

    with house.tx("marie") as tx:
        give_account(tx, request, IBAN, "Trä & Fiber Mellansverige")
    assert anneli.post(address, {"what": "account", "how": ""}).status_code == 422
    assert anneli.post(address, {"what": "account", "how": "Marie, 0555-1"}).status_code == 303
    assert "Confirmed on" in words(anneli.text(address))

    house.step("marie", request, "claim")
    house.step("yusuf", request, "accept_claim")
    payment = office.ref(house.payment(request).id)
    page = words(yusuf.text(f"/payments/{payment}"))
    assert "Accept the claim Yusuf Demir" in page
    assert "Grant the request Yusuf Demir" in page
    assert "Approve the payment" in page
    assert anneli.post(f"/records/{payment}/steps/approve", {"revision": "1"}).status_code == 303
    finance = office.reader("per_olof")
    assert "Approved" in words(finance.text("/home"))
    assert "Waits for you" in words(finance.text("/calls/internationalisation-aid/payments"))
    assert "The request" not in words(finance.text(f"/payments/{payment}")), "finance does not open requests"
    paid = finance.post(
        f"/records/{payment}/steps/pay", {"revision": "2", "paid_on": "2027-02-02", "reference": "E-4711"}
    )
    assert paid.status_code == 303, words(paid.text)
    page = words(finance.text(f"/payments/{payment}"))
    assert "E-4711" in page
    assert "Pay Per-Olof Lindhagen" in page
    assert house.state(request) == "paid"


def test_whoever_entered_an_account_is_told_that_somebody_else_confirms_it(
    office: Office, request_sent: Sent
):
    ref, made = request_sent
    with office.house.tx("yusuf") as tx:
        give_account(tx, made[""], IBAN, "Trä & Fiber Mellansverige")
    assert "somebody else has to confirm it" in words(
        office.reader("yusuf").text(f"/applications/{ref}/lines")
    )


@pytest.mark.parametrize("who", ["yusuf", "sofia"])
def test_the_pages_keep_to_their_statements(office: Office, request_sent: Sent, who: str):
    ref, _ = request_sent
    reader = office.reader(who)
    reader.text(f"/applications/{ref}/lines")
    said: list[str] = []
    event.listen(
        office.house.database.sql,
        "before_cursor_execute",
        lambda _c, _cursor, statement, *_: said.append(statement),
    )
    reader.text(f"/applications/{ref}/lines")
    asked = [one for one in said if not one.startswith(("BEGIN", "SET TRANSACTION"))]
    assert len(asked) <= STATEMENTS, "\n\n".join(asked)
