"""Applications: what was asked for, the answers, what was sent, and how it was checked."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from grantflow.store.types import Base, JsonType


class Application(Base):
    """An application (a case): it belongs to an organisation, asks one window for money, and serves actions."""

    __tablename__ = "gf_application"
    __table_args__ = (
        CheckConstraint("asked IS NULL OR asked >= 0", name="asked"),
        CheckConstraint("cost IS NULL OR cost >= 0", name="cost"),
        Index("ix_gf_application_organisation", "organisation_id"),
        Index("ix_gf_application_window", "window_id"),
        Index("ix_gf_application_call_stage", "call_id", "stage"),
    )

    id: Mapped[UUID] = mapped_column(ForeignKey("gf_case.id"), primary_key=True)
    call_id: Mapped[UUID] = mapped_column(ForeignKey("gf_call.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("gf_organisation.id"))
    window_id: Mapped[UUID | None] = mapped_column(ForeignKey("gf_funder_window.id"))
    stage: Mapped[int]
    """The stage of the call in which it was started."""
    title: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    asked: Mapped[int | None]
    """Minor units of the window's currency; as last saved, frozen in each submission."""
    cost: Mapped[int | None]
    actions: Mapped[Any] = mapped_column(JsonType)
    """Numbers of the actions of the frame that it serves."""
    registered_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    """When it was last sent."""
    lineage_id: Mapped[UUID | None] = mapped_column(ForeignKey("gf_case.id"))
    """The earlier application or award that it follows."""
    by_paper: Mapped[int]
    """1 where an officer entered what came by paper or mail (P6), else 0."""
    arrived_at: Mapped[datetime | None]
    """The true time of arrival of what came by paper."""


class Answers(Base):
    """The answers as last saved: a row and a revision of their own, so that saving never touches the case."""

    __tablename__ = "gf_answers"
    __table_args__ = (CheckConstraint("revision >= 0", name="revision"),)

    application_id: Mapped[UUID] = mapped_column(ForeignKey("gf_application.id"), primary_key=True)
    revision: Mapped[int]
    answers: Mapped[Any] = mapped_column(JsonType)
    """By field name."""
    saved_at: Mapped[datetime]
    saved_by: Mapped[UUID | None]


class ListedValue(Base):
    """A value of a field marked as listed, copied at save for lists, filters and exports."""

    __tablename__ = "gf_listed_value"
    __table_args__ = (
        Index("ix_gf_listed_value_text", "field", "text"),
        Index("ix_gf_listed_value_number", "field", "number"),
    )

    record_id: Mapped[UUID] = mapped_column(ForeignKey("gf_case.id"), primary_key=True)
    field: Mapped[str] = mapped_column(Text, primary_key=True)
    text: Mapped[str | None] = mapped_column(Text)
    number: Mapped[int | None]
    at: Mapped[datetime | None]


class Submission(Base):
    """What was sent, once per sending, and never changed: the receipt's number and checksum stand for it."""

    __tablename__ = "gf_submission"
    __table_args__ = (UniqueConstraint("application_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("gf_application.id"))
    number: Mapped[int]
    stage: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    """The canonical JSON text of everything sent: title, sums, actions, partners, budget, answers, form and version."""
    sha256: Mapped[str] = mapped_column(Text)
    asked: Mapped[int]
    cost: Mapped[int]
    at: Mapped[datetime]
    arrived_at: Mapped[datetime | None]
    """The true time of arrival of what came on paper; it decides whether this is late."""
    late: Mapped[int]
    completion: Mapped[int]
    """1 where it answered a request for completion, else 0."""


class Partner(Base):
    """An organisation that takes part beside the applicant."""

    __tablename__ = "gf_partner"
    __table_args__ = (
        CheckConstraint("cost >= 0 AND asked >= 0", name="sums"),
        UniqueConstraint("application_id", "number"),
        Index("ix_gf_partner_organisation", "organisation_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("gf_application.id"))
    number: Mapped[int]
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("gf_organisation.id"))
    name: Mapped[str] = mapped_column(Text)
    country: Mapped[str] = mapped_column(Text)
    helix: Mapped[str | None] = mapped_column(Text)
    cost: Mapped[int]
    asked: Mapped[int]
    confirmed_at: Mapped[datetime | None]


class BudgetLine(Base):
    """A line of the budget: what for, how much, whose."""

    __tablename__ = "gf_budget_line"
    __table_args__ = (
        CheckConstraint("amount >= 0", name="amount"),
        UniqueConstraint("application_id", "number"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("gf_application.id"))
    number: Mapped[int]
    category: Mapped[str] = mapped_column(Text)
    about: Mapped[str] = mapped_column(Text)
    amount: Mapped[int]
    partner_number: Mapped[int | None]
    """Nothing where the applicant itself bears it."""


class EligibilityCheck(Base):
    """The officer's answer to one item of the checklist for one application."""

    __tablename__ = "gf_eligibility_check"
    __table_args__ = (CheckConstraint("answer IN ('yes', 'no', 'not_applicable')", name="answer"),)

    application_id: Mapped[UUID] = mapped_column(ForeignKey("gf_application.id"), primary_key=True)
    item: Mapped[str] = mapped_column(Text, primary_key=True)
    answer: Mapped[str] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    answered_by: Mapped[UUID]
    answered_at: Mapped[datetime]


class Completion(Base):
    """A request for what was missing: the sections it reopened, and the sending that answered it."""

    __tablename__ = "gf_completion"
    __table_args__ = (Index("ix_gf_completion_application", "application_id", "asked_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("gf_application.id"))
    sections: Mapped[Any] = mapped_column(JsonType)
    """Names of the sections of the form that were reopened."""
    answers_revision: Mapped[int]
    """The revision of the answers when it was asked: only a later one can be what was missing."""
    asked_by: Mapped[UUID | None]
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    submission_id: Mapped[UUID | None] = mapped_column(ForeignKey("gf_submission.id"))


class ConflictDeclaration(Base):
    """What is known about a person's conflict of interest with an application; the latest of a pair holds."""

    __tablename__ = "gf_conflict_declaration"
    __table_args__ = (
        CheckConstraint("kind IN ('none', 'soft', 'hard')", name="kind"),
        CheckConstraint("source IN ('declared', 'found', 'added')", name="source"),
        UniqueConstraint("application_id", "user_id", "number"),
        Index("ix_gf_conflict_declaration_user", "user_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("gf_application.id"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("gf_user.id"))
    number: Mapped[int]
    """Counts what was said about the pair."""
    kind: Mapped[str] = mapped_column(Text)
    """hard excludes; soft waits for a decision; none: the person declared to have none, or a soft one was decided on."""
    source: Mapped[str] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    declared_by: Mapped[UUID | None]
    declared_at: Mapped[datetime]
