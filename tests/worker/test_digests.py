"""Somebody's daily mail: what asks for nothing by a date waits for their hour, and each message goes with one mail, once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from grantflow.domain.actor import SYSTEM
from grantflow.domain.refusal import Refused
from grantflow.services import digests, post
from grantflow.services.people.writing_to import set_wish, wish_of
from grantflow.store.outbox import OutboxMessage
from grantflow.store.people.models import RoleGrant
from grantflow.store.people.wishes import Wish
from grantflow.worker.delivery import Delivery, PaperMill
from tests.worker.office import Office
from tests.worker.test_delivery import Bag

MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUSE = "https://grants.example"


class Day:
    """An office with two applicants, of whom the first wants news once a day at eight in Stockholm."""

    def __init__(self, office: Office, folder: Path) -> None:
        self.office = office.furnish(2, deadline=MORNING + timedelta(days=30), opened=MORNING)
        self.now = MORNING
        self.bag = Bag()
        self.mill = PaperMill(1)
        self.delivery = Delivery(office.database, self.bag, self.mill, folder, lambda: self.now, house=HOUSE)
        self.one, self.other = office.people
        with office.database.transaction(SYSTEM, MORNING) as tx:
            set_wish(tx, self.one, ["calls", "own"], 8, "Europe/Stockholm")

    def tell(self, template: str, application: int = 0) -> UUID:
        """Put a message for the applicant of an application into the outbox."""
        with self.office.database.transaction(SYSTEM, self.now) as tx:
            each = tx.new_id()
            tx.execute(
                sa.insert(OutboxMessage).values(
                    id=each,
                    kind="notice",
                    case_id=self.office.applications[application],
                    role="applicant",
                    template=template,
                    data={},
                    at=self.now,
                    attempts=0,
                )
            )
        return each

    def to(self, person: int) -> list[str]:
        """The subjects of the mails that somebody got."""
        return [mail.subject for mail in self.bag.carried if mail.to_address == f"p{person}@example.invalid"]


@pytest.fixture
def day(office: Office, tmp_path: Path) -> Iterator[Day]:
    day = Day(office, tmp_path / "files")
    yield day
    day.mill.close()


def sent(day: Day) -> None:
    """Let both applications be sent, so that nothing is asked of their applicants any more."""
    from grantflow.domain.actor import Actor
    from grantflow.services import cases

    for person, application in zip(day.office.people, day.office.applications, strict=True):
        with day.office.database.transaction(Actor("person", person), day.now) as tx:
            cases.step(tx, application, "send")
    with day.office.database.transaction(SYSTEM, day.now) as tx:
        tx.execute(sa.delete(OutboxMessage))


def test_what_can_wait_comes_in_one_mail_at_the_hour(day: Day) -> None:
    sent(day)
    first, second = day.tell("call_changed"), day.tell("fund_opened")
    day.tell("fund_opened", application=1)
    day.delivery.deliver_waiting()
    assert day.to(0) == []
    assert len(day.to(1)) == 1, "who never said otherwise is written to at once"

    day.now = datetime(2026, 3, 3, 6, 59, tzinfo=UTC)
    day.delivery.deliver_waiting()
    assert day.to(0) == []

    day.now = datetime(2026, 3, 3, 7, 0, tzinfo=UTC)
    day.delivery.deliver_waiting()
    day.delivery.deliver_waiting()

    (mail,) = [each for each in day.bag.carried if each.to_address == "p0@example.invalid"]
    assert mail.subject == "Your messages of 3 March 2026"
    assert mail.text.count(f"{HOUSE}/records/ERR-2026-") == 2
    assert f"{HOUSE}/account/mail" in mail.text
    assert day.office.count("gf_digest_item WHERE digest_id IS NULL") == 0
    assert {row[0] for row in day.office.rows("SELECT fault FROM gf_outbox_message")} == {None}
    assert first != second


def test_what_asks_for_something_by_a_date_comes_at_once_and_so_do_letters(day: Day) -> None:
    day.tell("deadline_near")
    day.tell("receipt", application=1)
    day.delivery.deliver_waiting()
    assert len(day.to(0)) == 1
    assert len(day.to(1)) == 1


def test_a_daily_mail_that_fails_or_dies_halfway_is_the_same_mail_again(day: Day) -> None:
    sent(day)
    day.tell("call_changed")
    day.delivery.deliver_waiting()
    day.now = MORNING + timedelta(days=1)
    day.bag.fault = ConnectionRefusedError("nobody there")
    day.delivery.deliver_waiting()
    day.tell("fund_opened")
    day.bag.fault = None
    day.delivery.deliver_waiting()  # the first mail, and nothing of the second day in it

    (mail,) = [each for each in day.bag.carried if each.to_address == "p0@example.invalid"]
    (digest,) = day.office.rows("SELECT id FROM gf_outbox_message WHERE kind = 'digest'")
    assert mail.key == f"outbox-{UUID(str(digest[0]))}.{day.one.hex}"
    assert mail.text.count("/records/") == 1


def test_two_workers_that_gather_at_once_make_one_mail(day: Day) -> None:
    sent(day)
    day.tell("call_changed")
    day.delivery.deliver_waiting()
    day.now = MORNING + timedelta(days=1)
    for _ in range(2):
        with day.office.database.transaction(SYSTEM, day.now) as tx:
            digests.gather(tx)
    with day.office.database.transaction(SYSTEM, day.now) as tx:
        assert digests._put_out(tx, day.one) == 0
    assert day.office.count("gf_outbox_message WHERE kind = 'digest'") == 1


def test_who_wants_everything_at_once_again_gets_what_waited(day: Day) -> None:
    sent(day)
    day.tell("call_changed")
    day.delivery.deliver_waiting()
    with day.office.database.transaction(SYSTEM, day.now) as tx:
        set_wish(tx, day.one, [], 8, "UTC")
    day.delivery.deliver_waiting()
    assert len(day.to(0)) == 1


def test_who_plays_the_role_no_more_is_told_nothing(day: Day) -> None:
    sent(day)
    day.tell("call_changed")
    day.delivery.deliver_waiting()
    day.now = MORNING + timedelta(days=1)
    with day.office.database.transaction(SYSTEM, day.now) as tx:
        tx.execute(sa.update(RoleGrant).where(RoleGrant.user_id == day.one).values(ended_at=MORNING))
    day.delivery.deliver_waiting()
    assert day.to(0) == []
    assert day.office.rows("SELECT fault FROM gf_outbox_message WHERE kind = 'digest'") == [(post.NOBODY,)]


@pytest.mark.parametrize(
    ("since", "hour", "leaves"),
    [
        ("2026-03-28T10:00+00:00", 8, "2026-03-29T06:00+00:00"),  # the night in which summer time begins
        ("2026-03-02T06:59+00:00", 8, "2026-03-02T07:00+00:00"),
        ("2026-03-02T07:00+00:00", 8, "2026-03-03T07:00+00:00"),
    ],
)
def test_the_hour_is_that_of_the_place(since: str, hour: int, leaves: str) -> None:
    wish = Wish(frozenset({"own"}), hour, "Europe/Stockholm")
    assert digests.leaves_at(datetime.fromisoformat(since), wish) == datetime.fromisoformat(leaves)


def test_a_wish_that_makes_no_sense_is_refused_whole(day: Day) -> None:
    with pytest.raises(Refused) as refused, day.office.database.transaction(SYSTEM, MORNING) as tx:
        set_wish(tx, day.one, ["everything"], 24, "Moon/Tranquility")
    assert [each.where for each in refused.value.refusals] == ["daily", "hour", "zone"]
    with day.office.database.reading(SYSTEM, MORNING) as tx:
        assert wish_of(tx, day.one).hour == 8
