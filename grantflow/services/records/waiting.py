"""Who has a record now, since when, and how long that usually takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from grantflow.services.records.journal import Seen, seen_since
from grantflow.services.records.meaning import is_inside
from grantflow.services.records.said import Label
from grantflow.services.records.visibility import Found
from grantflow.store.session import Tx
from grantflow.store.statements import Statement, moment
from grantflow.workflow.model import SYSTEM_ROLE

ENOUGH = 5
"""From so many finished stays on, something is usual."""
LOOKED_AT = 60
"""The last so many are looked at."""

_STAYS = Statement("""
    SELECT e.at, MAX(p.at)
    FROM gf_journal_entry e
    JOIN gf_case c ON c.id = e.record_id
    JOIN gf_journal_entry p ON p.record_id = e.record_id AND p.seq < e.seq AND p.to_state = :state
        AND (p.from_state IS NULL OR p.from_state <> :state)
    WHERE e.id IN (
        SELECT x.id FROM gf_journal_entry x
        WHERE x.lifecycle = :lifecycle AND x.from_state = :state AND x.to_state <> :state
        ORDER BY x.at DESC, x.id LIMIT :most
    ) AND c.scheme = :scheme
    GROUP BY e.id, e.at
""")

MOST_KNOWN = 1000
_known: dict[tuple[str, str, str, str], tuple[date, int | None]] = {}
"""What is usual, by database, scheme, lifecycle and state; looked at once a day."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Who moves next, and how long it has lain with them."""

    roles: tuple[Label, ...]
    """Empty where nobody but the clock moves it."""
    mine: bool
    """Whether it waits for the reader."""
    clock: bool
    """Whether the clock may move it, too."""
    ended: bool
    since: datetime
    days: int
    usual: int | None
    """How many days it usually takes, where that is known."""


def waiting_of(tx: Tx, found: Found, seen: Sequence[Seen]) -> Waiting:
    """Return who has a record now as the reader may know; `seen` holds its steps, the newest first."""
    since = seen_since(seen, found)
    names = [name for name in found.scheme.roles if name in found.shown.waits_for]
    return Waiting(
        roles=tuple(Label(found.scheme.roles[name].label) for name in names),
        mine=bool(found.roles.intersection(names)),
        clock=SYSTEM_ROLE in found.shown.waits_for,
        ended=found.shown.name in found.lifecycle.final,
        since=since,
        days=max(0, (tx.now - since).days),
        usual=_usual(tx, found),
    )


def _usual(tx: Tx, found: Found) -> int | None:
    """Return the median of finished stays in this state in calls of this scheme.

    Somebody outside is not told where the state stands in for confidential ones: records of others that were decided
    would have left it, and the time that is usual would say so.
    """
    if found.shown.name in found.lifecycle.final:
        return None
    stands_in = any(found.shown.name in state.mask.values() for state in found.lifecycle.states.values())
    if stands_in and not is_inside(found.scheme, found.roles):
        return None
    key = str(tx.connection.engine.url), found.scheme.name, found.lifecycle.name, found.shown.name
    known = _known.get(key)
    if known is None or known[0] != tx.now.date():  # what is usual does not change from one hour to the next
        if len(_known) >= MOST_KNOWN:
            _known.clear()
        known = _known[key] = (tx.now.date(), _median(tx, found))
    return known[1]


def _median(tx: Tx, found: Found) -> int | None:
    rows = _STAYS(
        tx,
        lifecycle=found.lifecycle.name,
        state=found.shown.name,
        scheme=found.scheme.name,
        most=LOOKED_AT,
    )
    stays = [(moment(row[0]) - moment(row[1])) / timedelta(days=1) for row in rows]
    return round(median(stays)) if len(stays) >= ENOUGH else None
