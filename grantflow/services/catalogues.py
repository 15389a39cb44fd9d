"""Every sentence and label that a reader of a page may meet, and the catalogues that give it in other languages.

A sentence is written once, in English, where it is meant: in a page, a template, a refusal, a view model, or as a label
in a workflow file. Here they are collected, so that a catalogue can be complete.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

from grantflow.domain.aid.lines import activities
from grantflow.paths import data_folder
from grantflow.services.calls.public import spelled
from grantflow.services.homes.stories import told
from grantflow.workflow.loader import load_all
from grantflow.workflow.model import Scheme
from grantflow.workflow.registry import Registry

SPOKEN = ("en", "sv", "lt")
"""Languages in which the pages are written; the first one is that of the code and needs no catalogue."""
UNREVIEWED = "fuzzy"
"""The flag of what was translated and has not been read by somebody who speaks the language."""
NOTE = "unreviewed"
"""The comment that marks such a translation where the flag would keep it from being used."""

_PACKAGE = Path(__file__).resolve().parent.parent
LOCALE = _PACKAGE / "locale"
DOMAIN = "messages"

_FIRST = frozenset(
    {"_", "gettext", "say", "Sentence", "Label", "Fact", "some", "Part", "Next", "_Unfit", "Link"}
)
_SECOND = frozenset({"refuse", "Refusal"})
_UNREAD = frozenset({"Statement", "text", "Literal", "TypeVar", "_ways"})
"""Calls whose texts nobody reads on a page: SQL and its parts, and names of types."""
_TOLD_WHOLE = ("services/records", "services/homes", "domain")
"""Folders in which every capitalised text is one that people read."""


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """A sentence and one of the places where it stands; `plural` where numbers decide between two."""

    text: str
    plural: str
    place: str


def collect(registry: Registry) -> tuple[Found, ...]:
    """Return every sentence and label, in the order of their texts."""
    found = {*_in_code(), *_in_templates(), *_in_schemes(registry), *_in_stories()}
    return tuple(sorted(found))


def _in_code() -> Iterator[Found]:
    for path in sorted(_PACKAGE.rglob("*.py")):
        inside = path.relative_to(_PACKAGE).as_posix()
        if inside.split("/")[0] in {"cli", "worker", "app.py"} or inside.startswith("services/demo"):
            continue
        whole = inside.startswith(_TOLD_WHOLE) or inside.endswith("_page.py")
        yield from _of_module(ast.parse(path.read_text(encoding="utf-8")), f"grantflow/{inside}", whole=whole)


def _of_module(tree: ast.Module, place: str, *, whole: bool) -> Iterator[Found]:
    unread = set(_unread(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _of_call(node, place)
        elif whole and isinstance(node, ast.Constant) and id(node) not in unread:
            yield from _of_constant(node.value, place)


def _unread(tree: ast.Module) -> Iterator[int]:
    """Yield the constants that nobody reads on a page: docstrings, parts of SQL, and what programmers are told."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield id(node.value)
        elif isinstance(node, ast.Raise | ast.Assert):
            for inner in ast.walk(node):
                if isinstance(inner, ast.Call) and _name(inner.func) not in _SECOND:
                    yield from map(id, inner.args)
        elif isinstance(node, ast.JoinedStr):
            yield from map(id, ast.walk(node))
        elif isinstance(node, ast.Call) and _name(node.func) in _UNREAD:
            yield from map(id, node.args)


def _of_constant(value: object, place: str) -> Iterator[Found]:
    if isinstance(value, str) and value and _is_told(value):
        yield Found(value, "", place)


def _is_told(value: str) -> bool:
    """Whether a text looks like one that people read: a capitalised word, or words of which the first is."""
    if " " not in value:
        return value.isalpha() and value.istitle() and len(value) > 2
    return value.startswith(("“", "%(")) or value[0].isupper()


def _of_call(call: ast.Call, place: str) -> Iterator[Found]:
    name = _name(call.func)
    texts = [
        each.value for each in call.args if isinstance(each, ast.Constant) and isinstance(each.value, str)
    ]
    if name == "ngettext" and len(texts) >= 2:
        yield Found(texts[0], texts[1], place)
    elif name in _FIRST and call.args and isinstance(call.args[0], ast.Constant) and texts:
        yield Found(texts[0], "", place)
    elif name in _SECOND and len(call.args) > 1 and isinstance(call.args[1], ast.Constant) and len(texts) > 1:
        yield Found(texts[1], "", place)


