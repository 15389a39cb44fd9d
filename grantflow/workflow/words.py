"""Every word of the format, written from the declarations that the loader and the checks enforce."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from grantflow.workflow.checks import CHECKS
from grantflow.workflow.model import AUDIENCES, REMEMBERED, SAME, SYSTEM_ROLE, TAGS, Audience
from grantflow.workflow.registry import EffectSpec, GuardSpec, Registry
from grantflow.workflow.shapes import FILES
from grantflow.workflow.vocabulary import describe

_HEAD = f"""# Workflow files

What may happen in a call is written in files that people read. A scheme version is a folder
`workflows/<scheme>/v<N>/`: `scheme.yaml` and one file for each lifecycle. `grantflow workflows check` proves it; a
version that is published never changes.

This page is written by `grantflow workflows words --write` from the declarations that the loader enforces; a test
keeps the two together.

## How the files are written

- YAML in block style, one key or one item a line. Brackets and braces, anchors, aliases, tags and several documents
  in a file are refused. So are unknown keys, keys that stand twice, and words that YAML takes for true, false or
  nothing (`yes`, `no`, `on`, `off`, `true`, `false`, `null`, `~`) unless they are in quotes.
- A list of one word may be the word alone: `by: manager`.
- A name is small letters, digits and underscores, and begins with a letter.
- Nothing in a file is ever run. Guards, effects, selectors and templates are looked up by their names in the lists
  below; a text with a dot, braces or brackets in it is only a text, or refused.
- `{SYSTEM_ROLE}` is the role of timers, of emits and of what happens by itself. A row that names nobody in `by` is the
  system's alone. It is taken when a timer does it or another step emits it, and never otherwise.
- Of several rows with one name, the first whose state fits and whose guards pass is taken. What the system is made to
  do needs a last row without guards, so that it is never lost.
- `to: {SAME}` stays where it is; its timers go on. `to: {REMEMBERED}` returns to the state that was left on entering.
- What stands below as tag, guard, effect, selector, audience and kind of record is what GrantFlow itself knows. Names of
  states, transitions and roles belong to the scheme alone: no page and no module knows one.
"""

_AUDIENCES: Mapping[Audience, str] = {
    "public": "everybody, without signing in",
    "applicant": "people from outside who ask for money or take part",
    "reviewer": "people from outside who are asked what they think of it",
    "manager": "people who work for the programme",
    "funder": "people who work for those whose money it is",
}
RECORD_WORDS = {
    "call": "what is announced; everything else stands below it",
    "participation": "somebody's place in a lab",
    "contribution": "what somebody brought to a lab",
    "frame": "what a lab proposes and a body adopts",
    "application": "what is asked for, with a form, until the end of it",
    "line": "a firm's part of an application",
    "payment": "money that leaves",
    "review": "what one reviewer says about one application",
    "award": "what was granted, from the letter to the checked report",
}


def words_of(registry: Registry) -> str:
    """Return the page of all words."""
    parts = [_HEAD, "## The files", ""]
    parts.extend(describe(record, level=3) for record in FILES)
    parts += ["## Tags", "", "What being in a state means to the rest of the house. The list is closed.", ""]
    parts += _table(("tag", "means"), ((f"`{tag}`", about) for tag, about in TAGS.items()))
    parts += ["## Audiences", "", "For whom a role stands.", ""]
    parts += _table(("audience", "means"), ((f"`{each}`", _AUDIENCES[each]) for each in AUDIENCES))
    parts += ["## Kinds of record", "", "What a lifecycle may be about.", ""]
    parts += _table(
        ("kind", "means"),
        ((f"`{name}`", about) for name, about in RECORD_WORDS.items() if name in registry.records),
    )
    parts += [
        "## Guards",
        "",
        "What may be asked before a step. All of a row are asked; every reason against is told.",
        "",
    ]
    parts += _table(("guard", "holds when", "arguments", "looks at"), map(_guard, _sorted(registry.guards)))
    parts += ["## Effects", "", "What a step does beside moving the record, in the same transaction.", ""]
    parts += _table(("effect", "does", "on", "needs"), map(_effect, _sorted(registry.effects)))
    parts += ["## Selectors", "", "Where an emit may go beside `children`, `parent`, `call` and `self`.", ""]
    parts += _table(
        ("selector", "finds", "from", "to"),
        ((f"`{each.name}`", each.about, each.source, each.target) for each in _sorted(registry.selectors)),
    )
    parts += ["## Templates", "", "The messages that may be sent.", ""]
    parts += [", ".join(f"`{name}`" for name in sorted(registry.templates)) or "None.", ""]
    parts += ["## Findings of the reader", ""]
    parts += _table(("code", "means"), ((f"`{code}`", about) for code, about in READER_CODES.items()))
    parts += ["## Checks", "", "What is proved before a scheme may run. A warning can be lived with.", ""]
    parts += _table(
        ("code", "severity", "what must hold"), ((f"`{c.code}`", c.severity, c.about) for c in CHECKS)
    )
    return "\n".join(parts).rstrip() + "\n"


READER_CODES = {
    "not_yaml": "The text is not YAML.",
    "not_text": "The file is not text in UTF-8.",
    "unreadable": "The file cannot be read.",
    "too_large": "The file is larger than a mebibyte.",
    "too_deep": "Keys and lists stand in one another too deep.",
    "empty": "The file, or the place of a value, is empty.",
    "control_character": "A character stands there that no text may hold.",
    "several_documents": "A second document begins in the file.",
    "directive": "A line begins with %.",
    "boolean": "YAML reads the word as true or false.",
    "anchor": "An anchor (&) stands there.",
    "alias": "An alias (*) stands there.",
    "tag": "A tag (!) stands there.",
    "flow_style": "Brackets or braces stand there.",
    "bad_key": "A key is no single word.",
    "duplicate_key": "A key stands twice.",
    "duplicate_item": "A word stands twice in a list.",
    "duplicate_name": "Two things bear one name.",
    "unknown_key": "A key is not known.",
    "missing_key": "A key that is needed is not there.",
    "wrong_kind": "A word, a list or keys stand where something else is expected.",
    "wrong_value": "A value does not fit.",
    "wrong_name": "A file and what it declares bear different names.",
    "missing_file": "A file that is needed is not there.",
    "unknown_block": "A block is not known.",
    "unknown_word": "A word in a block is not among those that it needs.",
}
"""The codes of what is found while files are read, before anything is proved."""


T = TypeVar("T")


def _sorted(words: Mapping[str, T]) -> list[T]:
    return [words[name] for name in sorted(words)]


def _guard(spec: GuardSpec) -> tuple[str, ...]:
    takes = ", ".join(f"`{word}` ({kind.replace('_', ' ')})" for word, kind in spec.takes.items())
    return f"`{spec.name}`", spec.about, takes, ", ".join(kind.__name__ for kind in spec.facts)


def _effect(spec: EffectSpec) -> tuple[str, ...]:
    needs = [f"guard `{name}`" for name in spec.needs_guards]
    needs += [f"field `{name}`" for name in spec.asks]
    needs += ["four eyes"] if spec.needs_apart else []
    needs += [f"parameter `{name}` where the scheme has it" for name in spec.reads]
    return f"`{spec.name}`", spec.about, ", ".join(sorted(spec.of)), ", ".join(needs)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    for row in rows:
        cells = " | ".join(cell.replace("|", "\\|") for cell in row)
        lines.append(f"| {cells} |")
    return [*lines, ""]
