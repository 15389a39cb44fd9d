"""Links in mails: a new password for whoever forgot theirs, and the way in for whoever is invited."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from grantflow.domain.actor import SYSTEM
from grantflow.services import post
from grantflow.services.people.inviting import invite
from grantflow.store.outbox import OutboxMessage
from grantflow.store.people.models import User
from grantflow.store.people.signing import MailedLink
from grantflow.web import create_app
from tests.web.browsing import Reader
from tests.web.conftest import NOW, Site
from tests.web.people.test_signing_in import EMAIL, PASSWORD, sign_in, somebody

NEW = "a yard full of beams"


def links(site: Site) -> list[str]:
    """Return the addresses that wait in mails, without the house's own."""
    with site.database.reading(SYSTEM, NOW) as tx:
        rows = tx.execute(select(OutboxMessage.data).order_by(OutboxMessage.id)).scalars()
        return [data["link"].partition("://")[2].partition("/")[2] for data in rows if "link" in data]


def test_whoever_forgot_their_password_chooses_a_new_one(site: Site):
    person = somebody(site)
    elsewhere = site.reader(person)
    reader = site.reader()
    assert reader.post("/sign-in/forgotten", {"email": EMAIL}).status_code == 303
    (link,) = links(site)
    assert EMAIL in reader.text(f"/{link}")
    assert reader.post(f"/{link}", {"password": NEW}).location == "/home"
    assert reader.get("/home").status_code == 200
    assert elsewhere.get("/home").status_code == 303, "all other sign-ins are over"
    assert sign_in(site.reader()).status_code == 422
    assert sign_in(site.reader(), password=NEW).status_code == 303
    assert reader.get(f"/{link}").status_code == 404, "it works once"
    assert reader.post(f"/{link}", {"password": "another one altogether"}).status_code == 404


def test_the_answer_is_the_same_where_nobody_is_registered(site: Site):
    somebody(site)
    answers = []
    for email in (EMAIL, "nobody@demo.invalid"):
        reader = site.reader()
        answer = reader.post("/sign-in/forgotten", {"email": email})
        answers.append(
            (answer.status_code, answer.location, "a mail is on its way" in reader.text(answer.location))
        )
    assert answers[0] == answers[1] == (303, "/sign-in", True)
    assert len(links(site)) == 1


def test_a_later_link_and_time_end_the_earlier(site: Site):
    somebody(site)
    for _ in range(2):
        site.reader().post("/sign-in/forgotten", {"email": EMAIL})
    statuses = {link: site.reader().get(f"/{link}").status_code for link in links(site)}
    assert sorted(statuses.values()) == [200, 404]
    (works,) = (link for link, status in statuses.items() if status == 200)
    later = create_app(site.database, now=lambda: NOW + timedelta(hours=2))
    assert Reader(later).get(f"/{works}").status_code == 404


@pytest.mark.parametrize("password", ["short", "x" * 20, EMAIL, "", "y" * 2000])
def test_a_password_that_is_guessed_at_once_is_refused_and_the_link_stays(site: Site, password: str):
    somebody(site)
    site.reader().post("/sign-in/forgotten", {"email": EMAIL})
    (link,) = links(site)
    answer = site.reader().post(f"/{link}", {"password": password})
    assert answer.status_code == 422
    assert 'name="password" value=""' in answer.text
    assert site.reader().get(f"/{link}").status_code == 200


def test_the_token_lies_in_the_database_as_a_hash_and_in_the_mail_until_it_has_left(site: Site):
    somebody(site)
    site.reader().post("/sign-in/forgotten", {"email": EMAIL})
    (link,) = links(site)
    token = link.rpartition("/")[2]
    with site.database.transaction(SYSTEM, NOW) as tx:
        assert token not in str(tx.execute(select(MailedLink.token_hash)).all())
        (message,) = post.waiting(tx)
        parcel = post.compose(tx, message)
        assert parcel is not None
        (envelope,) = parcel.envelopes({})
        assert token in envelope.text
        assert envelope.to_address == EMAIL
        post.mark_gone(tx, parcel, {}, folder=None)  # type: ignore[arg-type]  # there is no paper to file
        assert token not in str(tx.execute(select(OutboxMessage.data)).all())


