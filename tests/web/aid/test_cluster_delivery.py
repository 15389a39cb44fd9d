"""A cluster proves what was done, firm by firm, and claims the money; what came back it does again."""

from __future__ import annotations

from io import BytesIO
from uuid import UUID

import pytest
from sqlalchemy import func, select

from grantflow.services.aid.payments import current_account
from grantflow.store.aid.models import BankAccount, DeliveryProof
from tests import cast
from tests.services.aid.house import IBAN, TODAY
from tests.web.aid.desk import Desk
from tests.web.applications.conftest import hidden
from tests.web.browsing import Reader
from tests.web.house import went_on, words

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
TYPED = {"done_on": "2027-01-18", "what": "The badge of the fair, and the invoice of the stand."}


class Granted:
    """A request of two firms that was granted, some weeks after the activities."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        house = desk.house
        house.now = TODAY
        self.request, self.lines = house.request_of(limtra="trade_fair", snickeri="matchmaking")
        house.confirm(self.lines["limtra"])
        house.confirm(self.lines["snickeri"])
        house.step("yusuf", self.request, "grant")
        house.wait(days=75)
        self.ref = desk.ref(self.request)
        self.claim = f"/applications/{self.ref}/claim"

    def proof(self, firm: str) -> str:
        return f"/lines/{self.desk.ref(self.lines[firm])}/proof"

    def hand_in(self, marie: Reader, firm: str, **more: object) -> str:
        page = marie.text(self.proof(firm))
        return went_on(
            marie.post(
                self.proof(firm),
                {**TYPED, "revision": hidden(page, "revision"), **more},
                content_type="multipart/form-data",
            )
        )

    def claimed(self, marie: Reader, **values: str) -> dict[str, str]:
        return {
            "revision": hidden(marie.text(self.claim), "revision"),
            "account.iban": IBAN,
            "account.holder": "Trä & Fiber Mellansverige",
            **{f"passed_on.{self.desk.ref(self.lines[firm])}": value for firm, value in values.items()},
        }


@pytest.fixture
def granted(desk: Desk) -> Granted:
    return Granted(desk)


def test_from_the_record_over_the_proofs_to_the_claim(desk: Desk, marie: Reader, granted: Granted):
    record = marie.text(f"/records/{granted.ref}")
    assert f'href="{granted.claim}"' in record
    assert cast.GLULAM.name in record, "the firms stand on the page of the request"
    page = marie.text(granted.claim)
    assert f'href="{granted.proof("limtra")}"' in page

    after = granted.hand_in(marie, "limtra", file=(BytesIO(PDF), "badge.pdf"))
    assert after == f"/records/{granted.ref}"
    granted.hand_in(marie, "snickeri")
    assert [desk.house.state(line) for line in granted.lines.values()] == ["proven", "proven"]
    line = marie.text(f"/records/{desk.ref(granted.lines['limtra'])}")
    assert "badge.pdf" in line
    for stranger in ("karin",):
        assert "badge.pdf" in desk.reader(stranger).text(f"/records/{desk.ref(granted.lines['limtra'])}")

    data = granted.claimed(marie, limtra="4 000", snickeri="1 500,00")
    assert went_on(marie.post(granted.claim, data)) == f"/records/{granted.ref}"
    assert desk.house.state(granted.request) == "claimed"
    assert went_on(marie.post(granted.claim, data)) == f"/records/{granted.ref}", (
        "sent twice, it is one claim"
    )
    assert "Account confirmed" in words(marie.text(f"/records/{granted.ref}"))


def test_what_a_proof_lacks_stands_beside_its_field_and_nothing_is_handed_in(
    desk: Desk, marie: Reader, granted: Granted
):
    page = granted.proof("limtra")
    ahead = {"done_on": "2027-09-01", "what": "", "file": (BytesIO(b"MZ not a paper"), "paper.exe")}
    answer = marie.post(page, ahead, content_type="multipart/form-data")
    assert answer.status_code == 422
    for field in ("done_on", "what", "file"):
        assert f'href="#field-{field}"' in answer.text
    assert 'value="2027-09-01"' in answer.text
    assert "Please fill in" in marie.post(page, {"what": "A badge"}).text
    with desk.house.tx() as tx:
        assert tx.session.scalar(select(func.count()).select_from(DeliveryProof)) == 0
    assert desk.house.state(granted.lines["limtra"]) == "granted"


def test_a_claim_says_what_is_missing_and_keeps_the_rest(desk: Desk, marie: Reader, granted: Granted):
    granted.hand_in(marie, "limtra")
    data = granted.claimed(marie, limtra="3 000", snickeri="a lot") | {"account.iban": "SE00 1234"}
    answer = marie.post(granted.claim, data)
    assert answer.status_code == 422
    for firm in ("limtra", "snickeri"):
        assert f'id="field-passed_on.{desk.ref(granted.lines[firm])}"' in answer.text
    assert 'value="a lot"' in answer.text
    assert 'href="#field-account.iban"' in answer.text
    assert desk.house.line(granted.lines["limtra"]).passed_on == 3_000_00, "what could be read is kept"

    told = marie.post(granted.claim, granted.claimed(marie, limtra="3 000", snickeri="1 500"))
    assert told.status_code == 422
    read = words(told.text)
    assert f"These firms' activities have not been proven yet: {cast.JOINERY.name}." in read
    assert "The whole value has to reach the firm." in read
    assert desk.house.state(granted.request) == "granted"
    saved = marie.post(granted.claim, granted.claimed(marie, limtra="4 000") | {"then": "stay"})
    assert went_on(saved) == granted.claim


def test_an_account_that_stands_is_not_given_anew(desk: Desk, marie: Reader, granted: Granted):
    for _ in range(2):
        went_on(marie.post(granted.claim, granted.claimed(marie) | {"then": "stay"}))
    assert IBAN in marie.text(granted.claim)
    with desk.house.tx() as tx:
        assert tx.session.scalar(select(func.count()).select_from(BankAccount)) == 1
        assert current_account(tx, granted.request) is not None


def test_a_proof_and_a_claim_that_came_back_are_done_again(desk: Desk, marie: Reader, granted: Granted):
    granted.hand_in(marie, "limtra")
    granted.hand_in(marie, "snickeri")
    desk.house.step("anneli", granted.lines["limtra"], "return_proof", reason="The badge is somebody else's.")
    page = marie.text(granted.proof("limtra"))
    assert "A proof was handed in before and came back." in page
    granted.hand_in(marie, "limtra", what="The right badge.")
    assert desk.house.state(granted.lines["limtra"]) == "proven"
    went_on(marie.post(granted.claim, granted.claimed(marie, limtra="4000", snickeri="1500")))
    desk.house.step("yusuf", granted.request, "return_claim", reason="The value of one firm is not shown.")
    assert "The value of one firm is not shown." in marie.text(f"/records/{granted.ref}")
    again = marie.text(granted.claim)
    assert IBAN in again
    went_on(marie.post(granted.claim, granted.claimed(marie, limtra="4000", snickeri="1500")))
    assert desk.house.state(granted.request) == "claimed"


def test_an_officer_has_no_claim_and_no_proof_to_make(desk: Desk, granted: Granted):
    yusuf = desk.reader("yusuf")
    for page in (granted.claim, granted.proof("limtra")):
        assert went_on(yusuf.get(page)).startswith("/records/")
        assert went_on(yusuf.post(page, TYPED)).startswith("/records/")
    assert desk.house.state(granted.lines["limtra"]) == "granted"


def test_a_link_goes_to_the_address_that_was_mended(desk: Desk, marie: Reader):
    desk.house.now = TODAY
    _, lines = desk.house.request_of(pellets="market_visit")
    line = lines["pellets"]
    (again,) = steps_of(marie, desk, line, "contact")
    page = marie.text(again)
    wrong = marie.post(again, {"contact": "stina", "revision": hidden(page, "revision")})
    assert wrong.status_code == 422
    assert 'value="stina"' in wrong.text
    sent = desk.house.link(line)
    went_on(marie.post(again, {"contact": "stina@pellets.invalid", "revision": hidden(page, "revision")}))
    assert desk.house.line(line).contact == "stina@pellets.invalid"
    assert desk.house.link(line) != sent, "the old link stops working"
    (drop,) = steps_of(marie, desk, line, "reason")
    page = marie.text(drop)
    went_on(marie.post(drop, {"reason": "It has no time.", "revision": hidden(page, "revision")}))
    assert desk.house.state(line) == "dropped"


def steps_of(reader: Reader, desk: Desk, line: UUID, field: str) -> list[str]:
    """Return the pages of steps of a line that ask for a field."""
    ref = desk.ref(line)
    page = reader.text(f"/records/{ref}")
    addresses = {each.partition('"')[0] for each in page.split('href="')}
    found = sorted(each for each in addresses if each.startswith(f"/records/{ref}/steps/"))
    return [each for each in found if f'name="{field}"' in reader.text(each)]
