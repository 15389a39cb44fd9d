"""The results of a call as everybody may read them, from the moment that its release set for the public (P10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from grantflow.domain.money import Money
from grantflow.services.calls.public import CallPage, WindowView, call_page
from grantflow.store.session import Tx
from grantflow.store.statements import Statement, identifier, moment

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
    public_from, sums, results = _told(tx, page.id)
    if public_from is not None:
        windows = tuple(_without(window, sums) for window in page.windows)
        page = replace(page, outcomes=(), windows=windows)
    return PublicCall(page, results, public_from)


def _without(window: WindowView, sums: Mapping[UUID, int]) -> WindowView:
    held = Money(sums.get(window.id, 0), window.granted.currency)
    return replace(window, granted=window.granted - held)


# What waits for its publication, and what is public, in one statement: a page has a dozen in all.
_TOLD = Statement(
    f"""
    SELECT 'held' AS what, a.window_id, '' AS title, '' AS organisation, '' AS currency, max(r.public_at) AS public_at,
        sum(CASE WHEN d.kind = 'yes' THEN d.amount ELSE 0 END) AS amount
    FROM gf_release r JOIN gf_decision d ON d.id = r.decision_id JOIN gf_application a ON a.id = r.application_id
    WHERE d.call_id = :call AND r.public_at > :now GROUP BY a.window_id
    UNION ALL SELECT * FROM (
        SELECT 'result', a.window_id, a.title, o.name, d.currency, r.public_at, d.amount
        FROM gf_decision d JOIN gf_release r ON r.decision_id = d.id JOIN gf_application a ON a.id = d.application_id
        JOIN gf_organisation o ON o.id = a.organisation_id
        WHERE d.call_id = :call AND r.public_at <= :now AND d.kind = 'yes' AND NOT EXISTS (
            SELECT 1 FROM gf_decision n WHERE n.application_id = d.application_id AND n.number > d.number)
        ORDER BY d.amount DESC, d.application_id LIMIT {LONGEST}) granted
    """  # noqa: S608 - a number of this file
)


def _told(tx: Tx, call_id: UUID) -> tuple[datetime | None, Mapping[UUID, int], tuple[Result, ...]]:
    """Return until when something is held back, how much of each window, and the results that everybody may read."""
    held: dict[UUID, int] = {}
    until: list[datetime] = []
    results = []
    for what, window, title, organisation, currency, public_at, amount in _TOLD(tx, call=call_id, now=tx.now):
        if what == "result":
            results.append(Result(title, organisation, Money(int(amount), currency)))
            continue
        until.append(moment(public_at))
        if window is not None:
            held[identifier(window)] = int(amount)
    return max(until, default=None), held, tuple(sorted(results, key=lambda each: -each.amount.amount))
