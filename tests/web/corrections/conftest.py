"""What goes wrong every week, put right through the pages; whatever was done, in the end all holds and the journal is whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from grantflow.services.journal import verify
from grantflow.services.post import compose
from grantflow.store.cases import CaseRow
from grantflow.store.outbox import OutboxMessage
from tests import cast
from tests.databases import Databases, Kind
from tests.factories.copies import Setting, copied
from tests.factories.fund import Fund, answers, open_fund
from tests.web.browsing import Reader
from tests.web.house import House, went_on, words

WANTED = {
    cast.LEIF: (40_000, 70_000, 5),
    cast.HANNA: (30_000, 50_000, 4),
    cast.MIKAEL: (30_000, 50_000, 3),
    cast.SARA: (20_000, 40_000, 3),
}
"""What each asks for, what it costs, and the points of five: two are funded, two stand on the reserve list."""


def opened(url: str) -> Fund:
    """The fund is open: Leif has sent, Sara has begun."""
    fund = open_fund(url, envelope=75_000)
    fund.told = {
        cast.SARA.name: fund.start(cast.SARA),
        cast.LEIF.name: fund.apply(cast.LEIF, "Heat from the rolling mill", 40_000, 80_000),
    }
    return fund


def closed(url: str) -> Fund:
    """The deadline has passed: Leif and Hanna have sent, Sara has filled in all and not sent."""
    fund = opened(url)
    fund.fill(cast.SARA, fund.told[cast.SARA.name], answers("Bark finds an owner", 20_000, 40_000))
    fund.told[cast.HANNA.name] = fund.apply(cast.HANNA, "Tomatoes in winter", 30_000, 60_000)
    fund.until(fund.plan.date("submission_deadline"))
    return fund


def ranked(url: str) -> Fund:
    """The reviews are closed, the ranking is frozen, and a proposal is drawn up."""
    fund = open_fund(url, envelope=75_000)
    fund.told = {person.name: each for person, each in fund.play_to_proposal(WANTED).items()}
    return fund


def released(url: str) -> Fund:
    """The letters have left."""
    fund = ranked(url)
    fund.decide()
    fund.release()
    return fund


def revision_on(page: str) -> str:
    """Return the revision that a form of a step carries."""
    found = re.search(r'name="revision" value="(\d+)"', page)
    assert found is not None, words(page)[:1500]
    return found[1]


@dataclass(frozen=True)
class Desk:
    """The fund and its people before their browsers."""

    fund: Fund
    house: House

    def reader(self, person: cast.Person | None = None) -> Reader:
        return self.house.reader(person)

    def ref(self, of: cast.Person | UUID | None = None) -> str:
        """Return the reference of somebody's application, of a record, of the call."""
        case_id = self.fund.call_id if of is None else of if isinstance(of, UUID) else self.fund.told[of.name]
        with self.fund.reading() as tx:
            return str(tx.execute(select(CaseRow.ref).where(CaseRow.id == case_id)).scalar_one())

    def state(self, person: cast.Person) -> str:
        return self.fund.state(self.fund.told[person.name])

    def page(self, name: str = "") -> str:
        """Return the address of a page of the call."""
        return f"/calls/{self.fund.plan.slug}/{name}".rstrip("/")

    def reads(self, person: cast.Person | None, address: str, status: int = 200) -> str:
        """Return a page as somebody reads it, with plain spaces."""
        return re.sub(r"\s+", " ", words(self.reader(person).text(address, status)))

    def sends(self, person: cast.Person) -> None:
        """Let somebody send their application from its last page."""
        reader, address = self.reader(person), f"/applications/{self.ref(person)}/send"
        went_on(reader.post(address, {"revision": revision_on(reader.text(address))}))

    def takes(self, person: cast.Person, ref: str, step: str, *, via: str = "", **typed: Any) -> str:
        """Let somebody find a step on a record's page, or on the page to which that leads, and take it; returns where they land."""
        reader, address = self.reader(person), f"/records/{ref}/steps/{step}"
        page = reader.text(f"/records/{ref}")
        if via:
            assert f'href="{via}"' in page, f"no way leads to {via}"
            page = reader.text(via)
        assert f'href="{address}"' in page, f"no way leads to {step}"
        form = reader.text(address)
        for name in typed:
            assert f'name="{name}"' in form, f"{step} asks for no {name}"
        self.fund.until(self.fund.now + timedelta(minutes=5))
        landed = went_on(reader.post(address, {"revision": revision_on(form), **typed}))
        return words(reader.text(landed))

    def refused(self, person: cast.Person, ref: str, step: str, **typed: Any) -> str:
        """Let somebody try a step that is refused; returns what they then read, their own words among it."""
        reader, address = self.reader(person), f"/records/{ref}/steps/{step}"
        answer = reader.post(address, {"revision": revision_on(reader.text(address)), **typed})
        assert answer.status_code == 422, answer.headers.get("Location")
        return words(answer.text)

    def meets(self, record: UUID, matter: str, **typed: Any) -> str:
        """Let the board meet about a record, sign its minutes and carry them out, all in pages; returns the meeting's page."""
        return self.carries_out(self.signs(record, matter), **typed)

    def signs(self, record: UUID, matter: str) -> str:
        """Let the board meet about a record and sign its minutes; returns the address of the item."""
        elin = self.reader(cast.ELIN)
        day = (self.fund.now + timedelta(days=7)).date().isoformat()
        once = f"meeting {self.fund.now} {matter}"
        called = {"day": day, "time": "13:00", "kind": "meeting", "once": once}
        meeting = went_on(elin.post(f"/bodies/{self.fund.body_id}/meetings", called))
        assert f'value="{record}:{matter}"' in elin.text(meeting), "it is not offered for the agenda"
        went_on(elin.post(f"{meeting}/agenda", {"offer": f"{record}:{matter}"}))
        self.fund.days(8)
        there = [str(self.fund.people[person.name]) for person in cast.BOARD]
        went_on(elin.post(f"{meeting}/presence", {"present": there}))
        page = elin.text(meeting)
        way = re.search(rf"{meeting}/items/[0-9a-f-]+(?=/outcome)", page)
        number = re.search(r'name="outcome-(\d+)"', page)
        assert way is not None
        assert number is not None
        item = way[0]
        went_on(elin.post(f"{item}/outcome", {f"outcome-{number[1]}": "adopted"}))
        went_on(elin.post(f"{meeting}/minutes", {"text": "§1 Decided as proposed."}))
        went_on(self.reader(cast.MONA).post(f"{meeting}/signature", {"sign_as": "chair"}))
        went_on(self.reader(cast.LARS).post(f"{meeting}/signature", {"sign_as": "adjuster"}))
        return item

    def carries_out(self, item: str, **typed: Any) -> str:
        """Let a member carry out an item of signed minutes."""
        lars, meeting = self.reader(cast.LARS), item.partition("/items/")[0]
        assert f'href="{item}/step"' in lars.text(meeting), "no way leads from the meeting to carrying it out"
        form = lars.text(f"{item}/step")
        for name in typed:
            assert f'name="{name}"' in form, f"it asks for no {name}"
        return words(lars.text(went_on(lars.post(f"{item}/step", typed))))

    def mails(self, template: str) -> dict[str, str]:
        """Return every mail that a message of the outbox became: its text, by the name of who gets it."""
        with self.fund.reading() as tx:
            waiting = tx.execute(select(OutboxMessage.id).where(OutboxMessage.template == template)).scalars()
            parcels = [compose(tx, each) for each in waiting.all()]
        return {one.to.name: one.mail.text for parcel in parcels if parcel for one in parcel.mails}

    def assert_whole(self) -> None:
        """Ask every invariant, and replay the journal."""
        self.fund.assert_all_holds()
        with self.fund.reading() as tx:
            report = verify(tx)
        assert report.faults == ()
        assert report.records > 0


def seated(databases: Databases, kind: Kind, setting: Setting) -> Iterator[Desk]:
    """Open the pages on a copy of a setting; in the end everything has to hold."""
    fund = copied(databases, kind, setting)
    desk = Desk(fund, House(fund))
    yield desk
    desk.assert_whole()
    fund.database.dispose()
    databases.drop(fund.database.url)


@pytest.fixture
def open_desk(databases: Databases, database_kind: Kind) -> Iterator[Desk]:
    yield from seated(databases, database_kind, opened)


@pytest.fixture
def closed_desk(databases: Databases, database_kind: Kind) -> Iterator[Desk]:
    yield from seated(databases, database_kind, closed)


@pytest.fixture
def ranked_desk(databases: Databases, database_kind: Kind) -> Iterator[Desk]:
    yield from seated(databases, database_kind, ranked)


@pytest.fixture
def released_desk(databases: Databases, database_kind: Kind) -> Iterator[Desk]:
    yield from seated(databases, database_kind, released)
