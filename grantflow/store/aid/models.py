"""Aid: lines and what firms say about themselves, what was held and granted, what was proven and paid."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from grantflow.store.types import Base, JsonType


class Selection(Base):
    """How a cluster invited and chose the firms of a request, recorded before it was sent (process rule P20)."""

    __tablename__ = "gf_selection"
    __table_args__ = (CheckConstraint("invited >= 0 AND answered >= 0 AND chosen >= 0", name="counts"),)

    application_id: Mapped[UUID] = mapped_column(ForeignKey("gf_case.id"), primary_key=True)
    how: Mapped[str] = mapped_column(Text)
    rules: Mapped[str] = mapped_column(Text)
    rules_published_on: Mapped[date]
    invited: Mapped[int]
    answered: Mapped[int]
    chosen: Mapped[int]
    reasons: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime]


class Line(Base):
    """A line of a request: one firm, one activity, one lump sum. The request is the parent of its case."""

    __tablename__ = "gf_line"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("reserved >= 0 AND committed >= 0", name="not_negative"),
        CheckConstraint("reserved + committed = 0 OR window_id IS NOT NULL", name="pot"),
    )

    id: Mapped[UUID] = mapped_column(ForeignKey("gf_case.id"), primary_key=True)
    firm_id: Mapped[UUID] = mapped_column(ForeignKey("gf_organisation.id"), index=True)
    activity: Mapped[str] = mapped_column(Text)
    place: Mapped[str] = mapped_column(Text)
    """Where it takes place: the fair, the town, the host."""
    starts_on: Mapped[date]
    amount: Mapped[int]
    currency: Mapped[str] = mapped_column(Text)
    contact: Mapped[str] = mapped_column(Text)
    """The address to which the link is mailed."""
    asked_at: Mapped[datetime | None]
    """When the request was sent and the firm first asked; what begins before is not paid for."""
    confirmed_at: Mapped[datetime | None]
    window_id: Mapped[UUID | None] = mapped_column(ForeignKey("gf_funder_window.id"))
    """The pot in which its money lies."""
    reserved: Mapped[int]
    """What is reserved there for it, until it is granted or freed."""
    committed: Mapped[int]
    """What is promised there to it by the grant."""
    passed_on: Mapped[int | None]
    """The value that the cluster reports to have passed on to the firm."""


class LineInvitation(Base):
    """The link by which a firm confirms its line without an account: it carries the grant, signed, and is kept nowhere."""

    __tablename__ = "gf_line_invitation"

    grant_id: Mapped[UUID] = mapped_column(ForeignKey("gf_role_grant.id"), primary_key=True)
    line_id: Mapped[UUID] = mapped_column(ForeignKey("gf_line.id"), index=True)
    sent_at: Mapped[datetime]


class Declaration(Base):
    """What a firm declared about itself when it confirmed a line."""

    __tablename__ = "gf_line_declaration"
    __table_args__ = (
        CheckConstraint("headcount >= 0 AND turnover >= 0 AND balance >= 0", name="not_negative"),
        CheckConstraint("no_other_aid IN (0, 1) AND consent IN (0, 1)", name="yes_no"),
    )

    line_id: Mapped[UUID] = mapped_column(ForeignKey("gf_line.id"), primary_key=True)
    headcount: Mapped[int]
    turnover: Mapped[int]
    balance: Mapped[int]
    no_other_aid: Mapped[int]
    consent: Mapped[int]
    declared_at: Mapped[datetime]


class AidAccount(Base):
    """The de minimis account of an undertaking in a member state: locked before anything is held or granted.

    `counted` is what counted when it was last written: aid of the window and what is held. The database refuses more
    than the ceiling that was in force then, whatever the program believed.
    """

    __tablename__ = "gf_aid_account"
    __table_args__ = (
        UniqueConstraint("undertaking_id", "member_state"),
        CheckConstraint("counted >= 0 AND counted <= ceiling", name="never_over_the_ceiling"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    undertaking_id: Mapped[UUID] = mapped_column(ForeignKey("gf_organisation.id"))
    member_state: Mapped[str] = mapped_column(Text)
    ceiling: Mapped[int]
    counted: Mapped[int]
    counted_at: Mapped[datetime]


class AidReservation(Base):
    """A lump sum held for a firm while its line is open; ends when the line is granted or ends."""

    __tablename__ = "gf_aid_reservation"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("(ended_at IS NULL) = (outcome IS NULL)", name="ended"),
        Index("ix_gf_aid_reservation_account", "account_id", "ended_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("gf_aid_account.id"))
    line_id: Mapped[UUID] = mapped_column(ForeignKey("gf_line.id"), index=True)
    amount: Mapped[int]
    since: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(Text)
    """granted or freed."""


class AidAward(Base):
    """De minimis aid that an undertaking received: our own, or declared by the firm as given by others."""

    __tablename__ = "gf_aid_award"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("kind IN ('own', 'declared')", name="kind"),
        Index("ix_gf_aid_award_undertaking", "undertaking_id", "member_state", "granted_on"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    undertaking_id: Mapped[UUID] = mapped_column(ForeignKey("gf_organisation.id"))
    member_state: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    line_id: Mapped[UUID | None] = mapped_column(ForeignKey("gf_line.id"), index=True)
    """The line that was granted, or with which the aid of others was declared."""
    amount: Mapped[int]
    granted_on: Mapped[date]
    granted_by: Mapped[str] = mapped_column(Text)
    rule: Mapped[str | None] = mapped_column(Text)
    """The rule and article under which our own aid was granted."""
    noted_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    """When it was found not to count: the line ended without payment, or the declaration was replaced."""


class RegisterEntry(Base):
    """What the public register of de minimis aid is told: an award, or that one was withdrawn."""

    __tablename__ = "gf_register_entry"
    __table_args__ = (Index("ix_gf_register_entry_due", "told_at", "due_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    award_id: Mapped[UUID] = mapped_column(ForeignKey("gf_aid_award.id"), index=True)
    kind: Mapped[str] = mapped_column(Text)
    """award or withdrawal."""
    amount: Mapped[int]
    due_at: Mapped[datetime]
    told_at: Mapped[datetime | None]


class AidRulePin(Base):
    """The rule file that a call pinned when it was published."""

    __tablename__ = "gf_aid_rule_pin"

    call_id: Mapped[UUID] = mapped_column(ForeignKey("gf_call.id"), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    version: Mapped[int]
    sha256: Mapped[str] = mapped_column(Text)


class AidDecision(Base):
    """A decision about a request: what was decided, by whom, on whose delegation, and what replaced it (P1, P3)."""

    __tablename__ = "gf_aid_decision"
    __table_args__ = (
        CheckConstraint("kind IN ('grant', 'refusal', 'revocation', 'replacement')", name="kind"),
        Index("ix_gf_aid_decision_application", "application_id", "decided_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("gf_case.id"))
    kind: Mapped[str] = mapped_column(Text)
    amount: Mapped[int]
    decided_by: Mapped[UUID] = mapped_column(ForeignKey("gf_user.id"))
    decided_at: Mapped[datetime]
    lines: Mapped[Any] = mapped_column(JsonType)
    """What was decided of each line: [{"line", "firm", "activity", "amount"}]."""
    replaces_id: Mapped[UUID | None] = mapped_column(ForeignKey("gf_aid_decision.id"))
    replaced_at: Mapped[datetime | None]


class DeliveryProof(Base):
    """What a cluster handed in to prove that an activity took place; the newest counts."""

    __tablename__ = "gf_delivery_proof"
    __table_args__ = (Index("ix_gf_delivery_proof_line", "line_id", "given_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    line_id: Mapped[UUID] = mapped_column(ForeignKey("gf_line.id"))
    done_on: Mapped[date]
    what: Mapped[str] = mapped_column(Text)
    file_id: Mapped[UUID | None]
    """The stored file, where one was handed in."""
    given_at: Mapped[datetime]


class BankAccount(Base):
    """A bank account of an organisation: entered by one, confirmed by another by calling back (process rule P15)."""

    __tablename__ = "gf_bank_account"
    __table_args__ = (
        CheckConstraint("confirmed_by IS NULL OR confirmed_by <> entered_by", name="two_people"),
        CheckConstraint("(confirmed_by IS NULL) = (confirmed_at IS NULL)", name="confirmed"),
        Index("ix_gf_bank_account_organisation", "organisation_id", "entered_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("gf_organisation.id"))
    iban: Mapped[str] = mapped_column(Text)
    holder: Mapped[str] = mapped_column(Text)
    entered_by: Mapped[UUID] = mapped_column(ForeignKey("gf_user.id"))
    entered_at: Mapped[datetime]
    confirmed_by: Mapped[UUID | None] = mapped_column(ForeignKey("gf_user.id"))
    confirmed_at: Mapped[datetime | None]
    confirmed_how: Mapped[str | None] = mapped_column(Text)
    ended_at: Mapped[datetime | None]


class Payment(Base):
    """A payment to the organisation that asked; the request is the parent of its case."""

    __tablename__ = "gf_payment"
    __table_args__ = (CheckConstraint("amount > 0", name="amount"),)

    id: Mapped[UUID] = mapped_column(ForeignKey("gf_case.id"), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("gf_bank_account.id"))
    amount: Mapped[int]
    currency: Mapped[str] = mapped_column(Text)
    prepared_at: Mapped[datetime]
    paid_at: Mapped[datetime | None]


class PaymentLine(Base):
    """A line that a payment covers, and with how much."""

    __tablename__ = "gf_payment_line"

    payment_id: Mapped[UUID] = mapped_column(ForeignKey("gf_payment.id"), primary_key=True)
    line_id: Mapped[UUID] = mapped_column(ForeignKey("gf_line.id"), primary_key=True)
    amount: Mapped[int]
