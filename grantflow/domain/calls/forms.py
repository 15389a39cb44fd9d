"""Forms as data: sections and fields, and what is wrong with a set of answers."""

from __future__ import annotations

import json
from collections.abc import Container, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from grantflow.domain.calls.fields import LONG, SHORT, Field, FieldKind, faults, is_empty, misfits
from grantflow.domain.refusal import Refusal
from grantflow.domain.words import Words

__all__ = ["LONG", "SHORT", "CheckItem", "Field", "FieldKind", "Form", "Section", "is_empty", "parse_form"]


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
        """Return plain data, from which `from_json` makes the same form.

        Choices become pairs: what is published is written with its keys sorted, and choices keep their order.
        """
        plain = asdict(self)
        for section in plain["sections"]:
            for field in section["fields"]:
                field["choices"] = [list(choice) for choice in field["choices"].items()]
        return plain

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
            for fault in faults(field, answers.get(field.name))
        )

    def misfits(self, answers: Mapping[str, Any]) -> tuple[Refusal, ...]:
        """Return what keeps answers from being saved: unknown names and values of the wrong kind.

        Gaps, and what is beyond a limit, are no matter yet: `faults` names them when it is to be sent.
        """
        known = {field.name: field for field in self.fields()}
        return tuple(
            fault
            for name, answer in answers.items()
            for fault in (
                misfits(known[name], answer)
                if name in known
                else (Refusal("unknown_field", "This form has no field “%(name)s”.", {"name": name}, name),)
            )
        )


def parse_form(text: str) -> Form:
    """Return the form of a published text."""
    return Form.from_json(json.loads(text))


def _section(data: Mapping[str, Any]) -> Section:
    plain = dict(data)
    plain["fields"] = tuple(
        Field(**{**field, "choices": dict(field["choices"])}) for field in plain["fields"]
    )
    return Section(**plain)
