"""The seed fund from applications to letters and beyond, with what goes wrong on the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import pytest

from grantflow.domain.refusal import Refused
from grantflow.services import applications, awards, cases, reviews
from grantflow.services.journal import verify
from tests import cast
from tests.factories.fund import Balances, Fund, answers, small_fund

TUOMAS, BIRGIT, RASA, PIETER, LENA = cast.REVIEWERS[1:6]
TEAM = (TUOMAS, BIRGIT, RASA)


@pytest.fixture
def fund(database_url: str) -> Iterator[Fund]:
    told = Fund(database_url, small_fund(95_000))
    yield told
    told.database.dispose()


@dataclass(slots=True)
class Sent:
    """The applications of the story."""

    mill: UUID
    greenhouse: UUID
    sawmill: UUID
    forest: UUID
    builder: UUID
    hall: UUID
    union: UUID
    yard: UUID
    foundry: UUID
    given: dict[UUID, dict[str, UUID]] = field(default_factory=dict)
    """Reviews by application and reviewer."""

    @property
    def ranked(self) -> tuple[UUID, ...]:
        return self.mill, self.greenhouse, self.sawmill, self.forest, self.builder, self.yard


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {refusal.code for refusal in refused.value.refusals}


def test_the_fund_from_first_draft_to_checked_report(fund: Fund) -> None:
    fund.play_to_fund()
    sent = applications_come_in(fund)
    late_ones_are_decided(fund, sent)
    one_is_completed(fund, sent)
    one_is_refused_wrongly(fund, sent)
    fund.pass_(cast.YUSUF, *sent.ranked)
    reviewers_are_found(fund, sent)
    reviewers_read(fund, sent)
    the_ranking_goes_stale(fund, sent)
    the_board_decides(fund, sent)
    letters_leave(fund, sent)
    the_reserve_moves_up(fund, sent)
    the_refusal_is_put_right(fund, sent)
    projects_end(fund, sent)

    with fund.reading() as tx:
        assert verify(tx).faults == ()


def applications_come_in(fund: Fund) -> Sent:
    mill = fund.apply(cast.LEIF, "Night heat from the rolling mill", 40_000, 70_000)
    greenhouse = fund.apply(cast.HANNA, "Tomatoes on waste heat", 30_000, 50_000)
    sawmill = fund.apply(cast.MIKAEL, "Biochar as reductant", 30_000, 50_000, [2])
    forest = fund.apply(cast.SARA, "Bark finds an owner", 20_000, 35_000, [2])
    builder = fund.apply(cast.FATIMA, "Beams with a birth certificate", 25_000, 45_000, [3])
    hall = fund.apply(cast.JOHAN, "Borrow a robot", 10_000, 20_000, [4])
    institute = fund.apply(cast.HENRIK, "Ash that is worth something", 12_000, 20_000, [2])
    fund.step(cast.HENRIK, institute, "withdraw")
    union, yard, foundry = fund.start(cast.SAMIRA), fund.start(cast.BENGT), fund.start(cast.YLVA)
    fund.fill(cast.SAMIRA, union, {"title": "Evening school"})
    with pytest.raises(Refused) as refused:
        fund.send(cast.SAMIRA, union)
    assert codes(refused) == {"field_missing", "no_action_named", "nothing_asked"}
    fund.fill(cast.BENGT, yard, answers("The beam bank", 15_000, 30_000, [3]))
    fund.fill(cast.YLVA, foundry, answers("Ten foundries try induction", 30_000, 52_000, [4]))
    fund.until(fund.plan.date("submission_deadline") + timedelta(minutes=7))
    assert fund.state() == "checking"
    assert fund.state(union) == "not_submitted"
    fund.send(cast.BENGT, yard)
    fund.send(cast.YLVA, foundry)
    assert fund.state(yard) == fund.state(foundry) == "late"
    return Sent(mill, greenhouse, sawmill, forest, builder, hall, union, yard, foundry)


def late_ones_are_decided(fund: Fund, sent: Sent) -> None:
    fund.step(cast.YUSUF, sent.yard, "propose_admission", reason="The upload hung, the log shows it.")
    fund.step(cast.SOFIA, sent.yard, "admit_late", reason="The upload hung.")
    fund.step(cast.SOFIA, sent.foundry, "dismiss_late", reason="The log shows no fault of ours.")
    assert fund.decisions(sent.yard) == [("admitted", 0, "delegation")]
    assert fund.decisions(sent.foundry) == [("dismissed", 0, "delegation")]


def one_is_completed(fund: Fund, sent: Sent) -> None:
    with pytest.raises(Refused) as refused, fund.tx(cast.YUSUF) as tx:
        applications.ask_completion(tx, sent.builder, ["plan"], "The steps are vague.")
    assert codes(refused) == {"section_not_completable"}
    with fund.tx(cast.YUSUF) as tx:
        applications.ask_completion(tx, sent.builder, ["budget"], "The staff costs are not split.")
    with pytest.raises(Refused) as refused:
        fund.send(cast.FATIMA, sent.builder)
    assert codes(refused) == {"nothing_completed"}
    with pytest.raises(Refused) as refused:
        fund.fill(cast.FATIMA, sent.builder, {"idea": "An even better idea."})
    assert codes(refused) == {"section_closed"}
    fund.fill(cast.FATIMA, sent.builder, {"own_share": "The owner of the house."})
    fund.send(cast.FATIMA, sent.builder)
    with fund.reading(cast.FATIMA) as tx:
        receipt = applications.receipt(tx, sent.builder)
        assert (receipt.number, receipt.completion, receipt.late) == (2, 1, 0)


def one_is_refused_wrongly(fund: Fund, sent: Sent) -> None:
    fund.check(cast.YUSUF, sent.hall, unmet=["signed"])
    with pytest.raises(Refused) as refused:
        fund.step(cast.YUSUF, sent.hall, "pass")
    assert codes(refused) == {"checklist_unmet"}
    fund.step(cast.YUSUF, sent.hall, "eligibility_hear", doubts="We find no power of attorney.")
    fund.step(cast.JOHAN, sent.hall, "eligibility_answer", answer="We sent it to your colleague.")
    fund.step(cast.SOFIA, sent.hall, "find_ineligible", reason="Nobody entitled to sign stands behind it.")


def reviewers_are_found(fund: Fund, sent: Sent) -> None:
    with pytest.raises(Refused) as refused:
        fund.step(cast.KARIN, fund.call_id, "start_review")
    assert codes(refused) == {"reviewers_missing"}
    with pytest.raises(Refused) as refused:
        fund.assign(sent.mill, [cast.LEIF])
    assert codes(refused) == {"reviewer_is_applicant"}
    for each in sent.ranked:
        sent.given[each] = fund.assign(each, [TUOMAS, BIRGIT, PIETER if each == sent.sawmill else RASA])
    with pytest.raises(Refused) as refused:
        fund.assign(sent.mill, [BIRGIT])
    assert codes(refused) == {"reviewer_already_there"}
    fund.step(cast.KARIN, fund.call_id, "start_review")
    assert fund.state(sent.union) == "unsent"


def reviewers_read(fund: Fund, sent: Sent) -> None:
    with fund.tx(PIETER) as tx:
        reviews.declare_conflict(tx, sent.given[sent.sawmill][PIETER.name], "I own shares in a rival.")
    with pytest.raises(Refused) as refused:
        fund.assign(sent.sawmill, [PIETER])
    assert codes(refused) == {"conflict_on_record"}
    sent.given[sent.sawmill] |= fund.assign(sent.sawmill, [RASA])
    with pytest.raises(Refused) as refused:
        fund.step(cast.KARIN, fund.call_id, "close_review")
    assert codes(refused) == {"reviews_missing"}
    for each, points in zip(sent.ranked, (5, 4, 4, 3, 2, 3), strict=True):
        for reviewer in TEAM:
            impressed = reviewer is RASA and each in (sent.greenhouse, sent.forest)
            scored = {"potential": points + impressed, "actors": points, "feasibility": points}
            fund.review(reviewer, sent.given[each][reviewer.name], scored)
    fund.step(cast.KARIN, fund.call_id, "close_review")


def the_ranking_goes_stale(fund: Fund, sent: Sent) -> None:
    with fund.tx(cast.KARIN) as tx:
        awards.draw_up_proposal(tx, fund.call_id)
        reviews.set_aside(tx, sent.given[sent.yard][TUOMAS.name], "He mixed up two applications.")
    with pytest.raises(Refused) as refused:
        fund.step(cast.KARIN, fund.call_id, "table")
    assert codes(refused) == {"ranking_counts_set_aside"}
    with pytest.raises(Refused) as refused:
        fund.step(cast.KARIN, fund.call_id, "rank_again", reason="A review was set aside.")
    assert codes(refused) == {"reviews_missing"}
    fund.review(LENA, fund.assign(sent.yard, [LENA])[LENA.name], 3)
    fund.step(cast.KARIN, fund.call_id, "rank_again", reason="A review was set aside.")
    with pytest.raises(Refused) as refused:
        fund.step(cast.KARIN, fund.call_id, "table")
    assert codes(refused) == {"proposal_outdated"}


def the_board_decides(fund: Fund, sent: Sent) -> None:
    """Less than asked with a condition; one that does not fit is skipped, and a smaller one after it is funded."""
    with fund.tx(cast.KARIN) as tx:
        reviews.write_panel_statement(
            tx,
            sent.mill,
            "fund_less",
            "Strong, but without the study trip.",
            amount=35_000_00,
            conditions=["The municipality confirms its share."],
        )
        awards.draw_up_proposal(tx, fund.call_id)
    with pytest.raises(Refused) as refused, fund.tx(cast.KARIN) as tx:
        awards.change_line(tx, fund.call_id, sent.yard, answer="no")
    assert codes(refused) == {"departure_unexplained"}
    fund.decide()
    assert [fund.decisions(each)[-1] for each in sent.ranked] == [
        ("yes", 35_000, "body"),
        ("yes", 30_000, "body"),
        ("reserve", 30_000, "body"),
        ("yes", 20_000, "body"),
        ("no", 0, "body"),
        ("reserve", 15_000, "body"),
    ]
    assert fund.balances() == Balances(95_000, 85_000, 0, 0, 0)


def letters_leave(fund: Fund, sent: Sent) -> None:
    with pytest.raises(Refused) as refused:
        fund.step(cast.KARIN, fund.call_id, "release")
    assert codes(refused) == {"letters_unread"}
    with fund.reading(cast.LEIF) as tx:
        assert cases.choices(tx, [sent.mill])[sent.mill].state == "eligible"
    fund.release()
    assert [fund.state(each) for each in sent.ranked] == [
        "awarded",
        "awarded",
        "reserve",
        "awarded",
        "not_funded",
        "reserve",
    ]
    assert fund.balances() == Balances(95_000, 0, 85_000, 0, 0)


def the_reserve_moves_up(fund: Fund, sent: Sent) -> None:
    for person, each in ((cast.LEIF, sent.mill), (cast.SARA, sent.forest)):
        with fund.tx(person) as tx:
            awards.accept_award(tx, fund.award(each))
    fund.step(cast.HANNA, fund.award(sent.greenhouse), "decline", reason="The new owner stops it.")
    assert fund.state(sent.greenhouse) == "declined"
    assert fund.balances() == Balances(95_000, 0, 55_000, 30_000, 0)
    with pytest.raises(Refused) as refused:
        fund.step(cast.SOFIA, sent.yard, "move_up", reason="It is ready.")
    assert codes(refused) == {"reserve_out_of_order"}
    fund.step(cast.SOFIA, sent.sawmill, "move_up", reason="Money became free.")
    with pytest.raises(Refused) as refused:
        fund.step(cast.KARIN, sent.sawmill, "release_one")
    assert codes(refused) == {"letter_unread"}
    with fund.tx(cast.KARIN) as tx:
        awards.preview_letter(tx, sent.sawmill)
    fund.step(cast.KARIN, sent.sawmill, "release_one")
    assert fund.state(sent.sawmill) == "awarded"
    assert fund.decisions(sent.sawmill) == [("reserve", 30_000, "body"), ("yes", 30_000, "delegation")]


def the_refusal_is_put_right(fund: Fund, sent: Sent) -> None:
    """Out of round, by the same rubric, with what is free."""
    hall = sent.hall
    fund.step(cast.SOFIA, hall, "put_right", reason="The power of attorney had been filed with a colleague.")
    fund.pass_(cast.YUSUF, hall)
    assert fund.state(hall) == "out_of_round"
    with pytest.raises(Refused) as refused:
        fund.step(cast.SOFIA, hall, "approve_out_of_round", amount=10_000_00, reason="As good as the others.")
    assert codes(refused) == {"reviews_missing"}
    fund.review_all({hall: 4}, TEAM)
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


def projects_end(fund: Fund, sent: Sent) -> None:
    """Conditions one by one, report, a second pair of eyes, and the lower of sum and rate of cost is paid."""
    award = fund.award(sent.mill)
    assert fund.state(award) == "conditions"
    with fund.tx(cast.YUSUF) as tx:
        awards.fulfil_condition(tx, award, 1, "Minutes of the municipal board.")
    fund.step(cast.YUSUF, award, "start")
    for person, each, cost in ((cast.LEIF, sent.mill, 60_000_00), (cast.SARA, sent.forest, 30_000_00)):
        with fund.tx(person) as tx:
            awards.report(tx, fund.award(each), "It ran all winter.", cost)
        fund.step(cast.YUSUF, fund.award(each), "check_report")
        with fund.tx(cast.PER_OLOF) as tx:
            awards.settle(tx, fund.award(each))
        assert fund.state(each) == "completed"
    assert fund.balances() == Balances(95_000, 0, 93_000, 32_000, 53_000)
