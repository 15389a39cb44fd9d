"""The results of a call as everybody may read them, from the moment that its release set for the public (P10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import case, func, select

from grantflow.domain.money import Money
from grantflow.services.calls.public import CallPage, WindowView, call_page
from grantflow.store.applications.models import Application
from grantflow.store.awards.models import Decision, Release
from grantflow.store.awards.standing import is_last_decision
from grantflow.store.calls.models import Call
from grantflow.store.people.models import Organisation
from grantflow.store.session import Tx

LONGEST = 200


@dataclass(frozen=True, slots=True)
class Result:
    """A project that was granted money."""

    title: str
    organisation: str
    amount: Money


@dataclass(frozen=True, slots=True)
class PublicCall:
    """The public page of a call with its results, none of which is there before its time."""

    page: CallPage
    results: tuple[Result, ...]
    public_from: datetime | None
    """When results follow of which so far only the applicants know."""


def public_call(tx: Tx, slug: str, language: str) -> PublicCall | None:
    """Return what everybody may read of a call, or nothing where there is none that everybody may know of.

    While released decisions wait for their publication, neither their sums nor any outcome is told.
    """
    page = call_page(tx, slug, language)
    if page is None:
        return None
    if not page.outcomes:
        return PublicCall(page, (), None)
    public_from, sums = _embargo(tx, slug)
    if public_from is not None:
        windows = tuple(_without(window, sums) for window in page.windows)
        page = replace(page, outcomes=(), windows=windows)
    return PublicCall(page, _results(tx, slug), public_from)


def _without(window: WindowView, sums: Mapping[UUID, int]) -> WindowView:
    held = Money(sums.get(window.id, 0), window.granted.currency)
    return replace(window, granted=window.granted - held)


def _embargo(tx: Tx, slug: str) -> tuple[datetime | None, Mapping[UUID, int]]:
    granted = case((Decision.kind == "yes", Decision.amount), else_=0)
    found = (
        select(
            Application.window_id,
            func.max(Release.public_at).label("public_at"),
            func.sum(granted).label("granted"),
        )
        .select_from(Release)
        .join(Decision, Decision.id == Release.decision_id)
        .join(Application, Application.id == Release.application_id)
        .join(Call, Call.id == Decision.call_id)
        .where(Call.slug == slug, Release.public_at > tx.now)
        .group_by(Application.window_id)
    )
    rows = tx.execute(found).all()
    last = max((row.public_at for row in rows), default=None)
    return last, {row.window_id: int(row.granted) for row in rows if row.window_id is not None}


def _results(tx: Tx, slug: str) -> tuple[Result, ...]:
    found = (
        select(Application.title, Organisation.name, Decision.amount, Decision.currency)
        .select_from(Decision)
        .join(Release, Release.decision_id == Decision.id)
        .join(Application, Application.id == Decision.application_id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .join(Call, Call.id == Decision.call_id)
        .where(Call.slug == slug, Release.public_at <= tx.now, Decision.kind == "yes", is_last_decision())
        .order_by(Decision.amount.desc(), Decision.application_id)
        .limit(LONGEST)
    )
    return tuple(Result(row.title, row.name, Money(row.amount, row.currency)) for row in tx.execute(found))
