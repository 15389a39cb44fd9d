"""What an application's own columns say, read from its answers by the kinds of the form's fields."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from grantflow.domain.calls.forms import Field, Form


@dataclass(frozen=True, slots=True)
class CostLine:
    """A line of a budget."""

    category: str
    amount: int
    about: str = ""


@dataclass(frozen=True, slots=True)
class PartnerLine:
    """An organisation that takes part beside the applicant; what it does there and whom to ask stay in the answers."""

    name: str
    number: str
    country: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Essence:
    """What lists, guards and money need of a set of answers."""

    title: str | None
    asked: int | None
    cost: int | None
    actions: tuple[int, ...]
    budget: tuple[CostLine, ...]
    partners: tuple[PartnerLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """The value of a listed field as it is sorted and filtered: as a text, a number or a day."""

    field: str
    text: str | None = None
    number: int | None = None
    day: date | None = None


def essence(form: Form, answers: Mapping[str, Any]) -> Essence:
    """Return the essence of answers that the form accepts.

    The first short text of a form is the title; the first field of kind money is the sum asked for; all budgets
    together are the cost.
    """
    budget = tuple(
        CostLine(line["category"], line["amount"], line.get("about", ""))
        for field in form.of_kind("budget")
        for line in answers.get(field.name) or ()
    )
    actions = tuple(
        sorted({number for field in form.of_kind("actions") for number in answers.get(field.name) or ()})
    )
    return Essence(
        title=_first(form.of_kind("short_text"), answers),
        asked=_first(form.of_kind("money"), answers),
        cost=sum(line.amount for line in budget) if budget else None,
        actions=actions,
        budget=budget,
        partners=tuple(
            PartnerLine(
                partner["name"].strip(), partner["number"].strip(), partner["country"], partner["confirmed"]
            )
            for field in form.of_kind("partners")
            for partner in answers.get(field.name) or ()
            if partner["name"].strip()
        ),
    )


def _first(fields: Sequence[Field], answers: Mapping[str, Any]) -> Any:
    return answers.get(fields[0].name) or None if fields else None


def listed(form: Form, answers: Mapping[str, Any]) -> tuple[Listed, ...]:
    """Return the values of the fields that are columns of lists."""
    return tuple(
        _listed(field, answers[field.name])
        for field in form.fields()
        if field.listed and answers.get(field.name) is not None
    )


def _listed(field: Field, answer: Any) -> Listed:
    if field.kind == "date":
        return Listed(field.name, text=answer, day=date.fromisoformat(answer))
    if field.kind == "budget":
        return Listed(field.name, number=sum(line["amount"] for line in answer))
    if field.kind == "actions":
        return Listed(field.name, text=", ".join(str(number) for number in answer))
    if field.kind == "partners":
        return Listed(field.name, text=", ".join(partner["name"] for partner in answer))
    if field.kind == "file":
        return Listed(field.name, number=len(answer))
    if isinstance(answer, bool | int):
        return Listed(field.name, number=int(answer))
    return Listed(field.name, text=str(answer))


def changed_outside(
    form: Form, before: Mapping[str, Any], after: Mapping[str, Any], sections: Sequence[str]
) -> tuple[str, ...]:
    """Return the fields outside some sections whose answers differ: completion must not improve the bid (P17)."""
    return tuple(
        field.name
        for section in form.sections
        if section.name not in sections
        for field in section.fields
        if before.get(field.name) != after.get(field.name)
    )


def sealed(content: Mapping[str, Any]) -> tuple[str, str]:
    """Return the one text of what was sent and its sha256: the checksum of the receipt."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text, sha256(text.encode()).hexdigest()
