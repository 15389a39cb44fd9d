"""The arithmetic of the ceiling, as it is shown: what the rule allows, what is on record, what is held, what is left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    bindparam,
    literal,
    null,
    select,
    union_all,
)

from grantflow.domain.aid.de_minimis import Rule, rule_in_force
from grantflow.domain.money import Money
from grantflow.services.aid.accounts import LineStanding
from grantflow.services.aid.firms import DeclaredAid
from grantflow.store.aid.models import AidAccount, AidAward, AidReservation
from grantflow.store.session import Tx
from grantflow.workflow.guards.de_minimis import local_day

OWN, DECLARED, HELD = "own", "declared", "held"
"""What counts: aid of ours, aid of others by the firm's word, what is held for open requests."""


@dataclass(frozen=True, slots=True)
class Counted:
    """Something that counts for a firm."""

    kind: str
    line_id: UUID | None
    amount: int
    granted_on: date
    """Nothing where it is held, and not granted yet."""


@dataclass(frozen=True, slots=True)
class Reckoning:
    """What one line does to the ceiling of its firm, today."""

    rule: Rule
    opens: date
    """From which day on aid counts."""
    ceiling: Money
    granted: Money
    """By us, this line's own share left out."""
    declared: Money
    held: Money
    """In other open requests."""
    this: Money

    @property
    def before(self) -> int:
        """What counts without this line."""
        return self.granted.amount + self.declared.amount + self.held.amount

    @property
    def fits(self) -> bool:
        """Whether the line fits whole."""
        return self.before + self.this.amount <= self.ceiling.amount

    @property
    def left(self) -> Money:
        """What is left after this line; nothing where it does not fit."""
        return self._money(max(0, self.ceiling.amount - self.before - self.this.amount))

    @property
    def room(self) -> Money:
        """What is left before this line."""
        return self._money(max(0, self.ceiling.amount - self.before))

    @property
    def over(self) -> Money:
        """By how much the ceiling would be passed."""
        return self._money(max(0, self.before + self.this.amount - self.ceiling.amount))

    def has_room_for(self, amount: int) -> bool:
        """Whether another sum would fit in place of this one."""
        return self.before + amount <= self.ceiling.amount

    def _money(self, amount: int) -> Money:
        return Money(amount, self.ceiling.currency)


def reckonings(
    tx: Tx,
    standings: Iterable[LineStanding],
    said: Sequence[DeclaredAid] | None = None,
    counted: Mapping[tuple[UUID, str], Sequence[Counted]] | None = None,
) -> Mapping[UUID, Reckoning]:
    """Return the arithmetic of lines; a line in whose call no rule is in force today has none.

    `said` takes the place of what the firm has declared: what it is just writing down. `counted` is what counts for each
    firm in each member state, where that was read already. Nothing is locked.
    """
    lines = list(standings)
    if counted is None:
        counted = _counted(tx, {each.line.firm_id for each in lines})
    found = {}
    for each in lines:
        on = local_day(tx.now, each.zone)
        rule = rule_in_force(each.rules, on)
        if rule is None:
            continue
        others = [
            one
            for one in counted.get((each.line.firm_id, each.member_state), ())
            if one.kind == DECLARED or one.line_id != each.line.id
        ]
        listed = (
            [(one.granted_on, one.amount) for one in others if one.kind == DECLARED]
            if said is None
            else [(one.granted_on, one.amount) for one in said]
        )
        ceiling = rule.ceiling if each.ceiling is None else min(each.ceiling, rule.ceiling)
        sums = (
            ceiling,
            sum(one.amount for one in others if one.kind == OWN and rule.counts(one.granted_on, on)),
            sum(amount for day, amount in listed if rule.counts(day, on)),
            sum(one.amount for one in others if one.kind == HELD),
            each.line.amount,
        )
        found[each.line.id] = Reckoning(
            rule, rule.window_opens(on), *(Money(amount, rule.currency) for amount in sums)
        )
    return found


def _counted(tx: Tx, firms: Iterable[UUID]) -> Mapping[tuple[UUID, str], Sequence[Counted]]:
    """Return all that was granted to firms, declared by them or is held for them, in one statement."""
    found: defaultdict[tuple[UUID, str], list[Counted]] = defaultdict(list)
    for row in tx.execute(_all_aid(), {"firms": list(firms)}):
        found[row.undertaking_id, row.member_state].append(
            Counted(row.kind, row.line_id, row.amount, row.granted_on)
        )
    return found


@cache
def _all_aid() -> CompoundSelect[Any]:
    mine: BindParameter[Any] = bindparam("firms", expanding=True)
    return all_aid(AidAward.undertaking_id.in_(mine), AidAccount.undertaking_id.in_(mine))


def all_aid(awarded: ColumnElement[bool], held_for: ColumnElement[bool]) -> CompoundSelect[Any]:
    """Return the question about all that counts, under a condition on awards and one on accounts."""
    given = select(
        AidAward.id,
        AidAward.undertaking_id,
        AidAward.member_state,
        AidAward.kind,
        AidAward.line_id,
        AidAward.amount,
        AidAward.granted_on,
    ).where(awarded, AidAward.ended_at.is_(None))
    held = (
        select(
            AidReservation.id,
            AidAccount.undertaking_id,
            AidAccount.member_state,
            literal(HELD),
            AidReservation.line_id,
            AidReservation.amount,
            null(),
        )
        .join(AidAccount, AidAccount.id == AidReservation.account_id)
        .where(held_for, AidReservation.ended_at.is_(None))
    )
    return union_all(given, held)
