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
from tests.bench.server import clock, make_careful, statements_at_server
from tests.databases import KINDS, Databases, Kind
from tests.services.cases import words
from tests.services.cases.house import House, grant

ITEM = Path(__file__).parent / "item"
THREADS = 8
WINDOW = 0.4
ROUNDS = 15
RECORDS = 1_500
MASS = 5_000
MASS_ROUNDS = 7
LOOKS = 60
AT_ONCE = 10


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


def statements(bench: Bench, tx: Tx, work: Callable[[Tx], object]) -> int:
    """Return how many statements something takes, beside BEGIN and COMMIT: at the server, or where there is none, here."""
    if tx.is_postgresql:
        return statements_at_server(tx, work)
    said: list[str] = []

    def hear(*args: object) -> None:
        said.append(str(args[2]))

    event.listen(bench.database.sql, "before_cursor_execute", hear)
    try:
        work(tx)
    finally:
        event.remove(bench.database.sql, "before_cursor_execute", hear)
    return len(said)


def mass(bench: Bench) -> tuple[dict[str, list[float]], int]:
    """Return the seconds that closing everything takes, before the commit: through the door, by sets, by rows.

    And the statements that the door takes for it.
    """
    ways: dict[str, Callable[[Tx], object]] = {
        "door": lambda tx: cases.step(tx, bench.house.call_id, "close"),
        "sets": lambda tx: byhand.close_all(tx, bench.house.call_id),
        "rows": lambda tx: byhand.close_each(tx, bench.house.call_id),
    }
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(MASS_ROUNDS):
        for name, work in ways.items():
            gc.collect()
            with bench.house.tx("carl", keep=False) as tx:
                tell = clock(tx)
                started = tell()
                work(tx)
                taken[name].append(tell() - started)
    with bench.house.tx("carl", keep=False) as tx:
        return taken, statements(bench, tx, ways["door"])


def tidy(bench: Bench) -> None:
    """Do what PostgreSQL does by itself now and then, so that it does not do so in the middle of a measurement."""
    if bench.database.url.startswith("postgresql"):
        with bench.database.sql.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")


def looking(bench: Bench) -> tuple[dict[str, list[float]], dict[int, int]]:
    """Return microseconds for choices of one record and what it is measured against, the looks taken in turns.

    And the statements for one record and for 50.
    """
    one, fifty = bench.ids[0], bench.ids[:50]
    ways: dict[str, Callable[[Tx], object]] = {
        "door": lambda tx: cases.choices(tx, [one]),
        "hand": lambda tx: byhand.look(tx, one),
        "facts": lambda tx: byhand.facts(tx, one),
        "facts built before": lambda tx: byhand.facts_built_before(tx, one),
        "fifty": lambda tx: cases.choices(tx, fifty),
    }
    taken: dict[str, list[float]] = {name: [] for name in ways}
    tidy(bench)
    with bench.house.reading("carl") as tx:
        tell = clock(tx)
        for _ in range(LOOKS):
            for name, work in ways.items():
                started = tell()
                for _again in range(AT_ONCE):
                    work(tx)
                taken[name].append((tell() - started) * 1e6 / AT_ONCE)
        counts = {
            len(ids): statements(bench, tx, lambda tx, ids=ids: cases.choices(tx, ids))  # type: ignore[misc]  # mypy does not see the default
            for ids in ([one], fifty)
        }
    return {name: times[LOOKS // 6 :] for name, times in taken.items()}, counts


def verifying(bench: Bench) -> tuple[int, float]:
    """Return how many entries were verified, and how many a second at best of three."""
    best, entries = 0.0, 0
    for _ in range(3):
        with bench.house.reading() as tx:
            tell = clock(tx)
            started = tell()
            entries = verify(tx).entries
            best = max(best, entries / (tell() - started))
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
    looks, counts = looking(bench)
    each = {name: statistics.median(times) for name, times in looks.items()}
    rows.append(
        (
            "choices of one record",
            (
                f"{each['door']:.0f} µs; by hand {each['hand']:.0f} µs; facts alone {each['facts']:.0f} µs, "
                f"with statements built before {each['facts built before']:.0f} µs; 50 records {each['fifty']:.0f} µs"
            ),
            (
                f"{each['door'] / each['hand']:.2f}x by hand, {each['door'] / each['facts']:.2f}x facts alone, "
                f"{each['door'] / each['facts built before']:.2f}x those built before"
            ),
            "at most 1.5x facts",
        )
    )
    rows.append(
        (
            "statements for choices",
            f"{counts[1]} for one record, {counts[50]} for 50",
            "",
            "at most 6, the same",
        )
    )
    bench.database.dispose()
    crowd = furnished(databases.fresh(kind), MASS)
    grant_clerk(crowd)
    taken, count = mass(crowd)
    seconds = {name: statistics.median(times) for name, times in taken.items()}
    rows.append(
        (
            f"closing {MASS} drafts",
            f"{seconds['door']:.2f} s; by sets {seconds['sets']:.3f}; row by row {seconds['rows']:.2f}",
            f"{ratio(taken, 'sets'):.1f}x by sets, {ratio(taken, 'rows'):.1f}x row by row",
            "at most 8x by sets",
        )
    )
    wanted = "at most 12" if kind == "postgresql" else ""
    rows.append((f"statements for closing {MASS} drafts", str(count), "", wanted))
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
        settings = make_careful(databases.fresh("postgresql"))
        for kind in KINDS:
            for row in measured(kind, databases):
                lines.append(f"| {kind} | {' | '.join(row)} |")
                print(lines[-1], flush=True)
    finally:
        databases.remove()
    lines += [
        "",
        f"PostgreSQL keeps what it commits ({settings}), SQLite too (`synchronous=FULL`).",
        "Steps are wall time. Choices, closing (up to its commit) and verifying are CPU time of this process and of the server's",
        "process that works for it. Statements are counted at the server, by its log (`log_statement = all`; the wheel's server",
        "has no pg_stat_statements), those of SQLite at the client; BEGIN and COMMIT come on top. By sets means one",
        "INSERT … SELECT into the journal and one UPDATE; row by row means one statement for each table over rows worked out in",
        "Python; neither has hashes, timers or outbox. Facts alone are the two statements of the guards through Core, built as",
        "one writes them, or built before.",
    ]
    write_section("door", "The door", lines)


if __name__ == "__main__":
    main()
