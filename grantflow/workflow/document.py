"""Files that people write: read with file and line, held against a declared shape, refused in words.

Each kind of file is declared once, as a `Record` of `Key`s; the reader, the refusals and the docs follow from that::

    MILESTONE = Record(
        "milestone",
        "A date that everybody may see.",
        Key("name", Name(), "What timers and guards call it.", required=True),
        Key("label", Text(), "What people read.", required=True),
        Key("weight", WholeNumber(least=0), "How much it counts.", default=1),
        Key("shown_to", ListOf(OneOf("applicant", "reviewer")), "Who sees it."),
    )
    CALENDAR = Record("calendar", "The dates of a call.", Key("milestones", ListOf(MILESTONE), "In order."))

    got = read_file(Path("calendar.yaml"), CALENDAR)         # never raises, whatever is in the file
    got.findings                                             # (Finding(file, line, code, severity, message), ...)
    if got.value is not None:                                # None as soon as one finding is an error
        for milestone in got.value["milestones"]:            # an Entry: a frozen mapping with every declared key
            milestone["name"]                                # a Word: a str that knows its place
            milestone["shown_to"]                            # a tuple; () when the key is absent
            milestone["weight"]                              # the declared default when absent
            milestone.place, milestone.place_of("label")     # Place(file, line)
            "label" in milestone.written                     # whether the file gives the key itself

Values are plain and frozen: `Word` (a str), int, bool, tuple, `Entry`. An absent key has its declared default: () for
lists, an empty mapping for tables, None otherwise. What an owner checks on top it reports in the same way::

    findings.append(error(milestone.place_of("name"), "unknown_date", unknown_word("date", milestone["name"], known)))

`describe(CALENDAR)` is the Markdown of the docs. Further shapes: `DottedName`, `Span`, `Rate` (basis points),
`Amount` (`Money`), `YesNo`, `Day`, `LocalTime`, `TableOf`, `NamedCall`, `Anything`, `Either`; a new one is a class with
`read` and `words`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from grantflow.workflow.entries import Call, Entry, Word, place_of
from grantflow.workflow.findings import (
    Finding,
    Severity,
    error,
    has_errors,
    known_words,
    shown,
    unknown_word,
    warning,
)
from grantflow.workflow.model import Place
from grantflow.workflow.nodes import LARGEST, read_nodes
from grantflow.workflow.scalars import (
    Amount,
    Anything,
    Day,
    DottedName,
    LocalTime,
    Name,
    OneOf,
    Rate,
    Reading,
    Shape,
    Span,
    Text,
    WholeNumber,
    YesNo,
    is_span,
    read_shape,
)
from grantflow.workflow.vocabulary import (
    Either,
    Key,
    ListOf,
    NamedCall,
    Record,
    TableOf,
    describe,
)

__all__ = [
    "Amount",
    "Anything",
    "Call",
    "Day",
    "DottedName",
    "Either",
    "Entry",
    "Finding",
    "Key",
    "ListOf",
    "LocalTime",
    "Name",
    "NamedCall",
    "OneOf",
    "Place",
    "Rate",
    "Read",
    "Reading",
    "Record",
    "Severity",
    "Shape",
    "Span",
    "TableOf",
    "Text",
    "WholeNumber",
    "Word",
    "YesNo",
    "describe",
    "error",
    "has_errors",
    "is_span",
    "known_words",
    "place_of",
    "read_file",
    "read_shape",
    "read_source",
    "read_text",
    "shown",
    "unknown_word",
    "warning",
]


@dataclass(frozen=True, slots=True)
class Read:
    """What came out of a file: its value, unless an error was found, and every finding."""

    value: Entry | None
    findings: tuple[Finding, ...]


def read_text(text: str | bytes, file: str, shape: Record) -> Read:
    """Read a text against the shape of its kind of file; `file` is the name that findings bear."""
    root, findings = read_nodes(text, file)
    if root is None:
        return Read(None, tuple(findings))
    value, more = read_shape(root, shape)
    every = tuple(sorted({*findings, *more}))
    return Read(None if has_errors(every) else value, every)


def read_file(path: Path, shape: Record, file: str | None = None) -> Read:
    """Read a file against the shape of its kind."""
    name = file or str(path)
    source = read_source(path, name)
    return Read(None, (source,)) if isinstance(source, Finding) else read_text(source, name, shape)


def read_source(path: Path, file: str) -> bytes | Finding:
    """Return the bytes of a file, or the finding that says why they cannot be had."""
    try:
        with path.open("rb") as stream:
            return stream.read(LARGEST + 1)
    except (OSError, ValueError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) else problem
        return Finding(file, 1, "unreadable", "error", f"The file cannot be read: {shown(reason)}.")
