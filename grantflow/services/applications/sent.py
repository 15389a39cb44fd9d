"""What was sent, ready to be read: the frozen answers beside their questions, in the order of the form."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import aliased

from grantflow.domain.calls.forms import Field, FieldKind, Form, Section, is_empty
from grantflow.domain.money import Money
from grantflow.domain.words import Words, in_language
from grantflow.store.applications.models import Application, Submission
from grantflow.store.applications.papers import FORM, form_beside
from grantflow.store.calls.models import Call, FunderWindow, Stage
from grantflow.store.published import PublishedFile
from grantflow.store.session import Tx

TELLING_WHO = ("organisation", "partners", "file")
"""Kinds of questions whose answers name people or organisations."""
ABSTRACT = 600
"""Characters of the first long text that somebody reads who has not yet said that nothing ties them to it."""


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line of a budget."""

    label: str
    amount: Money


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file that was sent; its name, which may tell who is behind it, is left out where that is not to be known."""

    id: UUID
    name: str | None


@dataclass(frozen=True, slots=True)
class ReadField:
    """A question with its answer; which of the values there is follows from the kind."""

    name: str
    kind: FieldKind
    label: str
    text: tuple[str, ...] = ()
    """Paragraphs of a text, the one label of a choice, the numbers of actions."""
    amount: Money | None = None
    number: int | None = None
    day: date | None = None
    flag: bool | None = None
    lines: tuple[ReadLine, ...] = ()
    files: tuple[ReadFile, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadSection:
    """A section of the form with its answers."""

    name: str
    title: str
    fields: tuple[ReadField, ...]


@dataclass(frozen=True, slots=True)
class ReadPartner:
    """A partner as it was named in what was sent."""

    name: str
    country: str
    cost: Money
    asked: Money


@dataclass(frozen=True, slots=True)
class Sent:
    """The last sending of an application."""

    number: int
    at: datetime
    sha256: str
    title: str
    sections: tuple[ReadSection, ...]
    partners: tuple[ReadPartner, ...]
    abstract: str
    beside: Mapping[str, Any]
    """What other rooms froze with it, as they wrote it (`beside.py`)."""

    @property
    def files(self) -> frozenset[UUID]:
        """The files that belong to it, as far as it is shown."""
        return frozenset(
            each.id for section in self.sections for field in section.fields for each in field.files
        )


def sent(tx: Tx, application_id: UUID, language: str, *, blind: bool = False) -> Sent | None:
    """Return what was last sent, in one statement; nothing where nothing was. Who may read it is the caller's business.

    `blind` leaves out who is behind it: partners, organisations, and the sections that are not scored, unless they hold
    the budget. What people write about themselves into a text is theirs to leave out.
    """
    found = with_last_sending(select(*COLUMNS).select_from(Application))
    row = tx.execute(found.where(Application.id == application_id)).one_or_none()
    return None if row is None else read_sent(tx, row, language, blind=blind)


COLUMNS = (
    Submission.number.label("sent_number"),
    Submission.at.label("sent_at"),
    Submission.sha256.label("sent_sha256"),
    Submission.text.label("sent_text"),
    Submission.stage.label("sent_stage"),
    Application.call_id.label("sent_call"),
    Call.language.label("sent_language"),
    Call.currency.label("sent_otherwise"),
    FunderWindow.currency.label("sent_currency"),
    PublishedFile.text.label("sent_form"),
)
"""What `read_sent` needs of a row, for those who ask for more of an application in the same statement."""


def with_last_sending(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Return a question about applications that reads their last sending, too, where something was sent."""
    later = aliased(Submission, name="later")
    last = (
        select(func.max(later.number))
        .where(later.application_id == Application.id)
        .correlate(Application)
        .scalar_subquery()
    )
    return (
        statement.join(Call, Call.id == Application.call_id)
        .outerjoin(Submission, (Submission.application_id == Application.id) & (Submission.number == last))
        .outerjoin(Stage, (Stage.call_id == Application.call_id) & (Stage.number == Submission.stage))
        .outerjoin(
            PublishedFile,
            (PublishedFile.kind == FORM)
            & (PublishedFile.name == Stage.form)
            & (PublishedFile.version == Stage.form_version),
        )
        .outerjoin(FunderWindow, FunderWindow.id == Application.window_id)
    )


