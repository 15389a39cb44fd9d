"""The pages and actions of the walk where a call has 100 and 10 000 applications, and 500 decisions released at once.

Few applications are carried by the services, and one of them is multiplied by its rows; from there on the services go on.
"""

from __future__ import annotations

import re
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from html import unescape
from pathlib import Path
from uuid import UUID

from sqlalchemy import event, select

from grantflow.services import awards, cases, reviews
from grantflow.store.applications.models import Application
from grantflow.store.cases import CaseRow
from tests import cast
from tests.bench.clones import multiply
from tests.bench.looks import BARE, LIMIT, NO_STATEMENT, add_bare_page
from tests.bench.pages import write_section
from tests.bench.server import clock
from tests.databases import KINDS, Databases, Kind
from tests.factories.fund import BIRGIT, answers, open_fund
from tests.web.applications.conftest import hidden
from tests.web.browsing import Reader
from tests.web.house import House
from tests.web.reviews.conftest import SAID, SCORED

SIZES = (100, 10_000)
RELEASED = 500
ROUNDS = 7
ENVELOPE = 1_000_000_000
WANTED = {
    cast.LEIF: (40_000, 70_000, 5),
    cast.HANNA: (30_000, 50_000, 4),
    cast.MIKAEL: (30_000, 50_000, 3),
}
ACTION_LIMIT = 3.0
NEXT = re.compile(r'rel="next" href="([^"]+)"')


class Crowd:
    """A fund with many applications, and its people before their browsers."""

    def __init__(self, url: str) -> None:
        self.fund = open_fund(url, envelope=ENVELOPE)
        self.house = House(self.fund)
        add_bare_page(self.house.app)
        self.readers: dict[str, Reader] = {}
        self.said: list[str] = []
        self.sent = {
            person: self.fund.apply(person, f"The project of {person.name}", asked, cost)
            for person, (asked, cost, _) in WANTED.items()
        }
        event.listen(self.fund.database.sql, "before_cursor_execute", self._hear)

    def _hear(self, *args: object) -> None:
        if not str(args[2]).startswith(NO_STATEMENT):
            self.said.append(str(args[2]))

    def grow(self, copies: int) -> None:
        """Multiply the first application and all that hangs on it."""
        with self.fund.tx() as tx:
            multiply(tx, self.sent[cast.LEIF], copies)

    def review(self) -> None:
        """Let the deadline pass, the few be checked, and one reviewer read them."""
        fund = self.fund
        fund.until(fund.plan.date("submission_deadline"))
        fund.pass_(cast.YUSUF, *self.sent.values())
        self.given = {person: fund.assign(each, [BIRGIT])[BIRGIT.name] for person, each in self.sent.items()}
        fund.step(cast.KARIN, fund.call_id, "start_review")
        for person, each in self.given.items():
            fund.review(BIRGIT, each, WANTED[person][2])

    def propose(self) -> None:
        """Let the reviews be closed, which freezes the ranking, and the proposal be drawn up."""
        self.fund.step(cast.KARIN, self.fund.call_id, "close_review")
        with self.fund.tx(cast.KARIN) as tx:
            awards.draw_up_proposal(tx, self.fund.call_id)

    def ref(self, person: cast.Person) -> str:
        """Return the reference of somebody's application."""
        return self.ref_of(self.sent[person])

    def ref_of(self, record: UUID) -> str:
        """Return the reference of a record."""
        with self.fund.reading() as tx:
            return str(tx.execute(select(CaseRow.ref).where(CaseRow.id == record)).scalar_one())

    def is_open(self, record: UUID) -> bool:
        """Whether an application has not been decided on by an officer yet."""
        with self.fund.reading() as tx:
            return bool(
                tx.execute(select(CaseRow.state == "received").where(CaseRow.id == record)).scalar_one()
            )

    def reader(self, person: cast.Person) -> Reader:
        """Return somebody before their browser."""
        if person.name not in self.readers:
            self.readers[person.name] = self.house.reader(person)
        return self.readers[person.name]

    def page(self, name: str) -> str:
        """Return the address of a page of the call."""
        return f"/calls/{self.fund.plan.slug}/{name}"

    def last(self, person: cast.Person, path: str) -> str:
        """Return the address of the last page of a list."""
        while found := NEXT.search(self.reader(person).text(path)):
            path = unescape(found[1])
        return path

    def looked_at(self, person: cast.Person, path: str) -> tuple[int, float, float]:
        """Return how many statements a page takes, its CPU in ms, and that as a ratio to the bare page's."""
        reader = self.reader(person)
        reader.text(path)
        self.said.clear()
        reader.text(path)
        statements = len(self.said)
        rounds = [(_cpu(lambda: reader.get(BARE)), _cpu(lambda: reader.get(path))) for _ in range(ROUNDS)]
        ratio = statistics.median(page / bare for bare, page in rounds)
        return statements, statistics.median(page for _, page in rounds) * 1000, ratio


