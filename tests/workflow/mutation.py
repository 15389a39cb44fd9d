"""Single edits on a scheme's text, by kind: what the check, and then also the snapshot and the scenarios, find.

An edit works on the canonical text of a scheme (blocks merged in), so that it is one line of one file. Kinds that are
NAMED must be found by the check alone, each of them.
"""

import dataclasses
import json
import random
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.workflow.kinds import KINDS, NAMED
from tests.workflow.tried import Base, Mutant, Site, Verdict

EQUIVALENT = Path(__file__).parent / "equivalent.toml"

__all__ = ["KINDS", "NAMED", "Base", "Mutant", "Score", "Verdict", "equivalent", "mutants", "sample"]


def mutants(base: Base) -> Iterator[Mutant]:
    for kind, sites in KINDS.items():
        for site in sites(base):
            yield _mutant(base, kind, site)


def sample(base: Base, each: int, seed: int) -> Iterator[Mutant]:
    """Yield some mutants of each kind."""
    lots = random.Random(seed)
    for kind, sites in KINDS.items():
        some = list(sites(base))
        for site in lots.sample(some, min(each, len(some))):
            yield _mutant(base, kind, site)


def _mutant(base: Base, kind: str, site: Site) -> Mutant:
    where, edit = site
    text = json.loads(base.scheme.text)
    edit(text)
    return Mutant(kind, f"{base.scheme.name} {where}", json.dumps(text, sort_keys=True, ensure_ascii=False))


def equivalent() -> dict[str, str]:
    """Return the edits that change nothing that matters, with the reason."""
    return {
        one["edit"]: one["reason"]
        for one in tomllib.loads(EQUIVALENT.read_text(encoding="utf-8"))["survivor"]
    }


@dataclasses.dataclass
class Score:
    """What was found, by kind."""

    made: Counter[str] = dataclasses.field(default_factory=Counter)
    by_check: Counter[str] = dataclasses.field(default_factory=Counter)
    by_all: Counter[str] = dataclasses.field(default_factory=Counter)
    missed: list[str] = dataclasses.field(default_factory=list)
    """Edits of the named kinds that the check did not find."""
    survivors: list[str] = dataclasses.field(default_factory=list)
    """Edits that nothing finds."""

    def add(self, mutant: Mutant, verdict: Verdict) -> None:
        self.made[mutant.kind] += 1
        self.by_check[mutant.kind] += verdict.by_check
        self.by_all[mutant.kind] += verdict.by_all
        if mutant.kind in NAMED and not verdict.by_check:
            self.missed.append(mutant.name)
        if not verdict.by_all:
            self.survivors.append(mutant.name)

    def share(self, counted: Counter[str]) -> float:
        return counted.total() / self.made.total()
