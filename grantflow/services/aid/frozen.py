"""What a request for aid has beside its form, kept as it is when it is sent: how the firms were chosen, and the firms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import select

from grantflow.services.aid.lines import live_lines
from grantflow.services.aid.naming import told
from grantflow.store.aid.models import Selection
from grantflow.store.cases import CaseRow
from grantflow.store.people.models import Organisation
from grantflow.store.session import Tx


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
