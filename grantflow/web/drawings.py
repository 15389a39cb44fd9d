"""Diagrams of lifecycles, drawn once for each text of a scheme."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import structlog
from flask_babel import gettext as _
from markupsafe import Markup

from grantflow.workflow.model import Lifecycle, Scheme
from grantflow.workflow.picture import CannotDraw, dot_of, svg_of
from grantflow.workflow.registry import Registry

log = structlog.get_logger()

_SAID_BY_CSS = re.compile(r' (?:id|font-family)="[^"]*"| (?:fill|stroke)="currentColor"')
_STATE = re.compile(r'^(\s*"(\w+)" \[label=.*?)class="(state|end)"', re.MULTILINE)
_AT = re.compile(r" at(\d+)")
_WIDE = re.compile(r'viewBox="[0-9.]+ [0-9.]+ ([0-9.]+) ')


def drawing(
    scheme: Scheme, lifecycle: str, registry: Registry, language: str, current: str | None = None
) -> Markup | None:
    """Return the diagram as SVG to stand in a page, or nothing where it cannot be drawn: the table says the same.

    `current` is the state that is marked as the one in which a record is.
    """
    drawn = _drawn(_Drawn(scheme.sha256, lifecycle, language), _Source(scheme, registry))
    if drawn is None:
        return None
    places = tuple(scheme.lifecycles[lifecycle].states)
    return _marked(drawn, places.index(current) if current in places else None)


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What tells drawings apart."""

    sha256: str
    lifecycle: str
    language: str


class _Source:
    """From what is drawn; all of one kind are equal, since `_Drawn` tells drawings apart."""

    def __init__(self, scheme: Scheme, registry: Registry) -> None:
        self.scheme = scheme
        self.registry = registry

    def __hash__(self) -> int:
        return 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Source)


@lru_cache(maxsize=256)
def _drawn(drawn: _Drawn, source: _Source) -> Markup | None:
    lifecycle = source.scheme.lifecycles[drawn.lifecycle]
    label = _(
        "The states of “%(title)s” and the steps between them; the table says the same.",
        title=_(lifecycle.title),
    )
    try:
        svg = svg_of(_numbered(dot_of(source.scheme, lifecycle, source.registry, say=_), lifecycle), label)
    except CannotDraw as problem:
        log.warning("no diagram", scheme=source.scheme.name, lifecycle=lifecycle.name, problem=str(problem))
        return None
    # Several drawings stand in one page, where ids would stand twice; fonts and colours are those of the style sheet.
    return Markup(_with_width(_SAID_BY_CSS.sub("", svg)))  # noqa: S704 - drawn by us from a verified scheme, every label escaped


def _numbered(dot: str, lifecycle: Lifecycle) -> str:
    """Give each state a class of its own, so that one drawing serves whichever of them is the current one."""
    numbers = {name: number for number, name in enumerate(lifecycle.states)}

    def number(match: re.Match[str]) -> str:
        return f'{match[1]}class="{match[3]} at{numbers[match[2]]}"'

    return _STATE.sub(number, dot)


@lru_cache(maxsize=512)
def _marked(drawn: Markup, place: int | None) -> Markup:
    """Return a drawing with the classes of the states taken away, but for the current one, which is marked."""
    marked = (
        drawn if place is None else _AT.sub(lambda match: " now" if int(match[1]) == place else "", drawn)
    )
    return Markup(_AT.sub("", marked))  # noqa: S704 - drawn by us, see below


def _with_width(svg: str) -> str:
    """Give a drawing the width at which its words can be read; what is wider than the page scrolls in its frame."""
    match = _WIDE.search(svg)
    return svg if match is None else svg.replace("<svg ", f'<svg width="{round(float(match[1]) * 1.1)}" ', 1)
