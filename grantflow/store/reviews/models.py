"""Reviews: who reads what, who may not, what they found, and the rankings that follow."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from grantflow.store.types import Base, JsonType


class ReviewRound(Base):
    """A round of reviews in a stage of a call: how many are wanted, and what reviewers see of one another."""

    __tablename__ = "gf_review_round"
    __table_args__ = (
        UniqueConstraint("call_id", "stage", "number"),
        CheckConstraint("blindness IN ('open', 'single', 'double')", name="blindness"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    call_id: Mapped[UUID] = mapped_column(ForeignKey("gf_call.id"))
    stage: Mapped[int]
    number: Mapped[int]
    wanted: Mapped[int]
    """How many reviews each application shall have."""
    blindness: Mapped[str] = mapped_column(Text)
    opened_at: Mapped[datetime]


class Review(Base):
    """One reviewer's reading of one application (a case). Its words are the reviewer's own until handed in."""

    __tablename__ = "gf_review"
    __table_args__ = (
        Index("ix_gf_review_application", "application_id"),
        Index("ix_gf_review_reviewer", "reviewer_id"),
        CheckConstraint("(submitted_at IS NULL) = (sha256 IS NULL)", name="handed_in_is_frozen"),
    )

    id: Mapped[UUID] = mapped_column(ForeignKey("gf_case.id"), primary_key=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("gf_application.id"))
    round_id: Mapped[UUID] = mapped_column(ForeignKey("gf_review_round.id"))
    reviewer_id: Mapped[UUID] = mapped_column(ForeignKey("gf_user.id"))
    comment: Mapped[str] = mapped_column(Text)
    """The overall judgement, for panel and feedback."""
    scores_revision: Mapped[int]
    saved_at: Mapped[datetime | None]
    conflict_declared_at: Mapped[datetime | None]
    """When the reviewer said that there is no conflict; before that only title, applicants and abstract are shown."""
    submitted_at: Mapped[datetime | None]
    sha256: Mapped[str | None] = mapped_column(Text)
    """The hash of scores and comments as handed in."""
    set_aside_at: Mapped[datetime | None]
    """Since when it no longer counts (P13)."""


class Score(Base):
    """The points and the comment that a review gives for one criterion of the rubric."""

    __tablename__ = "gf_score"
    __table_args__ = (CheckConstraint("points >= 0", name="points"),)

    review_id: Mapped[UUID] = mapped_column(ForeignKey("gf_review.id"), primary_key=True)
    criterion: Mapped[str] = mapped_column(Text, primary_key=True)
    points: Mapped[int | None]
    """On the criterion's scale; nothing while only a comment is written."""
    comment: Mapped[str] = mapped_column(Text)


class Ranking(Base):
    """A frozen ranking: a pure function of the reviews that counted, kept with its text and hash."""

    __tablename__ = "gf_ranking"
    __table_args__ = (UniqueConstraint("call_id", "stage", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    call_id: Mapped[UUID] = mapped_column(ForeignKey("gf_call.id"))
    stage: Mapped[int]
    number: Mapped[int]
    rubric: Mapped[str] = mapped_column(Text)
    rubric_version: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    """The canonical JSON text: rules, lines and what they were computed from."""
    sha256: Mapped[str] = mapped_column(Text)
    frozen_at: Mapped[datetime]
    frozen_by: Mapped[UUID | None]


class RankingLine(Base):
    """The place of one application in a frozen ranking."""

    __tablename__ = "gf_ranking_line"
    __table_args__ = (
        Index("ix_gf_ranking_line_application", "application_id"),
        Index("ix_gf_ranking_line_rank", "ranking_id", "rank"),
    )

    ranking_id: Mapped[UUID] = mapped_column(ForeignKey("gf_ranking.id"), primary_key=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("gf_application.id"), primary_key=True)
    rank: Mapped[int]
    points: Mapped[int]
    """The total in hundredths of a point of 100, rounded half up once: for people; the text holds the exact fraction."""
    reviews: Mapped[int]
    passes: Mapped[int]
    """1 where the total and every criterion reach their marks, else 0."""


class RankedReview(Base):
    """That a frozen ranking counted a review: set aside later, the ranking is stale (P13)."""

    __tablename__ = "gf_ranked_review"

    ranking_id: Mapped[UUID] = mapped_column(ForeignKey("gf_ranking.id"), primary_key=True)
    review_id: Mapped[UUID] = mapped_column(ForeignKey("gf_review.id"), primary_key=True, index=True)


class PanelStatement(Base):
    """What the panel leaves for each application: a recommendation and a paragraph of reasons (P12)."""

    __tablename__ = "gf_panel_statement"
    __table_args__ = (
        CheckConstraint(
            "recommendation IN ('fund', 'fund_less', 'fund_with_conditions', 'reserve', 'do_not_fund')",
            name="recommendation",
        ),
    )

    application_id: Mapped[UUID] = mapped_column(ForeignKey("gf_application.id"), primary_key=True)
    recommendation: Mapped[str] = mapped_column(Text)
    amount: Mapped[int | None]
    conditions: Mapped[Any] = mapped_column(JsonType)
    reasons: Mapped[str] = mapped_column(Text)
    written_by: Mapped[UUID | None]
    written_at: Mapped[datetime]
