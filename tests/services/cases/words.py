"""The words of the toy scheme: facts over a table of the tests' own, guards, effects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from grantflow.domain.refusal import Refusal
from grantflow.store.calls.models import FunderWindow
from grantflow.store.cases import CaseRow
from grantflow.store.statements import Statement, identifier
from grantflow.store.types import IdType
from grantflow.workflow.registry import Ask, effect, fact, guard

metadata = sa.MetaData()
sheet = sa.Table(
    "toy_sheet",
    metadata,
    sa.Column("id", IdType(), primary_key=True),
    sa.Column("finished", sa.Integer, nullable=False),
    sa.Column("signed", sa.Integer, nullable=False),
    sa.Column("stamps", sa.Integer, nullable=False),
)


_SHEETS = Statement("SELECT s.id, s.finished, s.signed FROM toy_sheet s WHERE s.id IN :ids*uuid")
_OPINIONS = Statement("""
    SELECT c.parent_id, COUNT(*) FROM gf_case c WHERE c.parent_id IN :ids*uuid AND c.state = 'given' GROUP BY c.parent_id
""")


@dataclass(frozen=True, slots=True)
class Sheet:
    finished: bool
    signed: bool


@dataclass(frozen=True, slots=True)
class Beside:
    """How many records of the same kind stand beside this one, itself among them."""

    count: int


@dataclass(frozen=True, slots=True)
class Weighed:
    opinions: int


@fact(Sheet, of=("entry",))
def sheets(tx: Any, ids: Sequence[UUID]) -> Mapping[UUID, Sheet]:
    """Read what the entries' sheets say."""
    rows = _SHEETS(tx, ids=ids)
    return {identifier(row[0]): Sheet(bool(row[1]), bool(row[2])) for row in rows.all()}


@fact(Beside, of=("call",))
def entries_beside(tx: Any, ids: Sequence[UUID]) -> Mapping[UUID, Beside]:
    """Count the entries of calls."""
    rows = tx.execute(
        sa.select(CaseRow.call_id, sa.func.count())
        .where(CaseRow.call_id.in_(ids), CaseRow.lifecycle == "entry")
        .group_by(CaseRow.call_id)
    )
    return dict.fromkeys(ids, Beside(0)) | {row[0]: Beside(row[1]) for row in rows}


@fact(Weighed, of=("entry",))
def opinions(tx: Any, ids: Sequence[UUID]) -> Mapping[UUID, Weighed]:
    """Count the opinions that were given."""
    counted = {identifier(row[0]): Weighed(row[1]) for row in _OPINIONS(tx, ids=ids)}
    return dict.fromkeys(ids, Weighed(0)) | counted


@guard()
def is_finished(facts: Sheet, ask: Ask) -> Iterator[Refusal]:
    """The sheet is finished."""
    if not facts.finished:
        yield Refusal("unfinished", "The sheet is not finished.", {}, "sheet")


@guard()
def is_signed(facts: Sheet, ask: Ask) -> Iterator[Refusal]:
    """The sheet is signed."""
    if not facts.signed:
        yield Refusal("unsigned", "The sheet is not signed.", {}, "signature")


@guard()
def not_too_many(facts: Beside, ask: Ask) -> Iterator[Refusal]:
    """There is room for another entry."""
    if facts.count > 10_000:
        yield Refusal("crowded", "There is no room for another entry.")


@guard(takes={"needed": "whole_number"})
def weighed_enough(facts: Weighed, ask: Ask) -> Iterator[Refusal]:
    """Enough judges have given their opinion."""
    if facts.opinions < ask.given["needed"]:
        yield Refusal("too_few", "Only %(count)s opinions are in.", {"count": facts.opinions})


@effect(of=("entry",))
def stamp(tx: Any, moves: Sequence[Any]) -> None:
    """Stamp the sheet."""
    ids = [move.case_id for move in moves]
    tx.execute(sa.update(sheet).where(sheet.c.id.in_(ids)).values(stamps=sheet.c.stamps + 1))


@effect(of=("entry",), locks=("window",))
def reserve(tx: Any, moves: Sequence[Any]) -> None:
    """Set money aside in the call's window."""
    for move in moves:
        tx.execute(
            sa.update(FunderWindow)
            .where(FunderWindow.call_id == move.call_id)
            .values(reserved=FunderWindow.reserved + move.data["sum"])
        )
