"""A frame comes before the board in pages: called, put on the agenda, attended, minuted, signed by two, carried out."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import event, select

from grantflow.services import cases
from grantflow.services.people.registering import person_with
from grantflow.services.programmes import meetings
from grantflow.store.outbox import OutboxMessage
from grantflow.store.programmes.models import AgendaItem, Meeting, Seat
from tests import cast
from tests.web.house import House, went_on, words


def tabled(house: House) -> UUID:
    frame = house.story.draft_frame()
    house.story.consult(frame)
    with house.story.tx(cast.KARIN) as tx:
        cases.step(tx, frame, "table")
    return frame


def convened(house: House, once: str = "k1") -> str:
    day = (house.story.now + timedelta(days=7)).date().isoformat()
    sent = {"day": day, "time": "13:00", "kind": "meeting", "once": once}
    return went_on(house.reader(cast.ELIN).post(f"/bodies/{house.story.body_id}/meetings", sent))


def item_of(house: House) -> AgendaItem:
    with house.story.reading() as tx:
        return tx.session.scalars(select(AgendaItem).order_by(AgendaItem.number.desc())).first()  # type: ignore[return-value]  # there is one


def put(house: House, page: str, record: UUID, matter: str = "adopt") -> AgendaItem:
    went_on(house.reader(cast.ELIN).post(f"{page}/agenda", {"offer": f"{record}:{matter}"}))
    return item_of(house)


def attend(house: House, page: str, *people: cast.Person) -> None:
    there = [str(house.story.people[person.name]) for person in people]
    went_on(house.reader(cast.ELIN).post(f"{page}/presence", {"present": there}))


def test_a_frame_is_adopted_in_pages(synthesis: House):
    house, frame = synthesis, tabled(synthesis)
    elin, mona, lars = house.reader(cast.ELIN), house.reader(cast.MONA), house.reader(cast.LARS)
    page = convened(house)
    assert "Put on the agenda what the body shall decide." in words(elin.text(page))
    assert "Adopt the frame" in words(elin.text(page))
    item = put(house, page, frame)
    assert "The meeting is still to come." in words(mona.text(page))
    house.story.days(8)
    attend(house, page, *cast.BOARD[:4])
    assert "Note what was decided on item 1. Yours to do" in words(elin.text(page))
    at = f"{page}/items/{item.id}"
    went_on(house.reader(cast.GUNVOR).post(f"{at}/leaving", {"who": "me"}))
    assert f"Not part of this item because of a conflict of interest: {cast.GUNVOR.name}." in words(
        mona.text(page)
    )
    went_on(elin.post(f"{at}/outcome", {"outcome-1": "adopted", "reason-1": ""}))
    went_on(elin.post(f"{page}/minutes", {"text": "§1 The board adopts the frame."}))
    assert "The chair signs the minutes. Yours to do" in words(mona.text(page))
    went_on(mona.post(f"{page}/signature", {"sign_as": "chair"}))
    answer = mona.post(f"{page}/signature", {"sign_as": "adjuster"})
    assert answer.status_code == 422
    assert "Chair and adjuster are two people." in words(answer.text)
    went_on(lars.post(f"{page}/signature", {"sign_as": "adjuster"}))
    assert "carries it out: Adopt the frame. Yours to do" in words(lars.text(page))
    refused = house.reader(cast.GUNVOR).post(f"{at}/step")
    assert refused.status_code == 422
    assert "Only somebody who could vote on item 1 may carry it out." in words(refused.text)
    assert "on the authority of" in words(lars.text(f"{at}/step"))
    went_on(lars.post(f"{at}/step"))
    assert house.story.state(frame) == "adopted"
    assert "The minutes are signed, and everything is carried out." in words(mona.text(page))
    assert lars.get(f"{at}/step").status_code == 404
    assert "Minutes signed" in words(mona.text("/meetings"))


def test_without_a_quorum_the_item_is_adjourned_and_comes_back_by_itself(synthesis: House):
    house, frame = synthesis, tabled(synthesis)
    elin = house.reader(cast.ELIN)
    page = convened(house)
    item = put(house, page, frame)
    house.story.days(8)
    attend(house, page, cast.MONA, cast.OLA)
    assert "Item 1 has 2 who can vote and needs 3: adjourn it." in words(elin.text(page))
    at = f"{page}/items/{item.id}/outcome"
    refused = elin.post(at, {"outcome-1": "adopted", "reason-1": "All for it"})
    assert refused.status_code == 422
    assert "Too few could vote on this item; it has to be adjourned." in words(refused.text)
    assert "All for it" in refused.text
    refused = elin.post(at, {"outcome-1": "adjourned", "reason-1": ""})
    assert "Say why, for the minutes." in words(refused.text)
    went_on(elin.post(at, {"outcome-1": "adjourned", "reason-1": "Two of five had come."}))
    assert "Two of five had come." in words(elin.text(page))
    again = convened(house, "k2")
    assert "§2 Adopt the frame" in words(elin.text(again))
    assert house.story.state(frame) == "tabled"


def test_what_the_body_sends_back_goes_back_by_its_minutes(synthesis: House):
    house, frame = synthesis, tabled(synthesis)
    elin, mona = house.reader(cast.ELIN), house.reader(cast.MONA)
    page = convened(house)
    item = put(house, page, frame)
    house.story.days(8)
    attend(house, page, *cast.BOARD)
    at = f"{page}/items/{item.id}"
    went_on(elin.post(f"{at}/outcome", {"outcome-1": "sent_back", "reason-1": "Action 5 has too little."}))
    went_on(elin.post(f"{page}/minutes", {"text": "§1 Sent back."}))
    went_on(mona.post(f"{page}/signature", {"sign_as": "chair"}))
    went_on(house.reader(cast.LARS).post(f"{page}/signature", {"sign_as": "adjuster"}))
    assert "Action 5 has too little." in mona.text(f"{at}/step")
    went_on(mona.post(f"{at}/step", {"reason": "Action 5 has too little."}))
    assert house.story.state(frame) == "drafting"


def test_members_sign_and_leave_and_the_office_keeps_the_rest(synthesis: House):
    house, frame = synthesis, tabled(synthesis)
    page = convened(house)
    item = put(house, page, frame)
    house.story.days(8)
    attend(house, page, *cast.BOARD)
    at = f"{page}/items/{item.id}"
    mona = house.reader(cast.MONA)
    for address, sent in (
        (f"{page}/agenda", {"offer": f"{frame}:adopt"}),
        (f"{page}/presence", {}),
        (f"{page}/minutes", {"text": "Mine"}),
        (f"{at}/outcome", {"outcome-1": "adopted", "reason-1": ""}),
        (f"{at}/leaving", {}),
        (
            f"/bodies/{house.story.body_id}/meetings",
            {"day": "2030-01-01", "time": "10:00", "kind": "meeting"},
        ),
        (
            f"/bodies/{house.story.body_id}/seats",
            {"name": "Eva", "email": "eva@demo.invalid", "seat": "member"},
        ),
    ):
        assert mona.post(address, sent).status_code == 422, address
    shown = mona.text(page)
    assert "Put something on the agenda" not in shown
    assert "Keep the minutes" not in shown


def test_for_everybody_else_there_is_no_such_meeting(synthesis: House):
    house = synthesis
    frame = tabled(house)
    page = convened(house)
    item = put(house, page, frame)
    for person in (cast.LEIF, cast.REVIEWERS[1]):
        reader = house.reader(person)
        for address in (page, f"{page}/items/{item.id}/step", f"/bodies/{house.story.body_id}"):
            assert reader.get(address).status_code == 404
        for address in ("agenda", "presence", "minutes", "signature", f"items/{item.id}/outcome"):
            assert reader.post(f"{page}/{address}").status_code == 404
        assert "You sit in no body and keep the meetings of none." in words(reader.text("/meetings"))
    assert house.reader().get(page).status_code in {302, 303}
    unknown = page[:-1] + ("0" if page[-1] != "0" else "1")
    assert house.reader(cast.ELIN).get(unknown).status_code == 404
    other = f"{page}/items/{house.story.body_id}/outcome"
    assert house.reader(cast.ELIN).post(other, {}).status_code == 404


def test_calling_twice_with_one_form_calls_one_meeting(house: House):
    assert convened(house) == convened(house)
    with house.story.reading() as tx:
        assert len(tx.session.scalars(select(Meeting)).all()) == 1
    refused = house.reader(cast.ELIN).post(
        f"/bodies/{house.story.body_id}/meetings", {"day": "tomorrow", "time": "9", "kind": "meeting"}
    )
    assert refused.status_code == 422
    assert "Give the day as in 2027-03-31." in words(refused.text)
    assert "Give the time as in 13:00." in words(refused.text)
    assert 'value="tomorrow"' in refused.text


def test_somebody_is_invited_to_a_seat_and_leaves_it(house: House):
    karin = house.reader(cast.KARIN)
    body = f"/bodies/{house.story.body_id}"
    sent = {"name": "Eva Lind", "email": "eva.lind@demo.invalid", "seat": "deputy", "language": "sv"}
    assert "Eva Lind has a seat now" in words(karin.text(went_on(karin.post(f"{body}/seats", sent))))
    with house.story.reading() as tx:
        mails = set(tx.session.scalars(select(OutboxMessage.template)))
        eva = person_with(tx, sent["email"])
        seat = tx.session.scalars(select(Seat.id).where(Seat.user_id == eva)).one()
    assert "account_invitation" in mails
    again = karin.post(f"{body}/seats", sent)
    assert again.status_code == 422
    assert "This person has a seat in the body already." in words(again.text)
    full = karin.post(f"{body}/seats", {**sent, "email": "x@demo.invalid", "seat": "member"})
    assert "All 5 seats of the body are taken." in words(full.text)
    assert "This is needed." in words(karin.post(f"{body}/seats", {"seat": "member"}).text)
    went_on(karin.post(f"{body}/seats/{seat}/end"))
    assert "Eva Lind" not in karin.text(body)


def test_a_meeting_takes_as_many_statements_for_three_items_as_for_one(house: House):
    story = house.story
    with story.tx(cast.ELIN) as tx:
        small = meetings.call_meeting(tx, story.body_id, story.now)
        meetings.put_on_agenda(tx, small, story.call_id, "cancel")
        large = meetings.call_meeting(tx, story.body_id, story.now)
        for matter in ("cancel", "change_envelope", "decide"):
            meetings.put_on_agenda(tx, large, story.call_id, matter)
        for each in (small, large):
            meetings.note_presence(tx, each, [story.people[person.name] for person in cast.BOARD])
    said: list[str] = []
    event.listen(
        story.database.sql, "before_cursor_execute", lambda _c, _u, statement, *_: said.append(statement)
    )
    counts = []
    elin = house.reader(cast.ELIN)
    elin.text(f"/meetings/{small}")
    for each in (small, large):
        said.clear()
        elin.text(f"/meetings/{each}")
        counts.append(len(said))
    assert counts[0] == counts[1] <= 16, counts
