"""A wrong refusal is put right by a new decision that replaces it, and what was right all along is granted alone (P3)."""

from __future__ import annotations

import re

from grantflow.services import awards
from tests import cast
from tests.factories.fund import BIRGIT, Balances
from tests.web.corrections.conftest import Desk
from tests.web.house import went_on

NO_CONFLICT = {"what": "own_conflict", "kind": "none"}
SCORES = {f"score.{name}": "4" for name in ("potential", "actors", "feasibility")} | {
    f"comment.{name}": "Seen and weighed." for name in ("potential", "actors", "feasibility")
}


def check(desk: Desk, person: cast.Person, unmet: str = "") -> None:
    """Let Yusuf answer the checklist of somebody's application on its page."""
    yusuf, page = desk.reader(cast.YUSUF), f"/applications/{desk.ref(person)}/checklist"
    if "answer.applicant" not in yusuf.text(page):
        went_on(yusuf.post(page, NO_CONFLICT))
    items = dict.fromkeys(re.findall(r'name="answer\.(\w+)"', yusuf.text(page)))
    went_on(yusuf.post(page, {f"answer.{item}": "no" if item == unmet else "yes" for item in items}))


def passes(desk: Desk, person: cast.Person) -> None:
    ref = desk.ref(person)
    desk.takes(cast.YUSUF, ref, "pass", via=f"/applications/{ref}/checklist")


def refuse_wrongly(desk: Desk) -> None:
    check(desk, cast.LEIF, unmet="signed")
    ref = desk.ref(cast.LEIF)
    desk.takes(cast.YUSUF, ref, "eligibility_hear", doubts="We find no power of attorney.")
    desk.takes(cast.LEIF, ref, "eligibility_answer", answer="We sent it to your colleague.")
    checklist = f"/applications/{ref}/checklist"
    went_on(desk.reader(cast.SOFIA).post(checklist, NO_CONFLICT))
    desk.takes(
        cast.SOFIA,
        ref,
        "find_ineligible",
        via=checklist,
        reason="Nobody entitled to sign stands behind it.",
    )


def review(desk: Desk, person: cast.Person) -> None:
    """Let Yusuf ask Birgit for a review of somebody's application, and Birgit hand it in."""
    yusuf, page = desk.reader(cast.YUSUF), f"/applications/{desk.ref(person)}/reviewers"
    birgit = {"what": "by_mail", "email": BIRGIT.email, "name": BIRGIT.name, "language": "nb"}
    went_on(yusuf.post(page, birgit))
    ref, reader = desk.ref(desk.fund.review_of(desk.fund.told[person.name], BIRGIT)), desk.reader(BIRGIT)
    went_on(reader.post(f"/reviews/{ref}/conflict", {"kind": "none"}))
    scored = {**SCORES, "comment": "Worth trying.", "revision": "0", "then": "hand_in"}
    went_on(reader.post(f"/reviews/{ref}/scores", scored))


def others_are_decided(desk: Desk) -> None:
    """Let the round go its way with Hanna alone: this is not what the story is about."""
    fund, hanna = desk.fund, desk.fund.told[cast.HANNA.name]
    fund.pass_(cast.YUSUF, hanna)
    given = fund.assign(hanna, [BIRGIT])
    fund.step(cast.KARIN, fund.call_id, "start_review")
    fund.review(BIRGIT, given[BIRGIT.name], 4)
    fund.step(cast.KARIN, fund.call_id, "close_review")
    with fund.tx(cast.KARIN) as tx:
        awards.draw_up_proposal(tx, fund.call_id)
    fund.decide()
    fund.release()
    assert fund.balances() == Balances(75_000, 0, 30_000, 0, 0)


