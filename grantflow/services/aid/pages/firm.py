"""The page of a firm, opened by its mailed link: what it is asked, the arithmetic of its ceiling, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Select, bindparam, select

from grantflow.domain.aid.lines import ceiling_of, lump_sums
from grantflow.domain.money import Money
from grantflow.domain.words import in_language
from grantflow.services.aid.accounts import LineStanding
from grantflow.services.aid.firms import DeclaredAid
from grantflow.services.aid.pages.clock import clock_of
from grantflow.services.aid.pages.papers import Paper, letters_of
from grantflow.services.aid.pages.reckoning import DECLARED, Reckoning, reckonings
from grantflow.services.applications.rights import Place, place
from grantflow.services.calls.public import spelled
from grantflow.services.letters.due import due_of
from grantflow.store.aid.models import AidAward, Declaration, Line
from grantflow.store.aid.rules import granting_state, pinned_text, rules_from
from grantflow.store.applications.models import Application
from grantflow.store.calls.models import Call
from grantflow.store.cases import CaseRow
from grantflow.store.people.models import Organisation
from grantflow.store.programmes.models import Programme
from grantflow.store.session import Tx

CONFIRMS, DECLINES, CHANGES = "hold_de_minimis", "free_headroom", "set_lump_sum"
"""What the steps of a firm do."""

Stage = Literal["question", "deciding", "under_way", "done", "money_left", "over"]
"""What a firm has to know of where its line is: from the tags of its state."""


@dataclass(frozen=True, slots=True)
class Smaller:
    """A cheaper activity, which fits under the ceiling."""

    activity: str
    label: str
    amount: Money


@dataclass(frozen=True, slots=True)
class FirmPage:
    """Everything that the page shows."""

    id: UUID
    here: Place
    firm: str
    cluster: str
    agency: str
    call: str
    zone: str
    request: str
    """What the cluster calls its request."""
    activity: str
    """As a label."""
    place: str
    starts_on: date
    amount: Money
    stage: Stage
    due: datetime | None
    """Until when the firm is to answer, or the office to decide."""
    may_decline: bool
    reckoning: Reckoning | None
    smaller: tuple[Smaller, ...]
    kept: Declaration | None
    """What the firm declared with this line before."""
    declared: tuple[DeclaredAid, ...]
    papers: tuple[Paper, ...]


def firm_page(tx: Tx, line_id: UUID, language: str, said: Sequence[DeclaredAid] | None = None) -> FirmPage:
    """Return the page of the line to which the actor's link leads; `said` is the aid that the firm is just listing."""
    here = place(tx, line_id)
    row = tx.session.execute(_about(), {"line": line_id}).one()
    line: Line = row.Line
    asked = bool(here.own(effect=CONFIRMS))
    declared = _declared(tx, line_id) if asked else ()
    counted = (declared if said is None else said) if asked else None
    reckoning = reckonings(tx, [_standing(row, here)], counted).get(line_id)
    stage = _stage(here, asked=asked)
    return FirmPage(
        id=line_id,
        here=here,
        firm=row.firm,
        cluster=row.cluster,
        agency=row.agency,
        call=in_language(row.title, language, row.language),
        zone=row.zone,
        request=row.request,
        activity=spelled(line.activity),
        place=line.place,
        starts_on=line.starts_on,
        amount=Money(line.amount, line.currency),
        stage=stage,
        due=_due(tx, here, stage),
        may_decline=bool(here.own(effect=DECLINES)),
        reckoning=reckoning,
        smaller=tuple(_smaller(here, line, reckoning)) if asked else (),
        kept=row.Declaration,
        declared=declared,
        papers=() if asked else letters_of(tx, [line_id]).get(line_id, ()),
    )


def _standing(row: Any, here: Place) -> LineStanding:
    call = here.case.call
    return LineStanding(
        row.Line,
        here.case.ref,
        row.firm,
        here.case.call_id,
        row.zone,
        call.days_off,
        row.agency,
        row.member_state or "",
        rules_from(row.rules),
        ceiling_of(call.parameters),
    )


@cache
def _about() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Line,
            Declaration,
            Organisation.name.label("firm"),
            Application.title.label("request"),
            Call.title,
            Call.language,
            Call.zone,
            Programme.agency,
        )
        .add_columns(
            select(Organisation.name)
            .where(Organisation.id == Application.organisation_id)
            .correlate(Application)
            .scalar_subquery()
            .label("cluster"),
            granting_state(Call.id).label("member_state"),
            pinned_text(Call.id).label("rules"),
        )
        .join(CaseRow, CaseRow.id == Line.id)
        .join(Application, Application.id == CaseRow.parent_id)
        .join(Call, Call.id == CaseRow.call_id)
        .join(Programme, Programme.id == Call.programme_id)
        .join(Organisation, Organisation.id == Line.firm_id)
        .outerjoin(Declaration, Declaration.line_id == Line.id)
        .where(Line.id == bindparam("line"))
    )


def _stage(here: Place, *, asked: bool) -> Stage:
    tags = here.state.tags
    if asked:
        return "question"
    if "paid" in tags:
        return "money_left"
    if here.state.name in here.lifecycle.final:
        return "over"
    if "delivered" in tags:
        return "done"
    return "under_way" if "funded" in tags else "deciding"


def _due(tx: Tx, here: Place, stage: Stage) -> datetime | None:
    if stage == "question":
        return due_of(tx, here.case)
    if stage == "deciding" and here.case.parent_id is not None:
        clock = clock_of(tx, place(tx, here.case.parent_id).case)
        return clock.due if clock is not None else None
    return None


def _smaller(here: Place, line: Line, reckoning: Reckoning | None) -> list[Smaller]:
    """Return the cheaper activities that fit where this one does not, the dearest first."""
    if reckoning is None or reckoning.fits or not here.own(effect=CHANGES):
        return []
    found = [
        Smaller(name, spelled(name), Money(amount, line.currency))
        for name, amount in lump_sums(here.case.call.parameters).items()
        if amount < line.amount and reckoning.has_room_for(amount)
    ]
    return sorted(found, key=lambda one: -one.amount.amount)


def _declared(tx: Tx, line_id: UUID) -> tuple[DeclaredAid, ...]:
    """Return the aid that the firm listed with this very line; what it listed elsewhere is nobody's to see by this link."""
    found = tx.execute(_listed(), {"line": line_id})
    return tuple(DeclaredAid(row.granted_on, row.amount, row.granted_by) for row in found)


@cache
def _listed() -> Select[*tuple[Any, ...]]:
    return (
        select(AidAward.granted_on, AidAward.amount, AidAward.granted_by)
        .where(AidAward.line_id == bindparam("line"), AidAward.kind == DECLARED, AidAward.ended_at.is_(None))
        .order_by(AidAward.granted_on, AidAward.id)
    )
