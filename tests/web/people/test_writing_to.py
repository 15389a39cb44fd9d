"""One's own account: how one is written to."""

from __future__ import annotations

from grantflow.domain.actor import SYSTEM
from grantflow.services.people.writing_to import wish_of
from tests.web.conftest import NOW, Site
from tests.web.house import words
from tests.web.people.test_signing_in import somebody


def test_one_chooses_what_comes_once_a_day_and_when(site: Site):
    person = somebody(site)
    reader = site.reader(person)
    page = reader.text("/account/mail")
    assert "always comes at once" in words(page)
    sent = {"daily": ["calls", "work"], "hour": "6", "zone": "Europe/Vilnius"}
    assert reader.post("/account/mail", sent).status_code == 303
    with site.database.reading(SYSTEM, NOW) as tx:
        wish = wish_of(tx, person)
    assert (wish.daily, wish.hour, wish.zone) == ({"calls", "work"}, 6, "Europe/Vilnius")
    assert reader.text("/account/mail").count("checked") == 2

    refused = reader.post("/account/mail", {"daily": "all", "hour": "25", "zone": "Mars"})
    assert refused.status_code == 422
    assert "Choose a time zone." in words(refused.text)
    assert reader.post("/account/mail", {"hour": "6", "zone": "UTC"}).status_code == 303
    with site.database.reading(SYSTEM, NOW) as tx:
        assert wish_of(tx, person).daily == frozenset()