def read_sent(tx: Tx, row: Row[*tuple[Any, ...]], language: str, *, blind: bool = False) -> Sent | None:
    """Return what was last sent from a row with `COLUMNS`; nothing where nothing was."""
    if row.sent_text is None or row.sent_form is None:
        return None
    form = form_beside(tx, (row.sent_call, row.sent_stage), row.sent_form)
    content = json.loads(row.sent_text)
    names = {} if blind else {UUID(file["id"]): file["name"] for file in content.get("files", ())}
    reader = _Reader(language, form.language, row.sent_currency or row.sent_otherwise, names)
    return Sent(
        row.sent_number,
        row.sent_at,
        row.sent_sha256,
        content["title"],
        tuple(reader.sections(form, content["answers"], blind=blind)),
        () if blind else tuple(reader.partner(each) for each in content["partners"]),
        _abstract(form, content["answers"]),
        {} if blind else content.get("beside", {}),
    )


def _abstract(form: Form, answers: Mapping[str, Any]) -> str:
    """Return the beginning of the first long text: what a form asks first about the matter itself."""
    first = next((answers.get(field.name) for field in form.of_kind("long_text")), None)
    text = " ".join(str(first or "").split())
    return text if len(text) <= ABSTRACT else f"{text[: ABSTRACT - 1].rsplit(' ', 1)[0]}…"


@dataclass(frozen=True, slots=True)
class _Reader:
    language: str
    otherwise: str
    currency: str
    names: Mapping[UUID, str]
    """Of files, where they may be known."""

    def sections(self, form: Form, answers: Mapping[str, Any], *, blind: bool) -> Iterator[ReadSection]:
        for section in form.sections:
            if blind and _tells_who(section):
                continue
            fields = tuple(
                self.field(field, answers.get(field.name))
                for field in section.fields
                if not (blind and field.kind in TELLING_WHO)
            )
            yield ReadSection(section.name, self.words(section.title), fields)

    def words(self, words: Words) -> str:
        return in_language(words, self.language, self.otherwise)

    def field(self, field: Field, answer: Any) -> ReadField:
        label = self.words(field.label)
        if is_empty(answer):
            return ReadField(field.name, field.kind, label)
        if field.kind == "money":
            return ReadField(field.name, field.kind, label, amount=Money(answer, self.currency))
        if field.kind == "number":
            return ReadField(field.name, field.kind, label, number=answer)
        if field.kind == "date":
            return ReadField(field.name, field.kind, label, day=date.fromisoformat(answer))
        if field.kind in ("yes_no", "declaration"):
            return ReadField(field.name, field.kind, label, flag=bool(answer))
        if field.kind == "file":
            ids = [UUID(each) for each in answer]
            files = tuple(ReadFile(each, self.names.get(each)) for each in ids)
            return ReadField(field.name, field.kind, label, files=files)
        if field.kind == "budget":
            lines = tuple(
                ReadLine(
                    self.words(field.choices.get(line["category"], {"en": line["category"]})),
                    Money(line["amount"], self.currency),
                )
                for line in answer
            )
            total = Money(sum(line["amount"] for line in answer), self.currency)
            return ReadField(field.name, field.kind, label, amount=total, lines=lines)
        return ReadField(field.name, field.kind, label, text=tuple(self._texts(field, answer)))

    def _texts(self, field: Field, answer: Any) -> Iterator[str]:
        if field.kind == "choice":
            yield self.words(field.choices.get(answer, {"en": str(answer)}))
        elif field.kind == "actions":
            yield from (str(number) for number in answer)
        elif field.kind == "partners":
            for partner in answer:
                yield ", ".join(str(partner[word]) for word in _OF_PARTNER if partner.get(word))
        else:
            yield from (part.strip() for part in str(answer).splitlines() if part.strip())

    def partner(self, partner: Mapping[str, Any]) -> ReadPartner:
        return ReadPartner(
            partner["name"],
            partner["country"],
            Money(partner["cost"], self.currency),
            Money(partner["asked"], self.currency),
        )


_OF_PARTNER = ("name", "country", "role")


def _tells_who(section: Section) -> bool:
    """Whether a section speaks of the applicant and is not scored: it may be completed, and holds no budget (P17)."""
    return section.may_be_completed and all(field.kind != "budget" for field in section.fields)
