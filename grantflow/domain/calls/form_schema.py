"""A form as JSON Schema: what programs need in order to fill it in without asking people what its fields take."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from grantflow.domain.calls.fields import LARGEST, PARTNER_WORDS, ROWS, SHORT, Field, FieldKind
from grantflow.domain.calls.forms import Form
from grantflow.domain.words import in_language

DIALECT = "https://json-schema.org/draft/2020-12/schema"
MEDIA_TYPE = "application/schema+json"
NOT_BLANK = r"\S"
_DATE = r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"


def form_schema(form: Form, language: str) -> dict[str, Any]:
    """Return the JSON Schema of answers that can be sent; while they are written, any of them may be missing.

    Two things it cannot say, and `Form.faults` does: the bounds of a budget's sum (`x-sum`), and which ids there are.
    """
    sections = [
        {
            "name": section.name,
            "title": in_language(section.title, language, form.language),
            "help": in_language(section.help, language, form.language),
            "fields": [field.name for field in section.fields],
        }
        for section in form.sections
    ]
    return {
        "$schema": DIALECT,
        "title": in_language(form.title, language, form.language),
        "type": "object",
        "additionalProperties": False,
        "properties": {field.name: _property(form, field, language) for field in form.fields()},
        "required": [field.name for field in form.fields() if field.required],
        "x-form": form.name,
        "x-version": form.version,
        "x-sections": sections,
    }


def _property(form: Form, field: Field, language: str) -> dict[str, Any]:
    words = {
        "title": in_language(field.label, language, form.language),
        "description": in_language(field.help, language, form.language),
    }
    shown = {name: text for name, text in words.items() if text}
    named = {name: in_language(choice, language, form.language) for name, choice in field.choices.items()}
    return {**shown, **_KINDS[field.kind](field, named), "x-kind": field.kind}


def _text(field: Field, _choices: Mapping[str, str]) -> dict[str, Any]:
    needed = {"pattern": NOT_BLANK} if field.required else {}
    return {"type": "string", "maxLength": field.room, **needed}


def _number(field: Field, _choices: Mapping[str, str]) -> dict[str, Any]:
    least = 0 if field.kind == "money" and field.least is None else field.least
    return {
        "type": "integer",
        "minimum": -LARGEST if least is None else least,
        "maximum": LARGEST if field.most is None else min(field.most, LARGEST),
        **({"x-unit": "minor"} if field.kind == "money" else {}),
    }


def _date(_field: Field, _choices: Mapping[str, str]) -> dict[str, Any]:
    return {"type": "string", "format": "date", "pattern": _DATE}


def _choice(_field: Field, choices: Mapping[str, str]) -> dict[str, Any]:
    return {"type": "string", **_offered(choices)}


def _offered(choices: Mapping[str, str]) -> dict[str, Any]:
    return {"enum": list(choices), "x-labels": dict(choices)}


def _flag(field: Field, _choices: Mapping[str, str]) -> dict[str, Any]:
    confirmed = {"const": True} if field.kind == "declaration" and field.required else {}
    return {"type": "boolean", **confirmed}


def _actions(field: Field, _choices: Mapping[str, str]) -> dict[str, Any]:
    number = {"type": "integer", "minimum": 1, "exclusiveMaximum": LARGEST}
    return {"type": "array", "items": number, "uniqueItems": True, **_how_many(field)}


def _budget(field: Field, choices: Mapping[str, str]) -> dict[str, Any]:
    line = {
        "type": "object",
        "additionalProperties": False,
        "required": ["category", "amount"],
        "properties": {
            "category": {"type": "string", **_offered(choices)},
            "amount": {"type": "integer", "minimum": 0, "maximum": LARGEST, "x-unit": "minor"},
            "about": {"type": "string", "maxLength": SHORT},
        },
    }
    bounds = {"minimum": field.least, "maximum": field.most}
    return {
        "type": "array",
        "items": line,
        "minItems": int(field.required),
        "maxItems": ROWS,
        "x-sum": {name: bound for name, bound in bounds.items() if bound is not None},
    }


def _partners(field: Field, _choices: Mapping[str, str]) -> dict[str, Any]:
    words: dict[str, Any] = {word: {"type": "string", "maxLength": SHORT} for word in PARTNER_WORDS}
    words["name"]["pattern"] = words["role"]["pattern"] = NOT_BLANK
    partner = {
        "type": "object",
        "additionalProperties": False,
        "required": [*PARTNER_WORDS, "confirmed"],
        "properties": {**words, "confirmed": {"type": "boolean"}},
    }
    return {"type": "array", "items": partner, **_how_many(field)}


def _file(field: Field, _choices: Mapping[str, str]) -> dict[str, Any]:
    each = {"type": "string", "minLength": 1}
    return {"type": "array", "items": each, "uniqueItems": True, **_how_many(field)}


def _how_many(field: Field) -> dict[str, Any]:
    """Return how many entries a list may have; one that is not required may also be left empty."""
    most = {"maxItems": ROWS if field.most is None else min(field.most, ROWS)}
    least = field.least or 0
    if field.required:
        return {"minItems": max(1, least), **most}
    return {**most, "anyOf": [{"maxItems": 0}, {"minItems": least}]} if least > 1 else most


_KINDS: Mapping[FieldKind, Callable[[Field, Mapping[str, str]], dict[str, Any]]] = {
    "short_text": _text,
    "long_text": _text,
    "number": _number,
    "money": _number,
    "date": _date,
    "choice": _choice,
    "yes_no": _flag,
    "declaration": _flag,
    "organisation": _text,
    "partners": _partners,
    "actions": _actions,
    "budget": _budget,
    "file": _file,
}
