"""Forms as data: sections and fields, and what is wrong with a set of answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal

from grantflow.domain.refusal import Refusal
from grantflow.domain.words import Words

FieldKind = Literal[
    "short_text",
    "long_text",
    "number",
    "money",
    "date",
    "choice",
    "yes_no",
    "organisation",
    "actions",
    "budget",
    "declaration",
]
SHORT = 200
"""Characters that a short text may have where the field says nothing else."""
LONG = 4000


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a form.

    Answers by kind: texts, choices and dates (ISO) are text; number and money (minor units) whole numbers; yes_no and
    declaration true or false; organisation the id as text; actions a list of numbers of the frame's actions; budget a
    list of {"category", "amount"}.
    """

    name: str
    kind: FieldKind
    label: Words
    help: Words
    required: bool
    listed: bool
    """Whether its answer is a column of lists, filters and exports."""
    limit: int | None
    """Characters of a text."""
    least: int | None
    """The smallest number or amount; of actions, how many at least."""
    most: int | None
    choices: Mapping[str, Words]
    """Of a choice; of a budget, its categories of cost."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a form that is saved, and where need be reopened, as one."""

    name: str
    title: Words
    help: Words
    may_be_completed: bool
    """Whether it may be reopened after the deadline; what is scored never is (process rule P17)."""
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class CheckItem:
    """A formal condition that the officer looks at, one by one, before a matter is tried."""

    name: str
    label: Words


