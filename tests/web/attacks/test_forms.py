"""What no browser of ours sends: signs that no database takes, forms of old pages, of other houses, twice at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from grantflow.domain.actor import SYSTEM
from grantflow.services.people.account import Newcomer, register_newcomer
from grantflow.store.cases import CaseRow
from grantflow.store.people.models import User
from grantflow.store.tables import metadata
from tests import cast
from tests.web.applications.conftest import Desk, hidden
from tests.web.browsing import Reader
from tests.web.conftest import NOW, Site

NOWHERE = {
    "ref": "X-1",
    "slug": "x",
    "token": "x",
    "transition": "x",
    "section": "x",
    "name": "x",
    "lifecycle": "x",
    "scheme": "x",
    "version": 1,
}
SOME_ID = "00000000-0000-4000-8000-000000000007"
OLD = {"Origin": "http://localhost"}
"""What a browser says of a form that stands on a page of ours, however old that page is."""


def writing(app: Flask) -> Iterator[str]:
    """Yield an address for every route that takes a form."""
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or ()):
            given = {name: NOWHERE.get(name, SOME_ID) for name in rule.arguments}
            yield rule.build(given, append_unknown=False)[1]  # type: ignore[index]  # it has what it needs


def test_no_form_is_taken_without_the_token_of_its_own_browser(desk: Desk):
    leif, stranger = desk.reader(cast.LEIF), desk.reader()
    addresses = list(writing(desk.app))
    assert len(addresses) > 40
    for address in addresses:
        for reader in (leif, stranger):
            for headers in (
                {"Origin": "http://elsewhere.invalid"},
                {"Origin": "null"},
                {"Sec-Fetch-Site": "cross-site"},
                {"Referer": "http://elsewhere.invalid/"},
                {"Content-Type": "application/json"},
                {},
            ):
                answer = reader.client.post(
                    address, data={"csrf_token": leif.token()[:-2] + "xx"}, headers=headers
                )
                assert answer.status_code in (303, 400, 401, 404), (address, headers)
                if answer.status_code == 303:
                    assert answer.headers["Location"].startswith("/sign-in"), (address, headers)


def test_a_form_of_an_old_page_is_shown_again_and_does_nothing(desk: Desk, begun: str):
    leif = desk.reader(cast.LEIF)
    slug = desk.fund.plan.slug
    before = _rows(desk)
    for address in (
        *writing(desk.app),
        *(f"/applications/{begun}/{each}" for each in ("form/project", "send", "save")),
        f"/records/{begun}/steps/withdraw",
        f"/calls/{slug}/apply",
        f"/calls/{slug}/rehearsal",
    ):
        form = {
            "title": "Night heat",
            "section": "project",
            "password": "a very long password",
            "name": "Leif",
        }
        answer = leif.client.post(address, data=form, headers=OLD)
        assert answer.status_code < 500, address
        assert "a very long password" not in answer.text
    assert _rows(desk) == before
    assert leif.get("/account").status_code == 200, "and they are still signed in"


def _rows(desk: Desk) -> dict[str, list[str]]:
    """Return what stands in the tables, but for what is noted of refusals."""
    with desk.fund.reading() as tx:
        return {
            name: sorted(str(row) for row in tx.execute(select(table)))
            for name, table in metadata.tables.items()
            if name != "gf_refusal"
        }


def test_no_sign_that_no_keyboard_has_comes_further_than_the_door(desk: Desk, begun: str):
    leif = desk.reader(cast.LEIF)
    slug = desk.fund.plan.slug
    for address in (
        f"/applications/{begun}/form/project",
        f"/applications/{begun}/save",
        f"/calls/{slug}/apply",
        f"/records/{begun}/steps/withdraw",
        *("/account", "/account/password", "/sign-in", "/register", "/sign-in/forgotten", "/language"),
    ):
        for form in ({"title": "a\0b"}, {"a\0b": "c"}):
            assert leif.post(address, form).status_code == 400, address
        answer = leif.client.post(address, data=b"title=%00&x=%ed%a0%80", content_type="text/html")
        assert answer.status_code in (400, 404), address


def test_words_that_wait_behind_a_sign_in_are_looked_through_too(demo_site: Site):
    with demo_site.database.transaction(SYSTEM, NOW) as tx:
        newcomer = Newcomer(
            "Ada Svala", "ada@demo.invalid", "correct horse battery", "en", "Svala", "7", "AB", "SE"
        )
        register_newcomer(tx, newcomer)
    for words in ("name=%00x", "name=%ED%A0%80", "a" * 399_000 + "=b", "&".join(["a=b"] * 900), "=", "&&&"):
        reader = demo_site.reader()
        form = {"email": newcomer.email, "password": newcomer.password, "next": "/account", "words": words}
        answer = reader.post("/sign-in", form)
        assert answer.status_code in (303, 413), words[:20]
        if answer.status_code == 303:
            assert reader.get(answer.headers["Location"]).status_code == 200, words[:20]


@pytest.mark.parametrize("number", ["9" * 18, "9" * 400, "9" * 5000, "-1", "1e9", "٣", "0x1", "+5", "1_000"])
def test_no_number_is_too_large_for_a_form(desk: Desk, begun: str, number: str):
    leif = desk.reader(cast.LEIF)
    sections: dict[str, dict[str, Any]] = {
        "project": {"actions": [number, "1"], "title": "Heat"},
        "plan": {"months": number, "starts": number},
        "budget": {"costs.staff": number, "asked": number, f"costs.{number[:50]}": "1"},
        "partners": {f"partners.{number[:3]}.name": "X", f"partners.{number}.number": "X"},
    }
    for section, form in sections.items():
        page = leif.get(f"/applications/{begun}/form/{section}")
        if page.status_code != 200:
            continue
        answer = leif.post(
            f"/applications/{begun}/form/{section}", {"seen": hidden(page.text, "seen"), **form}
        )
        assert answer.status_code in (303, 422), section
        assert leif.get(f"/applications/{begun}/form/{section}").status_code == 200
    assert leif.post(f"/applications/{begun}/send", {"revision": number}).status_code == 422
    karin = desk.reader(cast.KARIN)
    call = f"/records/{_ref_of_call(desk)}/steps"
    for step in _steps(desk):
        page = karin.get(f"{call}/{step}")
        if page.status_code != 200:
            continue
        names = re.findall(r'<(?:input|textarea|select)[^>]* name="([\w.-]+)"', page.text)
        wrong = dict.fromkeys(set(names) - {"csrf_token", "revision"}, number)
        assert karin.post(f"{call}/{step}", {**wrong, "revision": "0"}).status_code in (422, 404), step
    assert karin.post(f"/calls/{desk.fund.plan.slug}/rehearsal", {"applications": number}).status_code == 422


def _ref_of_call(desk: Desk) -> str:
    return desk.ref(desk.fund.call_id)


def _steps(desk: Desk) -> list[str]:
    lifecycle = desk.fund.database.engine.compiled("challenge_driven", 1).scheme.lifecycles["call"]
    return sorted({row.name for row in lifecycle.rows})


def test_a_form_sent_twice_at_once_makes_one_thing(desk: Desk):
    """Two presses of the button, two processes: one application, and both lead to it."""
    leif = desk.reader(cast.LEIF)
    slug = desk.fund.plan.slug
    page = leif.text(f"/calls/{slug}/apply")
    organisation = str(desk.fund.organisations[str(cast.LEIF.organisation)])
    form = {"once": hidden(page, "once"), "organisation": organisation, "csrf_token": leif.token()}
    cookie = leif.client.get_cookie("session")
    assert cookie is not None

    def press(_: int) -> str | None:
        browser = desk.app.test_client()
        browser.set_cookie("session", cookie.value)
        return browser.post(f"/calls/{slug}/apply", data=form).headers.get("Location")

    with ThreadPoolExecutor(4) as pool:
        led = set(pool.map(press, range(4)))
    with desk.fund.reading() as tx:
        [ref] = tx.execute(select(CaseRow.ref).where(CaseRow.record == "application")).scalars()
    assert led == {f"/applications/{ref}/form"}


def test_two_who_register_one_address_at_once_are_one(site: Site):
    form = {
        "name": "Ada Svala",
        "email": "ada@example.invalid",
        "password": "correct horse battery",
        "organisation": "Svala",
        "identifier": "7",
        "legal_form": "AB",
        "country": "SE",
    }

    def register(_: int) -> int:
        return site.reader().post("/register", form).status_code

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(register, range(4)))
    assert answers == [303, 422, 422, 422]
    with site.database.reading(SYSTEM, NOW) as tx:
        assert tx.execute(select(func.count()).select_from(User)).scalar_one() == 1


def test_a_new_sign_in_takes_a_new_cookie_and_the_old_one_ends(demo_site: Site):
    with demo_site.database.transaction(SYSTEM, NOW) as tx:
        newcomer = Newcomer(
            "Ada Svala", "ada@demo.invalid", "correct horse battery", "en", "Svala", "7", "AB", "SE"
        )
        register_newcomer(tx, newcomer)
    reader = demo_site.reader()
    reader.get("/sign-in")
    form = {"email": newcomer.email, "password": newcomer.password}
    reader.post("/sign-in", form)
    first = reader.client.get_cookie("session")
    assert first is not None
    with reader.client.session_transaction() as kept:
        token = kept.get("csrf_token", None)
    reader.post("/sign-in", form)
    with reader.client.session_transaction() as kept:
        assert kept.get("csrf_token") != token or token is None
    thief = Reader(demo_site.app)
    thief.client.set_cookie("session", first.value)
    assert thief.get("/account").status_code == 303
    reader.post("/sign-out")
    assert reader.get("/account").status_code == 303
