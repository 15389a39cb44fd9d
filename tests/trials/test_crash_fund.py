"""Sending an application and releasing the decisions of a round, killed at every statement."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from grantflow.services import awards, cases
from grantflow.store.applications.models import Application, Submission
from grantflow.store.awards.models import Award, Release
from grantflow.store.calls.ledger import LedgerEntry
from tests import cast
from tests.databases import Databases, Kind
from tests.factories.copies import replaced, same
from tests.factories.fund import Balances, Fund, answers, open_fund
from tests.trials.crash import UseCase, killed_at_every_statement

WANTED = {cast.LEIF: (40_000, 70_000, 5), cast.HANNA: (40_000, 70_000, 4), cast.SARA: (20_000, 35_000, 2)}


def filled_in(url: str) -> Fund:
    """One application is filled in."""
    fund = open_fund(url, 50_000)
    fund.told["draft"] = fund.start(cast.LEIF)
    fund.fill(cast.LEIF, fund.told["draft"], answers("Night heat", 40_000, 70_000))
    return fund


def submit(fund: Fund) -> None:
    fund.send(cast.LEIF, fund.told["draft"])


def was_sent(fund: Fund) -> bool:
    """Whether the application was sent: state, snapshot and stamp agree."""
    with fund.reading() as tx:
        sent = tx.execute(select(func.count()).select_from(Submission)).scalar_one()
        stamped = tx.execute(select(Application.submitted_at)).scalar_one() is not None
    state = fund.state(fund.told["draft"])
    assert (state, sent, stamped) in {("draft", 0, False), ("submitted", 1, True)}
    return state == "submitted"


def decided(url: str) -> Fund:
    """One yes, one reserve and one no wait for their release, and their letters are read."""
    fund = open_fund(url, 50_000)
    fund.told = {person.name: each for person, each in fund.play_to_proposal(WANTED).items()}
    fund.decide()
    with fund.tx(cast.KARIN) as tx:
        awards.preview_letters(tx, fund.call_id)
    return fund


def release(fund: Fund) -> None:
    with fund.tx(cast.KARIN) as tx:
        cases.step(tx, fund.call_id, "release")


def was_released(fund: Fund) -> bool:
    """Whether the decisions were released: all of them, with award, times and money, or none."""
    with fund.reading() as tx:
        counts = tuple(
            tx.execute(select(func.count()).select_from(kind)).scalar_one()
            for kind in (Release, Award, LedgerEntry)
        )
    states = tuple(fund.state(fund.told[person.name]) for person in WANTED)
    seen = fund.state(), states, counts, fund.balances()
    before = (
        "decided",
        ("approved", "on_reserve", "turned_down"),
        (0, 0, 2),
        Balances(50_000, 40_000, 0, 0, 0),
    )
    after = "released", ("awarded", "reserve", "not_funded"), (3, 1, 3), Balances(50_000, 0, 40_000, 0, 0)
    assert seen in (before, after)
    return seen == after


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "setting", "act", "happened"),
    [("submit", filled_in, submit, was_sent), ("release", decided, release, was_released)],
    ids=["submit", "release"],
)
def test_a_crash_leaves_nothing_half_done(
    databases: Databases,
    database_kind: Kind,
    name: str,
    setting: Callable[[str], Fund],
    act: Callable[[Fund], None],
    happened: Callable[[Fund], bool],
    deep: bool,
) -> None:
    original = setting(databases.fresh(database_kind))
    original.database.dispose()

    def furnish(url: str) -> Fund:
        replaced(databases, database_kind, original.database.url, url)
        return same(original, url)

    case = UseCase(name, furnish, lambda fund: fund.database, act, happened)
    sampled = name == "release" and database_kind == "postgresql" and not deep
    assert killed_at_every_statement(case, databases, database_kind, every=6 if sampled else 1) >= 10
    databases.drop(original.database.url)
