"""How somebody wants to be written to, what waits for their daily mail, whom no mail reached, and calendar addresses."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from grantflow.store.types import Base, JsonType


class MailWish(Base):
    """That somebody wants some kinds of messages once a day; without a row everything comes at once."""

    __tablename__ = "gf_mail_wish"
    __table_args__ = (CheckConstraint("hour BETWEEN 0 AND 23", name="hour"),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("gf_user.id"), primary_key=True)
    daily: Mapped[Any] = mapped_column(JsonType)
    """The kinds that are gathered, by their names in `services/letters/urgency.py`."""
    hour: Mapped[int]
    """The hour of the day, in the zone, at which the daily mail leaves."""
    zone: Mapped[str] = mapped_column(Text)


class DigestItem(Base):
    """That a message waits for somebody's daily mail, or went with it."""

    __tablename__ = "gf_digest_item"
    __table_args__ = (Index("ix_gf_digest_item_digest", "digest_id", "user_id"),)

    message_id: Mapped[UUID] = mapped_column(ForeignKey("gf_outbox_message.id"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("gf_user.id"), primary_key=True)
    at: Mapped[datetime]
    digest_id: Mapped[UUID | None] = mapped_column(ForeignKey("gf_outbox_message.id"))
    """The message of the outbox that is the daily mail with which it goes."""


class Unreached(Base):
    """That a mail to somebody was refused for good, at sending or later.

    It holds for the address as it was: whoever has another one since can be reached again.
    """

    __tablename__ = "gf_unreached"
    __table_args__ = (
        Index("ix_gf_unreached_user", "user_id"),
        Index("ix_gf_unreached_message", "message_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("gf_user.id"))
    """The person; nobody where the mail went to somebody without an account."""
    address: Mapped[str] = mapped_column(Text)
    message_id: Mapped[UUID | None] = mapped_column(ForeignKey("gf_outbox_message.id"))
    """The message that did not arrive, where it is known."""
    at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text)
    answered_at: Mapped[datetime | None]
    """When the person said that the address works."""


class CalendarAddress(Base):
    """The secret address under which a calendar reads somebody's dates; kept as its hash alone."""

    __tablename__ = "gf_calendar_address"
    __table_args__ = (Index("ix_gf_calendar_address_user", "user_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(Text, unique=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("gf_user.id"))
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
