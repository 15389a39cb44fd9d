"""What a firm writes on its page, as it was typed: held against what can be read, and then confirmed, all reasons at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from grantflow.domain.aid.lines import Declaration
from grantflow.domain.refusal import Refusal, Refused
from grantflow.services.aid.firms import DeclaredAid, confirm_line
from grantflow.services.cases import Stepped
from grantflow.services.deeds import take
from grantflow.store.session import Tx

Typed = int | str | None
"""A number that was read, what could not be read as one, or nothing."""
MOST = 1 << 53
"""From here on a number is no figure of a firm."""
LONGEST = 200
"""Characters of a name."""


@dataclass(frozen=True, slots=True)
class SaidAid:
    """A row of aid as it was typed; empty where nothing was."""

    granted_on: str
    amount: Typed
    granted_by: str

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed."""
        return not self.granted_on and self.amount is None and not self.granted_by

    @property
    def read(self) -> DeclaredAid | None:
        """The row as it counts, where all of it can be read."""
        day = _day(self.granted_on)
        if day is None or not isinstance(self.amount, int) or not 0 < self.amount < MOST:
            return None
        return DeclaredAid(day, self.amount, self.granted_by or "?")


@dataclass(frozen=True, slots=True)
class Said:
    """All that a firm writes when it confirms."""

    signer_name: str = ""
    signer_role: str = ""
    authorised: bool = False
    headcount: Typed = None
    turnover: Typed = None
    balance: Typed = None
    no_other_aid: bool = False
    consent: bool = False
    aid: tuple[SaidAid, ...] = ()

    @property
    def declared(self) -> tuple[DeclaredAid, ...]:
        """The rows that can be read."""
        return tuple(read for each in self.aid if (read := each.read) is not None)


def confirm_as_said(tx: Tx, line_id: UUID, said: Said, *, activity: str | None = None) -> Stepped:
    """Confirm a line with what its firm wrote, where it is wanted for a smaller activity instead.

    Raises:
        Refused: with everything that cannot be read and everything that speaks against it, at once; nothing is kept.
    """
    problems = list(_unreadable(said))
    rows_are_read = not any((problem.where or "").startswith("aid.") for problem in problems)
    if activity is not None:
        try:
            take(tx, line_id, "set_lump_sum", data={"activity": activity})
        except Refused as refused:
            problems += refused.refusals
    rows = said.declared
    declared = Declaration(
        _number(said.headcount),
        _number(said.turnover),
        _number(said.balance),
        said.no_other_aid,
        len(rows),
        said.consent,
    )
    try:
        stepped = confirm_line(
            tx,
            line_id,
            declared,
            rows,
            signer_name=said.signer_name,
            signer_role=said.signer_role,
            authorised=said.authorised,
        )
    except Refused as refused:
        # A row that cannot be read is mended there; that nothing is listed would be said of the same row once more.
        more = [one for one in refused.refusals if rows_are_read or one.code != "aid_not_declared"]
        raise Refused([*problems, *more]) from None
    if problems:
        raise Refused(problems)
    return stepped


def _unreadable(said: Said) -> Iterator[Refusal]:
    for name, value, sentence in (
        (
            "headcount",
            said.headcount,
            "Please give the number of people who work for the firm, for example 12.",
        ),
        ("turnover", said.turnover, "Please give the turnover of the last closed year, for example 850 000."),
        (
            "balance",
            said.balance,
            "Please give the balance sheet of the last closed year, for example 400 000.",
        ),
    ):
        if not isinstance(value, int) or not 0 <= value < MOST:
            yield Refusal(f"{name}_missing", sentence, {}, name)
    for name, text in (("signer_name", said.signer_name), ("signer_role", said.signer_role)):
        if len(text) > LONGEST:
            yield Refusal("too_long", "At most %(most)s characters.", {"most": LONGEST}, name)
    for number, row in enumerate(said.aid):
        if row.is_empty:
            continue
        if _day(row.granted_on) is None:
            yield Refusal(
                "day_unread",
                "Please give the day of the grant, for example 2025-03-31.",
                {},
                f"aid.{number}.on",
            )
        if not isinstance(row.amount, int) or not 0 < row.amount < MOST:
            yield Refusal(
                "amount_unread",
                "Please give the sum in euro, for example 12 500.",
                {},
                f"aid.{number}.amount",
            )
        if not row.granted_by or len(row.granted_by) > LONGEST:
            yield Refusal(
                "giver_missing",
                "Please say who gave the aid, in at most 200 characters.",
                {},
                f"aid.{number}.by",
            )


def _number(value: Typed) -> int:
    return value if isinstance(value, int) and 0 <= value < MOST else 0


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
