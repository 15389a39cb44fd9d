"""What has changed since a call was published, for everybody: what stood there, and what holds now (P16)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from grantflow.domain.money import Money
from grantflow.domain.time import at_local
from grantflow.services.calls.public import CallPage, spelled
from grantflow.services.formats import own_name
from grantflow.store.calls.models import Call, FunderWindow, Milestone
from grantflow.store.session import Tx

Value = str | Money | datetime

WORDS: Mapping[str, str] = {"title": "Title (%(language)s)", "summary": "What it is for (%(language)s)"}
"""The texts of a call that a correction can change, and what they are called on pages."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that reads otherwise now: its name, what stood there, and what holds."""

    label: str
    """With a place for the language, where it is a text in one."""
    before: Value
    after: Value
    params: Mapping[str, str] = field(default_factory=dict)
    language: str | None = None
    """In which language both are written, where they are texts."""


@dataclass(frozen=True, slots=True)
class Change:
    """Something that happened to a published call and that everybody may know."""

    kind: str
    at: datetime
    reason: str | None
    what: str | None
    """In the words of who corrected it: what was wrong and what holds now."""
    differences: tuple[Difference, ...]


def changes_of(tx: Tx, page: CallPage) -> tuple[Change, ...]:
    """Return what has changed since a call was published, the last first; everybody may read it who reads the page."""
    call = tx.session.get_one(Call, page.id)
    found = (
        select(Milestone)
        .where(Milestone.call_id == call.id, Milestone.kind != "clock_moved")
        .order_by(Milestone.at.desc(), Milestone.id.desc())
    )
    return tuple(
        Change(
            spelled(each.kind),
            each.at,
            each.reason,
            (each.after or {}).get("what"),
            tuple(_TOLD[each.kind](tx, call, each) if each.kind in _TOLD else ()),
        )
        for each in tx.session.scalars(found)
    )


def _texts(_tx: Tx, _call: Call, milestone: Milestone) -> Iterator[Difference]:
    """Yield each text in each language in which it reads otherwise now."""
    for name, label in WORDS.items():
        before, after = milestone.before.get(name) or {}, milestone.after.get(name) or {}
        for language in sorted(after):
            if before.get(language) != after[language]:
                said = {"language": own_name(language)}
                yield Difference(label, before.get(language, ""), after[language], said, language)


def _dates(_tx: Tx, call: Call, milestone: Milestone) -> Iterator[Difference]:
    zone = ZoneInfo(call.zone)
    moved = {
        name: (_instant(milestone.before[name], zone), _instant(local, zone))
        for name, local in milestone.after.items()
        if name in milestone.before
    }
    for name, (before, after) in sorted(moved.items(), key=lambda each: each[1]):
        yield Difference(spelled(name), before, after)


def _instant(local: str, zone: ZoneInfo) -> datetime:
    return at_local(datetime.strptime(local, "%Y-%m-%d %H:%M"), zone)  # noqa: DTZ007 - the zone is the call's


def _sums(tx: Tx, call: Call, milestone: Milestone) -> Iterator[Difference]:
    currencies: Mapping[str, str] = {
        row.name: row.currency
        for row in tx.execute(
            select(FunderWindow.name, FunderWindow.currency).where(FunderWindow.call_id == call.id)
        )
    }
    for name, after in milestone.after.items():
        currency = currencies.get(name, call.currency)
        yield Difference(
            spelled(name), Money(milestone.before.get(name, 0), currency), Money(after, currency)
        )


_TOLD: Mapping[str, Callable[[Tx, Call, Any], Iterator[Difference]]] = {
    "correction": _texts,
    "deadline": _dates,
    "envelope": _sums,
}
