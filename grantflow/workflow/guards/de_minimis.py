"""Guards of the de minimis ceiling: each refusal shows its arithmetic and the article."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from grantflow.domain.aid.de_minimis import Position, position
from grantflow.domain.aid.lines import LineAid, RequestAid
from grantflow.domain.refusal import Refusal
from grantflow.workflow.registry import Ask, guard

NO_RULE = Refusal(
    "no_aid_rule", "No de minimis rule is in force on this day, so no aid can be granted under it."
)


@guard(takes={"ceiling": "whole_number"})
def de_minimis_below(line: LineAid, ask: Ask) -> Iterable[Refusal]:
    """The lump sum fits whole under the firm's de minimis ceiling, with what it had and what is held for it."""
    place = position(
        line.rules, line.aids, line.held, local_day(ask.now, line.zone), ask.given.get("ceiling")
    )
    if place is None:
        yield NO_RULE
    elif not place.fits(line.amount):
        yield over_ceiling(place, line)


@guard(takes={"ceiling": "whole_number"})
def de_minimis_still_below(request: RequestAid, ask: Ask) -> Iterable[Refusal]:
    """On the day of the grant every firm is still within its de minimis ceiling, all its lines together."""
    wanted: defaultdict[str, int] = defaultdict(int)
    for line in request.lines:
        wanted[line.firm] += line.amount
    seen: set[str] = set()
    for line in request.lines:
        if line.firm in seen:
            continue
        seen.add(line.firm)
        place = position(
            line.rules, line.aids, line.held, local_day(ask.now, line.zone), ask.given.get("ceiling")
        )
        if place is None:
            yield NO_RULE
            return
        if not place.kept:
            yield over_ceiling(place, line, wanted[line.firm])


def over_ceiling(place: Position, line: LineAid, already: int = 0) -> Refusal:
    """Return the refusal with its arithmetic; `already` is the part of what is held that is asked about."""
    amount = already or line.amount
    return Refusal(
        "over_ceiling",
        "%(firm)s received %(used)s of de minimis aid since %(opens)s, and %(held)s is held for it in open requests. "
        "With %(amount)s more it would pass its ceiling of %(ceiling)s; %(headroom)s is left (%(act)s, Art. %(article)s).",
        {
            "firm": line.firm,
            "used": place.money(place.used),
            "opens": place.rule.window_opens(place.on).isoformat(),
            "held": place.money(place.held - already),
            "amount": place.money(amount),
            "ceiling": place.money(place.ceiling),
            "headroom": place.money(max(0, place.ceiling - place.used - place.held + already)),
            "act": place.rule.act,
            "article": place.rule.article,
        },
        "activity",
    )


def local_day(now: datetime, zone: str) -> date:
    """Return the day that it is where the call is held: grants carry that date."""
    return now.astimezone(ZoneInfo(zone)).date()
