"""The post: what waits in the outbox is handed out in batches, composed, carried away, and marked as gone.

Whoever works through it (the worker's job engine, or a command) opens three transactions for each message: one that
reads and composes, then the carrying outside any transaction, then one that marks it. Dying in between repeats the
carrying under the same key and loses nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import Select, select, update

from grantflow.services import bounces, digests
from grantflow.services.countries import language_of
from grantflow.services.letters.catalogue import is_paper
from grantflow.services.letters.notices import (
    Recipient,
    compose_for,
    render_account_mail,
    render_notice,
)
from grantflow.services.letters.papers import Mail, keep_paper, letter_html
from grantflow.services.letters.shape import LANGUAGES
from grantflow.services.letters.urgency import can_wait, kind_of
from grantflow.services.mail import Carrier, Envelope, NoSuchAddress, Undeliverable
from grantflow.store.aid.contacts import contact_of
from grantflow.store.outbox import OutboxMessage
from grantflow.store.people.recipients import Addressee, holders
from grantflow.store.people.wishes import wishes_of
from grantflow.store.session import Tx

BATCH = 100
"""How many messages are handed out at a time."""
FIRST_DELAY, LONGEST_DELAY = 10, 3600
"""Seconds before a message that did not leave is tried again; doubled each time up to the longest."""
LAST_ATTEMPT = 80
"""About three days of trying; then the message stays where it is, with its fault."""
FORGOTTEN = timedelta(hours=2)
"""A message handed out this long ago and not gone was lost with everything that knew of it: it is handed out anew."""
NOBODY = "nobody plays this role on the record"
LinkMaker = Callable[[UUID], str]
"""Makes the address of the page that a grant opens to somebody without an account."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A letter to be made into a PDF: one for each language in which somebody gets it."""

    language: str
    html: str
    identifier: str


@dataclass(frozen=True, slots=True)
class Addressed:
    """A mail and to whom it goes."""

    to: Addressee
    mail: Mail


@dataclass(frozen=True, slots=True)
class Lost:
    """A mail that nobody will ever take: to whom, why, and whether it is for the address."""

    to: Addressee
    reason: str
    by_address: bool


@dataclass(frozen=True, slots=True)
class Parcel:
    """Everything that one message of the outbox becomes."""

    message_id: UUID
    case_id: UUID | None
    template: str
    at: datetime
    mails: tuple[Addressed, ...]
    papers: tuple[Paper, ...]
    gathered: tuple[UUID, ...] = ()
    """The people for whose daily mail it waits."""

    def envelopes(self, pdfs: Mapping[str, bytes]) -> list[Envelope]:
        """Return the mails ready to be carried, each under its own key."""
        return [
            Envelope(
                key=f"outbox-{self.message_id}.{one.to.user_id.hex}",
                to_name=one.to.name,
                to_address=one.to.email,
                subject=one.mail.subject,
                text=one.mail.text,
                html=one.mail.html,
                at=self.at,
                attachments=tuple(
                    (f"{self.template}-{language}.pdf", pdf)
                    for language, pdf in pdfs.items()
                    if language == one.to.language or len(pdfs) == 1
                ),
            )
            for one in self.mails
        ]


def waiting(tx: Tx, limit: int = BATCH) -> list[UUID]:
    """Return the oldest messages that nobody has taken."""
    return list(tx.execute(_waiting(limit)).scalars())


def hand_out(tx: Tx, limit: int = BATCH) -> list[UUID]:
    """Take the oldest waiting messages and mark them as handed out, in the caller's transaction."""
    taken = list(tx.execute(_waiting(limit).with_for_update(skip_locked=True)).scalars())
    if taken:
        tx.execute(update(OutboxMessage).where(OutboxMessage.id.in_(taken)).values(dispatched_at=tx.now))
    return taken


def _waiting(limit: int) -> Select[UUID]:
    return (
        select(OutboxMessage.id)
        .where(OutboxMessage.dispatched_at.is_(None), OutboxMessage.held_at.is_(None))
        .order_by(OutboxMessage.id)
        .limit(limit)
    )


def hold_waiting(tx: Tx) -> int:
    """Hold everything that waits, because nothing may be sent; return how many that were."""
    held = (
        update(OutboxMessage)
        .where(OutboxMessage.dispatched_at.is_(None), OutboxMessage.held_at.is_(None))
        .values(held_at=tx.now)
    )
    return tx.execute(held).rowcount


def hold(tx: Tx, message_id: UUID) -> None:
    """Hold a message that was handed out before it was said that nothing may be sent."""
    tx.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == message_id, OutboxMessage.done_at.is_(None))
        .values(held_at=tx.now, dispatched_at=None)
    )


def take_back_forgotten(tx: Tx) -> int:
    """Let messages wait again that were handed out long ago and never left; return how many."""
    forgotten = (
        update(OutboxMessage)
        .where(
            OutboxMessage.done_at.is_(None),
            OutboxMessage.dispatched_at < tx.now - FORGOTTEN,
            OutboxMessage.attempts < LAST_ATTEMPT,
        )
        .values(dispatched_at=None)
    )
    return tx.execute(forgotten).rowcount


