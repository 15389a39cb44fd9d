"""The lines of a request as those see them who grant and pay: firm, size, arithmetic, proof, and what they may do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from grantflow.domain.aid.lines import Size, ceiling_of, size_of
from grantflow.domain.money import Money
from grantflow.services.aid.accounts import LineStanding
from grantflow.services.aid.pages.reckoning import Counted, Reckoning, all_aid, reckonings
from grantflow.services.applications.rights import Place
from grantflow.services.calls.public import spelled
from grantflow.store.aid.models import AidAccount, AidAward, Declaration, DeliveryProof, Line
from grantflow.store.aid.rules import granting_state, pinned_text, rules_from
from grantflow.store.cases import CaseRow
from grantflow.store.files import StoredFile
from grantflow.store.people.models import Organisation
from grantflow.store.session import Tx
from grantflow.workflow.model import Lifecycle, Row, State

ACCEPTS = "activity_after_request"
"""The guard of the step that accepts a proof."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What was handed in last."""

    done_on: date
    what: str
    given_at: datetime
    file_id: UUID | None
    file: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the reader's with a line, taken on a page of its own."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class OfficerLine:
    """A line as it is judged."""

    id: UUID
    ref: str
    firm: str
    town: str | None
    activity: str
    """As a label."""
    place: str
    starts_on: date
    amount: Money
    contact: str
    state: State
    lifecycle: Lifecycle
    asked_at: datetime | None
    confirmed_at: datetime | None
    declared: Declaration | None
    size: Size | None
    turnover: Money | None
    balance: Money | None
    reckoning: Reckoning | None
    proof: Proof | None
    accept: Step | None
    """The step that accepts its proof, where that is the reader's now."""
    others: tuple[Step, ...]

    @property
    def ended(self) -> bool:
        """Whether it has come to its end."""
        return self.state.name in self.lifecycle.final


def officer_lines(tx: Tx, request: Place) -> tuple[OfficerLine, ...]:
    """Return the lines of a request in the order of their references, in one statement."""
    rows: dict[UUID, Any] = {}
    counted: defaultdict[tuple[UUID, str], set[tuple[UUID, Counted]]] = defaultdict(set)
    for row in tx.session.execute(_asked(request.case.id)):  # the newest proof of a line comes last
        rows[row.Line.id] = row
        if row.aid_id is not None:
            one = Counted(row.aid_kind, row.aid_line, row.aid, row.granted_on)
            counted[row.Line.firm_id, row.aid_state].add((row.aid_id, one))
    ceiling = ceiling_of(request.case.call.parameters)
    zone = request.case.call.zone.key
    sums = reckonings(
        tx,
        (
            LineStanding(
                row.Line,
                row.ref,
                row.name,
                request.case.call_id,
                zone,
                request.case.call.days_off,
                "",
                row.member_state or "",
                rules_from(row.rules),
                ceiling,
            )
            for row in rows.values()
        ),
        counted={firm: [one for _, one in some] for firm, some in counted.items()},
    )
    lifecycle = request.scheme.of_record("line")
    return tuple(_line(row, lifecycle, request, sums.get(each)) for each, row in rows.items())


def _asked(request_id: UUID) -> Any:
    """Return the question about lines: a row for each proof of a line and each aid that counts for its firm."""
    firms = select(Line.firm_id).join(CaseRow, CaseRow.id == Line.id).where(CaseRow.parent_id == request_id)
    aid = all_aid(AidAward.undertaking_id.in_(firms), AidAccount.undertaking_id.in_(firms)).subquery("aid")
    return (
        select(Line, Declaration, DeliveryProof, StoredFile.name.label("file"))
        .add_columns(CaseRow.ref, CaseRow.state, Organisation.name, Organisation.town)
        .add_columns(
            granting_state(CaseRow.call_id).label("member_state"), pinned_text(CaseRow.call_id).label("rules")
        )
        .add_columns(
            aid.c.id.label("aid_id"),
            aid.c.member_state.label("aid_state"),
            aid.c.kind.label("aid_kind"),
            aid.c.line_id.label("aid_line"),
            aid.c.amount.label("aid"),
            aid.c.granted_on,
        )
        .join(CaseRow, CaseRow.id == Line.id)
        .join(Organisation, Organisation.id == Line.firm_id)
        .outerjoin(aid, aid.c.undertaking_id == Line.firm_id)
        .outerjoin(Declaration, Declaration.line_id == Line.id)
        .outerjoin(DeliveryProof, DeliveryProof.line_id == Line.id)
        .outerjoin(StoredFile, StoredFile.id == DeliveryProof.file_id)
        .where(CaseRow.parent_id == request_id)
        .order_by(CaseRow.ref, DeliveryProof.given_at, DeliveryProof.id)
    )


def _line(row: Any, lifecycle: Lifecycle, request: Place, reckoning: Reckoning | None) -> OfficerLine:
    line, declared, proof = row.Line, row.Declaration, row.DeliveryProof
    own = list(_own(lifecycle, row.state, request.roles))
    accepts = next((step for step, guards in own if ACCEPTS in guards), None)
    return OfficerLine(
        id=line.id,
        ref=row.ref,
        firm=row.name,
        town=row.town,
        activity=spelled(line.activity),
        place=line.place,
        starts_on=line.starts_on,
        amount=Money(line.amount, line.currency),
        contact=line.contact,
        state=lifecycle.states[row.state],
        lifecycle=lifecycle,
        asked_at=line.asked_at,
        confirmed_at=line.confirmed_at,
        declared=declared,
        size=size_of(declared.headcount, declared.turnover, declared.balance) if declared else None,
        turnover=Money(declared.turnover, "EUR") if declared else None,
        balance=Money(declared.balance, "EUR") if declared else None,
        reckoning=reckoning,
        proof=None
        if proof is None
        else Proof(proof.done_on, proof.what, proof.given_at, proof.file_id, row.file),
        accept=accepts,
        others=tuple(step for step, _ in own if step != accepts),
    )


def _own(lifecycle: Lifecycle, state: str, roles: frozenset[str]) -> Iterator[tuple[Step, frozenset[str]]]:
    """Yield the steps from a state that belong to somebody with these roles, each name once, with its guards."""
    rows: dict[str, Row] = {}
    for row in lifecycle.leaving(state):
        if roles.intersection(row.by):
            rows.setdefault(row.name, row)
    for row in rows.values():
        yield Step(row.name, row.label), frozenset(guard.name for guard in row.guards)
