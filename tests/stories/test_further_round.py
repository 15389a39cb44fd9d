"""A further round of a fund: a call without a lab of its own, bound by the frame of the call that it continues."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from grantflow.domain.refusal import Refused
from grantflow.services.calls.changing import publish_call
from grantflow.services.calls.loading import load_call
from tests import cast
from tests.factories.fund import Fund, answers
from tests.factories.story import without_lab


@pytest.fixture
def second_round(database_url: str) -> Fund:
    """A second round that is open while the first one runs; the stage's letters and files are those of the first."""
    told = Fund(database_url)
    told.play_to_fund()
    (stage,) = told.plan.moved(timedelta(days=14)).stages
    dates = {name: at for name, at in stage.dates.items() if name != "registration_closes"}
    told.plan = replace(
        without_lab(told.plan),
        slug="second-round",
        continues=told.plan.slug,
        stages=(replace(stage, dates=dates),),
    )
    told.load()
    told.announce()
    told.until(told.plan.date("fund_opens") + timedelta(hours=1))
    return told


def test_a_further_round_is_bound_by_the_frame_of_the_first(second_round: Fund):
    fund = second_round
    assert fund.state() == "fund_open"
    each = fund.start(cast.LEIF)
    fund.fill(cast.LEIF, each, answers("Night heat from the rolling mill", 30_000, 60_000, [9]))
    with pytest.raises(Refused) as refused:
        fund.send(cast.LEIF, each)
    assert [refusal.code for refusal in refused.value.refusals] == ["action_not_in_frame"]
    fund.fill(cast.LEIF, each, {"actions": [2]})
    fund.send(cast.LEIF, each)
    fund.assert_all_holds()
    fund.database.dispose()


def test_a_round_of_nothing_is_refused(database_url: str):
    told = Fund(database_url).set_up()
    plan = replace(without_lab(told.plan), slug="second-round", continues="never-was")
    with pytest.raises(Refused) as refused, told.tx(cast.KARIN) as tx:
        publish_call(tx, load_call(tx, plan).case_id)
    assert [refusal.code for refusal in refused.value.refusals] == ["no_earlier_call"]
    told.database.dispose()
