"""What is half-written is kept as it is; one slip loses nothing of the rest."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from grantflow.domain.refusal import Refused
from grantflow.services import applications
from grantflow.store.applications.models import Answers, Application, BudgetLine, Partner
from tests import cast
from tests.factories.fund import Fund


def answers_of(fund: Fund, application_id: UUID) -> tuple[int, dict[str, Any]]:
    with fund.reading() as tx:
        row = tx.execute(
            select(Answers.revision, Answers.answers).where(Answers.application_id == application_id)
        ).one()
    return row.revision, row.answers


UNFINISHED = {
    "title": "x" * 130,
    "costs": [{"category": "staff", "amount": 1_00, "about": "The first hour"}],
    "asked": 1_00,
    "months": 40,
}


def test_what_is_below_or_above_a_limit_is_kept_and_named_when_it_is_checked(fund: Fund):
    each = fund.start(cast.LEIF)
    with fund.tx(cast.LEIF) as tx:
        saved = applications.save_answers(tx, each, UNFINISHED)
    assert answers_of(fund, each) == (1, UNFINISHED)
    wrong = {(one.where, one.code) for one in saved.missing}
    assert wrong >= {
        ("title", "field_too_long"),
        ("costs", "field_too_small"),
        ("asked", "field_too_small"),
        ("months", "field_too_large"),
    }
    with fund.reading() as tx:
        row = tx.execute(select(Application.asked, Application.cost)).one()
        line = tx.execute(select(BudgetLine.category, BudgetLine.amount, BudgetLine.about)).one()
    assert tuple(row) == (1_00, 1_00)
    assert tuple(line) == ("staff", 1_00, "The first hour")


def test_one_slip_loses_none_of_the_other_answers(fund: Fund):
    each = fund.start(cast.LEIF)
    with fund.tx(cast.LEIF) as tx:
        saved, wrong = applications.save_what_fits(
            tx, each, {"title": "Night heat", "asked": "plenty", "starts": "in spring"}, revision=0
        )
    assert [(one.code, one.where) for one in wrong] == [("field_wrong", "asked"), ("field_wrong", "starts")]
    assert answers_of(fund, each) == (saved.revision, {"title": "Night heat"}) == (1, {"title": "Night heat"})


def test_saving_what_is_there_already_is_no_new_revision(fund: Fund):
    each = fund.start(cast.LEIF)
    for _ in range(2):
        with fund.tx(cast.LEIF) as tx:
            saved, _ = applications.save_what_fits(tx, each, {"title": "Night heat"})
        assert saved.revision == 1


def test_what_fits_is_not_saved_over_what_somebody_else_saved(fund: Fund):
    each = fund.start(cast.LEIF)
    fund.fill(cast.NILS, each, {"title": "The colleague's"})
    with pytest.raises(Refused) as refused, fund.tx(cast.LEIF) as tx:
        applications.save_what_fits(tx, each, {"title": "Mine"}, revision=0)
    assert refused.value.refusals[0].code == "answers_stale"
    assert answers_of(fund, each) == (1, {"title": "The colleague's"})


def partner(name: str, *, number: str = "", confirmed: bool = False) -> dict[str, Any]:
    return {
        "name": name,
        "number": number,
        "country": "SE",
        "role": "Lends the yard.",
        "contact": "",
        "confirmed": confirmed,
    }


def test_partners_are_copied_with_the_organisations_that_are_registered(fund: Fund):
    each = fund.start(cast.LEIF)
    yard, hall = cast.YARD, cast.TEST_HALL
    named = [
        partner(yard.name),
        partner("The hall", number=hall.identifier, confirmed=True),
        partner("Nobody knows"),
    ]
    fund.fill(cast.LEIF, each, {"partners": named})
    first = fund.now
    fund.days(2)
    fund.fill(cast.LEIF, each, {"partners": [partner("Nobody knows", confirmed=True), named[1]]})
    with fund.reading() as tx:
        rows = tx.execute(
            select(Partner.number, Partner.name, Partner.organisation_id, Partner.confirmed_at).order_by(
                Partner.number
            )
        ).all()
    assert [tuple(row) for row in rows] == [
        (1, "Nobody knows", None, fund.now),
        (2, "The hall", fund.organisations[hall.name], first),
    ]
    fund.fill(cast.LEIF, each, {"partners": None})
    with fund.reading() as tx:
        assert tx.execute(select(Partner.id)).first() is None
