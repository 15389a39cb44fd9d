"""The form in a real browser: saves itself, keeps words without a connection, works without scripts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from grantflow.services import applications
from grantflow.store.applications.models import Answers
from grantflow.store.cases import CaseRow
from tests import cast
from tests.browser.applications.conftest import Desk, Seats
from tests.factories.fund import answers
from tests.factories.papers import PDF

STATUS = "[data-save-status]"


@pytest.fixture
def begun(desk: Desk) -> str:
    """The reference of an application that Leif has started."""
    return desk.ref(desk.fund.start(cast.LEIF))


def kept(desk: Desk, ref: str) -> Mapping[str, Any]:
    with desk.fund.reading() as tx:
        found = select(Answers.answers).join(CaseRow, CaseRow.id == Answers.application_id)
        return dict(tx.execute(found.where(CaseRow.ref == ref)).scalar_one())


def saved(page: Page) -> None:
    expect(page.locator(STATUS)).to_have_attribute("data-state", "saved", timeout=20_000)


def test_words_are_saved_while_they_are_written(desk: Desk, begun: str, seats: Seats):
    page = seats(cast.LEIF).goes_to(f"/applications/{begun}/form/project")
    page.get_by_label("Title of the project").fill("Night heat")
    saved(page)
    assert kept(desk, begun)["title"] == "Night heat"
    with page.expect_response("**/save") as answer:
        page.get_by_label("Title of the project").fill("Night heat, better")
    assert answer.value.ok
    saved(page)
    assert kept(desk, begun)["title"] == "Night heat, better"


def test_the_sum_is_the_servers(desk: Desk, begun: str, seats: Seats):
    page = seats(cast.LEIF).goes_to(f"/applications/{begun}/form/budget")
    page.get_by_label("Staff").fill("70 000")
    page.get_by_label("Travel").fill("1200,50")
    saved(page)
    expect(page.locator('[data-total="costs"]')).to_have_text("71\u202f200.50")


def test_without_a_connection_words_wait_and_are_sent_when_there_is_one(desk: Desk, begun: str, seats: Seats):
    leif = seats(cast.LEIF)
    page = leif.goes_to(f"/applications/{begun}/form/plan")
    page.context.set_offline(True)
    leif.expected = ()
    steps = page.get_by_label("The steps, and how you will know that each is done")
    steps.fill("Build, run, measure, tell.")
    expect(page.locator(STATUS)).to_have_attribute("data-state", "failed")
    assert "steps" not in kept(desk, begun)
    page.context.set_offline(False)
    saved(page)
    assert kept(desk, begun)["steps"] == "Build, run, measure, tell."
    leif.complaints = [each for each in leif.complaints if "ERR_INTERNET_DISCONNECTED" not in each]


def test_words_that_were_not_sent_are_there_again_after_loading_the_page_anew(
    desk: Desk, begun: str, seats: Seats
):
    leif = seats(cast.LEIF)
    page = leif.goes_to(f"/applications/{begun}/form/plan")
    page.on("dialog", lambda dialog: dialog.accept())
    page.context.set_offline(True)
    page.get_by_label("The steps, and how you will know that each is done").fill("Written in a tunnel.")
    expect(page.locator(STATUS)).to_have_attribute("data-state", "failed")
    page.route("**/save", lambda route: route.abort())
    page.context.set_offline(False)
    page.reload()
    steps = page.get_by_label("The steps, and how you will know that each is done")
    expect(steps).to_have_value("Written in a tunnel.")
    page.unroute("**/save")
    saved(page)
    assert kept(desk, begun)["steps"] == "Written in a tunnel."
    leif.complaints = [each for each in leif.complaints if "net::ERR_" not in each]


def test_two_versions_are_shown_and_none_is_lost(desk: Desk, begun: str, seats: Seats):
    leif = seats(cast.LEIF)
    page = leif.goes_to(f"/applications/{begun}/form/project")
    with desk.fund.tx(cast.NILS) as tx:
        case = tx.execute(select(CaseRow.id).where(CaseRow.ref == begun)).scalar_one()
        applications.save_answers(tx, case, {"title": "The colleague's title"})
    leif.expected = (412,)
    title = page.get_by_role("textbox", name="Title of the project")
    title.fill("My own title")
    both = page.locator(".gf-conflict")
    expect(both).to_contain_text("The colleague's title")
    expect(both).to_contain_text("My own title")
    expect(title).to_have_value("My own title")
    assert leif.findings() == []
    assert leif.sideways() == []
    assert kept(desk, begun)["title"] == "The colleague's title"
    page.get_by_role("button", name="Keep what stands in the fields").click()
    page.wait_for_url("**/form/project")
    expect(page.locator(".gf-notice").first).to_contain_text("Saved.")
    assert kept(desk, begun)["title"] == "My own title"


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_filling_in_and_sending_on_a_phone(
    desk: Desk, begun: str, seats: Seats, tmp_path: Path, scripts: bool
):
    leif = seats(cast.LEIF, scripts=scripts)
    page = leif.goes_to(f"/applications/{begun}/form/team")
    page.get_by_label("The people and organisations, and what each brings").fill("Two of us.")
    page.get_by_text("Add an organisation").click()
    page.get_by_label("Name of the organisation").fill("Pell AB")
    page.get_by_label("What it does in the project").fill("Lends the yard.")
    page.get_by_label("How the idea came out of the lab").fill("At the second workshop.")
    page.get_by_role("button", name="Save and go on").last.click()
    page.wait_for_url("**/form/budget")
    paper = tmp_path / "Offert.pdf"
    paper.write_bytes(PDF)
    page.get_by_label("Who pays the rest").fill("We do.")
    page.locator('input[type="file"]').set_input_files(paper)
    page.get_by_role("button", name="Hand in the file").click()
    expect(page.get_by_role("link", name="Offert.pdf")).to_be_visible()
    there = kept(desk, begun)
    assert [partner["name"] for partner in there["partners"]] == ["Pell AB"]
    assert there["own_share"] == "We do."
    assert len(there["annex"]) == 1
    page.get_by_role("link", name="See what is missing, and send").click()
    page.wait_for_url("**/send")
    page.get_by_role("link", name="“Project leader, with telephone” is not filled in yet.").click()
    page.wait_for_url("**/form/organisation?checked=#field-contact")
    expect(page.get_by_label("Project leader, with telephone")).to_be_visible()


def test_sending_by_keyboard_ends_with_a_receipt(desk: Desk, seats: Seats):
    each = desk.fund.start(cast.LEIF)
    desk.fund.fill(cast.LEIF, each, answers("Night heat", 40_000, 70_000))
    leif = seats(cast.LEIF, width=1280)
    page = leif.goes_to(f"/applications/{desk.ref(each)}/send")
    page.get_by_role("button", name="Send the application").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/receipt")
    expect(page.locator("main")).to_contain_text("Your application is received.")
    assert leif.findings() == []
