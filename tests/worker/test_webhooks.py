"""Webhooks: one delivery for a step, signed, tried again, noted, stopped after days, replayed under the same id."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from grantflow.domain.actor import SYSTEM, Actor
from grantflow.domain.refusal import Refused
from grantflow.services import cases
from grantflow.services.webhooks import keeping, sending
from grantflow.services.webhooks.sending import NotSent, Sender
from grantflow.store.programmes.models import Programme
from grantflow.worker.delivery import Delivery, PaperMill
from tests.services.cases.house import grant
from tests.worker.office import Office, long_ago
from tests.worker.test_delivery import Bag

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DOCS = Path(__file__).parents[2] / "docs" / "messages.md"


@dataclass
class Got:
    """A request as it came in."""

    headers: dict[str, str]
    body: bytes
    at: float

    @property
    def told(self) -> dict[str, Any]:
        return json.loads(self.body)  # type: ignore[no-any-return]  # what was sent


@dataclass
class Receiver:
    """A server outside that keeps what it gets and answers as it is told."""

    answers: list[int] = field(default_factory=list)
    got: list[Got] = field(default_factory=list)
    location: str = ""

    def __post_init__(self) -> None:
        receiver = self

        class Page(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append(Got(dict(self.headers), body, datetime.now(UTC).timestamp()))
                status = receiver.answers.pop(0) if receiver.answers else 204
                self.send_response(status)
                if receiver.location:
                    self.send_header("Location", receiver.location)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/grants?from=here"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.close()


class Post:
    """An office whose programme tells the receiver, and what delivers by hand."""

    def __init__(self, office: Office, receiver: Receiver, folder: Path) -> None:
        self.office, self.receiver = office, receiver
        self.now = START
        self.mill = PaperMill(1)
        self.delivery = Delivery(
            office.database,
            Bag(),
            self.mill,
            folder,
            lambda: self.now,
            house="https://grants.example",
            sender=Sender(private=True),
        )
        self.bag: Bag = self.delivery._carrier  # type: ignore[assignment]  # as given above

    def register(self, **given: Any) -> str:
        """Register the receiver for the programme, by the first of the office's people; return the secret."""
        with self.office.database.transaction(SYSTEM, self.now) as tx:
            programme = tx.session.query(Programme).one()
            grant(tx, "officer", programme.id, user_id=self.office.people[0])
            asked: dict[str, Any] = {"kinds": (), "tags": (), "by": "p0@example.invalid", "private": True}
            asked |= {"known_kinds": ("application", "call")} | given
            secret, kept = keeping.add(tx, programme.ref_prefix, asked.pop("url", self.receiver.url), **asked)
        self.webhook = kept.id
        return secret

    def send(self, number: int = 0) -> None:
        """Let an application be sent."""
        with self.office.database.transaction(Actor("person", self.office.people[number]), self.now) as tx:
            cases.step(tx, self.office.applications[number], "send")

    def deliver(self) -> None:
        self.delivery.deliver_waiting()

    def count(self, kind: str) -> int:
        return self.office.count(f"gf_outbox_message WHERE kind = '{kind}'")


@pytest.fixture
def post(office: Office, receiver: Receiver, tmp_path: Path) -> Iterator[Post]:
    office.furnish(3, deadline=START + timedelta(days=30), opened=START)
    post = Post(office, receiver, tmp_path / "files")
    yield post
    post.mill.close()


