"""Whom the house believes: an address is its owner's, a link works once, and mails lead to this house alone."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import select

from grantflow.domain.actor import SYSTEM
from grantflow.services.people.account import Newcomer, known_by, register_newcomer
from grantflow.store.outbox import OutboxMessage
from grantflow.web import create_app
from tests import cast
from tests.web.applications.conftest import Desk
from tests.web.browsing import Reader
from tests.web.conftest import NOW, Site

PASSWORD, ANOTHER = "correct horse battery", "a staple of another kind"
VICTIM = "ines.expert@example.invalid"


def registered(site: Site, email: str = VICTIM) -> None:
    with site.database.transaction(SYSTEM, NOW) as tx:
        register_newcomer(tx, Newcomer("Ines Expert", email, PASSWORD, "en", "Somebody", "7", "AB", "SE"))


def mailed(site: Site | Desk) -> list[str]:
    """Return the addresses that mails carry, the first first."""
    database = site.database if isinstance(site, Site) else site.fund.database
    with database.reading(SYSTEM, NOW) as tx:
        found = select(OutboxMessage.data).where(OutboxMessage.kind == "account").order_by(OutboxMessage.id)
        return [str(data["link"]) for data in tx.execute(found).scalars()]


def path(link: str) -> str:
    return re.sub(r"^https?://[^/]+", "", link)


def signs_in(reader: Reader, password: str) -> bool:
    answer = reader.post("/sign-in", {"email": VICTIM, "password": password})
    return answer.status_code == 303


def test_whoever_registered_under_a_foreign_address_is_not_taken_for_its_owner(desk: Desk):
    """They wait until the owner is given a seat, and then hold nothing: what opens, opens by mail."""
    thief = desk.reader()
    newcomer: dict[str, Any] = {
        "name": "Ines Expert",
        "email": VICTIM,
        "password": PASSWORD,
        "organisation": "Somebody",
        "identifier": "7",
        "legal_form": "AB",
        "country": "SE",
    }
    assert thief.post("/register", newcomer).status_code == 303
    assert thief.get("/home").status_code == 200
    karin = desk.reader(cast.KARIN)
    seat = {"name": "Ines Expert", "email": VICTIM, "seat": "deputy"}
    answer = karin.post(f"/bodies/{desk.fund.body_id}/seats", seat)
    assert answer.status_code == 303, answer.text

    assert thief.get("/home").status_code == 303, "they are signed out"
    assert not signs_in(thief, PASSWORD)
    [link] = mailed(desk)
    owner = desk.reader()
    assert owner.post(path(link), {"name": "Ines Expert", "password": ANOTHER}).status_code == 303
    assert owner.get("/home").status_code == 200
    assert signs_in(desk.reader(), ANOTHER)
    assert not signs_in(desk.reader(), PASSWORD)

    # Who has come by mail once is known, and keeps their password whatever they are invited to.
    karin.post(f"/bodies/{desk.fund.body_id}/seats", seat)
    assert signs_in(desk.reader(), ANOTHER)


def test_a_link_works_once_and_not_after_the_password_has_changed(site: Site):
    registered(site)
    reader = site.reader()
    first, second, third = (_asked_for(site, reader) for _ in range(3))
    for dead in (first, second):
        assert reader.get(dead).status_code == 404
        assert reader.post(dead, {"password": ANOTHER}).status_code == 404
    assert reader.get(third.replace("/sign-in/new-password/", "/invitations/")).status_code == 404
    assert reader.get(third).status_code == reader.get(third).status_code == 200, "looking uses nothing up"
    assert reader.post(third, {"password": "short"}).status_code == 422, "nor does a slip"
    assert reader.post(third, {"password": ANOTHER}).status_code == 303
    assert site.reader().post(third, {"password": PASSWORD}).status_code == 404

    fourth = _asked_for(site, reader)
    form = {"present_password": ANOTHER, "password": PASSWORD}
    assert reader.post("/account/password", form).status_code == 303
    assert site.reader().post(fourth, {"password": ANOTHER}).status_code == 404, (
        "the owner has decided meanwhile"
    )
    with site.database.reading(SYSTEM, NOW) as tx:
        assert known_by(tx, VICTIM) is not None


def _asked_for(site: Site, reader: Reader) -> str:
    """Ask for a new password; return the page to which the mail leads."""
    before = set(mailed(site))
    assert reader.post("/sign-in/forgotten", {"email": VICTIM}).status_code == 303
    [link] = set(mailed(site)) - before
    return path(link)


def test_mails_carry_the_address_of_the_installation_whatever_a_request_says(site: Site):
    registered(site)
    app = create_app(site.database, now=lambda: NOW, address="https://grants.example", secret_key="k" * 32)
    for headers in (
        {"Host": "elsewhere.invalid"},
        {"X-Forwarded-Host": "elsewhere.invalid"},
        {"Host": "grants.example:1@elsewhere.invalid"},
        {"Forwarded": "host=elsewhere.invalid"},
    ):
        Reader(app).post("/sign-in/forgotten", {"email": VICTIM}, headers=headers)
    links = mailed(site)
    assert links
    assert {link.partition("/sign-in")[0] for link in links} == {"https://grants.example"}


def test_the_answer_does_not_tell_whether_somebody_is_registered(site: Site):
    registered(site)
    answers = []
    for email in (VICTIM, "nobody@example.invalid"):
        reader = site.reader()
        asked = reader.post("/sign-in/forgotten", {"email": email})
        page = reader.get("/sign-in")
        wrong = reader.post("/sign-in", {"email": email, "password": "wrong wrong wrong"})
        plain = re.sub(r'(nonce|value)="[^"]*"', "", wrong.text.replace(email, ""))
        shown = re.sub(r'(nonce|value)="[^"]*"', "", page.text)
        answers.append((asked.status_code, asked.headers["Location"], shown, wrong.status_code, plain))
    assert answers[0] == answers[1]
