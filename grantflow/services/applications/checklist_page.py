"""The page on which an officer checks an application: own conflict first, then item by item beside what was sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased

from grantflow.domain.calls.forms import Form
from grantflow.domain.words import in_language
from grantflow.services.applications.checking import CHECKS
from grantflow.services.applications.conflicts import Kind, last_word
from grantflow.services.applications.finding import application_with
from grantflow.services.applications.rights import Place, place
from grantflow.services.applications.sent import Sent, sent
from grantflow.store.applications.models import Application, Completion, EligibilityCheck
from grantflow.store.applications.papers import forms_of
from grantflow.store.calls.models import Call
from grantflow.store.people.models import Organisation, User
from grantflow.store.session import Tx

REOPENS = "reopen_sections"
"""The effect of the step that asks for what is missing."""


@dataclass(frozen=True, slots=True)
class Item:
    """A formal condition, the officer's answer so far, and who gave it when."""

    name: str
    label: str
    answer: str
    note: str
    by: str | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class SectionChoice:
    """A section of the form that could be reopened, or never is because it is scored (P17)."""

    name: str
    title: str
    may_be_completed: bool


@dataclass(frozen=True, slots=True)
class NextStep:
    """A step of the actor's that leads on from here; whether it is open is judged on its own page."""

    name: str
    label: str
    about: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for completion that was made."""

    sections: tuple[str, ...]
    at: datetime
    by: str | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class ChecklistPage:
    """Everything that the page shows."""

    id: UUID
    ref: str
    title: str
    organisation: str
    call_slug: str
    call_title: str
    zone: str
    state: str
    own_word: Kind | None
    """What the actor said last about a conflict of their own; nothing is shown before a word."""
    may_answer: bool
    items: tuple[Item, ...]
    may_ask: bool
    sections: tuple[SectionChoice, ...]
    asked: tuple[Asked, ...]
    steps: tuple[NextStep, ...]
    sent: Sent | None

    @property
    def open(self) -> int:
        """How many items nobody has answered."""
        return sum(not item.answer for item in self.items)

    @property
    def unmet(self) -> int:
        """How many items are not met."""
        return sum(item.answer == "no" for item in self.items)


def checklist_page(tx: Tx, ref: str, language: str) -> ChecklistPage | None:
    """Return the page about an application, or nothing where the actor may not check it or not even see it."""
    application_id = application_with(tx, ref)
    if application_id is None:
        return None
    here = place(tx, application_id)
    checking = frozenset(
        role
        for row in here.lifecycle.rows
        if any(call.name == CHECKS for call in row.guards)
        for role in row.by
    )
    if not here.roles & checking:
        return None
    about = _about(tx, application_id)
    said = None if tx.actor.user_id is None else last_word(tx, application_id, tx.actor.user_id)
    form = forms_of(tx, [(about.call_id, about.stage)])[about.call_id, about.stage]
    return ChecklistPage(
        application_id,
        here.case.ref,
        about.title,
        about.organisation,
        about.slug,
        in_language(about.call_title, language, about.language),
        about.zone,
        here.state.label,
        said,
        bool(here.own(guard=CHECKS)) and said == "none",
        _items(tx, application_id, form, language),
        bool(here.own(effect=REOPENS)) and said == "none",
        tuple(
            SectionChoice(
                section.name,
                in_language(section.title, language, form.language),
                section.may_be_completed,
            )
            for section in form.sections
        ),
        _asked(tx, application_id, form, language),
        _steps(here),
        sent(tx, application_id, language) if said == "none" else None,
    )


def _about(tx: Tx, application_id: UUID) -> Any:
    found = (
        select(
            Application.title,
            Application.stage,
            Application.call_id,
            Organisation.name.label("organisation"),
            Call.slug,
            Call.title.label("call_title"),
            Call.language,
            Call.zone,
        )
        .select_from(Application)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .join(Call, Call.id == Application.call_id)
        .where(Application.id == application_id)
    )
    return tx.execute(found).one()


def _items(tx: Tx, application_id: UUID, form: Form, language: str) -> tuple[Item, ...]:
    found = (
        select(
            EligibilityCheck.item,
            EligibilityCheck.answer,
            EligibilityCheck.note,
            EligibilityCheck.answered_at,
            User.name,
        )
        .outerjoin(User, User.id == EligibilityCheck.answered_by)
        .where(EligibilityCheck.application_id == application_id)
    )
    known = {row.item: row for row in tx.execute(found)}
    return tuple(
        Item(
            item.name,
            in_language(item.label, language, form.language),
            row.answer if (row := known.get(item.name)) is not None else "",
            (row.note or "") if row is not None else "",
            row.name if row is not None else None,
            row.answered_at if row is not None else None,
        )
        for item in form.checklist
    )


def _asked(tx: Tx, application_id: UUID, form: Form, language: str) -> tuple[Asked, ...]:
    asker = aliased(User)
    titles: Mapping[str, str] = {
        section.name: in_language(section.title, language, form.language) for section in form.sections
    }
    found = (
        select(Completion.sections, Completion.asked_at, Completion.answered_at, asker.name)
        .outerjoin(asker, asker.id == Completion.asked_by)
        .where(Completion.application_id == application_id)
        .order_by(Completion.asked_at)
    )
    return tuple(
        Asked(tuple(titles.get(name, name) for name in row.sections), row.asked_at, row.name, row.answered_at)
        for row in tx.execute(found)
    )


def _steps(here: Place) -> tuple[NextStep, ...]:
    """Return the actor's steps from here, but for asking for completion, which has its own boxes on the page."""
    steps: dict[str, NextStep] = {}
    for row in here.own():
        if REOPENS not in row.effects:
            steps.setdefault(row.name, NextStep(row.name, row.label, row.about))
    return tuple(steps.values())
