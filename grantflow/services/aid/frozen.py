"""What a request for aid has beside its form, as it was when it was sent: how the firms were chosen, and the firms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from grantflow.domain.aid.lines import Selection as Chosen
from grantflow.domain.money import Money
from grantflow.services.aid.lines import live_lines
from grantflow.services.aid.naming import told
from grantflow.store.aid.models import Selection
from grantflow.store.cases import CaseRow
from grantflow.store.people.models import Organisation
from grantflow.store.session import Tx


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

    chosen: Chosen | None
    firms: tuple[SentFirm, ...]

    @property
    def total(self) -> Money | None:
        """What the firms' lump sums come to."""
        if not self.firms:
            return None
        return Money(sum(each.amount.amount for each in self.firms), self.firms[0].amount.currency)


def request_beside(tx: Tx, application_ids: Sequence[UUID]) -> Mapping[UUID, Mapping[str, Any]]:
    """Read how the firms of requests were chosen, and their lines."""
    tx.flush()
    chosen = {
        row.application_id: {
            **asdict(told(row)),
            "rules_published_on": row.rules_published_on.isoformat(),
        }
        for row in tx.session.scalars(select(Selection).where(Selection.application_id.in_(application_ids)))
    }
    lines = live_lines(tx, application_ids)
    ids = [line.id for mine in lines.values() for line in mine]
    refs = {row.id: row.ref for row in tx.execute(select(CaseRow.id, CaseRow.ref).where(CaseRow.id.in_(ids)))}
    firms = {
        firm.id: firm
        for firm in tx.session.scalars(
            select(Organisation).where(
                Organisation.id.in_({line.firm_id for mine in lines.values() for line in mine})
            )
        )
    }
    return {
        each: {
            "selection": chosen.get(each),
            "lines": [
                {
                    "ref": refs[line.id],
                    "firm": firms[line.firm_id].name,
                    "number": firms[line.firm_id].identifier,
                    "country": firms[line.firm_id].country,
                    "activity": line.activity,
                    "place": line.place,
                    "starts_on": line.starts_on.isoformat(),
                    "amount": line.amount,
                    "currency": line.currency,
                }
                for line in lines.get(each, ())
            ],
            "asked": sum(line.amount for line in lines.get(each, ())),
        }
        for each in application_ids
    }


def read_beside(kept: Mapping[str, Any]) -> SentBeside:
    """Return what was frozen beside a form, ready to be shown; nothing in it where nothing was."""
    selection = kept.get("selection")
    return SentBeside(
        None
        if selection is None
        else Chosen(
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
