"""Assigning, declaring, scoring, ranking: who may, what stays, and that nobody in conflict sees anything."""

from __future__ import annotations

import json
from hashlib import sha256
from uuid import UUID

import pytest
from sqlalchemy import select

from grantflow.domain.refusal import Refused
from grantflow.services import applications, reviews
from grantflow.store.applications.visibility import visible_to as application_visible_to
from grantflow.store.cases import CaseRow
from grantflow.store.reviews.models import Ranking, RankingLine, Review
from grantflow.store.reviews.visibility import abstract_visible_to, readable_by_reviewer, visible_to
from tests import cast
from tests.factories.fund import Fund

TUOMAS, BIRGIT, RASA, PIETER = cast.REVIEWERS[1:5]


@pytest.fixture
def eligible(fund: Fund) -> UUID:
    each = fund.apply(cast.LEIF, "Night heat", 40_000, 70_000)
    fund.until(fund.plan.date("submission_deadline"))
    fund.pass_(cast.YUSUF, each)
    return each


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [refusal.code for refusal in refused.value.refusals]


def sees(fund: Fund, person: cast.Person) -> dict[str, set[str]]:
    """Return the lifecycles and references that a person sees, by the four conditions."""
    with fund.reading(person) as tx:
        conditions = {
            "application": application_visible_to(tx, tx.actor),
            "abstract": abstract_visible_to(tx, tx.actor),
            "read": readable_by_reviewer(tx, tx.actor),
            "review": visible_to(tx, tx.actor),
        }
        return {
            name: set(tx.execute(select(CaseRow.lifecycle).where(condition)).scalars())
            for name, condition in conditions.items()
        }


def test_a_reviewer_reads_only_after_having_said_that_there_is_no_conflict(
    fund: Fund, eligible: UUID
) -> None:
    nothing: dict[str, set[str]] = {"application": set(), "abstract": set(), "read": set(), "review": set()}
    assert sees(fund, BIRGIT) == nothing
    review = fund.assign(eligible, [BIRGIT])[BIRGIT.name]
    assert sees(fund, BIRGIT) == {**nothing, "abstract": {"application"}, "review": {"review"}}
    with pytest.raises(Refused) as refused, fund.tx(BIRGIT) as tx:
        reviews.save_scores(tx, review, {"potential": 3})
    assert codes(refused) == ["not_editable"]
    with fund.tx(BIRGIT) as tx:
        reviews.accept(tx, review)
    assert sees(fund, BIRGIT) == {
        **nothing,
        "abstract": {"application"},
        "read": {"application"},
        "review": {"review"},
    }
    with fund.tx(BIRGIT) as tx:
        reviews.declare_conflict(tx, review, "My sister is on its board.")
    assert sees(fund, BIRGIT) == nothing


def test_a_conflict_closes_everything_whatever_the_role(fund: Fund, eligible: UUID) -> None:
    fund.assign(eligible, [BIRGIT])
    everything = {"application": {"application"}, "abstract": set(), "read": set(), "review": {"review"}}
    assert sees(fund, cast.KARIN) == everything
    with fund.tx(cast.YUSUF) as tx:
        applications.record_conflict(
            tx, eligible, fund.people[cast.KARIN.name], "hard", "Her husband's firm."
        )
    assert sees(fund, cast.KARIN) == {name: set() for name in everything}
    with pytest.raises(Refused) as refused, fund.tx(cast.KARIN) as tx:
        reviews.assign_reviewer(tx, eligible, fund.people[RASA.name])
    assert codes(refused) == ["in_conflict"]


def test_the_applicant_sees_its_application_and_no_review_of_it(fund: Fund, eligible: UUID) -> None:
    fund.assign(eligible, [BIRGIT])
    assert sees(fund, cast.LEIF) == {
        "application": {"application"},
        "abstract": set(),
        "read": set(),
        "review": set(),
    }
    assert sees(fund, cast.HANNA)["application"] == set()


def test_a_review_is_written_by_its_reviewer_alone_and_in_parts(fund: Fund, eligible: UUID) -> None:
    given = fund.assign(eligible, [BIRGIT, RASA])
    for person in (BIRGIT, RASA):
        with fund.tx(person) as tx:
            reviews.accept(tx, given[person.name])
    review = given[BIRGIT.name]
    with pytest.raises(Refused) as refused, fund.tx(RASA) as tx:
        reviews.save_scores(tx, review, {"potential": 0})
    assert codes(refused) == ["not_editable"]
    with fund.tx(BIRGIT) as tx:
        assert reviews.save_scores(tx, review, {"potential": 4}, {"potential": "Far."}) == 1
        assert reviews.save_scores(tx, review, {"actors": 3}, comment="Good.", revision=1) == 2
    with pytest.raises(Refused) as refused, fund.tx(BIRGIT) as tx:
        reviews.save_scores(tx, review, {"actors": 1}, revision=1)
    assert codes(refused) == ["scores_stale"]
    with pytest.raises(Refused) as refused, fund.tx(BIRGIT) as tx:
        reviews.save_scores(tx, review, {"actors": 6, "charm": 5})
    assert codes(refused) == ["unknown_criterion", "score_off_scale"]
    with fund.reading(BIRGIT) as tx:
        sheet = reviews.sheet_of(tx, review)
    assert (sheet.points, sheet.comment) == ({"potential": 4, "actors": 3}, "Good.")
    with pytest.raises(Refused) as refused, fund.tx(BIRGIT) as tx:
        reviews.submit_review(tx, review)
    assert set(codes(refused)) == {"score_missing", "comment_missing"}


