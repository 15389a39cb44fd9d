"""Fields of forms: what a template needs to draw one, and how what was typed becomes a value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from grantflow.domain.calls import forms
from grantflow.domain.refusal import Refusal
from grantflow.domain.words import in_language
from grantflow.services import formats
from grantflow.web.words import language, said
from grantflow.workflow.model import Asked

Kind = Literal[
    "text",
    "long_text",
    "money",
    "number",
    "date",
    "moment",
    "choice",
    "many",
    "yes_no",
    "declaration",
    "file",
    "record",
    "password",
    "email",
    "budget",
]
Choice = tuple[str, str]
"""The value that is sent, and the words that are read."""

YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Field:
    """A question as it stands on a page.

    `value` is what the control shows: text as it was typed or is kept, a list of values for `many`, true or false for
    `yes_no` and `declaration`, text by category for `budget`. `label`, `help`, `error` and the words of `choices` are
    already in the reader's language.
    """

    name: str
    kind: Kind
    label: str
    help: str = ""
    value: Any = ""
    error: str = ""
    required: bool = True
    choices: Sequence[Choice] = ()
    limit: int | None = None
    rows: int = 4
    autocomplete: str = ""
    inputmode: str = ""
    unit: str = ""
    total: str = ""
    """Of a budget: the sum, written."""
    errors: Mapping[str, str] | None = None
    """Of a budget: what is wrong in the row of a category."""
    accept: str = ""
    """Of a file: the kinds that are taken, as the browser's file window is told them."""

    @property
    def id(self) -> str:
        """Where summaries link to."""
        return f"field-{self.name}"


_OF_ASKED: Mapping[str, Kind] = {"whole_number": "number"}
_OF_FORM: Mapping[str, Kind] = {"short_text": "text", "organisation": "record", "actions": "many"}


def errors_of(problems: Iterable[Refusal]) -> dict[str, str]:
    """Return the sentences of refusals by the field on which they are mended; several of one field in one text."""
    found: dict[str, str] = {}
    for problem in problems:
        if problem.where:
            sentence = said(problem)
            found[problem.where] = (
                f"{found[problem.where]} {sentence}" if problem.where in found else sentence
            )
    return found


def from_asked(
    asked: Asked,
    typed: Mapping[str, Any] | None = None,
    problems: Iterable[Refusal] = (),
    *,
    choices: Sequence[Choice] = (),
    currency: str = "",
) -> Field:
    """Return the field for what a step asks; `choices` are the records among which one picks."""
    kind: Kind = _OF_ASKED.get(asked.kind, asked.kind)  # type: ignore[arg-type]  # the others bear the same name
    offered = choices or tuple((choice, _(choice)) for choice in asked.choices)
    value = (typed or {}).get(asked.name, "")
    return Field(
        asked.name,
        kind,
        _(asked.label),
        help=_("Day and time where the call is at home, for example 2027-03-31 14:00")
        if kind == "moment"
        else "",
        value=_shown(kind, value, language()),
        error=errors_of(problems).get(asked.name, ""),
        required=asked.required,
        choices=offered,
        unit=currency if kind == "money" else "",
    )


def from_form(
    field: forms.Field,
    value: Any,
    problems: Iterable[Refusal] = (),
    language: str = "en",
    *,
    choices: Sequence[Choice] = (),
    currency: str = "",
) -> Field:
    """Return the field for a question of a form; `choices` are the organisations or actions that are offered."""
    kind: Kind = _OF_FORM.get(field.kind, field.kind)  # type: ignore[arg-type]  # the others bear the same name
    offered = choices or tuple((name, in_language(words, language)) for name, words in field.choices.items())
    limit = field.limit
    if limit is None and field.kind in {"short_text", "long_text"}:
        limit = forms.SHORT if field.kind == "short_text" else forms.LONG
    return Field(
        field.name,
        kind,
        in_language(field.label, language),
        in_language(field.help, language),
        _shown(kind, value, language),
        errors_of(problems).get(field.name, ""),
        field.required,
        offered,
        limit,
        rows=10 if (limit or 0) > 1000 else 4,
        unit=currency if kind in {"money", "budget"} else "",
        total=_total(value, language) if kind == "budget" else "",
    )


