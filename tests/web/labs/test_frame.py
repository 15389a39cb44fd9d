"""The frame in pages: written with its actions, traced to what was brought, consulted on, answered."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from grantflow.services.cases import step
from grantflow.store.labs.models import ActionSource, FrameAction, FrameComment
from tests import cast
from tests.web.house import House, went_on, words

FRAME = "/calls/north-middle-sweden/lab/frame"
LAB = "/calls/north-middle-sweden/lab"


def written(**more: str) -> dict[str, str]:
    return {
        "title": "Low carbon where the work is",
        "vision": cast.VISION,
        "conditions": "",
        "was-1": "",
        "title-1": "Heat that is bought",
        "about-1": "",
        "envelope-1": "12,000.50",
        "indicator-1": "agreements",
        "baseline-1": "2",
        "target-1": "10",
        **more,
    }


def begun(house: House) -> None:
    went_on(house.reader(cast.YUSUF).post(FRAME, {"once": "f"}))
    went_on(house.reader(cast.YUSUF).post(f"{FRAME}/write", written()))


def test_an_officer_writes_the_frame_row_by_row(synthesis: House):
    yusuf = synthesis.reader(cast.YUSUF)
    assert went_on(yusuf.post(FRAME, {"once": "f"})) == f"{FRAME}/write"
    went_on(yusuf.post(FRAME, {"once": "f"}))
    more = yusuf.post(f"{FRAME}/write", {**written(), "then": "row"})
    assert more.status_code == 200
    assert "Action 2" in words(more.text)
    assert 'value="12,000.50"' in more.text
    refused = yusuf.post(f"{FRAME}/write", written(**{"envelope-1": "a lot", "target-1": "many"}))
    assert refused.status_code == 422
    assert "Write an amount such as 30 000." in words(refused.text)
    assert "Write a whole number such as 120." in words(refused.text)
    assert 'value="a lot"' in refused.text
    went_on(yusuf.post(f"{FRAME}/write", written()))
    page = words(yusuf.text(FRAME))
    assert "1. Heat that is bought" in page
    assert "agreements: from 2 to 10" in page
    with synthesis.story.reading() as tx:
        assert tx.session.scalars(select(FrameAction.envelope)).all() == [1_200_050]


def test_what_led_to_an_action_stays_when_the_actions_are_written_anew(synthesis: House):
    begun(synthesis)
    yusuf = synthesis.reader(cast.YUSUF)
    page = yusuf.text(f"{FRAME}/sources")
    assert "Bark has no owner." in page
    with synthesis.story.reading() as tx:
        assert tx.session.scalars(select(ActionSource.contribution_id)).all() == []
    ids = [each.split('"')[0] for each in page.split('name="action-1" value="')[1:]]
    assert len(ids) == len(cast.CONTRIBUTIONS)
    went_on(yusuf.post(f"{FRAME}/sources", {"action-1": [ids[0], "nobody"]}))
    again = written(**{"was-1": "1", "title-1": "Heat"})
    went_on(yusuf.post(f"{FRAME}/write", again))
    with synthesis.story.reading() as tx:
        assert [str(each) for each in tx.session.scalars(select(ActionSource.contribution_id))] == ids[:1]
    assert "Led to: action 1, Heat" in words(yusuf.text(LAB))


def test_nobody_writes_over_what_somebody_else_wrote_meanwhile(synthesis: House):
    begun(synthesis)
    yusuf, anneli = synthesis.reader(cast.YUSUF), synthesis.reader(cast.ANNELI)
    form = yusuf.text(f"{FRAME}/write")
    seen = form.split('name="seen" value="')[1].split('"')[0]
    went_on(anneli.post(f"{FRAME}/write", written(vision="Anneli's.", seen=seen)))
    refused = yusuf.post(f"{FRAME}/write", written(vision="Yusuf's.", seen=seen))
    assert refused.status_code == 422
    assert "Somebody else wrote on the frame meanwhile." in words(refused.text)
    assert "Yusuf's." in words(refused.text)
    now = refused.text.split('name="seen" value="')[1].split('"')[0]
    went_on(yusuf.post(f"{FRAME}/write", written(vision="Yusuf's.", seen=now)))
    assert "Yusuf's." in words(yusuf.text(FRAME))


def test_only_those_who_write_it_see_the_draft(synthesis: House):
    begun(synthesis)
    for person in (None, cast.LEIF, cast.MONA):
        reader = synthesis.reader(person)
        reader.text(FRAME, 404)
        shut = 303 if person is None else 404
        for address in (f"{FRAME}/write", f"{FRAME}/sources"):
            assert reader.get(address).status_code == shut
            assert reader.post(address, {}).status_code == shut
        assert reader.post(f"{FRAME}/comments", {"text": "Early"}).status_code == shut
    synthesis.reader(cast.KARIN).text(FRAME)
    synthesis.reader(cast.KARIN).text(f"{FRAME}/write", 404)
    leif = synthesis.reader(cast.LEIF)
    went_on(leif.post(FRAME, {}))
    assert "gf-notice-danger" in leif.text(LAB)


def test_the_draft_is_consulted_on_and_every_comment_answered(synthesis: House):
    begun(synthesis)
    story = synthesis.story
    with story.reading() as tx:
        frame = tx.session.scalars(select(FrameAction.frame_id)).one()
    with story.tx(cast.YUSUF) as tx:
        step(tx, frame, "consult")
    visitor = synthesis.reader()
    assert "Sign in to comment" in words(visitor.text(FRAME))
    assert visitor.post(f"{FRAME}/comments", {"text": "Hello"}).status_code == 303
    femke, hanna = synthesis.reader(cast.LEARNING_PARTNERS[1]), synthesis.reader(cast.HANNA)
    assert "Write what you want to say." in words(femke.post(f"{FRAME}/comments", {"text": ""}).text)
    for _ in range(2):
        went_on(femke.post(f"{FRAME}/comments", {"text": "Keep the form to one page.", "once": "c"}))
    assert "Keep the form to one page." in words(visitor.text(FRAME))
    assert cast.LEARNING_PARTNERS[1].name not in words(visitor.text(FRAME))
    assert "1 comment on the frame has no answer" in words(synthesis.reader(cast.YUSUF).text(LAB))
    with story.reading() as tx:
        comment = tx.session.scalars(select(FrameComment.id)).one()
    at = f"{FRAME}/comments/{comment}/answer"
    assert hanna.post(at, {f"answer-{comment}": "Yes"}).status_code == 422
    yusuf = synthesis.reader(cast.YUSUF)
    assert cast.LEARNING_PARTNERS[1].name in words(yusuf.text(FRAME))
    assert "Write the answer." in words(yusuf.post(at, {f"answer-{comment}": " "}).text)
    assert "1 of 1 comments have no answer yet." in words(yusuf.text(FRAME))
    went_on(yusuf.post(at, {f"answer-{comment}": "We have cut it to one page."}))
    assert "We have cut it to one page." in words(visitor.text(FRAME))
    story.days(22)
    with story.tx(cast.YUSUF) as tx:
        step(tx, frame, "end_consultation")
    story.now += timedelta(seconds=1)
    assert femke.post(f"{FRAME}/comments", {"text": "Late"}).status_code == 404
