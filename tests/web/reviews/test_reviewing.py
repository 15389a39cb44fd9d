"""A reviewer's way: asked by mail, ties first, the application only then, scores, handing in; and a conflict late."""

from uuid import UUID

import pytest
from sqlalchemy import select

from grantflow.services import reviews
from grantflow.store.outbox import OutboxMessage
from grantflow.store.people.models import User
from grantflow.store.reviews.models import Review, ReviewRound, Score
from tests import cast
from tests.web.house import went_on, words
from tests.web.reviews.conftest import BIRGIT, PIETER, RASA, SAID, SCORED, TUOMAS, Desk

IDEA = "We try it for one winter and measure every hour."


def test_reviewers_are_chosen_among_those_whom_nothing_ties_and_asked_by_mail(
    desk: Desk, eligible: UUID
) -> None:
    yusuf, page = desk.reader(cast.YUSUF), f"/applications/{desk.ref(eligible)}/reviewers"
    assert "Nobody reads it yet." in words(yusuf.text(page))
    new = {"what": "by_mail", "email": "maja.lind@demo.invalid", "name": "", "language": "en"}
    unnamed = yusuf.post(page, new)
    assert unnamed.status_code == 422
    assert 'value="maja.lind@demo.invalid"' in unnamed.text
    assert went_on(yusuf.post(page, {**new, "name": "Maja Lind"})) == page
    assert "Maja Lind" in yusuf.text(page)
    leif = {"what": "by_mail", "email": cast.LEIF.email, "name": "", "language": "en"}
    tied = yusuf.post(page, leif)
    assert tied.status_code == 422
    assert "The reviewer belongs to the organisation that applies." in words(tied.text)
    with desk.fund.reading() as tx:
        sent = set(tx.execute(select(OutboxMessage.template)).scalars())
        assert {"review_invitation", "account_invitation"} <= sent
        assert tx.execute(select(Review.reviewer_id)).scalars().all() == [
            tx.execute(select(User.id).where(User.email == "maja.lind@demo.invalid")).scalar_one()
        ]


def test_who_has_reviewed_before_is_offered_with_what_they_have_to_read(desk: Desk, eligible: UUID) -> None:
    desk.fund.assign(eligible, [BIRGIT])
    second = desk.ref(eligible)
    with desk.fund.tx(cast.YUSUF) as tx:
        reviews.declare_conflict(tx, desk.fund.review_of(eligible, BIRGIT), "Her sister works there.")
    page = desk.reader(cast.YUSUF).text(f"/applications/{second}/reviewers")
    assert "One person is not offered, and why" in words(page)
    assert "A conflict of interest with this application is on record." in words(page)
    assert f'value="{desk.fund.people[BIRGIT.name]}"' not in page


def test_several_are_asked_or_nobody(desk: Desk, eligible: UUID) -> None:
    yusuf, page = desk.reader(cast.YUSUF), f"/applications/{desk.ref(eligible)}/reviewers"
    ids = {person: str(desk.fund.people[person.name]) for person in (BIRGIT, RASA, cast.LEIF)}
    refused = yusuf.post(page, {"what": "ask", "reviewers": [ids[BIRGIT], ids[cast.LEIF]]})
    assert refused.status_code == 422
    with desk.fund.reading() as tx:
        assert tx.execute(select(Review.id)).all() == []
    assert went_on(yusuf.post(page, {"what": "ask", "reviewers": [ids[BIRGIT], ids[RASA]]})) == page
    assert desk.fund.state(desk.fund.review_of(eligible, RASA)) == "invited"
    assert yusuf.post(page, {"what": "ask"}).status_code == 422
    assert yusuf.post(page, {"what": "ask", "reviewers": ["nobody"]}).status_code == 422


def test_title_applicant_and_abstract_are_all_before_a_word(desk: Desk, eligible: UUID) -> None:
    review = desk.ref(desk.fund.assign(eligible, [BIRGIT])[BIRGIT.name])
    birgit, declare, scores = desk.reader(BIRGIT), f"/reviews/{review}/conflict", f"/reviews/{review}/scores"
    page = words(birgit.text(declare))
    assert "Night heat" in page
    assert cast.MILL.name in page
    assert "neighbour's electrician" not in page
    assert went_on(birgit.get(scores)) == declare
    assert birgit.post(scores, {**SCORED, **SAID}).status_code == 404
    assert birgit.post(declare, {"kind": "hard"}).status_code == 422
    assert birgit.post(declare, {}).status_code == 422
    assert went_on(birgit.post(declare, {"kind": "none"})) == scores
    assert "neighbour's electrician" in words(birgit.text(scores))


