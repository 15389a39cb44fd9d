"""Guards of the money of an aid call: what is free, what is reserved, who may promise how much."""

from __future__ import annotations

from collections.abc import Iterable

from grantflow.domain.aid.lines import FreeMoney, ListedLines
from grantflow.domain.money import Money
from grantflow.domain.refusal import Refusal
from grantflow.workflow.registry import Ask, guard


@guard()
def money_used_up(pot: FreeMoney, ask: Ask) -> Iterable[Refusal]:
    """Not even the smallest lump sum is free."""
    if pot.free >= pot.least:
        yield Refusal(
            "money_free",
            "%(free)s is free, enough for another line.",
            {"free": str(Money(pot.free, pot.currency))},
        )


@guard()
def money_left(pot: FreeMoney, ask: Ask) -> Iterable[Refusal]:
    """At least the smallest lump sum is free."""
    if pot.free < pot.least:
        yield Refusal("no_money_free", "The money of the call is used up.", where="call")


@guard()
def money_for_request(pot: FreeMoney, ask: Ask) -> Iterable[Refusal]:
    """The money that is free covers all lines of the request."""
    yield from _covers(pot)


@guard()
def money_for_line(pot: FreeMoney, ask: Ask) -> Iterable[Refusal]:
    """The money that is free covers the line."""
    yield from _covers(pot)


@guard()
def money_reserved(pot: FreeMoney, ask: Ask) -> Iterable[Refusal]:
    """The money of every line that is granted is reserved."""
    if pot.reserved < pot.asked:
        yield Refusal(
            "not_reserved",
            "%(reserved)s is reserved for this request, and its lines are worth %(asked)s.",
            {
                "reserved": str(Money(pot.reserved, pot.currency)),
                "asked": str(Money(pot.asked, pot.currency)),
            },
            "lines",
        )


@guard(takes={"up_to": "whole_number"})
def within_delegation(listed: ListedLines, ask: Ask) -> Iterable[Refusal]:
    """The sum is one that the board has delegated to case officers."""
    limit = ask.given["up_to"]
    if listed.total > limit:
        yield Refusal(
            "beyond_delegation",
            "%(total)s is more than a case officer may grant alone (%(limit)s). The head of office decides.",
            {"total": str(Money(listed.total, listed.currency)), "limit": str(Money(limit, listed.currency))},
        )


def _covers(pot: FreeMoney) -> Iterable[Refusal]:
    if pot.asked > pot.free:
        yield Refusal(
            "not_enough_money",
            "%(asked)s is asked for and %(free)s is free. Take firms out or choose smaller activities, "
            "or wait until the call has money again.",
            {"asked": str(Money(pot.asked, pot.currency)), "free": str(Money(pot.free, pot.currency))},
            "lines",
        )
