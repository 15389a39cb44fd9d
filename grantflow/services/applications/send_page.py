"""The last look before sending, and what is true after it: what is missing, what was received, what comes next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import select

from grantflow.domain.calls.forms import Form
from grantflow.domain.money import Money
from grantflow.domain.refusal import Refusal
from grantflow.services import cases
from grantflow.services.applications.form_page import FormPage, form_page, in_words_of
from grantflow.services.applications.rights import Place, place
from grantflow.services.calls.public import spelled
from grantflow.store.applications.models import Application, Submission
from grantflow.store.applications.visibility import visible_to
from grantflow.store.calls.models import Call, CallDate, FunderWindow
from grantflow.store.cases import CaseRow
from grantflow.store.session import Tx
from grantflow.workflow.model import Row, Scheme

SENDING = "freeze_submission"
"""What the step does by which an application is sent, whatever it is called."""
_MENDED_IN: Mapping[str, Literal["money", "budget", "actions"]] = {
    "asked": "money",
    "budget": "budget",
    "actions": "actions",
}
"""On which kind of field it is mended what a guard calls by the matter and not by a field of the form."""


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that keeps an application from being sent, and where it is mended."""

    refusal: Refusal
    section: str | None
    field: str | None


@dataclass(frozen=True, slots=True)
class NextDate:
    """What happens next, and when."""

    label: str
    """In the words of the scheme, a sentence of its own."""
    at: datetime
    name: str = ""
    """As the scheme calls it."""


@dataclass(frozen=True, slots=True)
class SendPage:
    """An application before it is sent."""

    form: FormPage
    step: str
    """The words of the step."""
    asking: str | None
    """Where the step asks for more (when a paper arrived): the step, to be taken on its own page."""
    ready: bool
    missing: tuple[Missing, ...]
    late: bool
    asked: Money | None
    cost: Money | None
    revision: int
    """Of the record: a form that is sent twice does one thing."""
    next_dates: tuple[NextDate, ...]
    changeable: bool
    """Whether what is sent can be opened again by who sent it."""


@dataclass(frozen=True, slots=True)
class ReceiptPage:
    """What was received, as the applicant may keep it."""

    id: UUID
    ref: str
    title: str
    slug: str
    zone: str
    number: int
    at: datetime
    late: bool
    completion: bool
    sha256: str
    asked: Money | None
    cost: Money | None
    changeable: str | None
    """The step by which what was sent is opened again, while it may be."""
    next_dates: tuple[NextDate, ...]


def send_page(tx: Tx, ref: str, language: str) -> SendPage | None:
    """Return the last look before sending, where the actor may send; nothing where there is nothing to send."""
    page = form_page(tx, ref, language, brief=True)
    if page is None:
        return None
    steps = page.where.own(effect=SENDING)
    choices = cases.choices(tx, [page.id])[page.id]
    choice = choices.named(steps[0].name) if steps else None
    if choice is None:
        return None
    asked = {each.name for each in choice.asks}
    missing = [each for each in choice.refusals if each.where not in asked]
    return SendPage(
        form=page,
        step=choice.label,
        asking=choice.name if asked else None,
        ready=not missing,
        missing=_located(page, missing),
        late=page.is_late and not page.completing and not asked,
        asked=page.asked,
        cost=page.cost,
        revision=choices.revision,
        next_dates=next_dates(tx, page.where.scheme, page.call_id, page.stage),
        changeable=any(_leads_back(page.where, row) for row in steps),
    )


def _leads_back(where: Place, row: Row) -> bool:
    """Whether who takes a step can go back from where it leads to where they write."""
    states, roles = where.lifecycle.states, where.roles
    return any(
        back.to in states and roles & states[back.to].edit and roles.intersection(back.by)
        for back in where.lifecycle.leaving(row.to)
    )


