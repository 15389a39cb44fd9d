"""One message from the outbox to the outside, without the job engine: to whom, with what, and what when it fails."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from grantflow.domain.actor import SYSTEM, Actor
from grantflow.services import cases, post, timers
from grantflow.services.mail import Envelope, Undeliverable
from grantflow.store.cases import CaseRow
from grantflow.store.outbox import OutboxMessage
from grantflow.store.people.models import RoleGrant, User
from grantflow.worker.delivery import Delivery, PaperMill
from tests.services.cases.house import grant, put
from tests.worker.office import Office, firm

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass
class Bag:
    """A carrier that keeps what it is given, or does not take it."""

    carried: list[Envelope] = field(default_factory=list)
    fault: Exception | None = None

    def carry(self, envelope: Envelope) -> None:
        if self.fault is not None:
            raise self.fault
        self.carried.append(envelope)


@pytest.fixture
def bag() -> Bag:
    return Bag()


@pytest.fixture
def delivery(office: Office, bag: Bag, tmp_path: Path) -> Iterator[Delivery]:
    office.furnish(1, deadline=NOW + timedelta(days=30), opened=NOW)
    mill = PaperMill(1)
    yield Delivery(office.database, bag, mill, tmp_path / "files", lambda: NOW)
    mill.close()


def send(office: Office) -> UUID:
    """Let the applicant send, and return the message that follows from it."""
    with office.database.transaction(Actor("person", office.people[0]), NOW) as tx:
        cases.step(tx, office.applications[0], "send")
    return waiting(office)[0]


def waiting(office: Office) -> list[UUID]:
    with office.database.reading(SYSTEM, NOW) as tx:
        return post.waiting(tx)


def row(office: Office, message: UUID) -> OutboxMessage:
    with office.database.reading(SYSTEM, NOW) as tx:
        return tx.session.get_one(OutboxMessage, message)


def never(_tx: object, _delay: int) -> None:
    raise AssertionError("nothing is to be tried again")


def test_a_message_goes_to_everybody_who_plays_the_role(office: Office, delivery: Delivery, bag: Bag) -> None:
    with office.database.transaction(SYSTEM, NOW) as tx:
        people = {}
        for name in ("member", "former", "stranger"):
            people[name] = tx.new_id()
            put(tx, User, id=people[name], email=f"{name}@example.invalid", name=name, language="en")
        grant(tx, "applicant", office.applications[0], organisation_id=firm(tx, people["member"]))
        ended = grant(tx, "applicant", office.applications[0], user_id=people["former"])
        tx.execute(sa.update(RoleGrant).where(RoleGrant.id == ended).values(ended_at=NOW))
    message = send(office)

    assert delivery.deliver(message, never) == "sent"

    assert {mail.to_address for mail in bag.carried} == {"p0@example.invalid", "member@example.invalid"}
    assert {mail.key for mail in bag.carried} == {
        f"outbox-{message}.{office.people[0].hex}",
        f"outbox-{message}.{people['member'].hex}",
    }
    assert waiting(office) == []


def test_a_message_that_has_left_is_known(office: Office, delivery: Delivery, bag: Bag) -> None:
    message = send(office)
    delivery.deliver(message, never)

    assert delivery.deliver(message, never) == "known"
    assert len(bag.carried) == 1


@pytest.mark.slow
def test_a_letter_on_paper_goes_with_the_mail_and_into_the_file(
    office: Office, delivery: Delivery, bag: Bag, tmp_path: Path
) -> None:
    delivery.deliver(send(office), never)

    ((name, pdf),) = bag.carried[0].attachments
    assert name == "receipt-en.pdf"
    assert pdf.startswith(b"%PDF-")
    kept = [path for path in (tmp_path / "files").rglob("*") if path.is_file()]
    assert [path.read_bytes() for path in kept] == [pdf]
    assert office.count("gf_stored_file") == 1


def test_a_message_that_nobody_gets_is_noted(office: Office, delivery: Delivery) -> None:
    message = send(office)
    with office.database.transaction(SYSTEM, NOW) as tx:
        tx.execute(sa.update(RoleGrant).values(ended_at=NOW))

    assert delivery.deliver(message, never) == "nobody"

    assert row(office, message).fault == post.NOBODY


def test_what_fails_is_tried_again_later_and_later(
    office: Office, delivery: Delivery, bag: Bag, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(post, "LAST_ATTEMPT", 6)
    monkeypatch.setattr(post, "LONGEST_DELAY", 60)
    message = send(office)
    bag.fault = ConnectionRefusedError("nobody there")
    delays: list[int] = []

    for _ in range(post.LAST_ATTEMPT):
        assert delivery.deliver(message, lambda _tx, delay: delays.append(delay)) == "later"

    assert delays == [10, 20, 40, 60, 60], "after the last attempt it is left alone"
    left = row(office, message)
    assert (left.done_at, left.fault) == (None, "ConnectionRefusedError: nobody there")
    bag.fault = None
    assert delivery.deliver(message, never) == "sent"
    assert row(office, message).fault is None


def test_what_can_never_be_delivered_is_not_tried_again(office: Office, delivery: Delivery, bag: Bag) -> None:
    message = send(office)
    bag.fault = Undeliverable("the mail server does not know the address")

    assert delivery.deliver(message, never) == "undeliverable"

    assert row(office, message).done_at == NOW
    assert row(office, message).fault == "the mail server does not know the address"


def test_handing_out_marks_what_it_takes_in_order(office: Office, delivery: Delivery) -> None:
    message = send(office)
    with office.database.transaction(SYSTEM, NOW) as tx:
        like_it = tx.session.get_one(OutboxMessage, message)
        values = {column.key: getattr(like_it, column.key) for column in sa.inspect(OutboxMessage).columns}
        tx.execute(sa.insert(OutboxMessage), [{**values, "id": tx.new_id()} for _ in range(5)])
    all_of_them = waiting(office)

    with office.database.transaction(SYSTEM, NOW) as tx:
        first = post.hand_out(tx, 4)
    with office.database.transaction(SYSTEM, NOW, keep=False) as tx:
        assert len(post.hand_out(tx, 4)) == 2
    with office.database.transaction(SYSTEM, NOW) as tx:
        rest = post.hand_out(tx, 4)

    assert [*first, *rest] == all_of_them == sorted(all_of_them)
    assert waiting(office) == []


def test_what_was_handed_out_and_forgotten_waits_again(office: Office, delivery: Delivery) -> None:
    message = send(office)
    with office.database.transaction(SYSTEM, NOW) as tx:
        post.hand_out(tx)
    with office.database.transaction(SYSTEM, NOW + post.FORGOTTEN) as tx:
        assert post.take_back_forgotten(tx) == 0
    with office.database.transaction(SYSTEM, NOW + post.FORGOTTEN + timedelta(seconds=1)) as tx:
        assert post.take_back_forgotten(tx) == 1

    assert waiting(office) == [message]


def test_a_command_delivers_what_waits_and_leaves_the_rest(
    office: Office, delivery: Delivery, bag: Bag
) -> None:
    message = send(office)
    bag.fault = ConnectionRefusedError("nobody there")
    assert delivery.deliver_waiting() == 0
    assert waiting(office) == [message]

    bag.fault = None
    assert delivery.deliver_waiting() == 1
    assert waiting(office) == []


def test_a_mail_says_what_waits_by_when_and_where(office: Office, delivery: Delivery, bag: Bag) -> None:
    """The reminder of a draft asks for the next step; the receipt of what was sent asks for nothing."""
    office_with_address = Delivery(
        office.database, bag, PaperMill(1), delivery._files, lambda: NOW, house="https://grants.example"
    )
    with office.database.transaction(SYSTEM, NOW + timedelta(days=20)) as tx:
        timers.fire_due(tx)
    office_with_address.deliver_waiting()

    (mail,) = bag.carried
    assert "What waits for you: Send\nBy when: 1 April 2026, 09:00" in mail.text
    with office.database.reading(SYSTEM, NOW) as tx:
        ref = tx.session.get_one(CaseRow, office.applications[0]).ref
    assert f"Open it here: https://grants.example/records/{ref}" in mail.text
    assert f'href="https://grants.example/records/{ref}"' in (mail.html or "")