def verifier() -> Callable[[str, str, bytes, float], bool]:
    """What the docs tell a receiver to do, taken from the docs."""
    (code,) = re.findall(r"```python verify\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    named: dict[str, Any] = {}
    exec(code, named)
    return named["is_genuine"]  # type: ignore[no-any-return]  # defined there


def test_where_nobody_listens_a_step_leaves_nothing(post: Post) -> None:
    post.send()
    assert post.count("step") == 0


@pytest.mark.slow
def test_a_step_is_told_once_with_nothing_but_what_everybody_may_know(post: Post) -> None:
    post.register()
    post.send()
    assert post.count("step") == 1
    post.deliver()
    post.deliver()

    (got,) = post.receiver.got
    assert got.told.keys() == {"id", "event", "kind", "ref", "state", "at", "url"}
    assert got.told["event"] == "application.moved"
    assert got.told["state"] == {"label": "Sent", "tags": ["closed"]}
    assert got.told["url"] == f"https://grants.example/api/v1/records/{got.told['ref']}"
    assert got.told["at"] == "2026-03-02T09:00:00.000000Z"
    assert got.headers["GrantFlow-Delivery"] == got.told["id"]
    for private in (b"Wood", b"Firm", b"example.invalid", b"P 0"):
        assert private not in got.body
    assert post.office.rows("SELECT data FROM gf_outbox_message WHERE kind = 'step'") in ([("{}",)], [({},)])


@pytest.mark.slow
def test_a_receiver_that_follows_the_docs_knows_what_is_genuine(post: Post) -> None:
    secret = post.register()
    post.send()
    post.deliver()
    (got,) = post.receiver.got
    is_genuine, header = verifier(), got.headers["GrantFlow-Signature"]

    assert is_genuine(secret, header, got.body, got.at)
    assert not is_genuine(secret, header, got.body + b" ", got.at)
    assert not is_genuine("another", header, got.body, got.at)
    assert not is_genuine(secret, header, got.body, got.at + 301)
    assert not is_genuine(secret, re.sub(r"t=\d+", "t=1", header), got.body, got.at)
    assert not is_genuine(secret, "", got.body, got.at)


@pytest.mark.slow
def test_what_is_not_taken_is_tried_again_under_the_same_id_and_each_attempt_is_noted(post: Post) -> None:
    post.register()
    post.receiver.answers = [500, 404, 200]
    post.send()
    for _ in range(4):
        post.deliver()
        post.now += timedelta(minutes=1)

    assert len({got.told["id"] for got in post.receiver.got}) == 1
    assert len(post.receiver.got) == 3
    with post.office.database.reading(SYSTEM, post.now) as tx:
        tried = keeping.attempts(tx, post.webhook)
        (kept,) = keeping.webhooks(tx)
    assert [each.status for each in tried] == [200, 404, 500]
    assert tried[0].fault is None
    assert kept.failing_since is None


@pytest.mark.slow
def test_a_redirect_is_a_no(post: Post) -> None:
    post.register()
    post.receiver.location = post.receiver.url
    post.receiver.answers = [307]
    post.send()
    post.deliver()
    assert len(post.receiver.got) == 1


@pytest.mark.slow
def test_days_of_failure_stop_it_and_its_maker_is_told(post: Post) -> None:
    post.register()
    post.receiver.answers = [500] * 9
    post.send(0)
    post.deliver()
    post.now += keeping.STOPPED_AFTER
    post.send(1)
    post.deliver()

    assert len(post.receiver.got) >= 2
    with post.office.database.reading(SYSTEM, post.now) as tx:
        (kept,) = keeping.webhooks(tx)
    assert kept.stopped_at == post.now
    told = [mail for mail in post.bag.carried if mail.subject == "A webhook is stopped"]
    assert [mail.to_address for mail in told] == ["p0@example.invalid"]
    assert post.receiver.url in told[0].text

    before = len(post.receiver.got)
    post.send(2)
    post.deliver()
    assert (len(post.receiver.got), post.count("webhook")) == (before, 3)

    post.receiver.answers = []
    with pytest.raises(Refused), post.office.database.transaction(SYSTEM, post.now) as tx:
        keeping.replay(tx, post.webhook, since=START)
    with post.office.database.transaction(SYSTEM, post.now) as tx:
        keeping.start(tx, post.webhook)
        assert keeping.replay(tx, post.webhook, since=START) == 3
    post.deliver()
    again = post.receiver.got[before:]
    assert len({got.told["id"] for got in again}) == 3
    assert {got.told["id"] for got in post.receiver.got[:before]} < {got.told["id"] for got in again}


@pytest.mark.slow
def test_one_delivery_is_replayed_and_what_is_removed_hears_nothing(post: Post) -> None:
    post.register()
    post.send()
    post.deliver()
    delivery = UUID(post.receiver.got[0].told["id"])
    with post.office.database.transaction(SYSTEM, post.now) as tx:
        assert keeping.replay(tx, post.webhook, ids=[delivery]) == 1
    post.deliver()
    assert [UUID(got.told["id"]) for got in post.receiver.got] == [delivery, delivery]
    with pytest.raises(Refused), post.office.database.transaction(SYSTEM, post.now) as tx:
        keeping.replay(tx, post.webhook, ids=[UUID(int=7)])

    with post.office.database.transaction(SYSTEM, post.now) as tx:
        keeping.remove(tx, post.webhook)
    post.send(1)
    post.deliver()
    assert len(post.receiver.got) == 2


@pytest.mark.slow
@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"kinds": ["application"]}, 1),
        ({"kinds": ["call"]}, 0),
        ({"tags": ["closed"]}, 1),
        ({"tags": ["funded"]}, 0),
    ],
)
def test_it_is_told_what_it_asked_for(post: Post, given: dict[str, Any], told: int) -> None:
    post.register(**given)
    post.send()
    post.deliver()
    assert len(post.receiver.got) == told


