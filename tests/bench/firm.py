"""The page on which a firm confirms: its CPU beside that of the bare page, its statements, its bytes at a first visit."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import event

from tests.bench.looks import BARE, NO_STATEMENT, add_bare_page
from tests.bench.pages import write_section
from tests.databases import KINDS, Databases, Kind
from tests.web.aid.office import Office
from tests.web.aid.wire import fetched
from tests.web.browsing import Reader

ROUNDS = 15
AT_ONCE = 5
LIMIT = 3.0
BYTES = 60_000


def seconds(reader: Reader, path: str) -> float:
    """Return the CPU time that opening a page takes."""
    begun = time.process_time()
    for _ in range(AT_ONCE):
        reader.get(path)
    return (time.process_time() - begun) / AT_ONCE


def rows(kind: Kind, databases: Databases) -> Iterator[str]:
    """Yield the line of one database."""
    office = Office(databases.fresh(kind), Path(tempfile.mkdtemp(dir=databases.folder)))
    _, made = office.house.request_of(limtra="trade_fair")
    add_bare_page(office.app)
    address, firm, karin = office.page(made["limtra"]), office.reader(), office.reader("karin")
    for reader, path in ((firm, address), (karin, BARE)):
        seconds(reader, path)
    said: list[str] = []
    event.listen(
        office.house.database.sql, "before_cursor_execute", lambda _c, _cursor, text, *_: said.append(text)
    )
    firm.get(address)
    statements = sum(not text.startswith(NO_STATEMENT) for text in said)
    rounds = [(seconds(karin, BARE), seconds(firm, address)) for _ in range(ROUNDS)]
    ratio = statistics.median(page / bare for bare, page in rounds)
    taken = statistics.median(page for _, page in rounds)
    wire = fetched(firm.client, address)
    said_so = ", ".join(f"{name} {length / 1000:.1f}" for name, length in wire.items())
    shown = f"**{ratio:.1f}**" if ratio > LIMIT else f"{ratio:.1f}"
    print(
        f"{kind}: {taken * 1000:.1f} ms, {ratio:.2f} of bare, {statements} statements, {sum(wire.values())} bytes"
    )
    yield f"| {kind} | {statements} | {taken * 1000:.1f} | {shown} | {sum(wire.values()) / 1000:.1f} | {said_so} |"
    office.house.close()


def main() -> None:
    """Measure, print and write the section."""
    with tempfile.TemporaryDirectory(prefix="grantflow-firm-") as folder:
        Path(folder).chmod(0o755)
        databases = Databases(Path(folder))
        try:
            lines = [line for kind in KINDS for line in rows(kind, databases)]
        finally:
            databases.remove()
    write_section("firm", "The page of a firm", [*ABOVE, *lines, *BELOW])


ABOVE = (
    "The page that a mailed link opens, with the whole form, without an account.",
    "",
    "| database | statements | ms | of bare | kB at a first visit | of these |",
    "| --- | ---: | ---: | ---: | ---: | --- |",
)
BELOW = (
    "",
    "CPU is that of the web process; the bare page and the way of measuring are those of the section on pages (without",
    f"the bar of the demo), the ratio is the median of {ROUNDS} rounds. Bytes are those of answers with their headers as they are",
    "served to a browser that takes gzip, font files apart; pages themselves are not packed by us, since their length",
    f"would tell of what is secret in them. Wanted: at most {LIMIT:.0f} times the bare page and {BYTES // 1000} kB.",
    "The machine was shared with other work while this was measured.",
)
