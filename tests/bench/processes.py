"""What a second web process costs: CPU for each request with two of them beside that with one, on both databases.

The same people ask for the same pages in the same order, of one process and of two in turns; what counts is the ratio.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from grantflow.store.copying import copy_sqlite
from tests.bench.pages import write_section
from tests.bench.serving import Run, crowd, serving
from tests.bench.spike import Applicant, Deadline, database_process, databases_in_service, typed
from tests.databases import KINDS, Databases, Kind

PEOPLE = 16
AT_ONCE = 8
ROUNDS = 5
LOOKS = 4
"""So often each of them goes round in one run."""
LIMIT = 1.15
SECTION = "project"


def round_of(one: Applicant, slug: str) -> list[dict[str, Any]]:
    """Look at one's home, the call, the form and the record, and save a section."""
    form = [("section", SECTION), ("seen", "{seen}"), *typed(SECTION), ("csrf_token", one.token)]
    looked = ("/home", f"/calls/{slug}", f"/records/{one.ref}", f"/applications/{one.ref}/form/{SECTION}")
    requests: list[dict[str, Any]] = [{"method": "GET", "path": path, "wanted": [200]} for path in looked]
    saved = {"method": "POST", "path": f"/applications/{one.ref}/save", "form": form, "wanted": [200]}
    return [*requests, saved] * LOOKS


def measured(kind: Kind, databases: Databases, folder: Path) -> dict[int, list[Run]]:
    """Return the runs by the number of processes, taken in turns."""
    url, data = databases.fresh(kind), folder / f"processes-{kind}"
    data.mkdir()
    deadline = Deadline(url, data)
    slug = deadline.fund.plan.slug
    people = deadline.begin(PEOPLE)
    plans = [{"cookie": one.cookie, "requests": round_of(one, slug)} for one in people]
    found: dict[int, list[Run]] = {1: [], 2: []}
    with ExitStack() as stack:
        servers = {}
        for processes in found:
            here = _own_copy(url, data, processes) if kind == "sqlite" else url
            opened = serving(here, data, database_process(kind, folder), processes)
            servers[processes] = stack.enter_context(opened)
        for turn in range(1 + ROUNDS):
            for processes, server in servers.items():
                run = crowd(server, folder, plans, AT_ONCE)
                assert not run.faults, run.faults
                if turn:  # the first warms up
                    found[processes].append(run)
    deadline.fund.database.dispose()
    return found


def _own_copy(url: str, data: Path, processes: int) -> str:
    """Return a copy of an SQLite database: one server alone may have a file."""
    copy = data / f"served-by-{processes}.sqlite"
    copy_sqlite(url, copy)
    return f"sqlite:///{copy}"


def each_ms(runs: Sequence[Run], what: str) -> float:
    """Return the median of milliseconds of CPU for one request."""
    return float(statistics.median(1000 * getattr(run, what) / run.requests for run in runs))


def main() -> None:
    """Measure, print and keep the figures."""
    lines = list(ABOVE)
    with databases_in_service() as (databases, folder):
        for kind in KINDS:
            found = measured(kind, databases, folder)
            ratios = [
                (two.web / two.requests) / (one.web / one.requests)
                for one, two in zip(found[1], found[2], strict=True)
            ]
            for processes, runs in found.items():
                web, database = each_ms(runs, "web"), each_ms(runs, "database")
                rate = statistics.median(run.requests / run.seconds for run in runs)
                ratio = f"{statistics.median(ratios):.2f}" if processes > 1 else ""
                lines.append(f"| {kind} | {processes} | {rate:.0f} | {web:.1f} | {database:.1f} | {ratio} |")
                print(lines[-1], flush=True)
    write_section("processes", "Two web processes", [*lines, *BELOW])


ABOVE = (
    f"{PEOPLE} applicants, {AT_ONCE} at a time, look at their home, the call, their record and form, and save a section;",
    f"medians of {ROUNDS} runs of {PEOPLE * LOOKS * 5} requests.",
    "",
    "| database | processes | requests a second | web ms each | database ms each | of one process |",
    "| --- | ---: | ---: | ---: | ---: | ---: |",
)
BELOW = (
    "",
    f"ms are CPU for one request; the ratio is the median of rounds in turns. Wanted: at most {LIMIT}. Requests a second are by",
    "the clock on the wall, with those who ask, and whatever else runs, on the same two cores.",
)
