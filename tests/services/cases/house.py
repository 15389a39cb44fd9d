"""A small house for trying the door: the toy scheme, its call with a window, and a cast."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from grantflow.domain.actor import SYSTEM, Actor
from grantflow.domain.ids import Ids
from grantflow.services import cases
from grantflow.store import tables
from grantflow.store.calls.models import Call, CallDate, FunderWindow
from grantflow.store.people.models import Membership, Organisation, RoleGrant, User
from grantflow.store.programmes.models import Body, Funder, Programme
from grantflow.store.session import Database, Tx
from grantflow.store.types import Base, InstantType, JsonType
from grantflow.workflow.canonical import sealed
from grantflow.workflow.engine import Engine
from grantflow.workflow.loader import load_scheme
from grantflow.workflow.model import Scheme
from grantflow.workflow.registry import Registry
from tests.services.cases import words

TOY = Path(__file__).parent / "toy" / "v1"
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DEADLINE = datetime(2026, 3, 20, 11, 0, tzinfo=UTC)


def toy_engine(scheme: Path = TOY, change: Callable[[Scheme], Scheme] = lambda scheme: scheme) -> Engine:
    templates = ("receipt", "begun", "not_sent", "closed", "closes_soon", "decide_now", "answer_now")
    registry = Registry.collect([words], records=("call", "entry", "review"), templates=templates)
    loaded = load_scheme(scheme)
    assert loaded.scheme is not None, loaded.findings
    return Engine(registry, [sealed(replace(change(loaded.scheme), text=""))])


class House:
    """One call of the toy scheme; ann owns, carl is clerk, chloe is chief, jim and joan judge, olga is nobody."""

    def __init__(
        self,
        url: str,
        *,
        seed: str | None = None,
        scratch: bool = True,
        scheme: Path = TOY,
        change: Callable[[Scheme], Scheme] = lambda scheme: scheme,
    ) -> None:
        assert tables.metadata is not None
        self.database = Database(url, toy_engine(scheme, change), Ids(seed), scratch=scratch)
        words.metadata.create_all(self.database.sql)
        self.now = START
        self.people: dict[str, UUID] = {}
        self.call_id = UUID(int=0)

    def actor(self, name: str) -> Actor:
        return SYSTEM if name == "system" else Actor("person", self.people[name])

    @contextmanager
    def tx(self, name: str = "system", *, keep: bool = True) -> Iterator[Tx]:
        with self.database.transaction(self.actor(name), self.now, keep=keep) as tx:
            yield tx

    @contextmanager
    def reading(self, name: str = "system") -> Iterator[Tx]:
        with self.database.reading(self.actor(name), self.now) as tx:
            yield tx

    def furnish(
        self, envelope: int = 1_000_000, *, scheme: tuple[str, int] = ("toy", 1), publish: bool = True
    ) -> House:
        """Make the cast and an open call."""
        with self.tx() as tx:
            for name in ("ann", "carl", "chloe", "jim", "joan", "olga"):
                self.people[name] = tx.new_id()
                put(tx, User, id=self.people[name], email=f"{name}@demo.invalid")
            programme = tx.new_id()
            put(tx, Programme, id=programme, ref_prefix="TOY")
            created = cases.create(
                tx,
                "call",
                scheme=scheme,
                prefix="TOY-2026",
                record=lambda each: self.call_row(tx, each, programme),
            )
            self.call_id = created.case_id
            self._window(tx, programme, envelope)
            for name, role in (("carl", "clerk"), ("chloe", "chief")):
                grant(tx, role, self.call_id, user_id=self.people[name])
        if publish:
            self.do("carl", self.call_id, "publish")
        return self

    def call_row(self, tx: Tx, each: UUID, programme: UUID) -> None:
        """Write the row of a call with its dates."""
        zone = "Europe/Stockholm"
        put(
            tx,
            Call,
            id=each,
            programme_id=programme,
            slug=f"toy-{each.hex}",
            zone=zone,
            stage=1,
            parameters={},
            days_off=[],
        )
        put(
            tx,
            CallDate,
            call_id=each,
            stage=1,
            name="deadline",
            local="2026-03-20 12:00",
            zone=zone,
            at=DEADLINE,
        )

    def _window(self, tx: Tx, programme: UUID, envelope: int) -> None:
        funder, body = tx.new_id(), tx.new_id()
        put(tx, Funder, id=funder, programme_id=programme)
        put(tx, Body, id=body, programme_id=programme, seats=1, quorum=1)
        put(
            tx,
            FunderWindow,
            id=tx.new_id(),
            call_id=self.call_id,
            stage=1,
            name="main",
            funder_id=funder,
            body_id=body,
            envelope=envelope,
            maximum=envelope,
        )

    def entry(self, owner: str = "ann", *, finished: bool = True, signed: bool = True) -> UUID:
        """Make an entry that belongs to somebody."""
        with self.tx(owner) as tx:
            return self.new_entry(tx, owner, finished=finished, signed=signed)

    def new_entry(self, tx: Tx, owner: str, *, finished: bool = True, signed: bool = True) -> UUID:
        def its_sheet(each: UUID) -> None:
            tx.execute(sa.insert(words.sheet).values(id=each, finished=finished, signed=signed, stamps=0))

        made = cases.create(tx, "entry", call_id=self.call_id, record=its_sheet)
        grant(tx, made.role, made.case_id, user_id=self.people[owner])
        return made.case_id

    def do(self, name: str, each: UUID, *steps: str, **data: object) -> cases.Stepped:
        """Let somebody take steps, one after another."""
        with self.tx(name) as tx:
            return [cases.step(tx, each, transition, data=data) for transition in steps][-1]

    def review(self, entry: UUID, judge: str) -> UUID:
        """Let the clerk ask somebody for an opinion."""
        with self.tx("carl") as tx:
            made = cases.create(tx, "review", call_id=self.call_id, parent_id=entry)
            grant(tx, "judge", made.case_id, user_id=self.people[judge])
        return made.case_id

    def reopen(self) -> None:
        """Put the call back to where entries are made, behind the door's back: for trials that close it again and again."""
        self.spoil("UPDATE gf_case SET state = 'open' WHERE id = :id", id=self.bound(self.call_id))

    def timers(self, each: UUID) -> Sequence[tuple[object, ...]]:
        """Return what is due on a record, and when."""
        return self.rows(
            "SELECT number, due_at, fired FROM gf_timer WHERE case_id = :id ORDER BY number",
            id=self.bound(each),
        )

    def everything(self) -> dict[str, Sequence[tuple[object, ...]]]:
        """Return every row of every table that has one."""
        known = [*Base.metadata.sorted_tables, words.sheet]
        found = {table.name: sorted(self.rows(f"SELECT * FROM {table.name}"), key=str) for table in known}
        return {name: rows for name, rows in found.items() if rows}

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)

    def rows(self, sql: str, **values: object) -> Sequence[tuple[object, ...]]:
        """Read with plain SQL."""
        with self.database.sql.connect() as connection:
            return [tuple(row) for row in connection.execute(sa.text(sql), values)]

    def spoil(self, sql: str, **values: object) -> int:
        """Change with plain SQL, as somebody would who has the password of the database."""
        with self.database.sql.connect() as connection, connection.begin():
            if self.database.sql.dialect.name == "postgresql":
                connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            return connection.execute(sa.text(sql), values).rowcount

    def bound(self, each: UUID) -> object:
        """Return an identifier as plain SQL has to be given it."""
        return each if self.database.sql.dialect.name == "postgresql" else each.hex

    def state(self, each: UUID) -> str:
        ((state,),) = self.rows("SELECT state FROM gf_case WHERE id = :id", id=self.bound(each))
        return str(state)


