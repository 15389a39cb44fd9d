"""Fact loaders of the room of applications: a fixed number of statements, for one record or for thousands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from grantflow.domain.applications import checking, sending
from grantflow.domain.words import in_language
from grantflow.store.applications.models import (
    Answers,
    Application,
    Completion,
    ConflictDeclaration,
    EligibilityCheck,
)
from grantflow.store.applications.papers import forms_of
from grantflow.store.calls.models import Call, CallDate, FunderWindow, bound_by_lab, lab_of_call
from grantflow.store.cases import CaseRow
from grantflow.store.labs.models import Frame, FrameAction, FrameAuthor
from grantflow.store.meaning import date_that_means, tags_of
from grantflow.store.people.models import Membership, Organisation
from grantflow.store.prepared import IDS, Prepared, about
from grantflow.store.session import Tx
from grantflow.workflow.registry import fact

ROOT = aliased(CaseRow, name="root")


@cache
def _sending_times() -> Prepared:
    return (
        select(
            Application.id,
            Application.registered_at,
            Application.by_paper,
            CallDate.name,
            CallDate.at,
            ROOT.scheme,
            ROOT.version,
            ROOT.lifecycle,
            ROOT.state,
        )
        .select_from(Application)
        .join(ROOT, ROOT.id == Application.call_id)
        .outerjoin(
            CallDate, (CallDate.call_id == Application.call_id) & (CallDate.stage == Application.stage)
        )
        .where(Application.id.in_(IDS))
    )


@fact(sending.SendingTimes, of=["application"])
def sending_times(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, sending.SendingTimes]:
    """Read when each application may be sent, by its own stage."""
    rows, dates = {}, defaultdict[UUID, dict[str, datetime]](dict)
    for row in tx.execute(_sending_times(), about(ids)):
        rows[row.id] = row
        if row.name is not None:
            dates[row.id][row.name] = row.at
    return {
        each: sending.SendingTimes(
            dates[each],
            dates[each].get(date_that_means(tx, row.scheme, row.version, "deadline") or ""),
            row.registered_at,
            bool(tags_of(tx, row.scheme, row.version, row.lifecycle, row.state) & {"suspended", "cancelled"}),
            bool(row.by_paper),
        )
        for each, row in rows.items()
    }


@cache
def _filled_form() -> Prepared:
    return (
        select(Application.id, Application.call_id, Application.stage, Answers.answers, Answers.revision)
        .select_from(Application)
        .outerjoin(Answers, Answers.application_id == Application.id)
        .where(Application.id.in_(IDS))
    )


@fact(sending.FilledForm, of=["application"])
def filled_form(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, sending.FilledForm]:
    """Read the form and the answers of each application; a second statement reads the forms."""
    rows = tx.execute(_filled_form(), about(ids)).all()
    forms = forms_of(tx, {(row.call_id, row.stage) for row in rows})
    return {
        row.id: sending.FilledForm(forms[row.call_id, row.stage], row.answers or {}, row.revision or 0)
        for row in rows
    }


@cache
def _frame_served() -> Prepared:
    newest = aliased(Frame)
    in_force = (
        select(func.max(newest.version))
        .where(newest.call_id == lab_of_call(), newest.adopted_at.is_not(None))
        .correlate(Call)
        .scalar_subquery()
    )
    return (
        select(Application.id, Application.actions, bound_by_lab().label("has_lab"), FrameAction.number)
        .select_from(Application)
        .join(Call, Call.id == Application.call_id)
        .outerjoin(Frame, (Frame.call_id == lab_of_call()) & (Frame.version == in_force))
        .outerjoin(FrameAction, FrameAction.frame_id == Frame.id)
        .where(Application.id.in_(IDS))
    )


@fact(sending.FrameServed, of=["application"])
def frame_served(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, sending.FrameServed]:
    """Read the actions that each application names, and those of the frame that was adopted last."""
    offered: dict[UUID, set[int]] = defaultdict(set)
    served: dict[UUID, tuple[bool, tuple[int, ...]]] = {}
    for row in tx.execute(_frame_served(), about(ids)):
        served[row.id] = bool(row.has_lab), tuple(row.actions or ())
        if row.number is not None:
            offered[row.id].add(row.number)
    return {
        each: sending.FrameServed(has_lab, frozenset(offered[each]), named)
        for each, (has_lab, named) in served.items()
    }


@cache
def _window_limits() -> Prepared:
    return (
        select(
            Application.id,
            Application.asked,
            Application.cost,
            Organisation.nuts,
            FunderWindow.name,
            FunderWindow.currency,
            FunderWindow.minimum,
            FunderWindow.maximum,
            FunderWindow.rate,
            FunderWindow.territory,
        )
        .select_from(Application)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .outerjoin(FunderWindow, FunderWindow.id == Application.window_id)
        .where(Application.id.in_(IDS))
    )


@fact(sending.WindowLimits, of=["application"])
def window_limits(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, sending.WindowLimits]:
    """Read what each application asks for, and the limits of its window."""
    return {
        row.id: sending.WindowLimits(
            row.asked,
            row.cost,
            row.nuts,
            row.name,
            row.currency or "",
            row.minimum or 0,
            row.maximum or 0,
            row.rate or 0,
            tuple(row.territory or ()),
        )
        for row in tx.execute(_window_limits(), about(ids))
    }


@cache
def _completion_asked() -> Prepared:
    return (
        select(Application.id, Completion.sections, Completion.answers_revision, Answers.revision)
        .select_from(Application)
        .outerjoin(
            Completion, (Completion.application_id == Application.id) & Completion.answered_at.is_(None)
        )
        .outerjoin(Answers, Answers.application_id == Application.id)
        .where(Application.id.in_(IDS))
        .order_by(Application.id, Completion.asked_at)
    )


@fact(sending.CompletionAsked, of=["application"])
def completion_asked(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, sending.CompletionAsked]:
    """Read the open request for completion of each application."""
    return {
        row.id: sending.CompletionAsked(
            tuple(row.sections or ()),
            row.answers_revision is not None and row.revision > row.answers_revision,
        )
        for row in tx.execute(_completion_asked(), about(ids))
    }


@cache
def _lab_bar() -> Prepared:
    return (
        select(Application.id, Application.by_paper, FrameAuthor.user_id, Membership.organisation_id)
        .select_from(Application)
        .join(Call, Call.id == Application.call_id)
        .outerjoin(Frame, Frame.call_id == lab_of_call())
        .outerjoin(FrameAuthor, FrameAuthor.frame_id == Frame.id)
        .outerjoin(
            Membership,
            (Membership.user_id == FrameAuthor.user_id)
            & (Membership.organisation_id == Application.organisation_id),
        )
        .where(Application.id.in_(IDS))
    )


@fact(sending.LabBar, of=["application"])
def lab_bar(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, sending.LabBar]:
    """Read who wrote on a frame of each application's call, and whether one of them belongs to the applicant."""
    authors: dict[UUID, set[UUID]] = {each: set() for each in ids}
    inside: set[UUID] = set()
    on_paper: set[UUID] = set()
    for row in tx.execute(_lab_bar(), about(ids)):
        if row.by_paper:
            on_paper.add(row.id)
        if row.user_id is not None:
            authors[row.id].add(row.user_id)
        if row.organisation_id is not None:
            inside.add(row.id)
    return {
        each: sending.LabBar(frozenset(found), each in inside, each in on_paper)
        for each, found in authors.items()
    }


