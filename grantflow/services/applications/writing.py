"""Saving answers: any part of them at any time, checked field by field; the case itself is not touched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import CursorResult, delete, insert, select, update

from grantflow.domain.applications.answers import Essence, changed_outside, essence, listed
from grantflow.domain.calls.forms import Form
from grantflow.domain.refusal import Refusal, Refused, refuse
from grantflow.services.applications.rights import demand_edit
from grantflow.store.applications.models import (
    Answers,
    Application,
    BudgetLine,
    Completion,
    ListedValue,
    Partner,
)
from grantflow.store.applications.papers import forms_of
from grantflow.store.calls.models import FunderWindow
from grantflow.store.files import StoredFile
from grantflow.store.people.models import Organisation
from grantflow.store.session import Tx


@dataclass(frozen=True, slots=True)
class Saved:
    """What a save left: the new revision of the answers, and what still keeps them from being sent."""

    revision: int
    missing: tuple[Refusal, ...]
    answers: Mapping[str, Any]
    """Everything that is kept now."""


def save_answers(
    tx: Tx, application_id: UUID, answers: Mapping[str, Any], *, revision: int | None = None
) -> Saved:
    """Save some answers and keep the others; None takes an answer away.

    Raises:
        Refused: the answers are not the actor's to write now, somebody saved in between (`revision`), or a value does
            not fit its field; nothing is changed.
    """
    return _save(tx, _draft(tx, application_id, revision), answers)


def save_what_fits(
    tx: Tx, application_id: UUID, answers: Mapping[str, Any], *, revision: int | None = None
) -> tuple[Saved, tuple[Refusal, ...]]:
    """Save those answers that fit their fields, so that one slip loses none of the others; return why the rest do not.

    Raises:
        Refused: the answers are not the actor's to write now, or somebody saved in between; nothing is changed.
    """
    draft = _draft(tx, application_id, revision)
    misfits = draft.form.misfits(answers)
    wrong = {refusal.where for refusal in misfits}
    fitting = {name: answer for name, answer in answers.items() if name not in wrong}
    if _merged(draft, fitting) == draft.kept.answers:
        kept = draft.kept
        return Saved(kept.revision, draft.form.faults(kept.answers), kept.answers), misfits
    return _save(tx, draft, fitting), misfits


@dataclass(frozen=True, slots=True)
class _Draft:
    """An application whose answers the actor may write now."""

    application: Application
    kept: Answers
    form: Form


def _draft(tx: Tx, application_id: UUID, revision: int | None) -> _Draft:
    demand_edit(tx, application_id)
    application = tx.session.get(Application, application_id, populate_existing=True)
    kept = tx.session.get(Answers, application_id, populate_existing=True)
    assert application is not None
    assert kept is not None
    form = forms_of(tx, [(application.call_id, application.stage)])[application.call_id, application.stage]
    if revision is not None and revision != kept.revision:
        raise refuse(
            "answers_stale", "Somebody else saved this form in the meantime. Look at what they wrote first."
        )
    return _Draft(application, kept, form)


def _save(tx: Tx, draft: _Draft, answers: Mapping[str, Any]) -> Saved:
    misfits = draft.form.misfits(answers)
    if misfits:
        raise Refused(misfits)
    application_id = draft.application.id
    merged = _merged(draft, answers)
    _demand_open_sections(tx, application_id, draft.form, draft.kept.answers, merged)
    _demand_own_files(tx, application_id, draft.form, answers)
    _write(tx, draft.application, draft.kept, draft.form, merged)
    return Saved(draft.kept.revision, draft.form.faults(merged), merged)


def _merged(draft: _Draft, answers: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**draft.kept.answers, **answers}.items() if value is not None}


def _demand_own_files(tx: Tx, application_id: UUID, form: Form, answers: Mapping[str, Any]) -> None:
    """Let an answer name no file but those that were handed in with this very application."""
    named = {field.name: answers.get(field.name) or [] for field in form.of_kind("file")}
    if not any(named.values()):
        return
    own = {
        each.hex
        for each in tx.execute(select(StoredFile.id).where(StoredFile.record_id == application_id)).scalars()
    }
    strangers = [name for name, ids in named.items() if not own.issuperset(ids)]
    if strangers:
        raise Refused(
            Refusal("unknown_file", "This file was not handed in with this application.", where=name)
            for name in strangers
        )


def _demand_open_sections(
    tx: Tx, application_id: UUID, form: Form, before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    sections = tx.execute(
        select(Completion.sections).where(
            Completion.application_id == application_id, Completion.answered_at.is_(None)
        )
    ).scalar()
    if sections is None:
        return
    outside = changed_outside(form, before, after, sections)
    if outside:
        raise Refused(
            Refusal(
                "section_closed",
                "Only the sections that were reopened can be changed now: %(sections)s.",
                {"sections": ", ".join(sections)},
                name,
            )
            for name in outside
        )


def _write(tx: Tx, application: Application, kept: Answers, form: Form, answers: Mapping[str, Any]) -> None:
    saved: CursorResult[Any] = tx.execute(
        update(Answers)
        .where(Answers.application_id == application.id, Answers.revision == kept.revision)
        .values(
            answers=dict(answers),
            revision=kept.revision + 1,
            saved_at=tx.now,
            saved_by=tx.actor.user_id,
        )
    )
    if saved.rowcount != 1:
        raise refuse("answers_stale", "Somebody else saved this form at the same moment. Please try again.")
    tx.session.refresh(kept)
    core = essence(form, answers)
    application.title = core.title or application.title
    application.asked = core.asked
    application.cost = core.cost
    application.actions = list(core.actions)
    tx.flush()
    _copy_lines(tx, application.id, core)
    _copy_partners(tx, application.id, core)
    _copy_listed(tx, application.id, form, answers)


def _copy_lines(tx: Tx, application_id: UUID, core: Essence) -> None:
    tx.execute(delete(BudgetLine).where(BudgetLine.application_id == application_id))
    lines = [
        {
            "id": tx.new_id(),
            "application_id": application_id,
            "number": number,
            "category": line.category,
            "about": line.about,
            "amount": line.amount,
        }
        for number, line in enumerate(core.budget, 1)
    ]
    if lines:
        tx.execute(insert(BudgetLine), lines)


def _copy_partners(tx: Tx, application_id: UUID, core: Essence) -> None:
    """Copy the partners for lists and for the search for conflicts: who belongs to one is tied to the application."""
    known = select(Partner.name, Partner.confirmed_at).where(Partner.application_id == application_id)
    confirmed = {row.name: row.confirmed_at for row in tx.execute(known)}
    if not confirmed and not core.partners:
        return
    tx.execute(delete(Partner).where(Partner.application_id == application_id))
    registered = _registered(tx, core)
    rows = [
        {
            "id": tx.new_id(),
            "application_id": application_id,
            "number": number,
            "organisation_id": registered.get(partner.number.casefold())
            or registered.get(partner.name.casefold()),
            "name": partner.name,
            "country": partner.country,
            "cost": 0,
            "asked": 0,
            "confirmed_at": (confirmed.get(partner.name) or tx.now) if partner.confirmed else None,
        }
        for number, partner in enumerate(core.partners, 1)
    ]
    if rows:
        tx.execute(insert(Partner), rows)


def _registered(tx: Tx, core: Essence) -> dict[str, UUID]:
    """Return the organisations that bear the number or the very name of a partner, by either in small letters."""
    numbers = {partner.number for partner in core.partners if partner.number}
    names = {partner.name for partner in core.partners}
    found = tx.execute(
        select(Organisation.id, Organisation.identifier, Organisation.name).where(
            Organisation.identifier.in_(numbers) | Organisation.name.in_(names)
        )
    )
    return {
        word.casefold(): row.id
        for row in found
        for word, wanted in ((row.identifier, numbers), (row.name, names))
        if word in wanted
    }


def _copy_listed(tx: Tx, application_id: UUID, form: Form, answers: Mapping[str, Any]) -> None:
    tx.execute(delete(ListedValue).where(ListedValue.record_id == application_id))
    values = [
        {
            "record_id": application_id,
            "field": value.field,
            "text": value.text,
            "number": value.number,
            "at": None if value.day is None else datetime.combine(value.day, time(), UTC),
        }
        for value in listed(form, answers)
    ]
    if values:
        tx.execute(insert(ListedValue), values)


def choose_window(tx: Tx, application_id: UUID, window_id: UUID) -> None:
    """Choose the window from which an application asks for money, where the stage has several."""
    demand_edit(tx, application_id)
    application = tx.session.get(Application, application_id, populate_existing=True)
    assert application is not None
    window = tx.session.get(FunderWindow, window_id)
    if window is None or (window.call_id, window.stage) != (application.call_id, application.stage):
        raise refuse("unknown_window", "This call has no such window at this stage.", "window")
    application.window_id = window_id
    tx.flush()