def test_a_draft_is_kept_what_is_missing_is_said_at_once_and_the_sum_is_the_servers(
    desk: Desk, eligible: UUID
) -> None:
    case = desk.fund.assign(eligible, [BIRGIT])[BIRGIT.name]
    ref, birgit = desk.ref(case), desk.reader(BIRGIT)
    birgit.post(f"/reviews/{ref}/conflict", {"kind": "none"})
    saved = birgit.post(f"/reviews/{ref}/save", {"score.potential": "4", "comment": "Fine.", "revision": "0"})
    assert saved.status_code == 200
    assert saved.json is not None
    assert (saved.json["revision"], saved.json["totals"]) == (1, {"score": ""})
    full = birgit.post(f"/reviews/{ref}/save", {**SCORED, **SAID, "revision": "1"})
    assert full.json is not None
    assert full.json["totals"] == {"score": "80"}
    stale = birgit.post(f"/reviews/{ref}/save", {**SCORED, "revision": "1"})
    assert stale.status_code == 412
    off = birgit.post(f"/reviews/{ref}/save", {**SCORED, "score.actors": "9", "revision": "2"})
    assert off.status_code == 422
    lacking = birgit.post(
        f"/reviews/{ref}/scores", {"score.actors": "3", "comment": "", "revision": "2", "then": "hand_in"}
    )
    assert lacking.status_code == 422
    said = words(lacking.text)
    for sentence in ("“Potential” is not scored yet.", "“Actors” needs a comment beside its score."):
        assert sentence in said
    with desk.fund.reading() as tx:
        assert tx.execute(select(Score.points).where(Score.criterion == "actors")).scalar_one() == 3


def test_my_own_words_stay_when_somebody_was_faster(desk: Desk, eligible: UUID) -> None:
    case = desk.fund.assign(eligible, [BIRGIT])[BIRGIT.name]
    ref, birgit = desk.ref(case), desk.reader(BIRGIT)
    birgit.post(f"/reviews/{ref}/conflict", {"kind": "none"})
    birgit.post(f"/reviews/{ref}/scores", {**SCORED, **SAID, "revision": "0"})
    late = birgit.post(f"/reviews/{ref}/scores", {**SCORED, **SAID, "comment": "No, weak.", "revision": "0"})
    assert late.status_code == 422
    assert "No, weak." in late.text
    assert "Worth trying." in late.text


def test_handing_in_leaves_a_receipt_and_opens_to_the_programme(desk: Desk, eligible: UUID) -> None:
    case = desk.fund.assign(eligible, [BIRGIT])[BIRGIT.name]
    ref, birgit, karin = desk.ref(case), desk.reader(BIRGIT), desk.reader(cast.KARIN)
    birgit.post(f"/reviews/{ref}/conflict", {"kind": "none"})
    birgit.post(f"/reviews/{ref}/save", {**SCORED, **SAID, "comment": "Half a thought.", "revision": "0"})
    assert "Half a thought." not in karin.get(f"/reviews/{ref}/scores").text
    done = birgit.post(f"/reviews/{ref}/scores", {**SCORED, **SAID, "revision": "1", "then": "hand_in"})
    assert went_on(done) == f"/reviews/{ref}/scores"
    receipt = words(birgit.text(f"/reviews/{ref}/scores"))
    assert "Your review is handed in. This page is your receipt." in receipt
    with desk.fund.reading() as tx:
        assert tx.execute(select(Review.sha256)).scalar_one() in receipt
    seen = words(karin.text(f"/reviews/{ref}/scores"))
    assert "Worth trying." in seen
    assert BIRGIT.name in seen
    assert birgit.post(f"/reviews/{ref}/scores", {**SCORED, **SAID, "revision": "2"}).status_code == 422


def test_nobody_sees_a_review_of_others_before_handing_in(desk: Desk, eligible: UUID) -> None:
    given = desk.fund.assign(eligible, [BIRGIT, RASA])
    desk.fund.review(BIRGIT, given[BIRGIT.name], 2)
    rasa, ref = desk.reader(RASA), desk.ref(given[RASA.name])
    for page in ("scores", "conflict"):
        assert rasa.get(f"/reviews/{desk.ref(given[BIRGIT.name])}/{page}").status_code in (303, 404)
    rasa.post(f"/reviews/{ref}/conflict", {"kind": "none"})
    assert "What others found" not in rasa.text(f"/reviews/{ref}/scores")
    rasa.post(f"/reviews/{ref}/scores", {**SCORED, **SAID, "revision": "0", "then": "hand_in"})
    page = words(rasa.text(f"/reviews/{ref}/scores"))
    assert "Another review: 40 points" in page
    assert BIRGIT.name not in page


