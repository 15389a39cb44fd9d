"""The tables of labs, applications, reviews, awards and the ledger."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from grantflow.store import types

revision = "0003_labs_to_awards"
down_revision = "0002_journal_is_append_only"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "gf_listed_value",
        sa.Column("record_id", types.IdType(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("number", sa.BigInteger(), nullable=True),
        sa.Column("at", types.InstantType(), nullable=True),
        sa.ForeignKeyConstraint(["record_id"], ["gf_case.id"], name=op.f("fk_gf_listed_value_record_id")),
        sa.PrimaryKeyConstraint("record_id", "field", name=op.f("pk_gf_listed_value")),
    )
    with op.batch_alter_table("gf_listed_value", schema=None) as batch_op:
        batch_op.create_index("ix_gf_listed_value_number", ["field", "number"], unique=False)
        batch_op.create_index("ix_gf_listed_value_text", ["field", "text"], unique=False)

    op.create_table(
        "gf_frame",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("call_id", types.IdType(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("vision", sa.Text(), nullable=False),
        sa.Column("conditions", sa.Text(), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("lang", sa.Text(), nullable=False),
        sa.Column("consulted_from", types.InstantType(), nullable=True),
        sa.Column("consulted_until", types.InstantType(), nullable=True),
        sa.Column("adopted_at", types.InstantType(), nullable=True),
        sa.Column("published_at", types.InstantType(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(adopted_at IS NULL) = (sha256 IS NULL)", name=op.f("ck_gf_frame_adopted_is_frozen")
        ),
        sa.ForeignKeyConstraint(["call_id"], ["gf_call.id"], name=op.f("fk_gf_frame_call_id")),
        sa.ForeignKeyConstraint(["id"], ["gf_case.id"], name=op.f("fk_gf_frame_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_frame")),
        sa.UniqueConstraint("call_id", "version", name=op.f("uq_gf_frame_call_id_version")),
    )
    op.create_table(
        "gf_lab",
        sa.Column("call_id", types.IdType(), nullable=False),
        sa.Column("question", types.JsonType(), nullable=False),
        sa.Column("why_now", types.JsonType(), nullable=False),
        sa.Column("wanted", types.JsonType(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["gf_call.id"], name=op.f("fk_gf_lab_call_id")),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_gf_lab")),
    )
    op.create_table(
        "gf_lab_session",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("call_id", types.IdType(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("agenda", sa.Text(), nullable=False),
        sa.Column("starts_at", types.InstantType(), nullable=False),
        sa.Column("capacity", sa.BigInteger(), nullable=False),
        sa.Column("held_at", types.InstantType(), nullable=True),
        sa.Column("results", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["gf_call.id"], name=op.f("fk_gf_lab_session_call_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_lab_session")),
        sa.UniqueConstraint("call_id", "number", name=op.f("uq_gf_lab_session_call_id_number")),
    )
    op.create_table(
        "gf_participation",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("call_id", types.IdType(), nullable=False),
        sa.Column("user_id", types.IdType(), nullable=True),
        sa.Column("organisation_id", types.IdType(), nullable=True),
        sa.Column("helix", sa.Text(), nullable=False),
        sa.Column("nuts", sa.Text(), nullable=True),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("name_shown", sa.BigInteger(), nullable=False),
        sa.Column("admitted_at", types.InstantType(), nullable=True),
        sa.Column("anonymised_at", types.InstantType(), nullable=True),
        sa.CheckConstraint(
            "helix IN ('business', 'research', 'public', 'civil_society')",
            name=op.f("ck_gf_participation_helix"),
        ),
        sa.CheckConstraint(
            "level IN ('observer', 'contributor', 'co_owner')", name=op.f("ck_gf_participation_level")
        ),
        sa.ForeignKeyConstraint(["call_id"], ["gf_call.id"], name=op.f("fk_gf_participation_call_id")),
        sa.ForeignKeyConstraint(["id"], ["gf_case.id"], name=op.f("fk_gf_participation_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["gf_organisation.id"], name=op.f("fk_gf_participation_organisation_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["gf_user.id"], name=op.f("fk_gf_participation_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_participation")),
        sa.UniqueConstraint("call_id", "user_id", name=op.f("uq_gf_participation_call_id_user_id")),
    )
    with op.batch_alter_table("gf_participation", schema=None) as batch_op:
        batch_op.create_index("ix_gf_participation_user", ["user_id"], unique=False)

    op.create_table(
        "gf_ranking",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("call_id", types.IdType(), nullable=False),
        sa.Column("stage", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("rubric", sa.Text(), nullable=False),
        sa.Column("rubric_version", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("frozen_at", types.InstantType(), nullable=False),
        sa.Column("frozen_by", types.IdType(), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["gf_call.id"], name=op.f("fk_gf_ranking_call_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_ranking")),
        sa.UniqueConstraint("call_id", "stage", "number", name=op.f("uq_gf_ranking_call_id_stage_number")),
    )
    op.create_table(
        "gf_review_round",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("call_id", types.IdType(), nullable=False),
        sa.Column("stage", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("wanted", sa.BigInteger(), nullable=False),
        sa.Column("blindness", sa.Text(), nullable=False),
        sa.Column("opened_at", types.InstantType(), nullable=False),
        sa.CheckConstraint(
            "blindness IN ('open', 'single', 'double')", name=op.f("ck_gf_review_round_blindness")
        ),
        sa.ForeignKeyConstraint(["call_id"], ["gf_call.id"], name=op.f("fk_gf_review_round_call_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_review_round")),
        sa.UniqueConstraint(
            "call_id", "stage", "number", name=op.f("uq_gf_review_round_call_id_stage_number")
        ),
    )
    op.create_table(
        "gf_application",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("call_id", types.IdType(), nullable=False),
        sa.Column("organisation_id", types.IdType(), nullable=False),
        sa.Column("window_id", types.IdType(), nullable=True),
        sa.Column("stage", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("asked", sa.BigInteger(), nullable=True),
        sa.Column("cost", sa.BigInteger(), nullable=True),
        sa.Column("actions", types.JsonType(), nullable=False),
        sa.Column("registered_at", types.InstantType(), nullable=True),
        sa.Column("submitted_at", types.InstantType(), nullable=True),
        sa.Column("lineage_id", types.IdType(), nullable=True),
        sa.Column("by_paper", sa.BigInteger(), nullable=False),
        sa.Column("arrived_at", types.InstantType(), nullable=True),
        sa.CheckConstraint("asked IS NULL OR asked >= 0", name=op.f("ck_gf_application_asked")),
        sa.CheckConstraint("cost IS NULL OR cost >= 0", name=op.f("ck_gf_application_cost")),
        sa.ForeignKeyConstraint(["call_id"], ["gf_call.id"], name=op.f("fk_gf_application_call_id")),
        sa.ForeignKeyConstraint(["id"], ["gf_case.id"], name=op.f("fk_gf_application_id")),
        sa.ForeignKeyConstraint(["lineage_id"], ["gf_case.id"], name=op.f("fk_gf_application_lineage_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["gf_organisation.id"], name=op.f("fk_gf_application_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["window_id"], ["gf_funder_window.id"], name=op.f("fk_gf_application_window_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_application")),
    )
    with op.batch_alter_table("gf_application", schema=None) as batch_op:
        batch_op.create_index("ix_gf_application_call_stage", ["call_id", "stage"], unique=False)
        batch_op.create_index("ix_gf_application_organisation", ["organisation_id"], unique=False)
        batch_op.create_index("ix_gf_application_window", ["window_id"], unique=False)

    op.create_table(
        "gf_attendance",
        sa.Column("session_id", types.IdType(), nullable=False),
        sa.Column("participation_id", types.IdType(), nullable=False),
        sa.Column("at", types.InstantType(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participation_id"], ["gf_participation.id"], name=op.f("fk_gf_attendance_participation_id")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["gf_lab_session.id"], name=op.f("fk_gf_attendance_session_id")
        ),
        sa.PrimaryKeyConstraint("session_id", "participation_id", name=op.f("pk_gf_attendance")),
    )
    with op.batch_alter_table("gf_attendance", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_gf_attendance_participation_id"), ["participation_id"], unique=False
        )

    op.create_table(
        "gf_contribution",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("call_id", types.IdType(), nullable=False),
        sa.Column("participation_id", types.IdType(), nullable=False),
        sa.Column("session_id", types.IdType(), nullable=True),
        sa.Column("author_id", types.IdType(), nullable=True),
        sa.Column("organisation_id", types.IdType(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("lang", sa.Text(), nullable=False),
        sa.Column("visibility", sa.Text(), nullable=False),
        sa.Column("kept_in_lab_because", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('need', 'idea', 'evidence', 'offer', 'question')", name=op.f("ck_gf_contribution_kind")
        ),
        sa.CheckConstraint("visibility IN ('lab', 'public')", name=op.f("ck_gf_contribution_visibility")),
        sa.ForeignKeyConstraint(["author_id"], ["gf_user.id"], name=op.f("fk_gf_contribution_author_id")),
        sa.ForeignKeyConstraint(["call_id"], ["gf_call.id"], name=op.f("fk_gf_contribution_call_id")),
        sa.ForeignKeyConstraint(["id"], ["gf_case.id"], name=op.f("fk_gf_contribution_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["gf_organisation.id"], name=op.f("fk_gf_contribution_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["participation_id"], ["gf_participation.id"], name=op.f("fk_gf_contribution_participation_id")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["gf_lab_session.id"], name=op.f("fk_gf_contribution_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_contribution")),
    )
    with op.batch_alter_table("gf_contribution", schema=None) as batch_op:
        batch_op.create_index("ix_gf_contribution_call", ["call_id"], unique=False)
        batch_op.create_index("ix_gf_contribution_participation", ["participation_id"], unique=False)

    op.create_table(
        "gf_frame_action",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("frame_id", types.IdType(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("envelope", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("envelope >= 0", name=op.f("ck_gf_frame_action_envelope")),
        sa.ForeignKeyConstraint(["frame_id"], ["gf_frame.id"], name=op.f("fk_gf_frame_action_frame_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_frame_action")),
        sa.UniqueConstraint("frame_id", "number", name=op.f("uq_gf_frame_action_frame_id_number")),
    )
    op.create_table(
        "gf_frame_author",
        sa.Column("frame_id", types.IdType(), nullable=False),
        sa.Column("user_id", types.IdType(), nullable=False),
        sa.ForeignKeyConstraint(["frame_id"], ["gf_frame.id"], name=op.f("fk_gf_frame_author_frame_id")),
        sa.ForeignKeyConstraint(["user_id"], ["gf_user.id"], name=op.f("fk_gf_frame_author_user_id")),
        sa.PrimaryKeyConstraint("frame_id", "user_id", name=op.f("pk_gf_frame_author")),
    )
    with op.batch_alter_table("gf_frame_author", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_gf_frame_author_user_id"), ["user_id"], unique=False)

    op.create_table(
        "gf_frame_comment",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("frame_id", types.IdType(), nullable=False),
        sa.Column("author_id", types.IdType(), nullable=True),
        sa.Column("organisation_id", types.IdType(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", types.InstantType(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_by", types.IdType(), nullable=True),
        sa.Column("answered_at", types.InstantType(), nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["gf_user.id"], name=op.f("fk_gf_frame_comment_answered_by")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["gf_user.id"], name=op.f("fk_gf_frame_comment_author_id")),
        sa.ForeignKeyConstraint(["frame_id"], ["gf_frame.id"], name=op.f("fk_gf_frame_comment_frame_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["gf_organisation.id"], name=op.f("fk_gf_frame_comment_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_frame_comment")),
    )
    with op.batch_alter_table("gf_frame_comment", schema=None) as batch_op:
        batch_op.create_index("ix_gf_frame_comment_frame", ["frame_id", "at"], unique=False)

    op.create_table(
        "gf_ledger_entry",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("window_id", types.IdType(), nullable=False),
        sa.Column("record_id", types.IdType(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("envelope", sa.BigInteger(), nullable=False),
        sa.Column("reserved", sa.BigInteger(), nullable=False),
        sa.Column("committed", sa.BigInteger(), nullable=False),
        sa.Column("released", sa.BigInteger(), nullable=False),
        sa.Column("paid", sa.BigInteger(), nullable=False),
        sa.Column("entry_id", types.IdType(), nullable=True),
        sa.Column("at", types.InstantType(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('envelope', 'reserve', 'promise', 'free', 'pay', 'recover')",
            name=op.f("ck_gf_ledger_entry_kind"),
        ),
        sa.ForeignKeyConstraint(["record_id"], ["gf_case.id"], name=op.f("fk_gf_ledger_entry_record_id")),
        sa.ForeignKeyConstraint(
            ["window_id"], ["gf_funder_window.id"], name=op.f("fk_gf_ledger_entry_window_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_ledger_entry")),
    )
    with op.batch_alter_table("gf_ledger_entry", schema=None) as batch_op:
        batch_op.create_index("ix_gf_ledger_entry_record", ["record_id"], unique=False)
        batch_op.create_index("ix_gf_ledger_entry_window", ["window_id", "at"], unique=False)

    op.create_table(
        "gf_participation_level",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("participation_id", types.IdType(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("at", types.InstantType(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participation_id"],
            ["gf_participation.id"],
            name=op.f("fk_gf_participation_level_participation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_participation_level")),
    )
    with op.batch_alter_table("gf_participation_level", schema=None) as batch_op:
        batch_op.create_index(
            "ix_gf_participation_level_participation", ["participation_id", "at"], unique=False
        )

    op.create_table(
        "gf_proposal",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("call_id", types.IdType(), nullable=False),
        sa.Column("stage", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("ranking_id", types.IdType(), nullable=False),
        sa.Column("drawn_up_by", types.IdType(), nullable=True),
        sa.Column("drawn_up_at", types.InstantType(), nullable=False),
        sa.Column("decided_by", types.IdType(), nullable=True),
        sa.Column("decided_at", types.InstantType(), nullable=True),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_by IS NULL)", name=op.f("ck_gf_proposal_decided")
        ),
        sa.ForeignKeyConstraint(["call_id"], ["gf_call.id"], name=op.f("fk_gf_proposal_call_id")),
        sa.ForeignKeyConstraint(["ranking_id"], ["gf_ranking.id"], name=op.f("fk_gf_proposal_ranking_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_proposal")),
        sa.UniqueConstraint("call_id", "stage", "number", name=op.f("uq_gf_proposal_call_id_stage_number")),
    )
    op.create_table(
        "gf_action_source",
        sa.Column("action_id", types.IdType(), nullable=False),
        sa.Column("contribution_id", types.IdType(), nullable=False),
        sa.ForeignKeyConstraint(
            ["action_id"], ["gf_frame_action.id"], name=op.f("fk_gf_action_source_action_id")
        ),
        sa.ForeignKeyConstraint(
            ["contribution_id"], ["gf_contribution.id"], name=op.f("fk_gf_action_source_contribution_id")
        ),
        sa.PrimaryKeyConstraint("action_id", "contribution_id", name=op.f("pk_gf_action_source")),
    )
    with op.batch_alter_table("gf_action_source", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_gf_action_source_contribution_id"), ["contribution_id"], unique=False
        )

    op.create_table(
        "gf_answers",
        sa.Column("application_id", types.IdType(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("answers", types.JsonType(), nullable=False),
        sa.Column("saved_at", types.InstantType(), nullable=False),
        sa.Column("saved_by", types.IdType(), nullable=True),
        sa.CheckConstraint("revision >= 0", name=op.f("ck_gf_answers_revision")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["gf_application.id"], name=op.f("fk_gf_answers_application_id")
        ),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_gf_answers")),
    )
    op.create_table(
        "gf_budget_line",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("application_id", types.IdType(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("partner_number", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_gf_budget_line_amount")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["gf_application.id"], name=op.f("fk_gf_budget_line_application_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_budget_line")),
        sa.UniqueConstraint("application_id", "number", name=op.f("uq_gf_budget_line_application_id_number")),
    )
    op.create_table(
        "gf_conflict_declaration",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("application_id", types.IdType(), nullable=False),
        sa.Column("user_id", types.IdType(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("declared_by", types.IdType(), nullable=True),
        sa.Column("declared_at", types.InstantType(), nullable=False),
        sa.CheckConstraint("kind IN ('none', 'soft', 'hard')", name=op.f("ck_gf_conflict_declaration_kind")),
        sa.CheckConstraint(
            "source IN ('declared', 'found', 'added')", name=op.f("ck_gf_conflict_declaration_source")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["gf_application.id"], name=op.f("fk_gf_conflict_declaration_application_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["gf_user.id"], name=op.f("fk_gf_conflict_declaration_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_conflict_declaration")),
    )
    with op.batch_alter_table("gf_conflict_declaration", schema=None) as batch_op:
        batch_op.create_index(
            "ix_gf_conflict_declaration_application", ["application_id", "user_id"], unique=False
        )
        batch_op.create_index("ix_gf_conflict_declaration_user", ["user_id"], unique=False)

    op.create_table(
        "gf_decision",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("application_id", types.IdType(), nullable=False),
        sa.Column("call_id", types.IdType(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("rank", sa.BigInteger(), nullable=True),
        sa.Column("conditions", types.JsonType(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("remedy", types.JsonType(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("body_id", types.IdType(), nullable=True),
        sa.Column("item_id", types.IdType(), nullable=True),
        sa.Column("proposal_id", types.IdType(), nullable=True),
        sa.Column("entry_id", types.IdType(), nullable=False),
        sa.Column("decided_by", types.IdType(), nullable=True),
        sa.Column("decided_at", types.InstantType(), nullable=True),
        sa.Column("replaces_id", types.IdType(), nullable=True),
        sa.CheckConstraint(
            "amount >= 0 AND (kind IN ('yes', 'reserve') OR amount = 0)", name=op.f("ck_gf_decision_amount")
        ),
        sa.CheckConstraint("authority IN ('body', 'delegation')", name=op.f("ck_gf_decision_authority")),
        sa.CheckConstraint(
            "kind IN ('yes', 'reserve', 'no', 'ineligible', 'dismissed', 'admitted', 'lapsed', 'terminated', 'annulled')",
            name=op.f("ck_gf_decision_kind"),
        ),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_by IS NULL)", name=op.f("ck_gf_decision_decided")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["gf_application.id"], name=op.f("fk_gf_decision_application_id")
        ),
        sa.ForeignKeyConstraint(["body_id"], ["gf_body.id"], name=op.f("fk_gf_decision_body_id")),
        sa.ForeignKeyConstraint(["call_id"], ["gf_call.id"], name=op.f("fk_gf_decision_call_id")),
        sa.ForeignKeyConstraint(["item_id"], ["gf_agenda_item.id"], name=op.f("fk_gf_decision_item_id")),
        sa.ForeignKeyConstraint(["proposal_id"], ["gf_proposal.id"], name=op.f("fk_gf_decision_proposal_id")),
        sa.ForeignKeyConstraint(["replaces_id"], ["gf_decision.id"], name=op.f("fk_gf_decision_replaces_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_decision")),
    )
    with op.batch_alter_table("gf_decision", schema=None) as batch_op:
        batch_op.create_index("ix_gf_decision_application", ["application_id", "number"], unique=False)
        batch_op.create_index("ix_gf_decision_call", ["call_id", "decided_at"], unique=False)

    op.create_table(
        "gf_eligibility_check",
        sa.Column("application_id", types.IdType(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("answered_by", types.IdType(), nullable=False),
        sa.Column("answered_at", types.InstantType(), nullable=False),
        sa.CheckConstraint(
            "answer IN ('yes', 'no', 'not_applicable')", name=op.f("ck_gf_eligibility_check_answer")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["gf_application.id"], name=op.f("fk_gf_eligibility_check_application_id")
        ),
        sa.PrimaryKeyConstraint("application_id", "item", name=op.f("pk_gf_eligibility_check")),
    )
    op.create_table(
        "gf_frame_indicator",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("action_id", types.IdType(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("baseline", sa.BigInteger(), nullable=False),
        sa.Column("target", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["action_id"], ["gf_frame_action.id"], name=op.f("fk_gf_frame_indicator_action_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_frame_indicator")),
        sa.UniqueConstraint("action_id", "number", name=op.f("uq_gf_frame_indicator_action_id_number")),
    )
    op.create_table(
        "gf_panel_statement",
        sa.Column("application_id", types.IdType(), nullable=False),
        sa.Column("recommendation", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("conditions", types.JsonType(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("written_by", types.IdType(), nullable=True),
        sa.Column("written_at", types.InstantType(), nullable=False),
        sa.CheckConstraint(
            "recommendation IN ('fund', 'fund_less', 'fund_with_conditions', 'reserve', 'do_not_fund')",
            name=op.f("ck_gf_panel_statement_recommendation"),
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["gf_application.id"], name=op.f("fk_gf_panel_statement_application_id")
        ),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_gf_panel_statement")),
    )
    op.create_table(
        "gf_partner",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("application_id", types.IdType(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", types.IdType(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("helix", sa.Text(), nullable=True),
        sa.Column("cost", sa.BigInteger(), nullable=False),
        sa.Column("asked", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_at", types.InstantType(), nullable=True),
        sa.CheckConstraint("cost >= 0 AND asked >= 0", name=op.f("ck_gf_partner_sums")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["gf_application.id"], name=op.f("fk_gf_partner_application_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["gf_organisation.id"], name=op.f("fk_gf_partner_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_partner")),
        sa.UniqueConstraint("application_id", "number", name=op.f("uq_gf_partner_application_id_number")),
    )
    with op.batch_alter_table("gf_partner", schema=None) as batch_op:
        batch_op.create_index("ix_gf_partner_organisation", ["organisation_id"], unique=False)

    op.create_table(
        "gf_proposal_line",
        sa.Column("proposal_id", types.IdType(), nullable=False),
        sa.Column("application_id", types.IdType(), nullable=False),
        sa.Column("window_id", types.IdType(), nullable=False),
        sa.Column("rank", sa.BigInteger(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("conditions", types.JsonType(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("allocated", sa.Text(), nullable=False),
        sa.Column("allocated_amount", sa.BigInteger(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("sentence_values", types.JsonType(), nullable=False),
        sa.Column("departure_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "allocated IN ('yes', 'reserve', 'no')", name=op.f("ck_gf_proposal_line_allocated")
        ),
        sa.CheckConstraint("answer IN ('yes', 'reserve', 'no')", name=op.f("ck_gf_proposal_line_answer")),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_gf_proposal_line_amount")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["gf_application.id"], name=op.f("fk_gf_proposal_line_application_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["gf_proposal.id"], name=op.f("fk_gf_proposal_line_proposal_id")
        ),
        sa.ForeignKeyConstraint(
            ["window_id"], ["gf_funder_window.id"], name=op.f("fk_gf_proposal_line_window_id")
        ),
        sa.PrimaryKeyConstraint("proposal_id", "application_id", name=op.f("pk_gf_proposal_line")),
    )
    with op.batch_alter_table("gf_proposal_line", schema=None) as batch_op:
        batch_op.create_index("ix_gf_proposal_line_application", ["application_id"], unique=False)

    op.create_table(
        "gf_ranking_line",
        sa.Column("ranking_id", types.IdType(), nullable=False),
        sa.Column("application_id", types.IdType(), nullable=False),
        sa.Column("rank", sa.BigInteger(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("reviews", sa.BigInteger(), nullable=False),
        sa.Column("passes", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["gf_application.id"], name=op.f("fk_gf_ranking_line_application_id")
        ),
        sa.ForeignKeyConstraint(
            ["ranking_id"], ["gf_ranking.id"], name=op.f("fk_gf_ranking_line_ranking_id")
        ),
        sa.PrimaryKeyConstraint("ranking_id", "application_id", name=op.f("pk_gf_ranking_line")),
    )
    with op.batch_alter_table("gf_ranking_line", schema=None) as batch_op:
        batch_op.create_index("ix_gf_ranking_line_application", ["application_id"], unique=False)

    op.create_table(
        "gf_review",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("application_id", types.IdType(), nullable=False),
        sa.Column("round_id", types.IdType(), nullable=False),
        sa.Column("reviewer_id", types.IdType(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("scores_revision", sa.BigInteger(), nullable=False),
        sa.Column("saved_at", types.InstantType(), nullable=True),
        sa.Column("conflict_declared_at", types.InstantType(), nullable=True),
        sa.Column("submitted_at", types.InstantType(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("set_aside_at", types.InstantType(), nullable=True),
        sa.CheckConstraint(
            "(submitted_at IS NULL) = (sha256 IS NULL)", name=op.f("ck_gf_review_handed_in_is_frozen")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["gf_application.id"], name=op.f("fk_gf_review_application_id")
        ),
        sa.ForeignKeyConstraint(["id"], ["gf_case.id"], name=op.f("fk_gf_review_id")),
        sa.ForeignKeyConstraint(["reviewer_id"], ["gf_user.id"], name=op.f("fk_gf_review_reviewer_id")),
        sa.ForeignKeyConstraint(["round_id"], ["gf_review_round.id"], name=op.f("fk_gf_review_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_review")),
    )
    with op.batch_alter_table("gf_review", schema=None) as batch_op:
        batch_op.create_index("ix_gf_review_application", ["application_id"], unique=False)
        batch_op.create_index("ix_gf_review_reviewer", ["reviewer_id"], unique=False)

    op.create_table(
        "gf_submission",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("application_id", types.IdType(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("stage", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("asked", sa.BigInteger(), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=False),
        sa.Column("at", types.InstantType(), nullable=False),
        sa.Column("late", sa.BigInteger(), nullable=False),
        sa.Column("completion", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["gf_application.id"], name=op.f("fk_gf_submission_application_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_submission")),
        sa.UniqueConstraint("application_id", "number", name=op.f("uq_gf_submission_application_id_number")),
    )
    op.create_table(
        "gf_support",
        sa.Column("contribution_id", types.IdType(), nullable=False),
        sa.Column("participation_id", types.IdType(), nullable=False),
        sa.Column("organisation_id", types.IdType(), nullable=True),
        sa.Column("at", types.InstantType(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contribution_id"], ["gf_contribution.id"], name=op.f("fk_gf_support_contribution_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["gf_organisation.id"], name=op.f("fk_gf_support_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["participation_id"], ["gf_participation.id"], name=op.f("fk_gf_support_participation_id")
        ),
        sa.PrimaryKeyConstraint("contribution_id", "participation_id", name=op.f("pk_gf_support")),
    )
    with op.batch_alter_table("gf_support", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_gf_support_participation_id"), ["participation_id"], unique=False
        )

    op.create_table(
        "gf_award",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("application_id", types.IdType(), nullable=False),
        sa.Column("organisation_id", types.IdType(), nullable=False),
        sa.Column("decision_id", types.IdType(), nullable=False),
        sa.Column("window_id", types.IdType(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("rate", sa.BigInteger(), nullable=False),
        sa.Column("accepted_at", types.InstantType(), nullable=True),
        sa.Column("accepted_by", types.IdType(), nullable=True),
        sa.Column("reported_at", types.InstantType(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("reported_cost", sa.BigInteger(), nullable=True),
        sa.Column("final_amount", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(accepted_at IS NULL) = (accepted_by IS NULL)", name=op.f("ck_gf_award_accepted")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_gf_award_amount")),
        sa.CheckConstraint(
            "final_amount IS NULL OR (final_amount >= 0 AND final_amount <= amount)",
            name=op.f("ck_gf_award_final"),
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["gf_application.id"], name=op.f("fk_gf_award_application_id")
        ),
        sa.ForeignKeyConstraint(["decision_id"], ["gf_decision.id"], name=op.f("fk_gf_award_decision_id")),
        sa.ForeignKeyConstraint(["id"], ["gf_case.id"], name=op.f("fk_gf_award_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["gf_organisation.id"], name=op.f("fk_gf_award_organisation_id")
        ),
        sa.ForeignKeyConstraint(["window_id"], ["gf_funder_window.id"], name=op.f("fk_gf_award_window_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_award")),
    )
    with op.batch_alter_table("gf_award", schema=None) as batch_op:
        batch_op.create_index("ix_gf_award_application", ["application_id"], unique=False)
        batch_op.create_index("ix_gf_award_window", ["window_id"], unique=False)

    op.create_table(
        "gf_completion",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("application_id", types.IdType(), nullable=False),
        sa.Column("sections", types.JsonType(), nullable=False),
        sa.Column("answers_revision", sa.BigInteger(), nullable=False),
        sa.Column("asked_by", types.IdType(), nullable=True),
        sa.Column("asked_at", types.InstantType(), nullable=False),
        sa.Column("answered_at", types.InstantType(), nullable=True),
        sa.Column("submission_id", types.IdType(), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"], ["gf_application.id"], name=op.f("fk_gf_completion_application_id")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["gf_submission.id"], name=op.f("fk_gf_completion_submission_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_completion")),
    )
    with op.batch_alter_table("gf_completion", schema=None) as batch_op:
        batch_op.create_index("ix_gf_completion_application", ["application_id", "asked_at"], unique=False)

    op.create_table(
        "gf_letter_preview",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("decision_id", types.IdType(), nullable=False),
        sa.Column("application_id", types.IdType(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("text_sha256", sa.Text(), nullable=False),
        sa.Column("previewed_by", types.IdType(), nullable=False),
        sa.Column("previewed_at", types.InstantType(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["gf_application.id"], name=op.f("fk_gf_letter_preview_application_id")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["gf_decision.id"], name=op.f("fk_gf_letter_preview_decision_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_letter_preview")),
    )
    with op.batch_alter_table("gf_letter_preview", schema=None) as batch_op:
        batch_op.create_index("ix_gf_letter_preview_application", ["application_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_gf_letter_preview_decision_id"), ["decision_id"], unique=False)

    op.create_table(
        "gf_ranked_review",
        sa.Column("ranking_id", types.IdType(), nullable=False),
        sa.Column("review_id", types.IdType(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ranking_id"], ["gf_ranking.id"], name=op.f("fk_gf_ranked_review_ranking_id")
        ),
        sa.ForeignKeyConstraint(["review_id"], ["gf_review.id"], name=op.f("fk_gf_ranked_review_review_id")),
        sa.PrimaryKeyConstraint("ranking_id", "review_id", name=op.f("pk_gf_ranked_review")),
    )
    with op.batch_alter_table("gf_ranked_review", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_gf_ranked_review_review_id"), ["review_id"], unique=False)

    op.create_table(
        "gf_release",
        sa.Column("decision_id", types.IdType(), nullable=False),
        sa.Column("application_id", types.IdType(), nullable=False),
        sa.Column("decided_at", types.InstantType(), nullable=False),
        sa.Column("notice_at", types.InstantType(), nullable=False),
        sa.Column("public_at", types.InstantType(), nullable=False),
        sa.Column("released_by", types.IdType(), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"], ["gf_application.id"], name=op.f("fk_gf_release_application_id")
        ),
        sa.ForeignKeyConstraint(["decision_id"], ["gf_decision.id"], name=op.f("fk_gf_release_decision_id")),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_gf_release")),
    )
    with op.batch_alter_table("gf_release", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_gf_release_application_id"), ["application_id"], unique=False)

    op.create_table(
        "gf_score",
        sa.Column("review_id", types.IdType(), nullable=False),
        sa.Column("criterion", sa.Text(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.CheckConstraint("points >= 0", name=op.f("ck_gf_score_points")),
        sa.ForeignKeyConstraint(["review_id"], ["gf_review.id"], name=op.f("fk_gf_score_review_id")),
        sa.PrimaryKeyConstraint("review_id", "criterion", name=op.f("pk_gf_score")),
    )
    op.create_table(
        "gf_condition",
        sa.Column("award_id", types.IdType(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("proof", sa.Text(), nullable=True),
        sa.Column("fulfilled_by", types.IdType(), nullable=True),
        sa.Column("fulfilled_at", types.InstantType(), nullable=True),
        sa.CheckConstraint(
            "(fulfilled_at IS NULL) = (fulfilled_by IS NULL)", name=op.f("ck_gf_condition_fulfilled")
        ),
        sa.ForeignKeyConstraint(["award_id"], ["gf_award.id"], name=op.f("fk_gf_condition_award_id")),
        sa.PrimaryKeyConstraint("award_id", "number", name=op.f("pk_gf_condition")),
    )
    with op.batch_alter_table("gf_agenda_item", schema=None) as batch_op:
        batch_op.add_column(sa.Column("matter", sa.Text(), nullable=False))
        batch_op.add_column(sa.Column("effective_at", types.InstantType(), nullable=True))

    with op.batch_alter_table("gf_body", schema=None) as batch_op:
        batch_op.add_column(sa.Column("title", types.JsonType(), nullable=False))
        batch_op.add_column(sa.Column("role", sa.Text(), nullable=False))
        batch_op.add_column(sa.Column("seats", sa.BigInteger(), nullable=False))
        batch_op.add_column(sa.Column("delegate_role", sa.Text(), nullable=True))
        batch_op.create_unique_constraint(
            batch_op.f("uq_gf_body_programme_id_name"), ["programme_id", "name"]
        )

    with op.batch_alter_table("gf_meeting", schema=None) as batch_op:
        batch_op.add_column(sa.Column("called_at", types.InstantType(), nullable=False))

    with op.batch_alter_table("gf_programme", schema=None) as batch_op:
        batch_op.add_column(sa.Column("country", sa.Text(), nullable=False))

    with op.batch_alter_table("gf_stage", schema=None) as batch_op:
        batch_op.alter_column("rubric", existing_type=sa.TEXT(), nullable=True)
        batch_op.alter_column("rubric_version", existing_type=sa.BIGINT(), nullable=True)


def downgrade() -> None:
    with op.batch_alter_table("gf_stage", schema=None) as batch_op:
        batch_op.alter_column("rubric_version", existing_type=sa.BIGINT(), nullable=False)
        batch_op.alter_column("rubric", existing_type=sa.TEXT(), nullable=False)

    with op.batch_alter_table("gf_programme", schema=None) as batch_op:
        batch_op.drop_column("country")

    with op.batch_alter_table("gf_meeting", schema=None) as batch_op:
        batch_op.drop_column("called_at")

    with op.batch_alter_table("gf_body", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_gf_body_programme_id_name"), type_="unique")
        batch_op.drop_column("delegate_role")
        batch_op.drop_column("seats")
        batch_op.drop_column("role")
        batch_op.drop_column("title")

    with op.batch_alter_table("gf_agenda_item", schema=None) as batch_op:
        batch_op.drop_column("effective_at")
        batch_op.drop_column("matter")

    op.drop_table("gf_condition")
    op.drop_table("gf_score")
    with op.batch_alter_table("gf_release", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_gf_release_application_id"))

    op.drop_table("gf_release")
    with op.batch_alter_table("gf_ranked_review", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_gf_ranked_review_review_id"))

    op.drop_table("gf_ranked_review")
    with op.batch_alter_table("gf_letter_preview", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_gf_letter_preview_decision_id"))
        batch_op.drop_index("ix_gf_letter_preview_application")

    op.drop_table("gf_letter_preview")
    with op.batch_alter_table("gf_completion", schema=None) as batch_op:
        batch_op.drop_index("ix_gf_completion_application")

    op.drop_table("gf_completion")
    with op.batch_alter_table("gf_award", schema=None) as batch_op:
        batch_op.drop_index("ix_gf_award_window")
        batch_op.drop_index("ix_gf_award_application")

    op.drop_table("gf_award")
    with op.batch_alter_table("gf_support", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_gf_support_participation_id"))

    op.drop_table("gf_support")
    op.drop_table("gf_submission")
    with op.batch_alter_table("gf_review", schema=None) as batch_op:
        batch_op.drop_index("ix_gf_review_reviewer")
        batch_op.drop_index("ix_gf_review_application")

    op.drop_table("gf_review")
    with op.batch_alter_table("gf_ranking_line", schema=None) as batch_op:
        batch_op.drop_index("ix_gf_ranking_line_application")

    op.drop_table("gf_ranking_line")
    with op.batch_alter_table("gf_proposal_line", schema=None) as batch_op:
        batch_op.drop_index("ix_gf_proposal_line_application")

    op.drop_table("gf_proposal_line")
    with op.batch_alter_table("gf_partner", schema=None) as batch_op:
        batch_op.drop_index("ix_gf_partner_organisation")

    op.drop_table("gf_partner")
    op.drop_table("gf_panel_statement")
    op.drop_table("gf_frame_indicator")
    op.drop_table("gf_eligibility_check")
    with op.batch_alter_table("gf_decision", schema=None) as batch_op:
        batch_op.drop_index("ix_gf_decision_call")
        batch_op.drop_index("ix_gf_decision_application")

    op.drop_table("gf_decision")
    with op.batch_alter_table("gf_conflict_declaration", schema=None) as batch_op:
        batch_op.drop_index("ix_gf_conflict_declaration_user")
        batch_op.drop_index("ix_gf_conflict_declaration_application")

    op.drop_table("gf_conflict_declaration")
    op.drop_table("gf_budget_line")
    op.drop_table("gf_answers")
    with op.batch_alter_table("gf_action_source", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_gf_action_source_contribution_id"))

    op.drop_table("gf_action_source")
    op.drop_table("gf_proposal")
    with op.batch_alter_table("gf_participation_level", schema=None) as batch_op:
        batch_op.drop_index("ix_gf_participation_level_participation")

    op.drop_table("gf_participation_level")
    with op.batch_alter_table("gf_ledger_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_gf_ledger_entry_window")
        batch_op.drop_index("ix_gf_ledger_entry_record")

    op.drop_table("gf_ledger_entry")
    with op.batch_alter_table("gf_frame_comment", schema=None) as batch_op:
        batch_op.drop_index("ix_gf_frame_comment_frame")

    op.drop_table("gf_frame_comment")
    with op.batch_alter_table("gf_frame_author", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_gf_frame_author_user_id"))

    op.drop_table("gf_frame_author")
    op.drop_table("gf_frame_action")
    with op.batch_alter_table("gf_contribution", schema=None) as batch_op:
        batch_op.drop_index("ix_gf_contribution_participation")
        batch_op.drop_index("ix_gf_contribution_call")

    op.drop_table("gf_contribution")
    with op.batch_alter_table("gf_attendance", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_gf_attendance_participation_id"))

    op.drop_table("gf_attendance")
    with op.batch_alter_table("gf_application", schema=None) as batch_op:
        batch_op.drop_index("ix_gf_application_window")
        batch_op.drop_index("ix_gf_application_organisation")
        batch_op.drop_index("ix_gf_application_call_stage")

    op.drop_table("gf_application")
    op.drop_table("gf_review_round")
    op.drop_table("gf_ranking")
    with op.batch_alter_table("gf_participation", schema=None) as batch_op:
        batch_op.drop_index("ix_gf_participation_user")

    op.drop_table("gf_participation")
    op.drop_table("gf_lab_session")
    op.drop_table("gf_lab")
    op.drop_table("gf_frame")
    with op.batch_alter_table("gf_listed_value", schema=None) as batch_op:
        batch_op.drop_index("ix_gf_listed_value_text")
        batch_op.drop_index("ix_gf_listed_value_number")

    op.drop_table("gf_listed_value")
