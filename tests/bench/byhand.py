"""What a careful programmer would write by hand in SQLAlchemy Core in place of the door: what it is measured against."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from grantflow.store.cases import CaseRow
from grantflow.store.journal import JournalEntry
from grantflow.store.outbox import OutboxMessage
from grantflow.store.people.models import RoleGrant
from grantflow.store.session import Tx
from grantflow.store.timers import TimerRow
from tests.services.cases import words

case: Any = CaseRow.__table__
entry: Any = JournalEntry.__table__
timer: Any = TimerRow.__table__
outbox: Any = OutboxMessage.__table__
grants: Any = RoleGrant.__table__
sheet = words.sheet

_READ = (
    sa.select(case, sheet.c.finished, sheet.c.signed)
    .join(sheet, sheet.c.id == case.c.id)
    .where(case.c.id == sa.bindparam("each"))
)
_MOVE = (
    sa.update(case)
    .where(case.c.id == sa.bindparam("each"), case.c.revision == sa.bindparam("known"))
    .values(
        state=sa.bindparam("to"),
        seq=sa.bindparam("next"),
        head=sa.bindparam("hash"),
        entered_at=sa.bindparam("now"),
        revision=case.c.revision + 1,
    )
)
_NOTE = sa.insert(entry)
_DROP = sa.delete(timer).where(timer.c.case_id == sa.bindparam("each"))
_SET = sa.insert(timer)
_POST = sa.insert(outbox)


def step(tx: Tx, each: UUID, *, bare: bool = False) -> None:
    """Move a record from here to there or back; `bare` leaves out timers and outbox."""
    execute = tx.connection.execute
    row = execute(_READ, {"each": each}).one()
    if not (row.finished and row.signed):
        raise AssertionError
    to = "there" if row.state == "here" else "here"
    entry_id = uuid4()
    digested = "0" * 64
    moved = execute(
        _MOVE,
        {"each": each, "known": row.revision, "to": to, "next": row.seq + 1, "hash": digested, "now": tx.now},
    )
    if moved.rowcount != 1:
        return  # somebody else was faster
    execute(
        _NOTE,
        {
            "id": entry_id,
            "record_id": each,
            "lifecycle": row.lifecycle,
            "seq": row.seq + 1,
            "transition": "move",
            "row": 0,
            "from_state": row.state,
            "to_state": to,
            "actor_kind": "person",
            "user_id": tx.actor.user_id,
            "organisation_id": None,
            "grant_id": None,
            "role": "clerk",
            "authority": None,
            "guards": ["is_finished", "is_signed"],
            "payload_digest": None,
            "at": tx.now,
            "cause": None,
            "prev_hash": row.head,
            "hash": digested,
        },
    )
    if bare:
        return
    execute(_DROP, {"each": each})
    execute(
        _SET,
        {
            "id": uuid4(),
            "case_id": each,
            "call_id": row.call_id,
            "seq": row.seq + 1,
            "number": 0,
            "anchor": None,
            "due_at": tx.now + timedelta(days=30),
            "fired": 0,
        },
    )
    execute(
        _POST,
        {
            "id": uuid4(),
            "kind": "notice",
            "case_id": each,
            "entry_id": entry_id,
            "role": "owner",
            "template": "receipt",
            "data": {},
            "at": tx.now,
            "attempts": 0,
        },
    )


def close_all(tx: Tx, call_id: UUID) -> None:
    """Close a call and all that is in it with statements over sets: rows and journal alone."""
    fresh = "gen_random_uuid()" if tx.is_postgresql else "lower(hex(randomblob(16)))"
    columns = [column.name for column in entry.columns]
    copied = {
        "id": fresh,
        "record_id": "c.id",
        "lifecycle": "c.lifecycle",
        "seq": "c.seq + 1",
        "transition": "'close'",
        "row": "3",
        "from_state": "c.state",
        "to_state": "'closed'",
        "actor_kind": "'system'",
        "role": "'system'",
        "guards": "'[\"is_finished\"]'",
        "at": "c.entered_at",
        "prev_hash": "c.head",
        "hash": "'0'",
    }
    values = ", ".join(copied.get(name, "NULL") for name in columns)
    where = "c.call_id = :call AND c.state <> 'closed'"
    tx.execute(
        sa.text(
            f"INSERT INTO gf_journal_entry ({', '.join(columns)}) SELECT {values} FROM gf_case c WHERE {where}"
        ).bindparams(sa.bindparam("call", call_id, type_=case.c.id.type))
    )
    tx.execute(
        sa.update(case)
        .where(case.c.call_id == call_id, case.c.state != "closed")
        .values(state="closed", seq=case.c.seq + 1, head="0", entered_at=tx.now, revision=case.c.revision + 1)
    )


def close_each(tx: Tx, call_id: UUID) -> None:
    """Do the same with one statement per table over rows worked out in Python: the journal's texts differ by record."""
    rows = tx.execute(sa.select(case).where(case.c.call_id == call_id, case.c.state != "closed")).all()
    tx.execute(
        _MOVE,
        [
            {
                "each": row.id,
                "known": row.revision,
                "to": "closed",
                "next": row.seq + 1,
                "hash": "0",
                "now": tx.now,
            }
            for row in rows
        ],
    )
    tx.execute(
        _NOTE,
        [
            {
                "id": uuid4(),
                "record_id": row.id,
                "lifecycle": row.lifecycle,
                "seq": row.seq + 1,
                "transition": "close",
                "row": 3,
                "from_state": row.state,
                "to_state": "closed",
                "actor_kind": "system",
                "user_id": None,
                "organisation_id": None,
                "grant_id": None,
                "role": "system",
                "authority": None,
                "guards": ["is_finished"],
                "payload_digest": None,
                "at": tx.now,
                "cause": None,
                "prev_hash": row.head,
                "hash": "0",
            }
            for row in rows
        ],
    )


def look(tx: Tx, each: UUID) -> None:
    """Read everything that the choices for a record of this scheme depend on, and do nothing with it."""
    execute = tx.connection.execute
    row = execute(sa.select(case).where(case.c.id == each)).one()
    execute(
        sa.select(grants.c.role).where(
            grants.c.scope_id.in_([each, row.parent_id, row.call_id]), grants.c.user_id == tx.actor.user_id
        )
    ).all()
    facts(tx, each)
    execute(
        sa.select(entry.c.transition).where(
            entry.c.record_id == each, entry.c.user_id == tx.actor.user_id, entry.c.transition == "close"
        )
    ).all()


_SHEETS = sa.select(sheet).where(sheet.c.id.in_(sa.bindparam("ids", expanding=True)))
_OPINIONS = (
    sa.select(case.c.parent_id, sa.func.count())
    .where(case.c.parent_id.in_(sa.bindparam("ids", expanding=True)), case.c.state == "given")
    .group_by(case.c.parent_id)
)


def facts_built_before(tx: Tx, each: UUID) -> None:
    """Read the facts alone, with statements that were built once."""
    tx.connection.execute(_SHEETS, {"ids": [each]}).all()
    tx.connection.execute(_OPINIONS, {"ids": [each]}).all()


def facts(tx: Tx, each: UUID) -> None:
    """Read the facts alone, with statements as one writes them."""
    tx.connection.execute(sa.select(sheet).where(sheet.c.id.in_([each]))).all()
    tx.connection.execute(
        sa.select(case.c.parent_id, sa.func.count())
        .where(case.c.parent_id.in_([each]), case.c.state == "given")
        .group_by(case.c.parent_id)
    ).all()
