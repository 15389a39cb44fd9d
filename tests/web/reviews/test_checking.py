"""The officer's page: own conflict first, item by item, and what is missing is asked for by sections."""

from uuid import UUID

import pytest
from sqlalchemy import select

from grantflow.store.applications.models import EligibilityCheck
from tests import cast
from tests.web.house import went_on, words
from tests.web.reviews.conftest import BIRGIT, Desk

NONE = {"what": "own_conflict", "kind": "none"}


def test_nothing_is_shown_before_a_word_about_oneself(desk: Desk, sent: UUID) -> None:
    yusuf, page = desk.reader(cast.YUSUF), f"/applications/{desk.ref(sent)}/checklist"
    before = yusuf.text(page)
    assert "We try it for one winter" not in before
    assert "answer.applicant" not in before
    assert yusuf.post(page, {"what": "own_conflict", "kind": "hard"}).status_code == 422
    assert went_on(yusuf.post(page, NONE)) == page
    after = yusuf.text(page)
    assert "We try it for one winter" in after
    assert "4 conditions are not answered yet." in words(after)


def test_who_is_in_conflict_sees_it_no_more_and_who_may_be_waits(desk: Desk, sent: UUID) -> None:
    page = f"/applications/{desk.ref(sent)}/checklist"
    yusuf, anneli = desk.reader(cast.YUSUF), desk.reader(cast.ANNELI)
    hard = {"what": "own_conflict", "kind": "hard", "reason": "My brother owns it."}
    assert went_on(yusuf.post(page, hard)) == "/home"
    yusuf.text(page, 404)
    soft = {"what": "own_conflict", "kind": "soft", "reason": "We sang in one choir."}
    assert went_on(anneli.post(page, soft)) == page
    assert "A colleague decides on it" in words(anneli.text(page))
    refused = anneli.post(page, {"what": "items", "answer.applicant": "yes"})
    assert refused.status_code == 422
    assert "Somebody else decides on it before you go on." in words(refused.text)
    assert anneli.post(page, NONE).status_code == 422


def test_answers_and_notes_are_kept_and_shown_again(desk: Desk, sent: UUID) -> None:
    yusuf, page = desk.reader(cast.YUSUF), f"/applications/{desk.ref(sent)}/checklist"
    yusuf.post(page, NONE)
    answered = {"answer.applicant": "yes", "answer.region": "no", "note.region": "The hall lies in Oslo."}
    assert went_on(yusuf.post(page, answered)) == page
    assert "The hall lies in Oslo." in yusuf.text(page)
    with desk.fund.reading() as tx:
        kept = {row.item: row.answer for row in tx.execute(select(EligibilityCheck.__table__))}
    assert kept == {"applicant": "yes", "region": "no"}
    wrong = yusuf.post(page, {"answer.applicant": "maybe", "note.signed": "my own words"})
    assert wrong.status_code == 422
    assert "my own words" in wrong.text


def test_only_sections_that_are_not_scored_are_asked_for_again(desk: Desk, sent: UUID) -> None:
    yusuf, page = desk.reader(cast.YUSUF), f"/applications/{desk.ref(sent)}/checklist"
    yusuf.post(page, NONE)
    text = yusuf.text(page)
    assert 'name="sections" value="budget"' in text
    assert 'name="sections" value="plan"' not in text
    nothing = yusuf.post(page, {"what": "completion", "missing": "The last page of the budget."})
    assert nothing.status_code == 422
    assert "The last page of the budget." in nothing.text
    scored = yusuf.post(page, {"what": "completion", "sections": "plan", "missing": "More of it."})
    assert scored.status_code == 422
    asked = {"what": "completion", "sections": ["budget", "organisation"], "missing": "Who pays the rest."}
    assert went_on(yusuf.post(page, asked)) == f"/records/{desk.ref(sent)}"
    assert desk.fund.state(sent) == "completion"


@pytest.mark.parametrize("who", [None, cast.LEIF, cast.HANNA, BIRGIT, cast.PER_OLOF])
def test_it_is_nobody_elses_page(desk: Desk, sent: UUID, who: cast.Person | None) -> None:
    page = f"/applications/{desk.ref(sent)}/checklist"
    answer = desk.reader(who).get(page)
    assert answer.status_code == (404 if who else 303)
    assert desk.reader(who).post(page, NONE).status_code == (404 if who else 303)
