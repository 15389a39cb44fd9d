"""The results of a call as everybody may read them, from the moment that its release set for the public (P10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from grantflow.domain.money import Money
from grantflow.services.calls.public import CallPage, Outcome, WindowView, call_page
from grantflow.store.session import Tx
from grantflow.store.statements import Statement, identifier, moment

LONGEST = 200
OUTCOME_OF: Mapping[str, str] = {"yes": "granted", "reserve": "reserve", "no": "refused"}
"""As which outcome a kind of decision is counted."""


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

    While released decisions wait for their publication, neither their sums nor their outcomes are told.
    """
    page = call_page(tx, slug, language)
    if page is None:
        return None
    if not page.outcomes:
        return PublicCall(page, (), None)
    told = _told(tx, page.id)
    if told.held:
        windows = tuple(_without(window, told.held) for window in page.windows)
        page = replace(page, outcomes=_outcomes(page.outcomes, told), windows=windows)
    return PublicCall(page, told.results, max((each.until for each in told.held), default=None))


@dataclass(frozen=True, slots=True)
class _Held:
    """Decisions of one kind from one window that wait for their publication."""

    window_id: UUID | None
    kind: str
    until: datetime
    amount: int
    number: int


@dataclass(frozen=True, slots=True)
class _Told:
    held: tuple[_Held, ...]
    results: tuple[Result, ...]


def _without(window: WindowView, held: Sequence[_Held]) -> WindowView:
    amount = sum(each.amount for each in held if each.window_id == window.id)
    return replace(window, granted=window.granted - Money(amount, window.granted.currency))


def _outcomes(outcomes: Sequence[Outcome], told: _Told) -> tuple[Outcome, ...]:
    """Return the outcomes without those that are held back; none at all before the first results are public."""
    if not told.results:
        return ()
    held: dict[str, int] = {}
    for each in told.held:
        name = OUTCOME_OF.get(each.kind, "")
        held[name] = held.get(name, 0) + each.number
    left = (replace(each, count=each.count - held.get(each.name, 0)) for each in outcomes)
    return tuple(each for each in left if each.count > 0)


# What waits for its publication, and what is public, in one statement: a page has a dozen in all.
_TOLD = Statement(
    f"""
    SELECT 'held' AS what, a.window_id, d.kind AS title, '' AS organisation, '' AS currency,
        max(r.public_at) AS public_at, sum(CASE WHEN d.kind = 'yes' THEN d.amount ELSE 0 END) AS amount,
        count(*) AS number
    FROM gf_release r JOIN gf_decision d ON d.id = r.decision_id JOIN gf_application a ON a.id = r.application_id
    WHERE d.call_id = :call AND r.public_at > :now GROUP BY a.window_id, d.kind
    UNION ALL SELECT * FROM (
        SELECT 'result', a.window_id, a.title, o.name, d.currency, r.public_at, d.amount, 1
        FROM gf_decision d JOIN gf_release r ON r.decision_id = d.id JOIN gf_application a ON a.id = d.application_id
        JOIN gf_organisation o ON o.id = a.organisation_id JOIN gf_case c ON c.id = a.id
        WHERE c.scheme || '/' || c.version || '/' || c.state IN :funded*text AND d.call_id = :call AND r.public_at <= :now AND d.kind = 'yes' AND NOT EXISTS (
            SELECT 1 FROM gf_decision n WHERE n.application_id = d.application_id AND n.number > d.number)
        ORDER BY d.amount DESC, d.application_id LIMIT {LONGEST}) granted
    """  # noqa: S608 - a number of this file
)


def _funded(tx: Tx) -> list[str]:
    """Return the states of applications whose grant stands: what was declined since is no result."""
    return [
        f"{compiled.scheme.name}/{compiled.scheme.version}/{state.name}"
        for compiled in tx.engine.all()
        for lifecycle in compiled.scheme.lifecycles.values()
        if lifecycle.record == "application"
        for state in lifecycle.states.values()
        if "funded" in state.tags
    ]


def _told(tx: Tx, call_id: UUID) -> _Told:
    held, results = [], []
    for what, window, title, organisation, currency, public_at, amount, number in _TOLD(
        tx, call=call_id, now=tx.now, funded=_funded(tx)
    ):
        if what == "result":
            results.append(Result(title, organisation, Money(int(amount), currency)))
            continue
        window_id = None if window is None else identifier(window)
        held.append(_Held(window_id, title, moment(public_at), int(amount), int(number)))
    return _Told(tuple(held), tuple(sorted(results, key=lambda each: -each.amount.amount)))
