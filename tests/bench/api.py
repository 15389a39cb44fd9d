"""The API beside the pages that do the same: CPU of an operation as a ratio to that of its page, on both databases."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from grantflow.web import create_app
from tests import cast
from tests.api.program import ROOT, Desk, Program
from tests.bench.pages import write_section
from tests.databases import KINDS, Databases, Kind
from tests.factories.copies import copied
from tests.factories.fund import Fund, answers, open_fund
from tests.web.applications.conftest import TYPED, hidden
from tests.web.browsing import Reader

ROUNDS = 9
AT_ONCE = 6
LIMIT = 2.0
SECTION = "project"


@dataclass(frozen=True, slots=True)
class Pair:
    """An operation and the page that does the same."""

    operation: str
    page: str
    by_program: Callable[[], object]
    by_browser: Callable[[], object]


class Two:
    """A program and a browser of the same person, before the same fund."""

    def __init__(self, desk: Desk, reader: Reader, program: Program) -> None:
        self.desk, self.reader, self.program = desk, reader, program

    def look(self, operation: str, page: str) -> Pair:
        """Compare two looks."""

        def by_program() -> None:
            answer = self.program.get(operation)
            assert answer.status_code == 200, answer.text

        def by_browser() -> None:
            answer = self.reader.get(page)
            assert answer.status_code == 200, f"{page}: {answer.status_code}"

        return Pair(f"GET {operation}", page, by_program, by_browser)

    def save(self, ref: str, other: str) -> Pair:
        """Compare saving a section of two applications: each time with other words, so that something is written."""
        numbers = iter(range(1_000_000))
        seen = {"mark": hidden(self.reader.text(f"/applications/{ref}/form/{SECTION}"), "seen")}
        known: list[int] = []
        filled = answers("Night heat", 40_000, 70_000)
        words = {name: filled[name] for name in TYPED[SECTION]}

        def by_program() -> None:
            revision = known[0] if known else self.program.read(f"/applications/{other}")["answers_revision"]
            title = f"Night heat {next(numbers)}"
            body = {"answers": {**words, "title": title}, "answers_revision": revision}
            answer = self.program.patch(f"/applications/{other}", body)
            assert answer.status_code == 200, answer.text
            assert answer.json is not None
            known[:] = [answer.json["answers_revision"]]

        def by_browser() -> None:
            typed = {**TYPED[SECTION], "title": f"Night heat {next(numbers)}"}
            body = {"section": SECTION, "seen": seen["mark"], **typed}
            answer = self.reader.post(f"/applications/{ref}/save", body)
            assert answer.status_code == 200, answer.text
            assert answer.json is not None
            seen["mark"] = answer.json["seen"]

        return Pair(f"PATCH /applications/{ref}", f"POST /applications/{ref}/save", by_program, by_browser)


def pairs(desk: Desk) -> Iterator[Pair]:
    """Yield what is compared: an applicant's looks and saves, and an official's."""
    fund = desk.fund
    pages = create_app(fund.database, data_folder=desk.folder, now=lambda: fund.now, wall=lambda: desk.wall)
    ref = desk.ref(fund.start(cast.LEIF))

    def of(person: cast.Person) -> Two:
        return Two(desk, Reader(pages, fund.people[person.name]), desk.program(person))

    leif = of(cast.LEIF)
    yield leif.look(f"/calls/{desk.slug}", f"/calls/{desk.slug}")
    yield leif.look(f"/applications/{ref}", f"/applications/{ref}/form/{SECTION}")
    yield leif.save(ref, desk.ref(fund.start(cast.LEIF)))
    yield leif.look(f"/applications/{ref}/transitions", f"/records/{ref}")
    yusuf = of(cast.YUSUF)
    sent = desk.ref(fund.apply(cast.NILS, "Waste heat", 40_000, 70_000))
    yield yusuf.look(f"/applications?call={desk.slug}", f"/calls/{desk.slug}/applications")
    yield yusuf.look(f"/records/{sent}", f"/records/{sent}")
    yield yusuf.look(f"/records/{sent}/transitions", f"/records/{sent}")
    yield yusuf.look(f"/records/{sent}/journal", f"/records/{sent}/journal")


def compared(pair: Pair) -> tuple[float, float, float]:
    """Return ms of CPU of an operation and of its page, and the median of their ratio, taken in turns."""
    seconds(pair.by_program)
    seconds(pair.by_browser)
    rounds = [(seconds(pair.by_program), seconds(pair.by_browser)) for _ in range(ROUNDS)]
    operation, page = (1000 * statistics.median(times) for times in zip(*rounds, strict=True))
    return operation, page, statistics.median(one / other for one, other in rounds)


def seconds(work: Callable[[], object]) -> float:
    """Return the CPU time of one of several times in a row."""
    begun = time.process_time()
    for _ in range(AT_ONCE):
        work()
    return (time.process_time() - begun) / AT_ONCE


def rows(kind: Kind, databases: Databases) -> Iterator[str]:
    """Yield the lines of one database."""
    fund: Fund = copied(databases, kind, open_fund)
    desk = Desk(fund, Path(tempfile.mkdtemp(dir=databases.folder)))
    for pair in pairs(desk):
        operation, page, ratio = compared(pair)
        marked = f"**{ratio:.2f}**" if ratio > LIMIT else f"{ratio:.2f}"
        names = [_nameless(desk, each) for each in (pair.operation, pair.page)]
        line = f"| {kind} | `{names[0]}` | `{names[1]}` | {operation:.1f} | {page:.1f} | {marked} |"
        print(line, flush=True)
        yield line
    fund.database.dispose()


def _nameless(desk: Desk, address: str) -> str:
    parts = ("{ref}" if "-20" in part else part for part in address.replace(ROOT, "").split("/"))
    return "/".join(parts).replace(desk.slug, "{slug}")


def main() -> None:
    """Measure, print and keep the figures."""
    with tempfile.TemporaryDirectory(prefix="grantflow-bench-") as folder:
        Path(folder).chmod(0o755)
        databases = Databases(Path(folder))
        try:
            lines = [line for kind in KINDS for line in rows(kind, databases)]
        finally:
            databases.remove()
    write_section("api", "The API beside the pages", [*ABOVE, *lines, *BELOW])


ABOVE = (
    "CPU in ms of an operation and of the page that does the same for the same person, both in this process, in turns.",
    "",
    "| database | operation | page | operation ms | page ms | ratio |",
    "| --- | --- | --- | ---: | ---: | ---: |",
)
BELOW = (
    "",
    f"Ratios are medians of {ROUNDS} rounds. The database server's CPU comes on top with PostgreSQL. Wanted: at most {LIMIT:.0f}",
    "(what is above is bold).",
)
