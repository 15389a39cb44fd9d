"""Before an application is started: for whom one may apply, from which money, and what the form will ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from grantflow.domain.words import in_language
from grantflow.services.applications.form_page import Pot, pots_of
from grantflow.services.applications.send_page import NextDate
from grantflow.services.cases import compiled
from grantflow.store.applications.models import Application
from grantflow.store.applications.papers import forms_of
from grantflow.store.applications.visibility import visible_to
from grantflow.store.calls.models import Call, CallDate
from grantflow.store.calls.visible import public_calls
from grantflow.store.cases import CaseRow
from grantflow.store.people.models import Membership, Organisation
from grantflow.store.session import Tx
from grantflow.workflow.model import Scheme


@dataclass(frozen=True, slots=True)
class OwnOrganisation:
    """An organisation for which the actor may act."""

    id: UUID
    name: str
    town: str | None
    may_sign: bool
    others: int
    """How many others of the organisation may write the application too."""


@dataclass(frozen=True, slots=True)
class Begun:
    """An application of one of the actor's organisations in this call."""

    ref: str
    title: str
    organisation: str


@dataclass(frozen=True, slots=True)
class StartPage:
    """A call to which one may apply."""

    call_id: UUID
    slug: str
    title: str
    zone: str
    open: bool
    deadline: datetime | None
    next_dates: tuple[NextDate, ...]
    organisations: tuple[OwnOrganisation, ...]
    begun: tuple[Begun, ...]
    pots: tuple[Pot, ...]
    changeable: bool
    """Whether what was sent can be opened and changed again before the deadline."""
    sections: tuple[tuple[str, tuple[str, ...]], ...]
    """What will be asked: sections and the questions in each."""


def start_page(tx: Tx, slug: str, language: str) -> StartPage | None:
    """Return what somebody sees who wants to apply; nothing for a call that is not public."""
    row = tx.session.execute(
        select(CaseRow, Call).join(Call, Call.id == CaseRow.id).where(Call.slug == slug, public_calls(tx))
    ).one_or_none()
    if row is None:
        return None
    case, call = row
    scheme = compiled(tx, case.scheme, case.version).scheme
    during = scheme.of_record("application").creation.during
    form = forms_of(tx, [(call.id, call.stage)]).get((call.id, call.stage))
    dates = {
        each.name: each.at
        for each in tx.execute(
            select(CallDate.name, CallDate.at)
            .where(CallDate.call_id == call.id, CallDate.stage == call.stage)
            .order_by(CallDate.at)
        )
    }
    deadline = dates.get(scheme.date_that_means("deadline") or "")
    return StartPage(
        call_id=call.id,
        slug=slug,
        title=in_language(call.title, language, call.language),
        zone=call.zone,
        open=case.state in during and (deadline is None or tx.now < deadline),
        deadline=deadline,
        next_dates=tuple(
            NextDate(scheme.dates[name].about, at)
            for name, at in dates.items()
            if at > tx.now and name in scheme.dates
        ),
        organisations=_own(tx),
        begun=_begun(tx, call.id),
        pots=pots_of(tx, call.id, call.stage),
        changeable=_may_change_what_was_sent(scheme),
        sections=()
        if form is None
        else tuple(
            (
                in_language(section.title, language, form.language),
                tuple(in_language(field.label, language, form.language) for field in section.fields),
            )
            for section in form.sections
        ),
    )


def _own(tx: Tx) -> tuple[OwnOrganisation, ...]:
    found = (
        select(Organisation, Membership.authorised)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(Membership.user_id == tx.actor.user_id)
        .order_by(Organisation.name, Organisation.id)
    )
    rows = tx.session.execute(found).all()
    members = select(Membership.organisation_id).where(
        Membership.organisation_id.in_([organisation.id for organisation, _ in rows]),
        Membership.user_id != tx.actor.user_id,
    )
    others = list(tx.execute(members).scalars())
    return tuple(
        OwnOrganisation(
            organisation.id,
            organisation.name,
            organisation.town,
            bool(authorised),
            others.count(organisation.id),
        )
        for organisation, authorised in rows
    )


def _begun(tx: Tx, call_id: UUID) -> tuple[Begun, ...]:
    own = select(Membership.organisation_id).where(Membership.user_id == tx.actor.user_id)
    found = (
        select(CaseRow.ref, Application.title, Organisation.name)
        .join(Application, Application.id == CaseRow.id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .where(
            Application.call_id == call_id,
            Application.organisation_id.in_(own),
            visible_to(tx, tx.actor),
        )
        .order_by(CaseRow.ref)
    )
    return tuple(Begun(*tuple(row)) for row in tx.execute(found))


def _may_change_what_was_sent(scheme: Scheme) -> bool:
    """Whether somebody from outside can lead what they sent back to where they write."""
    lifecycle = scheme.of_record("application")
    return any(
        role in scheme.roles and scheme.roles[role].outside and role in lifecycle.states[row.to].edit
        for row in lifecycle.rows
        if row.to == lifecycle.initial
        for role in row.by
    )
