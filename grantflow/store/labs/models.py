"""Labs: who takes part, what they bring, and the frame that they agree on."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from grantflow.store.types import Base, JsonType


class Lab(Base):
    """The challenge that a call puts to its region: the question, why now, who is wanted."""

    __tablename__ = "gf_lab"

    call_id: Mapped[UUID] = mapped_column(ForeignKey("gf_call.id"), primary_key=True)
    question: Mapped[Any] = mapped_column(JsonType)
    """Words by language."""
    why_now: Mapped[Any] = mapped_column(JsonType)
    wanted: Mapped[Any] = mapped_column(JsonType)
    """How many people of each helix are hoped for: {"business": 30, …}."""


class Participation(Base):
    """Somebody's place in a lab (a case). Whoever leaves becomes nobody, and still counts."""

    __tablename__ = "gf_participation"
    __table_args__ = (
        UniqueConstraint("call_id", "user_id"),
        CheckConstraint("level IN ('observer', 'contributor', 'co_owner')", name="level"),
        CheckConstraint("helix IN ('business', 'research', 'public', 'civil_society')", name="helix"),
        Index("ix_gf_participation_user", "user_id"),
    )

    id: Mapped[UUID] = mapped_column(ForeignKey("gf_case.id"), primary_key=True)
    call_id: Mapped[UUID] = mapped_column(ForeignKey("gf_call.id"))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("gf_user.id"))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("gf_organisation.id"))
    """Nothing where somebody takes part alone."""
    helix: Mapped[str] = mapped_column(Text)
    nuts: Mapped[str | None] = mapped_column(Text)
    level: Mapped[str] = mapped_column(Text)
    name_shown: Mapped[int]
    """1 where the person agreed that their name is shown, else 0."""
    admitted_at: Mapped[datetime | None]
    anonymised_at: Mapped[datetime | None]


