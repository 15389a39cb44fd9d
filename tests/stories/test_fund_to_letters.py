"""The seed fund from applications to letters and beyond, with what goes wrong on the way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from grantflow.domain.refusal import Refused
from grantflow.services import applications, awards, cases, reviews
from grantflow.services.journal import verify
from tests import cast
from tests.factories.fund import Balances, Fund, answers, small_fund

TUOMAS, BIRGIT, RASA, PIETER, LENA, CECILIA, OMAR = cast.REVIEWERS[1:]


@pytest.fixture
def fund(database_url: str) -> Iterator[Fund]:
    told = Fund(database_url, small_fund(95_000))
    yield told
    told.database.dispose()


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {refusal.code for refusal in refused.value.refusals}


def test_the_fund_from_first_draft_to_checked_report(fund: Fund) -> None:
    fund.play_to_fund()
    deadline = fund.plan.date("submission_deadline")

    # Applications: six in time, one never sent, two late, one withdrawn.
    mill = fund.apply(cast.LEIF, "Night heat from the rolling mill", 40_000, 70_000)
    greenhouse = fund.apply(cast.HANNA, "Tomatoes on waste heat", 30_000, 50_000)
    sawmill = fund.apply(cast.MIKAEL, "Biochar as reductant", 30_000, 50_000, [2])
    forest = fund.apply(cast.SARA, "Bark finds an owner", 20_000, 35_000, [2])
    builder = fund.apply(cast.FATIMA, "Beams with a birth certificate", 25_000, 45_000, [3])
    hall = fund.apply(cast.JOHAN, "Borrow a robot", 10_000, 20_000, [4])
    union = fund.start(cast.SAMIRA)
    fund.fill(cast.SAMIRA, union, {"title": "Evening school"})
    with pytest.raises(Refused) as refused:
        fund.send(cast.SAMIRA, union)
    assert {"field_missing", "declaration_missing", "no_action_named", "nothing_asked"} >= codes(refused)
    institute = fund.apply(cast.HENRIK, "Ash that is worth something", 12_000, 20_000, [2])
    fund.step(cast.HENRIK, institute, "withdraw")
    yard, foundry = fund.start(cast.BENGT), fund.start(cast.YLVA)
    fund.fill(cast.BENGT, yard, answers("The beam bank", 15_000, 30_000, [3]))
    fund.fill(cast.YLVA, foundry, answers("Ten foundries try induction", 30_000, 52_000, [4]))
    fund.until(deadline + timedelta(minutes=7))
    assert fund.state() == "checking"
    assert fund.state(union) == "not_submitted"
    fund.send(cast.BENGT, yard)
    fund.send(cast.YLVA, foundry)
    assert fund.state(yard) == fund.state(foundry) == "late"

    # Late ones: who asked for the admission does not decide on it.
    fund.step(cast.YUSUF, yard, "propose_admission", reason="Our upload hung, the log shows it.")
    fund.step(cast.SOFIA, yard, "admit_late", reason="Our upload hung.")
    fund.step(cast.SOFIA, foundry, "dismiss_late", reason="The log shows no fault of ours.")

    # One is incomplete: only what the form lets be completed is reopened.
    with pytest.raises(Refused) as refused, fund.tx(cast.YUSUF) as tx:
        applications.ask_completion(tx, builder, ["plan"], "The steps are vague.")
    assert codes(refused) == {"section_not_completable"}
    with fund.tx(cast.YUSUF) as tx:
        applications.ask_completion(tx, builder, ["budget"], "The staff costs are not split.")
    with pytest.raises(Refused) as refused:
        fund.send(cast.FATIMA, builder)
    assert codes(refused) == {"nothing_completed"}
    with pytest.raises(Refused) as refused:
        fund.fill(cast.FATIMA, builder, {"idea": "An even better idea."})
    assert codes(refused) == {"section_closed"}
    fund.fill(cast.FATIMA, builder, {"own_share": "The owner of the house."})
    fund.send(cast.FATIMA, builder)

    # One is refused wrongly, after it was heard.
    fund.check(cast.YUSUF, hall, unmet=["signed"])
    with pytest.raises(Refused) as refused:
        fund.step(cast.YUSUF, hall, "pass")
    assert codes(refused) == {"checklist_unmet"}
    fund.step(cast.YUSUF, hall, "eligibility_hear", doubts="We find no power of attorney.")
    fund.step(cast.JOHAN, hall, "eligibility_answer", answer="We sent it to your colleague.")
    fund.step(cast.SOFIA, hall, "find_ineligible", reason="Nobody entitled to sign stands behind it.")
    fund.pass_(cast.YUSUF, mill, greenhouse, sawmill, forest, builder, yard)

    # Reviewers: nobody reads their own organisation's or after a conflict.
    with pytest.raises(Refused) as refused:
        fund.step(cast.KARIN, fund.call_id, "start_review")
    assert codes(refused) == {"reviewers_missing"}
    with pytest.raises(Refused) as refused:
        fund.assign(mill, [cast.LEIF])
    assert codes(refused) == {"reviewer_is_applicant"}
    given = {
        each: fund.assign(each, [TUOMAS, BIRGIT, PIETER if each == sawmill else RASA])
        for each in (mill, greenhouse, sawmill, forest, builder, yard)
    }
    fund.step(cast.KARIN, fund.call_id, "start_review")
    assert fund.state(union) == "unsent"
    with fund.tx(PIETER) as tx:
        reviews.declare_conflict(tx, given[sawmill][PIETER.name], "I own shares in a rival.")
    with pytest.raises(Refused) as refused:
        fund.assign(sawmill, [PIETER])
    assert codes(refused) == {"conflict_on_record"}
    given[sawmill] |= fund.assign(sawmill, [RASA])
    points = {mill: 5, greenhouse: 4, sawmill: 4, forest: 3, builder: 2, yard: 3}
    for each, score in points.items():
        for reviewer in (TUOMAS, BIRGIT, RASA):
            better = {"potential": score + 1, "actors": score, "feasibility": score}
            fund.review(
                reviewer,
                given[each][reviewer.name],
                better if each in (greenhouse, forest) and reviewer is RASA else score,
            )

    # The ranking is frozen; a review is set aside; nothing can be tabled on the stale ranking.
    fund.step(cast.KARIN, fund.call_id, "close_review")
    with fund.tx(cast.KARIN) as tx:
        awards.draw_up_proposal(tx, fund.call_id)
    with fund.tx(cast.KARIN) as tx:
        reviews.set_aside(tx, given[yard][TUOMAS.name], "He mixed up two applications.")
    with pytest.raises(Refused) as refused:
        fund.step(cast.KARIN, fund.call_id, "table")
    assert codes(refused) == {"ranking_counts_set_aside"}
    with pytest.raises(Refused) as refused:
        fund.step(cast.KARIN, fund.call_id, "rank_again", reason="A review was set aside.")
    assert codes(refused) == {"reviews_missing"}
    substitute = fund.assign(yard, [LENA])
    fund.review(LENA, substitute[LENA.name], 3)
    fund.step(cast.KARIN, fund.call_id, "rank_again", reason="A review was set aside.")
    with pytest.raises(Refused) as refused:
        fund.step(cast.KARIN, fund.call_id, "table")
    assert codes(refused) == {"proposal_outdated"}

    # The proposal: less than asked with a condition; who fits after one that does not is funded all the same.
    with fund.tx(cast.KARIN) as tx:
        reviews.write_panel_statement(
            tx,
            mill,
            "fund_less",
            "Strong, but without the study trip.",
            amount=35_000_00,
            conditions=["The municipality confirms its share."],
        )
    with fund.tx(cast.KARIN) as tx:
        awards.draw_up_proposal(tx, fund.call_id)
    with pytest.raises(Refused) as refused, fund.tx(cast.KARIN) as tx:
        awards.change_line(tx, fund.call_id, yard, answer="no")
    assert codes(refused) == {"departure_unexplained"}
    fund.decide()
    assert {
        each: fund.decisions(each)[-1][:2] for each in (mill, greenhouse, sawmill, forest, builder, yard)
    } == {
        mill: ("yes", 35_000),
        greenhouse: ("yes", 30_000),
        sawmill: ("reserve", 30_000),
        forest: ("yes", 20_000),
        builder: ("no", 0),
        yard: ("reserve", 15_000),
    }
    assert fund.balances() == Balances(95_000, 85_000, 0, 0, 0)

    # Nothing leaves before every letter was read; applicants see nothing of it.
    with pytest.raises(Refused) as refused:
        fund.step(cast.KARIN, fund.call_id, "release")
    assert codes(refused) == {"letters_unread"}
    with fund.reading(cast.LEIF) as tx:
        assert cases.choices(tx, [mill])[mill].state == "eligible"
    fund.release()
    assert [fund.state(each) for each in (mill, greenhouse, sawmill, forest, builder, yard)] == [
        "awarded",
        "awarded",
        "reserve",
        "awarded",
        "not_funded",
        "reserve",
    ]
    assert fund.balances() == Balances(95_000, 0, 85_000, 0, 0)

    # One declines; the reserve moves up in its order.
    for person, each in ((cast.LEIF, mill), (cast.SARA, forest)):
        with fund.tx(person) as tx:
            awards.accept_award(tx, fund.award(each))
    fund.step(cast.HANNA, fund.award(greenhouse), "decline", reason="The new owner stops it.")
    assert fund.state(greenhouse) == "declined"
    assert fund.balances() == Balances(95_000, 0, 55_000, 30_000, 0)
    with pytest.raises(Refused) as refused:
        fund.step(cast.SOFIA, yard, "move_up", reason="It is ready.")
    assert codes(refused) == {"reserve_out_of_order"}
    fund.step(cast.SOFIA, sawmill, "move_up", reason="Money became free.")
    with pytest.raises(Refused) as refused:
        fund.step(cast.KARIN, sawmill, "release_one")
    assert codes(refused) == {"letter_unread"}
    with fund.tx(cast.KARIN) as tx:
        awards.preview_letter(tx, sawmill)
    fund.step(cast.KARIN, sawmill, "release_one")
    assert fund.state(sawmill) == "awarded"
    assert fund.decisions(sawmill) == [("reserve", 30_000, "body"), ("yes", 30_000, "delegation")]

    # The wrong refusal is put right out of round, by the same rubric, with what is free.
    fund.step(cast.SOFIA, hall, "put_right", reason="The power of attorney had been filed with a colleague.")
    fund.pass_(cast.YUSUF, hall)
    assert fund.state(hall) == "out_of_round"
    with pytest.raises(Refused) as refused:
        fund.step(cast.SOFIA, hall, "approve_out_of_round", amount=10_000_00, reason="As good as the others.")
    assert codes(refused) == {"reviews_missing"}
    fund.review_all({hall: 4}, [TUOMAS, BIRGIT, RASA])
    with pytest.raises(Refused) as refused:
        fund.step(cast.SOFIA, hall, "approve_out_of_round", amount=12_000_00, reason="As good as the others.")
    assert codes(refused) == {"sum_outside_limits", "budget_gone"}
    fund.step(cast.SOFIA, hall, "approve_out_of_round", amount=10_000_00, reason="As good as the others.")
    with fund.tx(cast.KARIN) as tx:
        awards.preview_letter(tx, hall)
    fund.step(cast.KARIN, hall, "release_one")
    assert fund.decisions(hall) == [
        ("ineligible", 0, "delegation"),
        ("annulled", 0, "delegation"),
        ("yes", 10_000, "delegation"),
    ]
    assert fund.balances() == Balances(95_000, 0, 95_000, 30_000, 0)

    # Conditions one by one, report, second pair of eyes, settlement: the lower of sum and rate of cost.
    award = fund.award(mill)
    assert fund.state(award) == "conditions"
    with fund.tx(cast.YUSUF) as tx:
        awards.fulfil_condition(tx, award, 1, "Minutes of the municipal board.")
    fund.step(cast.YUSUF, award, "start")
    for person, each, cost in ((cast.LEIF, mill, 60_000), (cast.SARA, forest, 30_000)):
        with fund.tx(person) as tx:
            awards.report(tx, fund.award(each), "It ran all winter.", cost * 100)
        fund.step(cast.YUSUF, fund.award(each), "check_report")
        with fund.tx(cast.PER_OLOF) as tx:
            awards.settle(tx, fund.award(each))
        assert fund.state(each) == "completed"
    assert fund.balances() == Balances(95_000, 0, 93_000, 32_000, 53_000)

    with fund.reading() as tx:
        verified = verify(tx)
    assert verified.faults == ()
