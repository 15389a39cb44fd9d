"""A small office for trying the worker: a call with applications in it, workers as real processes, and a mail server."""

from __future__ import annotations

import email
import os
import re
import signal
import socketserver
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.policy import default as modern
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from grantflow.app import SCHEME, registry
from grantflow.domain.actor import SYSTEM, Actor
from grantflow.services import cases, clock
from grantflow.store.applications.models import Application
from grantflow.store.calls.models import Call, CallDate
from grantflow.store.people.models import Membership, Organisation, User
from grantflow.store.programmes.models import Programme
from grantflow.store.published import publish
from grantflow.store.session import Database, Tx
from grantflow.workflow.checks import check_scheme
from grantflow.workflow.engine import Engine
from grantflow.workflow.loader import load_scheme
from tests.services.cases.house import grant, put

ERRAND = Path(__file__).parent / "errand" / "v1"
PATIENCE = 25
"""Seconds after which a test gives up waiting for processes: far more than they need."""


class Office:
    """One call of the errand scheme and its applications."""

    def __init__(self, url: str, data: Path) -> None:
        loaded = load_scheme(ERRAND)
        assert loaded.scheme is not None, loaded.findings
        errors = [each for each in check_scheme(loaded.scheme, registry()) if each.severity == "error"]
        assert errors == []
        self.url = url
        self.data = data
        self.database = Database(url, Engine(registry(), [loaded.scheme]))
        self.people: list[UUID] = []
        self.applications: list[UUID] = []
        self.working: list[subprocess.Popen[bytes]] = []
        self._text = loaded.scheme.text

    def furnish(
        self, applications: int, *, deadline: datetime, opened: datetime, demo: bool = False
    ) -> Office:
        """Open the call and let as many people begin an application."""
        with self.database.transaction(SYSTEM, opened) as tx:
            if demo:
                clock.mark_as_demo(tx)
            publish(tx, SCHEME, "errand", 1, self._text)
            programme = tx.new_id()
            put(tx, Programme, id=programme, name={"en": "North"}, agency="Agency", ref_prefix="ERR")

            def its_call(each: UUID) -> None:
                words: dict[str, Any] = {"title": {"en": "Errands"}, "language": "en", "zone": "UTC"}
                words |= {"currency": "EUR", "parameters": {}, "days_off": [], "stage": 1}
                put(tx, Call, id=each, programme_id=programme, slug="errands", **words)
                local = f"{deadline:%Y-%m-%d %H:%M}"
                when = {"call_id": each, "stage": 1, "name": "submission_deadline", "local": local}
                put(tx, CallDate, **when, zone="UTC", at=deadline)

            call = cases.create(tx, "call", scheme=("errand", 1), prefix="ERR-2026", record=its_call).case_id
            for number in range(applications):
                person = tx.new_id()
                put(
                    tx, User, id=person, email=f"p{number}@example.invalid", name=f"P {number}", language="en"
                )
                grant(tx, "applicant", call, user_id=person)
                self.people.append(person)
        self.call = call
        for person in self.people:
            with self.database.transaction(Actor("person", person), opened) as tx:
                owner = firm(tx, person)

                def its_application(each: UUID, owner: UUID = owner) -> None:
                    put(tx, Application, id=each, call_id=call, organisation_id=owner, title="Wood", stage=1)

                self.applications.append(
                    cases.create(tx, "application", call_id=call, record=its_application).case_id
                )
        with self.database.transaction(SYSTEM, opened) as tx:
            tx.connection.execute(sa.text("DELETE FROM gf_role_grant WHERE role = 'applicant'"))
            for person, application in zip(self.people, self.applications, strict=True):
                grant(tx, "applicant", application, user_id=person)
        return self

    def wait_until(self, what: str, holds: Callable[[], object]) -> None:
        """Wait for the workers; fail with a sentence when one of them died by itself, or when it takes far too long."""
        end = time.monotonic() + PATIENCE
        pause = threading.Event()
        while not holds():
            assert time.monotonic() < end, (
                f"waited in vain: {what}; {self.rows('SELECT DISTINCT fault FROM gf_outbox_message')}"
            )
            assert all(process.poll() is None for process in self.working), "a worker died"
            pause.wait(0.05)

    def rows(self, statement: str) -> Sequence[tuple[Any, ...]]:
        """Read with plain SQL."""
        with self.database.sql.connect() as connection:
            return [tuple(row) for row in connection.execute(sa.text(statement))]

    def count(self, what: str) -> int:
        """Count rows."""
        return int(self.rows(f"SELECT COUNT(*) FROM {what}")[0][0])

    def steps(self, transition: str) -> Counter[Any]:
        """How often each record took a step, by the journal."""
        found = f"SELECT record_id, transition FROM gf_journal_entry WHERE transition = '{transition}'"
        return Counter(row[0] for row in self.rows(found))

    def all_is_sent(self) -> bool:
        """Whether no message waits."""
        return self.count("gf_outbox_message WHERE done_at IS NULL") == 0

    def messages(self) -> set[str]:
        """The ids of all messages, as their keys spell them."""
        return {str(UUID(str(row[0]))) for row in self.rows("SELECT id FROM gf_outbox_message")}

    @contextmanager
    def worker(self, **settings: object) -> Iterator[subprocess.Popen[bytes]]:
        """Run a worker as a process of its own; at the end it must stop by itself when told to."""
        process = start(self.url, self.data, ["worker"], **settings)
        self.working.append(process)
        try:
            yield process
        finally:
            self.working.remove(process)
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE) in (0, -signal.SIGKILL)


