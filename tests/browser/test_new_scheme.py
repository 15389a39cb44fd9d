"""The page about a new scheme, to its end in a browser: a call of it is rehearsed, announced and used."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from grantflow.domain.actor import SYSTEM
from grantflow.services.invariants import check_invariants
from tests.browser.live import Site, reader, served
from tests.browser.walk.applying import begins
from tests.browser.walk.people import Person
from tests.cli.command import Command
from tests.recipes.new_scheme import ANNOUNCES, ASKS, PASSWORD, NewHouse, written

SLUG = "awareness-2027"
CALL = "Clusters that people have heard of"
CAMPAIGN = "What a cluster is good for"


@pytest.fixture
def house(
    bare_database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[NewHouse]:
    """An installation that was set up as the page says."""
    command = Command(bare_database_url, tmp_path / "data", monkeypatch, capsys)
    made = NewHouse(written(tmp_path / "own"), tmp_path / "data", bare_database_url, command)
    made.begin()
    yield made
    made.close()


@pytest.fixture
def town(house: NewHouse) -> Iterator[Site]:
    """Its pages."""
    with served(house.data, house.database) as site:
        yield site


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    """Those who sit in front of their browsers until the end."""
    with ExitStack() as sitting:
        yield sitting


def sits(stack: ExitStack, browser: Browser, site: Site, email: str) -> Person:
    someone = Person(email, stack.enter_context(reader(browser, site, scripts=False)))
    someone.goes_to("/sign-in")
    someone.writes("E-mail address", email)
    someone.page.get_by_label("Password").fill(PASSWORD)
    someone.at.get_by_role("main").get_by_role("button", name="Sign in").last.click()
    someone.page.wait_for_url(lambda address: "/sign-in" not in address)
    return someone


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_call_of_files_alone_is_announced_and_its_voucher_comes_by_itself(
    house: NewHouse, town: Site, browser: Browser, stack: ExitStack
) -> None:
    olga = sits(stack, browser, town, ANNOUNCES)
    olga.goes_home()
    olga.part("What waits for you").follows(CALL)
    olga.part("What you can do").follows("Announce the call")
    olga.presses("Announce the call")
    olga.reads("Open for requests")

    ada = sits(stack, browser, town, ASKS)
    ada.goes_to("/")
    ada.follows(CALL)
    ada.reads("Whom it reaches", "60 %")
    begins(ada, SLUG)
    ada.writes("What the campaign is called", CAMPAIGN)
    ada.writes("Whom shall it reach", "Everybody who passes by.")
    ada.presses("Save and go on")
    ada.writes("Material", "1 200")
    ada.writes("The voucher that you ask for", "1 000")
    ada.presses("Save and go on")
    ada.reads("Everything that has to be there is there.")
    ada.presses("Hand in")
    ada.reads("Your application is received.")

    house.time_passes(timedelta(hours=2))

    ada.goes_home()
    ada.part("What waits for you").reads("Tell what the campaign showed")
    ada.part("What waits for you").follows(CAMPAIGN)
    ada.part("Decision").reads("Funded", "EUR 1 000", "The published rule of the call, and no person.")
    ada.follows("The decision")
    ada.reads("Yes. Your campaign gets its voucher.", "You may ask for reconsideration.")
    assert ada.downloads("Download the decision (PDF)").startswith(b"%PDF")
    ada.page.go_back()
    ada.part("What you can do").follows("Tell what the campaign showed")
    ada.writes("What was done, and what came of it", "Two hundred people came.")
    ada.presses("Tell what the campaign showed")
    ada.reads("Done and told")
    with house.database.reading(SYSTEM, house.now()) as tx:
        assert [held for held in check_invariants(tx) if not held.holds] == []
