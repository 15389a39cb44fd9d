"""People and organisations, who belongs to which, and who plays which role where."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from grantflow.store.types import Base, JsonType


class User(Base):
    """Somebody who signs in. The address is kept folded to lower case."""

    __tablename__ = "gf_user"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    password_hash: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]


class Organisation(Base):
    """A legal entity or a natural person acting as one; applications belong to it."""

    __tablename__ = "gf_organisation"
    __table_args__ = (UniqueConstraint("identifier_kind", "identifier"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    identifier_kind: Mapped[str] = mapped_column(Text)
    identifier: Mapped[str] = mapped_column(Text)
    legal_form: Mapped[str] = mapped_column(Text)
    country: Mapped[str] = mapped_column(Text)
    nuts: Mapped[str | None] = mapped_column(Text)
    nace: Mapped[str | None] = mapped_column(Text)
    town: Mapped[str | None] = mapped_column(Text)
    helix: Mapped[str | None] = mapped_column(Text)
    """business, research, public or civil_society."""
    functions: Mapped[Any] = mapped_column(JsonType)
    """What it does as an intermediary (list of words of the classification), never derived from its name."""
    created_at: Mapped[datetime]


class Membership(Base):
    """That a person belongs to an organisation and may act for it."""

    __tablename__ = "gf_membership"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("gf_user.id"), primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(
        ForeignKey("gf_organisation.id"), primary_key=True, index=True
    )
    authorised: Mapped[int]
    """1 where the person may sign for the organisation, else 0."""
    since: Mapped[datetime]


class RoleGrant(Base):
    """A role of a scheme, on a scope: a programme, a call, or any record below it.

    Held by a person, or by an organisation and so by all its members.
    """

    __tablename__ = "gf_role_grant"
    __table_args__ = (
        CheckConstraint("(user_id IS NULL) <> (organisation_id IS NULL)", name="holder"),
        Index("ix_gf_role_grant_scope", "scope_id", "role"),
        Index("ix_gf_role_grant_user", "user_id"),
        Index("ix_gf_role_grant_organisation", "organisation_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(Text)
    scope_id: Mapped[UUID]
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("gf_user.id"))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("gf_organisation.id"))
    granted_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
