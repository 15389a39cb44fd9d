"""The door measured against the same rows written by hand: single steps, mass steps, choices, verifying.

All figures of one table come from one run; what counts is the ratio, since the machine is shared.
"""

from __future__ import annotations

import gc
import random
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import event

from grantflow.services import cases
from grantflow.services.journal import verify
from grantflow.store.session import Database, Tx
from tests.bench import byhand
from tests.bench.pages import write_section
from tests.databases import KINDS, Databases, Kind
from tests.services.cases import words
from tests.services.cases.house import House, grant

ITEM = Path(__file__).parent / "item"
THREADS = 8
WINDOW = 0.4
ROUNDS = 15
RECORDS = 1_500
MASS = 5_000


@dataclass
class Bench:
    """A database with records that a clerk may move."""

    house: House
    ids: list[UUID]

    @property
    def database(self) -> Database:
        return self.house.database

    @contextmanager
    def tx(self) -> Iterator[Tx]:
        with self.house.tx("carl") as tx:
            yield tx


def furnished(url: str, records: int) -> Bench:
    house = House(url, scratch=False, scheme=ITEM)
    house.furnish(scheme=("item", 1), publish=False)
    with house.tx("ann") as tx:

        def its_sheet(each: UUID) -> None:
            tx.connection.execute(
                sa.insert(words.sheet), {"id": each, "finished": 1, "signed": 1, "stamps": 0}
            )

        ids = [
            cases.create(tx, "entry", call_id=house.call_id, record=its_sheet).case_id for _ in range(records)
        ]
    return Bench(house, ids)


