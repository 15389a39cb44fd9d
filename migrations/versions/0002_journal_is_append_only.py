"""On PostgreSQL a trigger keeps the journal from being changed; on SQLite the program does, for lack of users to refuse."""

from __future__ import annotations

from alembic import op

from grantflow.store.journal import APPEND_ONLY, APPEND_ONLY_UNDONE

revision = "0002_journal_is_append_only"
down_revision = "0001_first_tables"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for statement in APPEND_ONLY:
            op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for statement in APPEND_ONLY_UNDONE:
            op.execute(statement)
