"""An award: how much, to whom, on which conditions, what was reported."""

from __future__ import annotations

from sqlalchemy import select

from grantflow.domain.money import Money
from grantflow.services.records.said import Content, Fact, Label, Link, Part, Rate, some
from grantflow.services.records.visibility import Found
from grantflow.store.applications.models import Application
from grantflow.store.awards.models import Award, Condition
from grantflow.store.cases import CaseRow
from grantflow.store.people.models import Organisation
from grantflow.store.session import Tx


def content(tx: Tx, found: Found, _language: str) -> Content:
    """Return what an award is about."""
    row = tx.execute(
        select(Award, Application.title, CaseRow.ref, Organisation.name.label("organisation"))
        .select_from(Award)
        .join(Application, Application.id == Award.application_id)
        .join(CaseRow, CaseRow.id == Award.application_id)
        .join(Organisation, Organisation.id == Award.organisation_id)
        .where(Award.id == found.id)
    ).one()
    core = [
        Fact("Sum granted", Money(row.amount, row.currency)),
        Fact("Recipient", row.organisation),
        Fact("Application", Link(row.ref, f"/records/{row.ref}")),
        Fact("Highest share of the approved cost", Rate(row.rate)),
        *some("Accepted", row.accepted_at),
    ]
    parts = [Part("The award", tuple(core))]
    conditions = tx.execute(
        select(Condition.number, Condition.text, Condition.proof, Condition.fulfilled_at)
        .where(Condition.award_id == found.id)
        .order_by(Condition.number)
    ).all()
    if conditions:
        facts = [
            Fact(each.text, each.fulfilled_at if each.fulfilled_at is not None else Label("Open"))
            for each in conditions
        ]
        texts = tuple((each.text, each.proof) for each in conditions if each.proof)
        parts.append(Part("Conditions", tuple(facts), texts))
    if row.reported_at is not None:
        report = [Fact("Handed in", row.reported_at)]
        if row.reported_cost is not None:
            report.append(Fact("Cost reported", Money(row.reported_cost, row.currency)))
        if row.final_amount is not None:
            report.append(Fact("Final sum", Money(row.final_amount, row.currency)))
        parts.append(Part("Report", tuple(report), (("Summary", row.summary),) if row.summary else ()))
    return Content(row.title or row.ref, tuple(parts))