def rate(bench: Bench, work: Callable[[Tx, UUID], object], threads: int = THREADS) -> float:
    """Return how many transactions a second some threads get through in a window."""
    stop = time.perf_counter() + WINDOW
    counts = [0] * threads

    def run(number: int) -> None:
        chosen = random.Random()
        while time.perf_counter() < stop:
            with bench.tx() as tx:
                work(tx, chosen.choice(bench.ids))
            counts[number] += 1

    started = time.perf_counter()
    workers = [threading.Thread(target=run, args=(number,)) for number in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return sum(counts) / (time.perf_counter() - started)


def interleaved(
    bench: Bench, ways: dict[str, Callable[[Tx, UUID], object]], threads: int
) -> dict[str, list[float]]:
    """Return the rates of each way, the windows taken in turns."""
    found: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, work in ways.items():
            found[name].append(rate(bench, work, threads))
    return found


def ratio(rates: dict[str, list[float]], to: str) -> float:
    """Return the median of the door's ratio to another way, each pair of windows side by side: disks have moods."""
    return statistics.median(door / other for door, other in zip(rates["door"], rates[to], strict=True))


def single(bench: Bench, threads: int) -> dict[str, list[float]]:
    return interleaved(
        bench,
        {
            "door": lambda tx, each: cases.step(tx, each, "move"),
            "hand": byhand.step,
            "bare": lambda tx, each: byhand.step(tx, each, bare=True),
        },
        threads,
    )


def counted(bench: Bench, work: Callable[[], object]) -> int:
    """Return how many statements something takes, the driver's own not counted."""
    said: list[str] = []

    def hear(*args: object) -> None:
        said.append(str(args[2]))

    event.listen(bench.database.sql, "before_cursor_execute", hear)
    try:
        work()
    finally:
        event.remove(bench.database.sql, "before_cursor_execute", hear)
    return len([each for each in said if not each.startswith(("BEGIN", "SET TRANSACTION"))])


def mass(bench: Bench) -> tuple[float, float, float, int]:
    """Return the seconds that closing everything takes: through the door, by sets, by rows; and the door's statements."""
    taken: dict[str, list[float]] = {"door": [], "sets": [], "rows": []}
    ways: dict[str, Callable[[Tx], object]] = {
        "door": lambda tx: cases.step(tx, bench.house.call_id, "close"),
        "sets": lambda tx: byhand.close_all(tx, bench.house.call_id),
        "rows": lambda tx: byhand.close_each(tx, bench.house.call_id),
    }

    def run(name: str) -> None:
        gc.collect()
        started = time.perf_counter()
        with bench.house.tx("carl", keep=False) as tx:
            ways[name](tx)
            bench.house.now = tx.now
            taken[name].append(time.perf_counter() - started)

    for _ in range(3):
        for name in ways:
            run(name)
    statements = counted(bench, lambda: run("door"))
    return *(statistics.median(taken[name]) for name in ways), statements  # type: ignore[return-value]  # three of them


def looking(bench: Bench) -> tuple[float, float, float, float, int, int]:
    """Return microseconds for choices of 1 record, by hand, facts alone, choices of 50; statements for 1 and for 50."""

    def micro(work: Callable[[Tx], object]) -> float:
        times = []
        with bench.house.reading("carl") as tx:
            for _ in range(40):
                started = time.perf_counter()
                work(tx)
                times.append(time.perf_counter() - started)
        return statistics.median(times[10:]) * 1e6

    one, fifty = bench.ids[0], bench.ids[:50]
    ways: list[Callable[[Tx], object]] = [
        lambda tx: cases.choices(tx, [one]),
        lambda tx: byhand.look(tx, one),
        lambda tx: byhand.facts(tx, one),
        lambda tx: cases.choices(tx, fifty),
    ]
    times = [
        statistics.median(each)
        for each in zip(*([micro(way) for way in ways] for _ in range(5)), strict=True)
    ]

    def choose(ids: list[UUID]) -> None:
        with bench.house.reading("carl") as tx:
            cases.choices(tx, ids)

    counts = [counted(bench, lambda ids=ids: choose(ids)) for ids in ([one], fifty)]  # type: ignore[misc]  # lambdas in a loop
    return times[0], times[1], times[2], times[3], counts[0], counts[1]


def verifying(bench: Bench) -> tuple[int, float]:
    """Return how many entries were verified, and how many a second at best of three."""
    best, entries = 0.0, 0
    for _ in range(3):
        started = time.perf_counter()
        with bench.house.reading() as tx:
            entries = verify(tx).entries
        best = max(best, entries / (time.perf_counter() - started))
    return entries, best


def measured(kind: Kind, databases: Databases) -> list[tuple[str, str, str, str]]:
    """Return the rows of one database: what, figure, ratio, wanted."""
    bench = furnished(databases.fresh(kind), RECORDS)
    grant_clerk(bench)
    rows = []
    for threads in (THREADS, 1):
        rates = single(bench, threads)
        door, hand, bare = (statistics.median(rates[name]) for name in ("door", "hand", "bare"))
        figure = f"{door:.0f} a second; by hand {hand:.0f}; bare four statements {bare:.0f}"
        compared = f"{ratio(rates, 'hand'):.2f} of by hand, {ratio(rates, 'bare'):.2f} of bare"
        wanted = "at least 0.7" if threads == THREADS else ""
        rows.append((f"one step, {threads} thread{'s' * (threads > 1)}", figure, compared, wanted))
    times = looking(bench)
    figure = f"{times[0]:.0f} µs; by hand {times[1]:.0f} µs (facts alone {times[2]:.0f} µs); 50 records {times[3]:.0f} µs"
    rows.append(
        (
            "choices of one record",
            figure,
            f"{times[0] / times[1]:.2f}x by hand, {times[0] / times[2]:.2f}x facts alone",
            "at most 1.5x",
        )
    )
    rows.append(
        ("statements for choices", f"{times[4]} for one record, {times[5]} for 50", "", "at most 6, the same")
    )
    bench.database.dispose()
    crowd = furnished(databases.fresh(kind), MASS)
    grant_clerk(crowd)
    seconds, sets, by_rows, statements = mass(crowd)
    figure = f"{seconds:.2f} s; by sets {sets:.2f} s; row by row {by_rows:.2f} s"
    rows.append(
        (
            f"closing {MASS} drafts",
            figure,
            f"{seconds / sets:.1f}x by sets, {seconds / by_rows:.1f}x row by row",
            "at most 8x",
        )
    )
    wanted = "at most 12" if kind == "postgresql" else ""
    rows.append((f"statements for closing {MASS} drafts", str(statements), "", wanted))
    with crowd.house.tx("carl") as tx:
        cases.step(tx, crowd.house.call_id, "close")
    entries, speed = verifying(crowd)
    rows.append(
        (
            "verifying the journal",
            f"{entries} entries; " + f"{speed:,.0f} a second".replace(",", " "),
            "",
            "at least 20 000 a second",
        )
    )
    crowd.database.dispose()
    return rows


def grant_clerk(bench: Bench) -> None:
    """Let people have roles on other things too, as people do."""
    with bench.house.tx() as tx:
        for each in bench.ids[:50]:
            grant(tx, "owner", each, user_id=bench.house.people["ann"])


def main() -> None:
    """Measure on both databases, print the figures and keep them in docs/performance.md."""
    lines = ["| database | what | figure | ratio | wanted |", "| --- | --- | --- | --- | --- |"]
    folder = Path(tempfile.mkdtemp(prefix="grantflow-bench-"))
    folder.chmod(0o755)
    databases = Databases(folder)
    try:
        for kind in KINDS:
            for row in measured(kind, databases):
                lines.append(f"| {kind} | {' | '.join(row)} |")
                print(lines[-1], flush=True)
    finally:
        databases.remove()
    write_section("door", "The door", lines)


if __name__ == "__main__":
    main()
