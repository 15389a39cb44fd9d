"""The form of an application as its applicant fills it in: one section at a time, and how far the others are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, lru_cache
from hashlib import sha256
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Row, bindparam, func, select

from grantflow.domain.calls.forms import Form, Section, is_empty
from grantflow.domain.money import Money
from grantflow.domain.refusal import Refusal
from grantflow.domain.words import in_language
from grantflow.services.applications.rights import Place, place
from grantflow.store.applications.models import Answers, Application, Completion, ConflictDeclaration
from grantflow.store.applications.papers import forms_of
from grantflow.store.calls.models import Call, CallDate, FunderWindow, lab_of_call
from grantflow.store.calls.visible import DateNames, date_names, is_named
from grantflow.store.cases import CaseRow
from grantflow.store.files import StoredFile
from grantflow.store.labs.models import Frame, FrameAction
from grantflow.store.people.models import Organisation, User
from grantflow.store.prepared import Prepared
from grantflow.store.programmes.models import Funder
from grantflow.store.session import Tx
from grantflow.store.types import canonical_json

Progress = Literal["done", "begun", "todo", "wrong"]
NOT_YET = frozenset({"field_missing", "declaration_missing"})
"""What is no slip, only not done yet."""


@dataclass(frozen=True, slots=True)
class SectionLine:
    """A section in the list beside the form."""

    name: str
    label: str
    state: Progress
    open: bool
    """Whether it may be written now; after the deadline only what was reopened may."""


@dataclass(frozen=True, slots=True)
class FormPart:
    """A part of what is sent that a step asks for beside the form, written on a page of its own.

    The rooms that keep such parts say which there are (`services/aid/pages/cluster_parts.py`).
    """

    name: str
    label: str
    """A sentence that catalogues know."""
    path: str
    state: Progress
    mends: frozenset[str]
    """With which words refusals begin that are mended here."""
    total: Money | None = None
    """What it adds up to, where it asks for money."""


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that was handed in."""

    id: UUID
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Pot:
    """A window from which money can be asked."""

    id: UUID
    name: str
    funder: str
    minimum: Money
    maximum: Money
    rate: int


@dataclass(frozen=True, slots=True)
class FormPage:
    """An application while it is written."""

    id: UUID
    ref: str
    title: str
    slug: str
    call_title: str
    organisation: str
    country: str
    zone: str
    currency: str
    deadline: datetime | None
    is_late: bool
    editable: bool
    """Whether the actor may write anything of it now."""
    completing: bool
    """Whether only what was asked for can be written, after the deadline."""
    revision: int
    saved_at: datetime
    saved_by: str | None
    """Who of the organisation saved it last, where it was somebody else."""
    form: Form
    answers: Mapping[str, Any]
    sections: tuple[SectionLine, ...]
    actions: tuple[tuple[int, str], ...]
    """The actions of the frame that is in force, by number."""
    files: Mapping[str, KeptFile]
    """Every file of the application by its id as the answers write it."""
    pots: tuple[Pot, ...]
    window_id: UUID | None
    language: str
    where: Place
    """Where the record is, and who the actor is to it."""
    call_id: UUID
    stage: int
    asked: Money | None
    cost: Money | None
    parts: tuple[FormPart, ...] = ()
    """What is sent beside the form, as the entrance adds it."""

    def section(self, name: str) -> Section | None:
        """Return a section of the form, if it has one of that name."""
        return next((section for section in self.form.sections if section.name == name), None)

    def line(self, name: str) -> SectionLine:
        """Return how far a section is."""
        return next(line for line in self.sections if line.name == name)

    def after(self, name: str) -> str | None:
        """Return the section to write after one, passing over those that are closed."""
        names = [line.name for line in self.sections]
        return next((line.name for line in self.sections[names.index(name) + 1 :] if line.open), None)

    def before(self, name: str) -> str | None:
        """Return the section to write before one."""
        names = [line.name for line in self.sections]
        return next((line.name for line in reversed(self.sections[: names.index(name)]) if line.open), None)

    def part_for(self, where: str | None) -> FormPart | None:
        """Return the part beside the form in which it is mended what a refusal is about."""
        word = (where or "").partition(".")[0]
        return next((part for part in self.parts if word in part.mends), None)

    @property
    def first_open(self) -> str:
        """The section with which to go on: the first that is not complete, of those that may be written."""
        writable = [line for line in self.sections if line.open]
        unfinished = [line.name for line in writable if line.state != "done"]
        return (unfinished or [line.name for line in writable] or [self.sections[0].name])[0]

    def slips(self, section: Section) -> tuple[Refusal, ...]:
        """Return what is wrong, not merely missing yet, in what is kept of a section."""
        return tuple(fault for fault in self.faults({section.name}) if fault.code not in NOT_YET)

    def faults(self, sections: Iterable[str] | None = None) -> tuple[Refusal, ...]:
        """Return what keeps it from being sent, in the reader's words."""
        chosen = None if sections is None else frozenset(sections)
        return in_words_of(self.form, self.form.faults(self.answers, chosen), self.language)

    def seen(self, section: Section) -> str:
        """Return the mark of what is kept of a section: who saves it anew says by it what they had before them."""
        return mark_of(section, self.answers)


