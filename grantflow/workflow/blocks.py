"""Blocks: states, transitions and timers that several lifecycles share, filled in and renamed where they are included."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grantflow.workflow.document import (
    Entry,
    Finding,
    Place,
    Word,
    error,
    has_errors,
    place_of,
    read_source,
    shown,
    unknown_word,
)
from grantflow.workflow.nodes import Items, Node, Pairs, Scalar, read_nodes
from grantflow.workflow.scalars import read_shape
from grantflow.workflow.shapes import BLOCK

_HOLE = re.compile(r"<([a-z][a-z0-9_]*)>")
LIFECYCLE_WORD = "lifecycle"
"""Filled in with the name of the including lifecycle, without being asked for."""


@dataclass(frozen=True, slots=True)
class Included:
    """A block as one lifecycle includes it: filled in, with the new names of its own states and transitions."""

    entry: Entry
    states: Mapping[str, str]
    transitions: Mapping[str, str]


class Blocks:
    """The blocks of a folder, read when they are asked for."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._nodes: dict[str, tuple[Node | None, list[Finding]]] = {}

    def known(self) -> list[str]:
        """Return the names of the blocks that there are."""
        return sorted(path.stem for path in self._folder.glob("*.yaml")) if self._folder else []

    def included(self, include: Entry, lifecycle: str, findings: list[Finding]) -> Included | None:
        """Return a block as an include asks for it; what is wrong goes to the findings."""
        name: Word = include["block"]
        if name not in self.known():
            findings.append(error(name.place, "unknown_block", unknown_word("block", name, self.known())))
            return None
        root, found = self._read(name)
        findings.extend(finding for finding in found if finding not in findings)
        if root is None or found:
            return None
        filled = _filled(root, include, lifecycle, findings)
        entry, more = read_shape(filled, BLOCK)
        findings.extend(finding for finding in more if finding not in findings)
        if has_errors(more):
            return None
        if entry["block"] != name:
            findings.append(
                error(
                    entry.place_of("block"), "wrong_name", f"The block is called {shown(name)} by its file."
                )
            )
        prefix = include["prefix"]
        return Included(
            entry, _renamed(prefix, entry["states"]), _renamed(prefix, _names(entry["transitions"]))
        )

    def _read(self, name: str) -> tuple[Node | None, list[Finding]]:
        if name not in self._nodes:
            assert self._folder is not None
            path = self._folder / f"{name}.yaml"
            source = read_source(path, str(path))
            self._nodes[name] = (
                (None, [source]) if isinstance(source, Finding) else read_nodes(source, str(path))
            )
        return self._nodes[name]


def _names(transitions: tuple[Entry, ...]) -> list[str]:
    return [row["name"] for row in transitions]


def _renamed(prefix: str | None, names: Any) -> Mapping[str, str]:
    return {str(name): f"{prefix}_{name}" if prefix else str(name) for name in names}


def _filled(root: Node, include: Entry, lifecycle: str, findings: list[Finding]) -> Node:
    """Put what an include gives into the holes of a block."""
    needs = _needs(root)
    given: dict[str, Any] = {LIFECYCLE_WORD: Word.at(lifecycle, include.place), **include["with"]}
    findings.extend(
        error(word.place, "unknown_key", unknown_word("needed word", word, needs))
        for word in include["with"]
        if word not in needs
    )
    for word in needs:
        if word not in given:
            message = f"The block {shown(include['block'])} needs a value for {shown(word)}."
            findings.append(error(include.place_of("with"), "missing_key", message))
            given[word] = Word.at("missing", include.place)
    return _Filling(given, findings).node(root)


def _needs(root: Node) -> list[str]:
    if isinstance(root, Pairs):
        for key, below in root.pairs:
            if key.text == "needs" and isinstance(below, Pairs):
                return [word.text for word, _ in below.pairs]
            if key.text == "needs" and isinstance(below, Items):
                return [word.text for word in below.items if isinstance(word, Scalar)]
    return []


class _Filling:
    """Puts values into the holes of a tree; a list that fills a hole in a list becomes part of it."""

    def __init__(self, given: Mapping[str, Any], findings: list[Finding]) -> None:
        self._given = given
        self._findings = findings

    def node(self, node: Node) -> Node:
        if isinstance(node, Scalar):
            return self._scalar(node)
        if isinstance(node, Items):
            return Items([filled for item in node.items for filled in self._spliced(item)], node.place)
        if isinstance(node, Pairs):
            return Pairs([(self._key(key), self.node(below)) for key, below in node.pairs], node.place)
        return node

    def _spliced(self, item: Node) -> list[Node]:
        filled = self.node(item)
        return filled.items if isinstance(item, Scalar) and isinstance(filled, Items) else [filled]

    def _key(self, key: Scalar) -> Scalar:
        filled = self._scalar(key)
        return filled if isinstance(filled, Scalar) else key

    def _scalar(self, scalar: Scalar) -> Node:
        whole = _HOLE.fullmatch(scalar.text)
        if whole and whole[1] in self._given:
            return _node_of(self._given[whole[1]], scalar.place)
        return Scalar(
            _HOLE.sub(lambda hole: self._word(hole, scalar.place), scalar.text), scalar.place, scalar.plain
        )

    def _word(self, hole: re.Match[str], place: Place) -> str:
        value = self._given.get(hole[1])
        if value is None:
            self._findings.append(
                error(place, "unknown_word", unknown_word("needed word", hole[1], self._given))
            )
        return str(value) if isinstance(value, (str, int)) else ""


def _node_of(value: Any, otherwise: Place) -> Node:
    if isinstance(value, tuple):
        return Items([_node_of(item, otherwise) for item in value], otherwise)
    return Scalar(str(value), place_of(value, otherwise) if isinstance(value, str) else otherwise, plain=True)
