"""A scheme that is tried by mutants, and how each is judged."""

import dataclasses
from collections.abc import Callable

from grantflow.workflow.canonical import parse_scheme
from grantflow.workflow.checks import check_scheme
from grantflow.workflow.checks.ground import Ground
from grantflow.workflow.findings import has_errors
from grantflow.workflow.machine import compile_scheme
from grantflow.workflow.matrix import matrix_of
from grantflow.workflow.model import Scheme
from grantflow.workflow.registry import Registry
from grantflow.workflow.scenarios import Scenario, play, scenarios_of

Edit = Callable[[dict], None]
Site = tuple[str, Edit]
"""Where an edit is made, in words, and the edit of the decoded text."""


@dataclasses.dataclass(frozen=True)
class Mutant:
    kind: str
    where: str
    text: str

    @property
    def name(self) -> str:
        return f"{self.kind}: {self.where}"


@dataclasses.dataclass(frozen=True)
class Verdict:
    by_check: bool
    by_all: bool


@dataclasses.dataclass(frozen=True)
class Base:
    """A scheme with what its mutants are compared to."""

    scheme: Scheme
    registry: Registry
    ground: Ground
    matrix: str
    scenarios: tuple[Scenario, ...]

    @classmethod
    def of(cls, scheme: Scheme, registry: Registry) -> "Base":
        ground = Ground(scheme, registry)
        scenarios = (each for one in scheme.lifecycles.values() for each in scenarios_of(ground, one))
        return cls(scheme, registry, ground, matrix_of(scheme), tuple(scenarios))

    def judge(self, mutant: Mutant) -> Verdict:
        """Return whether the check alone finds an edit, and whether check, snapshot and scenarios together do."""
        try:
            scheme = parse_scheme(mutant.text)
            if has_errors(check_scheme(scheme, self.registry)):
                return Verdict(by_check=True, by_all=True)
        except (ValueError, KeyError):
            # Only the reader stands before the check, and it refuses what is no scheme.
            return Verdict(by_check=True, by_all=True)
        if matrix_of(scheme) != self.matrix:
            return Verdict(by_check=False, by_all=True)
        machines = compile_scheme(scheme, self.registry).machines
        missed = any(play(machines[each.lifecycle], each) for each in self.scenarios)
        return Verdict(by_check=False, by_all=missed)
