"""Awards: proposed by officials, decided by bodies, released to applicants, entered in the ledger."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from grantflow.store.types import Base, JsonType

ANSWERS = "answer IN ('yes', 'reserve', 'no')"


class Proposal(Base):
    """What officials propose to the body for a stage of a call, drawn up from one frozen ranking (P1)."""

    __tablename__ = "gf_proposal"
    __table_args__ = (
        UniqueConstraint("call_id", "stage", "number"),
        CheckConstraint("(decided_at IS NULL) = (decided_by IS NULL)", name="decided"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    call_id: Mapped[UUID] = mapped_column(ForeignKey("gf_call.id"))
    stage: Mapped[int]
    number: Mapped[int]
    ranking_id: Mapped[UUID] = mapped_column(ForeignKey("gf_ranking.id"))
    drawn_up_by: Mapped[UUID | None]
    drawn_up_at: Mapped[datetime]
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    notice_at: Mapped[datetime | None]
    """When applicants are told, once it is released; and when all are (P10)."""
    public_at: Mapped[datetime | None]


class ProposalLine(Base):
    """What is proposed for one application, with the sentence that explains it; nobody is passed over silently."""

    __tablename__ = "gf_proposal_line"
    __table_args__ = (
        CheckConstraint(ANSWERS, name="answer"),
        CheckConstraint("allocated IN ('yes', 'reserve', 'no')", name="allocated"),
        CheckConstraint("amount >= 0", name="amount"),
        Index("ix_gf_proposal_line_application", "application_id"),
        Index("ix_gf_proposal_line_rank", "proposal_id", "rank"),
    )

    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("gf_proposal.id"), primary_key=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("gf_application.id"), primary_key=True)
    window_id: Mapped[UUID] = mapped_column(ForeignKey("gf_funder_window.id"))
    rank: Mapped[int]
    answer: Mapped[str] = mapped_column(Text)
    amount: Mapped[int]
    """What is granted; for a reserve place what it would get."""
    conditions: Mapped[Any] = mapped_column(JsonType)
    reasons: Mapped[str] = mapped_column(Text)
    allocated: Mapped[str] = mapped_column(Text)
    """The answer of the rules alone, before people changed it."""
    allocated_amount: Mapped[int]
    sentence: Mapped[str] = mapped_column(Text)
    """The message id of the sentence that explains the rules' answer, and beside it its values."""
    sentence_values: Mapped[Any] = mapped_column(JsonType)
    departure_reason: Mapped[str | None] = mapped_column(Text)
    """Why people departed from the ranking."""


class Decision(Base):
    """What was decided about one application, by whom and on whose authority; never edited, only replaced (P3)."""

    __tablename__ = "gf_decision"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('yes', 'reserve', 'no', 'ineligible', 'dismissed', 'admitted', 'lapsed', 'terminated', 'annulled')",
            name="kind",
        ),
        CheckConstraint("(decided_by IS NULL) = (decided_at IS NULL OR authority = 'rule')", name="decided"),
        CheckConstraint("authority IN ('body', 'delegation', 'rule')", name="authority"),
        CheckConstraint("authority <> 'rule' OR kind = 'yes'", name="rule"),
        CheckConstraint("amount >= 0 AND (kind IN ('yes', 'reserve') OR amount = 0)", name="amount"),
        Index("ix_gf_decision_application", "application_id", "number"),
        Index("ix_gf_decision_call", "call_id", "decided_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("gf_application.id"))
    call_id: Mapped[UUID] = mapped_column(ForeignKey("gf_call.id"))
    number: Mapped[int]
    """Counts the decisions about one application; the last one holds."""
    kind: Mapped[str] = mapped_column(Text)
    amount: Mapped[int]
    currency: Mapped[str] = mapped_column(Text)
    rank: Mapped[int | None]
    """The place in the ranking on which it rests; the order of the reserve list."""
    conditions: Mapped[Any] = mapped_column(JsonType)
    reasons: Mapped[str] = mapped_column(Text)
    remedy: Mapped[Any] = mapped_column(JsonType)
    """What can be done against it, as the window said when it was decided (P2)."""
    authority: Mapped[str] = mapped_column(Text)
    """body, delegation (then it is listed for the body's next meeting, P1), or rule: nobody decided, and it is a yes."""
    body_id: Mapped[UUID | None] = mapped_column(ForeignKey("gf_body.id"))
    item_id: Mapped[UUID | None] = mapped_column(ForeignKey("gf_agenda_item.id"))
    """The item of the body's agenda under which it was decided."""
    proposal_id: Mapped[UUID | None] = mapped_column(ForeignKey("gf_proposal.id"))
    entry_id: Mapped[UUID]
    """The journal entry of the step that recorded it."""
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    replaces_id: Mapped[UUID | None] = mapped_column(ForeignKey("gf_decision.id"))


class Release(Base):
    """When a decision was told and published (P10): before it, nobody outside sees anything of it."""

    __tablename__ = "gf_release"

    decision_id: Mapped[UUID] = mapped_column(ForeignKey("gf_decision.id"), primary_key=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("gf_application.id"), index=True)
    decided_at: Mapped[datetime]
    notice_at: Mapped[datetime]
    public_at: Mapped[datetime]
    released_by: Mapped[UUID | None]


class LetterPreview(Base):
    """That somebody read the letter of a decision before its release: the very text, by its hash."""

    __tablename__ = "gf_letter_preview"
    __table_args__ = (Index("ix_gf_letter_preview_application", "application_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    decision_id: Mapped[UUID] = mapped_column(ForeignKey("gf_decision.id"), index=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("gf_application.id"))
    template: Mapped[str] = mapped_column(Text)
    text_sha256: Mapped[str] = mapped_column(Text)
    previewed_by: Mapped[UUID]
    previewed_at: Mapped[datetime]


class Award(Base):
    """What was granted (a case), from the letter to the checked report."""

    __tablename__ = "gf_award"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint(
            "final_amount IS NULL OR (final_amount >= 0 AND final_amount <= amount)", name="final"
        ),
        CheckConstraint("(accepted_at IS NULL) = (accepted_by IS NULL)", name="accepted"),
        Index("ix_gf_award_application", "application_id"),
        Index("ix_gf_award_window", "window_id"),
    )

    id: Mapped[UUID] = mapped_column(ForeignKey("gf_case.id"), primary_key=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("gf_application.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("gf_organisation.id"))
    decision_id: Mapped[UUID] = mapped_column(ForeignKey("gf_decision.id"))
    window_id: Mapped[UUID] = mapped_column(ForeignKey("gf_funder_window.id"))
    amount: Mapped[int]
    currency: Mapped[str] = mapped_column(Text)
    rate: Mapped[int]
    """The share of approved cost that is paid at most, in basis points: what was granted of what it shall cost."""
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[UUID | None]
    reported_at: Mapped[datetime | None]
    summary: Mapped[str | None] = mapped_column(Text)
    reported_cost: Mapped[int | None]
    final_amount: Mapped[int | None]
    """The lower of the amount and the rate of the approved cost (P18); set when the award is completed."""


class Condition(Base):
    """A condition of an award; they are fulfilled one by one (P18)."""

    __tablename__ = "gf_condition"
    __table_args__ = (CheckConstraint("(fulfilled_at IS NULL) = (fulfilled_by IS NULL)", name="fulfilled"),)

    award_id: Mapped[UUID] = mapped_column(ForeignKey("gf_award.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    proof: Mapped[str | None] = mapped_column(Text)
    fulfilled_by: Mapped[UUID | None]
    fulfilled_at: Mapped[datetime | None]