def located(page: SendPage, refusals: Sequence[Refusal]) -> tuple[Missing, ...]:
    """Return refusals with the places where they are mended."""
    return _located(page.form, refusals)


def _located(page: FormPage, refusals: Sequence[Refusal]) -> tuple[Missing, ...]:
    return tuple(
        _missing(page.form, _spelled(each)) for each in in_words_of(page.form, refusals, page.language)
    )


def _spelled(refusal: Refusal) -> Refusal:
    """Return a refusal that names a window as people read it."""
    name = refusal.params.get("window")
    if not isinstance(name, str):
        return refusal
    return replace(refusal, params={**refusal.params, "window": spelled(name)})


def _missing(form: Form, refusal: Refusal) -> Missing:
    field = refusal.where
    kind = _MENDED_IN.get(field or "")
    names = {each.name for each in form.fields()}
    if field not in names and kind is not None:
        field = next((each.name for each in form.of_kind(kind)), None)
    if field == "window":
        return Missing(refusal, form.sections[0].name, field)
    section = next(
        (section.name for section in form.sections if any(each.name == field for each in section.fields)),
        None,
    )
    return Missing(refusal, section, field if section else None)


def next_dates(tx: Tx, scheme: Scheme, call_id: UUID, stage: int) -> tuple[NextDate, ...]:
    """Return the dates of a stage that are still to come, in the words of the scheme."""
    found = select(CallDate.name, CallDate.at).where(
        CallDate.call_id == call_id, CallDate.stage == stage, CallDate.at > tx.now
    )
    return tuple(
        NextDate(scheme.dates[row.name].about, row.at, row.name)
        for row in tx.execute(found.order_by(CallDate.at, CallDate.name))
        if row.name in scheme.dates
    )


def receipt_page(tx: Tx, ref: str) -> ReceiptPage | None:
    """Return what was received last, where the actor may see the application and something was sent."""
    row = tx.execute(
        select(
            CaseRow.id,
            CaseRow.ref,
            Application.title,
            Application.call_id,
            Application.stage,
            Call.slug,
            Call.zone,
            Call.currency.label("otherwise"),
            FunderWindow.currency,
            Submission.number,
            Submission.at,
            Submission.late,
            Submission.completion,
            Submission.sha256,
            Submission.asked,
            Submission.cost,
        )
        .select_from(CaseRow)
        .join(Application, Application.id == CaseRow.id)
        .join(Call, Call.id == Application.call_id)
        .join(Submission, Submission.application_id == CaseRow.id)
        .outerjoin(FunderWindow, FunderWindow.id == Application.window_id)
        .where(CaseRow.ref == ref, visible_to(tx, tx.actor))
        .order_by(Submission.number.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    currency = row.currency or row.otherwise
    found = place(tx, row.id)
    changeable = step_to_write(tx, found)
    deadline = found.scheme.date_that_means("deadline")
    return ReceiptPage(
        id=row.id,
        ref=row.ref,
        title=row.title,
        slug=row.slug,
        zone=row.zone,
        number=row.number,
        at=row.at,
        late=bool(row.late),
        completion=bool(row.completion),
        sha256=row.sha256,
        asked=Money(row.asked, currency) if row.asked else None,
        cost=Money(row.cost, currency) if row.cost else None,
        changeable=changeable,
        next_dates=tuple(
            each
            for each in next_dates(tx, found.scheme, row.call_id, row.stage)
            if changeable or each.name != deadline
        ),
    )


def step_to_write(tx: Tx, found: Place) -> str | None:
    """Return the step that is open to the actor and leads to where its words may be written again, if there is one."""
    if found.roles & found.state.edit:
        return None
    back = [
        row.name
        for row in found.own()
        if row.to in found.lifecycle.states and found.roles & found.lifecycle.states[row.to].edit
    ]
    allowed: Sequence[str] = cases.choices(tx, [found.case.id])[found.case.id].allowed() if back else ()
    return next((name for name in back if name in allowed), None)
