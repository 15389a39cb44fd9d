"""Every page of the loaded demo that is looked at: its statements, its bytes, its CPU beside that of the bare page.

The bare page is a view of the same application in the same layout: the session is looked up and one row is read through
SQLAlchemy. Both are opened in turns; what counts is the ratio.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from uuid import UUID

from flask import Flask, render_template
from sqlalchemy import event, select

from grantflow.app import registry
from grantflow.domain.actor import SYSTEM
from grantflow.paths import data_folder
from grantflow.services import clock, demo
from grantflow.store.applications.models import Application
from grantflow.store.cases import CaseRow
from grantflow.store.people.models import User
from grantflow.store.session import Database
from grantflow.web import create_app
from grantflow.web.entrance import reading, signed_in
from grantflow.workflow.engine import Engine
from grantflow.workflow.loader import load_all
from tests.bench.pages import write_section
from tests.browser.pages import KARIN, PAGES, Looked
from tests.databases import KINDS, Databases, Kind
from tests.web.browsing import Reader

ROUNDS = 7
AT_ONCE = 3
"""So often a page is opened in one round: the clock of the process ticks coarsely."""
LIMIT = 4.0
BARE = "/bare"
BARE_PAGE = (
    '{% extends "layouts/staff.html" %}{% block title %}{{ name }}{% endblock %}'
    "{% block content %}<h1>{{ name }}</h1>{% endblock %}"
)
NO_STATEMENT = ("BEGIN", "SET TRANSACTION")


@dataclass(frozen=True, slots=True)
class Look:
    """A page as it came."""

    status: int
    text: str
    said: tuple[str, ...]

    @property
    def statements(self) -> int:
        """How many statements it took."""
        return len(self.said)

    @property
    def bytes(self) -> int:
        """How long it is."""
        return len(self.text.encode())


class Demo:
    """The loaded demo, its pages, and the cast before their browsers."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.app = create_app(
            database, data_folder=folder, demo=True, now=self._now, wall=lambda: datetime.now(UTC)
        )
        add_bare_page(self.app)
        self._readers: dict[str | None, Reader] = {}
        self._said: list[str] = []
        event.listen(database.sql, "before_cursor_execute", self._hear)

    def _now(self) -> datetime:
        wall = datetime.now(UTC)
        with self.database.reading(SYSTEM, wall) as tx:
            return clock.shown(tx, wall)

    def _hear(self, *args: object) -> None:
        if not str(args[2]).startswith(NO_STATEMENT):
            self._said.append(str(args[2]))

    def reader(self, who: str | None) -> Reader:
        """Return somebody of the cast before their browser, or a visitor."""
        if who not in self._readers:
            self._readers[who] = Reader(self.app, None if who is None else self._id(who))
        return self._readers[who]

    def _id(self, email: str) -> UUID:
        with self.database.reading(SYSTEM, datetime.now(UTC)) as tx:
            found: UUID = tx.execute(select(User.id).where(User.email == email)).scalar_one()
        return found

    def path(self, looked: Looked) -> str:
        """Return the address of a page of the list, where it leads on the one that is shown."""
        with self.database.reading(SYSTEM, datetime.now(UTC)) as tx:
            found = select(CaseRow.ref).join(Application, Application.id == CaseRow.id)
            found = found.where(Application.title == looked.titled).order_by(CaseRow.ref)
            path = looked.path.format(ref=tx.execute(found).scalars().first() or "")
        answer = self.reader(looked.who).get(path)
        return answer.headers["Location"] if answer.status_code == 303 else path

    def look(self, who: str | None, path: str) -> Look:
        """Open a page."""
        reader = self.reader(who)
        self._said.clear()
        answer = reader.get(path)
        return Look(answer.status_code, answer.text, tuple(self._said))

    def seconds(self, who: str | None, path: str) -> float:
        """Return the CPU time that opening a page takes."""
        reader = self.reader(who)
        begun = time.process_time()
        for _ in range(AT_ONCE):
            reader.get(path)
        return (time.process_time() - begun) / AT_ONCE

    def beside_bare(self, who: str | None, path: str) -> tuple[float, float]:
        """Return the CPU time of a page and its ratio to the bare page, medians of rounds in turns."""
        self.seconds(who, path)
        rounds = [(self.seconds(KARIN, BARE), self.seconds(who, path)) for _ in range(ROUNDS)]
        ratio = statistics.median(page / bare for bare, page in rounds)
        return statistics.median(page for _, page in rounds), ratio


