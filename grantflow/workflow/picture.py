"""Lifecycles as pictures: DOT text from the scheme alone, SVG by graphviz, fit to stand in a page."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import textwrap
from collections.abc import Callable, Iterator, Mapping
from html import escape

from grantflow.workflow.model import REMEMBERED, SAME, SYSTEM_ROLE, Lifecycle, Row, Scheme
from grantflow.workflow.registry import Registry

Say = Callable[[str], str]
"""Translates a label or a sentence."""

_LIMIT_SECONDS = 5
_MANY = 4
"""Rows that leave more states than this are drawn once, from a note, and not from each."""
_WIDTH = 30
_SHORT = 64
_COLOURS = re.compile(r'(fill|stroke)="black"')
_INNER_TITLE = re.compile(r"<title>.*?</title>\n?", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->\n?", re.DOTALL)
_SIZE = re.compile(r'<svg width="[^"]*" height="[^"]*"')
_SOURCE = re.compile(r'data-source="([0-9a-f]{64})"')


class CannotDraw(Exception):
    """Raised when graphviz is not there, fails or takes too long."""


def dot_of(
    scheme: Scheme, lifecycle: Lifecycle, registry: Registry, say: Say = str, rankdir: str = "TB"
) -> str:
    """Return the DOT text of a lifecycle: its states in words, its rows with who takes them and on which conditions."""
    lines = [
        f"digraph {_quoted(lifecycle.name)} {{",
        f'  graph [rankdir={rankdir}, bgcolor="transparent", ranksep=0.5, nodesep=0.35, fontname="Inter,Helvetica,Arial,sans-serif", fontsize=11]',
        '  node [shape=box, style="rounded", fontname="Inter,Helvetica,Arial,sans-serif", fontsize=12, margin="0.16,0.08"]',
        '  edge [fontname="Inter,Helvetica,Arial,sans-serif", fontsize=10, arrowsize=0.7]',
        *(f"  {line}" for line in _nodes(scheme, lifecycle, say)),
        *(f"  {line}" for line in _edges(scheme, lifecycle, registry, say)),
        "}",
    ]
    return "\n".join(lines) + "\n"


def svg_of(dot: str, label: str) -> str:
    """Draw a DOT text as SVG without colours or sizes of its own, bearing the hash of the text it was drawn from.

    Raises:
        CannotDraw: graphviz is not installed, refuses the text or needs more than five seconds.
    """
    program = shutil.which("dot")
    if program is None:
        raise CannotDraw("graphviz is not installed, so lifecycles cannot be drawn")
    try:
        done = subprocess.run(  # noqa: S603 - the program is graphviz, its input is text of ours on stdin
            [program, "-Tsvg"], input=dot.encode(), capture_output=True, timeout=_LIMIT_SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError) as problem:
        raise CannotDraw(f"graphviz failed: {problem}") from problem
    return _dressed(done.stdout.decode(), label, source_hash(dot))


def source_hash(dot: str) -> str:
    """Return the hash by which a drawing names the text that it was made from."""
    return hashlib.sha256(dot.encode()).hexdigest()


def drawn_from(svg: str) -> str | None:
    """Return the hash of the text from which a picture was drawn."""
    match = _SOURCE.search(svg)
    return match[1] if match else None


def _dressed(svg: str, label: str, source: str) -> str:
    inner = svg[svg.index("<svg") :]
    inner = _INNER_TITLE.sub("", _COMMENT.sub("", inner))
    inner = _COLOURS.sub(r'\1="currentColor"', inner).replace('fill="transparent"', 'fill="none"')
    inner = inner.replace("<text ", '<text fill="currentColor" ')
    attributes = f'<svg class="gf-wf" role="img" aria-label="{escape(label)}" data-source="{source}"'
    return _SIZE.sub(lambda _: attributes, inner, count=1)


def _nodes(scheme: Scheme, lifecycle: Lifecycle, say: Say) -> Iterator[str]:
    phases: dict[str, list[str]] = {}
    for state in lifecycle.states.values():
        phases.setdefault(state.phase if len(_phases_of(lifecycle)) > 1 else "", []).append(state.name)
    yield 'start [shape=circle, label="", width=0.14, style=filled, fillcolor="black", class="start"]'
    for phase, names in phases.items():
        inside = [_node(lifecycle, name, say) for name in names]
        if phase:
            yield f"subgraph {_quoted('cluster_' + phase)} {{"
            yield f'  label={_quoted(say(scheme.phases[phase].label))}; style="rounded,dashed"; class="phase"'
            yield from (f"  {line}" for line in inside)
            yield "}"
        else:
            yield from inside
    yield from (f"start -> {_quoted(state)}" for state in lifecycle.beginnings)


def _phases_of(lifecycle: Lifecycle) -> set[str]:
    return {state.phase for state in lifecycle.states.values()}


def _node(lifecycle: Lifecycle, name: str, say: Say) -> str:
    ended = ", peripheries=2" if name in lifecycle.final else ""
    kind = "end" if name in lifecycle.final else "state"
    return f'{_quoted(name)} [label={_label(say(lifecycle.states[name].label))}, class="{kind}"{ended}]'


def _edges(scheme: Scheme, lifecycle: Lifecycle, registry: Registry, say: Say) -> Iterator[str]:
    returns = False
    for row in lifecycle.rows:
        if row.to == SAME:
            continue
        label = _label(*_words(scheme, lifecycle, row, registry, say))
        target = "back" if row.to == REMEMBERED else row.to
        returns = returns or row.to == REMEMBERED
        dashed = ', style="dashed"' if row.by == (SYSTEM_ROLE,) else ""
        if len(row.sources) > _MANY:
            note = f"from_{row.number}"
            text = say("from %(count)s states") % {"count": len(row.sources)}
            yield f'{_quoted(note)} [shape=plaintext, label={_label(text)}, class="note"]'
            yield f'{_quoted(note)} -> {_quoted(target)} [label={label}, class="row"{dashed}]'
        else:
            for source in row.sources:
                yield f'{_quoted(source)} -> {_quoted(target)} [label={label}, class="row"{dashed}]'
    if returns:
        yield f'back [shape=plaintext, label={_label(say("back to where it was"))}, class="note"]'


def _words(scheme: Scheme, lifecycle: Lifecycle, row: Row, registry: Registry, say: Say) -> Iterator[str]:
    yield say(row.label)
    names: Mapping[str, str] = {role.name: role.label for role in scheme.roles.values()}
    timed = any(timer.do == row.name and set(timer.states) & set(row.sources) for timer in lifecycle.timers)
    itself = say("by the clock") if timed else say("by itself")
    yield ", ".join(say(names[role]) if role in names else itself for role in row.by)
    guards = [registry.guards[call.name].about for call in row.guards if call.name in registry.guards]
    if guards:
        yield say("if: %(condition)s") % {"condition": _clause(say(guards[0]))}
    if len(guards) > 1:
        yield say("and %(count)s more conditions") % {"count": len(guards) - 1}


def _clause(sentence: str) -> str:
    """Return the first clause of a sentence: the picture has little room, the table has it whole."""
    first = re.split(r"[;:,.]", sentence, maxsplit=1)[0]
    return textwrap.shorten(first, _SHORT, placeholder=" …")


def _label(*texts: str) -> str:
    lines = [line for text in texts for line in textwrap.wrap(text, _WIDTH) or [""]]
    return '"' + "\\n".join(map(_escaped, lines)) + '"'


def _quoted(text: str) -> str:
    return f'"{_escaped(text)}"'


def _escaped(text: str) -> str:
    """Return a text that DOT takes as it stands: no escapes, no entities, no line ends."""
    clean = "".join(char if char.isprintable() else " " for char in text)
    return clean.replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")
