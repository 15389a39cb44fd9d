"""Somebody's daily mail: what waits for it, when it leaves, and what it says; each message goes with one of them, once.

A message that waits is a row of its own for each person. When the hour has come, one transaction puts one message into
the outbox and gives it these rows; from then on it leaves like any other, under a key that never changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, insert, select, update

from grantflow.services.letters.catalogue import shipped
from grantflow.services.letters.compose import Heading, Letter, Paragraph, Pointer, Points, compose
from grantflow.services.letters.notices import HOUSE, Recipient, foot_of, notice_letter
from grantflow.services.letters.papers import Foot, Mail, letter_mail
from grantflow.store.outbox import OutboxMessage
from grantflow.store.people.mailing import DigestItem
from grantflow.store.people.models import User
from grantflow.store.people.recipients import Addressee, holders
from grantflow.store.people.wishes import Wish, wishes_of
from grantflow.store.programmes.models import Programme
from grantflow.store.session import Tx

DIGEST = "digest"
"""The kind of messages that are somebody's daily mail."""
TEMPLATE = "daily_mail"
Block = Heading | Paragraph | Points | Pointer


def keep_for_later(tx: Tx, message_id: UUID, user_ids: Iterable[UUID]) -> None:
    """Let a message wait for the daily mail of some people."""
    rows = [{"message_id": message_id, "user_id": each, "at": tx.now, "digest_id": None} for each in user_ids]
    if rows:
        tx.execute(insert(DigestItem), rows)


def gather(tx: Tx) -> int:
    """Put the daily mails whose hour has come into the outbox; return how many.

    Who wants everything at once by now gets what still waits at once.
    """
    waiting = tx.execute(
        select(DigestItem.user_id, func.min(DigestItem.at).label("oldest"))
        .where(DigestItem.digest_id.is_(None))
        .group_by(DigestItem.user_id)
        .order_by(DigestItem.user_id)
    ).all()
    wishes = wishes_of(tx, [row.user_id for row in waiting])
    return sum(
        _put_out(tx, row.user_id)
        for row in waiting
        if leaves_at(row.oldest, wishes.get(row.user_id)) <= tx.now
    )


def leaves_at(since: datetime, wish: Wish | None) -> datetime:
    """Return when the daily mail leaves for which something waits since a moment: at the next such hour of the day."""
    if wish is None or not wish.daily:
        return since
    zone = ZoneInfo(wish.zone)
    local = since.astimezone(zone)
    at = local.replace(hour=wish.hour, minute=0, second=0, microsecond=0)
    return (at if at > local else at + timedelta(days=1)).astimezone(UTC)


def _put_out(tx: Tx, user_id: UUID) -> int:
    digest_id = tx.new_id()
    tx.execute(
        insert(OutboxMessage).values(
            id=digest_id,
            kind=DIGEST,
            case_id=None,
            entry_id=None,
            role=None,
            template=TEMPLATE,
            data={"user": str(user_id)},
            at=tx.now,
            attempts=0,
        )
    )
    taken = tx.execute(
        update(DigestItem)
        .where(DigestItem.user_id == user_id, DigestItem.digest_id.is_(None))
        .values(digest_id=digest_id)
    ).rowcount
    if not taken:  # another worker was quicker
        tx.execute(delete(OutboxMessage).where(OutboxMessage.id == digest_id))
    return min(taken, 1)


def render_digest(tx: Tx, digest: OutboxMessage, house: str) -> tuple[Addressee, Mail] | None:
    """Return to whom a daily mail goes, and the mail; nothing where nothing in it is theirs any more."""
    user = tx.session.get_one(User, UUID(digest.data["user"]))
    found = tx.session.scalars(
        select(OutboxMessage)
        .join(DigestItem, DigestItem.message_id == OutboxMessage.id)
        .where(DigestItem.digest_id == digest.id, DigestItem.user_id == user.id)
        .order_by(OutboxMessage.at, OutboxMessage.id)
    ).all()
    theirs = [message for message in found if _is_theirs(tx, message, user.id)]
    if not theirs:
        return None
    programme = tx.session.scalars(select(Programme).order_by(Programme.id).limit(1)).first()
    values: dict[str, Any] = {
        "agency": programme.agency if programme else HOUSE,
        "programme": HOUSE,
        "recipient": user.name,
        "today": digest.at,
        "ref": digest.id.hex[-8:].upper(),
        "count": len(theirs),
    }
    letter = compose(shipped(), TEMPLATE, values, language=user.language)
    told = tuple(block for each in theirs for block in _told(tx, each, user, letter, house))
    mail = letter_mail(
        replace(letter, blocks=letter.blocks + told), Foot(wishes=f"{house}/account/mail", house=house)
    )
    return Addressee(user.id, user.name, user.email, user.language), mail


def _is_theirs(tx: Tx, message: OutboxMessage, user_id: UUID) -> bool:
    """Whether somebody still plays the role to which a message went."""
    if message.case_id is None or message.role is None:
        return False
    return any(one.user_id == user_id for one in holders(tx, message.case_id, message.role))


def _told(tx: Tx, message: OutboxMessage, user: User, around: Letter, house: str) -> Iterator[Block]:
    letter = notice_letter(tx, message, Recipient(user.name, user.language))
    yield Heading(letter.subject)
    yield from letter.blocks
    foot = foot_of(tx, message, letter.language, house)
    if foot.step:
        yield Paragraph(f"{around.labels['waits']}: {foot.step}")
    if foot.page:
        yield Pointer(f"{around.labels['open']}: {letter.reference}", foot.page)
