"""Mails that did not arrive: noted at sending and from reports that come back, shown to both sides, cleared by the person.

What is noted holds for an address. Whoever has another one since, or says that it works, counts as reachable again. Mails
still leave for an address that failed: a decision is sent, and what becomes of it is noted anew.
"""

from __future__ import annotations

import email
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from email.policy import compat32
from uuid import UUID

from sqlalchemy import ColumnElement, insert, select, update

from grantflow.domain.refusal import refuse
from grantflow.store.cases import CaseRow
from grantflow.store.outbox import OutboxMessage
from grantflow.store.people.mailing import Unreached
from grantflow.store.people.models import User
from grantflow.store.session import Tx

LONGEST_REASON = 300
LARGEST_REPORT = 1024 * 1024
"""Bytes beyond which nothing is read as a report."""
_KEY = re.compile(r"<outbox-([0-9a-f-]{36})\.([0-9a-f]{32})@")


@dataclass(frozen=True, slots=True)
class NotReached:
    """Somebody whom a message did not reach."""

    name: str
    """Of the person; their address where they have no account."""
    address: str
    template: str
    ref: str
    """Of the record that the message was about."""
    at: datetime
    reason: str
    reachable: bool
    """Whether they can be reached again."""


@dataclass(frozen=True, slots=True)
class Unreachable:
    """That somebody's present address does not take our mails."""

    address: str
    since: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Failure:
    """What a report says of one mail of ours: which it was, to whom, and why it never arrived."""

    message_id: UUID
    key: UUID
    """The person, as the key of the mail names them."""
    address: str
    reason: str


def note(tx: Tx, message_id: UUID, person: UUID, address: str, reason: str) -> None:
    """Note that a message did not reach somebody, by their account where they have one, else by their address."""
    known = tx.execute(select(User.id).where(User.id == person)).scalar()
    tx.execute(
        insert(Unreached).values(
            id=tx.new_id(),
            user_id=known,
            address=address,
            message_id=message_id,
            at=tx.now,
            reason=one_line(reason),
            answered_at=None,
        )
    )


