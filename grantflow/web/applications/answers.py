"""What stands in the form of an application: drawn as fields, and read back from what was typed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from grantflow.domain.calls.fields import PARTNER_WORDS
from grantflow.domain.calls.forms import Field as Question
from grantflow.domain.calls.forms import Section
from grantflow.domain.money import Money
from grantflow.domain.refusal import Refusal
from grantflow.domain.uploads import KINDS
from grantflow.services import formats
from grantflow.services.applications.form_page import FormPage, KeptFile
from grantflow.services.countries import countries
from grantflow.web import fields
from grantflow.web.words import language, said

ACCEPT = ",".join(f".{kind}" for kind in (*KINDS, "jpeg"))
"""What a browser's window for files offers; what is taken is decided by the content."""
_ROW = re.compile(r"(\d{1,3})\.(\w+)")


@dataclass(frozen=True, slots=True)
class PartnerRow:
    """A partner as it stands on the page."""

    number: int
    words: Mapping[str, str]
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a section: the field that is drawn, and what tables and files need beside it."""

    kind: str
    field: fields.Field
    partners: tuple[PartnerRow, ...] = ()
    blank: int | None = None
    """The number of the empty row for one more partner, while there is room."""
    files: tuple[KeptFile, ...] = ()
    room: bool = False
    """Whether one more file can be handed in."""


def typed_answers(section: Section, form: MultiDict[str, str]) -> dict[str, Any]:
    """Return what was typed into a section, by field; files are handed in by themselves."""
    return {
        question.name: _partners(question, form)
        if question.kind == "partners"
        else fields.typed(question, form)
        for question in section.fields
        if question.kind != "file"
    }


def unreadable(section: Section, answers: Mapping[str, Any]) -> tuple[Refusal, ...]:
    """Return a refusal for each amount of a budget that cannot be read, beside its own row."""
    text = "“%(typed)s” is not an amount such as 30 000 or 30 000.50."
    return tuple(
        Refusal("amount_wrong", text, {"typed": line["amount"]}, f"{question.name}.{line['category']}")
        for question in section.fields
        if question.kind == "budget"
        for line in answers.get(question.name) or ()
        if not isinstance(line["amount"], int)
    )


def asked(
    page: FormPage, section: Section, answers: Mapping[str, Any], problems: Sequence[Refusal]
) -> tuple[Asked, ...]:
    """Return the questions of a section with what stands in them and what is wrong there."""
    return tuple(_asked(page, question, answers.get(question.name), problems) for question in section.fields)


def _asked(page: FormPage, question: Question, answer: Any, problems: Sequence[Refusal]) -> Asked:
    choices = tuple((str(number), f"{number}. {title}") for number, title in page.actions)
    drawn = fields.from_form(
        question,
        answer if question.kind not in ("partners", "file") else None,
        problems,
        language(),
        choices=choices if question.kind == "actions" else (),
        currency=page.currency,
    )
    bounds = _bounds(question, page.currency)
    if bounds:
        drawn = replace(drawn, help=f"{drawn.help} {bounds}".strip())
    if question.kind == "organisation":
        drawn = replace(drawn, kind="text")
    if question.kind == "budget":
        cells = {
            str(problem.where).removeprefix(f"{question.name}."): said(problem)
            for problem in problems
            if str(problem.where).startswith(f"{question.name}.")
        }
        drawn = replace(drawn, errors=cells)
    if question.kind == "partners":
        rows = tuple(_row(number, partner) for number, partner in enumerate(answer or ()))
        free = question.most is None or len(rows) < question.most
        return Asked(question.kind, drawn, partners=rows, blank=len(rows) if free else None)
    if question.kind == "file":
        kept = tuple(page.files[each] for each in answer or () if each in page.files)
        drawn = replace(drawn, accept=ACCEPT)
        return Asked(
            question.kind, drawn, files=kept, room=question.most is None or len(kept) < question.most
        )
    return Asked(question.kind, drawn)


def _bounds(question: Question, currency: str) -> str:
    """Return between which bounds an answer has to lie, as a sentence."""
    money = question.kind in ("money", "budget")
    if not money and question.kind != "number":
        return ""
    written = [
        None
        if bound is None
        else formats.amount(Money(bound, currency), language())
        if money
        else formats.whole(bound, language())
        for bound in (question.least, question.most)
    ]
    match written:
        case [str(least), str(most)]:
            return str(_("From %(least)s to %(most)s.", least=least, most=most))
        case [str(least), None]:
            return str(_("At least %(least)s.", least=least))
        case [None, str(most)]:
            return str(_("At most %(most)s.", most=most))
    return ""


def _row(number: int, partner: Mapping[str, Any]) -> PartnerRow:
    return PartnerRow(number, {word: partner[word] for word in PARTNER_WORDS}, partner["confirmed"])


def _partners(question: Question, form: MultiDict[str, str]) -> list[dict[str, Any]] | None:
    """Return the partners that were typed, without the rows in which nothing was."""
    rows: dict[int, dict[str, str]] = {}
    for key in form:
        match = (
            _ROW.fullmatch(key.removeprefix(f"{question.name}.")) if key.startswith(question.name) else None
        )
        if match:
            rows.setdefault(int(match[1]), {})[match[2]] = " ".join(form[key].split())
    gone = _removed(question.name, form.get("then", ""))
    found = [
        {
            **{word: row.get(word, "") for word in PARTNER_WORDS},
            "confirmed": row.get("confirmed") == fields.YES,
        }
        for number, row in sorted(rows.items())
        if number != gone and any(row.get(word) for word in PARTNER_WORDS if word != "country")
    ]
    return found or None


def _removed(name: str, then: str) -> int | None:
    match = re.fullmatch(rf"remove\.{re.escape(name)}\.(\d{{1,3}})", then)
    return int(match[1]) if match else None


def country_choices() -> Sequence[tuple[str, str]]:
    """Return the countries from which partners come, by their names in the reader's language."""
    return countries(language())


def shown_answer(page: FormPage, question: Question, answer: Any) -> Iterator[str]:
    """Yield an answer as lines of text: for laying two versions beside each other."""
    drawn = _asked(page, question, answer, ()).field
    if answer in (None, "", [], False):
        return
    if question.kind == "partners":
        yield from (f"{each['name']}: {each['role']}" for each in answer)
    elif question.kind in ("choice", "actions"):
        chosen = {str(each) for each in (answer if isinstance(answer, list) else [answer])}
        yield from (words for value, words in drawn.choices if value in chosen)
    elif question.kind == "budget":
        words = dict(drawn.choices)
        yield from (f"{words.get(name, name)}: {amount}" for name, amount in drawn.value.items())
    elif isinstance(drawn.value, str):
        yield from drawn.value.splitlines()
