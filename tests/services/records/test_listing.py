"""The list of applications: the same rows whichever way one pages, and never one that the reader may not see."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import select

from grantflow.services.applications.conflicts import record_conflict
from grantflow.services.records.cockpit import cockpit
from grantflow.services.records.listing import ApplicationList, Wanted, application_list, every_line
from grantflow.services.records.visibility import visible
from grantflow.store.cases import CaseRow
from grantflow.store.session import Tx
from tests import cast
from tests.factories.fund import Fund


def listed(fund: Fund, person: cast.Person, wanted: Wanted | None = None) -> ApplicationList:
    with fund.reading(person) as tx:
        page = application_list(tx, fund.plan.slug, wanted or Wanted(), "en")
    assert page is not None
    return page


def crowd(fund: Fund, count: int) -> None:
    """Put many more applications beside one that was sent, by its rows: sums and titles go round."""
    from grantflow.store.applications.models import Application
    from grantflow.store.cases import CaseRow as Case

    with fund.tx() as tx:
        own = tx.session.get_one(Application, fund.told[cast.LEIF.name])
        place = tx.session.get_one(Case, own.id)
        for number in range(count):
            each = _copied(tx, place, f"X-{number:05d}")
            tx.session.add(
                Application(
                    id=each,
                    call_id=own.call_id,
                    organisation_id=own.organisation_id,
                    window_id=own.window_id,
                    stage=1,
                    title=f"Project {number % 7}",
                    language="en",
                    asked=number % 5 * 1000,
                    cost=None,
                    actions=[1],
                    registered_at=None,
                    submitted_at=own.submitted_at,
                    lineage_id=None,
                    by_paper=0,
                    arrived_at=None,
                )
            )
            tx.flush()


def _copied(tx: Tx, place: CaseRow, ref: str) -> UUID:
    values = {column.key: getattr(place, column.key) for column in CaseRow.__table__.columns}
    each = tx.new_id()
    tx.session.add(CaseRow(**{**values, "id": each, "ref": ref}))
    tx.flush()
    return each


def test_a_list_holds_what_its_reader_may_see(embargoed: Fund) -> None:
    with embargoed.tx(cast.KARIN) as tx:
        yusuf = embargoed.people[cast.YUSUF.name]
        record_conflict(tx, embargoed.told[cast.HANNA.name], yusuf, "hard", "Her brother.")
    for person in (cast.KARIN, cast.YUSUF, cast.MONA, cast.PER_OLOF, cast.SOFIA):
        with embargoed.reading(person) as tx:
            right = set(tx.execute(select(CaseRow.ref).where(visible(tx, tx.actor, "application"))).scalars())
        page = listed(embargoed, person)
        assert {line.ref for line in page.lines} == right
        assert page.count == len(right)
        assert sum(each.count for each in page.states) == len(right)
    assert len(listed(embargoed, cast.YUSUF).lines) == 2


def test_nobody_from_outside_opens_the_list(embargoed: Fund) -> None:
    for person in (cast.LEIF, cast.SARA, cast.REVIEWERS[2]):
        with embargoed.reading(person) as tx:
            assert application_list(tx, embargoed.plan.slug, Wanted(), "en") is None
            assert every_line(tx, embargoed.plan.slug, Wanted(), "en") is None
            assert cockpit(tx, embargoed.plan.slug, "en") is None


@pytest.mark.parametrize("sort", ["ref", "sent", "title", "organisation", "asked", "state"])
def test_pages_forth_and_back_hold_every_row_once_in_order(arrived: Fund, sort: str) -> None:
    crowd(arrived, 110)
    for falling in (False, True):
        wanted = Wanted(sort=sort, falling=falling)
        with arrived.reading(cast.KARIN) as tx:
            lines = every_line(tx, arrived.plan.slug, wanted, "en")
            assert lines is not None
            every = [line.ref for line in lines]
        assert len(every) == len(set(every)) == 112
        pages, page = [], listed(arrived, cast.KARIN, wanted)
        while True:
            pages.append([line.ref for line in page.lines])
            if not page.older:
                break
            page = listed(arrived, cast.KARIN, replace(wanted, after=page.older))
        assert [ref for one in pages for ref in one] == every
        assert [len(one) for one in pages] == [50, 50, 12]
        back = listed(arrived, cast.KARIN, replace(wanted, before=page.newer))
        assert [line.ref for line in back.lines] == pages[1]
        first = listed(arrived, cast.KARIN, replace(wanted, before=back.newer))
        assert [line.ref for line in first.lines] == pages[0]
        assert first.newer == ""


def test_words_and_states_narrow_the_list(arrived: Fund) -> None:
    found = listed(arrived, cast.KARIN, Wanted(words="ROLLING heat"))
    assert [line.title for line in found.lines] == ["Heat from the rolling mill"]
    assert found.count == 1
    assert listed(arrived, cast.KARIN, Wanted(words="100%")).lines == ()
    assert listed(arrived, cast.KARIN, Wanted(state="received")).count == 2
    assert listed(arrived, cast.KARIN, Wanted(state="no such state")).count == 2
    assert listed(arrived, cast.KARIN, Wanted(after="nonsense")).count == 2


def test_the_cockpit_counts_drafts_and_opens_none(embargoed: Fund, arrived: Fund) -> None:
    with arrived.reading(cast.KARIN) as tx:
        page = cockpit(tx, arrived.plan.slug, "en")
    assert page is not None
    numbers = {number.state.name: (number.count, bool(number.path)) for number in page.numbers}
    assert numbers == {"received": (2, True), "not_submitted": (1, False)}
    assert {queue.role for queue in page.queues} >= {"Case officer"}
    with embargoed.reading(cast.KARIN) as tx:
        page = cockpit(tx, embargoed.plan.slug, "en")
    assert page is not None
    assert [(window.envelope.amount, window.reserved.amount) for window in page.windows] == [
        (9_500_000, 8_000_000)
    ]