@cache
def _conflicts() -> Prepared:
    return (
        select(ConflictDeclaration.application_id, ConflictDeclaration.user_id, ConflictDeclaration.kind)
        .where(ConflictDeclaration.application_id.in_(IDS))
        .order_by(ConflictDeclaration.number)
    )


@fact(sending.Conflicts, of=["application"])
def conflicts(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, sending.Conflicts]:
    """Read who has a hard conflict with each application, by what was said last about each pair."""
    last: dict[UUID, dict[UUID, str]] = {each: {} for each in ids}
    for row in tx.execute(_conflicts(), about(ids)):
        last[row.application_id][row.user_id] = row.kind
    return {
        each: sending.Conflicts(frozenset(person for person, kind in said.items() if kind == "hard"))
        for each, said in last.items()
    }


@cache
def _checklist() -> Prepared:
    return (
        select(
            Application.id,
            Application.call_id,
            Application.stage,
            EligibilityCheck.item,
            EligibilityCheck.answer,
        )
        .select_from(Application)
        .outerjoin(EligibilityCheck, EligibilityCheck.application_id == Application.id)
        .where(Application.id.in_(IDS))
    )


@fact(checking.Checklist, of=["application"])
def checklist(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, checking.Checklist]:
    """Read the checklist of each application with the answers so far; a second statement reads the forms."""
    rows = tx.execute(_checklist(), about(ids)).all()
    forms = forms_of(tx, {(row.call_id, row.stage) for row in rows})
    answers: dict[UUID, dict[str, str]] = defaultdict(dict)
    stages = {}
    for row in rows:
        stages[row.id] = row.call_id, row.stage
        if row.item is not None:
            answers[row.id][row.item] = row.answer
    items = {
        stage: {item.name: in_language(item.label, "en", form.language) for item in form.checklist}
        for stage, form in forms.items()
    }
    return {each: checking.Checklist(items[stage], answers[each]) for each, stage in stages.items()}