def _cpu(work: Callable[[], object], times: int = 3) -> float:
    begun = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - begun) / times


def looks(crowd: Crowd) -> Iterator[tuple[str, int, float, float]]:
    """Yield every page of the walk at its point, with the statements, the CPU and the ratio; walks the crowd on."""
    listed = crowd.page("applications")
    karin, yusuf, leif, hanna = cast.KARIN, cast.YUSUF, cast.LEIF, cast.HANNA

    def seen(name: str, person: cast.Person, path: str) -> tuple[str, int, float, float]:
        return name, *crowd.looked_at(person, path)

    yield seen("list, first page", karin, listed)
    yield seen("list, last page", karin, crowd.last(karin, listed))
    yield seen("list, by one word", karin, f"{listed}?words=Hanna")
    yield seen("cockpit", karin, crowd.page("manage"))
    yield seen("home of the manager", karin, "/home")
    yield seen("home of the officer", yusuf, "/home")
    yield seen("home of an applicant", hanna, "/home")
    yield seen("a record, to the officer", yusuf, f"/records/{crowd.ref(hanna)}")
    yield seen("a checklist", yusuf, f"/applications/{crowd.ref(hanna)}/checklist")
    yield seen("reviewers of one", yusuf, f"/applications/{crowd.ref(hanna)}/reviewers")
    yield seen("reviews, first page", yusuf, crowd.page("reviews"))
    yield seen("home of a reviewer", BIRGIT, "/home")
    crowd.propose()
    yield seen("ranking", karin, crowd.page("ranking"))
    yield seen("proposal", karin, crowd.page("proposal"))
    crowd.fund.decide()
    yield seen("letters", karin, crowd.page("letters"))
    yield seen("a letter", karin, f"/applications/{crowd.ref(hanna)}/letter")
    yield seen("the call, to everybody", leif, f"/calls/{crowd.fund.plan.slug}")


def pages(kind: Kind, databases: Databases) -> Iterator[str]:
    """Yield the lines of the table of pages on one kind of database."""
    found: dict[str, list[tuple[int, float, float]]] = {}
    for size in SIZES:
        crowd = Crowd(databases.fresh(kind))
        crowd.review()
        crowd.grow(size - len(crowd.sent))
        for name, *figures in looks(crowd):
            found.setdefault(name, []).append(tuple(figures))  # type: ignore[arg-type]  # as `looks` says
            print(kind, size, name, figures, flush=True)
        crowd.fund.database.dispose()
    for name, ((few, _, low), (many, cpu, high)) in found.items():
        marked = f"**{high:.1f}**" if high > LIMIT else f"{high:.1f}"
        yield f"| {kind} | {name} | {few} | {many} | {cpu:.1f} | {low:.1f} | {marked} |"


def released(kind: Kind, databases: Databases) -> Iterator[str]:
    """Yield what it takes to release many decisions at once: of this process, and of the server's for it."""
    crowd = Crowd(databases.fresh(kind))
    crowd.review()
    crowd.grow(RELEASED - len(crowd.sent))
    crowd.propose()
    fund = crowd.fund
    fund.decide()
    with fund.tx(cast.KARIN) as tx:
        awards.preview_letters(tx, fund.call_id)
    crowd.said.clear()
    with fund.tx(cast.KARIN) as tx:
        spent = clock(tx)
        begun = spent()
        cases.step(tx, fund.call_id, "release")
        tx.flush()
        seconds = spent() - begun
    yield f"| {kind} | {RELEASED} decisions released | {seconds:.2f} s | {len(crowd.said)} statements | at most 2 s |"
    fund.database.dispose()


Act = Callable[[UUID, str], object]


