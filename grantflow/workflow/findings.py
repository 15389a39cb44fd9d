"""What is wrong with a file: a finding names file and line, the wrong word and what is allowed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from grantflow.workflow.model import Place

Severity = Literal["error", "warning"]

_SHOWN = 15
"""How many known words a message lists."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Something wrong at a place of a file; `code` is stable and listed in the docs."""

    file: str
    line: int
    code: str
    severity: Severity
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.severity}: {self.message} [{self.code}]"

    def as_json(self) -> Mapping[str, str | int]:
        """Return the object that `--json` prints."""
        return {
            "file": self.file,
            "line": self.line,
            "code": self.code,
            "severity": self.severity,
            "message": self.message,
        }


def error(place: Place, code: str, message: str) -> Finding:
    """Return an error at a place."""
    return Finding(place.file, place.line, code, "error", message)


def warning(place: Place, code: str, message: str) -> Finding:
    """Return a warning at a place: it can be lived with."""
    return Finding(place.file, place.line, code, "warning", message)


def has_errors(findings: Iterable[Finding]) -> bool:
    """Whether something is wrong in a way that forbids to go on."""
    return any(finding.severity == "error" for finding in findings)


def known_words(word: str, known: Iterable[str]) -> str:
    """Return the sentence that lists the known words, those nearest to a wrong one first."""
    words = sorted({str(item) for item in known})
    if not words:
        return "None is known here."
    near = get_close_matches(word, words, n=3, cutoff=0.6)
    ordered = near + [item for item in words if item not in near]
    rest = len(ordered) - _SHOWN
    listed = ", ".join(ordered[:_SHOWN])
    return f"Known are: {listed} and {rest} more." if rest > 0 else f"Known are: {listed}."


def unknown_word(what: str, word: str, known: Iterable[str]) -> str:
    """Return the sentences that refuse an unknown name of some kind of thing."""
    return f"There is no {what} {shown(word)}. {known_words(word, known)}"


def shown(text: object) -> str:
    """Return a word of a file in quotes, cut and cleaned so that it can stand in a message and on a terminal."""
    line = "".join(char if char.isprintable() else "?" for char in str(text))
    return f"“{line[:57]}…”" if len(line) > 58 else f"“{line}”"
