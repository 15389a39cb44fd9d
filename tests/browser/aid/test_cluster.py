"""A cluster at its telephone: it names firms and sends its request, proves what was done and claims the money."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Sits
from tests.browser.live import Reader, Site, reference
from tests.factories.papers import PDF

MARIE = "marie.ulander@demo.invalid"
CALL = "/calls/internationalisation-aid"
HOME_AGAIN = "Wood and metal meet buyers in Kaunas"
CHOSEN = {
    "How did you invite the firms?": "In the newsletter, open for three weeks.",
    "By which rules did you choose among them?": "First those who have not been abroad.",
    "On which day were the rules published?": "2026-01-12",
    "How many firms did you invite?": "43",
    "How many of them answered?": "2",
    "How many did you choose?": "2",
}
FIRM = {
    "Registration number": "556000-0042",
    "Name of the firm": "Nya Trappor AB",
    "Where?": "Riga",
    "First day": "2099-03-02",
    "E-mail address at the firm": "trappor@demo.invalid",
}
IBAN = "SE45 5000 0000 0583 9825 7466"

Checked = Callable[[Reader], None]


@pytest.fixture(params=[True, False], ids=["scripts", "no-scripts"])
def marie(request: pytest.FixtureRequest, sits: Sits, own_site: Site) -> Reader:
    """Marie Ulander at a telephone, with and without scripts."""
    reader = sits(MARIE, own_site, scripts=request.param)
    reader.at_width(390)
    reader.expected = (422,)
    return reader


def test_a_request_for_two_firms_is_sent(marie: Reader, request: pytest.FixtureRequest):
    sound = sees_well(request)
    page = marie.goes_to(f"{CALL}/apply")
    sound(marie)
    page.get_by_role("button", name="Begin the application").click()
    fill(
        page,
        {
            "What shall we call it?": "Stairs for Riga",
            "Which country or market?": "Latvia",
            "What shall the firms have when they come home?": "Two buyers each.",
        },
    )
    onward(page)
    fill(page, {"Your contact person, with telephone": "Marie Ulander"})
    onward(page)

    expect(page.get_by_role("heading", level=1)).to_have_text("How the firms were chosen")
    onward(page)
    expect(page.get_by_role("alert")).to_contain_text("Please fill in “How did you invite the firms?”.")
    sound(marie)
    fill(page, CHOSEN)
    onward(page)

    expect(page.get_by_role("heading", level=1)).to_have_text("The firms")
    add = page.get_by_role("button", name="Add the firm")
    add.click()
    expect(page.get_by_role("alert")).to_contain_text("Choose one of the activities.")
    sound(marie)
    fill(page, FIRM)
    page.get_by_label("Trade fair").check()
    add.click()
    fill(page, {key: FIRM[key] for key in ("Where?", "First day", "E-mail address at the firm")})
    page.get_by_label("A firm that you have named before").select_option(label="Thorsells Gjuteri Demo AB")
    page.get_by_label("Matchmaking").check()
    add.click()
    expect(page.locator(".gf-firm")).to_have_count(2)
    expect(page.locator(".gf-firm-sum")).to_contain_text("5\u202f500")
    sound(marie)

    page.get_by_role("link", name="Go on").click()
    expect(page.get_by_text("Everything that has to be there is there.")).to_be_visible()
    sound(marie)
    page.get_by_role("button", name="Send the request").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Receipt")
    expect(page.get_by_text("Nya Trappor AB, number 556000-0042")).to_have_count(1)
    sound(marie)


def test_proofs_are_handed_in_and_the_money_is_claimed(
    marie: Reader, own_site: Site, request: pytest.FixtureRequest
):
    sound = sees_well(request)
    ref = reference(own_site, HOME_AGAIN)
    page = marie.goes_to(f"/records/{ref}")
    sound(marie)
    page.get_by_role("link", name="Proofs and claim").click()
    proofs = page.get_by_role("link", name="Hand in the proof of")
    expect(proofs).to_have_count(2)
    for left in (1, 0):
        proofs.first.click()
        sound(marie)
        fill(page, {"On which day did it take place?": "2026-01-15", "What proves it?": "Badge and invoice."})
        page.get_by_label("The paper itself").set_input_files(
            {"name": "badge.pdf", "mimeType": "application/pdf", "buffer": PDF}
        )
        page.get_by_role("button", name="Hand in the proof").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(HOME_AGAIN)
        page.get_by_role("link", name="Proofs and claim").click()
        expect(proofs).to_have_count(left)
    page.get_by_role("button", name="Claim the money").click()
    expect(page.get_by_role("alert")).to_contain_text("Give the bank account to which the money shall go.")
    sound(marie)
    values = page.get_by_label("Value that reached the firm")
    values.nth(0).fill("1 500")
    values.nth(1).fill("2 500")
    fill(page, {"Account number (IBAN)": IBAN, "Holder of the account": "Trä & Fiber Mellansverige"})
    page.get_by_role("button", name="Claim the money").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(HOME_AGAIN)
    expect(page.locator(".gf-under-title")).to_contain_text("Claim sent, being checked")
    sound(marie)


def fill(page: Page, words: dict[str, str]) -> None:
    for label, text in words.items():
        page.get_by_label(label).fill(text)


def onward(page: Page) -> None:
    page.get_by_role("button", name="Save and go on").last.click()


def sees_well(request: pytest.FixtureRequest) -> Checked:
    """Return what looks whether a page is sound: narrow enough, and readable by those who do not see.

    Both are asked by a script; without scripts the pages are the same.
    """
    scripts = "no-scripts" not in request.node.callspec.id

    def look(reader: Reader) -> None:
        if scripts:
            assert reader.sideways() == []
            assert reader.findings() == []

    return look
