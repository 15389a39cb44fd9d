"""What came on paper: for whom somebody of the programme enters it, before anything is entered (P6)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, or_, select

from grantflow.domain.words import in_language
from grantflow.services.applications.form_page import Pot, pots_of
from grantflow.services.cases import compiled
from grantflow.store.calls.models import Call
from grantflow.store.cases import CaseRow
from grantflow.store.people.models import Organisation
from grantflow.store.people.roles import roles_of
from grantflow.store.session import Tx
from grantflow.workflow.model import Scheme

MOST = 20
"""So many organisations are offered; who finds more writes more of the name."""


@dataclass(frozen=True, slots=True)
class Sender:
    """An organisation whose paper may have come."""

    id: UUID
    name: str
    town: str | None
    identifier: str


@dataclass(frozen=True, slots=True)
class PaperPage:
    """A call into which the actor may enter what came on paper."""

    call_id: UUID
    ref: str
    slug: str
    title: str
    open: bool
    words: str
    found: tuple[Sender, ...]
    more: bool
    """Whether there are further organisations with these words."""
    pots: tuple[Pot, ...]


def enterers(scheme: Scheme) -> frozenset[str]:
    """Return the roles of the programme that enter what came on paper; none where a scheme knows no paper."""
    applying = [each for each in scheme.lifecycles.values() if each.record == "application"]
    return frozenset(
        role
        for each in applying
        for role in each.creation.by
        if role in scheme.roles and not scheme.roles[role].outside
    )


def takes_paper(scheme: Scheme, state: str) -> bool:
    """Whether an application can be entered while the call is in a state."""
    return any(
        each.record == "application" and state in each.creation.during for each in scheme.lifecycles.values()
    )


def paper_page(tx: Tx, slug: str, words: str, language: str) -> PaperPage | None:
    """Return the page with the organisations that bear some words or a number; nothing for those who enter nothing."""
    row = tx.session.execute(
        select(CaseRow, Call).join(Call, Call.id == CaseRow.id).where(Call.slug == slug)
    ).one_or_none()
    if row is None:
        return None
    case, call = row
    scheme = compiled(tx, case.scheme, case.version).scheme
    if enterers(scheme).isdisjoint(roles_of(tx, tx.actor, [call.id])[call.id]):
        return None
    found = _senders(tx, words.strip()) if words.strip() else []
    return PaperPage(
        call_id=call.id,
        ref=case.ref,
        slug=slug,
        title=in_language(call.title, language, call.language),
        open=takes_paper(scheme, case.state),
        words=words.strip(),
        found=tuple(found[:MOST]),
        more=len(found) > MOST,
        pots=pots_of(tx, call.id, call.stage),
    )


def _senders(tx: Tx, words: str) -> list[Sender]:
    like = or_(
        func.lower(Organisation.name).contains(words.lower(), autoescape=True),
        Organisation.name.contains(words, autoescape=True),  # SQLite makes no small letter of Å
    )
    found = (
        select(Organisation.id, Organisation.name, Organisation.town, Organisation.identifier)
        .where(or_(like, Organisation.identifier == words))
        .order_by(Organisation.name, Organisation.id)
        .limit(MOST + 1)
    )
    return [Sender(row.id, row.name, row.town, row.identifier) for row in tx.execute(found)]
