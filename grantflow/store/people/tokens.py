"""Tokens with which programs act for a person, and the answers that they were given under a key of theirs."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from grantflow.store.types import Base, JsonType

# The times of these tables are the wall's, also in a demo, as those of sign-ins are.


class ApiToken(Base):
    """That programs which carry a token act for a person, as far as its scopes go. The token is kept as its hash alone."""

    __tablename__ = "gf_api_token"
    __table_args__ = (Index("ix_gf_api_token_user", "user_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(Text, unique=True)
    prefix: Mapped[str] = mapped_column(Text, unique=True)
    """How the token begins: by this its owner knows it again, and nobody can use it."""
    user_id: Mapped[UUID] = mapped_column(ForeignKey("gf_user.id"))
    scopes: Mapped[Any] = mapped_column(JsonType)
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    """The last minute in which it was used."""
    revoked_at: Mapped[datetime | None]


class KeptAnswer(Base):
    """What a request with an `Idempotency-Key` was answered: sent again, it is answered the same and does nothing more."""

    __tablename__ = "gf_kept_answer"
    __table_args__ = (Index("ix_gf_kept_answer_at", "at"),)

    token_id: Mapped[UUID] = mapped_column(ForeignKey("gf_api_token.id"), primary_key=True)
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    asked: Mapped[str] = mapped_column(Text)
    """The hash of what was asked: the same key may not carry anything else."""
    status: Mapped[int | None]
    """Nothing while the request is under way, which nobody but itself ever sees."""
    headers: Mapped[Any] = mapped_column(JsonType)
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
