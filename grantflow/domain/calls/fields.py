"""The kinds of questions of a form: which answers each takes, what cannot be kept, and what cannot be sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args

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
    "partners",
    "actions",
    "budget",
    "file",
    "declaration",
]
KINDS: tuple[FieldKind, ...] = get_args(FieldKind)
SHORT = 200
"""Characters that a short text may have where the field says nothing else."""
LONG = 4000
ROOM = 50_000
"""Characters beyond which a text is not even kept: it is no answer any more."""
ROWS = 100
"""Rows beyond which a table, and files beyond which a list of them, is not kept."""
LARGEST = 10**15
"""The number in minor units from which on no amount is believed."""
PARTNER_WORDS = ("name", "number", "country", "role", "contact")
"""What is said of a partner in words, beside whether it has confirmed."""


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a form.

    Answers by kind: texts, choices and dates (ISO) are text; number and money (minor units) whole numbers; yes_no and
    declaration true or false; organisation the id as text, or its name where it is not registered; actions a list of
    numbers of the frame's actions; budget a list of {"category", "amount"} with, where somebody said it, "about";
    partners a list of {"name", "number", "country", "role", "contact", "confirmed"}; file a list of ids as text.
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
    """The smallest number or amount; of actions, partners and files, how many at least."""
    most: int | None
    choices: Mapping[str, Words]
    """Of a choice; of a budget, its categories of cost."""

    @property
    def room(self) -> int:
        """How many characters a text may have."""
        return self.limit or (SHORT if self.kind == "short_text" else LONG)


def is_empty(answer: Any) -> bool:
    """Whether nothing was answered."""
    return answer is None or answer == [] or (isinstance(answer, str) and not answer.strip())


def misfits(field: Field, answer: Any) -> tuple[Refusal, ...]:
    """Return why an answer cannot even be kept; what is unfinished or beyond a limit can."""
    if is_empty(answer):
        return ()
    return tuple(_SHAPES[field.kind](field, answer))


def faults(field: Field, answer: Any) -> tuple[Refusal, ...]:
    """Return what keeps an answer from being sent."""
    if is_empty(answer):
        return (
            (_fault(field, "field_missing", "“%(label)s” is not filled in yet."),) if field.required else ()
        )
    if field.kind == "declaration" and answer is False:
        if not field.required:
            return ()
        return (_fault(field, "declaration_missing", "“%(label)s” has to be confirmed."),)
    wrong = misfits(field, answer)
    limits = _LIMITS.get(field.kind)
    if wrong or limits is None:
        return wrong
    return tuple(limits(field, answer))


def _fault(field: Field, code: str, text: str, **params: Any) -> Refusal:
    label = field.label.get("en") or next(iter(field.label.values()), field.name)
    return Refusal(code, text, {"label": label, **params}, field.name)


def _wrong_kind(field: Field) -> Refusal:
    return _fault(field, "field_wrong", "The answer to “%(label)s” is not of the kind that is asked for.")


# What can be kept


def _text_shape(field: Field, answer: Any) -> Iterator[Refusal]:
    if not isinstance(answer, str):
        yield _wrong_kind(field)
    elif len(answer) > ROOM:
        yield from _text_limits(field, answer)


def _number_shape(field: Field, answer: Any) -> Iterator[Refusal]:
    if type(answer) is not int or abs(answer) > LARGEST:
        yield _wrong_kind(field)
    elif field.kind == "money" and answer < 0:
        yield from _number_limits(field, answer)


def _date_shape(field: Field, answer: Any) -> Iterator[Refusal]:
    try:
        date.fromisoformat(answer)
    except (TypeError, ValueError):
        yield _fault(field, "field_wrong", "“%(label)s” is not a date such as 2026-03-02.")


def _choice_shape(field: Field, answer: Any) -> Iterator[Refusal]:
    if not isinstance(answer, str) or answer not in field.choices:
        yield _fault(field, "field_wrong", "“%(label)s” is none of the choices that are offered.")


def _flag_shape(field: Field, answer: Any) -> Iterator[Refusal]:
    if not isinstance(answer, bool):
        yield _wrong_kind(field)


def _actions_shape(field: Field, answer: Any) -> Iterator[Refusal]:
    if not _is_list(answer) or not all(type(number) is int and 0 < number < LARGEST for number in answer):
        yield _wrong_kind(field)
    elif len(set(answer)) != len(answer):
        yield _fault(field, "field_wrong", "“%(label)s” names an action twice.")


def _budget_shape(field: Field, answer: Any) -> Iterator[Refusal]:
    if not _is_list(answer) or not all(_is_budget_line(line) for line in answer):
        yield _wrong_kind(field)
        return
    unknown = sorted({line["category"] for line in answer} - set(field.choices))
    if unknown:
        text = "“%(label)s” has a category of cost that the call does not know: %(category)s."
        yield _fault(field, "field_wrong", text, category=", ".join(unknown))
    if any(line["amount"] < 0 for line in answer):
        yield _fault(field, "field_too_small", "“%(label)s” has a cost below nought.")


def _is_budget_line(line: Any) -> bool:
    return (
        isinstance(line, Mapping)
        and {"category", "amount"} <= set(line) <= {"category", "amount", "about"}
        and isinstance(line["category"], str)
        and type(line["amount"]) is int
        and abs(line["amount"]) <= LARGEST
        and isinstance(line.get("about", ""), str)
        and len(line.get("about", "")) <= SHORT
    )


def _partners_shape(field: Field, answer: Any) -> Iterator[Refusal]:
    if not _is_list(answer) or not all(_is_partner(partner) for partner in answer):
        yield _wrong_kind(field)


def _is_partner(partner: Any) -> bool:
    return (
        isinstance(partner, Mapping)
        and set(partner) == {*PARTNER_WORDS, "confirmed"}
        and all(isinstance(partner[word], str) and len(partner[word]) <= SHORT for word in PARTNER_WORDS)
        and isinstance(partner["confirmed"], bool)
    )


def _file_shape(field: Field, answer: Any) -> Iterator[Refusal]:
    if not _is_list(answer) or not all(isinstance(each, str) and each for each in answer):
        yield _wrong_kind(field)
    elif len(set(answer)) != len(answer):
        yield _fault(field, "field_wrong", "“%(label)s” names a file twice.")


def _is_list(answer: Any) -> bool:
    return isinstance(answer, list) and len(answer) <= ROWS


_SHAPES: Mapping[FieldKind, Callable[[Field, Any], Iterator[Refusal]]] = {
    "short_text": _text_shape,
    "long_text": _text_shape,
    "number": _number_shape,
    "money": _number_shape,
    "date": _date_shape,
    "choice": _choice_shape,
    "yes_no": _flag_shape,
    "declaration": _flag_shape,
    "organisation": _text_shape,
    "partners": _partners_shape,
    "actions": _actions_shape,
    "budget": _budget_shape,
    "file": _file_shape,
}


# What can be sent


def _text_limits(field: Field, answer: str) -> Iterator[Refusal]:
    if len(answer) > field.room:
        text = "“%(label)s” has %(count)s characters; there is room for %(limit)s."
        yield _fault(field, "field_too_long", text, count=len(answer), limit=field.room)


def _number_limits(field: Field, answer: int) -> Iterator[Refusal]:
    least = 0 if field.kind == "money" and field.least is None else field.least
    if least is not None and answer < least:
        yield _fault(field, "field_too_small", "“%(label)s” is less than what is allowed.", least=least)
    if field.most is not None and answer > field.most:
        yield _fault(field, "field_too_large", "“%(label)s” is more than what is allowed.", most=field.most)


def _actions_limits(field: Field, answer: Sequence[int]) -> Iterator[Refusal]:
    few = "“%(label)s” names too few actions; it needs %(least)s."
    many = "“%(label)s” names too many actions; at most %(most)s count."
    return _how_many(field, len(answer), few, many)


def _budget_limits(field: Field, answer: Sequence[Mapping[str, Any]]) -> Iterator[Refusal]:
    total = sum(line["amount"] for line in answer)
    if field.least is not None and total < field.least:
        yield _fault(field, "field_too_small", "The sum of “%(label)s” is less than what is allowed.")
    if field.most is not None and total > field.most:
        yield _fault(field, "field_too_large", "The sum of “%(label)s” is more than what is allowed.")


def _partners_limits(field: Field, answer: Sequence[Mapping[str, Any]]) -> Iterator[Refusal]:
    if not all(partner["name"].strip() and partner["role"].strip() for partner in answer):
        text = "Each organisation in “%(label)s” needs its name and what it does in the project."
        yield _fault(field, "partner_unfinished", text)
    few = "“%(label)s” names too few organisations; it needs %(least)s."
    many = "“%(label)s” names too many organisations; there is room for %(most)s."
    yield from _how_many(field, len(answer), few, many)


def _file_limits(field: Field, answer: Sequence[str]) -> Iterator[Refusal]:
    few = "“%(label)s” has too few files; it needs %(least)s."
    many = "“%(label)s” has too many files; there is room for %(most)s."
    return _how_many(field, len(answer), few, many)


def _how_many(field: Field, count: int, few: str, many: str) -> Iterator[Refusal]:
    if field.least is not None and count < field.least:
        yield _fault(field, "field_too_small", few, least=field.least)
    if field.most is not None and count > field.most:
        yield _fault(field, "field_too_large", many, most=field.most)


_LIMITS: Mapping[FieldKind, Callable[[Field, Any], Iterator[Refusal]]] = {
    "short_text": _text_limits,
    "long_text": _text_limits,
    "number": _number_limits,
    "money": _number_limits,
    "organisation": _text_limits,
    "partners": _partners_limits,
    "actions": _actions_limits,
    "budget": _budget_limits,
    "file": _file_limits,
}
