"""Alembic's entrance: runs on the connection that grantflow.store.migrate hands over, in that one transaction."""

from __future__ import annotations

from alembic import context

from grantflow.store.migrate import comparison

attributes = context.config.attributes
context.configure(connection=attributes["connection"], **comparison(batch=attributes.get("batch", True)))
with context.begin_transaction():
    context.run_migrations()
