"""A decision as its applicant reads it: yes or no, how much, why, what to do by when; and what can be done now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from grantflow.domain.money import Money
from grantflow.services import cases
from grantflow.services.cases import Choice
from grantflow.services.letters.catalogue import shipped
from grantflow.services.letters.compose import Letter
from grantflow.services.letters.due import due_of
from grantflow.services.letters.notices import Recipient, compose_for
from grantflow.services.papers import filed_letter
from grantflow.store.applications.models import Application
from grantflow.store.applications.visibility import visible_to
from grantflow.store.awards.models import Award, Condition
from grantflow.store.awards.visibility import visible_to as award_visible_to
from grantflow.store.calls.models import Call
from grantflow.store.cases import CaseRow
from grantflow.store.outbox import OutboxMessage
from grantflow.store.people.roles import roles_of
from grantflow.store.session import Tx


@dataclass(frozen=True, slots=True)
class ConditionLine:
    """A condition of a grant, and whether it is fulfilled."""

    number: int
    text: str
    fulfilled_at: datetime | None


@dataclass(frozen=True, slots=True)
class OwnAward:
    """The grant that followed, where there is one."""

    ref: str
    amount: Money
    label: str
    """Where it stands, as the applicant sees it."""
    due: datetime | None
    """Until when something is expected of somebody."""
    options: tuple[Choice, ...]
    conditions: tuple[ConditionLine, ...]


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """The last decision of which an applicant was told."""

    id: UUID
    ref: str
    title: str
    slug: str
    zone: str
    at: datetime
    letter: Letter
    paper_id: UUID | None
    """The filed PDF; nothing as long as it is being made."""
    earlier: tuple[tuple[datetime, UUID], ...]
    """When earlier decisions were told, and their papers."""
    award: OwnAward | None


def decision_page(tx: Tx, ref: str, language: str) -> DecisionPage | None:
    """Return the decision of which those who play a role of the actor were told last; nothing before it is told."""
    row = tx.execute(
        select(CaseRow.id, CaseRow.ref, Application.title, Call.slug, Call.zone, Call.currency)
        .add_columns(CaseRow.scheme, CaseRow.version, CaseRow.lifecycle)
        .join(Application, Application.id == CaseRow.id)
        .join(Call, Call.id == Application.call_id)
        .where(CaseRow.ref == ref, visible_to(tx, tx.actor))
    ).one_or_none()
    if row is None:
        return None
    told = _told(tx, row.id)
    if not told:
        return None
    last = told[-1]
    letter = compose_for(tx, row.id, last.template, Recipient("-", language), last.data, last.at)
    below = cases.compiled(tx, row.scheme, row.version).scheme.children_of(row.lifecycle)
    earlier = ((each.at, filed_letter(tx, row.id, [each.template], each.at, language)) for each in told[:-1])
    return DecisionPage(
        id=row.id,
        ref=row.ref,
        title=row.title,
        slug=row.slug,
        zone=row.zone,
        at=last.at,
        letter=letter,
        paper_id=filed_letter(tx, row.id, [last.template], last.at, language),
        earlier=tuple((at, paper) for at, paper in earlier if paper is not None),
        award=_award(tx, row.id) if any(child.record == "award" for child in below) else None,
    )


def _told(tx: Tx, application_id: UUID) -> list[OutboxMessage]:
    """Return the messages to a role of the actor that carry a decision, the first first."""
    roles = roles_of(tx, tx.actor, [application_id])[application_id]
    carry = [
        name
        for name, design in shipped().designs.items()
        if any(text.answer for text in design.texts.values())
    ]
    found = (
        select(OutboxMessage)
        .where(
            OutboxMessage.case_id == application_id,
            OutboxMessage.role.in_(roles),
            OutboxMessage.template.in_(carry),
            OutboxMessage.at <= tx.now,
        )
        .order_by(OutboxMessage.at, OutboxMessage.id)
    )
    return list(tx.session.scalars(found))


def _award(tx: Tx, application_id: UUID) -> OwnAward | None:
    row = tx.session.execute(
        select(Award, CaseRow)
        .join(CaseRow, CaseRow.id == Award.id)
        .where(Award.application_id == application_id, award_visible_to(tx, tx.actor))
        .order_by(Award.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    award, case = row
    choices = cases.choices(tx, [award.id])[award.id]
    conditions = select(Condition.number, Condition.text, Condition.fulfilled_at).where(
        Condition.award_id == award.id
    )
    return OwnAward(
        ref=case.ref,
        amount=Money(award.amount, award.currency),
        label=choices.label,
        due=due_of(tx, case),
        options=choices.options,
        conditions=tuple(
            ConditionLine(each.number, each.text, each.fulfilled_at)
            for each in tx.execute(conditions.order_by(Condition.number))
        ),
    )
