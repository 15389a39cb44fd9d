"""The one transaction pattern: an entrance opens it, services use it, nobody below commits or rolls back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import Lock
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import (
    Connection,
    CursorResult,
    Engine,
    Executable,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.orm import Session

from grantflow.domain.actor import SYSTEM, Actor
from grantflow.domain.ids import Ids
from grantflow.domain.refusal import Refused
from grantflow.domain.step import Stepped
from grantflow.domain.time import instant
from grantflow.store.constraints import LOST_RACE, told_to_people

if TYPE_CHECKING:
    from grantflow.workflow.engine import Engine as WorkflowEngine

READ_ONLY = "grantflow_read_only"
"""Execution option of a connection that only reads; the begin event looks at it."""
LONGEST_WAIT = 30
"""Seconds for which somebody waits for their turn to write on SQLite."""


class _Unit:
    """What a unit of work has in common, whoever acts in it."""

    __slots__ = ("coming", "memo", "session", "taken")

    def __init__(self) -> None:
        self.memo: dict[Any, Any] = {}
        self.session: Session | None = None
        self.taken: list[Stepped] = []
        self.coming: dict[UUID, str] = {}


class Tx:
    """A unit of work: one connection, who acts, and when. `now` never moves inside it."""

    __slots__ = (
        "_ids",
        "_unit",
        "actor",
        "connection",
        "engine",
        "is_postgresql",
        "now",
        "read_only",
    )

    def __init__(
        self,
        connection: Connection,
        actor: Actor,
        now: datetime,
        engine: WorkflowEngine,
        ids: Ids,
        *,
        read_only: bool = False,
    ) -> None:
        self.connection = connection
        self.actor = actor
        self.now = instant(now)
        self.engine = engine
        self.is_postgresql = connection.dialect.name == "postgresql"
        self.read_only = read_only
        self._ids = ids
        self._unit = _Unit()

    @property
    def session(self) -> Session:
        """The ORM session on the same connection; made when first asked for, since many steps need none."""
        if self._unit.session is None:
            self._unit.session = Session(bind=self.connection, autoflush=True, expire_on_commit=False)
        return self._unit.session

    @property
    def taken(self) -> list[Stepped]:
        """Every step and every making of a record in this unit of work, in order, with those that followed by themselves."""
        return self._unit.taken

    @property
    def memo(self) -> dict[Any, Any]:
        """What was read already and cannot change while this unit of work lasts; only to be used where it only reads."""
        return self._unit.memo

    @property
    def coming(self) -> dict[UUID, str]:
        """While effects run: the states in which the records of the present batch will be when it is written."""
        return self._unit.coming

    def execute(self, statement: Executable, parameters: Any = None) -> CursorResult[Any]:
        """Run a Core statement after writing what the ORM session still holds."""
        self.flush()
        return self.connection.execute(statement, parameters)

    def new_id(self) -> UUID:
        """Return a fresh identifier; in a rehearsal it follows from the seed."""
        return self._ids.new(self.now)

    def new_ids(self, count: int) -> list[UUID]:
        """Return fresh identifiers for rows that are written together."""
        return self._ids.many(self.now, count)

    def flush(self) -> None:
        """Write what the ORM session holds, if there is one."""
        session = self._unit.session
        if session is not None and (session.new or session.dirty or session.deleted):
            session.flush()

    def forget(self, kind: type[Any] | None = None, ids: Iterable[UUID] = ()) -> None:
        """Make the ORM session read rows anew, all or those of one kind: Core has written behind its back."""
        session = self._unit.session
        if session is None:
            return
        if kind is None:
            session.flush()
            session.expire_all()
            return
        for each in ids:
            known = session.identity_map.get(session.identity_key(kind, each))
            if known is not None:
                session.expire(known)

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Begin a part that may be refused alone: it is undone, and the rest of the unit of work stays."""
        before = len(self.taken)
        try:
            with told_to_people(), self.session.begin_nested():
                self.session.connection()  # the session sets its savepoint only when it is used
                yield
        except Refused:
            del self.taken[before:]
            raise

    def as_actor(self, actor: Actor) -> Tx:
        """Return the same unit of work under another actor: for what the system does in consequence of a person's step."""
        if actor == self.actor:
            return self
        other = Tx(self.connection, actor, self.now, self.engine, self._ids, read_only=self.read_only)
        other._unit = self._unit  # the same unit of work
        return other


