"""Sign-in that expires in mid-sentence brings the text back, and nothing is done before it is sent again."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from grantflow.domain.actor import SYSTEM
from grantflow.store.people.models import User
from grantflow.store.people.signing import KeptForm
from grantflow.web import create_app
from tests.web.browsing import Reader
from tests.web.conftest import NOW, Site
from tests.web.people.test_signing_in import EMAIL, sign_in, somebody

HERE = {"Origin": "http://localhost"}


def between(text: str, before: str, after: str) -> str:
    return text.partition(before)[2].partition(after)[0]


def name_of(site: Site) -> str:
    with site.database.reading(SYSTEM, NOW) as tx:
        return str(tx.execute(select(User.name).where(User.email == EMAIL)).scalar_one())


def carried(page: str) -> dict[str, str]:
    from html import unescape

    return {name: unescape(between(page, f'name="{name}" value="', '"')) for name in ("next", "words")}


def test_what_was_typed_comes_back_after_signing_in_again(site: Site):
    somebody(site)
    clock = [NOW]
    app = create_app(site.database, now=lambda: clock[0])
    reader = Reader(app)
    sign_in(reader)
    clock[0] += timedelta(hours=13)
    answer = reader.post("/account", {"name": "Leif Åslund “the heat”"}, headers=HERE)
    assert answer.status_code == 401
    assert "your words come back to the page" in answer.text
    words = carried(answer.text)
    assert words["next"] == "/account"

    wrong = sign_in(reader, password="forgotten", **words)
    assert carried(wrong.text) == words, "also over a mistyped password"
    again = sign_in(reader, **words)
    assert again.status_code == 303
    assert again.location.startswith("/account?kept=")
    page = reader.text(again.location)
    assert 'value="Leif Åslund “the heat”"' in page
    assert "You were signed out while you wrote" in page
    assert name_of(site) == "Leif Åslund", "nothing is done before they look at it"
    assert reader.post("/account", {"name": "Leif Åslund “the heat”"}).status_code == 303
    assert name_of(site) == "Leif Åslund “the heat”"


def test_words_come_back_to_nobody_else_and_to_no_other_page(site: Site):
    somebody(site)
    other = somebody(site, "hanna@demo.invalid")
    reader = site.reader()
    answer = reader.post("/account", {"name": "Mine alone"}, headers=HERE)
    kept = sign_in(reader, **carried(answer.text)).location
    assert "Mine alone" in reader.text(kept)
    assert "Mine alone" not in site.reader(other).text(kept)
    assert "Mine alone" not in reader.text(kept.replace("/account", "/home"))
    assert "Mine alone" not in site.reader().get(kept).text


def test_passwords_and_files_are_never_kept(site: Site):
    somebody(site)
    reader = site.reader()
    answer = reader.post(
        "/account/password", {"present_password": "secret one", "password": "secret two"}, headers=HERE
    )
    assert answer.status_code == 401
    assert "secret" not in answer.text


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}, {}]
)
def test_what_a_page_of_others_sends_is_not_carried_along(site: Site, headers: dict[str, str]):
    answer = site.reader().post("/account", {"name": "Planted"}, headers=headers)
    assert answer.status_code == 303
    assert "Planted" not in site.reader().get(answer.location).text


def test_a_page_that_was_open_since_an_earlier_sign_in_keeps_its_words(site: Site):
    person = somebody(site)
    reader = site.reader(person)
    data = {"name": "Typed before", "csrf_token": "of the session before"}
    answer = reader.client.post("/account", data=data, headers=HERE)
    assert answer.status_code == 422
    assert 'value="Typed before"' in answer.text
    assert name_of(site) == "Leif Åslund"
    forged = reader.client.post("/account", data=data, headers={"Origin": "https://elsewhere.example"})
    assert forged.status_code == 400
    assert reader.client.post("/sign-out", data={}, headers=HERE).status_code == 400


@pytest.mark.parametrize("words", ["", "x", "&", "=&&;", "a=1&" * 2000, "[" * 5000, "x" * 450_000])
def test_words_that_are_none_are_nothing(site: Site, words: str):
    somebody(site)
    answer = sign_in(site.reader(), next="/account", words=words)
    assert (answer.status_code, answer.location) == (303, "/account")


def test_words_are_forgotten_after_an_hour(site: Site):
    somebody(site)
    clock = [NOW]
    app = create_app(site.database, now=lambda: clock[0])
    reader = Reader(app)
    answer = reader.post("/account", {"name": "Old words"}, headers=HERE)
    kept = sign_in(reader, **carried(answer.text)).location
    clock[0] += timedelta(minutes=61)
    assert "Old words" not in reader.text(kept)
    sign_in(reader, **carried(reader.post("/account", {"name": "x"}, headers=HERE).text) or {})
    with site.database.reading(SYSTEM, NOW) as tx:
        assert tx.execute(select(func.count()).select_from(KeptForm)).scalar() == 1


def test_saving_by_itself_is_told_plainly_that_one_is_signed_out(site: Site):
    answer = site.reader().post("/account", {"name": "x"}, headers={"Accept": "application/json"})
    assert answer.status_code == 401
    assert answer.get_json()["signed_in"] is False


def test_a_page_whose_form_cannot_come_back_shows_the_words(site: Site):
    person = somebody(site)
    with site.database.transaction(SYSTEM, NOW) as tx:
        from grantflow.services.people.kept import keep_form

        kept = keep_form(tx, person, "/home", [("text", "A long thought")])
    page = site.reader(person).text(f"/home?kept={kept}")
    assert "A long thought" in page
