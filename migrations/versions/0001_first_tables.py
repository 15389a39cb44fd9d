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
    op.create_index("ix_gf_case_call_lifecycle_ref", "gf_case", ["call_id", "lifecycle", "ref"], unique=False)
    op.create_index(
        "ix_gf_case_call_lifecycle_state",
        "gf_case",
        ["call_id", "lifecycle", "state", "scheme", "version"],
        unique=False,
    )
    op.create_index("ix_gf_case_parent_lifecycle", "gf_case", ["parent_id", "lifecycle"], unique=False)
    op.create_table(
        "gf_counter",
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("prefix", name=op.f("pk_gf_counter")),
    )
    op.create_table(
        "gf_first_time",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("leads_to", sa.Text(), nullable=True),
        sa.Column("at", types.InstantType(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_gf_first_time")),
    )
    op.create_index("ix_gf_first_time_at", "gf_first_time", ["at"], unique=False)
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
        sa.Column("country", sa.Text(), nullable=False),
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
        "gf_tries",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("began_at", types.InstantType(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_gf_tries")),
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
        "gf_worker",
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("holder", types.IdType(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("pid", sa.BigInteger(), nullable=False),
        sa.Column("beat", sa.BigInteger(), nullable=False),
        sa.Column("since", types.InstantType(), nullable=False),
        sa.PrimaryKeyConstraint("slot", name=op.f("pk_gf_worker")),
        sa.UniqueConstraint("holder", name=op.f("uq_gf_worker_holder")),
    )
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
    op.create_index(
        "ix_gf_aid_decision_application", "gf_aid_decision", ["application_id", "decided_at"], unique=False
    )
    op.create_table(
        "gf_api_token",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("user_id", types.IdType(), nullable=False),
        sa.Column("scopes", types.JsonType(), nullable=False),
        sa.Column("made_at", types.InstantType(), nullable=False),
        sa.Column("ends_at", types.InstantType(), nullable=False),
        sa.Column("used_at", types.InstantType(), nullable=True),
        sa.Column("revoked_at", types.InstantType(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["gf_user.id"], name=op.f("fk_gf_api_token_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_api_token")),
        sa.UniqueConstraint("prefix", name=op.f("uq_gf_api_token_prefix")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_gf_api_token_token_hash")),
    )
    op.create_index("ix_gf_api_token_user", "gf_api_token", ["user_id"], unique=False)
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
    op.create_index(
        "ix_gf_bank_account_organisation", "gf_bank_account", ["organisation_id", "entered_at"], unique=False
    )
    op.create_table(
        "gf_body",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("programme_id", types.IdType(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("title", types.JsonType(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("seats", sa.BigInteger(), nullable=False),
        sa.Column("quorum", sa.BigInteger(), nullable=False),
        sa.Column("delegate_role", sa.Text(), nullable=True),
        sa.Column("delegate_id", types.IdType(), nullable=True),
        sa.Column("delegate_up_to", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("quorum >= 1 AND seats >= quorum", name=op.f("ck_gf_body_quorum")),
        sa.ForeignKeyConstraint(["delegate_id"], ["gf_user.id"], name=op.f("fk_gf_body_delegate_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["gf_programme.id"], name=op.f("fk_gf_body_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_body")),
        sa.UniqueConstraint("programme_id", "name", name=op.f("uq_gf_body_programme_id_name")),
    )
    op.create_index(op.f("ix_gf_body_programme_id"), "gf_body", ["programme_id"], unique=False)
    op.create_table(
        "gf_calendar_address",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("user_id", types.IdType(), nullable=False),
        sa.Column("made_at", types.InstantType(), nullable=False),
        sa.Column("ended_at", types.InstantType(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["gf_user.id"], name=op.f("fk_gf_calendar_address_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_calendar_address")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_gf_calendar_address_token_hash")),
    )
    op.create_index("ix_gf_calendar_address_user", "gf_calendar_address", ["user_id"], unique=False)
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
        sa.Column("continues_id", types.IdType(), nullable=True),
        sa.Column("stage", sa.BigInteger(), nullable=False),
        sa.Column("parameters", types.JsonType(), nullable=False),
        sa.Column("days_off", types.JsonType(), nullable=False),
        sa.Column("pins", types.JsonType(), nullable=False),
        sa.Column("file", types.JsonType(), nullable=False),
        sa.ForeignKeyConstraint(["continues_id"], ["gf_call.id"], name=op.f("fk_gf_call_continues_id")),
        sa.ForeignKeyConstraint(["id"], ["gf_case.id"], name=op.f("fk_gf_call_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["gf_programme.id"], name=op.f("fk_gf_call_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_call")),
        sa.UniqueConstraint("slug", name=op.f("uq_gf_call_slug")),
    )
    op.create_index(op.f("ix_gf_call_continues_id"), "gf_call", ["continues_id"], unique=False)
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
        "gf_kept_form",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("user_id", types.IdType(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("fields", types.JsonType(), nullable=False),
        sa.Column("kept_at", types.InstantType(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["gf_user.id"], name=op.f("fk_gf_kept_form_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_kept_form")),
    )
    op.create_index("ix_gf_kept_form_at", "gf_kept_form", ["kept_at"], unique=False)
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
    op.create_index("ix_gf_listed_value_number", "gf_listed_value", ["field", "number"], unique=False)
    op.create_index("ix_gf_listed_value_text", "gf_listed_value", ["field", "text"], unique=False)
    op.create_table(
        "gf_mail_wish",
        sa.Column("user_id", types.IdType(), nullable=False),
        sa.Column("daily", types.JsonType(), nullable=False),
        sa.Column("hour", sa.BigInteger(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.CheckConstraint("hour BETWEEN 0 AND 23", name=op.f("ck_gf_mail_wish_hour")),
        sa.ForeignKeyConstraint(["user_id"], ["gf_user.id"], name=op.f("fk_gf_mail_wish_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_gf_mail_wish")),
    )
    op.create_table(
        "gf_mailed_link",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("user_id", types.IdType(), nullable=False),
        sa.Column("leads_to", sa.Text(), nullable=False),
        sa.Column("made_at", types.InstantType(), nullable=False),
        sa.Column("ends_at", types.InstantType(), nullable=False),
        sa.Column("used_at", types.InstantType(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["gf_user.id"], name=op.f("fk_gf_mailed_link_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_mailed_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_gf_mailed_link_token_hash")),
    )
    op.create_index("ix_gf_mailed_link_user", "gf_mailed_link", ["user_id"], unique=False)
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
        sa.Column("case_id", types.IdType(), nullable=True),
        sa.Column("entry_id", types.IdType(), nullable=True),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("data", types.JsonType(), nullable=False),
        sa.Column("at", types.InstantType(), nullable=False),
        sa.Column("dispatched_at", types.InstantType(), nullable=True),
        sa.Column("done_at", types.InstantType(), nullable=True),
        sa.Column("held_at", types.InstantType(), nullable=True),
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
        "gf_sign_in",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("user_id", types.IdType(), nullable=False),
        sa.Column("began_at", types.InstantType(), nullable=False),
        sa.Column("seen_at", types.InstantType(), nullable=False),
        sa.Column("ends_at", types.InstantType(), nullable=False),
        sa.Column("idle_minutes", sa.BigInteger(), nullable=False),
        sa.Column("browser", sa.Text(), nullable=False),
        sa.Column("ended_at", types.InstantType(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["gf_user.id"], name=op.f("fk_gf_sign_in_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_sign_in")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_gf_sign_in_token_hash")),
    )
    op.create_index("ix_gf_sign_in_user", "gf_sign_in", ["user_id", "ended_at"], unique=False)
    op.create_table(
        "gf_stored_file",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("record_id", types.IdType(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("visibility", sa.Text(), nullable=False),
        sa.Column("kept_at", types.InstantType(), nullable=False),
        sa.CheckConstraint(
            "visibility IN ('record', 'staff', 'public')", name=op.f("ck_gf_stored_file_visibility")
        ),
        sa.CheckConstraint("size >= 0", name=op.f("ck_gf_stored_file_size")),
        sa.ForeignKeyConstraint(["record_id"], ["gf_case.id"], name=op.f("fk_gf_stored_file_record_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_stored_file")),
        sa.UniqueConstraint(
            "record_id", "name", "sha256", name=op.f("uq_gf_stored_file_record_id_name_sha256")
        ),
    )
    op.create_index("ix_gf_stored_file_sha256", "gf_stored_file", ["sha256"], unique=False)
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
        "gf_webhook",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("programme_id", types.IdType(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("kinds", types.JsonType(), nullable=False),
        sa.Column("tags", types.JsonType(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("made_by", types.IdType(), nullable=False),
        sa.Column("made_at", types.InstantType(), nullable=False),
        sa.Column("failing_since", types.InstantType(), nullable=True),
        sa.Column("stopped_at", types.InstantType(), nullable=True),
        sa.Column("ended_at", types.InstantType(), nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["gf_user.id"], name=op.f("fk_gf_webhook_made_by")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["gf_programme.id"], name=op.f("fk_gf_webhook_programme_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_webhook")),
    )
    op.create_index("ix_gf_webhook_programme", "gf_webhook", ["programme_id"], unique=False)
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
        "gf_digest_item",
        sa.Column("message_id", types.IdType(), nullable=False),
        sa.Column("user_id", types.IdType(), nullable=False),
        sa.Column("at", types.InstantType(), nullable=False),
        sa.Column("digest_id", types.IdType(), nullable=True),
        sa.ForeignKeyConstraint(
            ["digest_id"], ["gf_outbox_message.id"], name=op.f("fk_gf_digest_item_digest_id")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["gf_outbox_message.id"], name=op.f("fk_gf_digest_item_message_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["gf_user.id"], name=op.f("fk_gf_digest_item_user_id")),
        sa.PrimaryKeyConstraint("message_id", "user_id", name=op.f("pk_gf_digest_item")),
    )
    op.create_index("ix_gf_digest_item_digest", "gf_digest_item", ["digest_id", "user_id"], unique=False)
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
        "gf_kept_answer",
        sa.Column("token_id", types.IdType(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("status", sa.BigInteger(), nullable=True),
        sa.Column("headers", types.JsonType(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", types.InstantType(), nullable=False),
        sa.ForeignKeyConstraint(["token_id"], ["gf_api_token.id"], name=op.f("fk_gf_kept_answer_token_id")),
        sa.PrimaryKeyConstraint("token_id", "key", name=op.f("pk_gf_kept_answer")),
    )
    op.create_index("ix_gf_kept_answer_at", "gf_kept_answer", ["at"], unique=False)
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
        "gf_meeting",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("body_id", types.IdType(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("called_at", types.InstantType(), nullable=False),
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
    op.create_index("ix_gf_participation_user", "gf_participation", ["user_id"], unique=False)
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
        sa.Column("rubric", sa.Text(), nullable=True),
        sa.Column("rubric_version", sa.BigInteger(), nullable=True),
        sa.Column("gate", types.JsonType(), nullable=False),
        sa.Column("pass_mark", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["gf_call.id"], name=op.f("fk_gf_stage_call_id")),
        sa.PrimaryKeyConstraint("call_id", "number", name=op.f("pk_gf_stage")),
    )
    op.create_table(
        "gf_unreached",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("user_id", types.IdType(), nullable=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("message_id", types.IdType(), nullable=True),
        sa.Column("at", types.InstantType(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("answered_at", types.InstantType(), nullable=True),
        sa.ForeignKeyConstraint(
            ["message_id"], ["gf_outbox_message.id"], name=op.f("fk_gf_unreached_message_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["gf_user.id"], name=op.f("fk_gf_unreached_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_unreached")),
    )
    op.create_index("ix_gf_unreached_message", "gf_unreached", ["message_id"], unique=False)
    op.create_index("ix_gf_unreached_user", "gf_unreached", ["user_id"], unique=False)
    op.create_table(
        "gf_webhook_attempt",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("webhook_id", types.IdType(), nullable=False),
        sa.Column("message_id", types.IdType(), nullable=False),
        sa.Column("at", types.InstantType(), nullable=False),
        sa.Column("status", sa.BigInteger(), nullable=True),
        sa.Column("fault", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["message_id"], ["gf_outbox_message.id"], name=op.f("fk_gf_webhook_attempt_message_id")
        ),
        sa.ForeignKeyConstraint(
            ["webhook_id"], ["gf_webhook.id"], name=op.f("fk_gf_webhook_attempt_webhook_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_webhook_attempt")),
    )
    op.create_index("ix_gf_webhook_attempt_message", "gf_webhook_attempt", ["message_id"], unique=False)
    op.create_table(
        "gf_agenda_item",
        sa.Column("id", types.IdType(), nullable=False),
        sa.Column("meeting_id", types.IdType(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("record_id", types.IdType(), nullable=False),
        sa.Column("matter", sa.Text(), nullable=False),
        sa.Column("left", types.JsonType(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("effective_at", types.InstantType(), nullable=True),
        sa.ForeignKeyConstraint(["meeting_id"], ["gf_meeting.id"], name=op.f("fk_gf_agenda_item_meeting_id")),
        sa.ForeignKeyConstraint(["record_id"], ["gf_case.id"], name=op.f("fk_gf_agenda_item_record_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_agenda_item")),
    )
    op.create_index("ix_gf_agenda_item_meeting", "gf_agenda_item", ["meeting_id", "number"], unique=False)
    op.create_index("ix_gf_agenda_item_record", "gf_agenda_item", ["record_id"], unique=False)
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
    op.create_index("ix_gf_application_call_stage", "gf_application", ["call_id", "stage"], unique=False)
    op.create_index("ix_gf_application_organisation", "gf_application", ["organisation_id"], unique=False)
    op.create_index("ix_gf_application_window", "gf_application", ["window_id"], unique=False)
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
    op.create_index(
        op.f("ix_gf_attendance_participation_id"), "gf_attendance", ["participation_id"], unique=False
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
            "kind IN ('need', 'idea', 'evidence', 'offer', 'question', 'comment')",
            name=op.f("ck_gf_contribution_kind"),
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
    op.create_index("ix_gf_contribution_call", "gf_contribution", ["call_id"], unique=False)
    op.create_index("ix_gf_contribution_participation", "gf_contribution", ["participation_id"], unique=False)
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
    op.create_index(op.f("ix_gf_frame_author_user_id"), "gf_frame_author", ["user_id"], unique=False)
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
    op.create_index("ix_gf_frame_comment_frame", "gf_frame_comment", ["frame_id", "at"], unique=False)
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
    op.create_index("ix_gf_ledger_entry_record", "gf_ledger_entry", ["record_id"], unique=False)
    op.create_index("ix_gf_ledger_entry_window", "gf_ledger_entry", ["window_id", "at"], unique=False)
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
    op.create_index(op.f("ix_gf_line_firm_id"), "gf_line", ["firm_id"], unique=False)
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
    op.create_index(
        "ix_gf_participation_level_participation",
        "gf_participation_level",
        ["participation_id", "at"],
        unique=False,
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
        sa.Column("notice_at", types.InstantType(), nullable=True),
        sa.Column("public_at", types.InstantType(), nullable=True),
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
    op.create_index(
        op.f("ix_gf_action_source_contribution_id"), "gf_action_source", ["contribution_id"], unique=False
    )
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
    op.create_index(op.f("ix_gf_aid_award_line_id"), "gf_aid_award", ["line_id"], unique=False)
    op.create_index(
        "ix_gf_aid_award_undertaking",
        "gf_aid_award",
        ["undertaking_id", "member_state", "granted_on"],
        unique=False,
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
    op.create_index(
        "ix_gf_aid_reservation_account", "gf_aid_reservation", ["account_id", "ended_at"], unique=False
    )
    op.create_index(op.f("ix_gf_aid_reservation_line_id"), "gf_aid_reservation", ["line_id"], unique=False)
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
        sa.Column("number", sa.BigInteger(), nullable=False),
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
        sa.UniqueConstraint(
            "application_id",
            "user_id",
            "number",
            name=op.f("uq_gf_conflict_declaration_application_id_user_id_number"),
        ),
    )
    op.create_index("ix_gf_conflict_declaration_user", "gf_conflict_declaration", ["user_id"], unique=False)
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
            "(decided_by IS NULL) = (decided_at IS NULL OR authority = 'rule')",
            name=op.f("ck_gf_decision_decided"),
        ),
        sa.CheckConstraint(
            "amount >= 0 AND (kind IN ('yes', 'reserve') OR amount = 0)", name=op.f("ck_gf_decision_amount")
        ),
        sa.CheckConstraint("authority <> 'rule' OR kind = 'yes'", name=op.f("ck_gf_decision_rule")),
        sa.CheckConstraint(
            "authority IN ('body', 'delegation', 'rule')", name=op.f("ck_gf_decision_authority")
        ),
        sa.CheckConstraint(
            "kind IN ('yes', 'reserve', 'no', 'ineligible', 'dismissed', 'admitted', 'lapsed', 'terminated', 'annulled')",
            name=op.f("ck_gf_decision_kind"),
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
    op.create_index("ix_gf_decision_application", "gf_decision", ["application_id", "number"], unique=False)
    op.create_index("ix_gf_decision_call", "gf_decision", ["call_id", "decided_at"], unique=False)
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
    op.create_index("ix_gf_delivery_proof_line", "gf_delivery_proof", ["line_id", "given_at"], unique=False)
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
    op.create_index(op.f("ix_gf_line_invitation_line_id"), "gf_line_invitation", ["line_id"], unique=False)
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
    op.create_index("ix_gf_partner_organisation", "gf_partner", ["organisation_id"], unique=False)
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
    op.create_index("ix_gf_proposal_line_application", "gf_proposal_line", ["application_id"], unique=False)
    op.create_index("ix_gf_proposal_line_rank", "gf_proposal_line", ["proposal_id", "rank"], unique=False)
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
    op.create_index("ix_gf_ranking_line_application", "gf_ranking_line", ["application_id"], unique=False)
    op.create_index("ix_gf_ranking_line_rank", "gf_ranking_line", ["ranking_id", "rank"], unique=False)
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
    op.create_index("ix_gf_review_application", "gf_review", ["application_id"], unique=False)
    op.create_index("ix_gf_review_reviewer", "gf_review", ["reviewer_id"], unique=False)
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
        sa.Column("arrived_at", types.InstantType(), nullable=True),
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
    op.create_index(op.f("ix_gf_support_participation_id"), "gf_support", ["participation_id"], unique=False)
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
    op.create_index("ix_gf_award_application", "gf_award", ["application_id"], unique=False)
    op.create_index("ix_gf_award_window", "gf_award", ["window_id"], unique=False)
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
    op.create_index(
        "ix_gf_completion_application", "gf_completion", ["application_id", "asked_at"], unique=False
    )
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
    op.create_index("ix_gf_letter_preview_application", "gf_letter_preview", ["application_id"], unique=False)
    op.create_index(
        op.f("ix_gf_letter_preview_decision_id"), "gf_letter_preview", ["decision_id"], unique=False
    )
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
    op.create_index(op.f("ix_gf_ranked_review_review_id"), "gf_ranked_review", ["review_id"], unique=False)
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
    op.create_index(op.f("ix_gf_register_entry_award_id"), "gf_register_entry", ["award_id"], unique=False)
    op.create_index("ix_gf_register_entry_due", "gf_register_entry", ["told_at", "due_at"], unique=False)
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
    op.create_index(op.f("ix_gf_release_application_id"), "gf_release", ["application_id"], unique=False)
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


def downgrade() -> None:
    op.drop_table("gf_condition")
    op.drop_table("gf_score")
    op.drop_index(op.f("ix_gf_release_application_id"), table_name="gf_release")
    op.drop_table("gf_release")
    op.drop_index("ix_gf_register_entry_due", table_name="gf_register_entry")
    op.drop_index(op.f("ix_gf_register_entry_award_id"), table_name="gf_register_entry")
    op.drop_table("gf_register_entry")
    op.drop_index(op.f("ix_gf_ranked_review_review_id"), table_name="gf_ranked_review")
    op.drop_table("gf_ranked_review")
    op.drop_index(op.f("ix_gf_letter_preview_decision_id"), table_name="gf_letter_preview")
    op.drop_index("ix_gf_letter_preview_application", table_name="gf_letter_preview")
    op.drop_table("gf_letter_preview")
    op.drop_index("ix_gf_completion_application", table_name="gf_completion")
    op.drop_table("gf_completion")
    op.drop_index("ix_gf_award_window", table_name="gf_award")
    op.drop_index("ix_gf_award_application", table_name="gf_award")
    op.drop_table("gf_award")
    op.drop_index(op.f("ix_gf_support_participation_id"), table_name="gf_support")
    op.drop_table("gf_support")
    op.drop_table("gf_submission")
    op.drop_index("ix_gf_review_reviewer", table_name="gf_review")
    op.drop_index("ix_gf_review_application", table_name="gf_review")
    op.drop_table("gf_review")
    op.drop_index("ix_gf_ranking_line_rank", table_name="gf_ranking_line")
    op.drop_index("ix_gf_ranking_line_application", table_name="gf_ranking_line")
    op.drop_table("gf_ranking_line")
    op.drop_index("ix_gf_proposal_line_rank", table_name="gf_proposal_line")
    op.drop_index("ix_gf_proposal_line_application", table_name="gf_proposal_line")
    op.drop_table("gf_proposal_line")
    op.drop_table("gf_payment_line")
    op.drop_index("ix_gf_partner_organisation", table_name="gf_partner")
    op.drop_table("gf_partner")
    op.drop_table("gf_panel_statement")
    op.drop_index(op.f("ix_gf_line_invitation_line_id"), table_name="gf_line_invitation")
    op.drop_table("gf_line_invitation")
    op.drop_table("gf_line_declaration")
    op.drop_table("gf_frame_indicator")
    op.drop_table("gf_eligibility_check")
    op.drop_index("ix_gf_delivery_proof_line", table_name="gf_delivery_proof")
    op.drop_table("gf_delivery_proof")
    op.drop_index("ix_gf_decision_call", table_name="gf_decision")
    op.drop_index("ix_gf_decision_application", table_name="gf_decision")
    op.drop_table("gf_decision")
    op.drop_index("ix_gf_conflict_declaration_user", table_name="gf_conflict_declaration")
    op.drop_table("gf_conflict_declaration")
    op.drop_table("gf_budget_line")
    op.drop_table("gf_answers")
    op.drop_index(op.f("ix_gf_aid_reservation_line_id"), table_name="gf_aid_reservation")
    op.drop_index("ix_gf_aid_reservation_account", table_name="gf_aid_reservation")
    op.drop_table("gf_aid_reservation")
    op.drop_index("ix_gf_aid_award_undertaking", table_name="gf_aid_award")
    op.drop_index(op.f("ix_gf_aid_award_line_id"), table_name="gf_aid_award")
    op.drop_table("gf_aid_award")
    op.drop_index(op.f("ix_gf_action_source_contribution_id"), table_name="gf_action_source")
    op.drop_table("gf_action_source")
    op.drop_table("gf_proposal")
    op.drop_index("ix_gf_participation_level_participation", table_name="gf_participation_level")
    op.drop_table("gf_participation_level")
    op.drop_table("gf_minutes")
    op.drop_index(op.f("ix_gf_line_firm_id"), table_name="gf_line")
    op.drop_table("gf_line")
    op.drop_index("ix_gf_ledger_entry_window", table_name="gf_ledger_entry")
    op.drop_index("ix_gf_ledger_entry_record", table_name="gf_ledger_entry")
    op.drop_table("gf_ledger_entry")
    op.drop_index("ix_gf_frame_comment_frame", table_name="gf_frame_comment")
    op.drop_table("gf_frame_comment")
    op.drop_index(op.f("ix_gf_frame_author_user_id"), table_name="gf_frame_author")
    op.drop_table("gf_frame_author")
    op.drop_table("gf_frame_action")
    op.drop_index("ix_gf_contribution_participation", table_name="gf_contribution")
    op.drop_index("ix_gf_contribution_call", table_name="gf_contribution")
    op.drop_table("gf_contribution")
    op.drop_index(op.f("ix_gf_attendance_participation_id"), table_name="gf_attendance")
    op.drop_table("gf_attendance")
    op.drop_index("ix_gf_application_window", table_name="gf_application")
    op.drop_index("ix_gf_application_organisation", table_name="gf_application")
    op.drop_index("ix_gf_application_call_stage", table_name="gf_application")
    op.drop_table("gf_application")
    op.drop_index("ix_gf_agenda_item_record", table_name="gf_agenda_item")
    op.drop_index("ix_gf_agenda_item_meeting", table_name="gf_agenda_item")
    op.drop_table("gf_agenda_item")
    op.drop_index("ix_gf_webhook_attempt_message", table_name="gf_webhook_attempt")
    op.drop_table("gf_webhook_attempt")
    op.drop_index("ix_gf_unreached_user", table_name="gf_unreached")
    op.drop_index("ix_gf_unreached_message", table_name="gf_unreached")
    op.drop_table("gf_unreached")
    op.drop_table("gf_stage")
    op.drop_index(op.f("ix_gf_seat_body_id"), table_name="gf_seat")
    op.drop_table("gf_seat")
    op.drop_table("gf_review_round")
    op.drop_table("gf_ranking")
    op.drop_table("gf_payment")
    op.drop_index("ix_gf_participation_user", table_name="gf_participation")
    op.drop_table("gf_participation")
    op.drop_index("ix_gf_milestone_call", table_name="gf_milestone")
    op.drop_table("gf_milestone")
    op.drop_index(op.f("ix_gf_meeting_body_id"), table_name="gf_meeting")
    op.drop_table("gf_meeting")
    op.drop_table("gf_lab_session")
    op.drop_table("gf_lab")
    op.drop_index("ix_gf_kept_answer_at", table_name="gf_kept_answer")
    op.drop_table("gf_kept_answer")
    op.drop_table("gf_journal_text")
    op.drop_index("ix_gf_funder_window_call_stage", table_name="gf_funder_window")
    op.drop_table("gf_funder_window")
    op.drop_table("gf_frame")
    op.drop_index("ix_gf_digest_item_digest", table_name="gf_digest_item")
    op.drop_table("gf_digest_item")
    op.drop_table("gf_call_date")
    op.drop_table("gf_aid_rule_pin")
    op.drop_index("ix_gf_webhook_programme", table_name="gf_webhook")
    op.drop_table("gf_webhook")
    op.drop_index("ix_gf_timer_due", table_name="gf_timer")
    op.drop_index("ix_gf_timer_case", table_name="gf_timer")
    op.drop_index("ix_gf_timer_call", table_name="gf_timer")
    op.drop_table("gf_timer")
    op.drop_index(op.f("ix_gf_strategy_priority_programme_id"), table_name="gf_strategy_priority")
    op.drop_table("gf_strategy_priority")
    op.drop_index("ix_gf_stored_file_sha256", table_name="gf_stored_file")
    op.drop_table("gf_stored_file")
    op.drop_index("ix_gf_sign_in_user", table_name="gf_sign_in")
    op.drop_table("gf_sign_in")
    op.drop_table("gf_selection")
    op.drop_index("ix_gf_role_grant_user", table_name="gf_role_grant")
    op.drop_index("ix_gf_role_grant_scope", table_name="gf_role_grant")
    op.drop_index("ix_gf_role_grant_organisation", table_name="gf_role_grant")
    op.drop_table("gf_role_grant")
    op.drop_index("ix_gf_outbox_message_waiting", table_name="gf_outbox_message")
    op.drop_index("ix_gf_outbox_message_case", table_name="gf_outbox_message")
    op.drop_table("gf_outbox_message")
    op.drop_index(op.f("ix_gf_membership_organisation_id"), table_name="gf_membership")
    op.drop_table("gf_membership")
    op.drop_index("ix_gf_mailed_link_user", table_name="gf_mailed_link")
    op.drop_table("gf_mailed_link")
    op.drop_table("gf_mail_wish")
    op.drop_index("ix_gf_listed_value_text", table_name="gf_listed_value")
    op.drop_index("ix_gf_listed_value_number", table_name="gf_listed_value")
    op.drop_table("gf_listed_value")
    op.drop_index("ix_gf_kept_form_at", table_name="gf_kept_form")
    op.drop_table("gf_kept_form")
    op.drop_index("ix_gf_journal_entry_at", table_name="gf_journal_entry")
    op.drop_table("gf_journal_entry")
    op.drop_index(op.f("ix_gf_funder_programme_id"), table_name="gf_funder")
    op.drop_table("gf_funder")
    op.drop_index(op.f("ix_gf_call_programme_id"), table_name="gf_call")
    op.drop_index(op.f("ix_gf_call_continues_id"), table_name="gf_call")
    op.drop_table("gf_call")
    op.drop_index("ix_gf_calendar_address_user", table_name="gf_calendar_address")
    op.drop_table("gf_calendar_address")
    op.drop_index(op.f("ix_gf_body_programme_id"), table_name="gf_body")
    op.drop_table("gf_body")
    op.drop_index("ix_gf_bank_account_organisation", table_name="gf_bank_account")
    op.drop_table("gf_bank_account")
    op.drop_index("ix_gf_api_token_user", table_name="gf_api_token")
    op.drop_table("gf_api_token")
    op.drop_index("ix_gf_aid_decision_application", table_name="gf_aid_decision")
    op.drop_table("gf_aid_decision")
    op.drop_table("gf_aid_account")
    op.drop_table("gf_worker")
    op.drop_table("gf_user")
    op.drop_table("gf_tries")
    op.drop_table("gf_setting")
    op.drop_index("ix_gf_refusal_user_at", table_name="gf_refusal")
    op.drop_table("gf_refusal")
    op.drop_table("gf_published_file")
    op.drop_table("gf_programme")
    op.drop_table("gf_organisation")
    op.drop_table("gf_journal_seal")
    op.drop_index("ix_gf_first_time_at", table_name="gf_first_time")
    op.drop_table("gf_first_time")
    op.drop_table("gf_counter")
    op.drop_index("ix_gf_case_parent_lifecycle", table_name="gf_case")
    op.drop_index("ix_gf_case_call_lifecycle_state", table_name="gf_case")
    op.drop_index("ix_gf_case_call_lifecycle_ref", table_name="gf_case")
    op.drop_table("gf_case")