def add_bare_page(app: Flask) -> None:
    """Add the page that all others are measured by."""
    app.extensions["access"][BARE, "GET"] = "signed_in"
    template = app.jinja_env.from_string(BARE_PAGE)

    @app.get(BARE)
    def bare() -> str:
        with reading() as tx:
            name = tx.session.get_one(User, signed_in().id).name
        return render_template(template, name=name)


@cache
def engine() -> Engine:
    """Return the engine of the shipped schemes."""
    loaded = load_all(data_folder("workflows"))
    return Engine(registry(), [each.scheme for each in loaded if each.scheme is not None])


@contextmanager
def demo_on(url: str, folder: Path) -> Iterator[Demo]:
    """Load the demo into a migrated database without rows, and open its pages."""
    database = Database(url, engine())
    try:
        with database.transaction(SYSTEM, datetime.now(UTC)) as tx:
            clock.mark_as_demo(tx)
        demo.load(database, lambda _: None)
        yield Demo(database, folder)
    finally:
        database.dispose()


def resident() -> float:
    """Return the memory of this process, in MB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    kilobytes = next(line.split()[1] for line in lines if line.startswith("VmRSS:"))
    return int(kilobytes) / 1000


def memory(url: str, folder: Path) -> int:
    """Return how many MB a process of its own has that opened every page, each three times."""
    told = [sys.executable, "-m", "tests.bench.looks", url, str(folder)]
    done = subprocess.run(told, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    return int(done.stdout)


def rows(kind: Kind, databases: Databases) -> Iterator[str]:
    """Yield the lines of the table of one database, and at its end the memory."""
    url, folder = databases.fresh(kind), Path(tempfile.mkdtemp(dir=databases.folder))
    with demo_on(url, folder) as loaded:
        for looked in PAGES:
            path = loaded.path(looked)
            loaded.look(looked.who, path)
            look = loaded.look(looked.who, path)
            assert look.status == looked.status, f"{path}: {look.status}"
            seconds, ratio = loaded.beside_bare(looked.who, path)
            line = f"| {kind} | {looked.name} | {look.statements} | {look.bytes / 1000:.0f} | {seconds * 1000:.1f} | "
            marked = f"**{ratio:.1f}**" if ratio > LIMIT else f"{ratio:.1f}"
            print(line + marked, flush=True)
            yield f"{line}{marked} |"
    yield f"| {kind} | a process after all pages | | | | {memory(url, folder)} MB |"


def main() -> None:
    """Measure, print and write the section."""
    with tempfile.TemporaryDirectory(prefix="grantflow-looks-") as folder:
        Path(folder).chmod(0o755)
        databases = Databases(Path(folder))
        try:
            lines = [line for kind in KINDS for line in rows(kind, databases)]
        finally:
            databases.remove()
    write_section("pages", "Pages", [*ABOVE, *lines, *BELOW])


ABOVE = (
    "Every page that `script/shots` makes a picture of, on the loaded demo, opened by somebody who was there before.",
    "Statements and kB (HTML) of one opening, CPU in ms and as a ratio to that of the bare page.",
    "",
    "| database | page | statements | kB | ms | of bare |",
    "| --- | --- | ---: | ---: | ---: | ---: |",
)
BELOW = (
    "",
    "The bare page is a view of the same application in the staff layout (the bar of the demo in it), with the session",
    f"looked up and one row read through SQLAlchemy; both are opened in turns, the ratio is the median of {ROUNDS} rounds.",
    "CPU is that of the web process; the database server's comes on top with PostgreSQL. Wanted: at most 12 statements",
    "(BEGIN is none), 120 kB, 4 times the bare page (what is above is bold), and 200 MB for a process.",
)


def _open_everything(url: str, folder: Path) -> None:
    loaded = Demo(Database(url, engine()), folder)
    for looked in PAGES:
        path = loaded.path(looked)
        for _ in range(3):
            loaded.look(looked.who, path)
    print(round(resident()))


if __name__ == "__main__":
    _open_everything(sys.argv[1], Path(sys.argv[2]))
