"""The canonical text of a scheme: JSON that is hashed, published and read back without any YAML.

What is empty is left out, so a field that a later version of the engine adds changes no text that is published already.
Mappings of named things are lists, in their order; everything else is sorted.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import types
import typing
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, Literal

from grantflow.workflow.model import Place, Scheme

_DERIVED = frozenset({"text", "sha256"})
_EMPTY: tuple[Any, ...] = (None, "", (), frozenset(), {})


def text_of(scheme: Scheme) -> str:
    """Return the canonical text of a scheme."""
    return json.dumps(_plain(scheme), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def sealed(scheme: Scheme) -> Scheme:
    """Return the scheme with its canonical text and the hash of it."""
    text = text_of(scheme)
    return dataclasses.replace(scheme, text=text, sha256=digest(text))


def digest(text: str) -> str:
    """Return the SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def parse_scheme(text: str, file: str = "published") -> Scheme:
    """Return the scheme that a canonical text describes, equal to the one it was made from.

    Raises:
        ValueError: the text is none that `text_of` wrote.
    """
    try:
        scheme = _value(Scheme, json.loads(text), Place(file, 1))
    except (KeyError, TypeError, AttributeError, RecursionError) as problem:
        raise ValueError(f"this is not the published text of a scheme: {problem!r}") from problem
    return typing.cast(Scheme, dataclasses.replace(scheme, text=text, sha256=digest(text)))


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        kind = typing.cast(type, type(value))
        pairs = ((name, getattr(value, name)) for name, _ in _fields(kind))
        return {name: _plain(inner) for name, inner in pairs if inner not in _EMPTY or isinstance(inner, int)}
    if isinstance(value, Mapping):
        if value and all(hasattr(inner, "name") for inner in value.values()):
            return [_plain(inner) for inner in value.values()]
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted(str(item) for item in value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, str) else value


@cache
def _fields(kind: type) -> tuple[tuple[str, Any], ...]:
    hints = typing.get_type_hints(kind)
    names = (field.name for field in dataclasses.fields(kind))
    return tuple((name, hints[name]) for name in names if name not in _DERIVED and hints[name] is not Place)


def _value(kind: Any, plain: Any, place: Place) -> Any:
    """Return the value of a declared kind from plain JSON; None stands for what was left out as empty."""
    origin, inside = typing.get_origin(kind), typing.get_args(kind)
    if kind is Any:
        return _frozen(plain)
    if origin in (types.UnionType, typing.Union):
        return None if plain is None else _value(inside[0], plain, place)
    if origin is tuple:
        return tuple(_value(inside[0], item, place) for item in plain or ())
    if origin is frozenset:
        return frozenset(plain or ())
    if origin is not None and issubclass(_class_of(origin), Mapping):
        return MappingProxyType(_mapping(inside[1], plain, place))
    if dataclasses.is_dataclass(kind):
        return _thing(typing.cast(type, kind), plain or {}, place)
    if kind is str or origin is Literal:
        return _checked(plain if plain is not None else "", str)
    return _checked(plain, kind)


def _mapping(kind: Any, plain: Any, place: Place) -> dict[str, Any]:
    if isinstance(plain, list):
        things = [_value(kind, item, place) for item in plain]
        return {thing.name: thing for thing in things}
    return {key: _value(kind, inner, place) for key, inner in (plain or {}).items()}


def _thing(kind: type, plain: Mapping[str, Any], place: Place) -> Any:
    fields = _fields(kind)
    unknown = plain.keys() - {name for name, _ in fields}
    if unknown:
        raise ValueError(f"a {kind.__name__} has no {', '.join(sorted(unknown))}")
    values = {name: _value(hint, plain.get(name), place) for name, hint in fields}
    names = {field.name for field in dataclasses.fields(kind)}
    derived = dict.fromkeys(_DERIVED & names, "")
    return kind(**values, **derived, **({"place": place} if "place" in names else {}))


def _class_of(origin: Any) -> type:
    return origin if isinstance(origin, type) else object


def _checked(value: Any, kind: type) -> Any:
    if not isinstance(value, kind):
        raise TypeError(f"{value!r} is not a {kind.__name__}")
    return value


def _frozen(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_frozen(item) for item in value)
    if isinstance(value, dict):
        return MappingProxyType({key: _frozen(inner) for key, inner in value.items()})
    return value
