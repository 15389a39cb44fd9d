"""What a rehearsal costs: CPU for each application, memory by their number, statements; on both databases."""

from __future__ import annotations

import multiprocessing
import resource
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from grantflow.paths import data_folder
from tests.bench.pages import write_section
from tests.databases import KINDS, Databases

CALL = data_folder("config") / "calls" / "north-middle-sweden.yaml"
SIZES = {"sqlite": (100, 500, 2000), "postgresql": (100, 500)}
WANTED = 0.15
"""Seconds of CPU for each of 500 applications."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one rehearsal took."""

    cpu: float
    """Seconds of CPU of the process that played it."""
    before: int
    """The size of that process, in MB, before the first step."""
    largest: int
    """Its largest size."""
    statements: int
    steps: int
    holds: bool
    """Whether every invariant held at the end."""


def measured(applications: int, server: str | None) -> Cost:
    """Play the call in this process."""
    from grantflow.app import registry
    from grantflow.services.rehearsal import rehearse_call

    words = registry()
    before, started = _largest(), time.process_time()
    report = rehearse_call(CALL, applications=applications, seed=3, registry=words, server=server)
    cpu = time.process_time() - started
    return Cost(cpu, before, _largest(), report.statements, report.transitions, report.holds)


def _largest() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def alone(applications: int, server: str | None) -> Cost:
    """Measure in a process of its own, so that one size does not see the memory of another."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(measured, (applications, server))


def main() -> None:
    """Rehearse in each size on both databases, print what it cost and keep it in docs/performance.md."""
    lines = [
        "North Middle Sweden from its draft to its end, invariants checked at the end; each row is a process of its own.",
        "",
        "| database | applications | CPU s | CPU s each | steps | statements each | size before | largest size |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    folder = Path(tempfile.mkdtemp(prefix="grantflow-bench-"))
    folder.chmod(0o755)
    databases = Databases(folder)
    try:
        for kind in KINDS:
            server = databases.fresh(kind) if kind == "postgresql" else None
            for applications in SIZES[kind]:
                cost = alone(applications, server)
                each = f"{cost.cpu / applications:.3f} | {cost.steps} | {cost.statements / applications:.0f}"
                size = f"{cost.before} MB | {cost.largest} MB"
                broken = "" if cost.holds else " (an invariant is broken)"
                lines.append(f"| {kind} | {applications}{broken} | {cost.cpu:.1f} | {each} | {size} |")
                print(lines[-1], flush=True)
    finally:
        databases.remove()
    lines += [
        "",
        f"Wanted: at most {WANTED} s of CPU for each of 500 applications, memory flat in their number.",
    ]
    write_section("rehearsal", "Rehearsals", lines)


if __name__ == "__main__":
    main()
