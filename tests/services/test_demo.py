"""The demo is a story that really happened: its sums are those of its script, its journal holds, and it is told once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, select

from grantflow.app import registry
from grantflow.domain.actor import SYSTEM
from grantflow.domain.refusal import Refused
from grantflow.paths import data_folder
from grantflow.services import clock, demo
from grantflow.services.aid.firms import headroom
from grantflow.services.demo.script import read_script
from grantflow.services.demo.verbs.fund import nearest
from grantflow.services.invariants import check_invariants
from grantflow.services.journal import verify
from grantflow.services.readiness import DEMO_LOADED
from grantflow.store.aid.models import Line
from grantflow.store.applications.models import Application
from grantflow.store.calls.models import Call, FunderWindow
from grantflow.store.cases import CaseRow
from grantflow.store.journal import JournalEntry
from grantflow.store.labs.models import Participation
from grantflow.store.outbox import OutboxMessage
from grantflow.store.people.models import Organisation, User
from grantflow.store.published import publish
from grantflow.store.session import Database, Tx
from grantflow.store.settings import StoredSetting, recall
from grantflow.store.timers import TimerRow
from grantflow.workflow.engine import Engine
from grantflow.workflow.loader import load_all
from tests import cast

K = 1000 * 100
"""A thousand kronor in minor units."""
AID = "internationalisation-aid"
TODAY = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)


@pytest.fixture
def told(database_url: str) -> Iterator[Database]:
    loaded = load_all(data_folder("workflows"))
    schemes = [each.scheme for each in loaded if each.scheme is not None]
    database = Database(database_url, Engine(registry(), schemes), scratch=True)
    with database.transaction(SYSTEM, TODAY) as tx:
        for scheme in schemes:
            publish(tx, "scheme", *scheme.key, scheme.text)
        clock.mark_as_demo(tx)
    demo.load(database, lambda _: None, today=TODAY)
    yield database
    database.dispose()


def count(tx: Tx, what: type) -> int:
    return int(tx.execute(select(func.count()).select_from(what)).scalar_one())


def test_the_demo_is_a_story_that_really_happened(told: Database) -> None:
    with told.reading(SYSTEM, TODAY) as tx:
        assert [held for held in check_invariants(tx) if not held.holds] == []
        assert verify(tx).faults == ()
        the_lab_is_as_large_as_the_story_says(tx)
        the_sums_are_those_of_the_story(tx)
        the_aid_is_where_the_story_says(tx)
        people = set(tx.execute(select(User.email)).scalars())
        entries = count(tx, JournalEntry)
    assert {person.email for person in cast.EVERYBODY} <= people
    assert all(email.endswith("@demo.invalid") for email in people)

    demo.load(told, lambda _: None, today=TODAY)

    with told.reading(SYSTEM, TODAY) as tx:
        assert recall(tx, DEMO_LOADED) is not None
        assert count(tx, JournalEntry) == entries, "it is told once"

    with told.transaction(SYSTEM, TODAY) as tx:
        tx.execute(delete(StoredSetting).where(StoredSetting.key == DEMO_LOADED))
    with pytest.raises(Refused) as refused:
        demo.load(told, lambda _: None, today=TODAY)
    assert [each.code for each in refused.value.refusals] == ["demo_broken_off"]


def the_lab_is_as_large_as_the_story_says(tx: Tx) -> None:
    rows = tx.execute(select(Participation.helix, Participation.organisation_id, Participation.nuts)).all()
    assert len(rows) == 118
    assert Counter(row.nuts for row in rows) == {"SE313": 44, "SE312": 39, "SE311": 35}
    helices = Counter(
        helix for helix, _ in {(row.helix, row.organisation_id) for row in rows if row.organisation_id}
    )
    assert helices == {"business": 29, "research": 9, "public": 14, "civil_society": 9}


def the_sums_are_those_of_the_story(tx: Tx) -> None:
    of_the_fund = (
        select(func.count(), func.sum(Application.asked))
        .join(Call, Call.id == Application.call_id)
        .where(Call.slug != AID)
    )
    counted: Any = tx.execute(of_the_fund).one()
    applications, asked = counted
    assert (applications, int(asked)) == (24, 6575 * K)
    windows = {
        row.slug: (row.envelope // K, row.committed // K, row.released // K)
        for row in tx.execute(
            select(Call.slug, FunderWindow.envelope, FunderWindow.committed, FunderWindow.released).join(
                FunderWindow, FunderWindow.call_id == Call.id
            )
        )
    }
    assert windows.pop("north-middle-sweden")[1:] == (0, 0)
    assert windows.pop(AID) == (250, 4, 2)
    assert windows == {
        "low-carbon-demo": (1600, 1440, 260),
        "low-carbon-demo-round-2": (1500, 0, 0),
        "low-carbon-demo-round-3": (1400, 0, 0),
    }
    fund_states = (
        select(CaseRow.state)
        .join(Application, Application.id == CaseRow.id)
        .where(CaseRow.scheme == "challenge_driven")
    )
    states = Counter(tx.execute(fund_states).scalars())
    assert states == {
        "awarded": 5,
        "declined": 1,
        "not_funded": 2,
        "ineligible": 1,
        "eligible": 6,
        "completion": 1,
        "received": 1,
        "late": 1,
        "withdrawn": 1,
        "draft": 2,
        "submitted": 3,
    }


def the_aid_is_where_the_story_says(tx: Tx) -> None:
    """Of the first request the firms are home, of the second one a firm has not answered: it lapses in three days."""
    lines = select(Organisation.name, Line.activity, Line.amount, CaseRow.state)
    found = {
        row.name: (row.activity, row.amount // 100, row.state)
        for row in tx.execute(
            lines.join(Line, Line.firm_id == Organisation.id).join(CaseRow, CaseRow.id == Line.id)
        )
    }
    assert found == {
        "Mora Sågverk Demo AB": ("matchmaking", 1_500, "granted"),
        "Thorsells Gjuteri Demo AB": ("market_visit", 2_500, "granted"),
        cast.GLULAM.name: ("trade_fair", 4_000, "cleared"),
        cast.JOINERY.name: ("matchmaking", 1_500, "cleared"),
        cast.PELLETS.name: ("market_visit", 2_500, "asked"),
    }
    line_of = {
        name: tx.execute(
            select(Line.id)
            .join(Organisation, Organisation.id == Line.firm_id)
            .where(Organisation.name == name)
        ).scalar_one()
        for name in found
    }
    assert headroom(tx, line_of[cast.GLULAM.name]).headroom == 281_200_00
    assert headroom(tx, line_of[cast.JOINERY.name]).headroom == 0, "exactly at its ceiling"
    templates = select(OutboxMessage.template).where(OutboxMessage.case_id == line_of[cast.PELLETS.name])
    assert sorted(tx.execute(templates).scalars()) == ["confirm_line", "confirm_line_reminder"]
    due = select(TimerRow.due_at).where(
        TimerRow.case_id == line_of[cast.PELLETS.name], TimerRow.due_at > TODAY
    )
    assert [at.date() - TODAY.date() for at in tx.execute(due).scalars()] == [timedelta(days=3)]


def test_the_script_names_nobody_who_is_not_there() -> None:
    script = read_script()
    people = {person.name for person in script.people}
    organisations = {one["name"] for one in script.organisations}
    assert {event.who for event in script.events if event.who} <= people
    assert {person.organisation for person in script.people if person.organisation} <= organisations
    assert len({demo.address_of(person.name) for person in script.people}) == len(script.people)


def test_points_are_found_that_come_near_to_what_is_wanted() -> None:
    rubric = read_script().calls[0].plan.stages[0].rubric
    assert rubric is not None
    for wanted in (0, 49, 58, 71, 82, 100):
        points = nearest(rubric, wanted)
        reached = sum(criterion.weight * points[criterion.name] for criterion in rubric.criteria)
        assert abs(reached / rubric.most - wanted) <= 1
