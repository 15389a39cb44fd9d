"""Webhooks under embargo: what is decided and not released is not told, nor can it be told from what is told."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from sqlalchemy import select

from grantflow.services.webhooks import telling
from grantflow.store.cases import CaseRow
from grantflow.store.journal import JournalEntry
from grantflow.store.outbox import OutboxMessage
from tests import cast
from tests.databases import Databases, Kind
from tests.factories.copies import copied
from tests.factories.fund import Fund
from tests.services.records.settings import decided


@pytest.fixture
def fund(databases: Databases, database_kind: Kind) -> Iterator[Fund]:
    told = copied(databases, database_kind, decided)
    yield told
    told.database.dispose()
    databases.drop(told.database.url)


def told_of(fund: Fund, record_id: UUID) -> list[tuple[str, ...]]:
    """The tags of every state of a record that webhooks are told of, in order."""
    found = []
    with fund.reading() as tx:
        entries = tx.execute(
            select(JournalEntry.id).where(JournalEntry.record_id == record_id).order_by(JournalEntry.seq)
        ).scalars()
        for entry in list(entries):
            message = OutboxMessage(id=entry, case_id=record_id, entry_id=entry, data={})
            one = telling._telling(tx, message)
            if one is not None:
                found.append(one.tags)
    return found


def test_before_the_release_nobody_can_tell_a_yes_from_a_no(fund: Fund) -> None:
    before = {name: told_of(fund, fund.told[name]) for name in (cast.LEIF.name, cast.MIKAEL.name)}
    assert before[cast.LEIF.name] == before[cast.MIKAEL.name] != []
    assert not any({"funded", "refused", "reserve"} & set(tags) for tags in before[cast.LEIF.name])

    fund.release()

    after = {name: told_of(fund, fund.told[name]) for name in (cast.LEIF.name, cast.MIKAEL.name)}
    assert "funded" in after[cast.LEIF.name][-1]
    assert "funded" not in {tag for tags in after[cast.MIKAEL.name] for tag in tags}
    for name, some in before.items():
        assert after[name][: len(some)] == some


def test_drafts_and_reviews_are_nobodys_business(fund: Fund) -> None:
    assert told_of(fund, fund.told["draft"]) == []
    with fund.reading() as tx:
        reviews = list(tx.execute(select(CaseRow.id).where(CaseRow.record == "review")).scalars())
    assert reviews
    assert [told_of(fund, each) for each in reviews] == [[]] * len(reviews)
