"""The whole walk through the API alone ends where the same walk through the services ends: to the letter."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from grantflow.services import post
from grantflow.services.journal import verify
from grantflow.store.awards.models import Decision
from grantflow.store.calls.ledger import LedgerEntry
from grantflow.store.cases import CaseRow
from grantflow.store.journal import JournalEntry, JournalText
from grantflow.store.outbox import OutboxMessage
from grantflow.store.people.models import User
from tests import cast
from tests.api.walk.by_api import ByApi
from tests.api.walk.by_services import ByServices
from tests.api.walk.script import walk
from tests.api.walk.worlds import drafted
from tests.databases import Databases, Kind
from tests.factories.copies import copied
from tests.factories.fund import Fund

RANDOM = re.compile(
    r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}|\b[0-9A-F]{8}\b|(?<=/invitations/)[\w-]+", re.ASCII
)
"""Ids, the numbers of mails about accounts, and the secrets of mailed links."""


@pytest.fixture
def fresh(databases: Databases, database_kind: Kind) -> Iterator[Callable[[], Fund]]:
    """Makes funds that are still a draft, each in a database of its own."""
    made: list[Fund] = []

    def make() -> Fund:
        made.append(copied(databases, database_kind, drafted))
        return made[-1]

    yield make
    for fund in made:
        fund.database.dispose()
        databases.drop(fund.database.url)


def states(fund: Fund) -> dict[str, tuple[Any, ...]]:
    """Return where every record is, and since when."""
    with fund.reading() as tx:
        found = select(CaseRow.ref, CaseRow.lifecycle, CaseRow.state, CaseRow.seq, CaseRow.entered_at)
        return {row.ref: tuple(row) for row in tx.execute(found)}


def history(fund: Fund) -> list[tuple[Any, ...]]:
    """Return every row of every journal with what was filled in, without what is random."""
    columns = (
        "seq",
        "transition",
        "row",
        "from_state",
        "to_state",
        "actor_kind",
        "user_id",
        "role",
        "authority",
    )
    with fund.reading() as tx:
        found = (
            select(
                CaseRow.ref,
                *(getattr(JournalEntry, name) for name in columns),
                JournalEntry.at,
                JournalText.field,
                JournalText.text,
            )
            .join(CaseRow, CaseRow.id == JournalEntry.record_id)
            .outerjoin(JournalText, JournalText.entry_id == JournalEntry.id)
            .order_by(CaseRow.ref, JournalEntry.seq, JournalText.field)
        )
        return [tuple(row) for row in tx.execute(found)]


def letters(fund: Fund) -> list[tuple[str, ...]]:
    """Return everything that would be sent, word for word: about which record, to whom, in which language."""
    with fund.reading() as tx:
        messages = tx.execute(
            select(OutboxMessage.id, OutboxMessage.template, CaseRow.ref).outerjoin(
                CaseRow, CaseRow.id == OutboxMessage.case_id
            )
        ).all()
        said = []
        for message in messages:
            parcel = post.compose(tx, message.id)
            said.append((message.ref or "", message.template, RANDOM.sub("…", repr(parcel))))
    return sorted(said)


def money(fund: Fund) -> list[tuple[Any, ...]]:
    """Return what was decided and what moved on the ledger."""
    with fund.reading() as tx:
        decided = (
            select(CaseRow.ref, Decision.number, Decision.kind, Decision.amount, Decision.authority)
            .join(CaseRow, CaseRow.id == Decision.application_id)
            .order_by(CaseRow.ref, Decision.number)
        )
        columns = ("kind", "envelope", "reserved", "committed", "released", "paid")
        moved = select(*(getattr(LedgerEntry, name) for name in columns))
        return [
            *(tuple(row) for row in tx.execute(decided)),
            *sorted((tuple(row) for row in tx.execute(moved)), key=repr),
        ]


def test_the_whole_walk_through_the_api_ends_where_the_services_end(
    fresh: Callable[[], Fund], tmp_path: Path
) -> None:
    by_api, by_services = fresh(), fresh()
    hands = ByApi(by_api, tmp_path)
    api, services = walk(hands), walk(ByServices(by_services))

    assert (api.applications, api.hashes) == (services.applications, services.hashes)
    assert states(by_api) == states(by_services)
    assert history(by_api) == history(by_services)
    assert letters(by_api) == letters(by_services)
    assert money(by_api) == money(by_services)
    found = {ref: state for ref, (_, _, state, *_) in states(by_api).items()}
    assert [found[each] for each in api.applications.values()] == ["awarded", "declined", "awarded"]
    for name, ref in api.applications.items():
        person = next(each for each in cast.PARTICIPANTS if each.name == name)
        told = hands.of(person).read(f"/applications/{ref}/letters")["items"]
        assert "award_letter" in {each["template"] for each in told}
        assert hands.of(person).read(f"/applications/{ref}/decisions")["items"][-1]["kind"] == "yes"
    for fund in (by_api, by_services):
        fund.assert_all_holds()
        with fund.reading() as tx:
            assert verify(tx).faults == ()
            assert tx.execute(select(User.id)).first() is not None