def test_a_round_that_is_blind_to_who_applies_says_so_nowhere(desk: Desk, eligible: UUID) -> None:
    with desk.fund.tx(cast.YUSUF) as tx:
        stage = tx.execute(select(ReviewRound.stage)).scalar() or 1
        reviews.open_round(tx, desk.fund.call_id, stage, wanted=1, blindness="double")
    ref, birgit = desk.ref(desk.fund.assign(eligible, [BIRGIT])[BIRGIT.name]), desk.reader(BIRGIT)
    before = birgit.text(f"/reviews/{ref}/conflict")
    birgit.post(f"/reviews/{ref}/conflict", {"kind": "none"})
    after = birgit.text(f"/reviews/{ref}/scores")
    assert "neighbour&#39;s electrician" in after
    for page in (before, after):
        assert cast.MILL.name not in page
        assert "070-174 06 05" not in page


def test_a_possible_conflict_waits_for_somebody_of_the_programme(desk: Desk, eligible: UUID) -> None:
    ref, birgit = desk.ref(desk.fund.assign(eligible, [BIRGIT])[BIRGIT.name]), desk.reader(BIRGIT)
    perhaps = {"kind": "soft", "reason": "I own two shares of a rival."}
    assert went_on(birgit.post(f"/reviews/{ref}/conflict", perhaps)) == f"/reviews/{ref}/conflict"
    assert birgit.post(f"/reviews/{ref}/conflict", {"kind": "none"}).status_code == 422
    page = f"/applications/{desk.ref(eligible)}/reviewers"
    yusuf = desk.reader(cast.YUSUF)
    assert "I own two shares of a rival." in words(yusuf.text(page))
    settle = {"what": "settle", "reviewer": str(desk.fund.people[BIRGIT.name])}
    assert yusuf.post(page, settle).status_code == 422
    assert went_on(yusuf.post(page, {**settle, "reason": "Two shares are none."})) == page
    assert went_on(birgit.post(f"/reviews/{ref}/conflict", {"kind": "none"})) == f"/reviews/{ref}/scores"


def test_a_conflict_that_is_found_late_ends_access_and_somebody_else_reads(
    desk: Desk, eligible: UUID
) -> None:
    ref, birgit = desk.ref(desk.fund.assign(eligible, [BIRGIT])[BIRGIT.name]), desk.reader(BIRGIT)
    birgit.post(f"/reviews/{ref}/conflict", {"kind": "none"})
    birgit.post(f"/reviews/{ref}/scores", {**SCORED, **SAID, "revision": "0", "then": "hand_in"})
    late = {"kind": "hard", "reason": "I now see that my cousin leads it."}
    assert went_on(birgit.post(f"/reviews/{ref}/conflict", late)) == "/home"
    for page in ("conflict", "scores"):
        assert birgit.get(f"/reviews/{ref}/{page}", follow_redirects=True).status_code == 404
    page = f"/applications/{desk.ref(eligible)}/reviewers"
    yusuf = desk.reader(cast.YUSUF)
    assert "one reviewer is missing" in words(yusuf.text(page))
    chosen = {"what": "ask", "reviewers": [str(desk.fund.people[PIETER.name])]}
    assert went_on(yusuf.post(page, chosen)) == page
    assert PIETER.name in yusuf.text(page)


def test_the_overview_says_who_is_late_and_where_reviewers_contradict(desk: Desk, eligible: UUID) -> None:
    given = desk.fund.assign(eligible, [BIRGIT, RASA, TUOMAS])
    desk.fund.review(BIRGIT, given[BIRGIT.name], 5)
    desk.fund.review(RASA, given[RASA.name], 2)
    page = f"/calls/{desk.slug}/reviews"
    fresh = words(desk.reader(cast.YUSUF).text(page))
    assert "60 Wide" in fresh
    assert "Late" not in fresh
    desk.fund.days(8)
    late, _, _ = words(desk.reader(cast.YUSUF).text(page)).partition("By application")
    assert "Late They have been reminded by mail." in late
    assert TUOMAS.name in late


@pytest.mark.parametrize("who", [None, cast.LEIF, cast.HANNA, RASA, cast.MONA, cast.PER_OLOF])
def test_who_reads_what_is_nobody_elses_business(desk: Desk, eligible: UUID, who: cast.Person | None) -> None:
    review = desk.ref(desk.fund.assign(eligible, [BIRGIT])[BIRGIT.name])
    stranger = desk.reader(who)
    for page in (
        f"/applications/{desk.ref(eligible)}/reviewers",
        f"/calls/{desk.slug}/reviews",
        f"/reviews/{review}/conflict",
        f"/reviews/{review}/scores",
    ):
        answer = stranger.get(page, follow_redirects=who is not None)
        assert answer.status_code == (404 if who else 303), page
    for page in (f"/applications/{desk.ref(eligible)}/reviewers", f"/reviews/{review}/conflict"):
        assert stranger.post(page, {"kind": "none"}).status_code == (404 if who else 303), page
