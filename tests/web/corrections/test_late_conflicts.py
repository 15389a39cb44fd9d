"""A reviewer's conflict of interest that comes to light when the ranking is frozen already."""

from __future__ import annotations

from tests import cast
from tests.factories.fund import BIRGIT
from tests.web.corrections.conftest import Desk
from tests.web.house import went_on

RASA = cast.REVIEWERS[3]
NAMES = ("potential", "actors", "feasibility")
SCORED = {f"score.{name}": "2" for name in NAMES} | {f"comment.{name}": "Seen." for name in NAMES}


def review_of(desk: Desk, person: cast.Person, reviewer: cast.Person) -> str:
    return desk.ref(desk.fund.review_of(desk.fund.told[person.name], reviewer))


def the_ranking_is_stale(desk: Desk) -> None:
    karin, call = desk.reader(cast.KARIN), desk.ref()
    page = desk.reads(cast.KARIN, f"/records/{call}")
    assert "Table the proposal" in page.partition("not open to you now")[2]
    assert f'href="{desk.page("ranking")}"' in karin.text(f"/records/{call}")
    refused = karin.post(f"/records/{call}/steps/table", {"revision": "1"})
    assert refused.status_code == 422
    again = desk.refused(cast.KARIN, call, "rank_again", reason="A review was set aside.")
    assert desk.ref(cast.LEIF) in again, "whose review is missing is named"


def somebody_else_reads(desk: Desk) -> None:
    """Let Yusuf ask Rasa instead, and Rasa hand in."""
    yusuf, page = desk.reader(cast.YUSUF), f"/applications/{desk.ref(cast.LEIF)}/reviewers"
    assert "one reviewer is missing" in desk.reads(cast.YUSUF, page)
    rasa = {"what": "by_mail", "email": RASA.email, "name": RASA.name, "language": "en"}
    went_on(yusuf.post(page, rasa))
    ref, reader = review_of(desk, cast.LEIF, RASA), desk.reader(RASA)
    went_on(reader.post(f"/reviews/{ref}/conflict", {"kind": "none"}))
    done = {**SCORED, "comment": "Weak.", "revision": "0", "then": "hand_in"}
    went_on(reader.post(f"/reviews/{ref}/scores", done))


def it_is_ranked_again(desk: Desk) -> None:
    """Freeze it anew, draw the proposal up anew, and only then may it come before the board."""
    call, ranking, karin = desk.ref(), desk.page("ranking"), desk.reader(cast.KARIN)
    before = desk.reads(cast.KARIN, ranking)
    assert before.index("Leif") < before.index("Hanna")
    desk.takes(cast.KARIN, call, "rank_again", via=ranking, reason="A review was set aside.")
    after = desk.reads(cast.KARIN, ranking)
    assert after.index("Hanna") < after.index("Leif"), "what does not count any more moved the place"
    assert karin.post(f"/records/{call}/steps/table", {"revision": "1"}).status_code == 422
    went_on(karin.post(desk.page("proposal"), {"anew": "yes"}))
    desk.takes(cast.KARIN, call, "table", via=desk.page("proposal"))
    assert desk.fund.state() == "tabled"


def test_a_conflict_found_by_the_office_ends_access_and_the_ranking(ranked_desk: Desk) -> None:
    desk, ref = ranked_desk, review_of(ranked_desk, cast.LEIF, BIRGIT)
    birgit = desk.reader(BIRGIT)
    assert "neighbour's electrician" in desk.reads(BIRGIT, f"/reviews/{ref}/scores")
    desk.takes(cast.KARIN, ref, "find_conflict", reason="Her cousin leads the project.")
    for page in (f"/reviews/{ref}/scores", f"/reviews/{ref}/conflict", f"/records/{ref}"):
        assert birgit.get(page, follow_redirects=True).status_code == 404
    assert desk.ref(cast.LEIF) not in birgit.text("/home")
    assert BIRGIT.name in desk.mails("review_ended")
    the_ranking_is_stale(desk)
    somebody_else_reads(desk)
    it_is_ranked_again(desk)
    assert "Her cousin leads the project." not in desk.reads(cast.LEIF, f"/records/{desk.ref(cast.LEIF)}")


def test_a_review_that_is_set_aside_stays_in_the_file_and_counts_no_more(ranked_desk: Desk) -> None:
    desk, ref = ranked_desk, review_of(ranked_desk, cast.LEIF, BIRGIT)
    assert desk.reader(cast.YUSUF).get(f"/records/{ref}/steps/set_aside").status_code == 404
    desk.takes(cast.KARIN, ref, "set_aside", reason="She mixed up two applications.")
    assert "Set aside" in desk.reads(cast.KARIN, f"/records/{ref}")
    assert "She mixed up two applications." in desk.reads(cast.KARIN, f"/records/{ref}")
    the_ranking_is_stale(desk)
    somebody_else_reads(desk)
    it_is_ranked_again(desk)