def start(url: str, data: Path, words: Sequence[str], **settings: object) -> subprocess.Popen[bytes]:
    """Start a command of ours as a process."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("GRANTFLOW_")}
    environ |= {"GRANTFLOW_DATABASE_URL": url, "GRANTFLOW_DATA": str(data)}
    environ |= {f"GRANTFLOW_{name.upper()}": str(value) for name, value in settings.items()}
    return subprocess.Popen([sys.executable, "-m", "grantflow.cli", *words], env=environ)


def firm(tx: Tx, *members: UUID) -> UUID:
    """Make a firm with members."""
    each = tx.new_id()
    put(tx, Organisation, id=each, name="Firm", identifier_kind="test", identifier=each.hex)
    for member in members:
        put(tx, Membership, user_id=member, organisation_id=each, authorised=1)
    return each


class MailServer:
    """A mail server that keeps what it gets; it can hold its breath in the middle of a mail."""

    def __init__(self) -> None:
        self.keys: Counter[str] = Counter()
        self.refused: set[str] = set()
        """Addresses of which it knows nobody."""
        self.texts: list[str] = []
        """The plain text of each mail, in the order in which they came."""
        self.begun = threading.Event()
        self.breathe = threading.Event()
        self.breathe.set()
        self.ending = False
        server = self

        class Session(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                server.talk(self)

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    @property
    def settings(self) -> dict[str, object]:
        """What a worker must be told to send its mails here."""
        where = {"mail_server": "127.0.0.1", "mail_port": self.port, "mail_security": "none"}
        return {"mail_delivery": "smtp", **where}

    def talk(self, session: socketserver.StreamRequestHandler) -> None:
        """Speak as much SMTP as is needed to take mails."""

        def say(line: str) -> None:
            session.wfile.write(f"{line}\r\n".encode())

        say("220 office")
        for line in iter(session.rfile.readline, b""):
            verb = line[:4].upper()
            if verb == b"DATA":
                say("354 go on")
                content = b"".join(iter(session.rfile.readline, b".\r\n"))
                mail = email.message_from_bytes(content, policy=modern)
                key = str(mail["Message-ID"])
                self.begun.set()
                self.breathe.wait(PATIENCE)
                if self.ending:
                    return
                body = mail.get_body(("plain",))
                self.texts.append("" if body is None else body.get_content())
                self.keys[re.sub(r"^<outbox-|@.*$", "", key)] += 1
                say("250 taken")
            elif verb == b"RCPT" and any(each.encode() in line for each in self.refused):
                say("550 5.1.1 no such user")
            elif verb == b"QUIT":
                say("221 bye")
                return
            else:
                say("250 yes")

    def close(self) -> None:
        """End."""
        self.ending = True
        self.breathe.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def long_ago() -> tuple[datetime, datetime]:
    """A deadline that has passed, and an opening long before it."""
    now = datetime.now(UTC)
    return now - timedelta(hours=1), now - timedelta(minutes=90)
