"""One's own account: how one is written to."""

from __future__ import annotations

from sqlalchemy import insert

from grantflow.domain.actor import SYSTEM
from grantflow.services import bounces
from grantflow.services.people.writing_to import wish_of
from grantflow.store.outbox import OutboxMessage
from grantflow.store.people.wishes import Wish
from tests.web.conftest import NOW, Site
from tests.web.house import words
from tests.web.people.test_signing_in import EMAIL, somebody


def test_one_chooses_what_comes_once_a_day_and_when(site: Site):
    person = somebody(site)
    reader = site.reader(person)
    page = reader.text("/account/mail")
    assert "always comes at once" in words(page)
    sent = {"daily": ["calls", "work"], "hour": "6", "zone": "Europe/Vilnius"}
    assert reader.post("/account/mail", sent).status_code == 303
    with site.database.reading(SYSTEM, NOW) as tx:
        wish = wish_of(tx, person)
    assert wish == Wish(frozenset({"calls", "work"}), 6, "Europe/Vilnius")
    assert reader.text("/account/mail").count("checked") == 2

    refused = reader.post("/account/mail", {"daily": "all", "hour": "25", "zone": "Mars"})
    assert refused.status_code == 422
    assert "Choose a time zone." in words(refused.text)
    assert reader.post("/account/mail", {"hour": "6", "zone": "UTC"}).status_code == 303
    with site.database.reading(SYSTEM, NOW) as tx:
        assert wish_of(tx, person).daily == frozenset()


def test_whom_mails_do_not_reach_is_told_at_home_and_says_when_it_works(site: Site):
    person = somebody(site)
    reader = site.reader(person)
    assert "have not arrived" not in reader.text("/home")
    with site.database.transaction(SYSTEM, NOW) as tx:
        message = tx.new_id()
        tx.execute(
            insert(OutboxMessage).values(
                id=message, kind="account", template="password_link", data={}, at=NOW, attempts=1
            )
        )
        bounces.note(tx, message, person, EMAIL, "550 5.1.1 User unknown")
    assert f"Mails to {EMAIL} have not arrived since 22 November 2026." in words(reader.text("/home"))
    assert "550 5.1.1 User unknown" in words(reader.text("/account/mail"))

    assert reader.post("/account/mail/works").status_code == 303
    assert "have not arrived" not in reader.text("/home")
