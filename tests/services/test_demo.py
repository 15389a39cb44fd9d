"""The demo comes to be through the services: its journal holds, its letters are out, and loading again changes nothing."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import func, select

from grantflow.app import registry
from grantflow.domain.actor import SYSTEM
from grantflow.paths import data_folder
from grantflow.services import clock, demo
from grantflow.services.invariants import check_invariants
from grantflow.services.readiness import DEMO_LOADED
from grantflow.store.awards.models import Release
from grantflow.store.cases import CaseRow
from grantflow.store.journal import JournalEntry
from grantflow.store.people.models import User
from grantflow.store.session import Database
from grantflow.store.settings import recall
from grantflow.workflow.engine import Engine
from grantflow.workflow.loader import load_scheme
from tests import cast


def engine() -> Engine:
    loaded = load_scheme(data_folder("workflows") / "challenge_driven" / "v1", registry=registry())
    assert loaded.scheme is not None, loaded.findings
    return Engine(registry(), [loaded.scheme])


def test_the_demo_is_a_story_that_really_happened(sqlite_url: str) -> None:
    database = Database(sqlite_url, engine(), scratch=True)
    now = datetime.now(UTC)
    with database.transaction(SYSTEM, now) as tx:
        clock.mark_as_demo(tx)
    said: list[str] = []

    demo.load(database, said.append)

    with database.reading(SYSTEM, now) as tx:
        assert recall(tx, DEMO_LOADED)["call"] == demo.CALL
        assert [held for held in check_invariants(tx) if not held.holds] == []
        assert tx.execute(select(func.count()).select_from(Release)).scalar_one() > 0
        people = set(tx.execute(select(User.email)).scalars())
        entries = tx.execute(select(func.count()).select_from(JournalEntry)).scalar_one()
        calls = tx.execute(select(func.count()).where(CaseRow.id == CaseRow.call_id)).scalar_one()
    assert {person.email for person in (cast.KARIN, cast.SOFIA, *cast.BOARD, cast.LEIF)} <= people
    assert all(email.endswith("@demo.invalid") for email in people)
    assert (calls, said[-1]) == (1, f"The demo is loaded: {entries} steps, each in the journal.")

    demo.load(database, said.append)

    with database.reading(SYSTEM, now) as tx:
        assert tx.execute(select(func.count()).select_from(JournalEntry)).scalar_one() == entries
    database.dispose()