def compose(tx: Tx, message_id: UUID, link: LinkMaker | None = None, *, house: str = "") -> Parcel | None:
    """Compose a message for everybody it goes to; nothing where it has left already.

    `link` makes the address that a firm without an account is mailed: it stands in the mail, and nowhere in our tables.
    `house` is the address of the installation, to which the mails lead back.
    """
    message = tx.session.get(OutboxMessage, message_id)
    if message is None or message.done_at is not None:
        return None
    if message.kind == digests.DIGEST:
        rendered = digests.render_digest(tx, message, house)
        daily = () if rendered is None else (Addressed(*rendered),)
        return Parcel(message.id, None, message.template, message.at, daily, ())
    if message.case_id is None:
        person, mail = render_account_mail(tx, message, house)
        return Parcel(message.id, None, message.template, message.at, (Addressed(person, mail),), ())
    to = holders(tx, message.case_id, message.role) if message.role is not None else []
    told: dict[str, str] = {}
    if message.role is not None:
        contact = contact_of(tx, message.case_id, message.role)
        if contact is not None:
            speaks = language_of(contact.country, LANGUAGES, contact.otherwise)
            firm = Addressee(contact.grant_id, contact.firm, contact.email, speaks)
            to = [firm, *(one for one in to if one.email != firm.email)]
            told = {"link": link(contact.grant_id)} if link is not None else {}
    later = _who_can_wait(tx, message, to)
    mails = tuple(
        Addressed(one, render_notice(tx, message, Recipient(one.name, one.language), told, house=house))
        for one in to
        if one.user_id not in later
    )
    return Parcel(
        message.id,
        message.case_id,
        message.template,
        message.at,
        mails,
        tuple(_papers(tx, message, to)),
        tuple(later),
    )


def _who_can_wait(tx: Tx, message: OutboxMessage, to: Sequence[Addressee]) -> set[UUID]:
    """Return those who want messages of this kind once a day, where it asks for nothing by a date."""
    kind = kind_of(message.template)
    wishes = wishes_of(tx, [one.user_id for one in to]) if kind is not None else {}
    wanted = {user_id for user_id, wish in wishes.items() if kind in wish.daily}
    return wanted if wanted and can_wait(tx, message) else set()


def _papers(tx: Tx, message: OutboxMessage, to: Sequence[Addressee]) -> list[Paper]:
    """Return the letter once for each language; in the name of the first who reads that language."""
    if message.case_id is None or not is_paper(message.template):
        return []
    first = {one.language: one for one in reversed(to)}
    papers = []
    for language, one in sorted(first.items()):
        letter = compose_for(
            tx, message.case_id, message.template, Recipient(one.name, one.language), message.data, message.at
        )
        papers.append(Paper(language, letter_html(letter), f"outbox-{message.id}.{language}"))
    return papers


def carry(parcel: Parcel, pdfs: Mapping[str, bytes], carrier: Carrier) -> tuple[Lost, ...]:
    """Carry all mails of a parcel away; called outside any transaction, since a mail server may be slow.

    Returns the mails that will never be taken: one of them keeps no other from leaving.
    """
    lost = []
    for one, envelope in zip(parcel.mails, parcel.envelopes(pdfs), strict=True):
        try:
            carrier.carry(envelope)
        except Undeliverable as error:
            lost.append(Lost(one.to, str(error), by_address=isinstance(error, NoSuchAddress)))
    return tuple(lost)


def note_lost(tx: Tx, parcel: Parcel, lost: Sequence[Lost]) -> None:
    """Note whom a message did not reach because of their address."""
    for each in lost:
        if each.by_address:
            bounces.note(tx, parcel.message_id, each.to.user_id, each.to.email, each.reason)


def mark_gone(tx: Tx, parcel: Parcel, pdfs: Mapping[str, bytes], folder: Path) -> None:
    """File the letters and note that a message has left, or that there was nobody to send it to."""
    for language, pdf in pdfs.items():
        assert parcel.case_id is not None, "a letter on paper is about a record"
        keep_paper(tx, folder, parcel.case_id, parcel.template, language, pdf)
    gone = tx.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == parcel.message_id, OutboxMessage.done_at.is_(None))
        .values(
            dispatched_at=tx.now,
            done_at=tx.now,
            attempts=OutboxMessage.attempts + 1,
            fault=None if parcel.mails or parcel.gathered else NOBODY,
        )
    )
    if gone.rowcount:
        digests.keep_for_later(tx, parcel.message_id, parcel.gathered)
    if (
        parcel.template != digests.TEMPLATE and parcel.case_id is None
    ):  # the way in that the mail carried is nobody else's business
        tx.execute(update(OutboxMessage).where(OutboxMessage.id == parcel.message_id).values(data={}))


def mark_undeliverable(tx: Tx, message_id: UUID, fault: str) -> None:
    """Note that a message will never leave, and why."""
    tx.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == message_id)
        .values(done_at=tx.now, attempts=OutboxMessage.attempts + 1, fault=fault)
    )


def mark_failed(tx: Tx, message_id: UUID, fault: str) -> int | None:
    """Note that a message did not leave this time; return in how many seconds to try again, nothing for never."""
    tx.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == message_id)
        .values(attempts=OutboxMessage.attempts + 1, fault=fault)
    )
    attempts: int = tx.execute(
        select(OutboxMessage.attempts).where(OutboxMessage.id == message_id)
    ).scalar_one()
    if attempts >= LAST_ATTEMPT:
        return None
    return min(LONGEST_DELAY, FIRST_DELAY << min(attempts - 1, 16))