def unreachable(tx: Tx, user_id: UUID) -> Unreachable | None:
    """Return whether somebody's present address fails; nothing where it is not known to."""
    row = tx.execute(
        select(Unreached.address, Unreached.at, Unreached.reason)
        .join(User, User.id == Unreached.user_id)
        .where(Unreached.user_id == user_id, _still_holds())
        .order_by(Unreached.at.desc(), Unreached.id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else Unreachable(row.address, row.at, row.reason)


def say_it_works(tx: Tx, user_id: UUID) -> None:
    """Take somebody's word that their address works."""
    tx.execute(
        update(Unreached)
        .where(Unreached.user_id == user_id, Unreached.answered_at.is_(None))
        .values(answered_at=tx.now)
    )


def not_reached_on(tx: Tx, record_id: UUID) -> Sequence[NotReached]:
    """Return whom messages about a record did not reach, the last first."""
    return list(_not_reached(tx, CaseRow.id == record_id))


def not_reached_in(tx: Tx, call_id: UUID, visible: ColumnElement[bool]) -> Sequence[NotReached]:
    """Return whom messages about those records of a call did not reach that somebody may see, the last first."""
    return list(_not_reached(tx, (CaseRow.call_id == call_id) & visible))


def not_reached(tx: Tx, most: int = 1000) -> Sequence[NotReached]:
    """Return whom any message did not reach, the last first."""
    return list(_not_reached(tx, CaseRow.id.is_not(None) | OutboxMessage.case_id.is_(None), most))


def _not_reached(tx: Tx, where: ColumnElement[bool], most: int = 100) -> Iterator[NotReached]:
    rows = tx.execute(
        select(
            User.name,
            Unreached.address,
            OutboxMessage.template,
            CaseRow.ref,
            Unreached.at,
            Unreached.reason,
            Unreached.answered_at,
            User.email,
        )
        .join(OutboxMessage, OutboxMessage.id == Unreached.message_id)
        .outerjoin(CaseRow, CaseRow.id == OutboxMessage.case_id)
        .outerjoin(User, User.id == Unreached.user_id)
        .where(where)
        .order_by(Unreached.at.desc(), Unreached.id.desc())
        .limit(most)
    )
    for row in rows:
        again = row.answered_at is not None or (row.email is not None and row.email != row.address)
        name = row.name or row.address
        yield NotReached(name, row.address, row.template, row.ref or "", row.at, row.reason, reachable=again)


def _still_holds() -> ColumnElement[bool]:
    return (Unreached.address == User.email) & Unreached.answered_at.is_(None)


def note_report(tx: Tx, content: bytes) -> list[Failure]:
    """Note what a report of a mail server (RFC 3464) says of mails of ours that failed for good; return what it was.

    Reports can be forged, so one counts only for a mail that really left, under its key, to the address it went to.

    Raises:
        Refused: it is no report, or speaks of no mail of ours.
    """
    report = _parsed(content)
    key = next(filter(None, map(_key_of, report.walk())), None)
    if key is None:
        raise refuse("unknown_mail", "The report names no mail that this installation sent.")
    message_id, person = UUID(key[1]), UUID(hex=key[2])
    left = tx.execute(
        select(OutboxMessage.id).where(
            OutboxMessage.id == message_id, OutboxMessage.dispatched_at.is_not(None)
        )
    ).scalar()
    address = tx.execute(select(User.email).where(User.id == person)).scalar()
    if left is None or address is None:
        raise refuse("unknown_mail", "The report names no mail that this installation sent.")
    failures = [
        Failure(message_id, person, to, reason) for to, reason in _failed(report) if to.casefold() == address
    ]
    for each in failures:
        if not _is_noted(tx, each):
            note(tx, each.message_id, each.key, address, each.reason)
    return failures


def _parsed(content: bytes) -> Message:
    if len(content) > LARGEST_REPORT:
        raise refuse("too_large", "A report has at most %(most)s bytes.", most=LARGEST_REPORT)
    report = email.message_from_bytes(content, policy=compat32)
    if report.get_content_type() != "multipart/report":
        raise refuse("no_report", "This is no report on a delivery (RFC 3464).")
    return report


def _key_of(part: Message) -> re.Match[str] | None:
    """Return the key of the mail that a part of a report carries, whole or as its headers alone."""
    kind = part.get_content_type()
    if kind == "text/rfc822-headers":
        payload = part.get_payload(decode=True)
        text = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
        found = re.search(r"(?im)^message-id:\s*(\S+)", text)
        return _KEY.search(found[1]) if found else None
    if kind == "message/rfc822":
        inside = part.get_payload()
        first = inside[0] if isinstance(inside, list) and inside else None
        return _KEY.search(str(first.get("Message-ID", ""))) if isinstance(first, Message) else None
    return None


def _failed(report: Message) -> Iterator[tuple[str, str]]:
    """Yield the recipients that failed for good, and what the mail server said."""
    for part in report.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        inside = part.get_payload()
        for fields in inside if isinstance(inside, list) else ():
            if not isinstance(fields, Message):
                continue
            action, status = (
                str(fields.get("Action", "")).strip().lower(),
                str(fields.get("Status", "")).strip(),
            )
            to = str(fields.get("Final-Recipient", "")).partition(";")[2].strip()
            if action == "failed" and status.startswith("5") and to:
                said = str(fields.get("Diagnostic-Code", "")).partition(";")[2].strip()
                yield to, one_line(f"{status} {said}")


def _is_noted(tx: Tx, failure: Failure) -> bool:
    found = select(Unreached.id).where(
        Unreached.message_id == failure.message_id, Unreached.user_id == failure.key
    )
    return tx.execute(found.limit(1)).scalar() is not None


def one_line(text: str) -> str:
    """Return what a server said in one line of printable characters."""
    kept = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(kept.split())[:LONGEST_REASON]
