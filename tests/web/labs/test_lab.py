"""A lab in pages: who registers, who admits, what is brought, who reads it, and what it led to."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import event, select

from grantflow.domain.actor import Actor
from grantflow.services.labs import taking_part
from grantflow.services.people.registering import register_person
from grantflow.store.labs.models import Contribution, LabSession, Participation
from tests import cast
from tests.factories.story import Story
from tests.web.house import House, went_on, words

LAB = "/calls/north-middle-sweden/lab"
ALONE = {"organisation": "alone", "helix": "public", "nuts": "SE312", "level": "contributor"}


def brought(house: House, person: cast.Person, text: str, **more: str) -> str:
    sent = {"kind": "need", "text": text, "public": "yes", **more}
    went_on(house.reader(person).post(f"{LAB}/contributions", sent))
    with house.story.reading() as tx:
        return str(tx.session.scalars(select(Contribution.id).where(Contribution.text == text)).one())


def published(house: House, *ids: str) -> None:
    sent = {"record": list(ids), "sure": "yes", "what": "publish"}
    went_on(house.reader(cast.YUSUF).post(f"{LAB}/reading", sent))


def test_everybody_reads_the_challenge_and_is_told_how_to_register(announced: House):
    visitor = announced.reader()
    page = words(visitor.text(LAB))
    assert "Nobody has been admitted yet." in page
    assert "No session is planned yet." in page
    assert "Nothing is published yet." in page
    assert "Register for the lab" in page
    form = visitor.text(f"{LAB}/interest")
    assert f'href="/register?next={LAB}/interest"' in form
    assert visitor.post(f"{LAB}/interest", ALONE).status_code in {302, 303}
    for address in ("/calls/nowhere/lab", "/calls/nowhere/lab/interest", "/calls/nowhere/lab/frame"):
        visitor.text(address, 404)


def test_a_draft_has_no_lab_for_anybody_outside(database_url: str):
    story = Story(database_url)
    story.set_up().load()
    house = House(story)
    house.reader().text(LAB, 404)
    house.reader(cast.LEIF).text(LAB, 404)
    house.reader(cast.KARIN).text(LAB)
    story.database.dispose()


def test_a_stakeholder_registers_and_is_admitted_on_a_second_page(announced: House):
    daiva = announced.reader(cast.LEARNING_PARTNERS[0])
    refused = daiva.post(f"{LAB}/interest", {"organisation": "alone", "level": "observer"})
    assert refused.status_code == 422
    assert "Say for which part of society you come." in words(refused.text)
    assert "Say for whom you take part." in words(daiva.post(f"{LAB}/interest", {}).text)
    went_on(daiva.post(f"{LAB}/interest", ALONE))
    assert "Interest registered" in words(daiva.text(LAB))
    again = daiva.post(f"{LAB}/interest", ALONE)
    assert "You are registered for this lab already." in words(again.text)
    yusuf = announced.reader(cast.YUSUF)
    assert "1 person waits for an answer" in words(yusuf.text(LAB))
    listed = yusuf.text(f"{LAB}/places")
    with announced.story.reading() as tx:
        place = str(tx.session.scalars(select(Participation.id)).one())
    assert place in listed
    sure = yusuf.post(f"{LAB}/places", {"record": [place], "what": "admit"})
    assert sure.status_code == 200
    assert "Admit 1 person" in words(sure.text)
    assert "1 person waits for an answer" in words(yusuf.text(LAB)), "nothing is done on the first page"
    went_on(yusuf.post(f"{LAB}/places", {"record": [place], "sure": "yes"}))
    assert "1 person is admitted." in words(yusuf.text(f"{LAB}/places"))
    assert "Member of the lab" in words(daiva.text(LAB))
    assert "1 person takes part." in words(announced.reader().text(LAB))


def test_only_the_office_sees_who_registered(lab: House):
    for person in (None, cast.LEIF, cast.MONA):
        reader = lab.reader(person)
        shut = 303 if person is None else 404
        assert reader.get(f"{LAB}/places").status_code == shut
        assert reader.post(f"{LAB}/places", {"sure": "yes"}).status_code == shut
    went_on(lab.reader(cast.YUSUF).post(f"{LAB}/places", {"record": ["nobody"]}))


def test_what_is_brought_is_read_first_and_then_published(lab: House):
    text = "We heat the sky all night at 90 degrees."
    leif, hanna, yusuf = lab.reader(cast.LEIF), lab.reader(cast.HANNA), lab.reader(cast.YUSUF)
    refused = leif.post(f"{LAB}/contributions", {"kind": "need", "text": " "})
    assert refused.status_code == 422
    assert "Write what you bring." in words(refused.text)
    one = brought(lab, cast.LEIF, text)
    assert text in words(leif.text(LAB))
    assert text not in words(hanna.text(LAB))
    assert text not in words(lab.reader().text(LAB))
    assert lab.reader(cast.HANNA).post(f"{LAB}/reading", {"record": [one], "sure": "yes"}).status_code == 404
    sure = yusuf.post(f"{LAB}/reading", {"record": [one], "what": "publish"})
    assert "Publish 1 contribution" in words(sure.text)
    assert text not in words(hanna.text(LAB))
    published(lab, one)
    for reader in (hanna, lab.reader()):
        assert text in words(reader.text(LAB))
    assert f"{cast.LEIF.name} · {cast.MILL.name} · Business · Gävleborg" in words(lab.reader().text(LAB))


def test_a_form_sent_twice_brings_one_thing(lab: House):
    sent = {"kind": "idea", "text": "Bark has no owner.", "public": "yes", "once": "k"}
    for _ in range(2):
        went_on(lab.reader(cast.SARA).post(f"{LAB}/contributions", sent))
    with lab.story.reading() as tx:
        assert len(tx.session.scalars(select(Contribution)).all()) == 1


def test_what_the_lab_alone_reads_the_public_does_not_see(lab: House):
    text = "Our dryer fails at night."
    one = brought(lab, cast.MIKAEL, text, public="no")
    published(lab, one)
    for inside in (cast.HANNA, cast.YUSUF):
        assert text in words(lab.reader(inside).text(LAB))
    for outside in (None, cast.MONA, cast.REVIEWERS[1]):
        assert text not in words(lab.reader(outside).text(LAB))
    yusuf = lab.reader(cast.YUSUF)
    at = f"{LAB}/contributions/{one}/visibility"
    refused = yusuf.post(at, {f"reason-{one}": " "})
    assert refused.status_code == 422
    assert "Say why the public shall not see it." in words(refused.text)
    assert f'href="#field-reason-{one}"' in refused.text
    went_on(yusuf.post(at, {f"reason-{one}": "A trade secret."}))
    assert "Kept in the lab because: A trade secret." in words(yusuf.text(LAB))
    assert lab.reader(cast.HANNA).post(at, {"public": "yes"}).status_code == 422
    went_on(yusuf.post(at, {"public": "yes"}))
    assert text in words(lab.reader().text(LAB))


def test_support_counts_and_is_taken_back(lab: House):
    one = brought(lab, cast.LEIF, "Pipes.")
    published(lab, one)
    hanna = lab.reader(cast.HANNA)
    at = f"{LAB}/contributions/{one}/support"
    went_on(hanna.post(at, {"support": "yes"}))
    assert "1 supports it" in words(lab.reader().text(LAB))
    went_on(hanna.post(at, {"support": "no"}))
    assert "supports it" not in words(lab.reader().text(LAB))
    assert lab.reader(cast.TOMAS).post(at, {"support": "yes"}).status_code == 422
    unread = brought(lab, cast.SARA, "Unread.")
    assert hanna.post(f"{LAB}/contributions/{unread}/support", {}).status_code == 404


def test_names_are_shown_of_those_who_agreed_and_stayed(announced: House):
    story = announced.story
    for person, shown in ((cast.LEIF, True), (cast.HANNA, False), (cast.NILS, True)):
        with story.tx(person) as tx:
            story.places[person.name] = taking_part.register_interest(
                tx,
                story.call_id,
                organisation_id=story.organisations[person.organisation or ""],
                name_shown=shown,
            ).case_id
    with story.tx(cast.YUSUF) as tx:
        taking_part.admit_all(tx, list(story.places.values()))
    story.until(story.plan.date("registration_closes"))
    for person in (cast.HANNA, cast.NILS):
        published(announced, brought(announced, person, f"Said by {person.town}."))
    with story.tx(cast.NILS) as tx:
        taking_part.leave_lab(tx, story.places[cast.NILS.name])
    story.now += timedelta(seconds=1)
    page = words(announced.reader().text(LAB))
    assert "3 people take part." in page, "whoever left still counts"
    assert cast.LEIF.name in page
    for person in (cast.HANNA, cast.NILS):
        assert person.name not in page
        assert f"Said by {person.town}." in page
    assert cast.GREENHOUSE.name not in page
    assert "A participant who is not named" in page
    assert cast.HANNA.name in words(announced.reader(cast.YUSUF).text(f"{LAB}/places"))
    assert cast.NILS.name not in words(announced.reader(cast.YUSUF).text(f"{LAB}/places"))


def test_sessions_are_planned_held_and_told_of(lab: House):
    yusuf = lab.reader(cast.YUSUF)
    day = (lab.story.now + timedelta(days=2)).date().isoformat()
    sent = {"title": "The heat we lose", "place": "Sandviken", "day": day, "time": "13:00", "once": "s"}
    went_on(yusuf.post(f"{LAB}/sessions", sent))
    refused = yusuf.post(f"{LAB}/sessions", {**sent, "once": "t", "time": "noon", "day": ""})
    assert refused.status_code == 422
    assert "Give the time as in 13:00." in words(refused.text)
    assert "Give the day as in 2027-03-31." in words(refused.text)
    assert lab.reader(cast.LEIF).post(f"{LAB}/sessions", sent).status_code == 404
    with lab.story.reading() as tx:
        session = tx.session.scalars(select(LabSession.id)).one()
    at = f"{LAB}/sessions/{session}"
    assert "Who was there can be noted once it has begun." in words(yusuf.text(at))
    lab.reader(cast.LEIF).text(at, 404)
    lab.story.days(3)
    there = [str(lab.story.places[person.name]) for person in (cast.LEIF, cast.HANNA)]
    went_on(yusuf.post(at, {"what": "hold", "record": there, "results": "Heat has a price."}))
    page = words(lab.reader().text(LAB))
    assert "2 members were there." in page
    assert "Heat has a price." in page


def test_a_lab_of_118_takes_as_many_statements_as_one_of_11(lab: House):
    story = lab.story

    def statements() -> int:
        said: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            said.append(statement)

        reader = lab.reader(cast.YUSUF)
        reader.text(LAB)
        event.listen(story.database.sql, "before_cursor_execute", note)
        reader.text(LAB)
        event.remove(story.database.sql, "before_cursor_execute", note)
        return len(said)

    few = statements()
    made = []
    for number in range(107):
        with story.tx() as tx:
            user = register_person(tx, f"p{number}@demo.invalid", f"Person {number}")
        with story.database.transaction(Actor("person", user), story.now) as tx:
            made.append(
                taking_part.register_interest(
                    tx, story.call_id, helix="public", nuts="SE312", name_shown=True
                ).case_id
            )
    with story.tx(cast.YUSUF) as tx:
        assert len(taking_part.admit_all(tx, made).stepped) == 107
    story.contribute()
    assert "118 people take part." in words(lab.reader().text(LAB))
    assert statements() - few <= 3
    assert statements() <= 22