def put(tx: Tx, kind: type[Base], **values: Any) -> None:
    """Write a row in which only some columns matter; the others are empty in the way of their type."""
    filled: dict[str, Any] = {}
    for column in sa.inspect(kind).columns:
        if column.name not in values and not column.nullable and column.default is None:
            filled[column.name] = _empty(column.type, tx)
    tx.execute(sa.insert(kind).values(**filled, **values))


def _empty(kind: Any, tx: Tx) -> Any:
    if isinstance(kind, InstantType):
        return tx.now
    if isinstance(kind, JsonType):
        return {}
    return 0 if isinstance(kind, sa.BigInteger) else ""


def grant(
    tx: Tx, role: str, scope: UUID, *, user_id: UUID | None = None, organisation_id: UUID | None = None
) -> UUID:
    """Give a role."""
    each = tx.new_id()
    put(
        tx,
        RoleGrant,
        id=each,
        role=role,
        scope_id=scope,
        user_id=user_id,
        organisation_id=organisation_id,
        ended_at=None,
    )
    return each


def organisation(tx: Tx, *members: UUID) -> UUID:
    """Make an organisation with members."""
    each = tx.new_id()
    put(tx, Organisation, id=each, identifier_kind="test", identifier=each.hex)
    for member in members:
        put(tx, Membership, user_id=member, organisation_id=each, authorised=1)
    return each
