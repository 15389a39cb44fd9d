"""The manager's pages of a call: cockpit, rehearsal before publishing, list and file; few statements, small pages."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import pytest
from sqlalchemy import event

from grantflow.services.records import rehearsals
from tests import cast
from tests.databases import Databases, Kind
from tests.factories.fund import Fund, small_fund
from tests.factories.story import without_lab
from tests.services.records.test_listing import crowd
from tests.web.browsing import Reader
from tests.web.house import House, went_on, words
from tests.web.records.test_showing import call_ref
from tests.web.records.test_stepping import revision_on


@pytest.fixture
def drafted(databases: Databases, database_kind: Kind) -> Iterator[House]:
    """Karin has loaded the call; nobody else knows of it."""
    told = Fund(databases.fresh(database_kind), without_lab(small_fund(95_000)))
    told.set_up().load()
    yield House(told)
    told.database.dispose()
    databases.drop(told.database.url)


def statements(house: House, reader: Reader, address: str) -> int:
    sent: list[str] = []

    def note(*given: object) -> None:
        if not str(given[2]).startswith(("BEGIN", "SET TRANSACTION")):
            sent.append(str(given[2]))

    reader.text(address)
    event.listen(house.story.database.sql, "before_cursor_execute", note)
    try:
        reader.text(address)
    finally:
        event.remove(house.story.database.sql, "before_cursor_execute", note)
    return len(sent)


def test_a_call_is_rehearsed_on_the_page_and_then_published(drafted: House) -> None:
    slug, karin = drafted.story.plan.slug, drafted.reader(cast.KARIN)
    assert "Rehearse the call before you publish it" in words(karin.text(f"/calls/{slug}/manage"))
    address = f"/calls/{slug}/rehearsal"
    assert "at most 40" in words(karin.text(address))
    refused = karin.post(address, {"applications": "41"})
    assert refused.status_code == 422
    assert "between 1 and 40" in words(refused.text)
    assert went_on(karin.post(address, {"applications": "3"})) == address
    playing = drafted.app.extensions["rehearsal"]
    playing.join(timeout=rehearsals.LONGEST)
    assert not playing.is_alive()
    read = words(karin.text(address))
    assert "everything that must always hold held" in read
    assert "Holds:" in read
    ref = call_ref(drafted)
    page = karin.text(f"/records/{ref}/steps/publish")
    assert "It was rehearsed with 3 applications, and everything held." in words(page)
    went_on(karin.post(f"/records/{ref}/steps/publish", {"revision": revision_on(page)}))
    assert drafted.story.state() == "announced"


def test_nobody_else_rehearses_or_manages(drafted: House, arrived: House) -> None:
    slug = drafted.story.plan.slug
    for person in (cast.LEIF, cast.ELIN, cast.YUSUF):
        reader = drafted.reader(person)
        reader.text(f"/calls/{slug}/rehearsal", 404)
        assert reader.post(f"/calls/{slug}/rehearsal", {"applications": "1"}).status_code == 404
    for person in (
        cast.LEIF,
        cast.ELIN,
        cast.MONA,
    ):  # a draft is known to the manager, the officer and the delegate
        drafted.reader(person).text(f"/calls/{slug}/manage", 404)
    drafted.reader(cast.YUSUF).text(f"/calls/{slug}/manage")
    arrived.reader(cast.LEIF).text(f"/calls/{arrived.story.plan.slug}/applications", 404)


def test_a_page_of_many_is_small_and_asks_little(arrived: House) -> None:
    fund = arrived.story
    assert isinstance(fund, Fund)
    reader = arrived.reader(cast.KARIN)
    address = f"/calls/{fund.plan.slug}/applications"
    few = statements(arrived, reader, address)
    crowd(fund, 210)
    assert statements(arrived, reader, address) == few <= 12
    assert statements(arrived, reader, f"{address}?rows=200") == few
    page = reader.text(f"{address}?rows=200")
    assert page.count('<th scope="row">') == 200
    assert len(page.encode()) <= 120_000
    assert statements(arrived, reader, f"/calls/{fund.plan.slug}/manage") <= 12


def test_the_file_holds_what_the_list_shows(arrived: House) -> None:
    fund = arrived.story
    assert isinstance(fund, Fund)
    crowd(fund, 60)
    slug = fund.plan.slug
    answer = arrived.reader(cast.YUSUF).get(f"/calls/{slug}/applications.csv?words=project&sort=-asked")
    assert answer.content_type == "text/csv; charset=utf-8"
    head, *rows = csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert head[:3] == ["Reference", "Title", "Organisation"]
    assert len(rows) == 60
    asked = [float(row[5]) for row in rows]
    assert asked == sorted(asked, reverse=True)


def test_every_number_of_the_cockpit_opens_its_list(arrived: House) -> None:
    slug, karin = arrived.story.plan.slug, arrived.reader(cast.KARIN)
    page = karin.text(f"/calls/{slug}/manage")
    assert f'href="/calls/{slug}/applications?state=received"' in page
    read = words(karin.text(f"/calls/{slug}/applications?state=received"))
    assert "2 applications" in read
    assert "Heat from the rolling mill" in read


def test_the_call_is_suspended_and_resumed_from_its_pages(arrived: House) -> None:
    ref, karin = call_ref(arrived), arrived.reader(cast.KARIN)
    for step, state in (("suspend", "suspended"), ("resume", "checking")):
        page = karin.text(f"/records/{ref}/steps/{step}")
        sent = {"revision": revision_on(page), "reason": "The portal was down."}
        went_on(karin.post(f"/records/{ref}/steps/{step}", sent))
        assert arrived.story.state() == state
        assert "The portal was down." in words(karin.text(f"/records/{ref}"))


def test_the_manager_cancels_nothing_alone(arrived: House) -> None:
    ref = call_ref(arrived)
    assert arrived.reader(cast.KARIN).get(f"/records/{ref}/steps/cancel").status_code == 404
    page = words(arrived.reader(cast.MONA).text(f"/records/{ref}/steps/cancel"))
    assert "Why this is not open to you now" in page
