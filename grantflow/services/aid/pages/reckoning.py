"""The arithmetic of the ceiling, as it is shown: what the rule allows, what is on record, what is held, what is left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from grantflow.domain.aid.de_minimis import Rule, rule_in_force
from grantflow.domain.money import Money
from grantflow.services.aid.accounts import LineStanding
from grantflow.services.aid.firms import DeclaredAid
from grantflow.store.aid.models import AidAccount, AidAward, AidReservation
from grantflow.store.session import Tx
from grantflow.workflow.guards.de_minimis import local_day


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
    tx: Tx, standings: Iterable[LineStanding], said: Sequence[DeclaredAid] | None = None
) -> Mapping[UUID, Reckoning]:
    """Return the arithmetic of lines; a line in whose call no rule is in force today has none.

    `said` takes the place of what the firm has declared: what it is just writing down. Nothing is locked.
    """
    lines = list(standings)
    firms = {each.line.firm_id for each in lines}
    awards = _awards(tx, firms)
    holds = _holds(tx, firms)
    found = {}
    for each in lines:
        on = local_day(tx.now, each.zone)
        rule = rule_in_force(each.rules, on)
        if rule is None:
            continue
        key = each.line.firm_id, each.member_state
        counted = [award for award in awards[key] if rule.counts(award.granted_on, on)]
        declared = (
            sum(one.amount for one in counted if one.kind == "declared")
            if said is None
            else sum(one.amount for one in said if rule.counts(one.granted_on, on))
        )
        ceiling = rule.ceiling if each.ceiling is None else min(each.ceiling, rule.ceiling)
        granted = sum(one.amount for one in counted if one.kind == "own" and one.line_id != each.line.id)
        held = sum(one.amount for one in holds[key] if one.line_id != each.line.id)
        found[each.line.id] = Reckoning(
            rule,
            rule.window_opens(on),
            *(
                Money(amount, rule.currency)
                for amount in (ceiling, granted, declared, held, each.line.amount)
            ),
        )
    return found


def _awards(tx: Tx, firms: Iterable[UUID]) -> Mapping[tuple[UUID, str], list[AidAward]]:
    found: defaultdict[tuple[UUID, str], list[AidAward]] = defaultdict(list)
    asked = select(AidAward).where(AidAward.undertaking_id.in_(firms), AidAward.ended_at.is_(None))
    for award in tx.session.execute(asked).scalars():
        found[award.undertaking_id, award.member_state].append(award)
    return found


def _holds(tx: Tx, firms: Iterable[UUID]) -> Mapping[tuple[UUID, str], list[AidReservation]]:
    found: defaultdict[tuple[UUID, str], list[AidReservation]] = defaultdict(list)
    asked = (
        select(AidReservation, AidAccount.undertaking_id, AidAccount.member_state)
        .join(AidAccount, AidAccount.id == AidReservation.account_id)
        .where(AidAccount.undertaking_id.in_(firms), AidReservation.ended_at.is_(None))
    )
    for row in tx.session.execute(asked):
        found[row.undertaking_id, row.member_state].append(row.AidReservation)
    return found
