"""What a cluster writes beside the form of its request: how the firms were chosen, and the firms with their activities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased

from grantflow.domain.aid.lines import Selection as Chosen
from grantflow.domain.aid.lines import lump_sums
from grantflow.domain.money import Money
from grantflow.services.aid.naming import known_firms, mark_of, told
from grantflow.services.aid.rights import line_lifecycle
from grantflow.services.applications.rights import Place, place
from grantflow.services.cases import Choice, choices, compiled
from grantflow.store.aid.facts import intermediary
from grantflow.store.aid.models import Line, Selection
from grantflow.store.aid.visibility import line_visible_to
from grantflow.store.calls.models import Call
from grantflow.store.cases import CaseRow
from grantflow.store.people.models import Organisation
from grantflow.store.session import Tx
from grantflow.workflow.model import State

INTERMEDIARY = "works_as_intermediary"
"""The guard that asks what an organisation does for firms."""


@dataclass(frozen=True, slots=True)
class NamedFirm:
    """A line of a request as the one who named the firm sees it."""

    id: UUID
    ref: str
    firm: str
    number: str
    country: str
    activity: str
    amount: Money
    place: str
    starts_on: date
    contact: str
    steps: tuple[Choice, ...] = ()
    """What may be done with it now."""
    writable: bool = False
    """Whether place, day and contact may be mended."""


@dataclass(frozen=True, slots=True)
class SelectionPage:
    """How the firms of a request were chosen."""

    kept: Chosen | None
    seen: str
    functions_asked: bool
    """Whether the organisation has still to say what it does for firms."""


@dataclass(frozen=True, slots=True)
class FirmsPage:
    """The firms of a request that is being written."""

    firms: tuple[NamedFirm, ...]
    offered: tuple[tuple[str, Money], ...]
    """What the call offers, and what it is worth."""
    known: tuple[tuple[UUID, str], ...]
    """Firms that the same organisation has named before."""
    total: Money
    country: str


def selection_page(tx: Tx, where: Place) -> SelectionPage:
    """Return how the firms of a request were chosen; who may ask is the caller's business."""
    application_id = where.case.id
    kept = tx.session.get(Selection, application_id, populate_existing=True)
    asked = (
        bool(where.own(guard=INTERMEDIARY))
        and not intermediary.load(tx, [application_id])[application_id].functions
    )
    return SelectionPage(None if kept is None else told(kept), mark_of(kept), asked)


def firms_page(tx: Tx, where: Place, currency: str, country: str) -> FirmsPage:
    """Return the firms of a request with what may be done with each; who may ask is the caller's business."""
    application_id = where.case.id
    firms = _with_steps(tx, where, live_firms(tx, application_id))
    offered = lump_sums(where.case.call.parameters)
    return FirmsPage(
        firms,
        tuple((name, Money(amount, currency)) for name, amount in offered.items()),
        tuple(known_firms(tx, application_id)),
        Money(sum(each.amount.amount for each in firms), currency),
        country,
    )


def live_firms(tx: Tx, application_id: UUID) -> tuple[tuple[NamedFirm, State], ...]:
    """Return the lines of a request that have not ended, in the order in which they were named, each with its state."""
    found = (
        select(Line, CaseRow, Organisation.name, Organisation.identifier, Organisation.country)
        .join(CaseRow, CaseRow.id == Line.id)
        .join(Organisation, Organisation.id == Line.firm_id)
        .where(CaseRow.parent_id == application_id)
        .order_by(CaseRow.created_at, CaseRow.ref)
    )
    answers = []
    for line, case, name, number, country in tx.session.execute(found):
        lifecycle = compiled(tx, case.scheme, case.version).scheme.lifecycles[case.lifecycle]
        if case.state not in lifecycle.final:
            answers.append((_named(line, case.ref, name, number, country), lifecycle.states[case.state]))
    return tuple(answers)


def _with_steps(tx: Tx, where: Place, firms: Sequence[tuple[NamedFirm, State]]) -> tuple[NamedFirm, ...]:
    """Return lines with what the actor may do with each of them now: who plays a role on a request plays it on its lines."""
    open_to = choices(tx, [firm.id for firm, _ in firms])
    return tuple(
        replace(
            firm,
            steps=tuple(option for option in open_to[firm.id].options if _offers(option)),
            writable=bool(where.roles & (state.edit | state.waits_for)),
        )
        for firm, state in firms
    )


def _offers(option: Choice) -> bool:
    """Whether a step is open, or would be once its own fields are filled in."""
    asked = {each.name for each in option.asks}
    return option.allowed or all(refusal.where in asked for refusal in option.refusals)


def _named(line: Line, ref: str, firm: str, number: str, country: str) -> NamedFirm:
    return NamedFirm(
        line.id,
        ref,
        firm,
        number,
        country,
        line.activity,
        Money(line.amount, line.currency),
        line.place,
        line.starts_on,
        line.contact,
    )


@dataclass(frozen=True, slots=True)
class LinePage:
    """A line that its cluster writes."""

    line: NamedFirm
    request: str
    """The reference of its request."""
    slug: str
    zone: str


def line_page(tx: Tx, ref: str) -> LinePage | None:
    """Return a line that the actor may see, or nothing."""
    parent = aliased(CaseRow, name="request")
    row = tx.session.execute(
        select(Line, CaseRow, Organisation.name, Organisation.identifier, Organisation.country)
        .add_columns(Call.slug, Call.zone, parent.ref.label("request"))
        .join(CaseRow, CaseRow.id == Line.id)
        .join(Organisation, Organisation.id == Line.firm_id)
        .join(Call, Call.id == CaseRow.call_id)
        .join(parent, parent.id == CaseRow.parent_id)
        .where(CaseRow.ref == ref, line_visible_to(tx, tx.actor))
    ).one_or_none()
    if row is None:
        return None
    request = place(tx, row.CaseRow.parent_id)
    return LinePage(
        replace(
            _named(row.Line, ref, row.name, row.identifier, row.country),
            writable=line_lifecycle(request) is not None,
        ),
        row.request,
        row.slug,
        row.zone,
    )
