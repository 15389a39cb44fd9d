"""add the tables of aid."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from grantflow.store import types

revision = "0003_add_the_tables_of_aid"
down_revision = "0002_journal_is_append_only"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "gf_aid_account",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("undertaking_id", types.IdType(), nullable=False),
        sa.Column("member_state", sa.Text(), nullable=False),
        sa.Column("ceiling", sa.BigInteger(), nullable=False),
        sa.Column("counted", sa.BigInteger(), nullable=False),
        sa.Column("counted_at", types.InstantType(), nullable=False),
        sa.CheckConstraint(
            "counted >= 0 AND counted <= ceiling", name=op.f("ck_gf_aid_account_never_over_the_ceiling")
        ),
        sa.ForeignKeyConstraint(
            ["undertaking_id"], ["gf_organisation.id"], name=op.f("fk_gf_aid_account_undertaking_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_aid_account")),
        sa.UniqueConstraint(
            "undertaking_id", "member_state", name=op.f("uq_gf_aid_account_undertaking_id_member_state")
        ),
    )
    op.create_table(
        "gf_aid_decision",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("application_id", types.IdType(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("decided_by", types.IdType(), nullable=False),
        sa.Column("decided_at", types.InstantType(), nullable=False),
        sa.Column("lines", types.JsonType(), nullable=False),
        sa.Column("replaces_id", types.IdType(), nullable=True),
        sa.Column("replaced_at", types.InstantType(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('grant', 'refusal', 'revocation', 'replacement')", name=op.f("ck_gf_aid_decision_kind")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["gf_case.id"], name=op.f("fk_gf_aid_decision_application_id")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["gf_user.id"], name=op.f("fk_gf_aid_decision_decided_by")),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["gf_aid_decision.id"], name=op.f("fk_gf_aid_decision_replaces_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_aid_decision")),
    )
    with op.batch_alter_table("gf_aid_decision", schema=None) as batch_op:
        batch_op.create_index(
            "ix_gf_aid_decision_application", ["application_id", "decided_at"], unique=False
        )

    op.create_table(
        "gf_bank_account",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("organisation_id", types.IdType(), nullable=False),
        sa.Column("iban", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("entered_by", types.IdType(), nullable=False),
        sa.Column("entered_at", types.InstantType(), nullable=False),
        sa.Column("confirmed_by", types.IdType(), nullable=True),
        sa.Column("confirmed_at", types.InstantType(), nullable=True),
        sa.Column("confirmed_how", sa.Text(), nullable=True),
        sa.Column("ended_at", types.InstantType(), nullable=True),
        sa.CheckConstraint(
            "(confirmed_by IS NULL) = (confirmed_at IS NULL)", name=op.f("ck_gf_bank_account_confirmed")
        ),
        sa.CheckConstraint(
            "confirmed_by IS NULL OR confirmed_by <> entered_by", name=op.f("ck_gf_bank_account_two_people")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["gf_user.id"], name=op.f("fk_gf_bank_account_confirmed_by")
        ),
        sa.ForeignKeyConstraint(["entered_by"], ["gf_user.id"], name=op.f("fk_gf_bank_account_entered_by")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["gf_organisation.id"], name=op.f("fk_gf_bank_account_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_bank_account")),
    )
    with op.batch_alter_table("gf_bank_account", schema=None) as batch_op:
        batch_op.create_index(
            "ix_gf_bank_account_organisation", ["organisation_id", "entered_at"], unique=False
        )

    op.create_table(
        "gf_selection",
        sa.Column("application_id", types.IdType(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("rules_published_on", sa.Date(), nullable=False),
        sa.Column("invited", sa.BigInteger(), nullable=False),
        sa.Column("answered", sa.BigInteger(), nullable=False),
        sa.Column("chosen", sa.BigInteger(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("recorded_at", types.InstantType(), nullable=False),
        sa.CheckConstraint(
            "invited >= 0 AND answered >= 0 AND chosen >= 0", name=op.f("ck_gf_selection_counts")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["gf_case.id"], name=op.f("fk_gf_selection_application_id")
        ),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_gf_selection")),
    )
    op.create_table(
        "gf_aid_rule_pin",
        sa.Column("call_id", types.IdType(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["gf_call.id"], name=op.f("fk_gf_aid_rule_pin_call_id")),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_gf_aid_rule_pin")),
    )
    op.create_table(
        "gf_payment",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("account_id", types.IdType(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("prepared_at", types.InstantType(), nullable=False),
        sa.Column("paid_at", types.InstantType(), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_gf_payment_amount")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["gf_bank_account.id"], name=op.f("fk_gf_payment_account_id")
        ),
        sa.ForeignKeyConstraint(["id"], ["gf_case.id"], name=op.f("fk_gf_payment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_payment")),
    )
    op.create_table(
        "gf_line",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("firm_id", types.IdType(), nullable=False),
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("asked_at", types.InstantType(), nullable=True),
        sa.Column("confirmed_at", types.InstantType(), nullable=True),
        sa.Column("window_id", types.IdType(), nullable=True),
        sa.Column("reserved", sa.BigInteger(), nullable=False),
        sa.Column("committed", sa.BigInteger(), nullable=False),
        sa.Column("passed_on", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_gf_line_amount")),
        sa.CheckConstraint("reserved + committed = 0 OR window_id IS NOT NULL", name=op.f("ck_gf_line_pot")),
        sa.CheckConstraint("reserved >= 0 AND committed >= 0", name=op.f("ck_gf_line_not_negative")),
        sa.ForeignKeyConstraint(["firm_id"], ["gf_organisation.id"], name=op.f("fk_gf_line_firm_id")),
        sa.ForeignKeyConstraint(["id"], ["gf_case.id"], name=op.f("fk_gf_line_id")),
        sa.ForeignKeyConstraint(["window_id"], ["gf_funder_window.id"], name=op.f("fk_gf_line_window_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_line")),
    )
    with op.batch_alter_table("gf_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_gf_line_firm_id"), ["firm_id"], unique=False)

    op.create_table(
        "gf_aid_award",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("undertaking_id", types.IdType(), nullable=False),
        sa.Column("member_state", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("line_id", types.IdType(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("granted_on", sa.Date(), nullable=False),
        sa.Column("granted_by", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=True),
        sa.Column("noted_at", types.InstantType(), nullable=False),
        sa.Column("ended_at", types.InstantType(), nullable=True),
        sa.CheckConstraint("kind IN ('own', 'declared')", name=op.f("ck_gf_aid_award_kind")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_gf_aid_award_amount")),
        sa.ForeignKeyConstraint(["line_id"], ["gf_line.id"], name=op.f("fk_gf_aid_award_line_id")),
        sa.ForeignKeyConstraint(
            ["undertaking_id"], ["gf_organisation.id"], name=op.f("fk_gf_aid_award_undertaking_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_aid_award")),
    )
    with op.batch_alter_table("gf_aid_award", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_gf_aid_award_line_id"), ["line_id"], unique=False)
        batch_op.create_index(
            "ix_gf_aid_award_undertaking", ["undertaking_id", "member_state", "granted_on"], unique=False
        )

    op.create_table(
        "gf_aid_reservation",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("account_id", types.IdType(), nullable=False),
        sa.Column("line_id", types.IdType(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("since", types.InstantType(), nullable=False),
        sa.Column("ended_at", types.InstantType(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (outcome IS NULL)", name=op.f("ck_gf_aid_reservation_ended")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_gf_aid_reservation_amount")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["gf_aid_account.id"], name=op.f("fk_gf_aid_reservation_account_id")
        ),
        sa.ForeignKeyConstraint(["line_id"], ["gf_line.id"], name=op.f("fk_gf_aid_reservation_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_aid_reservation")),
    )
    with op.batch_alter_table("gf_aid_reservation", schema=None) as batch_op:
        batch_op.create_index("ix_gf_aid_reservation_account", ["account_id", "ended_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_gf_aid_reservation_line_id"), ["line_id"], unique=False)

    op.create_table(
        "gf_delivery_proof",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("line_id", types.IdType(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("file_id", types.IdType(), nullable=True),
        sa.Column("given_at", types.InstantType(), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["gf_line.id"], name=op.f("fk_gf_delivery_proof_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_delivery_proof")),
    )
    with op.batch_alter_table("gf_delivery_proof", schema=None) as batch_op:
        batch_op.create_index("ix_gf_delivery_proof_line", ["line_id", "given_at"], unique=False)

    op.create_table(
        "gf_line_declaration",
        sa.Column("line_id", types.IdType(), nullable=False),
        sa.Column("headcount", sa.BigInteger(), nullable=False),
        sa.Column("turnover", sa.BigInteger(), nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=False),
        sa.Column("no_other_aid", sa.BigInteger(), nullable=False),
        sa.Column("consent", sa.BigInteger(), nullable=False),
        sa.Column("declared_at", types.InstantType(), nullable=False),
        sa.CheckConstraint(
            "headcount >= 0 AND turnover >= 0 AND balance >= 0",
            name=op.f("ck_gf_line_declaration_not_negative"),
        ),
        sa.CheckConstraint(
            "no_other_aid IN (0, 1) AND consent IN (0, 1)", name=op.f("ck_gf_line_declaration_yes_no")
        ),
        sa.ForeignKeyConstraint(["line_id"], ["gf_line.id"], name=op.f("fk_gf_line_declaration_line_id")),
        sa.PrimaryKeyConstraint("line_id", name=op.f("pk_gf_line_declaration")),
    )
    op.create_table(
        "gf_line_invitation",
        sa.Column("grant_id", types.IdType(), nullable=False),
        sa.Column("line_id", types.IdType(), nullable=False),
        sa.Column("sent_at", types.InstantType(), nullable=False),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["gf_role_grant.id"], name=op.f("fk_gf_line_invitation_grant_id")
        ),
        sa.ForeignKeyConstraint(["line_id"], ["gf_line.id"], name=op.f("fk_gf_line_invitation_line_id")),
        sa.PrimaryKeyConstraint("grant_id", name=op.f("pk_gf_line_invitation")),
    )
    with op.batch_alter_table("gf_line_invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_gf_line_invitation_line_id"), ["line_id"], unique=False)

    op.create_table(
        "gf_payment_line",
        sa.Column("payment_id", types.IdType(), nullable=False),
        sa.Column("line_id", types.IdType(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["gf_line.id"], name=op.f("fk_gf_payment_line_line_id")),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["gf_payment.id"], name=op.f("fk_gf_payment_line_payment_id")
        ),
        sa.PrimaryKeyConstraint("payment_id", "line_id", name=op.f("pk_gf_payment_line")),
    )
    op.create_table(
        "gf_register_entry",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("award_id", types.IdType(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("due_at", types.InstantType(), nullable=False),
        sa.Column("told_at", types.InstantType(), nullable=True),
        sa.ForeignKeyConstraint(
            ["award_id"], ["gf_aid_award.id"], name=op.f("fk_gf_register_entry_award_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_register_entry")),
    )
    with op.batch_alter_table("gf_register_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_gf_register_entry_award_id"), ["award_id"], unique=False)
        batch_op.create_index("ix_gf_register_entry_due", ["told_at", "due_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("gf_register_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_gf_register_entry_due")
        batch_op.drop_index(batch_op.f("ix_gf_register_entry_award_id"))

    op.drop_table("gf_register_entry")
    op.drop_table("gf_payment_line")
    with op.batch_alter_table("gf_line_invitation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_gf_line_invitation_line_id"))

    op.drop_table("gf_line_invitation")
    op.drop_table("gf_line_declaration")
    with op.batch_alter_table("gf_delivery_proof", schema=None) as batch_op:
        batch_op.drop_index("ix_gf_delivery_proof_line")

    op.drop_table("gf_delivery_proof")
    with op.batch_alter_table("gf_aid_reservation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_gf_aid_reservation_line_id"))
        batch_op.drop_index("ix_gf_aid_reservation_account")

    op.drop_table("gf_aid_reservation")
    with op.batch_alter_table("gf_aid_award", schema=None) as batch_op:
        batch_op.drop_index("ix_gf_aid_award_undertaking")
        batch_op.drop_index(batch_op.f("ix_gf_aid_award_line_id"))

    op.drop_table("gf_aid_award")
    with op.batch_alter_table("gf_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_gf_line_firm_id"))

    op.drop_table("gf_line")
    op.drop_table("gf_payment")
    op.drop_table("gf_aid_rule_pin")
    op.drop_table("gf_selection")
    with op.batch_alter_table("gf_bank_account", schema=None) as batch_op:
        batch_op.drop_index("ix_gf_bank_account_organisation")

    op.drop_table("gf_bank_account")
    with op.batch_alter_table("gf_aid_decision", schema=None) as batch_op:
        batch_op.drop_index("ix_gf_aid_decision_application")

    op.drop_table("gf_aid_decision")
    op.drop_table("gf_aid_account")
