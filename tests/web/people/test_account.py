"""One's own account, the switches of the footer, and the clock of a demo."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from grantflow.domain.actor import SYSTEM
from grantflow.services import clock
from grantflow.store.calls.models import Milestone
from grantflow.store.people.models import User
from grantflow.store.people.signing import SignIn
from grantflow.web import create_app
from tests.web.browsing import Reader
from tests.web.conftest import NOW, Site
from tests.web.people.test_signing_in import EMAIL, PASSWORD, sign_in, somebody

NEW = "a yard full of beams"


def sign_ins(site: Site, person: UUID) -> list[UUID]:
    with site.database.reading(SYSTEM, NOW) as tx:
        rows = tx.execute(select(SignIn.id).where(SignIn.user_id == person, SignIn.ended_at.is_(None)))
        return list(rows.scalars())


def test_one_sees_where_one_is_signed_in_and_ends_it(site: Site):
    person = somebody(site)
    here = site.reader(person)
    (mine,) = sign_ins(site, person)
    there = site.reader(person)
    page = here.text("/account")
    assert page.count('/end"') == 2
    assert page.count("This browser") == 1
    (other,) = set(sign_ins(site, person)) - {mine}
    assert here.post(f"/account/sessions/{other}/end").status_code == 303
    assert there.get("/home").status_code == 303
    assert here.get("/home").status_code == 200
    assert here.post(f"/account/sessions/{mine}/end").location == "/"
    assert here.get("/home").status_code == 303


def test_nobody_ends_the_sign_in_of_somebody_else(site: Site):
    person, other = somebody(site), somebody(site, "hanna@demo.invalid")
    reader, victim = site.reader(person), site.reader(other)
    (theirs,) = sign_ins(site, other)
    assert reader.post(f"/account/sessions/{theirs}/end").status_code == 404
    assert reader.post(f"/account/sessions/{UUID(int=7)}/end").status_code == 404
    assert victim.get("/home").status_code == 200


def test_signing_out_everywhere_means_everywhere(site: Site):
    person = somebody(site)
    readers = [site.reader(person) for _ in range(3)]
    assert readers[0].post("/account/sessions/end-all").status_code == 303
    assert [reader.get("/home").status_code for reader in readers] == [303] * 3


def test_a_changed_password_signs_others_out_and_this_browser_stays(site: Site):
    person = somebody(site)
    here, there = site.reader(person), site.reader(person)
    wrong = here.post("/account/password", {"present_password": "not it at all", "password": "short"})
    assert wrong.status_code == 422
    assert "This is not your present password." in wrong.text
    assert "at least 12 characters" in wrong.text
    assert here.post("/account/password", {"present_password": PASSWORD, "password": NEW}).status_code == 303
    assert here.get("/home").status_code == 200
    assert there.get("/home").status_code == 303
    assert sign_in(site.reader(), password=NEW).status_code == 303


@pytest.mark.parametrize("name", ["", "   ", "x" * 121, "two\nlines", "bell\x07"])
def test_what_is_no_name_is_refused_and_stays_on_the_page(site: Site, name: str):
    person = somebody(site)
    assert site.reader(person).post("/account", {"name": name}).status_code == 422


def test_the_language_is_kept_for_the_browser_and_for_the_person(site: Site, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("grantflow.web.words.LANGUAGES", ("en", "sv"))
    person = somebody(site)
    reader = site.reader(person)
    assert '<html lang="en"' in reader.text("/home")
    assert reader.post("/language", {"language": "sv", "next": "/home"}).location == "/home"
    assert '<html lang="sv"' in reader.text("/home")
    other = site.reader(person)
    other.client.delete_cookie("language")
    assert '<html lang="sv"' in other.text("/home"), "also in another browser of theirs"
    with site.database.reading(SYSTEM, NOW) as tx:
        assert tx.execute(select(User.language).where(User.email == EMAIL)).scalar_one() == "sv"
    assert reader.post("/language", {"language": "tlh"}).status_code == 404


def test_colours_are_kept_by_the_browser(site: Site):
    reader = site.reader()
    assert reader.post("/colours", {"colours": "dark", "next": "https://elsewhere.example"}).location == "/"
    assert 'data-color-scheme="dark"' in reader.text("/")
    assert reader.post("/colours", {"colours": "red"}).status_code == 404


def running_demo(site: Site) -> Reader:
    """Return a visitor of a demo whose clock is kept where all processes read it."""

    def now():
        with site.database.reading(SYSTEM, NOW) as tx:
            return clock.shown(tx, NOW)

    return Reader(create_app(site.database, demo=True, now=now, wall=lambda: NOW))


def test_the_bar_moves_the_clock_to_the_next_date_and_says_so_in_the_history(demo_site: Site):
    demo_site.call("low-carbon", "Low carbon")
    reader = running_demo(demo_site)
    page = reader.text("/sign-in")
    assert "Today is" in page
    assert "Forward to 22 December 2026 (Submission deadline)" in page
    answer = reader.post("/demo/clock", {"next": "/sign-in"})
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    later = reader.text("/sign-in")
    assert "The clock moved forward." in later
    assert "(Decision expected)" in later
    with demo_site.database.reading(SYSTEM, NOW) as tx:
        assert clock.shown(tx, NOW) == NOW + timedelta(days=30)
        assert list(tx.execute(select(Milestone.kind)).scalars()) == ["clock_moved"]


@pytest.mark.parametrize("to", ["2020-01-01T00:00:00.000000Z", "yesterday", "", "9999-99-99T00:00:00Z"])
def test_the_clock_never_goes_back(demo_site: Site, to: str):
    demo_site.call("low-carbon", "Low carbon")
    reader = running_demo(demo_site)
    assert reader.post("/demo/clock", {"to": to}).status_code == 303
    with demo_site.database.reading(SYSTEM, NOW) as tx:
        assert clock.shown(tx, NOW) == NOW + timedelta(days=30), "it went to the next date instead"


def test_the_clock_moves_to_the_evening_of_a_day_that_somebody_names(demo_site: Site):
    reader, clock_shows = demo_site.reader(), NOW.replace(hour=17) + timedelta(days=9)
    answer = reader.post("/demo/clock", {"day": f"{clock_shows:%Y-%m-%d}", "zone": "UTC"})
    assert answer.status_code == 303
    with demo_site.database.reading(SYSTEM, NOW) as tx:
        assert clock.shown(tx, NOW) == clock_shows


@pytest.mark.parametrize("day", ["2026-11-21", "2028-11-22", "soon", ""])
def test_a_day_that_is_not_ahead_or_far_away_moves_nothing(demo_site: Site, day: str):
    reader = demo_site.reader()
    reader.post("/demo/clock", {"day": day, "zone": "../nowhere"})
    assert "Give a day ahead, at most a year from today" in reader.text("/")
    with demo_site.database.reading(SYSTEM, NOW) as tx:
        assert clock.shown(tx, NOW) == NOW


def test_where_no_date_is_ahead_the_clock_stays(demo_site: Site):
    reader = running_demo(demo_site)
    assert reader.post("/demo/clock").status_code == 303
    assert "There is no date ahead" in reader.text("/sign-in")


def test_outside_a_demo_nobody_moves_the_clock(site: Site):
    assert site.reader().post("/demo/clock").status_code == 404
    assert "gf-demo" not in site.text("/sign-in")