@dataclass(frozen=True, slots=True)
class Form:
    """A version of a form, as records pin it."""

    name: str
    version: int
    language: str
    title: Words
    sections: tuple[Section, ...]
    checklist: tuple[CheckItem, ...] = ()

    def fields(self) -> Iterator[Field]:
        """Yield every field in the order of the form."""
        for section in self.sections:
            yield from section.fields

    def field(self, name: str) -> Field:
        """Return the field of that name.

        Raises:
            KeyError: there is none.
        """
        for field in self.fields():
            if field.name == name:
                return field
        raise KeyError(name)

    def of_kind(self, kind: FieldKind) -> tuple[Field, ...]:
        """Return the fields of a kind: the budget, the actions served."""
        return tuple(field for field in self.fields() if field.kind == kind)

    @property
    def may_be_completed(self) -> frozenset[str]:
        """The names of the sections that may be reopened after the deadline."""
        return frozenset(section.name for section in self.sections if section.may_be_completed)

    def as_json(self) -> dict[str, Any]:
        """Return plain data, from which `from_json` makes the same form."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Form:
        """Make the form that `as_json` wrote."""
        plain = dict(data)
        plain["sections"] = tuple(_section(section) for section in plain["sections"])
        plain["checklist"] = tuple(CheckItem(**item) for item in plain["checklist"])
        return cls(**plain)

    def faults(
        self, answers: Mapping[str, Any], sections: Container[str] | None = None
    ) -> tuple[Refusal, ...]:
        """Return everything that keeps answers from being sent, of all sections or of some; none where all is well."""
        return tuple(
            fault
            for section in self.sections
            if sections is None or section.name in sections
            for field in section.fields
            for fault in _faults(field, answers.get(field.name))
        )

    def misfits(self, answers: Mapping[str, Any]) -> tuple[Refusal, ...]:
        """Return what keeps answers from being saved: unknown names and values of the wrong kind; gaps are no matter."""
        known = {field.name: field for field in self.fields()}
        return tuple(
            fault
            for name, answer in answers.items()
            for fault in (
                _misfits(known[name], answer)
                if name in known
                else (Refusal("unknown_field", "This form has no field “%(name)s”.", {"name": name}, name),)
            )
        )


def parse_form(text: str) -> Form:
    """Return the form of a published text."""
    return Form.from_json(json.loads(text))


def _section(data: Mapping[str, Any]) -> Section:
    plain = dict(data)
    plain["fields"] = tuple(Field(**field) for field in plain["fields"])
    return Section(**plain)


def is_empty(answer: Any) -> bool:
    """Whether nothing was answered."""
    return answer is None or answer == [] or (isinstance(answer, str) and not answer.strip())


def _faults(field: Field, answer: Any) -> tuple[Refusal, ...]:
    if is_empty(answer):
        return (
            (_fault(field, "field_missing", "“%(label)s” is not filled in yet."),) if field.required else ()
        )
    if field.kind == "declaration" and answer is False:
        if not field.required:
            return ()
        return (_fault(field, "declaration_missing", "“%(label)s” has to be confirmed."),)
    return _misfits(field, answer)


def _misfits(field: Field, answer: Any) -> tuple[Refusal, ...]:
    if is_empty(answer):
        return ()
    return tuple(_CHECKS[field.kind](field, answer))


def _fault(field: Field, code: str, text: str, **params: Any) -> Refusal:
    label = field.label.get("en") or next(iter(field.label.values()), field.name)
    return Refusal(code, text, {"label": label, **params}, field.name)


def _wrong_kind(field: Field) -> Refusal:
    return _fault(field, "field_wrong", "The answer to “%(label)s” is not of the kind that is asked for.")


def _text(field: Field, answer: Any) -> Iterator[Refusal]:
    if not isinstance(answer, str):
        yield _wrong_kind(field)
        return
    limit = field.limit or (SHORT if field.kind == "short_text" else LONG)
    if len(answer) > limit:
        text = "“%(label)s” has %(count)s characters; there is room for %(limit)s."
        yield _fault(field, "field_too_long", text, count=len(answer), limit=limit)


def _number(field: Field, answer: Any) -> Iterator[Refusal]:
    if not isinstance(answer, int) or isinstance(answer, bool):
        yield _wrong_kind(field)
        return
    least = 0 if field.kind == "money" and field.least is None else field.least
    if least is not None and answer < least:
        yield _fault(field, "field_too_small", "“%(label)s” is less than what is allowed.", least=least)
    if field.most is not None and answer > field.most:
        yield _fault(field, "field_too_large", "“%(label)s” is more than what is allowed.", most=field.most)


def _date(field: Field, answer: Any) -> Iterator[Refusal]:
    try:
        date.fromisoformat(answer)
    except (TypeError, ValueError):
        yield _fault(field, "field_wrong", "“%(label)s” is not a date such as 2026-03-02.")


def _choice(field: Field, answer: Any) -> Iterator[Refusal]:
    if not isinstance(answer, str) or answer not in field.choices:
        yield _fault(field, "field_wrong", "“%(label)s” is none of the choices that are offered.")


def _flag(field: Field, answer: Any) -> Iterator[Refusal]:
    if not isinstance(answer, bool):
        yield _wrong_kind(field)


def _word(field: Field, answer: Any) -> Iterator[Refusal]:
    if not isinstance(answer, str):
        yield _wrong_kind(field)


def _actions(field: Field, answer: Any) -> Iterator[Refusal]:
    if not isinstance(answer, list) or not all(type(number) is int and number > 0 for number in answer):
        yield _wrong_kind(field)
        return
    if len(set(answer)) != len(answer):
        yield _fault(field, "field_wrong", "“%(label)s” names an action twice.")
    if field.least is not None and len(answer) < field.least:
        text = "“%(label)s” names too few actions; it needs %(least)s."
        yield _fault(field, "field_too_small", text, least=field.least)
    if field.most is not None and len(answer) > field.most:
        text = "“%(label)s” names too many actions; at most %(most)s count."
        yield _fault(field, "field_too_large", text, most=field.most)


def _budget(field: Field, answer: Any) -> Iterator[Refusal]:
    if not isinstance(answer, list) or not all(
        isinstance(line, Mapping)
        and set(line) == {"category", "amount"}
        and isinstance(line["category"], str)
        and type(line["amount"]) is int
        for line in answer
    ):
        yield _wrong_kind(field)
        return
    unknown = sorted({line["category"] for line in answer} - set(field.choices))
    if unknown:
        text = "“%(label)s” has a category of cost that the call does not know: %(category)s."
        yield _fault(field, "field_wrong", text, category=", ".join(unknown))
    if any(line["amount"] < 0 for line in answer):
        yield _fault(field, "field_too_small", "“%(label)s” has a cost below nought.")
    total = sum(line["amount"] for line in answer)
    if field.least is not None and total < field.least:
        yield _fault(field, "field_too_small", "The sum of “%(label)s” is less than what is allowed.")
    if field.most is not None and total > field.most:
        yield _fault(field, "field_too_large", "The sum of “%(label)s” is more than what is allowed.")


_CHECKS: Mapping[FieldKind, Callable[[Field, Any], Iterator[Refusal]]] = {
    "short_text": _text,
    "long_text": _text,
    "number": _number,
    "money": _number,
    "date": _date,
    "choice": _choice,
    "yes_no": _flag,
    "declaration": _flag,
    "organisation": _word,
    "actions": _actions,
    "budget": _budget,
}
