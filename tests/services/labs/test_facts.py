"""Facts about calls, bodies and labs: one statement each, for one record as for many, and an answer for all asked."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from sqlalchemy import select

from grantflow.domain.programmes.bodies import Agenda
from grantflow.services.calls.loading import load_call
from grantflow.services.cases import step
from grantflow.services.labs.framing import start_frame
from grantflow.store import children
from grantflow.store.calls import facts as calls
from grantflow.store.calls.visibility import visible_to
from grantflow.store.cases import CaseRow
from grantflow.store.labs import facts as labs
from grantflow.store.labs.selectors import earlier_frames
from grantflow.store.programmes.facts import agendas
from grantflow.workflow.registry import FactSpec
from tests import cast
from tests.factories.statements import counted
from tests.factories.story import Story

CALL_FACTS = [
    spec
    for module in (calls, labs)
    for spec in vars(module).values()
    if isinstance(spec, FactSpec) and "call" in spec.of
]
FRAME_FACTS = [spec for spec in vars(labs).values() if isinstance(spec, FactSpec) and "frame" in spec.of]


def load_second_call(story: Story) -> UUID:
    first = story.call_id
    story.plan = replace(story.plan, slug="second")
    story.load()
    second, story.call_id = story.call_id, first
    return second


def test_facts_of_calls_take_one_statement_for_one_and_for_many(lab: Story):
    lab.contribute()
    second = load_second_call(lab)
    assert len(CALL_FACTS) >= 10
    with lab.reading(cast.LEIF) as tx:
        for spec in (*CALL_FACTS, agendas, children.children):
            for ids in ([lab.call_id], [lab.call_id, second]):
                with counted(tx) as sent:
                    loaded = spec.load(tx, ids)
                assert (len(sent), set(loaded)) == (1, set(ids)), spec.kind.__name__
                assert all(isinstance(fact, spec.kind) for fact in loaded.values())


def test_facts_of_frames_take_one_statement_for_one_and_for_many(lab: Story):
    lab.hold_workshops(3)
    with lab.tx(cast.KARIN) as tx:
        step(tx, lab.call_id, "start_synthesis")
    first = lab.draft_frame()
    with lab.tx(cast.YUSUF) as tx:
        second = start_frame(tx, lab.call_id, "Second").case_id
    with lab.reading() as tx:
        for spec in (*FRAME_FACTS, agendas):
            for ids in ([first], [first, second]):
                with counted(tx) as sent:
                    loaded = spec.load(tx, ids)
                assert (len(sent), set(loaded)) == (1, set(ids)), spec.kind.__name__
        assert agendas.load(tx, [first])[first] == Agenda(())
        assert earlier_frames.run(tx, [first, second]) == {first: [], second: [first]}


def test_what_is_read_is_what_was_written(lab: Story):
    with lab.reading(cast.LEIF) as tx:
        call = lab.call_id
        assert labs.seats.load(tx, [call])[call].taken == len(cast.PARTICIPANTS)
        assert labs.helices.load(tx, [call])[call].helices == {
            "business",
            "research",
            "public",
            "civil_society",
        }
        assert labs.own_places.load(tx, [call])[call].admitted
        outline = calls.outlines.load(tx, [call])[call]
        assert (outline.has_lab, outline.stages, outline.windows, outline.dates_missing) == (True, 1, 1, ())
        assert outline.dates_past == ("registration_closes",)
        assert calls.money.load(tx, [call])[call].envelope == 300_000_00
        assert calls.deadlines.load(tx, [call])[call].deadline is None
        below = children.children.load(tx, [call])[call]
        assert below.with_any("participation", frozenset({"counts"})) == len(cast.PARTICIPANTS)
    with lab.reading(cast.TOMAS) as tx:
        assert not labs.own_places.load(tx, [call])[call].admitted
    with lab.reading() as tx:
        assert not labs.own_places.load(tx, [call])[call].admitted


def test_a_draft_is_seen_by_those_who_prepare_it(lab: Story):
    names = {lab.call_id: "first", load_second_call(lab): "draft"}
    elsewhere = replace(
        lab.plan,
        slug="elsewhere",
        programme=replace(lab.plan.programme, ref_prefix="OTHER", agency="Another agency"),
    )
    with lab.tx() as tx:
        names[load_call(tx, elsewhere).case_id] = "elsewhere"
    for person, sees in (
        (cast.KARIN, {"first", "draft"}),
        (cast.SOFIA, {"first", "draft"}),
        (cast.LEIF, {"first"}),
        (cast.MONA, {"first"}),
        (None, {"first", "draft", "elsewhere"}),
    ):
        with lab.reading(person) as tx:
            found = set(tx.session.scalars(select(CaseRow.id).where(visible_to(tx))))
        assert {names.get(each) for each in found} == sees, person
