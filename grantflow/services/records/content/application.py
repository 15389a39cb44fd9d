"""An application: whose, for how much, what was decided once it is told, and what was sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select

from grantflow.domain.money import Money
from grantflow.services.applications.sent import COLUMNS as SENT
from grantflow.services.applications.sent import ReadField, ReadSection, read_sent, with_last_sending
from grantflow.services.calls.public import spelled
from grantflow.services.records.content import aid
from grantflow.services.records.meaning import is_inside
from grantflow.services.records.said import Content, Fact, Label, Part, Rate, Sentence, Value, some
from grantflow.services.records.visibility import Found
from grantflow.store.applications.models import Application
from grantflow.store.awards.models import Decision, Release
from grantflow.store.calls.models import FunderWindow
from grantflow.store.people.models import Organisation
from grantflow.store.session import Tx

KINDS = {
    "yes": "Funded",
    "reserve": "On the reserve list",
    "no": "Not funded",
    "ineligible": "Not eligible",
    "dismissed": "Dismissed",
    "admitted": "Admitted although late",
    "lapsed": "Lapsed",
    "terminated": "Terminated",
    "annulled": "Annulled",
}

DECISION = "Decision"
"""The part that says the last decision of which the reader may know."""


@cache
def _about() -> Select[*tuple[Any, ...]]:
    """Return the question about an application and the decisions about it, the last one first: a row for each.

    An application has decisions of one of the two kinds: those of the fund, or those about aid.
    """
    return with_last_sending(
        select(
            Application.title,
            Application.asked,
            Application.cost,
            Application.actions,
            Application.registered_at,
            Application.submitted_at,
            Application.by_paper,
            Application.arrived_at,
            Organisation.name.label("organisation"),
            Organisation.town,
            FunderWindow.name.label("window"),
            FunderWindow.currency,
            Decision.id.label("decision_id"),
            Decision.number,
            Decision.replaces_id,
            Decision.kind,
            Decision.authority,
            Decision.amount,
            Decision.currency.label("decided_currency"),
            Decision.conditions,
            Decision.reasons,
            Decision.decided_at,
            Release.notice_at,
            *aid.COLUMNS,
            *SENT,
        )
        .select_from(Application)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .outerjoin(Decision, Decision.application_id == Application.id)
        .outerjoin(Release, Release.decision_id == Decision.id)
        .outerjoin(*aid.DECIDED)
        .outerjoin(*aid.CHOSEN)
        .outerjoin(*aid.PAID_TO)
        .where(Application.id == bindparam("record"))
        .order_by(Decision.number.desc(), *aid.NEWEST_FIRST)
    )


def content(tx: Tx, found: Found, language: str) -> Content:
    """Return what an application is about."""
    rows = tx.execute(_about(), {"record": found.id}).all()
    row = rows[0]
    parts = [
        *_decisions(tx, found, rows),
        *aid.decisions(found, rows),
        Part("The application", tuple(_core(row, row.currency or found.currency))),
        *aid.beside(found, row),
        *_sent(tx, row, language),
    ]
    return Content(row.title or found.call_title, tuple(parts))


def _core(row: Any, currency: str) -> Iterator[Fact]:
    yield Fact("Applicant", row.organisation)
    yield from some("Town", row.town)
    if row.asked is not None:
        yield Fact("Sum asked for", Money(row.asked, currency))
    if row.cost is not None:
        yield Fact("Cost of the project", Money(row.cost, currency))
        if row.asked is not None and row.cost:
            yield Fact("Share of the cost", Rate(row.asked * 10_000 // row.cost))
    if row.actions:
        yield Fact("Actions of the frame", tuple(row.actions))
    yield from some("Window", spelled(row.window) if row.window else None)
    yield from some("Registered", row.registered_at)
    if row.by_paper and row.arrived_at is not None:
        yield Fact("Arrived on paper", row.arrived_at)
    yield from some("Sent", row.submitted_at)


def _decisions(tx: Tx, found: Found, rows: Sequence[Any]) -> Iterator[Part]:
    """Yield the decisions, the one that holds first, each with what it replaces: for those outside, of what they were told."""
    inside = is_inside(found.scheme, found.roles)
    known = [
        row
        for row in rows
        if row.kind is not None and (inside or (row.notice_at is not None and row.notice_at <= tx.now))
    ]
    numbers = {row.decision_id: row.number for row in known}
    replaced_by = {row.replaces_id: row.number for row in known}
    for place, row in enumerate(known):
        facts = [Fact("Decision", Label(KINDS[row.kind]))]
        if len(known) > 1:
            facts.append(Fact("Number", row.number))
            facts += some("Replaces the decision with number", numbers.get(row.replaces_id))
            facts += some("Replaced by the decision with number", replaced_by.get(row.decision_id))
        if row.kind in {"yes", "reserve"}:
            facts.append(Fact("Sum", Money(row.amount, row.decided_currency)))
        facts += some("Decided", row.decided_at)
        if row.authority == "rule":
            facts.append(Fact("Decided by", Sentence("The published rule of the call, and no person.")))
        facts += some("Told to the applicant", row.notice_at)
        if row.notice_at is None:
            facts.append(Fact("Told to the applicant", Sentence("Not yet: it is not released.")))
        texts = [("Reasons", row.reasons)] if row.reasons else []
        texts += [("Condition", str(condition)) for condition in row.conditions or ()]
        yield Part("Earlier decision" if place else DECISION, tuple(facts), tuple(texts))


def _sent(tx: Tx, row: Any, language: str) -> Iterator[Part]:
    read = read_sent(tx, row, language)
    if read is None:
        return
    for section in read.sections:
        part = _section(section)
        if part.facts or part.texts:
            yield part
    if read.partners:
        facts = tuple(Fact(each.name, (each.country, each.cost)) for each in read.partners)
        yield Part("Partners", facts)


def _section(section: ReadSection) -> Part:
    facts = []
    texts = []
    for field in section.fields:
        if field.kind == "long_text":
            if field.text:
                texts.append((field.label, "\n\n".join(field.text)))
            continue
        value = _answer(field)
        if value is not None:
            facts.append(Fact(field.label, value))
        facts += [Fact(line.label, line.amount) for line in field.lines]
    return Part(section.title, tuple(facts), tuple(texts))


def _answer(field: ReadField) -> Value | None:
    if field.amount is not None:
        return field.amount
    if field.number is not None:
        return field.number
    if field.day is not None:
        return field.day
    if field.flag is not None:
        return Label("Yes") if field.flag else Label("No")
    return tuple(field.text) or None
