"""Whoever has no business with a review is refused by the use case itself, whatever page or command asks."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import func, select

from grantflow.domain.refusal import Refused
from grantflow.services import applications, reviews
from grantflow.store.applications.models import ConflictDeclaration
from grantflow.store.people.models import User
from grantflow.store.reviews.models import Review, ReviewRound
from grantflow.store.session import Tx
from tests import cast
from tests.factories.fund import Fund

BIRGIT, RASA, PIETER = cast.REVIEWERS[2:5]
STRANGERS = (cast.LEIF, cast.HANNA, RASA, cast.PER_OLOF)
NEW = reviews.Newcomer("maja.lind@demo.invalid", "Maja Lind", "en", "/in", datetime(2018, 12, 12, tzinfo=UTC))

Attempt = Callable[[Tx, Fund, UUID, UUID], object]
ATTEMPTS: dict[str, Attempt] = {
    "ask": lambda tx, fund, application, _: reviews.ask_reviewers(
        tx, application, [fund.people[PIETER.name]]
    ),
    "ask_by_mail": lambda tx, _, application, __: reviews.ask_by_mail(tx, application, NEW),
    "open_round": lambda tx, fund, _, __: reviews.open_round(tx, fund.call_id, 1, wanted=1, blindness="open"),
    "declare": lambda tx, _, __, review: reviews.declare(tx, review, "none"),
    "declare_soft": lambda tx, _, __, review: reviews.declare(tx, review, "soft", "They are my rival."),
    "save": lambda tx, _, __, review: reviews.save_scores(tx, review, {"potential": 0}),
    "hand_in": lambda tx, _, __, review: reviews.submit_review(tx, review),
    "set_aside": lambda tx, _, __, review: reviews.set_aside(tx, review, "I do not like it."),
    "settle": lambda tx, fund, application, _: applications.settle_conflict(
        tx, application, fund.people[BIRGIT.name], "It is nothing."
    ),
    "own": lambda tx, _, application, __: applications.declare_own(tx, application, "none"),
    "check": lambda tx, _, application, __: applications.answer_checklist(
        tx, application, {"applicant": "no"}
    ),
    "complete": lambda tx, _, application, __: applications.ask_completion(
        tx, application, ["budget"], "All."
    ),
    "statement": lambda tx, _, application, __: reviews.write_panel_statement(
        tx, application, "fund", "Ours."
    ),
}


@pytest.fixture
def eligible(fund: Fund) -> UUID:
    each = fund.apply(cast.LEIF, "Night heat", 40_000, 70_000)
    fund.until(fund.plan.date("submission_deadline"))
    fund.pass_(cast.YUSUF, each)
    return each


def counted(fund: Fund) -> list[int]:
    with fund.reading() as tx:
        return [
            tx.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (Review, ReviewRound, ConflictDeclaration, User)
        ]


def test_strangers_are_refused_by_every_use_case_and_leave_nothing(fund: Fund, eligible: UUID) -> None:
    review = fund.assign(eligible, [BIRGIT])[BIRGIT.name]
    before = counted(fund)
    for stranger in STRANGERS:
        for name, attempt in ATTEMPTS.items():
            if name == "statement" and stranger is cast.PER_OLOF:
                continue  # of the programme: the panel's secretary may be anybody inside
            if name in ("settle", "own") and stranger is cast.PER_OLOF:
                continue  # of the programme: conflicts are everybody's business inside
            with pytest.raises(Refused), fund.tx(stranger) as tx:
                attempt(tx, fund, eligible, review)
    assert counted(fund) == before


def test_an_officer_writes_no_review_and_says_nothing_in_a_reviewers_name(fund: Fund, eligible: UUID) -> None:
    review = fund.assign(eligible, [BIRGIT])[BIRGIT.name]
    for name in ("declare", "declare_soft", "save", "hand_in"):
        with pytest.raises(Refused), fund.tx(cast.YUSUF) as tx:
            ATTEMPTS[name](tx, fund, eligible, review)