def typed(
    field: Asked | forms.Field | Field, form: MultiDict[str, str], in_words_of: str | None = None
) -> Any:
    """Return the value that was typed into a field, None for nothing.

    What cannot be read as the kind that is asked for is handed on as it was typed: the service refuses it with its own
    sentence, and the page shows it again.
    """
    kind = _OF_ASKED.get(field.kind, _OF_FORM.get(field.kind, field.kind))
    return _TYPED.get(kind, _as_text)(field.name, form, in_words_of or language())


def _as_text(name: str, form: MultiDict[str, str], _language: str) -> str | None:
    # Browsers send line ends as two characters; people count them as one.
    return form.get(name, "").replace("\r\n", "\n").strip() or None


def _as_amount(name: str, form: MultiDict[str, str], language: str) -> int | str | None:
    text = _as_text(name, form, language)
    read = formats.read_amount(text, language) if text else None
    return text if read is None else read


def _as_number(name: str, form: MultiDict[str, str], language: str) -> int | str | None:
    text = _as_text(name, form, language)
    read = formats.read_whole(text, language) if text else None
    return text if read is None else read


def _as_day(name: str, form: MultiDict[str, str], language: str) -> str | None:
    text = _as_text(name, form, language)
    read = formats.read_day(text) if text else None
    return text if read is None else read.isoformat()


def _as_many(name: str, form: MultiDict[str, str], _language: str) -> list[str | int] | None:
    return [
        int(each) if each.isascii() and each.isdigit() and len(each) < 10 else each
        for each in form.getlist(name)
    ] or None


def _as_yes_no(name: str, form: MultiDict[str, str], _language: str) -> bool | None:
    return {YES: True, NO: False}.get(form.get(name, ""))


def _as_declaration(name: str, form: MultiDict[str, str], _language: str) -> bool:
    return form.get(name) == YES


def _as_budget(name: str, form: MultiDict[str, str], language: str) -> list[dict[str, Any]] | None:
    lines = []
    for key in form:
        if key.startswith(f"{name}."):
            amount = _as_amount(key, form, language)
            if amount is not None:
                lines.append({"category": key.removeprefix(f"{name}."), "amount": amount})
    return lines or None


_TYPED: Mapping[str, Callable[[str, MultiDict[str, str], str], Any]] = {
    "money": _as_amount,
    "number": _as_number,
    "date": _as_day,
    "many": _as_many,
    "yes_no": _as_yes_no,
    "declaration": _as_declaration,
    "budget": _as_budget,
}


def _shown(kind: Kind, value: Any, language: str) -> Any:
    """Return a value as its control shows it."""
    if kind in {"yes_no", "declaration"}:
        return {YES: True, NO: False}.get(value) if isinstance(value, str) else value
    if value is None:
        return [] if kind == "many" else {} if kind == "budget" else ""
    if kind == "many":
        return [str(each) for each in value] if isinstance(value, list | tuple) else []
    if kind == "budget":
        return _lines(value, language)
    if kind == "money" and isinstance(value, int):
        return formats.plain_amount(value, language)
    if kind == "number" and isinstance(value, int):
        return formats.whole(value, language)
    return value.isoformat() if isinstance(value, date) else str(value)


def _lines(value: Any, language: str) -> dict[str, str]:
    """Return the amounts of a budget by category; several lines of one category are one amount."""
    if not isinstance(value, list | tuple):
        return {}
    sums: dict[str, int | str] = {}
    for line in value:
        before, amount = sums.get(line["category"], 0), line["amount"]
        sums[line["category"]] = (
            before + amount if isinstance(before, int) and isinstance(amount, int) else amount
        )
    return {
        name: formats.plain_amount(each, language) if isinstance(each, int) else each
        for name, each in sums.items()
    }


def _total(value: Any, language: str) -> str:
    """Return the sum of the lines that can be read."""
    lines = value if isinstance(value, list | tuple) else ()
    return formats.plain_amount(
        sum(line["amount"] for line in lines if isinstance(line["amount"], int)), language
    )