def test_what_is_rolled_back_is_not_told(post: Post) -> None:
    post.register()
    with post.office.database.transaction(Actor("person", post.office.people[0]), post.now, keep=False) as tx:
        cases.step(tx, post.office.applications[0], "send")
    assert post.count("step") == 0


def test_only_who_works_for_the_programme_registers_and_all_that_is_wrong_is_said(post: Post) -> None:
    with pytest.raises(Refused) as refused:
        post.register(
            by="nobody@example.invalid", kinds=["poem"], tags=["lucky"], url="ftp://x", private=False
        )
    assert sorted(str(each.where) for each in refused.value.refusals) == ["by", "event", "event", "url"]


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://10.1.2.3/",
        "https://169.254.169.254/latest/meta-data",
        "https://[64:ff9b::a00:1]/",
        "https://192.168.0.1:8443/",
        "https://0.0.0.0/",
        "https://224.0.0.1/",
        "https://user:secret@example.org/",
        "https:///nowhere",
        "https://example.org/ x",
        "https://example.org:99999/",
        "https://example.org/" + "x" * 600,
        "https://example.org/#part",
        "gopher://example.org/",
    ],
)
def test_addresses_that_lead_inside_are_refused_by_sight(url: str) -> None:
    assert sending.against_url(url, private=False) is not None


@pytest.mark.parametrize("host", ["localhost", "localhost.localdomain", "2130706433", "0x7f.1", "127.1"])
def test_names_that_lead_inside_are_refused_when_they_are_asked(receiver: Receiver, host: str) -> None:
    port = receiver.url.split(":")[2].partition("/")[0]
    with pytest.raises(NotSent):
        Sender().send(f"https://{host}:{port}/", "s", b"{}", key="k", at=START)
    assert receiver.got == []


def test_public_addresses_may_be_asked() -> None:
    assert sending.against_url("https://hooks.example.org:8443/in?x=1", private=False) is None
    assert sending.is_public("8.8.8.8")
    assert sending.is_public("2001:4860:4860::8888")


@pytest.mark.slow
def test_a_worker_tells_what_a_timer_did(office: Office, receiver: Receiver) -> None:
    deadline, opened = long_ago()
    office.furnish(2, deadline=deadline, opened=opened)
    post = Post(office, receiver, office.data / "files")
    post.now = opened
    post.register()
    with office.worker(webhooks_inside="allowed"):
        office.wait_until("both are told", lambda: len({got.told["ref"] for got in receiver.got}) == 2)
        office.wait_until("all is sent", office.all_is_sent)
    assert {got.told["state"]["label"] for got in receiver.got} == {"Not sent"}
    assert len({got.told["id"] for got in receiver.got}) == 2