def _name(func: ast.expr) -> str:
    return func.id if isinstance(func, ast.Name) else func.attr if isinstance(func, ast.Attribute) else ""


def _in_templates() -> Iterator[Found]:
    folder = data_folder("templates")
    options = {"extensions": "jinja2.ext.i18n", "trimmed": "true", "silent": "false"}
    keywords: Mapping[str, tuple[int, ...] | None] = {"_": None, "gettext": None, "ngettext": (1, 2)}
    for path in sorted(folder.rglob("*.html")):
        source = BytesIO(path.read_bytes())
        for _line, message, _comments, _context in extract(
            "jinja2.ext:babel_extract", source, keywords, options=options
        ):
            text, plural = message[:2] if isinstance(message, tuple) else (message, "")
            if text:
                yield Found(text, plural or "", f"templates/{path.relative_to(folder).as_posix()}")


def _in_schemes(registry: Registry) -> Iterator[Found]:
    for loaded in load_all(data_folder("workflows")):
        if loaded.scheme is not None:
            place = f"workflows/{loaded.scheme.name}/v{loaded.scheme.version}"
            for text in labels(loaded.scheme):
                yield Found(text, "", place)
    for guard in registry.guards.values():
        yield Found(guard.about, "", "guards")
    for effect in registry.effects.values():
        yield Found(effect.about, "", "effects")


def _in_stories() -> Iterator[Found]:
    for story in told():
        yield Found(story.title, "", "config/demo/stories.yaml")
        yield Found(story.about, "", "config/demo/stories.yaml")


def labels(scheme: Scheme) -> Iterator[str]:
    """Yield every word of a scheme that people read on pages."""
    yield from (scheme.title, scheme.about)
    for role in scheme.roles.values():
        yield from (role.label, role.about)
    yield from (phase.label for phase in scheme.phases.values())
    yield from (spelled(name) for name in activities(scheme.parameters))
    for name, date in scheme.dates.items():
        yield from (spelled(name), date.about)
    for lifecycle in scheme.lifecycles.values():
        yield from (lifecycle.title, lifecycle.about)
        for state in lifecycle.states.values():
            yield from (state.label, state.upcoming, *state.labels.values())
        for row in lifecycle.rows:
            yield from (row.label, row.about, *(asked.label for asked in row.asks))


def catalogue(language: str) -> Catalog:
    """Return the catalogue of a language as it is kept, empty where there is none yet."""
    path = LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    if not path.is_file():
        return Catalog(locale=language, domain=DOMAIN)
    with path.open("rb") as stream:
        return read_po(stream, locale=language, domain=DOMAIN)


def updated(kept: Catalog, found: Iterable[Found]) -> Catalog:
    """Return a catalogue with every sentence there is, those translated before with their translation."""
    places: dict[tuple[str, str], set[str]] = {}
    for each in found:
        places.setdefault((each.text, each.plural), set()).add(each.place)
    made = Catalog(
        locale=kept.locale,
        domain=DOMAIN,
        project="GrantFlow",
        version="1",
        msgid_bugs_address="",
        last_translator="",
        language_team="",
        header_comment="# Sentences of GrantFlow. Those marked “unreviewed” were not read by a speaker yet.",
        creation_date=datetime(2026, 1, 1, tzinfo=UTC),
        revision_date=datetime(2026, 1, 1, tzinfo=UTC),
        fuzzy=False,
    )
    for (text, plural), where in sorted(places.items()):
        before = kept.get(text)
        key = (text, plural) if plural else text
        string: str | tuple[str, ...] | list[str] = ("",) * made.num_plurals if plural else ""
        if before is not None and bool(before.pluralizable) == bool(plural):
            string = before.string or string
        made.add(
            key,
            string,
            locations=[(place, 0) for place in sorted(where)],
            user_comments=[NOTE] if string and (before is None or NOTE in before.user_comments) else (),
        )
    return made


def untranslated(catalog: Catalog) -> list[str]:
    """Return the sentences of a catalogue that it does not give in its language."""
    return [_text(message) for message in catalog if message.id and not _is_given(message)]


def _is_given(message: Message) -> bool:
    return all(message.string) if isinstance(message.string, tuple | list) else bool(message.string)


def _text(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def write(language: str, catalog: Catalog) -> Path:
    """Keep the catalogue of a language; return its file."""
    path = LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        write_po(stream, catalog, width=110, no_location=False, omit_header=False, include_lineno=False)
    return path
