"""YAML as we read it: scalars, lists and mappings with their lines, and nothing of YAML's cleverness.

The text is read as a stream of events, so nothing in it is ever made into an object: tags, anchors, aliases, merges,
directives, flow style, several documents and YAML's booleans are findings with their line. No input whatever makes
this raise.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import yaml

from grantflow.workflow.findings import Finding, shown
from grantflow.workflow.model import Place

_LOADER: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The C parser where libyaml is there: 7x faster."""

LARGEST = 1_048_576
"""Bytes that a file may have."""
DEEPEST = 24
MOST_FINDINGS = 50
"""After so many findings in one file the rest is noise."""

_BOOLEANS = frozenset({"yes", "no", "on", "off", "true", "false"})
_NULLS = frozenset({"~", "null"})


@dataclass(frozen=True, slots=True)
class Scalar:
    """One word or text; `plain` when it stands without quotes, on its own line."""

    text: str
    place: Place
    plain: bool


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: list[Node]
    place: Place


@dataclass(frozen=True, slots=True)
class Pairs:
    """A mapping: keys in the order of the file, each once."""

    pairs: list[tuple[Scalar, Node]]
    place: Place


@dataclass(frozen=True, slots=True)
class Refused:
    """Something about which a finding was made already: whoever reads on says nothing more about it."""

    place: Place


Node = Scalar | Items | Pairs | Refused


def read_nodes(source: bytes | str, file: str) -> tuple[Node | None, list[Finding]]:
    """Return the tree of a YAML text, None where it could not be read to its end, and what is wrong with it."""
    builder = _Builder(file)
    try:
        text = builder.decode(source)
        if text is not None:
            builder.take(yaml.parse(text, Loader=_LOADER))
            if builder.root is None:
                builder.refuse(1, "empty", "The file is empty.")
    except _Stop:
        builder.root = None
    except (yaml.YAMLError, ValueError) as problem:
        builder.findings.append(_not_yaml(problem, file))
        builder.root = None
    return builder.root, sorted(builder.findings)


def _not_yaml(problem: Exception, file: str) -> Finding:
    line, words = 1, str(problem).partition("\n")[0]
    if isinstance(problem, yaml.MarkedYAMLError):
        words = ", ".join(part for part in (problem.context, problem.problem) if part)
        mark = problem.problem_mark or problem.context_mark
        line = mark.line + 1 if mark else 1
    return Finding(file, line, "not_yaml", "error", f"This is not YAML: {words}.")


class _Stop(Exception):
    """Ends the reading with what has been found."""


@dataclass(slots=True)
class _Frame:
    """A list or mapping that is not closed yet."""

    node: Items | Pairs
    flow: bool
    key: Scalar | Refused | None = None
    """The key that waits for its value."""


