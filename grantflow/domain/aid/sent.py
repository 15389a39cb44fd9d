"""What was sent beside the form of a request for aid: how the firms were chosen, and the firms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from grantflow.domain.aid.lines import Selection
from grantflow.domain.money import Money


@dataclass(frozen=True, slots=True)
class SentFirm:
    """A firm as the request named it."""

    firm: str
    number: str
    country: str
    activity: str
    place: str
    starts_on: date
    amount: Money


@dataclass(frozen=True, slots=True)
class SentBeside:
    """What was sent beside the form."""

    chosen: Selection | None
    firms: tuple[SentFirm, ...]

    @property
    def total(self) -> Money | None:
        """What the firms' lump sums come to."""
        if not self.firms:
            return None
        return Money(sum(each.amount.amount for each in self.firms), self.firms[0].amount.currency)


def read_beside(kept: Mapping[str, Any]) -> SentBeside:
    """Return what was frozen beside a form, ready to be shown; nothing in it where nothing was."""
    selection = kept.get("selection")
    return SentBeside(
        None
        if selection is None
        else Selection(
            **{**selection, "rules_published_on": date.fromisoformat(selection["rules_published_on"])}
        ),
        tuple(
            SentFirm(
                line["firm"],
                line["number"],
                line["country"],
                line["activity"],
                line["place"],
                date.fromisoformat(line["starts_on"]),
                Money(line["amount"], line["currency"]),
            )
            for line in kept.get("lines", ())
        ),
    )