class Database:
    """A database and the workflow engine that runs on it; opens transactions."""

    def __init__(
        self,
        url: str,
        engine: WorkflowEngine,
        ids: Ids | None = None,
        *,
        scratch: bool = False,
        pool_size: int = 20,
    ) -> None:
        self.url = url
        self.engine = engine
        self.ids = ids or Ids()
        self.sql = open_engine(url, scratch=scratch, pool_size=pool_size)
        self._reading = self.sql.execution_options(**{READ_ONLY: True})
        # SQLite lets one write at a time and makes the others look again and again; threads of one process queue here.
        self._turn = Lock() if self.sql.dialect.name == "sqlite" else None

    @contextmanager
    def transaction(self, actor: Actor, now: datetime, *, keep: bool = True) -> Iterator[Tx]:
        """Open a transaction that writes; commits at the end, rolls back on any exception or where `keep` is false.

        Raises:
            Refused: the database held against it: a constraint, or somebody else was faster.
        """
        with (
            told_to_people(),
            self._in_turn(),
            self.sql.connect() as connection,
            connection.begin() as transaction,
        ):
            tx = Tx(connection, actor, now, self.engine, self.ids)
            yield tx
            tx.flush()
            if not keep:
                transaction.rollback()

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        if self._turn is None:
            yield
            return
        if not self._turn.acquire(timeout=LONGEST_WAIT):
            raise Refused([LOST_RACE])
        try:
            yield
        finally:
            self._turn.release()

    @contextmanager
    def reading(self, actor: Actor = SYSTEM, now: datetime | None = None) -> Iterator[Tx]:
        """Open a transaction that only reads, all of it as at one moment: a plain BEGIN on SQLite, a snapshot on PostgreSQL."""
        if now is None:
            raise TypeError("the time is an argument, also of reading")
        with self._reading.connect() as connection, connection.begin():
            yield Tx(connection, actor, now, self.engine, self.ids, read_only=True)

    def dispose(self) -> None:
        """Close all connections."""
        self.sql.dispose()


def open_engine(url: str, *, scratch: bool = False, pool_size: int = 20) -> Engine:
    """Return the SQLAlchemy engine of a database with the settings that its kind needs.

    `scratch` gives up durability on SQLite: for rehearsals and tests, whose files are thrown away.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _open_sqlite(url, scratch=scratch, pool_size=pool_size)
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    # What statements carry is people's: it stands in no message of an error, and so in no log.
    engine = create_engine(parsed, pool_size=pool_size, pool_pre_ping=True, hide_parameters=True)

    @event.listens_for(engine, "begin")
    def _begin_postgresql(connection: Connection) -> None:
        if connection.get_execution_options().get(READ_ONLY):
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")

    return engine


def _open_sqlite(url: str, *, scratch: bool, pool_size: int) -> Engine:
    engine = create_engine(
        url, pool_size=pool_size, connect_args={"timeout": LONGEST_WAIT}, hide_parameters=True
    )
    durability = "OFF" if scratch else "FULL"

    @event.listens_for(engine, "connect")
    def _connect(dbapi: sqlite3.Connection, _record: object) -> None:
        dbapi.isolation_level = (
            None  # we say BEGIN ourselves: the driver's own BEGIN is deferred and loses updates
        )
        pragmas = (
            "journal_mode=WAL",
            f"synchronous={durability}",
            f"busy_timeout={LONGEST_WAIT * 1000}",
            "foreign_keys=ON",
        )
        for pragma in pragmas:
            dbapi.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin_sqlite(connection: Connection) -> None:
        reads = connection.get_execution_options().get(READ_ONLY)
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return engine
