"""Every page that is looked at, in a real browser: readable by those who do not see, narrow enough, without complaints."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser

from tests.browser import live
from tests.browser.conftest import Sits
from tests.browser.live import SCHEMES, Reader, Site
from tests.browser.pages import PAGES, Looked


@pytest.fixture(scope="module")
def readers(browser: Browser, site: Site) -> Iterator[dict[str | None, Reader]]:
    """One reader for each person of the list, signed in once."""
    with ExitStack() as stack:
        found: dict[str | None, Reader] = {}
        for who in dict.fromkeys(page.who for page in PAGES):
            found[who] = stack.enter_context(live.reader(browser, site))
            if who is not None:
                found[who].signs_in(who)
        yield found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_is_sound_in_light_and_dark_and_on_a_narrow_screen(
    readers: dict[str | None, Reader], page: Looked
):
    reader = readers[page.who]
    reader.expected = (page.status,) if page.status >= 400 else ()
    looks = [(scheme, width) for scheme in SCHEMES for width in live.WIDTHS]
    # The styleguide shows every part in every look; other pages are made of the same parts, and each look is seen once.
    for scheme, width in looks if page.name == "styleguide" else (looks[0], looks[-1]):
        reader.in_colours(scheme)
        reader.at_width(width)
        reader.looks_at(page)
        assert reader.findings() == [], f"{page.name}, {scheme}, {width}"
    reader.at_width(320)
    reader.looks_at(page)
    assert reader.sideways() == []
    assert reader.complaints == []


def test_axe_sees_what_is_wrong(sits: Sits):
    reader = sits()
    reader.goes_to("/")
    reader.page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"data:,\">')"
    )
    assert any("image-alt" in each for each in reader.findings())
    reader.complaints.clear()


def test_what_the_policy_forbids_is_heard(sits: Sits):
    reader = sits()
    page = reader.goes_to("/")
    page.evaluate("document.querySelector('h1').setAttribute('style', 'color: red')")
    page.evaluate("new Promise(resolve => setTimeout(resolve))")
    assert any("style-src-attr forbids inline" in each for each in reader.complaints), reader.complaints
    reader.complaints.clear()


def test_what_is_too_wide_is_seen(sits: Sits):
    reader = sits()
    reader.at_width(320)
    reader.goes_to("/")
    reader.page.evaluate(
        "document.querySelector('h1').outerHTML = `<h1 class='gf-nowrap'>${'wide '.repeat(99)}</h1>`"
    )
    assert reader.sideways() != []


def test_the_colours_that_are_chosen_stay_chosen(sits: Sits):
    reader = sits()
    page = reader.goes_to("/")
    with page.expect_response("**/colours"):
        page.get_by_role("button", name="Dark").click()
    assert page.evaluate("document.documentElement.dataset.colorScheme") == "dark"
    reader.goes_to("/sign-in")
    assert page.evaluate("document.documentElement.dataset.colorScheme") == "dark"


def test_the_colours_can_be_chosen_without_scripts(sits: Sits):
    reader = sits(scripts=False)
    page = reader.page
    page.goto(reader.site.address + "/")
    page.get_by_role("button", name="Dark").click()
    assert page.locator("html").get_attribute("data-color-scheme") == "dark"


def test_the_first_step_of_the_keyboard_leads_past_the_frame(sits: Sits):
    page = sits().goes_to("/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_what_is_dark_on_the_screen_is_light_on_paper(sits: Sits):
    reader = sits()
    reader.in_colours("dark")
    page = reader.goes_to("/styleguide")
    page.emulate_media(media="print", color_scheme="dark")
    ground, ink = page.evaluate(
        "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]"
    )
    assert ground == "rgb(255, 255, 255)"
    assert ink == "rgb(0, 0, 0)"
    assert not page.locator(".gf-top").is_visible()
    assert page.get_by_text("The first report is due before the first payment.").first.is_visible()


def test_counting_bulk_choosing_and_the_list_of_sections_follow_the_hand(sits: Sits):
    reader = sits()
    page = reader.goes_to("/styleguide")
    page.locator("#field-idea").fill("Aš 🌲\r\nx")
    assert page.locator("#count-idea").inner_text() == "Characters left: 594"
    page.locator("#field-wrong_idea").fill("Too long")
    assert page.locator("#count-wrong_idea").inner_text() == "Characters too many: 3"
    bar = page.locator("[data-bulk]")
    assert bar.locator("[data-bulk-count]").inner_text() == "Nothing chosen"
    page.locator('input[name="record"]').first.check()
    assert bar.locator("[data-bulk-count]").inner_text() == "Chosen: 1"
    bar.locator("[data-bulk-all]").check()
    assert page.locator('input[name="record"]:checked').count() == 8
    reader.at_width(390)
    reader.goes_to("/styleguide")
    assert page.locator(".gf-sections-fold ol").is_hidden()
    page.locator(".gf-sections-fold summary").click()
    assert page.locator(".gf-sections-fold ol").is_visible()


def test_a_list_follows_the_filters_at_once_and_keeps_the_hand_where_it_is(sits: Sits):
    page = sits("karin.ekblad@demo.invalid").goes_to("/calls/low-carbon-demo/applications")
    page.evaluate("window.same = true")
    state = page.locator(".gf-filters select").first
    state.focus()
    before = page.locator("tbody tr").count()
    state.select_option(index=2)
    page.wait_for_url(lambda address: "?" in address)
    page.wait_for_function("rows => document.querySelectorAll('tbody tr').length !== rows", arg=before)
    assert page.evaluate("window.same") is True
    assert page.evaluate("document.activeElement.tagName") == "SELECT"
