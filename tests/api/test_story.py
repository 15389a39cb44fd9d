"""The walk of an application through the API alone ends where the same walk through the services ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from sqlalchemy import select

from grantflow.services import applications, cases
from grantflow.store.cases import CaseRow
from grantflow.store.journal import JournalEntry, JournalText
from tests import cast
from tests.api.program import Desk
from tests.databases import Databases, Kind
from tests.factories.copies import copied
from tests.factories.fund import Fund, answers, open_fund

SECTIONS, MISSING = "organisation", "The contact cannot be reached under this number."
MENDED = {"contact": "Leif, 070-174 06 06"}


@pytest.fixture
def fresh(databases: Databases, database_kind: Kind) -> Iterator[Callable[[], Fund]]:
    """Makes funds that have just opened, each in a database of its own."""
    made: list[Fund] = []

    def make() -> Fund:
        made.append(copied(databases, database_kind, open_fund))
        return made[-1]

    yield make
    for fund in made:
        fund.database.dispose()
        databases.drop(fund.database.url)


def through_the_api(fund: Fund, folder: Path) -> str:
    desk = Desk(fund, folder)
    leif, yusuf = desk.program(cast.LEIF), desk.program(cast.YUSUF)
    (call,) = leif.read("/calls")["items"]
    assert leif.read(f"/calls/{call['slug']}")["takes_applications"]
    ref = leif.start(call["slug"])
    first = leif.fill(ref, answers("Night heat", 40_000, 70_000))
    assert first["missing"] == []
    form = leif.read(f"/calls/{call['slug']}/form")
    assert Draft202012Validator(form).is_valid(first["answers"])
    assert leif.allowed(ref) == ["register", "submit", "withdraw"]
    assert leif.step(ref, "submit", "applications")["state"] == "submitted"

    fund.until(fund.plan.date("submission_deadline"))
    assert yusuf.read(f"/applications?call={call['slug']}")["items"][0]["ref"] == ref
    assert yusuf.post(f"/applications/{ref}/conflict", {"kind": "none"}).status_code == 200
    yusuf.step(ref, "ask_completion", sections=SECTIONS, missing=MISSING)
    leif.fill(ref, MENDED)
    leif.step(ref, "complete")
    items = yusuf.read(f"/applications/{ref}/checklist")["items"]
    said = yusuf.patch(f"/applications/{ref}/checklist", {"answers": {item["name"]: "yes" for item in items}})
    assert {item["answer"] for item in said.json["items"]} == {"yes"}  # type: ignore[index]  # there is JSON
    assert yusuf.step(ref, "pass")["state"] == "eligible"
    assert leif.step(ref, "withdraw")["state"] == "withdrawn"
    return ref


def through_the_services(fund: Fund) -> str:
    each = fund.start(cast.LEIF)
    fund.fill(cast.LEIF, each, answers("Night heat", 40_000, 70_000))
    fund.send(cast.LEIF, each)
    fund.until(fund.plan.date("submission_deadline"))
    with fund.tx(cast.YUSUF) as tx:
        applications.declare_own(tx, each, "none")
        cases.step(tx, each, "ask_completion", data={"sections": SECTIONS, "missing": MISSING})
    fund.fill(cast.LEIF, each, MENDED)
    with fund.tx(cast.LEIF) as tx:
        applications.complete(tx, each)
    fund.pass_(cast.YUSUF, each)
    fund.step(cast.LEIF, each, "withdraw")
    with fund.reading() as tx:
        return str(tx.execute(select(CaseRow.ref).where(CaseRow.id == each)).scalar_one())


def history(fund: Fund, ref: str) -> list[tuple[Any, ...]]:
    """Return the rows of a record's journal with what was filled in, and where it is, without what is random."""
    columns = ("seq", "transition", "row", "from_state", "to_state", "actor_kind", "user_id", "role", "at")
    with fund.reading() as tx:
        found = (
            select(*(getattr(JournalEntry, name) for name in columns), JournalText.field, JournalText.text)
            .join(CaseRow, CaseRow.id == JournalEntry.record_id)
            .outerjoin(JournalText, JournalText.entry_id == JournalEntry.id)
            .where(CaseRow.ref == ref)
            .order_by(JournalEntry.seq, JournalText.field)
        )
        rows = [tuple(row) for row in tx.execute(found)]
        state = select(CaseRow.state, CaseRow.seq, CaseRow.entered_at).where(CaseRow.ref == ref)
        return [*rows, tuple(tx.execute(state).one())]


def test_the_api_ends_where_the_services_end(fresh: Callable[[], Fund], tmp_path: Path) -> None:
    by_api, by_services = fresh(), fresh()
    ref = through_the_api(by_api, tmp_path)

    assert ref == through_the_services(by_services)
    assert history(by_api, ref) == history(by_services, ref)
    by_api.assert_all_holds()
