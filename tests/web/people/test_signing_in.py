"""Signing in and out: with a password, as one of the cast, and only as oneself."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from grantflow.domain.actor import SYSTEM
from grantflow.services.people import account
from grantflow.services.people.registering import register_person
from grantflow.services.people.sessions import Limits
from grantflow.store.people.signing import SignIn, Tries
from grantflow.web import create_app
from tests.web.browsing import Reader
from tests.web.conftest import NOW, Site

PASSWORD = "three heavy planks"
EMAIL = "leif@demo.invalid"


def somebody(site: Site, email: str = EMAIL, password: str | None = PASSWORD) -> UUID:
    with site.database.transaction(SYSTEM, NOW) as tx:
        person = register_person(tx, email, "Leif Åslund")
        if password:
            account.set_password(tx, person, password)
    return person


def sign_in(reader: Reader, email: str = EMAIL, password: str = PASSWORD, **more: str):
    return reader.post("/sign-in", {"email": email, "password": password, **more})


def test_an_address_and_a_password_let_in_and_lead_home(site: Site):
    somebody(site)
    reader = site.reader()
    answer = sign_in(reader, email=f" {EMAIL.upper()} ")
    assert (answer.status_code, answer.location) == (303, "/home")
    assert "Leif Åslund" in reader.text("/home")


@pytest.mark.parametrize(
    ("email", "password"),
    [(EMAIL, "three heavy plank"), ("nobody@demo.invalid", PASSWORD), (EMAIL, ""), ("", "")],
)
def test_what_is_wrong_is_answered_alike(site: Site, email: str, password: str):
    somebody(site)
    reader = site.reader()
    answer = sign_in(reader, email, password)
    assert answer.status_code == 422
    assert "The e-mail address or the password is not right." in answer.text
    assert reader.get("/home").status_code == 303


def test_whoever_has_no_password_yet_cannot_sign_in_with_one(site: Site):
    somebody(site, password=None)
    assert sign_in(site.reader(), password="").status_code == 422


def test_visitors_go_to_the_sign_in_and_then_on(site: Site):
    somebody(site)
    reader = site.reader()
    answer = reader.get("/account/password?from=here")
    assert answer.location == "/sign-in?next=/account/password?from%3Dhere"
    assert 'name="next" value="/account/password?from=here"' in reader.text(answer.location)
    assert sign_in(reader, next="/account/password?from=here").location == "/account/password?from=here"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://elsewhere.example/",
        "//elsewhere.example",
        "/\\elsewhere.example",
        "elsewhere",
        "/\n/x",
        "javascript:1",
    ],
)
def test_nobody_is_led_out_of_the_house(site: Site, elsewhere: str):
    somebody(site)
    page = site.reader().get("/sign-in", query_string={"next": elsewhere}).text
    assert 'name="next" value=""' in page
    assert sign_in(site.reader(), next=elsewhere).location == "/home"


def test_a_form_without_its_token_is_not_taken(site: Site):
    somebody(site)
    answer = site.client.post("/sign-in", data={"email": EMAIL, "password": PASSWORD})
    assert answer.status_code == 400


def test_the_token_in_the_cookie_is_new_at_each_sign_in_and_lies_nowhere_else(site: Site):
    somebody(site)
    reader = site.reader()
    tokens = []
    for _ in range(2):
        sign_in(reader)
        with reader.client.session_transaction() as kept:
            tokens.append(kept["_user_id"])
    assert tokens[0] != tokens[1]
    with site.database.reading(SYSTEM, NOW) as tx:
        rows = tx.execute(select(SignIn.token_hash, SignIn.ended_at).order_by(SignIn.id)).all()
    assert not {row.token_hash for row in rows} & set(tokens)
    assert sorted(row.ended_at is None for row in rows) == [False, True], (
        "the earlier one is worth nothing now"
    )


def test_signing_out_ends_it_on_the_side_of_the_house(site: Site):
    somebody(site)
    reader, thief = site.reader(), site.reader()
    sign_in(reader)
    with reader.client.session_transaction() as kept:
        token = kept["_user_id"]
    assert reader.post("/sign-out").status_code == 303
    with thief.client.session_transaction() as kept:
        kept["_user_id"] = token
    assert thief.get("/home").status_code == 303


@pytest.mark.parametrize(("later", "signed_in"), [(29, True), (30, False)])
def test_who_stands_idle_is_signed_out(site: Site, later: int, signed_in: bool):
    somebody(site)
    clock = [NOW]
    app = create_app(site.database, now=lambda: clock[0], limits=Limits(idle_minutes=30, hours=1))
    reader = Reader(app)
    sign_in(reader)
    clock[0] += timedelta(minutes=later)
    assert (reader.get("/home").status_code == 200) is signed_in


def test_a_sign_of_life_is_noted_after_the_answer_and_age_ends_it_all_the_same(site: Site):
    somebody(site)
    clock = [NOW]
    app = create_app(site.database, now=lambda: clock[0], limits=Limits(idle_minutes=30, hours=1))
    reader = Reader(app)
    sign_in(reader)
    for _ in range(2):
        clock[0] += timedelta(minutes=25)
        assert reader.get("/home").status_code == 200
    clock[0] += timedelta(minutes=10)
    assert reader.get("/home").status_code == 303


def test_ten_tries_at_an_address_and_the_house_waits_in_every_process(site: Site):
    somebody(site)
    other_process = create_app(site.database, now=lambda: NOW, limits=Limits(tries=4))
    one_process = create_app(site.database, now=lambda: NOW, limits=Limits(tries=4))
    for app in (one_process, other_process) * 2:
        assert sign_in(Reader(app), password="guessed").status_code == 422
    for app in (one_process, other_process):
        answer = sign_in(Reader(app))
        assert answer.status_code == 429, "not even with the right one"
        assert "Wait a quarter of an hour" in answer.text
    with site.database.reading(SYSTEM, NOW) as tx:
        assert EMAIL not in str(tx.execute(select(Tries.key)).all())
    later = create_app(site.database, now=lambda: NOW + timedelta(minutes=16), limits=Limits(tries=4))
    assert sign_in(Reader(later)).status_code == 303


def test_tries_are_counted_by_network_too(site: Site):
    app = create_app(site.database, now=lambda: NOW, limits=Limits(tries_network=3))
    for number in range(3):
        assert sign_in(Reader(app), email=f"a{number}@demo.invalid").status_code == 422
    assert sign_in(Reader(app), email="b@demo.invalid").status_code == 429
    elsewhere = Reader(app)
    data = {"email": "c@demo.invalid", "password": "x", "csrf_token": elsewhere.token()}
    there = elsewhere.client.post("/sign-in", data=data, environ_overrides={"REMOTE_ADDR": "192.0.2.7"})
    assert there.status_code == 422


def test_who_signs_in_rightly_uses_up_no_tries(site: Site):
    somebody(site)
    app = create_app(site.database, now=lambda: NOW, limits=Limits(tries=2))
    for _ in range(5):
        assert sign_in(Reader(app)).status_code == 303


def test_in_a_demo_one_button_is_enough(demo_site: Site):
    somebody(demo_site, "karin.ekblad@demo.invalid", None)
    reader = demo_site.reader()
    page = reader.text("/sign-in")
    assert 'name="person" value="karin.ekblad@demo.invalid"' in page
    answer = reader.post("/sign-in/demo", {"person": "karin.ekblad@demo.invalid"})
    assert (answer.status_code, answer.location) == (303, "/home")
    assert reader.get("/home").status_code == 200


@pytest.mark.parametrize("person", ["nobody@demo.invalid", "leif@example.org", "", "x" * 5000])
def test_the_buttons_let_in_nobody_else(demo_site: Site, person: str):
    somebody(demo_site, "leif@example.org")
    reader = demo_site.reader()
    assert reader.post("/sign-in/demo", {"person": person}).status_code == 404
    with demo_site.database.reading(SYSTEM, NOW) as tx:
        assert tx.execute(select(func.count()).select_from(SignIn)).scalar() == 0


def test_outside_a_demo_the_buttons_are_not_there(site: Site):
    somebody(site)
    assert site.reader().post("/sign-in/demo", {"person": EMAIL}).status_code == 404
    assert "/sign-in/demo" not in site.text("/sign-in")


@pytest.mark.parametrize("address", ["/sign-in", "/sign-in/forgotten", "/register"])
def test_a_character_that_no_text_takes_is_refused_at_the_door(site: Site, address: str):
    reader = site.reader()
    assert reader.post(address, {"email": "leif\0@demo.invalid", "password": PASSWORD}).status_code == 400
    assert reader.get("/sign-in?next=/%00").status_code == 400
    assert reader.get("/invitations/%00").status_code == 404


def test_a_story_of_the_demo_begins_with_one_button_on_the_first_page(demo_site: Site):
    assert "stories to click through" not in demo_site.text("/"), "nobody is there who could play one"
    somebody(demo_site, "yasmin.ali@demo.invalid", None)
    page = demo_site.text("/")
    assert "Finish an application" in page
    assert "Publish the next call" not in page
    begun = demo_site.reader().post("/sign-in/demo", {"person": "yasmin.ali@demo.invalid", "next": "/home"})
    assert (begun.status_code, begun.location) == (303, "/home")


def test_the_cast_stands_by_sides_those_of_the_stories_first(demo_site: Site):
    for email in ("leif.aslund@demo.invalid", "karin.ekblad@demo.invalid"):
        somebody(demo_site, email, None)
    page = demo_site.text("/sign-in")
    first, others = page.index("the stories on the first page begin"), page.index("People of the lab")
    assert first < page.index("karin.ekblad@") < others < page.index("leif.aslund@")