def test_what_is_handed_in_is_frozen(fund: Fund, eligible: UUID) -> None:
    review = fund.assign(eligible, [BIRGIT])[BIRGIT.name]
    fund.review(BIRGIT, review, 4)
    with fund.reading() as tx:
        row = tx.execute(select(Review.submitted_at, Review.sha256)).one()
    assert row.submitted_at == fund.now
    assert len(row.sha256) == 64
    with pytest.raises(Refused) as refused, fund.tx(BIRGIT) as tx:
        reviews.save_scores(tx, review, {"potential": 5})
    assert codes(refused) == ["not_editable"]


def test_a_conflict_that_comes_up_while_writing_ends_in_a_substitute(fund: Fund, eligible: UUID) -> None:
    review = fund.assign(eligible, [BIRGIT])[BIRGIT.name]
    with fund.tx(BIRGIT) as tx:
        reviews.accept(tx, review)
        reviews.save_scores(tx, review, {"potential": 5}, comment="Mine.")
    with fund.tx(cast.YUSUF) as tx:
        reviews.declare_conflict(tx, review, "Her former employer is a partner.")
    assert fund.state(review) == "in_conflict"
    with fund.reading() as tx:
        people = [fund.people[person.name] for person in (cast.LEIF, BIRGIT, RASA, PIETER)]
        assert reviews.free_reviewers(tx, eligible, people) == people[2:]
    substitute = fund.assign(eligible, [RASA])[RASA.name]
    with fund.tx(RASA) as tx:
        reviews.accept(tx, substitute)
        assert reviews.sheet_of(tx, substitute).points == {}


def test_a_soft_conflict_waits_for_a_decision(fund: Fund, eligible: UUID) -> None:
    pieter = fund.people[PIETER.name]
    with fund.tx(cast.YUSUF) as tx:
        applications.record_conflict(tx, eligible, pieter, "soft", "He owns shares in a rival.")
    with pytest.raises(Refused) as refused:
        fund.assign(eligible, [PIETER])
    assert codes(refused) == ["conflict_undecided"]
    with fund.tx(cast.KARIN) as tx:
        applications.settle_conflict(tx, eligible, pieter, "A hundred shares of a listed firm.")
    assert fund.assign(eligible, [PIETER])


def test_the_frozen_ranking_can_be_computed_again_from_its_own_text(fund: Fund, eligible: UUID) -> None:
    review = fund.assign(eligible, [BIRGIT])[BIRGIT.name]
    fund.step(cast.KARIN, fund.call_id, "start_review")
    fund.review(BIRGIT, review, {"potential": 5, "actors": 3, "feasibility": 4})
    fund.step(cast.KARIN, fund.call_id, "close_review")
    with fund.reading() as tx:
        ranking = tx.execute(select(Ranking.text, Ranking.sha256, Ranking.number)).one()
        line = tx.execute(
            select(RankingLine.rank, RankingLine.points, RankingLine.reviews, RankingLine.passes)
        ).one()
    assert tuple(line) == (1, 82_00, 1, 1)
    assert ranking.sha256 == sha256(ranking.text.encode()).hexdigest()
    (frozen,) = json.loads(ranking.text)["lines"]
    assert frozen["total"] == "82"
    assert frozen["reviews"] == [
        {"review": review.hex, "points": {"actors": 3, "feasibility": 4, "potential": 5}}
    ]


def test_the_panel_says_what_its_recommendation_needs(fund: Fund, eligible: UUID) -> None:
    with pytest.raises(Refused) as refused, fund.tx(cast.KARIN) as tx:
        reviews.write_panel_statement(tx, eligible, "fund_less", " ", amount=40_000_00)
    assert codes(refused) == ["reasons_missing", "lower_sum_missing"]
    with pytest.raises(Refused) as refused, fund.tx(cast.KARIN) as tx:
        reviews.write_panel_statement(tx, eligible, "fund_with_conditions", "Good.")
    assert codes(refused) == ["conditions_missing"]
    with pytest.raises(Refused) as refused, fund.tx(cast.LEIF) as tx:
        reviews.write_panel_statement(tx, eligible, "fund", "We are the best.")
    assert codes(refused) == ["not_inside"]
    with fund.tx(cast.KARIN) as tx:
        reviews.write_panel_statement(tx, eligible, "fund", "Good.")
        reviews.write_panel_statement(tx, eligible, "reserve", "Good, but late.")
