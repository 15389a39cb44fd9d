"""The page of every kind of record opens for everybody who may see it, and tells of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from grantflow.domain.actor import Actor
from grantflow.services.records.page import journal_page, record_page
from grantflow.services.records.stepping import step_page
from grantflow.store.cases import CaseRow
from grantflow.store.session import Database
from tests import cast
from tests.factories.fund import Fund
from tests.services.aid.house import TODAY, AidHouse
from tests.services.records.test_commons import lab as lab  # noqa: PLC0414 - the fixture


def opened(database: Database, actors: Sequence[Actor], now: object) -> set[str]:
    """Open the page, the journal and every step of every record as everybody; return the kinds of record that were seen."""
    kinds = set()
    for actor in actors:
        with database.reading(actor, now) as tx:  # type: ignore[arg-type]  # a moment
            for ref in tx.execute(select(CaseRow.ref).order_by(CaseRow.ref)).scalars().all():
                page = record_page(tx, ref, "en")
                assert (page is None) == (journal_page(tx, ref, "en") is None)
                if page is None:
                    continue
                kinds.add(page.found.record)
                assert page.title
                assert page.path
                assert page.journal
                assert page.content.parts
                for option in page.options:
                    assert option.allowed or option.reasons, (ref, option.name)
                    assert step_page(tx, ref, option.name, "en") is not None
    return kinds


def test_a_lab_opens_for_everybody(lab: Fund) -> None:
    people = [lab.actor(each) for each in (cast.KARIN, cast.YUSUF, cast.MONA, cast.LEIF, cast.HANNA)]
    assert opened(lab.database, [Actor("visitor"), *people], lab.now) == {
        "call",
        "participation",
        "contribution",
        "frame",
    }


def test_a_released_fund_opens_for_everybody(embargoed: Fund) -> None:
    embargoed.release()
    people = [
        embargoed.actor(each)
        for each in (
            cast.KARIN,
            cast.YUSUF,
            cast.MONA,
            cast.SOFIA,
            cast.PER_OLOF,
            cast.LEIF,
            cast.REVIEWERS[2],
        )
    ]
    assert opened(embargoed.database, people, embargoed.now) == {"call", "application", "review", "award"}
    with embargoed.reading(cast.LEIF) as tx:
        ref = tx.execute(select(CaseRow.ref).where(CaseRow.id == embargoed.told[cast.LEIF.name])).scalar_one()
        page = record_page(tx, ref, "en")
    assert page is not None
    assert page.content.parts[0].title == "Decision"
    assert [each.kind for each in page.related] == ["Award"]
    assert page.journal[0].tone == "decision"


def test_a_request_for_aid_opens_for_everybody_with_its_lines_and_payment(database_url: str) -> None:
    house = AidHouse(database_url)
    house.now = TODAY
    request, made = house.request_of(limtra="trade_fair")
    link = Actor(
        "link", organisation_id=house.line(made["limtra"]).firm_id, grant_id=house.link(made["limtra"])
    )
    assert opened(house.database, [link], house.now) == {"call", "line"}
    house.confirm(made["limtra"])
    house.step("yusuf", request, "grant")
    house.now += timedelta(days=70)
    house.prove(made["limtra"], 4_000_00)
    house.step("anneli", made["limtra"], "accept_proof")
    house.account(request)
    house.step("marie", request, "claim")
    house.step("yusuf", request, "accept_claim")
    people = [Actor("person", each) for each in house.people.values()]
    assert opened(house.database, people, house.now) == {"call", "application", "line", "payment"}
    house.close()