def form_page(tx: Tx, ref: str, language: str, *, brief: bool = False) -> FormPage | None:
    """Return an application as it is filled in, or nothing where the actor may not see it with its words.

    `brief` leaves out what only its questions need: actions, files and windows.
    """
    about = {"ref": ref, "user": tx.actor.user_id}
    row = tx.execute(_row_of(date_names(tx, "deadline")), about).one_or_none()
    if row is None or (row.said == "hard" and not tx.actor.is_system):
        return None
    found = place(tx, row.id)
    if not tx.actor.is_system and found.roles.isdisjoint(found.state.view):
        return None
    return _page(tx, row, found, language, brief=brief)


@lru_cache(maxsize=16)
def _row_of(deadlines: DateNames) -> Prepared:
    """Return the question for an application, and for what was said last of a tie between it and the actor.

    Whether the actor may see it is what `visible_to` says, asked of one record: a test holds the two together.
    """
    last_said = (
        select(ConflictDeclaration.kind)
        .where(
            ConflictDeclaration.application_id == CaseRow.id,
            ConflictDeclaration.user_id == bindparam("user", type_=ConflictDeclaration.user_id.type),
        )
        .order_by(ConflictDeclaration.number.desc())
        .limit(1)
    )
    return (
        select(
            CaseRow.id,
            CaseRow.ref,
            Application.title,
            Application.stage,
            Application.window_id,
            Application.call_id,
            Application.asked,
            Application.cost,
            lab_of_call().label("lab_id"),
            Call.slug,
            Call.title.label("call_title"),
            Call.language,
            Call.zone,
            Call.currency,
            Organisation.name.label("organisation"),
            Organisation.country,
            Answers.revision,
            Answers.answers,
            Answers.saved_at,
            Answers.saved_by,
            User.name.label("saver"),
            CallDate.at.label("deadline"),
            last_said.scalar_subquery().label("said"),
        )
        .select_from(CaseRow)
        .join(Application, Application.id == CaseRow.id)
        .join(Call, Call.id == Application.call_id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .join(Answers, Answers.application_id == CaseRow.id)
        .outerjoin(User, User.id == Answers.saved_by)
        .outerjoin(
            CallDate,
            (CallDate.call_id == Call.id) & (CallDate.stage == Application.stage) & is_named(deadlines),
        )
        .where(CaseRow.ref == bindparam("ref"))
    )


def _page(tx: Tx, row: Row[*tuple[Any, ...]], found: Place, language: str, *, brief: bool) -> FormPage:
    form = forms_of(tx, [(row.call_id, row.stage)])[row.call_id, row.stage]
    editable = bool(found.roles & found.state.edit)
    reopened = _reopened(tx, row.id)
    return FormPage(
        id=row.id,
        ref=row.ref,
        title=row.title,
        slug=row.slug,
        call_title=in_language(row.call_title, language, row.language),
        organisation=row.organisation,
        country=row.country,
        zone=row.zone,
        currency=row.currency,
        deadline=row.deadline,
        is_late=row.deadline is not None and tx.now >= row.deadline,
        editable=editable,
        completing=editable and reopened is not None,
        revision=row.revision,
        saved_at=row.saved_at,
        saved_by=row.saver if row.saved_by != tx.actor.user_id else None,
        form=form,
        answers=row.answers,
        sections=tuple(
            SectionLine(
                section.name,
                in_language(section.title, language, form.language),
                progress(form, section, row.answers),
                editable and (reopened is None or section.name in reopened),
            )
            for section in form.sections
        ),
        actions=() if brief else _actions(tx, row.lab_id, form),
        files={} if brief else _files(tx, row.id, form),
        pots=() if brief else pots_of(tx, row.call_id, row.stage),
        window_id=row.window_id,
        language=language,
        where=found,
        call_id=row.call_id,
        stage=row.stage,
        asked=None if row.asked is None else Money(row.asked, row.currency),
        cost=None if row.cost is None else Money(row.cost, row.currency),
    )


def progress(form: Form, section: Section, answers: Mapping[str, Any]) -> Progress:
    """Return how far a section is: a slip comes before everything else."""
    faults = form.faults(answers, {section.name})
    if any(fault.code not in NOT_YET for fault in faults):
        return "wrong"
    if not faults:
        return "done"
    begun = any(
        not is_empty(answers.get(field.name)) and answers.get(field.name) is not False
        for field in section.fields
    )
    return "begun" if begun else "todo"


def in_words_of(form: Form, refusals: Iterable[Refusal], language: str) -> tuple[Refusal, ...]:
    """Return refusals that name the fields of a form as the reader of a language knows them."""
    labels = {field.name: in_language(field.label, language, form.language) for field in form.fields()}
    return tuple(
        replace(each, params={**each.params, "label": labels[each.where]})
        if each.where in labels and "label" in each.params
        else each
        for each in refusals
    )


def mark_of(section: Section, answers: Mapping[str, Any]) -> str:
    """Return a short mark of what is kept of a section."""
    kept = {field.name: answers[field.name] for field in section.fields if field.name in answers}
    return sha256(canonical_json(kept).encode()).hexdigest()[:16]


def _reopened(tx: Tx, application_id: UUID) -> Sequence[str] | None:
    found: Sequence[str] | None = tx.execute(_open_completion(), {"application": application_id}).scalar()
    return found


@cache
def _open_completion() -> Prepared:
    asked = bindparam("application", type_=Completion.application_id.type)
    return select(Completion.sections).where(
        Completion.application_id == asked, Completion.answered_at.is_(None)
    )


def _actions(tx: Tx, call_id: UUID, form: Form) -> tuple[tuple[int, str], ...]:
    if not form.of_kind("actions"):
        return ()
    return tuple((row.number, row.title) for row in tx.execute(_adopted_actions(), {"call": call_id}))


@cache
def _adopted_actions() -> Prepared:
    call = bindparam("call", type_=Frame.call_id.type)
    last = select(func.max(Frame.version)).where(Frame.call_id == call, Frame.adopted_at.is_not(None))
    return (
        select(FrameAction.number, FrameAction.title)
        .join(Frame, Frame.id == FrameAction.frame_id)
        .where(Frame.call_id == call, Frame.version == last.scalar_subquery())
        .order_by(FrameAction.number)
    )


def _files(tx: Tx, application_id: UUID, form: Form) -> dict[str, KeptFile]:
    if not form.of_kind("file"):
        return {}
    rows = tx.execute(_files_of(), {"application": application_id})
    return {row.id.hex: KeptFile(row.id, row.name, row.size) for row in rows}


@cache
def _files_of() -> Prepared:
    asked = bindparam("application", type_=StoredFile.record_id.type)
    return select(StoredFile.id, StoredFile.name, StoredFile.size).where(StoredFile.record_id == asked)


def pots_of(tx: Tx, call_id: UUID, stage: int) -> tuple[Pot, ...]:
    """Return the windows of a stage of a call from which money can be asked."""
    found = (
        select(FunderWindow, Funder.name)
        .join(Funder, Funder.id == FunderWindow.funder_id)
        .where(FunderWindow.call_id == call_id, FunderWindow.stage == stage)
        .order_by(FunderWindow.name)
    )
    return tuple(
        Pot(
            window.id,
            window.name,
            funder,
            Money(window.minimum, window.currency),
            Money(window.maximum, window.currency),
            window.rate,
        )
        for window, funder in tx.session.execute(found)
    )
