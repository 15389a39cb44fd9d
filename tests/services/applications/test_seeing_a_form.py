"""Whoever sees an application's words in a list sees its form, and nobody else does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from grantflow.domain.actor import SYSTEM, VISITOR, Actor
from grantflow.services.applications.conflicts import declare_own
from grantflow.services.applications.form_page import form_page
from grantflow.store.applications.visibility import visible_to
from grantflow.store.cases import CaseRow
from tests import cast
from tests.databases import Databases, Kind
from tests.factories.copies import copied
from tests.factories.fund import Fund, open_fund


@pytest.fixture
def fund(databases: Databases, database_kind: Kind) -> Iterator[Fund]:
    fund = copied(databases, database_kind, open_fund)
    yield fund
    fund.database.dispose()
    databases.drop(fund.database.url)


def test_the_form_opens_for_those_who_may_see_its_words_and_for_nobody_else(fund: Fund) -> None:
    sent = fund.apply(cast.LEIF, "Night heat", 40_000, 70_000)
    fund.start(cast.NILS)
    fund.until(fund.plan.date("submission_deadline"))
    with fund.tx(cast.YUSUF) as tx:
        declare_own(tx, sent, "hard", "She is my sister.")
    actors = [SYSTEM, VISITOR, *(Actor("person", person) for person in fund.people.values())]
    seen, refs = [], set[str]()
    for actor in actors:
        with fund.database.reading(actor, fund.now) as tx:
            refs = set(tx.execute(select(CaseRow.ref).where(CaseRow.record == "application")).scalars())
            listed = set(tx.execute(select(CaseRow.ref).where(visible_to(tx, actor))).scalars())
        for ref in refs:
            with fund.database.reading(actor, fund.now) as tx:
                page = form_page(tx, ref, "en")
            assert (page is not None) == (ref in listed), (actor, ref)
            seen.append(page is not None)
    assert len(refs) == 2
    assert {True, False} == set(seen)
    with fund.reading(cast.YUSUF) as tx:
        ref = tx.execute(select(CaseRow.ref).where(CaseRow.id == sent)).scalar_one()
        assert form_page(tx, ref, "en") is None, "a hard conflict closes everything"
