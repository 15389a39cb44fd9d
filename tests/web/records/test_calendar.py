"""One's own dates in a calendar: under an address shown once, current, the same event when moved, silent under embargo."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from icalendar import Calendar

from grantflow.services.calls.changing import move_deadline
from tests import cast
from tests.databases import Databases, Kind
from tests.factories.fund import open_fund
from tests.web.browsing import Reader
from tests.web.house import House
from tests.web.records.test_managing import statements


@pytest.fixture
def writing(databases: Databases, database_kind: Kind) -> Iterator[House]:
    """The fund is open, and Sara writes an application."""
    told = open_fund(databases.fresh(database_kind))
    told.start(cast.SARA)
    yield House(told)
    told.database.dispose()
    databases.drop(told.database.url)


def address(reader: Reader) -> str:
    """Make an address and read it from the page, where it stands once."""
    assert reader.post("/account/calendar").status_code == 303
    (found,) = re.findall(r"http://localhost(/calendar/[A-Za-z0-9_-]+\.ics)", reader.text("/account"))
    assert ".ics" not in reader.text("/account")
    return str(found)


def events(house: House, where: str) -> dict[str, Any]:
    """Read a calendar as a calendar program does: without any cookie."""
    calendar = Calendar.from_ical(house.reader().text(where))
    found = {str(event["uid"]): event for event in calendar.walk("VEVENT")}
    assert len(found) == len(calendar.walk("VEVENT")) > 0
    assert calendar.walk("VALARM") == []
    return found


def said(found: dict[str, Any]) -> list[str]:
    return sorted(str(event["summary"]) for event in found.values())


def test_what_waits_and_the_dates_of_the_call_are_events_in_its_zone(writing: House) -> None:
    found = events(writing, address(writing.reader(cast.SARA)))
    (waits,) = [event for uid, event in found.items() if re.match(r"[A-Z]+-\d+-\d+\.", uid)]
    deadline = writing.story.plan.date("submission_deadline")
    assert waits.decoded("dtstart") == deadline
    assert waits["dtstart"].params["TZID"] == "Europe/Stockholm"
    assert str(waits["url"]).startswith("http://localhost/records/")
    assert any(uid.endswith(".submission_deadline@localhost") for uid in found)
    assert all(event.decoded("dtstamp").tzinfo is not None for event in found.values())


def test_a_moved_deadline_is_the_same_event_later(writing: House) -> None:
    where, story = address(writing.reader(cast.SARA)), writing.story
    before = events(writing, where)
    story.days(1)
    with story.tx(cast.KARIN) as tx:
        move_deadline(tx, story.call_id, date(2018, 12, 20), "The form was down on Monday.")
    after = events(writing, where)

    assert before.keys() == after.keys()
    moved = [uid for uid in before if before[uid].decoded("dtstart") != after[uid].decoded("dtstart")]
    assert len(moved) >= 2
    for uid in moved:
        assert after[uid]["sequence"] > before[uid]["sequence"]
        assert after[uid].decoded("dtstart").astimezone(UTC).date() >= date(2018, 12, 20)
        assert after[uid].decoded("dtstamp") > before[uid].decoded("dtstamp")


def test_a_calendar_asks_again_and_is_told_that_nothing_changed(writing: House) -> None:
    where, program = address(writing.reader(cast.SARA)), writing.reader()
    answer = program.get(where)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    again = program.client.get(where, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert program.get(where).data == answer.data
    assert statements(writing, program, where) <= 12


def test_an_address_that_is_replaced_or_ended_opens_nothing(writing: House) -> None:
    sara, program = writing.reader(cast.SARA), writing.reader()
    first = address(sara)
    second = address(sara)
    assert first != second
    assert program.get(first).status_code == 404
    assert program.get(second).status_code == 200
    assert sara.post("/account/calendar/end").status_code == 303
    assert program.get(second).status_code == 404
    for wrong in ("x", "x" * 200, "%00"):
        assert program.get(f"/calendar/{wrong}.ics").status_code == 404
    with writing.story.database.sql.connect() as connection:
        kept = [str(row) for row in connection.exec_driver_sql("SELECT * FROM gf_calendar_address")]
    assert len(kept) == 2
    assert not any(second.rpartition("/")[2].removesuffix(".ics") in row for row in kept)


def test_a_calendar_knows_nothing_of_what_is_decided_and_not_released(embargoed: House) -> None:
    """Leif's is granted and Mikael's refused; nobody may tell that from their calendars, byte for byte but for names."""

    def told(person: cast.Person) -> set[tuple[str, datetime, int]]:
        found = events(embargoed, address(embargoed.reader(person)))
        return {
            (
                re.sub(r"[A-Z]+-\d+-\d+", "REF", uid) + str(event["summary"]).partition(": ")[0],
                event.decoded("dtstart"),
                int(event["sequence"]),
            )
            for uid, event in found.items()
        }

    assert told(cast.LEIF) == told(cast.MIKAEL) != set()


def test_each_sees_their_own(arrived: House) -> None:
    texts = {}
    for person in (cast.LEIF, cast.HANNA, cast.KARIN):
        where = address(arrived.reader(person))
        texts[person.name] = arrived.reader().text(where)
    assert "Tomatoes in winter" not in texts[cast.LEIF.name]
    assert "Heat from the rolling mill" not in texts[cast.HANNA.name]
