"""What a check is: a code, a severity, a sentence, and a function that yields places and messages."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from grantflow.workflow.checks.ground import Ground
from grantflow.workflow.findings import Finding, Severity
from grantflow.workflow.model import Place

Complaints = Iterator[tuple[Place, str]]
Stage = Literal["names", "words", "lives"]
"""Names of the scheme's own things come first: without them nothing else can be asked. Then words with code and lives."""


@dataclass(frozen=True, slots=True)
class CheckSpec:
    """A check, as the docs list it and the verifier runs it."""

    code: str
    about: str
    severity: Severity
    stage: Stage
    run: Callable[[Ground], Complaints]

    def findings(self, ground: Ground) -> Iterator[Finding]:
        """Yield what the check finds."""
        for place, message in self.run(ground):
            yield Finding(place.file, place.line, self.code, self.severity, message)


def check(
    code: str, stage: Stage = "lives", severity: Severity = "error"
) -> Callable[[Callable[[Ground], Complaints]], CheckSpec]:
    """Make a check of a function; its docstring is the sentence of the docs."""

    def make(function: Callable[[Ground], Complaints]) -> CheckSpec:
        about = inspect.getdoc(function)
        if about is None:
            raise TypeError(f"{function.__name__} needs a docstring: the docs list it")
        return CheckSpec(code, " ".join(about.split()), severity, stage, function)

    return make