class _Builder:
    def __init__(self, file: str) -> None:
        self.findings: list[Finding] = []
        self.root: Node | None = None
        self._file = file
        self._frames: list[_Frame] = []
        self._flow_lines: set[int] = set()

    def finding(self, line: int, code: str, message: str) -> Finding:
        return Finding(self._file, line, code, "error", message)

    def refuse(self, line: int, code: str, message: str) -> Refused:
        self.findings.append(self.finding(line, code, message))
        if len(self.findings) >= MOST_FINDINGS:
            raise _Stop
        return Refused(Place(self._file, line))

    def decode(self, source: bytes | str) -> str | None:
        if len(source) > LARGEST:
            self.refuse(1, "too_large", f"The file is larger than {LARGEST} bytes.")
            return None
        if isinstance(source, str):
            text = source
        else:
            try:
                text = source.decode("utf-8-sig")
            except UnicodeDecodeError as problem:
                line = source.count(b"\n", 0, problem.start) + 1
                self.refuse(line, "not_text", "This is not text in UTF-8.")
                return None
        for number, line_text in enumerate(text.split("\n"), start=1):
            if not line_text.isprintable() and (bad := _control_character(line_text)):
                self.refuse(number, "control_character", f"The character U+{ord(bad):04X} is not allowed.")
                return None
        return text

    def take(self, events: Iterable[yaml.Event]) -> None:
        documents = 0
        for event in events:
            line = event.start_mark.line + 1 if event.start_mark else 1
            if isinstance(event, yaml.ScalarEvent):
                self._put(self._scalar(event, line))
            elif isinstance(event, (yaml.SequenceStartEvent, yaml.MappingStartEvent)):
                self._open(event, line)
            elif isinstance(event, (yaml.SequenceEndEvent, yaml.MappingEndEvent)):
                self._close()
            elif isinstance(event, yaml.AliasEvent):
                self._put(
                    self.refuse(
                        line, "alias", f"The alias *{event.anchor} is not allowed: write the words out."
                    )
                )
            elif isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self.refuse(
                        line, "several_documents", "A file holds one document; here a second one begins."
                    )
                    raise _Stop
                if event.version or event.tags:
                    self.refuse(line, "directive", "Lines that begin with % are not allowed.")

    def _properties(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent, line: int) -> None:
        if event.anchor is not None:
            self.refuse(line, "anchor", f"The anchor &{event.anchor} is not allowed: write the words out.")
        if event.tag is not None:
            self.refuse(line, "tag", f"The tag {shown(event.tag)} is not allowed.")

    def _scalar(self, event: yaml.ScalarEvent, line: int) -> Scalar | Refused:
        if event.anchor is not None or event.tag is not None:
            self._properties(event, line)
            return Refused(Place(self._file, line))
        text: str = event.value
        plain = not event.style
        if plain:
            if not text:
                return self.refuse(
                    line, "empty", "Nothing stands here; leave the key out or give it a value."
                )
            if len(text) < 6 and text.lower() in _BOOLEANS:
                return self.refuse(
                    line,
                    "boolean",
                    f"YAML reads {shown(text)} as true or false; put it in quotes or use another word.",
                )
            if text.lower() in _NULLS:
                return self.refuse(line, "empty", f"YAML reads {shown(text)} as nothing; leave the key out.")
        elif bad := _control_character(text):
            return self.refuse(line, "control_character", f"The character U+{ord(bad):04X} is not allowed.")
        return Scalar(text, Place(self._file, line), plain)

    def _open(self, event: yaml.CollectionStartEvent, line: int) -> None:
        self._properties(event, line)
        if len(self._frames) >= DEEPEST:
            self.refuse(line, "too_deep", f"Keys and lists stand in one another at most {DEEPEST} deep.")
            raise _Stop
        place = Place(self._file, line)
        node: Items | Pairs = (
            Items([], place) if isinstance(event, yaml.SequenceStartEvent) else Pairs([], place)
        )
        self._put(node)
        self._frames.append(_Frame(node, bool(event.flow_style)))

    def _close(self) -> None:
        frame = self._frames.pop()
        line = frame.node.place.line
        full = frame.node.items if isinstance(frame.node, Items) else frame.node.pairs
        if frame.flow and full and line not in self._flow_lines:
            self._flow_lines.add(line)
            self.refuse(line, "flow_style", "Write one key or one item a line, without brackets and braces.")

    def _put(self, node: Node) -> None:
        if not self._frames:
            self.root = node
            return
        frame = self._frames[-1]
        if isinstance(frame.node, Items):
            frame.node.items.append(node)
        elif frame.key is None:
            frame.key = self._key(node, frame.node)
        else:
            if isinstance(frame.key, Scalar):
                frame.node.pairs.append((frame.key, node))
            frame.key = None

    def _key(self, node: Node, inside: Pairs) -> Scalar | Refused:
        if isinstance(node, Refused):
            return node
        if not isinstance(node, Scalar):
            return self.refuse(node.place.line, "bad_key", "A key is one word.")
        for key, _ in inside.pairs:
            if key.text == node.text:
                return self.refuse(
                    node.place.line,
                    "duplicate_key",
                    f"The key {shown(node.text)} stands here a second time; the first is in line {key.place.line}.",
                )
        return node


def _control_character(text: str) -> str | None:
    """Return the first character that no text of ours may hold: controls but tab and line ends, and half characters."""
    for char in text:
        if (char < " " and char not in "\n\t\r") or "\x7f" <= char < "\xa0" or "\ud800" <= char <= "\udfff":
            return char
        if char in "\ufffe\uffff":
            return char
    return None
