"""A newcomer's walk on the loaded demo: North Middle Sweden from its draft to its award letters, in a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser

from grantflow.services.invariants import check_invariants
from tests.browser.live import Site
from tests.browser.walk.adopting import the_board_adopts_the_frame
from tests.browser.walk.announcing import the_call_is_published, the_call_is_rehearsed
from tests.browser.walk.applying import Project, applicants_apply, begins, sends
from tests.browser.walk.checking import applications_are_checked
from tests.browser.walk.deciding import the_board_decides
from tests.browser.walk.framing import the_frame_is_written
from tests.browser.walk.gathering import the_lab_gathers
from tests.browser.walk.people import Town
from tests.browser.walk.reviewing import hands_in, reviewers_score
from tests.browser.walk.telling import applicants_are_told

PHASES: tuple[Callable[[Town], None], ...] = (
    the_call_is_rehearsed,
    the_call_is_published,
    the_lab_gathers,
    the_frame_is_written,
    the_board_adopts_the_frame,
    applicants_apply,
    applications_are_checked,
    reviewers_score,
    the_board_decides,
    applicants_are_told,
)
OPEN = "low-carbon-demo-round-3"
"""A call of the demo that receives applications today."""
IN_REVIEW = "Bark oil to start a lime kiln"
"""An application of the demo that Birgit has begun to read."""


@pytest.fixture
def town(browser: Browser, own_site: Site, request: pytest.FixtureRequest) -> Iterator[Town]:
    """The cast, with or without scripts; nobody's browser may have complained in the end."""
    with ExitStack() as stack:
        yield Town(browser, own_site, request.param, stack)


@pytest.mark.parametrize("town", [False], ids=["plain"], indirect=True)
def test_a_call_is_carried_from_its_draft_to_its_letters_without_scripts(town: Town):
    for phase in PHASES:
        phase(town)
    with town.acting("Karin Ekblad") as tx:
        assert [held for held in check_invariants(tx) if not held.holds] == []


@pytest.mark.parametrize("town", [True], ids=["scripts"], indirect=True)
def test_with_scripts_a_call_is_published_a_form_saves_itself_and_a_review_is_handed_in(town: Town):
    the_call_is_published(town)
    cajsa, birgit = town["Cajsa Wester"], town["Birgit Aune"]
    begins(cajsa, OPEN)
    cajsa.writes("What do you want to try, and what is new in it?", "A robot that small firms borrow.")
    cajsa.waits_until_saved()
    cajsa.page.reload()
    cajsa.reads("A robot that small firms borrow.")
    sends(cajsa, Project("Borrow a robot twice", "4", "350 000", "200 000"))
    birgit.goes_home()
    birgit.part("What waits for you").follows(IN_REVIEW)
    birgit.part("What you can do").follows("Go on with the review")
    hands_in(birgit, 4)
