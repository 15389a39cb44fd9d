"""Links in mails that let somebody in once: to set a new password, or to answer an invitation."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import insert, select, update

from grantflow.services.people.sessions import hashed
from grantflow.store.outbox import OutboxMessage
from grantflow.store.people.models import User
from grantflow.store.people.signing import MailedLink
from grantflow.store.session import Tx

Purpose = Literal["password", "invitation"]

LASTS = {"password": timedelta(hours=2), "invitation": timedelta(days=14)}
LETTERS = {"password": "password_link", "invitation": "account_invitation"}
ACCOUNT = "account"
"""The kind of messages that go to one person about their own account, and hang on no record."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link that still works."""

    id: UUID
    user_id: UUID
    name: str
    email: str
    leads_to: str
    has_password: bool


def mail_link(
    tx: Tx,
    user_id: UUID,
    purpose: Purpose,
    *,
    page: str,
    leads_to: str = "",
    wall: datetime,
    at: datetime,
) -> None:
    """Mail somebody a link that works once; earlier ones for the same end stop working.

    `page` is the address of the page to which the token is added. The link ends by the wall's time; `at` is what the mail
    is dated by. The token lies in the outbox until the mail has left, and nowhere afterwards.
    """
    end_links(tx, user_id, purpose, wall)
    token = secrets.token_urlsafe(32)
    link_id = tx.new_id()
    tx.execute(
        insert(MailedLink).values(
            id=link_id,
            token_hash=hashed(token),
            purpose=purpose,
            user_id=user_id,
            leads_to=leads_to,
            made_at=wall,
            ends_at=wall + LASTS[purpose],
            used_at=None,
        )
    )
    tx.execute(
        insert(OutboxMessage).values(
            id=tx.new_id(),
            kind=ACCOUNT,
            case_id=None,
            entry_id=None,
            role=None,
            template=LETTERS[purpose],
            data={
                "user": str(user_id),
                "link": f"{page.rstrip('/')}/{token}",
                "ref": link_id.hex[-8:].upper(),
                "hours": LASTS[purpose] // timedelta(hours=1),
                "days": LASTS[purpose] // timedelta(days=1),
            },
            at=at,
            dispatched_at=None,
            done_at=None,
            attempts=0,
            fault=None,
        )
    )


def end_links(tx: Tx, user_id: UUID, purpose: Purpose, wall: datetime) -> None:
    """Let the links that somebody has not used stop working; that they were never used stays known."""
    tx.execute(
        update(MailedLink)
        .where(
            MailedLink.user_id == user_id,
            MailedLink.purpose == purpose,
            MailedLink.used_at.is_(None),
            MailedLink.ends_at > wall,
        )
        .values(ends_at=wall)
    )


def came_by_mail(tx: Tx, user_id: UUID) -> bool:
    """Whether somebody ever came in by a mailed link, and so proved that the address is theirs."""
    used = select(MailedLink.id).where(MailedLink.user_id == user_id, MailedLink.used_at.is_not(None))
    return tx.execute(used.limit(1)).scalar() is not None


def link_of(tx: Tx, token: str, purpose: Purpose) -> Link | None:
    """Return the link that a token belongs to, while it works."""
    row = tx.execute(
        select(
            MailedLink.id, MailedLink.user_id, MailedLink.leads_to, User.name, User.email, User.password_hash
        )
        .join(User, User.id == MailedLink.user_id)
        .where(
            MailedLink.token_hash == hashed(token),
            MailedLink.purpose == purpose,
            MailedLink.used_at.is_(None),
            MailedLink.ends_at > tx.now,
        )
    ).one_or_none()
    if row is None:
        return None
    return Link(row.id, row.user_id, row.name, row.email, row.leads_to, row.password_hash is not None)


def use_link(tx: Tx, token: str, purpose: Purpose) -> Link | None:
    """Use up the link that a token belongs to; of two at once only one does."""
    link = link_of(tx, token, purpose)
    if link is None:
        return None
    used = tx.execute(
        update(MailedLink)
        .where(MailedLink.id == link.id, MailedLink.used_at.is_(None))
        .values(used_at=tx.now)
    )
    return link if used.rowcount else None
