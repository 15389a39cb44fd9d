"""What made-up people know how to do, room by room; a new refusal, record or field finds its answer here."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import or_

from grantflow.domain.refusal import Refusal
from grantflow.services.rehearsal.habits import aid, applications, awards, bodies, calls, labs, reviews
from grantflow.services.rehearsal.habits.kinds import Habits, Situation


def _declare(at: Situation, refusals: Sequence[Refusal]) -> bool:
    """Declare what is missing: a firm about itself on its line, everybody else in the form."""
    record = at.scene.scheme.lifecycles[at.act.lifecycle].record
    return (aid.declare_at_last if record == "line" else applications.fill_in)(at, refusals)


HABITS = reduce(
    or_,
    (room.HABITS for room in (calls, bodies, labs, applications, aid, reviews, awards)),
    Habits(remedies={"declaration_missing": _declare}),
)
