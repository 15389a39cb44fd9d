"""Where the walk has come to, as settings on which other tests begin."""

from __future__ import annotations

from tests import cast
from tests.api.walk.by_services import ByServices
from tests.api.walk.script import (
    applicants_apply,
    reviewers_score,
    the_board_adopts,
    the_frame_is_written,
    the_lab_gathers,
    they_are_checked,
)
from tests.factories.fund import Fund


def drafted(url: str) -> Fund:
    """The call lies there as a draft; nobody outside knows of it."""
    told = Fund(url)
    told.set_up().load()
    return told


def assessed(url: str) -> Fund:
    """The lab is over, the applications are reviewed, and a proposal is drawn up."""
    fund = drafted(url)
    hands = ByServices(fund)
    hands.step(cast.KARIN, hands.call(), "publish")
    frame = the_frame_is_written(hands, the_lab_gathers(hands))
    the_board_adopts(hands, frame)
    made = applicants_apply(hands)
    they_are_checked(hands, made)
    reviewers_score(hands, made)
    hands.draws_up()
    return fund
