"""Homes: what waits for whom, by the hat they wear, and nothing that they may not know."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import event, func, or_, select

from grantflow.domain.actor import SYSTEM
from grantflow.services.homes.home import Home, Line, home_of
from grantflow.services.people.registering import register_person
from grantflow.services.people.roles import grant_role
from grantflow.services.records.visibility import VISIBLE, visible
from grantflow.store.cases import CaseRow
from tests import cast
from tests.factories.fund import Fund


def home(told: Fund, person: cast.Person, language: str = "en") -> Home:
    with told.reading(person) as tx:
        return home_of(tx, told.people[person.name], language)


def waiting(found: Home) -> list[tuple[str, str, int]]:
    return [(hat.label, line.state, line.count) for hat in found.hats for line in hat.waits]


def everything(found: Home) -> list[Line]:
    return [line for hat in found.hats for line in hat.everything]


def test_an_officer_has_what_waits_for_the_check_and_the_call(arrived: Fund):
    found = home(arrived, cast.YUSUF)
    assert ("Case officer", "Eligibility check", 2) in waiting(found)
    assert not any(line.state == "Not sent yet" for line in everything(found)), "a draft is its owner's own"


def test_an_applicant_has_their_draft_with_its_date_and_their_next_step(databases, database_kind):
    from tests.factories.fund import open_fund

    told = open_fund(databases.fresh(database_kind))
    told.start(cast.SARA)
    found = home(told, cast.SARA)
    (hat,) = [each for each in found.hats if each.label == "Applicant"]
    (line,) = hat.waits
    assert (line.state, line.ref != "", line.path) == ("Not sent yet", True, f"/records/{line.ref}")
    assert line.step
    assert line.due == told.plan.date("submission_deadline")
    told.database.dispose()
    databases.drop(told.database.url)


def test_what_is_with_others_is_said_with_whom(arrived: Fund):
    found = home(arrived, cast.LEIF)
    (line,) = [line for hat in found.hats for line in hat.next if line.title == "Heat from the rolling mill"]
    assert line.has_it == ("Case officer",)
    assert not [line for hat in found.hats for line in hat.waits]


def test_one_person_sees_what_each_hat_brings(arrived: Fund):
    with arrived.tx() as tx:
        grant_role(tx, "officer", arrived.programme_id, user_id=arrived.people[cast.LEIF.name])
    labels = [hat.label for hat in home(arrived, cast.LEIF).hats]
    assert "Applicant" in labels
    assert "Case officer" in labels
    assert labels.index("Applicant") < labels.index("Case officer")


def test_before_the_release_an_applicants_home_says_what_it_said_before(embargoed: Fund):
    winner, loser = home(embargoed, cast.LEIF), home(embargoed, cast.MIKAEL)

    def told(found: Home) -> list[tuple[object, ...]]:
        return [
            (
                hat.label,
                line.kind,
                line.state,
                line.tone,
                line.step,
                line.has_it,
                line.clock,
                line.due,
                line.count,
            )
            for hat in found.hats
            for line in (*hat.waits, *hat.next, *hat.everything)
        ]

    assert told(winner) == told(loser)
    states = {line.state for line in everything(winner)}
    assert not states & {"Funded", "Approved, not released", "Turned down, not released"}


def test_a_home_counts_what_is_visible_and_nothing_else(arrived: Fund, embargoed: Fund):
    staff = (*cast.STAFF, cast.SOFIA, *cast.BOARD)
    for told, person in ((told, person) for told in (arrived, embargoed) for person in staff):
        with told.reading(person) as tx:
            seen: Counter[str] = Counter()
            for kind in VISIBLE:
                number = tx.execute(
                    select(func.count())
                    .select_from(CaseRow)
                    .where(CaseRow.call_id == told.call_id, visible(tx, tx.actor, kind))
                ).scalar_one()
                seen[kind] = int(number)
        found = home(told, person)
        listed: Counter[str] = Counter()
        with told.reading() as tx:
            lifecycles = tx.engine.compiled(told.plan.scheme, told.plan.version).scheme.lifecycles
            kinds = {each.title: each.record for each in lifecycles.values()}
        for line in everything(found):
            listed[kinds[line.kind]] += line.count
        for kind, number in listed.items():
            assert number <= seen[kind], (person.name, kind)
        own = {kind for kind in seen if listed[kind]}
        for kind in own - {
            "contribution",
            "frame",
            "call",
        }:  # of these the public sees some that no role opens
            assert listed[kind] == seen[kind], (person.name, kind)


def test_every_own_record_listed_is_visible_to_its_reader(embargoed: Fund):
    for person in (*cast.PARTICIPANTS, *cast.REVIEWERS):
        with embargoed.reading(person) as tx:
            refs = {line.ref for line in everything(home_of(tx, embargoed.people[person.name], "en"))}
            condition = or_(*(visible(tx, tx.actor, kind) for kind in VISIBLE))
            open_to_them = set(
                tx.execute(select(CaseRow.ref).where(CaseRow.ref.in_(refs), condition)).scalars()
            )
        assert refs == open_to_them, person.name


def test_a_board_has_its_meetings_and_not_each_application(embargoed: Fund):
    found = home(embargoed, cast.MONA)
    assert not [line for hat in found.hats for line in hat.waits if line.kind == "Application"]


def test_whoever_takes_part_in_nothing_has_an_empty_home(arrived: Fund):
    with arrived.database.transaction(SYSTEM, arrived.now) as tx:
        nobody = register_person(tx, "nobody@demo.invalid", "Nobody Yet")
        assert home_of(tx, nobody, "en") == Home((), ())


def test_a_home_takes_eight_statements_whatever_there_is(arrived: Fund):
    said: list[str] = []
    event.listen(
        arrived.database.sql,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, *_: said.append(statement),
    )
    for person in (cast.KARIN, cast.YUSUF, cast.LEIF, cast.MONA, cast.HENRIK):
        said.clear()
        home(arrived, person)
        assert len([one for one in said if one.lstrip().startswith("SELECT")]) <= 8, said