def actions(kind: Kind, databases: Databases) -> Iterator[str]:
    """Yield what an action costs over its page, beside the same use case through the services alone."""
    crowd = Crowd(databases.fresh(kind))
    fund, yusuf = crowd.fund, cast.YUSUF
    drafts = _several(crowd, fund.start(cast.SARA))
    sara = crowd.reader(cast.SARA)

    def saves(_: UUID, ref: str) -> None:
        typed = {"section": "project", "seen": marks[ref], "title": "Warm"}
        assert (
            sara.post(f"/applications/{ref}/save", typed, headers={"Accept": "application/json"}).status_code
            == 200
        )

    def sends(_: UUID, ref: str) -> None:
        assert sara.post(f"/applications/{ref}/send", {"revision": marks[ref]}).status_code == 303

    def passes(_: UUID, ref: str) -> None:
        typed = {"revision": marks[ref]}
        assert crowd.reader(yusuf).post(f"/records/{ref}/steps/pass", typed).status_code == 303

    marks = {ref: hidden(sara.text(f"/applications/{ref}/form/project"), "seen") for _, ref in drafts}
    yield _beside(kind, "save", saves, lambda each, _: fund.fill(cast.SARA, each, {"title": "Warm"}), drafts)
    for each, _ in drafts:
        fund.fill(cast.SARA, each, answers("Warm", 20_000, 40_000))
    marks = {ref: hidden(sara.text(f"/applications/{ref}/send"), "revision") for _, ref in drafts}
    yield _beside(kind, "send", sends, lambda each, _: fund.send(cast.SARA, each), drafts)
    fund.until(fund.plan.date("submission_deadline"))
    for each, _ in drafts:
        fund.check(yusuf, each)
    looking = crowd.reader(yusuf)
    marks = {ref: hidden(looking.text(f"/records/{ref}/steps/pass"), "revision") for _, ref in drafts}
    yield _beside(kind, "decide", passes, lambda each, _: fund.step(yusuf, each, "pass"), drafts)
    fund.pass_(yusuf, *crowd.sent.values(), *(each for each, _ in drafts if crowd.is_open(each)))
    for each in crowd.sent.values():
        fund.assign(each, [BIRGIT])
    reviewed = [(each, review) for each, _ in drafts for review in fund.assign(each, [BIRGIT]).values()]
    fund.step(cast.KARIN, fund.call_id, "start_review")
    sheets = [(review, crowd.ref_of(review)) for _, review in reviewed]
    for review, _ in sheets:
        with fund.tx(BIRGIT) as tx:
            reviews.accept(tx, review)
    birgit = crowd.reader(BIRGIT)

    def scores(_: UUID, ref: str) -> None:
        typed = {**SCORED, **SAID, "revision": "0"}
        assert birgit.post(f"/reviews/{ref}/scores", typed).status_code == 303

    def scores_alone(review: UUID, _: str) -> None:
        with fund.tx(BIRGIT) as tx:
            criteria = [each.name for each in reviews.sheet_of(tx, review).rubric.criteria]
            reviews.save_scores(
                tx,
                review,
                dict.fromkeys(criteria, 3),
                dict.fromkeys(criteria, "Seen."),
                comment="Worth trying.",
            )

    yield _beside(kind, "score", scores, scores_alone, sheets)
    fund.database.dispose()


def _several(crowd: Crowd, first: UUID) -> list[tuple[UUID, str]]:
    """Return a draft and its copies, with their references."""
    with crowd.fund.tx() as tx:
        multiply(tx, first, 2 * ROUNDS + 1)
        own = select(Application.organisation_id).where(Application.id == first).scalar_subquery()
        found = select(CaseRow.id, CaseRow.ref).join(Application, Application.id == CaseRow.id)
        return [(row.id, row.ref) for row in tx.execute(found.where(Application.organisation_id == own))]


def _beside(kind: Kind, name: str, over_page: Act, alone: Act, records: list[tuple[UUID, str]]) -> str:
    """Return the line of an action: over its page and alone in turns, on records that are alike."""
    half = len(records) // 2
    pairs = list(zip(records[:half], records[half:], strict=False))
    took = [(_cpu(partial(over_page, *one), 1), _cpu(partial(alone, *other), 1)) for one, other in pairs][1:]
    ratio = statistics.median(page for page, _ in took) / statistics.median(step for _, step in took)
    cpu = statistics.median(page for page, _ in took) * 1000
    marked = f"**{ratio:.1f}**" if ratio > ACTION_LIMIT else f"{ratio:.1f}"
    print(kind, name, f"{cpu:.1f} ms", marked, flush=True)
    return f"| {kind} | {name} | {cpu:.1f} ms | {marked} of the service alone | at most {ACTION_LIMIT:.0f} |"


def main() -> None:
    """Measure, print and write the section."""
    with tempfile.TemporaryDirectory(prefix="grantflow-crowd-") as folder:
        Path(folder).chmod(0o755)
        databases = Databases(Path(folder))
        try:
            acted = [
                line for kind in KINDS for line in (*actions(kind, databases), *released(kind, databases))
            ]
            opened = [line for kind in KINDS for line in pages(kind, databases)]
        finally:
            databases.remove()
    write_section("crowd", "A call with 10 000 applications", [*ABOVE, *opened, *BETWEEN, *acted, *BELOW])


ABOVE = (
    "Statements of one opening where the call has 100 applications and where it has 10 000; CPU in ms at 10 000; CPU as",
    "a ratio to that of the bare page, at 100 and at 10 000.",
    "",
    "| database | page | statements at 100 | at 10 000 | ms | of bare at 100 | of bare at 10 000 |",
    "| --- | --- | ---: | ---: | ---: | ---: | ---: |",
)
BETWEEN = ("", "| database | action | CPU | figure | wanted |", "| --- | --- | ---: | --- | --- |")
BELOW = (
    "",
    "Wanted of pages: at most 12 statements, the same at both sizes, and 4 times the bare page (what is above is bold).",
    "An action over its page is set beside the same use case called without a page, on records that are alike.",
)
