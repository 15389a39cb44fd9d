"""What is decided and not released looks, on every page, as if it were not decided: compared word for word.

The same fund twice at the same moment: once before the body decides, once after it. Nobody outside the programme can
tell which of the two they look at, whichever page they open and whatever they send.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from grantflow.store.cases import CaseRow
from tests import cast
from tests.databases import Databases
from tests.factories.copies import copied
from tests.factories.fund import Fund
from tests.web.awards.conftest import WANTED, proposed
from tests.web.browsing import Reader
from tests.web.house import House

OUTSIDE = (None, *WANTED)


def decided(url: str) -> Fund:
    """Return the fund after the body has decided; nothing is released."""
    fund = proposed(url)
    fund.decide()
    return fund


@dataclass(frozen=True)
class Twice:
    """The fund before and after the decision, at one moment."""

    before: House
    after: House

    def readers(self, person: cast.Person | None) -> tuple[Reader, Reader]:
        return self.before.reader(person), self.after.reader(person)

    def refs(self, record: str) -> list[str]:
        with self.after.story.reading() as tx:
            found = select(CaseRow.ref).where(CaseRow.record == record).order_by(CaseRow.ref)
            return list(tx.execute(found).scalars())

    def steps(self, record: str) -> list[str]:
        scheme = self.after.story.database.engine.compiled("challenge_driven", 1).scheme
        rows = scheme.of_record(record).rows if record != "call" else scheme.lifecycles["call"].rows
        return sorted({row.name for row in rows})

    def same(self, person: cast.Person | None, address: str) -> int:
        """Assert that both funds answer alike; return with which status."""
        first, second = (each.get(address) for each in self.readers(person))
        name = f"{person.name if person else 'a stranger'} at {address}"
        assert first.status_code == second.status_code, name
        assert plain(first.text) == plain(second.text), name
        kept = ("ETag", "Last-Modified", "Location", "Content-Length", "Cache-Control")
        assert [first.headers.get(each) for each in kept[:3]] == [
            second.headers.get(each) for each in kept[:3]
        ]
        assert second.headers["Cache-Control"] == "no-store"
        return second.status_code


def plain(page: str) -> str:
    """Return a page without what is made anew for each request."""
    page = re.sub(r'(name="(?:csrf_token|once)" value|nonce|content)="[^"]*"', r'\1=""', page)
    return re.sub(r"nonce-[\w-]+", "", page)


@pytest.fixture
def twice(databases: Databases) -> Iterator[Twice]:
    before, after = copied(databases, "sqlite", proposed), copied(databases, "sqlite", decided)
    before.now = after.now = max(before.now, after.now)
    yield Twice(House(before), House(after))
    for fund in (before, after):
        fund.database.dispose()
        databases.drop(fund.database.url)


def test_no_page_tells_outsiders_of_a_decision_under_embargo(twice: Twice):
    slug = twice.after.story.plan.slug
    refs = [*twice.refs("application"), *twice.refs("award"), *twice.refs("call")]
    assert len(twice.refs("application")) == len(WANTED)
    pages = [
        *("/", "/home", f"/calls/{slug}", f"/calls/{slug}/apply", f"/calls/{slug}/manage", "/meetings"),
        *(f"/calls/{slug}/{each}" for each in ("applications", "applications.csv", "ranking", "ranking.csv")),
        *(f"/calls/{slug}/{each}" for each in ("proposal", "letters", "reserve", "reviews", "rehearsal")),
    ]
    for ref in refs:
        pages += [f"/records/{ref}", f"/records/{ref}/journal", f"/records/{ref}/journal?before=3"]
        pages += [f"/applications/{ref}/{each}" for each in ("decision", "letter", "form", "send", "receipt")]
        pages += [f"/applications/{ref}/{each}" for each in ("checklist", "reviewers")]
    opened = {
        (person.name if person else "", page)
        for person in OUTSIDE
        for page in pages
        if twice.same(person, page) == 200
    }
    for person in WANTED:
        own = [page for name, page in opened if name == person.name and page.startswith("/records/")]
        assert len(own) >= 3, "everybody sees their own application"


def test_no_step_tells_applicants_of_a_decision_under_embargo(twice: Twice):
    for person in WANTED:
        ref = _ref(twice, person)
        for step in [*twice.steps("application"), "no_such_step"]:
            twice.same(person, f"/records/{ref}/steps/{step}")
        page = twice.before.reader(person).text(f"/records/{ref}")
        offered = re.findall(rf"/records/{ref}/steps/(\w+)", page)
        for step in twice.steps("application"):
            if step in offered:
                continue  # what may be done is done, in both alike: see below
            answers = [
                reader.post(f"/records/{ref}/steps/{step}", {"revision": "1", "reason": "Why not"})
                for reader in twice.readers(person)
            ]
            assert answers[0].status_code == answers[1].status_code, step
            assert plain(answers[0].text) == plain(answers[1].text), step


def test_what_an_applicant_may_do_is_offered_and_refused_alike(twice: Twice):
    for person in WANTED:
        ref = _ref(twice, person)
        page = twice.after.reader(person).text(f"/records/{ref}")
        for step in set(re.findall(rf"/records/{ref}/steps/(\w+)", page)):
            for stale in ({"revision": "0"}, {}):
                answers = [
                    reader.post(f"/records/{ref}/steps/{step}", stale) for reader in twice.readers(person)
                ]
                assert answers[0].status_code == answers[1].status_code == 422, step
                assert plain(answers[0].text) == plain(answers[1].text), step


def _ref(twice: Twice, person: cast.Person) -> str:
    fund = twice.after.story
    assert isinstance(fund, Fund)
    with fund.reading() as tx:
        return str(tx.execute(select(CaseRow.ref).where(CaseRow.id == fund.told[person.name])).scalar_one())
