"""The pinned form and rubric of a stage, read back from the published files and kept parsed by their hash."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from uuid import UUID

from sqlalchemy import select

from grantflow.domain.calls.forms import Form, parse_form
from grantflow.domain.calls.rubrics import Rubric, parse_rubric
from grantflow.store.calls.models import Stage
from grantflow.store.prepared import IDS, Prepared, about
from grantflow.store.published import PublishedFile
from grantflow.store.session import Tx

FORM, RUBRIC = "form", "rubric"
"""The kinds under which forms and rubrics are published."""

_form = lru_cache(maxsize=64)(parse_form)
_rubric = lru_cache(maxsize=64)(parse_rubric)


@cache
def _forms() -> Prepared:
    return (
        select(Stage.call_id, Stage.number, PublishedFile.text)
        .join(
            PublishedFile,
            (PublishedFile.kind == FORM)
            & (PublishedFile.name == Stage.form)
            & (PublishedFile.version == Stage.form_version),
        )
        .where(Stage.call_id.in_(IDS))
    )


def forms_of(tx: Tx, stages: Iterable[tuple[UUID, int]]) -> dict[tuple[UUID, int], Form]:
    """Return the form of each stage (call and number)."""
    wanted = frozenset(stages)
    if tx.read_only and (FORM, wanted) in tx.memo:  # several facts on one page ask for the same form
        return dict(tx.memo[FORM, wanted])
    found = {
        (row.call_id, row.number): _form(row.text)
        for row in tx.execute(_forms(), about({call for call, _ in wanted}))
        if (row.call_id, row.number) in wanted
    }
    if tx.read_only:
        tx.memo[FORM, wanted] = found
    return dict(found)


def form_beside(tx: Tx, stage: tuple[UUID, int], text: str) -> Form:
    """Return the form of a stage whose text another question brought along, and keep it for the next one."""
    form = _form(text)
    if tx.read_only:
        tx.memo[FORM, frozenset({stage})] = {stage: form}
    return form


@cache
def _rubrics() -> Prepared:
    return (
        select(Stage.call_id, Stage.number, Stage.pass_mark, PublishedFile.text)
        .join(
            PublishedFile,
            (PublishedFile.kind == RUBRIC)
            & (PublishedFile.name == Stage.rubric)
            & (PublishedFile.version == Stage.rubric_version),
        )
        .where(Stage.call_id.in_(IDS))
    )


def rubrics_of(tx: Tx, stages: Iterable[tuple[UUID, int]]) -> dict[tuple[UUID, int], tuple[Rubric, int]]:
    """Return the rubric and the pass mark of each stage (call and number)."""
    wanted = set(stages)
    return {
        (row.call_id, row.number): (_rubric(row.text), row.pass_mark)
        for row in tx.execute(_rubrics(), about({call for call, _ in wanted}))
        if (row.call_id, row.number) in wanted
    }
