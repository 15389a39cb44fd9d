"""A firm on its telephone, and those who grant and pay: with scripts and without, at the width of a telephone."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from grantflow.services.aid.payments import give_account
from tests.browser import live
from tests.browser.live import Reader, Site
from tests.databases import Databases
from tests.services.aid.house import IBAN
from tests.web.aid.office import Office

TELEPHONE = 390
CONFIRMED = "You have confirmed. There is nothing more for you to do."


@pytest.fixture
def office(databases: Databases, tmp_path: Path) -> Iterator[Office]:
    made = Office(databases.fresh("sqlite"), tmp_path)
    yield made
    made.house.close()


@pytest.fixture
def pages(office: Office) -> Iterator[Site]:
    """The pages of the office on a server of their own."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = make_server("127.0.0.1", 0, office.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, name="office", daemon=True)
    thread.start()
    yield Site(f"http://127.0.0.1:{server.server_port}", office.house.database, office.folder)
    server.shutdown()
    thread.join()
    server.server_close()


@contextmanager
def seated(browser: Browser, office: Office, pages: Site, who: str, *, scripts: bool) -> Iterator[Reader]:
    """Let one of the office sit down, signed in, in front of a narrow screen."""
    with live.reader(browser, pages, scripts=scripts) as someone:
        kept = office.reader(who).client.get_cookie("session")
        assert kept is not None
        someone.page.context.add_cookies([{"name": "session", "value": kept.value, "url": pages.address}])
        someone.at_width(TELEPHONE)
        yield someone


def look_over(someone: Reader, *, scripts: bool) -> None:
    """Nothing is wider than the screen, and axe finds nothing."""
    assert someone.sideways() == []
    if scripts:
        assert someone.findings() == []


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_firm_mends_what_is_missing_and_confirms(
    browser: Browser, office: Office, pages: Site, *, scripts: bool
) -> None:
    _, made = office.house.request_of(snickeri="trade_fair")
    line = made["snickeri"]
    with live.reader(browser, pages, scripts=scripts) as firm:
        firm.expected = (422,)
        firm.at_width(TELEPHONE)
        page = firm.goes_to(office.page(line))
        look_over(firm, scripts=scripts)
        page.get_by_label("Your name").fill("Ahmed Nouri")
        if scripts:
            page.reload()
            assert page.get_by_label("Your name").input_value() == "Ahmed Nouri", "nothing typed is lost"
        page.get_by_label("Your role in the firm").fill("Owner")
        page.get_by_label("I am authorised").check()
        page.get_by_label("How many people").fill("31")
        page.get_by_label("Turnover").fill("4 000 000")
        page.get_by_label("Granted on").first.fill("2025-05-05")
        page.get_by_label("Sum", exact=True).first.fill("298 500")
        page.get_by_label("By whom").first.fill("Another agency")
        page.get_by_role("button", name="Confirm", exact=True).click()
        page.get_by_role("alert").wait_for()
        look_over(firm, scripts=scripts)
        assert page.get_by_label("Your name").input_value() == "Ahmed Nouri"
        page.get_by_label("Balance sheet").fill("2 000 000")
        page.get_by_label("I agree that this aid").check()
        page.get_by_role("button", name="Matchmaking").click()
        page.get_by_text(CONFIRMED).wait_for()
        look_over(firm, scripts=scripts)
    assert office.house.state(line) == "cleared"
    assert office.house.line(line).amount == 1_500_00


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_one_grants_and_prepares_one_approves_one_pays(
    browser: Browser, office: Office, pages: Site, *, scripts: bool
) -> None:
    house = office.house
    request, made = house.request_of(limtra="trade_fair", pellets="market_visit")
    for line in made.values():
        house.confirm(line)
    ref = office.ref(request)

    def takes(someone: Reader, page_at: str, step: str, **typed: str) -> None:
        page = someone.goes_to(page_at)
        look_over(someone, scripts=scripts)
        page.get_by_role("link", name=step, exact=True).click()
        page.wait_for_url("**/steps/*")
        look_over(someone, scripts=scripts)
        for label, words in typed.items():
            page.get_by_label(label.replace("_", " ")).fill(words)
        page.locator("main").get_by_role("button", name=step, exact=True).click()
        page.get_by_text("Done:").wait_for()

    with seated(browser, office, pages, "yusuf", scripts=scripts) as yusuf:
        takes(yusuf, f"/applications/{ref}/lines", "Grant the request")
    house.wait(days=60)
    for line in made.values():
        house.prove(line, house.line(line).amount)
    with house.tx("marie") as tx:
        give_account(tx, request, IBAN, "Trä & Fiber Mellansverige")
    with seated(browser, office, pages, "anneli", scripts=scripts) as anneli:
        page = anneli.goes_to(f"/applications/{ref}/lines")
        look_over(anneli, scripts=scripts)
        for box in page.locator('input[name="line"]').all():
            box.check()
        page.get_by_role("button", name="Accept the proofs that are chosen").click()
        page.get_by_text("2 proofs are accepted.").wait_for()
        page.get_by_label("Whom you called").fill("Marie Ulander, 0555-1234")
        page.get_by_role("button", name="Confirm the account").click()
        page.get_by_text("The account is confirmed.").wait_for()
        look_over(anneli, scripts=scripts)
    house.step("marie", request, "claim")
    with seated(browser, office, pages, "yusuf", scripts=scripts) as yusuf:
        takes(yusuf, f"/applications/{ref}/lines", "Accept the claim")
        payment = house.payment(request)
        address = f"/payments/{office.ref(payment.id)}"
        page = yusuf.goes_to(address)
        assert "somebody else has to take this one" in page.inner_text("main")
    with seated(browser, office, pages, "anneli", scripts=scripts) as anneli:
        takes(anneli, address, "Approve the payment")
    with seated(browser, office, pages, "per_olof", scripts=scripts) as finance:
        page = finance.goes_to("/home")
        page.get_by_role("link", name="Payment").first.click()
        takes(finance, address, "Pay", Day_of_the_payment="2027-02-02", Reference_at_the_bank="E-4711")
        page = finance.goes_to(address)
        assert "E-4711" in page.inner_text("main")
    assert house.state(request) == "paid"
