"""Diagrams of lifecycles, drawn once for each text of a scheme."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import structlog
from flask_babel import gettext as _
from markupsafe import Markup

from grantflow.workflow.model import Scheme
from grantflow.workflow.picture import CannotDraw, dot_of, svg_of
from grantflow.workflow.registry import Registry

log = structlog.get_logger()

_SAID_BY_CSS = re.compile(r' (?:id|font-family)="[^"]*"| (?:fill|stroke)="currentColor"')
_WIDE = re.compile(r'viewBox="[0-9.]+ [0-9.]+ ([0-9.]+) ')


def drawing(scheme: Scheme, lifecycle: str, registry: Registry, language: str) -> Markup | None:
    """Return the diagram as SVG to stand in a page, or nothing where it cannot be drawn: the table says the same."""
    return _drawn(_Drawn(scheme.sha256, lifecycle, language), _Source(scheme, registry))


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
        svg = svg_of(dot_of(source.scheme, lifecycle, source.registry, say=_), label)
    except CannotDraw as problem:
        log.warning("no diagram", scheme=source.scheme.name, lifecycle=lifecycle.name, problem=str(problem))
        return None
    # Several drawings stand in one page, where ids would stand twice; fonts and colours are those of the style sheet.
    return Markup(_with_width(_SAID_BY_CSS.sub("", svg)))  # noqa: S704 - drawn by us from a verified scheme, every label escaped


def _with_width(svg: str) -> str:
    """Give a drawing the width at which its words can be read; what is wider than the page scrolls in its frame."""
    match = _WIDE.search(svg)
    return svg if match is None else svg.replace("<svg ", f'<svg width="{round(float(match[1]) * 1.1)}" ', 1)