def test_a_wrong_refusal_is_put_right_out_of_round(closed_desk: Desk) -> None:
    desk, ref = closed_desk, closed_desk.ref(cast.LEIF)
    refuse_wrongly(desk)
    assert desk.state(cast.LEIF) == "ineligible"
    assert "Nobody entitled to sign stands behind it." in desk.reads(
        cast.LEIF, f"/applications/{ref}/decision"
    )
    others_are_decided(desk)

    desk.takes(cast.SOFIA, ref, "put_right", reason="The power of attorney lay with a colleague.")
    told = desk.mails("decision_replaced")[cast.LEIF.name]
    assert "The power of attorney lay with a colleague." in told
    for person in (cast.LEIF, cast.YUSUF):
        read = desk.reads(person, f"/records/{ref}")
        newer, earlier = read.index("Replaces the decision with number"), read.index("Earlier decision")
        assert newer < read.index("The power of attorney lay with a colleague.") < earlier
        assert earlier < read.index("Replaced by the decision with number")
        assert earlier < read.index("Nobody entitled to sign stands behind it.", earlier)
    decision = f"/applications/{ref}/decision"
    assert f'href="{decision}"' in desk.reader(cast.LEIF).text(f"/records/{ref}")
    assert "The power of attorney lay with a colleague." in desk.reads(cast.LEIF, decision)

    check(desk, cast.LEIF)
    passes(desk, cast.LEIF)
    assert desk.state(cast.LEIF) == "out_of_round"
    early = desk.refused(cast.SOFIA, ref, "approve_out_of_round", amount="40 000", reason="As good.")
    assert "review" in early.lower()
    review(desk, cast.LEIF)
    before = desk.reads(cast.LEIF, f"/records/{ref}")
    desk.takes(
        cast.SOFIA, ref, "approve_out_of_round", amount="30 000", reason="As good as those that were funded."
    )
    after = desk.reads(cast.LEIF, f"/records/{ref}")
    assert after == before, "nothing tells of what is not released"
    assert desk.fund.balances() == Balances(75_000, 30_000, 30_000, 0, 0)

    karin, letter = desk.reader(cast.KARIN), f"/applications/{ref}/letter"
    assert f'href="{letter}"' in karin.text(f"/records/{ref}"), (
        "why it cannot be released leads to its letter"
    )
    page = karin.text(letter)
    assert "30 000" in " ".join(page.split()).replace("\u202f", " ").replace("\xa0", " ")
    read_text = re.search(r'name="sha256" value="([0-9a-f]{64})"', page)
    assert read_text is not None
    went_on(karin.post(letter, {"sha256": read_text[1]}))
    desk.takes(cast.KARIN, ref, "release_one")
    assert desk.state(cast.LEIF) == "awarded"
    assert "EUR 30 000" in desk.reads(cast.LEIF, decision)
    award = desk.ref(desk.fund.award(desk.fund.told[cast.LEIF.name]))
    desk.takes(cast.LEIF, award, "accept")
    assert desk.fund.balances() == Balances(75_000, 0, 60_000, 0, 0)
    read = desk.reads(cast.LEIF, f"/records/{ref}")
    assert read.count("Earlier decision") == 2
    assert "Annulled" in read
    assert "Not eligible" in read
    assert [kind for kind, _, _ in desk.fund.decisions(desk.fund.told[cast.LEIF.name])] == [
        "ineligible",
        "annulled",
        "yes",
    ]
    desk.fund.days(1)  # the applicants know first
    public = desk.reads(None, desk.page())
    assert "EUR 60 000" in public, "the money that is granted stands on the public page"


def test_nobody_puts_right_what_they_did_not_decide(closed_desk: Desk) -> None:
    desk, ref = closed_desk, closed_desk.ref(cast.LEIF)
    refuse_wrongly(desk)
    address = f"/records/{ref}/steps/put_right"
    for person in (cast.YUSUF, cast.KARIN, cast.LEIF, cast.HANNA):
        assert desk.reader(person).get(address).status_code == 404
        assert desk.reader(person).post(address, {"revision": "1", "reason": "Mine."}).status_code == 404
    assert "reason" in desk.refused(cast.SOFIA, ref, "put_right", reason="").lower()
    assert desk.state(cast.LEIF) == "ineligible"
