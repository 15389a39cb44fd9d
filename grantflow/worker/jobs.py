"""The job engine (DBOS) on our database: batches of messages as workflows whose steps survive a killed worker.

Everything handed to it is made of ids in portable JSON. Its queue, its workflows' names and the version below are
promises to workers of the next release, which finish what this one began.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from dbos import DBOS, DBOSClient, DBOSConfig
from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError

from grantflow.store.session import Database, Tx

VERSION = "1"
"""Raised only when old work could not be finished by new code; the engine's own default changes with every edit."""
QUEUE = "outbox"
WORKFLOW = "outbox"
POLLING = 0.5
DATABASE_ATTEMPTS = 8
"""A step that loses its database is repeated after 1, 2, 4 … seconds; then the message is handed out anew."""
UNFINISHED = ["PENDING"]


class Jobs:
    """The job engine of this process, running under the name of a slot."""

    def __init__(self, database: Database, slot: str, threads: int, send: Callable[[UUID], str]) -> None:
        self._slot = slot
        DBOS(
            config=DBOSConfig(
                name="grantflow",
                system_database_url=_url(database),
                executor_id=slot,
                application_version=VERSION,
                log_level="WARNING",
                notification_listener_polling_interval_sec=1.0,
            )
        )

        @DBOS.step(
            name="send",
            retries_allowed=True,
            max_attempts=DATABASE_ATTEMPTS,
            should_retry=lambda error: isinstance(error, DBAPIError),
        )
        def send_one(message_id: str) -> str:
            return send(UUID(message_id))

        @DBOS.workflow(name=WORKFLOW)
        def send_all(message_ids: list[str]) -> list[str]:
            return [send_one(message_id) for message_id in message_ids]

        self._keep: tuple[Any, ...] = (send_one, send_all)
        DBOS.launch()
        DBOS.register_queue(QUEUE, worker_concurrency=threads, polling_interval_sec=POLLING)
        self._client = DBOSClient(system_database_engine=database.sql)

    def enqueue(self, tx: Tx, message_ids: Sequence[UUID], delay: int = 0) -> None:
        """Hand a batch over in the caller's transaction: it is done if and only if that commits."""
        options: dict[str, Any] = {
            "workflow_name": WORKFLOW,
            "queue_name": QUEUE,
            "workflow_id": f"outbox-{tx.new_id()}",
            "app_version": VERSION,
            "serialization_type": "portable",
        }
        if delay:
            options["delay_seconds"] = delay
        self._client.enqueue_in_transaction(tx.connection, options, [str(each) for each in message_ids])  # type: ignore[arg-type]  # a TypedDict built in two steps

    def resume(self, slot: str) -> int:
        """Take up what a dead worker left half-done under its slot; finished steps are not repeated."""
        left = self._client.list_workflows(
            executor_id=slot, status=UNFINISHED, load_input=False, load_output=False
        )
        if left:
            self._client.resume_workflows([each.workflow_id for each in left], queue_name=QUEUE)
        return len(left)

    def close(self, patience: int) -> int:
        """Stop taking work, wait a while for what is running, and end; returns how much is left unfinished."""
        DBOS.destroy(workflow_completion_timeout_sec=patience, destroy_registry=True)
        left = self._client.list_workflows(
            executor_id=self._slot, status=UNFINISHED, load_input=False, load_output=False
        )
        self._client.destroy()
        return len(left)


def _url(database: Database) -> str:
    """Return the URL for the engine's own connections: the same database, the driver named as it wants."""
    url = make_url(database.url)
    if url.get_backend_name() == "postgresql":
        url = url.set(drivername="postgresql")
    return url.render_as_string(hide_password=False)