def test_asking_too_often_is_throttled(site: Site):
    somebody(site)
    statuses = [site.reader().post("/sign-in/forgotten", {"email": EMAIL}).status_code for _ in range(12)]
    assert statuses[0] == 303
    assert statuses[-1] == 429


def invited(site: Site, email: str = "birgit@demo.invalid", leads_to: str = "/account") -> UUID:
    with site.database.transaction(SYSTEM, NOW) as tx:
        return invite(
            tx,
            email,
            "Birgit Aune",
            language="en",
            page="https://grants.example/invitations",
            leads_to=leads_to,
            wall=NOW,
        )


def test_who_is_invited_chooses_name_and_password_and_finds_what_waits(site: Site):
    invited(site)
    (link,) = links(site)
    reader = site.reader()
    assert "Welcome, Birgit Aune." in reader.text(f"/{link}")
    answer = reader.post(f"/{link}", {"name": "Birgit M. Aune", "password": NEW})
    assert (answer.status_code, answer.location) == (303, "/account")
    assert "Birgit M. Aune" in reader.text("/home")
    assert sign_in(site.reader(), email="birgit@demo.invalid", password=NEW).status_code == 303


def test_who_is_known_comes_in_by_the_mail_and_keeps_their_password(site: Site):
    somebody(site)
    site.reader().post("/sign-in/forgotten", {"email": EMAIL})
    (first,) = links(site)
    site.reader().post(f"/{first}", {"password": PASSWORD})  # the address is theirs: they came by it
    assert invited(site, EMAIL) is not None
    (link,) = set(links(site)) - {first}
    reader = site.reader()
    assert 'type="password"' not in reader.text(f"/{link}")
    assert reader.post(f"/{link}", {"password": NEW, "name": "Somebody else"}).location == "/account"
    assert sign_in(site.reader()).status_code == 303
    with site.database.reading(SYSTEM, NOW) as tx:
        assert tx.execute(select(User.name)).scalar_one() == "Leif Åslund"


def test_a_link_of_one_kind_is_none_of_the_other(site: Site):
    invited(site)
    (link,) = links(site)
    token = link.rpartition("/")[2]
    assert site.reader().get(f"/sign-in/new-password/{token}").status_code == 404
    assert site.reader().get("/invitations/unknown").status_code == 404


def register(site: Site, **other: str):
    given = {
        "name": "Nina Ny",
        "email": "nina@example.org",
        "password": NEW,
        "organisation": "Ny Demo AB",
        "identifier": "55-1",
        "legal_form": "AB",
        "country": "SE",
        "town": "",
    }
    reader = site.reader()
    return reader, reader.post("/register", given | other)


def test_a_newcomer_registers_with_their_organisation_and_goes_on(site: Site):
    reader, answer = register(site, next="/account")
    assert (answer.status_code, answer.location) == (303, "/account")
    page = reader.text("/account")
    assert "Ny Demo AB" in page
    assert "You act and sign for it." in page
    assert sign_in(site.reader(), email="nina@example.org", password=NEW).status_code == 303


def test_everything_that_is_missing_is_said_at_once_and_the_words_stay(site: Site):
    somebody(site)
    _, answer = register(site, name="", password="short", organisation="", email=EMAIL, town="Gävle")
    assert answer.status_code == 422
    for sentence in (
        "Please give your name.",
        "at least 12",
        "name of your organisation",
        "registered under this",
    ):
        assert sentence in answer.text
    assert 'value="Gävle"' in answer.text
    with site.database.reading(SYSTEM, NOW) as tx:
        assert tx.execute(select(func.count()).select_from(User)).scalar() == 1


def test_nobody_joins_an_organisation_by_knowing_its_number(site: Site):
    register(site)
    _, answer = register(site, email="other@example.org")
    assert answer.status_code == 422
    assert "An organisation with this number is registered already." in answer.text
