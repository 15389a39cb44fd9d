"""The switch that really sends nothing: what would leave is held, and nobody outside hears a word."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from grantflow.domain.actor import SYSTEM, Actor
from grantflow.services import cases, post, undelivered
from grantflow.services.mail import SmtpCarrier
from grantflow.worker.delivery import Delivery, PaperMill
from tests.worker.office import Office, long_ago

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Ear:
    """A socket that listens where a mail server would, and notes whether anybody ever comes."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.setblocking(False)
        self.port = int(self._socket.getsockname()[1])

    def heard(self) -> bool:
        try:
            self._socket.accept()[0].close()
        except BlockingIOError:
            return False
        return True

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def ear() -> Iterator[Ear]:
    ear = Ear()
    yield ear
    ear.close()


@contextmanager
def delivering(office: Office, ear: Ear, files: Path, *, sending: bool) -> Iterator[Delivery]:
    mill = PaperMill(1)
    carrier = SmtpCarrier("grants@region.example", "127.0.0.1", ear.port, "none", "", "")
    yield Delivery(office.database, carrier, mill, files, lambda: NOW, sending=sending)
    mill.close()


def standings(office: Office) -> list[str]:
    with office.database.reading(SYSTEM, NOW) as tx:
        return [each.standing for each in undelivered.undelivered(tx)]


def test_nothing_leaves_and_everything_is_held(office: Office, ear: Ear, tmp_path: Path) -> None:
    office.furnish(1, deadline=NOW + timedelta(days=30), opened=NOW)
    with office.database.transaction(Actor("person", office.people[0]), NOW) as tx:
        cases.step(tx, office.applications[0], "send")

    with delivering(office, ear, tmp_path, sending=False) as delivery:
        assert delivery.deliver_waiting() == 0
        with office.database.transaction(SYSTEM, NOW) as tx:
            assert undelivered.release(tx) == len(standings(office))
            (message, *_) = post.hand_out(tx)
        assert delivery.deliver(message, lambda _tx, _delay: None) == "held"

    assert not ear.heard()
    assert "held" in standings(office)
    with office.database.reading(SYSTEM, NOW) as tx:
        assert message not in post.waiting(tx)


def test_with_the_switch_on_the_same_delivery_knocks(office: Office, ear: Ear, tmp_path: Path) -> None:
    office.furnish(1, deadline=NOW + timedelta(days=30), opened=NOW)
    ear.close()  # nobody answers: a closed door tells sooner than a silent one
    with office.database.transaction(Actor("person", office.people[0]), NOW) as tx:
        cases.step(tx, office.applications[0], "send")

    with delivering(office, ear, tmp_path, sending=True) as delivery:
        assert delivery.deliver_waiting() == 0

    with office.database.reading(SYSTEM, NOW) as tx:
        faults = {each.fault for each in undelivered.undelivered(tx)}
    assert any("ConnectionRefusedError" in (fault or "") for fault in faults)


def test_what_is_held_leaves_or_is_dropped_when_somebody_says_so(office: Office) -> None:
    office.furnish(2, deadline=NOW + timedelta(days=30), opened=NOW)
    with office.database.transaction(Actor("person", office.people[0]), NOW) as tx:
        cases.step(tx, office.applications[0], "send")
    with office.database.transaction(Actor("person", office.people[1]), NOW) as tx:
        cases.step(tx, office.applications[1], "send")
    with office.database.transaction(SYSTEM, NOW) as tx:
        post.hold_waiting(tx)
        (first, *rest) = [each.id for each in undelivered.undelivered(tx)]
        assert undelivered.release(tx, [first]) == 1
        assert undelivered.drop(tx) == len(rest) > 0

    with office.database.reading(SYSTEM, NOW) as tx:
        assert post.waiting(tx) == [first]
        assert [each.standing for each in undelivered.undelivered(tx)] == ["waiting"]
        assert undelivered.undelivered(tx, failed_only=True) == []


@pytest.mark.slow
def test_a_worker_whose_switch_is_off_opens_no_connection(office: Office, ear: Ear) -> None:
    deadline, opened = long_ago()
    office.furnish(3, deadline=deadline, opened=opened)
    server = {
        "mail_delivery": "smtp",
        "mail_server": "127.0.0.1",
        "mail_port": ear.port,
        "mail_security": "none",
    }

    with office.worker(**server, sending="off"):
        office.wait_until("every application is closed", lambda: len(office.steps("close")) == 3)
        office.wait_until("all is held", lambda: office.count("gf_outbox_message WHERE held_at IS NULL") == 0)

    assert not ear.heard()
    assert office.count("gf_outbox_message WHERE done_at IS NOT NULL") == 0
