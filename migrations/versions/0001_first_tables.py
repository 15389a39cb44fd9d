"""The tables of the first release."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from grantflow.store import types

revision = "0001_first_tables"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "gf_case",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("call_id", types.IdType(), nullable=False),
        sa.Column("parent_id", types.IdType(), nullable=True),
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("lifecycle", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("resume_state", sa.Text(), nullable=True),
        sa.Column("entered_at", types.InstantType(), nullable=False),
        sa.Column("created_at", types.InstantType(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("head", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("revision >= 0", name=op.f("ck_gf_case_revision")),
        sa.CheckConstraint("seq >= 0", name=op.f("ck_gf_case_seq")),
        sa.ForeignKeyConstraint(["call_id"], ["gf_case.id"], name=op.f("fk_gf_case_call_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["gf_case.id"], name=op.f("fk_gf_case_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_case")),
        sa.UniqueConstraint("ref", name=op.f("uq_gf_case_ref")),
    )
    op.create_index(
        "ix_gf_case_call_lifecycle_state", "gf_case", ["call_id", "lifecycle", "state"], unique=False
    )
    op.create_index("ix_gf_case_parent_lifecycle", "gf_case", ["parent_id", "lifecycle"], unique=False)
    op.create_table(
        "gf_counter",
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("prefix", name=op.f("pk_gf_counter")),
    )
    op.create_table(
        "gf_journal_seal",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("at", types.InstantType(), nullable=False),
        sa.Column("records", sa.BigInteger(), nullable=False),
        sa.Column("entries", sa.BigInteger(), nullable=False),
        sa.Column("heads", types.JsonType(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_journal_seal")),
    )
    op.create_table(
        "gf_organisation",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("identifier_kind", sa.Text(), nullable=False),
        sa.Column("identifier", sa.Text(), nullable=False),
        sa.Column("legal_form", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("nuts", sa.Text(), nullable=True),
        sa.Column("nace", sa.Text(), nullable=True),
        sa.Column("town", sa.Text(), nullable=True),
        sa.Column("helix", sa.Text(), nullable=True),
        sa.Column("functions", types.JsonType(), nullable=False),
        sa.Column("created_at", types.InstantType(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_organisation")),
        sa.UniqueConstraint(
            "identifier_kind", "identifier", name=op.f("uq_gf_organisation_identifier_kind_identifier")
        ),
    )
    op.create_table(
        "gf_programme",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("name", types.JsonType(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("ref_prefix", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("territory", types.JsonType(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_programme")),
        sa.UniqueConstraint("ref_prefix", name=op.f("uq_gf_programme_ref_prefix")),
    )
    op.create_table(
        "gf_published_file",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("published_at", types.InstantType(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "name", "version", name=op.f("pk_gf_published_file")),
    )
    op.create_table(
        "gf_refusal",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("record_id", types.IdType(), nullable=True),
        sa.Column("transition", sa.Text(), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("user_id", types.IdType(), nullable=True),
        sa.Column("at", types.InstantType(), nullable=False),
        sa.Column("codes", types.JsonType(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_refusal")),
    )
    op.create_index("ix_gf_refusal_user_at", "gf_refusal", ["user_id", "at"], unique=False)
    op.create_table(
        "gf_setting",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", types.JsonType(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_gf_setting")),
    )
    op.create_table(
        "gf_user",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("created_at", types.InstantType(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_user")),
        sa.UniqueConstraint("email", name=op.f("uq_gf_user_email")),
    )
    op.create_table(
        "gf_body",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("programme_id", types.IdType(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("quorum", sa.BigInteger(), nullable=False),
        sa.Column("delegate_id", types.IdType(), nullable=True),
        sa.Column("delegate_up_to", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("quorum >= 1", name=op.f("ck_gf_body_quorum")),
        sa.ForeignKeyConstraint(["delegate_id"], ["gf_user.id"], name=op.f("fk_gf_body_delegate_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["gf_programme.id"], name=op.f("fk_gf_body_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_body")),
    )
    op.create_index(op.f("ix_gf_body_programme_id"), "gf_body", ["programme_id"], unique=False)
    op.create_table(
        "gf_call",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("programme_id", types.IdType(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("title", types.JsonType(), nullable=False),
        sa.Column("summary", types.JsonType(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("has_lab", sa.BigInteger(), nullable=False),
        sa.Column("stage", sa.BigInteger(), nullable=False),
        sa.Column("parameters", types.JsonType(), nullable=False),
        sa.Column("days_off", types.JsonType(), nullable=False),
        sa.Column("pins", types.JsonType(), nullable=False),
        sa.Column("file", types.JsonType(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["gf_case.id"], name=op.f("fk_gf_call_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["gf_programme.id"], name=op.f("fk_gf_call_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_call")),
        sa.UniqueConstraint("slug", name=op.f("uq_gf_call_slug")),
    )
    op.create_index(op.f("ix_gf_call_programme_id"), "gf_call", ["programme_id"], unique=False)
    op.create_table(
        "gf_funder",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("programme_id", types.IdType(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["gf_programme.id"], name=op.f("fk_gf_funder_programme_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_funder")),
    )
    op.create_index(op.f("ix_gf_funder_programme_id"), "gf_funder", ["programme_id"], unique=False)
    op.create_table(
        "gf_journal_entry",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("record_id", types.IdType(), nullable=False),
        sa.Column("lifecycle", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("transition", sa.Text(), nullable=False),
        sa.Column("row", sa.BigInteger(), nullable=False),
        sa.Column("from_state", sa.Text(), nullable=True),
        sa.Column("to_state", sa.Text(), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("user_id", types.IdType(), nullable=True),
        sa.Column("organisation_id", types.IdType(), nullable=True),
        sa.Column("grant_id", types.IdType(), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=True),
        sa.Column("guards", types.JsonType(), nullable=False),
        sa.Column("payload_digest", sa.Text(), nullable=True),
        sa.Column("at", types.InstantType(), nullable=False),
        sa.Column("cause", types.IdType(), nullable=True),
        sa.Column("prev_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["gf_case.id"], name=op.f("fk_gf_journal_entry_record_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_journal_entry")),
        sa.UniqueConstraint("record_id", "seq", name=op.f("uq_gf_journal_entry_record_id_seq")),
    )
    op.create_index("ix_gf_journal_entry_at", "gf_journal_entry", ["at"], unique=False)
    op.create_table(
        "gf_membership",
        sa.Column("user_id", types.IdType(), nullable=False),
        sa.Column("organisation_id", types.IdType(), nullable=False),
        sa.Column("authorised", sa.BigInteger(), nullable=False),
        sa.Column("since", types.InstantType(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["gf_organisation.id"], name=op.f("fk_gf_membership_organisation_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["gf_user.id"], name=op.f("fk_gf_membership_user_id")),
        sa.PrimaryKeyConstraint("user_id", "organisation_id", name=op.f("pk_gf_membership")),
    )
    op.create_index(
        op.f("ix_gf_membership_organisation_id"), "gf_membership", ["organisation_id"], unique=False
    )
    op.create_table(
        "gf_outbox_message",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("case_id", types.IdType(), nullable=False),
        sa.Column("entry_id", types.IdType(), nullable=True),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("data", types.JsonType(), nullable=False),
        sa.Column("at", types.InstantType(), nullable=False),
        sa.Column("dispatched_at", types.InstantType(), nullable=True),
        sa.Column("done_at", types.InstantType(), nullable=True),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("fault", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["gf_case.id"], name=op.f("fk_gf_outbox_message_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_outbox_message")),
    )
    op.create_index("ix_gf_outbox_message_case", "gf_outbox_message", ["case_id"], unique=False)
    op.create_index(
        "ix_gf_outbox_message_waiting", "gf_outbox_message", ["dispatched_at", "id"], unique=False
    )
    op.create_table(
        "gf_role_grant",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("scope_id", types.IdType(), nullable=False),
        sa.Column("user_id", types.IdType(), nullable=True),
        sa.Column("organisation_id", types.IdType(), nullable=True),
        sa.Column("granted_at", types.InstantType(), nullable=False),
        sa.Column("ended_at", types.InstantType(), nullable=True),
        sa.CheckConstraint(
            "(user_id IS NULL) <> (organisation_id IS NULL)", name=op.f("ck_gf_role_grant_holder")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["gf_organisation.id"], name=op.f("fk_gf_role_grant_organisation_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["gf_user.id"], name=op.f("fk_gf_role_grant_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_role_grant")),
    )
    op.create_index("ix_gf_role_grant_organisation", "gf_role_grant", ["organisation_id"], unique=False)
    op.create_index("ix_gf_role_grant_scope", "gf_role_grant", ["scope_id", "role"], unique=False)
    op.create_index("ix_gf_role_grant_user", "gf_role_grant", ["user_id"], unique=False)
    op.create_table(
        "gf_strategy_priority",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("programme_id", types.IdType(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("title", types.JsonType(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["gf_programme.id"], name=op.f("fk_gf_strategy_priority_programme_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_strategy_priority")),
    )
    op.create_index(
        op.f("ix_gf_strategy_priority_programme_id"), "gf_strategy_priority", ["programme_id"], unique=False
    )
    op.create_table(
        "gf_timer",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("case_id", types.IdType(), nullable=False),
        sa.Column("call_id", types.IdType(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("anchor", sa.Text(), nullable=True),
        sa.Column("due_at", types.InstantType(), nullable=False),
        sa.Column("fired", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["gf_case.id"], name=op.f("fk_gf_timer_call_id")),
        sa.ForeignKeyConstraint(["case_id"], ["gf_case.id"], name=op.f("fk_gf_timer_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_timer")),
    )
    op.create_index("ix_gf_timer_call", "gf_timer", ["call_id", "anchor"], unique=False)
    op.create_index("ix_gf_timer_case", "gf_timer", ["case_id"], unique=False)
    op.create_index("ix_gf_timer_due", "gf_timer", ["due_at", "id"], unique=False)
    op.create_table(
        "gf_call_date",
        sa.Column("call_id", types.IdType(), nullable=False),
        sa.Column("stage", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("local", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("at", types.InstantType(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["gf_call.id"], name=op.f("fk_gf_call_date_call_id")),
        sa.PrimaryKeyConstraint("call_id", "stage", "name", name=op.f("pk_gf_call_date")),
    )
    op.create_table(
        "gf_funder_window",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("call_id", types.IdType(), nullable=False),
        sa.Column("stage", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("funder_id", types.IdType(), nullable=False),
        sa.Column("body_id", types.IdType(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("envelope", sa.BigInteger(), nullable=False),
        sa.Column("reserved", sa.BigInteger(), nullable=False),
        sa.Column("committed", sa.BigInteger(), nullable=False),
        sa.Column("released", sa.BigInteger(), nullable=False),
        sa.Column("paid", sa.BigInteger(), nullable=False),
        sa.Column("minimum", sa.BigInteger(), nullable=False),
        sa.Column("maximum", sa.BigInteger(), nullable=False),
        sa.Column("rate", sa.BigInteger(), nullable=False),
        sa.Column("territory", types.JsonType(), nullable=False),
        sa.Column("aid_basis", sa.Text(), nullable=False),
        sa.Column("grant_date", sa.Text(), nullable=False),
        sa.Column("remedy", types.JsonType(), nullable=False),
        sa.CheckConstraint(
            "envelope >= 0 AND reserved >= 0 AND committed >= 0 AND paid >= 0",
            name=op.f("ck_gf_funder_window_not_negative"),
        ),
        sa.CheckConstraint("paid <= committed", name=op.f("ck_gf_funder_window_paid_within_committed")),
        sa.CheckConstraint(
            "reserved + committed <= envelope", name=op.f("ck_gf_funder_window_never_overspent")
        ),
        sa.ForeignKeyConstraint(["body_id"], ["gf_body.id"], name=op.f("fk_gf_funder_window_body_id")),
        sa.ForeignKeyConstraint(["call_id"], ["gf_call.id"], name=op.f("fk_gf_funder_window_call_id")),
        sa.ForeignKeyConstraint(["funder_id"], ["gf_funder.id"], name=op.f("fk_gf_funder_window_funder_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_funder_window")),
        sa.UniqueConstraint("call_id", "name", name=op.f("uq_gf_funder_window_call_id_name")),
    )
    op.create_index("ix_gf_funder_window_call_stage", "gf_funder_window", ["call_id", "stage"], unique=False)
    op.create_table(
        "gf_journal_text",
        sa.Column("entry_id", types.IdType(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("erased_at", types.InstantType(), nullable=True),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["gf_journal_entry.id"], name=op.f("fk_gf_journal_text_entry_id")
        ),
        sa.PrimaryKeyConstraint("entry_id", "field", name=op.f("pk_gf_journal_text")),
    )
    op.create_table(
        "gf_meeting",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("body_id", types.IdType(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("held_at", types.InstantType(), nullable=False),
        sa.Column("present", types.JsonType(), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["gf_body.id"], name=op.f("fk_gf_meeting_body_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_meeting")),
    )
    op.create_index(op.f("ix_gf_meeting_body_id"), "gf_meeting", ["body_id"], unique=False)
    op.create_table(
        "gf_milestone",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("call_id", types.IdType(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("before", types.JsonType(), nullable=False),
        sa.Column("after", types.JsonType(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("at", types.InstantType(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["gf_call.id"], name=op.f("fk_gf_milestone_call_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_milestone")),
    )
    op.create_index("ix_gf_milestone_call", "gf_milestone", ["call_id", "at"], unique=False)
    op.create_table(
        "gf_seat",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("body_id", types.IdType(), nullable=False),
        sa.Column("user_id", types.IdType(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("since", types.InstantType(), nullable=False),
        sa.Column("until", types.InstantType(), nullable=True),
        sa.ForeignKeyConstraint(["body_id"], ["gf_body.id"], name=op.f("fk_gf_seat_body_id")),
        sa.ForeignKeyConstraint(["user_id"], ["gf_user.id"], name=op.f("fk_gf_seat_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_seat")),
    )
    op.create_index(op.f("ix_gf_seat_body_id"), "gf_seat", ["body_id"], unique=False)
    op.create_table(
        "gf_stage",
        sa.Column("call_id", types.IdType(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("title", types.JsonType(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("form_version", sa.BigInteger(), nullable=False),
        sa.Column("rubric", sa.Text(), nullable=False),
        sa.Column("rubric_version", sa.BigInteger(), nullable=False),
        sa.Column("gate", types.JsonType(), nullable=False),
        sa.Column("pass_mark", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["gf_call.id"], name=op.f("fk_gf_stage_call_id")),
        sa.PrimaryKeyConstraint("call_id", "number", name=op.f("pk_gf_stage")),
    )
    op.create_table(
        "gf_agenda_item",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("meeting_id", types.IdType(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("record_id", types.IdType(), nullable=False),
        sa.Column("left", types.JsonType(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["meeting_id"], ["gf_meeting.id"], name=op.f("fk_gf_agenda_item_meeting_id")),
        sa.ForeignKeyConstraint(["record_id"], ["gf_case.id"], name=op.f("fk_gf_agenda_item_record_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_agenda_item")),
    )
    op.create_index("ix_gf_agenda_item_meeting", "gf_agenda_item", ["meeting_id", "number"], unique=False)
    op.create_index("ix_gf_agenda_item_record", "gf_agenda_item", ["record_id"], unique=False)
    op.create_table(
        "gf_minutes",
        sa.Column("meeting_id", types.IdType(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("chair_id", types.IdType(), nullable=True),
        sa.Column("chair_signed_at", types.InstantType(), nullable=True),
        sa.Column("adjuster_id", types.IdType(), nullable=True),
        sa.Column("adjuster_signed_at", types.InstantType(), nullable=True),
        sa.ForeignKeyConstraint(["meeting_id"], ["gf_meeting.id"], name=op.f("fk_gf_minutes_meeting_id")),
        sa.PrimaryKeyConstraint("meeting_id", name=op.f("pk_gf_minutes")),
    )


def downgrade() -> None:
    op.drop_table("gf_minutes")
    op.drop_index("ix_gf_agenda_item_record", table_name="gf_agenda_item")
    op.drop_index("ix_gf_agenda_item_meeting", table_name="gf_agenda_item")
    op.drop_table("gf_agenda_item")
    op.drop_table("gf_stage")
    op.drop_index(op.f("ix_gf_seat_body_id"), table_name="gf_seat")
    op.drop_table("gf_seat")
    op.drop_index("ix_gf_milestone_call", table_name="gf_milestone")
    op.drop_table("gf_milestone")
    op.drop_index(op.f("ix_gf_meeting_body_id"), table_name="gf_meeting")
    op.drop_table("gf_meeting")
    op.drop_table("gf_journal_text")
    op.drop_index("ix_gf_funder_window_call_stage", table_name="gf_funder_window")
    op.drop_table("gf_funder_window")
    op.drop_table("gf_call_date")
    op.drop_index("ix_gf_timer_due", table_name="gf_timer")
    op.drop_index("ix_gf_timer_case", table_name="gf_timer")
    op.drop_index("ix_gf_timer_call", table_name="gf_timer")
    op.drop_table("gf_timer")
    op.drop_index(op.f("ix_gf_strategy_priority_programme_id"), table_name="gf_strategy_priority")
    op.drop_table("gf_strategy_priority")
    op.drop_index("ix_gf_role_grant_user", table_name="gf_role_grant")
    op.drop_index("ix_gf_role_grant_scope", table_name="gf_role_grant")
    op.drop_index("ix_gf_role_grant_organisation", table_name="gf_role_grant")
    op.drop_table("gf_role_grant")
    op.drop_index("ix_gf_outbox_message_waiting", table_name="gf_outbox_message")
    op.drop_index("ix_gf_outbox_message_case", table_name="gf_outbox_message")
    op.drop_table("gf_outbox_message")
    op.drop_index(op.f("ix_gf_membership_organisation_id"), table_name="gf_membership")
    op.drop_table("gf_membership")
    op.drop_index("ix_gf_journal_entry_at", table_name="gf_journal_entry")
    op.drop_table("gf_journal_entry")
    op.drop_index(op.f("ix_gf_funder_programme_id"), table_name="gf_funder")
    op.drop_table("gf_funder")
    op.drop_index(op.f("ix_gf_call_programme_id"), table_name="gf_call")
    op.drop_table("gf_call")
    op.drop_index(op.f("ix_gf_body_programme_id"), table_name="gf_body")
    op.drop_table("gf_body")
    op.drop_table("gf_user")
    op.drop_table("gf_setting")
    op.drop_index("ix_gf_refusal_user_at", table_name="gf_refusal")
    op.drop_table("gf_refusal")
    op.drop_table("gf_published_file")
    op.drop_table("gf_programme")
    op.drop_table("gf_organisation")
    op.drop_table("gf_journal_seal")
    op.drop_table("gf_counter")
    op.drop_index("ix_gf_case_parent_lifecycle", table_name="gf_case")
    op.drop_index("ix_gf_case_call_lifecycle_state", table_name="gf_case")
    op.drop_table("gf_case")
