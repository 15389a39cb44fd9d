"""Names of states, transitions and roles belong to schemes: nothing in code, templates or scripts is called by one.

A word of a shipped scheme may stand as a text in code where it means something else: it is a tag, an audience, a kind of
record, an effect or a guard (those are the interface, see docs/workflows.md), or it is an ordinary word there. The
latter are listed in `names.toml`, each with its reason and where it stands; what stands there no longer fails, too.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment

from grantflow.app import registry
from grantflow.workflow.model import AUDIENCES, TAGS
from grantflow.workflow.words import RECORD_WORDS, words_of
from tests.workflow.shipped import schemes

ROOT = Path(__file__).parents[2]
LISTED = Path(__file__).with_name("names.toml")
Place = tuple[str, str]
"""A file, and the word that stands in it."""

_SCRIPT_TEXT = re.compile(r"""(["'`])((?:\\.|(?!\1).)*)\1""")
_SCRIPT_COMMENT = re.compile(r"(?m)^\s*//[^\n]*$|/\*(?:[^*]|\*(?!/))*\*/")


@cache
def names() -> frozenset[str]:
    """Return every name of a state, transition or role of a shipped scheme."""
    found: set[str] = set()
    for scheme in schemes():
        found.update(scheme.roles)
        for lifecycle in scheme.lifecycles.values():
            found.update(lifecycle.states)
            found.update(row.name for row in lifecycle.rows)
    return frozenset(found)


@cache
def interface() -> frozenset[str]:
    """Return the words that workflow files take from the house, and not the house from them."""
    words = registry()
    return frozenset({*TAGS, *AUDIENCES, *words.records, *words.effects, *words.guards, *words.selectors})


def texts_of_module(source: str) -> Iterator[str]:
    """Yield each text of a module that is no docstring and no name of its own; `lifecycle.state` as both words."""
    tree = ast.parse(source)
    unread = {id(text) for node in ast.walk(tree) for text in _unread(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in unread:
            yield from words_in(node.value)


def _unread(node: ast.AST) -> Iterator[ast.AST]:
    """Yield a docstring, and the names that a module hands on (`__all__`)."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        yield node.value
    elif isinstance(node, ast.Assign) and any(
        isinstance(target, ast.Name) and target.id == "__all__" for target in node.targets
    ):
        yield from ast.walk(node.value)


def texts_of_template(source: str) -> Iterator[str]:
    """Yield each text that stands in quotes inside a template's braces, and none of its HTML."""
    for _, token, value in Environment(autoescape=True).lex(source):
        if token == "string":
            yield from words_in(value[1:-1])


def texts_of_script(source: str) -> Iterator[str]:
    """Yield each text in quotes of a script, outside whole lines of comment."""
    for found in _SCRIPT_TEXT.finditer(_SCRIPT_COMMENT.sub("", source)):
        yield from words_in(found[2])


def words_in(text: str) -> tuple[str, ...]:
    """Return a text, and of `lifecycle.state` the second word, too; dotted names of modules are no such thing."""
    lifecycle, dot, last = text.rpartition(".")
    named = dot and any(lifecycle in scheme.lifecycles for scheme in schemes())
    return (text, last) if named else (text,)


READERS = (
    ("grantflow", "py", texts_of_module),
    ("templates", "html", texts_of_template),
    ("assets/js", "js", texts_of_script),
)


@cache
def standing() -> Mapping[str, frozenset[str]]:
    """Return by file which names of the schemes stand in it as a text, the words of the interface apart."""
    found: dict[str, set[str]] = defaultdict(set)
    for folder, ending, texts in READERS:
        for path in sorted((ROOT / folder).rglob(f"*.{ending}")):
            here = names().intersection(texts(path.read_text(encoding="utf-8"))) - interface()
            if here:
                found[path.relative_to(ROOT).as_posix()] |= here
    return {file: frozenset(words) for file, words in found.items()}


def entries() -> list[dict[str, Any]]:
    """Return the words that are known to mean something else: each with its reason, and the files or folders."""
    return list(tomllib.loads(LISTED.read_text(encoding="utf-8"))["means_something_else"])


def places() -> set[Place]:
    return {(file, word) for file, words in standing().items() for word in words}


def known(place: Place) -> bool:
    file, word = place
    return any(
        word == entry["word"] and file.startswith(where) for entry in entries() for where in entry["where"]
    )


def test_no_module_template_or_script_is_called_by_a_name_of_a_scheme() -> None:
    assert sorted(place for place in places() if not known(place)) == []


def test_what_is_listed_stands_there_still() -> None:
    there = places()
    gone = [
        (entry["word"], where)
        for entry in entries()
        for where in entry["where"]
        if not any(word == entry["word"] and file.startswith(where) for file, word in there)
    ]
    assert gone == []


def test_everything_listed_has_a_reason_and_stands_in_order() -> None:
    words = [entry["word"] for entry in entries()]

    assert words == sorted(set(words))
    assert [entry["word"] for entry in entries() if not entry["reason"].endswith(".")] == []
    assert [entry["word"] for entry in entries() if entry["where"] != sorted(set(entry["where"]))] == []


@pytest.mark.parametrize(
    ("texts", "source", "found"),
    [
        (texts_of_module, 'def f():\n    """call.draft"""\n    return x == "draft"', ["draft"]),
        (texts_of_module, 'take(tx, "application.submit")', ["application.submit", "submit"]),
        (texts_of_module, 'import_module("grantflow.api.checking")', ["grantflow.api.checking"]),
        (texts_of_module, '__all__ = ["submit"]', []),
        (texts_of_template, '<a class="draft">{% if state == "draft" %}draft{% endif %}</a>', ["draft"]),
        (texts_of_script, "// 'draft'\nif (state === 'draft') go(`open`)", ["draft", "open"]),
    ],
)
def test_texts_are_found_where_they_could_be_names(texts, source, found) -> None:
    assert [text for text in texts(source) if text] == found


def test_the_page_about_workflow_files_lists_the_interface() -> None:
    page = words_of(registry())

    assert RECORD_WORDS.keys() == registry().records
    assert sorted(word for word in interface() if f"`{word}`" not in page) == []
