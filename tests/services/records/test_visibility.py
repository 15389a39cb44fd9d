"""Records are found by those who may see them, in the state that they may see, whichever way one asks."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from grantflow.app import RECORDS
from grantflow.domain.actor import SYSTEM, Actor
from grantflow.services.applications.conflicts import record_conflict
from grantflow.services.cases import schemes
from grantflow.services.people.roles import grant_role
from grantflow.services.records.visibility import VISIBLE, find, find_call, find_id, visible
from grantflow.store.calls.viewing import shown, shown_state
from grantflow.store.cases import CaseRow
from grantflow.store.people.roles import roles_of
from grantflow.store.session import Tx
from tests import cast
from tests.factories.fund import Fund

VISITOR = Actor("visitor")


def test_every_kind_of_record_has_its_condition() -> None:
    assert set(VISIBLE) == set(RECORDS)


def ref_of(fund: Fund, name: str) -> str:
    with fund.reading() as tx:
        return str(tx.execute(select(CaseRow.ref).where(CaseRow.id == fund.told[name])).scalar_one())


def seen_states(fund: Fund, person: cast.Person | None, record: str = "application") -> dict[UUID, str]:
    """Return what somebody, or a visitor, sees of all records of a kind."""
    actor = VISITOR if person is None else fund.actor(person)
    with fund.database.reading(actor, fund.now) as tx:
        asked: Select[*tuple[Any, ...]] = select(
            CaseRow.id, shown_state(tx, actor, record).label("seen")
        ).where(visible(tx, actor, record))
        return {row.id: row.seen for row in tx.execute(asked)}


def test_a_decision_under_embargo_is_the_same_assessment_for_each_applicant(embargoed: Fund) -> None:
    leif, hanna, mikael = (embargoed.told[each.name] for each in (cast.LEIF, cast.HANNA, cast.MIKAEL))
    assert seen_states(embargoed, cast.KARIN) == {leif: "approved", hanna: "approved", mikael: "on_reserve"}
    for person in (cast.LEIF, cast.HANNA, cast.MIKAEL):
        assert seen_states(embargoed, person) == {embargoed.told[person.name]: "eligible"}
    assert seen_states(embargoed, None) == {}
    assert seen_states(embargoed, None, "call") == {embargoed.call_id: "review"}
    assert seen_states(embargoed, cast.LEIF, "call") == {embargoed.call_id: "review"}
    assert seen_states(embargoed, cast.MONA, "call") == {embargoed.call_id: "decided"}


def test_whoever_plays_two_parts_sees_with_the_better_eyes(embargoed: Fund) -> None:
    own = embargoed.told[cast.LEIF.name]
    with embargoed.tx() as tx:
        grant_role(tx, "officer", embargoed.programme_id, user_id=embargoed.people[cast.LEIF.name])
    assert seen_states(embargoed, cast.LEIF)[own] == "approved"
    with embargoed.tx() as tx:  # a role that may not view the state lifts no mask
        grant_role(tx, "finance", embargoed.programme_id, user_id=embargoed.people[cast.HANNA.name])
    assert seen_states(embargoed, cast.HANNA) == {embargoed.told[cast.HANNA.name]: "eligible"}


def test_sql_and_python_see_alike(embargoed: Fund) -> None:
    for person in (*cast.STAFF, *cast.BOARD, cast.SOFIA, *cast.PARTICIPANTS, *cast.REVIEWERS):
        actor = embargoed.actor(person)
        with embargoed.database.reading(actor, embargoed.now) as tx:
            for record in RECORDS:
                asked = tx.execute(
                    select(CaseRow, shown_state(tx, actor, record).label("seen")).where(
                        visible(tx, actor, record)
                    )
                ).all()
                for row in asked:
                    assert row.seen == _by_hand(tx, actor, row), (person.name, row.ref)


def _by_hand(tx: Tx, actor: Actor, row: object) -> str:
    scheme = schemes.compiled(tx, row.scheme, row.version).scheme  # type: ignore[attr-defined]  # a row of gf_case
    roles = roles_of(tx, actor, [row.id])[row.id]  # type: ignore[attr-defined]
    return shown(scheme, scheme.lifecycles[row.lifecycle], row.state, roles).name  # type: ignore[attr-defined]


def test_a_draft_is_its_owners_alone(embargoed: Fund) -> None:
    ref = ref_of(embargoed, "draft")
    for person in (cast.KARIN, cast.YUSUF, cast.MONA, cast.LEIF):
        with embargoed.reading(person) as tx:
            assert find(tx, ref) is None
    with embargoed.reading(cast.SARA) as tx:
        found = find(tx, ref)
        assert found is not None
        assert (found.record, found.shown.name) == ("application", "unsent")
        assert found.roles == frozenset({"applicant"})


def test_what_is_unknown_foreign_or_of_another_kind_is_not_found(embargoed: Fund) -> None:
    ref = ref_of(embargoed, cast.LEIF.name)
    with embargoed.reading(cast.HANNA) as tx:
        assert find(tx, ref) is None
        assert find(tx, "NOT-2018-9999") is None
        assert find_id(tx, embargoed.told[cast.LEIF.name]) is None
        assert find_call(tx, "no-such-call") is None
    with embargoed.reading(cast.LEIF) as tx:
        assert find(tx, ref, kinds=["review"]) is None
        found = find(tx, ref, kinds=["application"])
        assert found is not None
        assert found.is_masked
        assert found.shown.label == "In assessment"


def test_a_call_is_found_by_everybody_once_it_is_published(embargoed: Fund) -> None:
    slug = embargoed.plan.slug
    with embargoed.database.reading(VISITOR, embargoed.now) as tx:
        found = find_call(tx, slug)
        assert found is not None
        assert (found.shown.name, found.roles) == ("review", frozenset())
    with embargoed.database.reading(SYSTEM, embargoed.now) as tx:
        found = find_call(tx, slug)
        assert found is not None
        assert found.shown.name == "decided"


def test_one_record_is_found_by_the_same_rule_as_many(embargoed: Fund) -> None:
    """The quick look at one record and the condition for lists agree for everybody and every record."""
    with embargoed.tx() as tx:
        record_conflict(
            tx, embargoed.told[cast.LEIF.name], embargoed.people[cast.YUSUF.name], "hard", "A brother."
        )
        everything = tx.execute(select(CaseRow.id, CaseRow.record)).all()
    people = (*cast.STAFF, *cast.BOARD, cast.SOFIA, *cast.PARTICIPANTS, *cast.REVIEWERS)
    actors = [VISITOR, SYSTEM, *map(embargoed.actor, people)]
    for actor in actors:
        with embargoed.database.reading(actor, embargoed.now) as tx:
            listed = {
                row.id
                for record in RECORDS
                for row in tx.execute(select(CaseRow.id).where(visible(tx, actor, record)))
            }
            assert {each.id for each in everything if find_id(tx, each.id) is not None} == listed
