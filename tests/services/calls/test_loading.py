"""From file to draft to published call: what is kept, what is pinned, who may."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select

from grantflow.domain.calls.forms import parse_form
from grantflow.domain.calls.rubrics import parse_rubric
from grantflow.domain.refusal import Refused
from grantflow.services.calls.changing import publish_call
from grantflow.services.calls.loading import load_call
from grantflow.services.cases import parameters_of, step
from grantflow.store.calls.ledger import LedgerEntry
from grantflow.store.calls.models import Call, CallDate, FunderWindow, Stage
from grantflow.store.cases import CaseRow
from grantflow.store.labs.models import Lab
from grantflow.store.published import published_sha256, published_text
from grantflow.store.session import Tx
from tests import cast
from tests.factories.story import Story, without_lab


@pytest.fixture
def office(database_url: str) -> Iterator[Story]:
    """The programme with its people."""
    told = Story(database_url).set_up()
    yield told
    told.database.dispose()


def refused(story: Story, person: cast.Person | None, act: Callable[[Tx], object]) -> list[str]:
    with pytest.raises(Refused) as told, story.tx(person) as tx:
        act(tx)
    return [refusal.code for refusal in told.value.refusals]


def test_a_draft_keeps_what_the_file_says(office: Story):
    office.load()
    with office.reading() as tx:
        call = tx.session.get_one(Call, office.call_id)
        assert (call.slug, call.currency, call.has_lab, call.stage) == ("north-middle-sweden", "EUR", 1, 1)
        assert call.title["sv"] == office.plan.title["sv"]
        assert call.file["assumptions"][0]["reason"]
        assert "2018-12-25" in call.days_off
        assert tx.session.get_one(Lab, office.call_id).question["en"].startswith("How do our industries")
        (stage,) = tx.session.scalars(select(Stage))
        assert (stage.form, stage.rubric, stage.pass_mark, stage.gate) == (
            "seed_project",
            "seed_project",
            60,
            {},
        )
        at = {row.name: (row.local, row.at) for row in tx.session.scalars(select(CallDate))}
        assert at["submission_deadline"] == ("2018-12-12 14:00", office.plan.date("submission_deadline"))
        (window,) = tx.session.scalars(select(FunderWindow))
        (entry,) = tx.session.scalars(select(LedgerEntry))
        assert window.envelope == entry.envelope == 300_000_00
        assert window.body_id == office.body_id
        assert parameters_of(tx, office.call_id)["reserve_period"] == "6mo", (
            "what the file leaves out has its default"
        )
        ref = tx.execute(select(CaseRow.ref).where(CaseRow.id == office.call_id)).scalar_one()
        assert ref == "NMS-2018-0001"
        assert call.pins == {}


def test_publishing_pins_scheme_form_and_rubric_by_their_hash(office: Story):
    office.load().announce()
    with office.reading() as tx:
        pins = tx.session.get_one(Call, office.call_id).pins
        (stage,) = pins["stages"]
        for kind, pin in (("scheme", pins["scheme"]), ("form", stage["form"]), ("rubric", stage["rubric"])):
            assert pin["sha256"] == published_sha256(tx, kind, pin["name"], pin["version"])
        assert parse_form(published_text(tx, "form", "seed_project", 1)) == office.plan.stages[0].form
        assert parse_rubric(published_text(tx, "rubric", "seed_project", 1)) == office.plan.stages[0].rubric


def test_a_version_is_published_with_one_text(office: Story):
    office.load().announce()
    (stage,) = office.plan.stages
    other = replace(
        office.plan, slug="other", stages=(replace(stage, form=replace(stage.form, title={"en": "New"})),)
    )
    with office.tx(cast.KARIN) as tx:
        made = load_call(tx, other)
    assert refused(office, cast.KARIN, lambda tx: publish_call(tx, made.case_id)) == ["version_taken"]


def test_only_a_manager_of_the_programme_begins_a_call(office: Story):
    assert refused(office, cast.YUSUF, lambda tx: load_call(tx, office.plan)) == ["wrong_role"]
    assert refused(office, cast.LEIF, lambda tx: load_call(tx, office.plan)) == ["not_of_the_programme"]
    office.load()
    assert refused(office, cast.KARIN, lambda tx: load_call(tx, office.plan)) == ["slug_taken"]
    assert refused(office, cast.YUSUF, lambda tx: publish_call(tx, office.call_id)) == ["wrong_role"]


def test_a_call_without_a_lab_has_none(office: Story):
    office.plan = without_lab(office.plan)
    office.load().announce()
    assert office.state() == "announced"
    with office.reading() as tx:
        assert tx.session.get(Lab, office.call_id) is None


def test_a_call_without_its_dates_is_not_published(office: Story):
    (stage,) = office.plan.stages
    kept = {name: at for name, at in stage.dates.items() if name != "submission_deadline"}
    office.plan = replace(office.plan, stages=(replace(stage, dates=kept),))
    office.load()
    assert refused(office, cast.KARIN, lambda tx: publish_call(tx, office.call_id)) == ["date_missing"]
    with office.tx(cast.KARIN) as tx:
        step(tx, office.call_id, "discard", data={"reason": "Better thought out next year."})
    assert office.state() == "cancelled"


def test_what_is_kept_of_a_plan_is_plain_data(office: Story):
    office.load()
    with office.reading() as tx:
        kept = tx.session.get_one(Call, office.call_id).file
    assert json.loads(json.dumps(kept)) == kept
    assert kept["stages"][0]["dates"]["fund_opens"] == "2018-10-29 09:00"
