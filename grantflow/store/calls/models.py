"""Calls: what was announced, in which stages, with whose money, until when."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    Text,
    UniqueConstraint,
    func,
    or_,
)
from sqlalchemy.orm import Mapped, mapped_column

from grantflow.store.types import Base, JsonType


class Call(Base):
    """A call: a case (the root of all others in it) with what it pinned at publication."""

    __tablename__ = "gf_call"

    id: Mapped[UUID] = mapped_column(ForeignKey("gf_case.id"), primary_key=True)
    programme_id: Mapped[UUID] = mapped_column(ForeignKey("gf_programme.id"), index=True)
    slug: Mapped[str] = mapped_column(Text, unique=True)
    title: Mapped[Any] = mapped_column(JsonType)
    """Words by language: {"en": …, "sv": …}."""
    summary: Mapped[Any] = mapped_column(JsonType)
    language: Mapped[str] = mapped_column(Text)
    """The language whose words stand in for missing ones."""
    zone: Mapped[str] = mapped_column(Text)
    currency: Mapped[str] = mapped_column(Text)
    has_lab: Mapped[int]
    continues_id: Mapped[UUID | None] = mapped_column(ForeignKey("gf_call.id"), index=True)
    """The earlier call of which this is a further round: its frame binds here too. Nothing where there is none."""
    stage: Mapped[int]
    """The stage that the call is in, from 1."""
    parameters: Mapped[Any] = mapped_column(JsonType)
    """The scheme's parameters as this call set them; what is missing has the scheme's default."""
    days_off: Mapped[Any] = mapped_column(JsonType)
    """Public holidays that count as no working days, as ISO dates, fixed at publication."""
    pins: Mapped[Any] = mapped_column(JsonType)
    """{"scheme": sha256, "form": {"name", "version", "sha256"}, "rubric": …, "letters": …}."""
    file: Mapped[Any] = mapped_column(JsonType)
    """The call's file as it was read, with what is assumed and why."""


def lab_of_call() -> ColumnElement[UUID]:
    """Return the column with the call whose frame binds a call: the one that it continues, else itself."""
    return func.coalesce(Call.continues_id, Call.id)


def bound_by_lab() -> ColumnElement[bool]:
    """Return the condition that a call comes out of a lab, its own or that of the call it continues."""
    return or_(Call.has_lab == 1, Call.continues_id.is_not(None))


class Stage(Base):
    """One stage of a call: its own dates, form, rubric and gate."""

    __tablename__ = "gf_stage"

    call_id: Mapped[UUID] = mapped_column(ForeignKey("gf_call.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[Any] = mapped_column(JsonType)
    form: Mapped[str] = mapped_column(Text)
    form_version: Mapped[int]
    rubric: Mapped[str | None] = mapped_column(Text)
    """Nothing where applications of the stage are not scored."""
    rubric_version: Mapped[int | None]
    gate: Mapped[Any] = mapped_column(JsonType)
    """Who may apply in this stage: {"completed_stage": 1} or {}."""
    pass_mark: Mapped[int]
    """The least weighted score, 0 to 100, with which an application may be proposed; 0 where there is none."""


class CallDate(Base):
    """A date of a call in one of its stages: the local words, the zone and the instant that follows."""

    __tablename__ = "gf_call_date"

    call_id: Mapped[UUID] = mapped_column(ForeignKey("gf_call.id"), primary_key=True)
    stage: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    local: Mapped[str] = mapped_column(Text)
    zone: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class FunderWindow(Base):
    """A pot of one funder in one stage of a call: its balances are columns under CHECK and equal its ledger."""

    __tablename__ = "gf_funder_window"
    __table_args__ = (
        UniqueConstraint("call_id", "name"),
        CheckConstraint(
            "envelope >= 0 AND reserved >= 0 AND committed >= 0 AND paid >= 0",
            name="not_negative",
        ),
        CheckConstraint("reserved + committed <= envelope", name="never_overspent"),
        CheckConstraint("paid <= committed", name="paid_within_committed"),
        Index("ix_gf_funder_window_call_stage", "call_id", "stage"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    call_id: Mapped[UUID] = mapped_column(ForeignKey("gf_call.id"))
    stage: Mapped[int]
    name: Mapped[str] = mapped_column(Text)
    funder_id: Mapped[UUID] = mapped_column(ForeignKey("gf_funder.id"))
    body_id: Mapped[UUID] = mapped_column(ForeignKey("gf_body.id"))
    currency: Mapped[str] = mapped_column(Text)
    envelope: Mapped[int]
    reserved: Mapped[int]
    committed: Mapped[int]
    released: Mapped[int]
    """What was committed once and became free again, in sum; for the reader, not part of the balance."""
    paid: Mapped[int]
    minimum: Mapped[int]
    maximum: Mapped[int]
    rate: Mapped[int]
    """The highest share of eligible cost, in basis points."""
    territory: Mapped[Any] = mapped_column(JsonType)
    """NUTS codes whose organisations it may fund; empty means everywhere."""
    aid_basis: Mapped[str] = mapped_column(Text)
    grant_date: Mapped[str] = mapped_column(Text)
    """What counts as the date of the grant: decision, notification or signature (process rule P9)."""
    remedy: Mapped[Any] = mapped_column(JsonType)
    """What can be done against a decision: {"kind": none|correction|reconsideration|appeal, "to", "days"} (P2)."""


class Milestone(Base):
    """Something that happened to a published call and that everybody may know: a correction, a moved date, a pause."""

    __tablename__ = "gf_milestone"
    __table_args__ = (Index("ix_gf_milestone_call", "call_id", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    call_id: Mapped[UUID] = mapped_column(ForeignKey("gf_call.id"))
    kind: Mapped[str] = mapped_column(Text)
    before: Mapped[Any] = mapped_column(JsonType)
    after: Mapped[Any] = mapped_column(JsonType)
    reason: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime]
