"""What is not theirs is not there: who has no business with a record is answered as if it did not exist, word for word."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import event, select
from sqlalchemy.engine import Engine

from grantflow.services.applications.conflicts import record_conflict
from grantflow.store.cases import CaseRow
from grantflow.store.programmes.models import AgendaItem, Meeting
from tests import cast
from tests.databases import Databases
from tests.factories.copies import copied
from tests.factories.fund import BIRGIT, Fund
from tests.web.attacks.test_embargo import decided
from tests.web.browsing import Reader
from tests.web.house import House

NOBODY = "00000000-0000-4000-8000-000000000007"
UNKNOWN = "00000000-0000-4000-8000-000000000008"


@pytest.fixture
def house(databases: Databases) -> Iterator[House]:
    """The body has decided, nothing is released; Yusuf is in conflict with Hanna's application."""
    fund = copied(databases, "sqlite", decided)
    with fund.tx(cast.KARIN) as tx:
        record_conflict(tx, fund.told[cast.HANNA.name], fund.people[cast.YUSUF.name], "hard", "Her brother.")
    yield House(fund)
    fund.database.dispose()
    databases.drop(fund.database.url)


def fund_of(house: House) -> Fund:
    assert isinstance(house.story, Fund)
    return house.story


def ref_of(house: House, case_id: object) -> str:
    with house.story.reading() as tx:
        return str(tx.execute(select(CaseRow.ref).where(CaseRow.id == case_id)).scalar_one())


def answered(reader: Reader, method: str, address: str, named: str) -> tuple[int, str, int]:
    """Return status, words without what was named in the address, and how many statements it took."""
    taken = 0

    def count(*_: object) -> None:
        nonlocal taken
        taken += 1

    engine: Engine = reader.app.extensions["entrance"].database.sql
    event.listen(engine, "before_cursor_execute", count)
    try:
        answer = reader.get(address) if method == "GET" else reader.post(address, {"revision": "1"})
    finally:
        event.remove(engine, "before_cursor_execute", count)
    page = re.sub(r'(value|nonce)="[^"]*"', "", answer.text.replace(named, "…"))
    return answer.status_code, f"{answer.headers.get('Location', '').replace(named, '…')}{page}", taken


def routes(house: House, argument: str) -> Iterator[tuple[str, str]]:
    """Yield method and address of every route that names one thing, with a place for its name."""
    given = {"transition": "withdraw", "section": "project", "file_id": NOBODY}
    for rule in house.app.url_map.iter_rules():
        if argument in rule.arguments and not rule.rule.startswith(("/static", "/workflows")):
            address = re.sub(
                r"<(?:\w+:)?(\w+)>",
                lambda each: "{}" if each[1] == argument else given.get(each[1], NOBODY),
                rule.rule,
            )
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                yield method, address


def test_the_record_of_somebody_else_is_as_good_as_none(house: House):
    fund = fund_of(house)
    leif, hanna = (ref_of(house, fund.told[each.name]) for each in (cast.LEIF, cast.HANNA))
    review = ref_of(house, fund.review_of(fund.told[cast.LEIF.name], BIRGIT))
    for person, hidden in (
        (cast.HANNA, leif),
        (cast.HANNA, review),
        (cast.LEIF, review),
        (BIRGIT, hanna),
        (cast.YUSUF, hanna),
        (cast.BENGT, leif),
        (None, leif),
    ):
        reader = house.reader(person)
        for method, address in routes(house, "ref"):
            slug = f"/calls/{NOBODY}"
            address = address.replace(slug, f"/calls/{fund.plan.slug}")  # noqa: PLW2901 - the call is there, the record is not
            theirs = answered(reader, method, address.format(hidden), hidden)
            none = answered(reader, method, address.format("NMS-0000-9999"), "NMS-0000-9999")
            who = person.name if person else "a stranger"
            assert theirs[:2] == none[:2], (who, method, address, hidden)
            assert theirs[0] in (303, 404)
            assert abs(theirs[2] - none[2]) <= 1, (who, method, address, theirs[2], none[2])


def test_the_meeting_of_a_body_is_as_good_as_none(house: House):
    with house.story.reading() as tx:
        meeting = str(tx.execute(select(Meeting.id)).scalars().first())
        item = str(tx.execute(select(AgendaItem.id)).scalars().first())
    body = str(house.story.body_id)
    for person in (cast.LEIF, BIRGIT, None):
        reader = house.reader(person)
        for argument, known in (("meeting_id", meeting), ("item_id", item), ("body_id", body)):
            for method, address in routes(house, argument):
                theirs = answered(reader, method, address.format(known), known)
                none = answered(reader, method, address.format(UNKNOWN), UNKNOWN)
                assert theirs[:2] == none[:2], (method, address)
                assert theirs[0] in (303, 404)


def test_who_is_in_conflict_sees_no_trace_of_the_application(house: House):
    """Neither in lists, files, rankings, proposals and overviews nor among what is counted there."""
    fund = fund_of(house)
    slug = fund.plan.slug
    hanna = ref_of(house, fund.told[cast.HANNA.name])
    organisation = str(cast.HANNA.organisation)
    reader = house.reader(cast.YUSUF)
    for page in (
        *("/home", "/meetings", f"/records/{ref_of(house, fund.call_id)}", f"/calls/{slug}"),
        *(
            f"/calls/{slug}/{each}"
            for each in ("manage", "reviews", "ranking", "ranking.csv", "proposal", "reserve")
        ),
        *(f"/calls/{slug}/{each}" for each in ("letters", "applications", "applications.csv")),
        f"/calls/{slug}/applications?words={organisation[:5]}",
    ):
        answer = reader.get(page)
        assert answer.status_code in (200, 404), page
        for trace in (hanna, organisation, "The project of Hanna"):
            shown = re.sub(r'value="[^"]*"', "", answer.text)
            assert trace not in shown, (page, trace)
