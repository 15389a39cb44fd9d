"""Mails that do not arrive: one refused address keeps no other mail from leaving, and both sides are told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from grantflow.domain.actor import SYSTEM
from grantflow.domain.refusal import Refused
from grantflow.services import bounces
from grantflow.services.mail import Envelope, NoSuchAddress, SmtpCarrier
from grantflow.store.people.models import User
from grantflow.worker.delivery import Delivery, PaperMill
from tests.services.cases.house import grant, put
from tests.worker.office import MailServer, Office
from tests.worker.test_delivery import NOW, never, row, send

REPORT = """\
From: MAILER-DAEMON@mail.example
Subject: Undelivered Mail
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It did not arrive.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example

Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 User\tunknown
--b
Content-Type: {kind}

Message-ID: <{key}@grants.example>
Subject: Your application is received

--b--
"""


@dataclass
class Picky:
    """A carrier that refuses some addresses for good."""

    refused: set[str]
    carried: list[Envelope] = field(default_factory=list)

    def carry(self, envelope: Envelope) -> None:
        if envelope.to_address in self.refused:
            raise NoSuchAddress("550 5.1.1 User unknown")
        self.carried.append(envelope)


@pytest.fixture
def picky() -> Picky:
    return Picky(set())


@pytest.fixture
def delivery(office: Office, picky: Picky, tmp_path: Path) -> Iterator[Delivery]:
    office.furnish(1, deadline=NOW + timedelta(days=30), opened=NOW)
    mill = PaperMill(1)
    yield Delivery(office.database, picky, mill, tmp_path / "files", lambda: NOW)
    mill.close()


def second_applicant(office: Office) -> UUID:
    with office.database.transaction(SYSTEM, NOW) as tx:
        other = tx.new_id()
        put(tx, User, id=other, email="second@example.invalid", name="Second", language="en")
        grant(tx, "applicant", office.applications[0], user_id=other)
    return other


def known(office: Office) -> list[tuple[str, str, bool]]:
    with office.database.reading(SYSTEM, NOW) as tx:
        found = bounces.not_reached_on(tx, office.applications[0])
    return [(each.address, each.reason, each.reachable) for each in found]


@pytest.mark.slow
def test_one_refused_address_stops_no_other_mail(office: Office, delivery: Delivery, picky: Picky) -> None:
    second_applicant(office)
    picky.refused = {"p0@example.invalid"}
    message = send(office)

    assert delivery.deliver(message, never) == "sent"

    assert [mail.to_address for mail in picky.carried] == ["second@example.invalid"]
    assert row(office, message).fault is None
    assert known(office) == [("p0@example.invalid", "550 5.1.1 User unknown", False)]


@pytest.mark.slow
def test_a_message_that_reaches_nobody_is_given_up_with_what_was_said(
    office: Office, delivery: Delivery, picky: Picky
) -> None:
    picky.refused = {"p0@example.invalid"}
    message = send(office)

    assert delivery.deliver(message, never) == "undeliverable"

    assert row(office, message).fault == "550 5.1.1 User unknown"
    with office.database.reading(SYSTEM, NOW) as tx:
        found = bounces.unreachable(tx, office.people[0])
    assert found is not None
    assert (found.address, found.since) == ("p0@example.invalid", NOW)


def test_another_address_or_a_word_of_the_person_clears_it(office: Office, delivery: Delivery) -> None:
    message, person = send(office), office.people[0]

    def noted() -> bool:
        with office.database.reading(SYSTEM, NOW) as tx:
            return bounces.unreachable(tx, person) is not None

    for _ in range(2):
        with office.database.transaction(SYSTEM, NOW) as tx:
            bounces.note(tx, message, person, "p0@example.invalid", "550\r\nBcc: no")
        assert noted()
        with office.database.transaction(SYSTEM, NOW) as tx:
            bounces.say_it_works(tx, person)
        assert not noted()
    with office.database.transaction(SYSTEM, NOW) as tx:
        bounces.note(tx, message, person, "p0@example.invalid", "550 no")
        tx.execute(sa.update(User).where(User.id == person).values(email="new@example.invalid"))
    assert not noted()
    assert {reachable for _, _, reachable in known(office)} == {True}
    assert {reason for _, reason, _ in known(office)} == {"550 Bcc: no", "550 no"}


def report(key: str, address: str, action: str = "failed", status: str = "5.1.1", kind: str = "") -> bytes:
    kind = kind or "text/rfc822-headers"
    return REPORT.format(key=key, address=address, action=action, status=status, kind=kind).encode()


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["text/rfc822-headers", "message/rfc822"])
def test_a_report_that_comes_back_is_noted_once(
    office: Office, delivery: Delivery, picky: Picky, kind: str
) -> None:
    delivery.deliver(send(office), never)
    (mail,) = picky.carried
    came_back = report(mail.key, "P0@example.invalid", kind=kind)
    for _ in range(2):
        with office.database.transaction(SYSTEM, NOW) as tx:
            assert len(bounces.note_report(tx, came_back)) == 1

    assert known(office) == [("p0@example.invalid", "5.1.1 550 5.1.1 User unknown", False)]


@pytest.mark.slow
def test_what_is_delayed_or_about_others_marks_nobody(
    office: Office, delivery: Delivery, picky: Picky
) -> None:
    delivery.deliver(send(office), never)
    (mail,) = picky.carried
    with office.database.transaction(SYSTEM, NOW) as tx:
        assert bounces.note_report(tx, report(mail.key, "p0@example.invalid", "delayed", "4.4.1")) == []
        assert bounces.note_report(tx, report(mail.key, "someone.else@example.invalid")) == []
    assert known(office) == []


@pytest.mark.parametrize(
    "forged",
    [
        b"",
        b"Subject: hello\n\nno report",
        report(f"outbox-{UUID(int=7)}.{UUID(int=8).hex}", "p0@example.invalid"),
        report("something-else", "p0@example.invalid"),
        b"\xff\x00" * 1000,
    ],
)
def test_what_is_no_report_of_ours_is_refused(office: Office, delivery: Delivery, forged: bytes) -> None:
    with pytest.raises(Refused), office.database.transaction(SYSTEM, NOW) as tx:
        bounces.note_report(tx, forged)
    assert office.count("gf_unreached") == 0


def test_a_mail_server_that_refuses_the_recipient_is_quoted(mail_server: MailServer) -> None:
    mail_server.refused = {"p0@example.invalid"}
    carrier = SmtpCarrier("grants@grants.example", "127.0.0.1", mail_server.port, "none", "", "")
    mail = Envelope("outbox-1.2", "P", "p0@example.invalid", "S", "t", None, NOW)
    with pytest.raises(NoSuchAddress, match=r"550 5\.1\.1 no such user"):
        carrier.carry(mail)
    carrier.carry(replace(mail, to_address="p1@example.invalid"))
    assert mail_server.keys.total() == 1