class ParticipationLevel(Base):
    """A level of involvement that a participant had from a moment on; append-only."""

    __tablename__ = "gf_participation_level"
    __table_args__ = (Index("ix_gf_participation_level_participation", "participation_id", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    participation_id: Mapped[UUID] = mapped_column(ForeignKey("gf_participation.id"))
    level: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class LabSession(Base):
    """A workshop or meeting of a lab."""

    __tablename__ = "gf_lab_session"
    __table_args__ = (UniqueConstraint("call_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    call_id: Mapped[UUID] = mapped_column(ForeignKey("gf_call.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    place: Mapped[str] = mapped_column(Text)
    agenda: Mapped[str] = mapped_column(Text)
    starts_at: Mapped[datetime]
    capacity: Mapped[int]
    held_at: Mapped[datetime | None]
    results: Mapped[str | None] = mapped_column(Text)
    """What came out of it, for everybody to read: part of equal access."""


class Attendance(Base):
    """That a participant was at a session."""

    __tablename__ = "gf_attendance"

    session_id: Mapped[UUID] = mapped_column(ForeignKey("gf_lab_session.id"), primary_key=True)
    participation_id: Mapped[UUID] = mapped_column(
        ForeignKey("gf_participation.id"), primary_key=True, index=True
    )
    at: Mapped[datetime]


class Contribution(Base):
    """A need, an idea, evidence, an offer or a question that a participant brings (a case)."""

    __tablename__ = "gf_contribution"
    __table_args__ = (
        CheckConstraint("kind IN ('need', 'idea', 'evidence', 'offer', 'question', 'comment')", name="kind"),
        CheckConstraint("visibility IN ('lab', 'public')", name="visibility"),
        Index("ix_gf_contribution_call", "call_id"),
        Index("ix_gf_contribution_participation", "participation_id"),
    )

    id: Mapped[UUID] = mapped_column(ForeignKey("gf_case.id"), primary_key=True)
    call_id: Mapped[UUID] = mapped_column(ForeignKey("gf_call.id"))
    participation_id: Mapped[UUID] = mapped_column(ForeignKey("gf_participation.id"))
    session_id: Mapped[UUID | None] = mapped_column(ForeignKey("gf_lab_session.id"))
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("gf_user.id"))
    """Nobody once the author has left or withdrawn it."""
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("gf_organisation.id"))
    kind: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    lang: Mapped[str] = mapped_column(Text)
    visibility: Mapped[str] = mapped_column(Text)
    kept_in_lab_because: Mapped[str | None] = mapped_column(Text)
    """Why the public does not see it: without a reason it stands against equal access."""


class Support(Base):
    """That a participant supports a contribution; counted once per person and once per organisation."""

    __tablename__ = "gf_support"

    contribution_id: Mapped[UUID] = mapped_column(ForeignKey("gf_contribution.id"), primary_key=True)
    participation_id: Mapped[UUID] = mapped_column(
        ForeignKey("gf_participation.id"), primary_key=True, index=True
    )
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("gf_organisation.id"))
    at: Mapped[datetime]


class Frame(Base):
    """Vision and numbered actions of a lab (a case); frozen, published and numbered when adopted."""

    __tablename__ = "gf_frame"
    __table_args__ = (
        UniqueConstraint("call_id", "version"),
        CheckConstraint("(adopted_at IS NULL) = (sha256 IS NULL)", name="adopted_is_frozen"),
    )

    id: Mapped[UUID] = mapped_column(ForeignKey("gf_case.id"), primary_key=True)
    call_id: Mapped[UUID] = mapped_column(ForeignKey("gf_call.id"))
    version: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    vision: Mapped[str] = mapped_column(Text)
    conditions: Mapped[str] = mapped_column(Text)
    """What the seed fund demands of projects beside serving an action."""
    changes: Mapped[str] = mapped_column(Text)
    """What differs from the version before, and whom it touches."""
    lang: Mapped[str] = mapped_column(Text)
    consulted_from: Mapped[datetime | None]
    consulted_until: Mapped[datetime | None]
    adopted_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    sha256: Mapped[str | None] = mapped_column(Text)
    """The hash of the published text (kind `frame`)."""


class FrameAuthor(Base):
    """That a person of the programme wrote on a frame: who did may neither apply inside it nor review."""

    __tablename__ = "gf_frame_author"

    frame_id: Mapped[UUID] = mapped_column(ForeignKey("gf_frame.id"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("gf_user.id"), primary_key=True, index=True)


class FrameAction(Base):
    """A numbered action of a frame, with the money set aside for it; projects name the actions that they serve."""

    __tablename__ = "gf_frame_action"
    __table_args__ = (
        UniqueConstraint("frame_id", "number"),
        CheckConstraint("envelope >= 0", name="envelope"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    frame_id: Mapped[UUID] = mapped_column(ForeignKey("gf_frame.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    about: Mapped[str] = mapped_column(Text)
    envelope: Mapped[int]
    """In the call's currency."""


class FrameIndicator(Base):
    """By what an action is measured: from a baseline to a target."""

    __tablename__ = "gf_frame_indicator"
    __table_args__ = (UniqueConstraint("action_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    action_id: Mapped[UUID] = mapped_column(ForeignKey("gf_frame_action.id"))
    number: Mapped[int]
    name: Mapped[str] = mapped_column(Text)
    baseline: Mapped[int]
    target: Mapped[int]


class ActionSource(Base):
    """That an action came out of a contribution: the trail from an idea to what became of it."""

    __tablename__ = "gf_action_source"

    action_id: Mapped[UUID] = mapped_column(ForeignKey("gf_frame_action.id"), primary_key=True)
    contribution_id: Mapped[UUID] = mapped_column(
        ForeignKey("gf_contribution.id"), primary_key=True, index=True
    )


class FrameComment(Base):
    """What somebody said in the public consultation on a draft frame, and the answer."""

    __tablename__ = "gf_frame_comment"
    __table_args__ = (Index("ix_gf_frame_comment_frame", "frame_id", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    frame_id: Mapped[UUID] = mapped_column(ForeignKey("gf_frame.id"))
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("gf_user.id"))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("gf_organisation.id"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    answer: Mapped[str | None] = mapped_column(Text)
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("gf_user.id"))
    answered_at: Mapped[datetime | None]
