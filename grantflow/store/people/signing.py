"""Who is signed in where, mailed links that work once, words kept over a sign-in, and how often somebody tried."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from grantflow.store.types import Base, JsonType

# The times of these tables are the wall's, also in a demo: whoever moves its clock by a month stays signed in.


class SignIn(Base):
    """That somebody is signed in with a browser. The token in the browser's cookie is kept as its hash alone."""

    __tablename__ = "gf_sign_in"
    __table_args__ = (Index("ix_gf_sign_in_user", "user_id", "ended_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(Text, unique=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("gf_user.id"))
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    """The last minute in which they did something."""
    ends_at: Mapped[datetime]
    idle_minutes: Mapped[int]
    """After so long without a sign of life it is over."""
    browser: Mapped[str] = mapped_column(Text)
    """What the browser calls itself, shortened: so that people recognise their own."""
    ended_at: Mapped[datetime | None]


class MailedLink(Base):
    """A link in a mail that lets somebody in once: to set a new password, or to answer an invitation."""

    __tablename__ = "gf_mailed_link"
    __table_args__ = (Index("ix_gf_mailed_link_user", "user_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(Text, unique=True)
    purpose: Mapped[str] = mapped_column(Text)
    """`password` or `invitation`."""
    user_id: Mapped[UUID] = mapped_column(ForeignKey("gf_user.id"))
    leads_to: Mapped[str] = mapped_column(Text)
    """The page to which it leads once the person is in."""
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class KeptForm(Base):
    """What somebody had typed when their sign-in ran out, until they are back on the page."""

    __tablename__ = "gf_kept_form"
    __table_args__ = (Index("ix_gf_kept_form_at", "kept_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("gf_user.id"))
    address: Mapped[str] = mapped_column(Text)
    fields: Mapped[Any] = mapped_column(JsonType)
    """Pairs of name and value, in order; never files, never passwords."""
    kept_at: Mapped[datetime]


class Tries(Base):
    """How often something was tried under a key in a span of time; the key is a hash, so no address lies here."""

    __tablename__ = "gf_tries"

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    began_at: Mapped[datetime]
    count: Mapped[int]


class FirstTime(Base):
    """That a form with this key was taken: sent a second time, it does nothing more."""

    __tablename__ = "gf_first_time"
    __table_args__ = (Index("ix_gf_first_time_at", "at"),)

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    leads_to: Mapped[str | None] = mapped_column(Text)
    """Where the first one led, so that the second leads there too."""
    at: Mapped[datetime]
