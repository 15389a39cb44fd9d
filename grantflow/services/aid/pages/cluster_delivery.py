"""What a cluster sees when it proves what was done and claims the money: its firms, their proofs, its account."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import aliased

from grantflow.domain.money import Money
from grantflow.domain.refusal import Refusal
from grantflow.services.aid.claiming import CLAIMING
from grantflow.services.aid.delivery import PROVING
from grantflow.services.aid.pages.cluster_request import NamedFirm, live_firms
from grantflow.services.aid.payments import current_account
from grantflow.services.applications.rights import Place, place
from grantflow.services.cases import choices
from grantflow.store.aid.models import DeliveryProof, Line
from grantflow.store.aid.visibility import line_visible_to
from grantflow.store.applications.models import Application
from grantflow.store.applications.visibility import visible_to
from grantflow.store.calls.models import Call
from grantflow.store.cases import CaseRow
from grantflow.store.files import StoredFile
from grantflow.store.people.models import Organisation
from grantflow.store.session import Tx
from grantflow.workflow.model import Row as Step
from grantflow.workflow.model import State


@dataclass(frozen=True, slots=True)
class Proof:
    """What was handed in last to prove an activity."""

    done_on: date
    what: str
    file_id: UUID | None
    file_name: str | None


@dataclass(frozen=True, slots=True)
class ProofPage:
    """A line that its cluster proves."""

    id: UUID
    ref: str
    request: str
    title: str
    slug: str
    zone: str
    firm: str
    activity: str
    place: str
    starts_on: date
    amount: Money
    step: str
    """The words of the step."""
    revision: int
    before: Proof | None


@dataclass(frozen=True, slots=True)
class ClaimedFirm:
    """A firm in a claim: its lump sum, its proof, and the value that is reported."""

    firm: NamedFirm
    passed_on: int | None
    proof: Proof | None
    provable: bool
    """Whether its proof is still to be handed in by the actor."""


@dataclass(frozen=True, slots=True)
class ClaimPage:
    """A request whose money its cluster claims."""

    id: UUID
    ref: str
    title: str
    slug: str
    zone: str
    organisation: str
    currency: str
    firms: tuple[ClaimedFirm, ...]
    total: Money
    iban: str
    holder: str
    confirmed: bool
    name: str
    step: str
    about: str
    against: tuple[Refusal, ...]
    revision: int


def proof_page(tx: Tx, ref: str) -> ProofPage | None:
    """Return the page on which a line is proven; nothing where the actor sees no such line."""
    request = aliased(CaseRow, name="request")
    row = tx.session.execute(
        select(CaseRow, Line, Organisation.name, Call.slug, Call.zone, Application.title)
        .add_columns(request.ref.label("request"))
        .join(Line, Line.id == CaseRow.id)
        .join(Organisation, Organisation.id == Line.firm_id)
        .join(Call, Call.id == CaseRow.call_id)
        .join(request, request.id == CaseRow.parent_id)
        .join(Application, Application.id == request.id)
        .where(CaseRow.ref == ref, line_visible_to(tx, tx.actor))
    ).one_or_none()
    if row is None:
        return None
    found = place(tx, row.CaseRow.id)
    own = () if found.inside else found.own(guard=PROVING)
    line = row.Line
    return ProofPage(
        line.id,
        ref,
        row.request,
        row.title or row.request,
        row.slug,
        row.zone,
        row.name,
        line.activity,
        line.place,
        line.starts_on,
        Money(line.amount, line.currency),
        own[0].label if own else "",
        found.case.revision,
        proofs_of(tx, [line.id]).get(line.id),
    )


def claim_page(tx: Tx, ref: str) -> ClaimPage | None:
    """Return the page on which money is claimed; nothing where the actor sees no such request.

    It has no step where the money cannot be claimed by the actor at this point.
    """
    row = tx.execute(
        select(CaseRow.id, Application.title, Organisation.name, Call.slug, Call.zone, Call.currency)
        .select_from(CaseRow)
        .join(Application, Application.id == CaseRow.id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .join(Call, Call.id == CaseRow.call_id)
        .where(CaseRow.ref == ref, visible_to(tx, tx.actor))
    ).one_or_none()
    if row is None:
        return None
    found = place(tx, row.id)
    own = found.own(guard=CLAIMING) if not found.inside else ()
    return _claim(tx, ref, row, found, own)


def _claim(tx: Tx, ref: str, row: Row[*tuple[Any, ...]], found: Place, own: tuple[Step, ...]) -> ClaimPage:
    lines = live_firms(tx, row.id)
    proofs = proofs_of(tx, (line.id for line, _ in lines))
    values = {
        each.id: each.passed_on
        for each in tx.execute(
            select(Line.id, Line.passed_on).where(Line.id.in_([line.id for line, _ in lines]))
        )
    }
    account = current_account(tx, row.id)
    choice = choices(tx, [row.id])[row.id].named(own[0].name) if own else None
    return ClaimPage(
        id=row.id,
        ref=ref,
        title=row.title or ref,
        slug=row.slug,
        zone=row.zone,
        organisation=row.name,
        currency=row.currency,
        firms=tuple(
            ClaimedFirm(
                line,
                values[line.id],
                proofs.get(line.id),
                _is_provable(found, state),
            )
            for line, state in lines
        ),
        total=Money(sum(line.amount.amount for line, _ in lines), row.currency),
        iban=account.iban if account else "",
        holder=account.holder if account else "",
        confirmed=account is not None and account.confirmed_at is not None,
        name=choice.name if choice else "",
        step=choice.label if choice else "",
        about=choice.about if choice else "",
        against=choice.refusals if choice else (),
        revision=found.case.revision,
    )


def proofs_of(tx: Tx, line_ids: Iterable[UUID]) -> dict[UUID, Proof]:
    """Return the newest proof of each line that has one."""
    found = (
        select(DeliveryProof, StoredFile.name)
        .outerjoin(StoredFile, StoredFile.id == DeliveryProof.file_id)
        .where(DeliveryProof.line_id.in_(list(line_ids)))
        .order_by(DeliveryProof.given_at, DeliveryProof.id)
    )
    return {
        proof.line_id: Proof(proof.done_on, proof.what, proof.file_id, name)
        for proof, name in tx.session.execute(found)
    }


def _is_provable(request: Place, state: State) -> bool:
    """Whether whoever asks for a request may prove its lines in a state: who plays a role on it plays it on its lines."""
    rows = request.scheme.of_record("line").leaving(state.name)
    return not request.inside and any(
        request.roles.intersection(row.by) and any(guard.name == PROVING for guard in row.guards)
        for row in rows
    )
