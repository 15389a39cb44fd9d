"""The table of files that belong to records."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from grantflow.store import types

revision = "0004_files"
down_revision = "0003_labs_to_awards"
branch_labels = None
depends_on = None


def upgrade() -> None:
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
        sa.CheckConstraint("size >= 0", name=op.f("ck_gf_stored_file_size")),
        sa.CheckConstraint(
            "visibility IN ('record', 'staff', 'public')", name=op.f("ck_gf_stored_file_visibility")
        ),
        sa.ForeignKeyConstraint(["record_id"], ["gf_case.id"], name=op.f("fk_gf_stored_file_record_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gf_stored_file")),
        sa.UniqueConstraint(
            "record_id", "name", "sha256", name=op.f("uq_gf_stored_file_record_id_name_sha256")
        ),
    )
    op.create_index("ix_gf_stored_file_sha256", "gf_stored_file", ["sha256"])


def downgrade() -> None:
    op.drop_index("ix_gf_stored_file_sha256", "gf_stored_file")
    op.drop_table("gf_stored_file")
