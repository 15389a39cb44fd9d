"""A line of a request: which firm, for what, how much."""

from __future__ import annotations

from sqlalchemy import select

from grantflow.domain.money import Money
from grantflow.services.aid.pages.papers import letters_of
from grantflow.services.calls.public import spelled
from grantflow.services.records.said import Content, Fact, Label, Link, Part, some
from grantflow.services.records.visibility import Found
from grantflow.store.aid.models import DeliveryProof, Line
from grantflow.store.cases import CaseRow
from grantflow.store.files import StoredFile
from grantflow.store.people.models import Organisation
from grantflow.store.session import Tx


def content(tx: Tx, found: Found, _language: str) -> Content:
    """Return what a line is about."""
    row = tx.execute(
        select(
            *(Line.activity, Line.amount, Line.currency, Line.place, Line.starts_on, Line.contact),
            *(Line.asked_at, Line.confirmed_at, Line.passed_on),
            Organisation.name.label("firm"),
            Organisation.identifier,
            CaseRow.ref.label("request"),
        )
        .select_from(Line)
        .join(Organisation, Organisation.id == Line.firm_id)
        .join(CaseRow, CaseRow.id == found.parent_id)
        .where(Line.id == found.id)
    ).one()
    facts = [
        Fact("Firm", row.firm),
        Fact("Registration number", row.identifier),
        Fact("Activity", Label(spelled(row.activity))),
        Fact("Lump sum", Money(row.amount, row.currency)),
        *some("Place", row.place),
        Fact("Begins", row.starts_on),
        *some("The firm's link goes to", row.contact),
        Fact("Request", Link(row.request, f"/records/{row.request}")),
        *some("The firm was asked", row.asked_at),
        *some("Confirmed", row.confirmed_at),
    ]
    if row.passed_on is not None:
        facts.append(Fact("Value passed on to the firm", Money(row.passed_on, row.currency)))
    parts = [Part("The line", tuple(facts))]
    proof = tx.execute(
        select(
            DeliveryProof.done_on,
            DeliveryProof.what,
            DeliveryProof.given_at,
            DeliveryProof.file_id,
            StoredFile.name,
        )
        .outerjoin(StoredFile, StoredFile.id == DeliveryProof.file_id)
        .where(DeliveryProof.line_id == found.id)
        .order_by(DeliveryProof.given_at.desc())
        .limit(1)
    ).one_or_none()
    if proof is not None:
        proven = [Fact("Carried out", proof.done_on), Fact("Handed in", proof.given_at)]
        if proof.name:
            proven.append(Fact("The paper", Link(proof.name, f"/files/{proof.file_id}")))
        parts.append(Part("Proof", tuple(proven), (("What was done", proof.what),)))
    if "funded" in found.shown.tags:
        letters = letters_of(tx, [found.id]).get(found.id, ())
        papers = (
            Fact("Letter to the firm", Link(Label("Open the letter (PDF)"), f"/letters/{each.id}.pdf"))
            for each in letters
        )
        parts.append(Part("Letters", tuple(papers)))
    return Content(row.firm, tuple(parts))
