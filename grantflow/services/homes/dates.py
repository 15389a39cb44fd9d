"""The next date to which a demo's clock can move: a date of a call, or something that the clock does by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from grantflow.services.calls.public import spelled
from grantflow.store.calls.visible import public_states
from grantflow.store.session import Tx
from grantflow.store.statements import Statement, moment
from grantflow.workflow.machine import Compiled

LOOKED_AT = 300
"""So many timers ahead are looked at; where all of them only remind, a date of a call comes before them."""


@dataclass(frozen=True, slots=True)
class NextDate:
    """A date ahead; `label` names it where it is the date of a call that everybody may know of."""

    at: datetime
    label: str = ""
    zone: str = "UTC"


# The bar of a demo stands on every page, so this is one statement, and text.
_AHEAD = Statement(
    f"""
    SELECT d.at, d.name, d.zone, t.doing, t.anything
    FROM (SELECT MIN(CASE WHEN n.what IN :doing*text THEN n.due_at END) AS doing, MIN(n.due_at) AS anything
          FROM (SELECT t.due_at, c.scheme || '/' || c.version || '/' || c.lifecycle || '/' || t.number AS what
                FROM gf_timer t JOIN gf_case c ON c.id = t.case_id AND c.seq = t.seq
                WHERE t.due_at > :now ORDER BY t.due_at, t.id LIMIT {LOOKED_AT}) n) t
    LEFT JOIN (SELECT d.at, d.name, d.zone
               FROM gf_call_date d JOIN gf_case c ON c.id = d.call_id AND c.id = c.call_id
               WHERE d.at > :now AND c.scheme || '/' || c.version || '/' || c.state IN :public*text
               ORDER BY d.at, d.call_id, d.stage, d.name LIMIT 1) d ON 1 = 1
    """  # noqa: S608 - a number of this file
)


def next_date(tx: Tx) -> NextDate | None:
    """Return the next date ahead of the clock, if there is any."""
    doing, public = _known(tx.engine.all())
    tx.flush()
    at, name, zone, does, anything = _AHEAD(tx, now=tx.now, doing=doing, public=public).one()
    dated = None if at is None else NextDate(moment(at), spelled(name), zone)
    acts = None if does is None else moment(does)
    if acts is not None and (dated is None or acts < dated.at):
        return NextDate(acts)
    return dated if dated is not None or anything is None else NextDate(moment(anything))


@lru_cache(maxsize=16)
def _known(schemes: tuple[Compiled, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the timers that do more than remind, and the states of calls that everybody may know of."""
    doing, public = [], []
    for compiled in schemes:
        version = f"{compiled.scheme.name}/{compiled.scheme.version}"
        for name, lifecycle in compiled.scheme.lifecycles.items():
            doing += [
                f"{version}/{name}/{number}"
                for number, timer in enumerate(lifecycle.timers)
                if timer.do is not None
            ]
        states = public_states(compiled.scheme, compiled.root.lifecycle)
        public += [f"{version}/{state}" for state in sorted(states)]
    return tuple(doing), tuple(public)
