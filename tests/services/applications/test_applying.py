"""Starting, filling in and sending: what is kept, what is refused, and that a refusal changes nothing."""

from __future__ import annotations

import json
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import select

from grantflow.domain.refusal import Refused
from grantflow.services import applications
from grantflow.store.applications.models import Answers, Application, BudgetLine, ListedValue
from grantflow.store.applications.visibility import visible_to
from grantflow.store.cases import CaseRow
from tests import cast
from tests.factories.fund import Fund, answers

WHOLE = answers("Night heat", 40_000, 70_000, [2, 1])


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[tuple[str, str | None]]:
    return [(refusal.code, refusal.where) for refusal in refused.value.refusals]


def kept(fund: Fund, application_id: Any) -> tuple[int, dict[str, Any], int]:
    """Return revision and answers as they are kept, and the revision of the case."""
    with fund.reading() as tx:
        row = tx.execute(
            select(Answers.revision, Answers.answers, CaseRow.revision.label("of_case"))
            .join(CaseRow, CaseRow.id == Answers.application_id)
            .where(Answers.application_id == application_id)
        ).one()
    return row.revision, row.answers, row.of_case


def test_only_who_belongs_to_an_organisation_applies_for_it(fund: Fund) -> None:
    with pytest.raises(Refused) as refused, fund.tx(cast.HANNA) as tx:
        applications.start_application(tx, fund.call_id, fund.organisations[cast.MILL.name])
    assert codes(refused) == [("not_your_organisation", "organisation")]


def test_nobody_applies_before_the_fund_opens_or_after_it_closes(fund: Fund) -> None:
    fund.until(fund.plan.date("submission_deadline"))
    with pytest.raises(Refused) as refused:
        fund.start(cast.LEIF)
    assert codes(refused) == [("too_late_to_begin", "call")]


def test_the_only_window_is_chosen_and_everybody_of_the_organisation_may_write(fund: Fund) -> None:
    each = fund.start(cast.LEIF)
    fund.fill(cast.NILS, each, {"title": "From a colleague"})
    with fund.reading() as tx:
        row = tx.execute(select(Application.window_id, Application.title, Application.stage)).one()
    assert row.window_id is not None
    assert (row.title, row.stage) == ("From a colleague", 1)


def test_saving_copies_what_lists_and_money_need_and_leaves_the_case_alone(fund: Fund) -> None:
    each = fund.start(cast.LEIF)
    _, _, before = kept(fund, each)
    with fund.tx(cast.LEIF) as tx:
        saved = applications.save_answers(tx, each, WHOLE)
    assert (saved.revision, saved.missing) == (1, ())
    assert kept(fund, each) == (1, WHOLE, before)
    with fund.reading() as tx:
        application = tx.execute(
            select(Application.title, Application.asked, Application.cost, Application.actions)
        ).one()
        lines = tx.execute(select(BudgetLine.category, BudgetLine.amount)).all()
        listed = tx.execute(select(ListedValue.field, ListedValue.text, ListedValue.number)).all()
    assert tuple(application) == ("Night heat", 40_000_00, 70_000_00, [1, 2])
    assert [tuple(line) for line in lines] == [("staff", 70_000_00)]
    assert {tuple(value) for value in listed} == {
        ("title", "Night heat", None),
        ("actions", "2, 1", None),
        ("asked", None, 40_000_00),
    }


def test_saving_a_part_keeps_the_rest_and_nothing_takes_an_answer_away(fund: Fund) -> None:
    each = fund.start(cast.LEIF)
    fund.fill(cast.LEIF, each, {"title": "One", "idea": "Two"})
    fund.fill(cast.LEIF, each, {"idea": None, "effect": "Three"})
    assert kept(fund, each)[1] == {"title": "One", "effect": "Three"}


MISFITS: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    ({"idea": "x" * 50_001}, [("field_too_long", "idea")]),
    ({"title": 7}, [("field_wrong", "title")]),
    ({"asked": "much"}, [("field_wrong", "asked")]),
    ({"asked": -1}, [("field_too_small", "asked")]),
    ({"asked": 12.5}, [("field_wrong", "asked")]),
    ({"starts": "soon"}, [("field_wrong", "starts")]),
    ({"size": "huge"}, [("field_wrong", "size")]),
    ({"truth": "yes"}, [("field_wrong", "truth")]),
    ({"actions": [1, 1]}, [("field_wrong", "actions")]),
    ({"costs": [{"category": "champagne", "amount": 2_000_00}]}, [("field_wrong", "costs")]),
    ({"costs": [{"category": "staff"}]}, [("field_wrong", "costs")]),
    ({"colour": "red"}, [("unknown_field", "colour")]),
    ({"title": 7, "colour": "red"}, [("field_wrong", "title"), ("unknown_field", "colour")]),
]


def test_an_answer_that_does_not_fit_changes_nothing(fund: Fund) -> None:
    each = fund.start(cast.LEIF)
    fund.fill(cast.LEIF, each, {"title": "Night heat"})
    before = kept(fund, each)
    for wrong, expected in MISFITS:
        with pytest.raises(Refused) as refused:
            fund.fill(cast.LEIF, each, {"idea": "This fits.", **wrong})
        assert codes(refused) == expected
        assert kept(fund, each) == before


def test_two_who_write_at_once_do_not_overwrite_one_another(fund: Fund) -> None:
    each = fund.start(cast.LEIF)
    fund.fill(cast.NILS, each, {"title": "The colleague's"})
    with pytest.raises(Refused) as refused, fund.tx(cast.LEIF) as tx:
        applications.save_answers(tx, each, {"title": "Mine"}, revision=0)
    assert codes(refused) == [("answers_stale", None)]
    assert kept(fund, each)[1] == {"title": "The colleague's"}


def test_a_draft_is_written_by_nobody_else(fund: Fund) -> None:
    each = fund.start(cast.LEIF)
    for person in (cast.HANNA, cast.YUSUF, cast.KARIN):
        with pytest.raises(Refused) as refused:
            fund.fill(person, each, {"title": "Not mine"})
        assert codes(refused) == [("not_editable", None)]


def test_what_is_sent_is_frozen_under_a_checksum_and_a_number(fund: Fund) -> None:
    each = fund.apply(cast.LEIF, "Night heat", 40_000, 70_000)
    with pytest.raises(Refused) as refused:
        fund.fill(cast.LEIF, each, {"title": "Changed after sending"})
    assert codes(refused) == [("not_editable", None)]
    fund.step(cast.LEIF, each, "reopen")
    fund.fill(cast.LEIF, each, {"title": "Night heat, better"})
    fund.send(cast.LEIF, each)
    with fund.reading() as tx:
        receipt = applications.receipt(tx, each)
        sent = json.loads(receipt.text)
    assert (receipt.number, receipt.late, receipt.completion) == (2, 0, 0)
    assert (receipt.asked, receipt.cost) == (40_000_00, 70_000_00)
    assert receipt.sha256 == sha256(receipt.text.encode()).hexdigest()
    assert sent["answers"]["title"] == sent["title"] == "Night heat, better"
    assert sent["form"] == {"name": "seed_project", "version": 1}


def test_the_last_moment_is_in_time_and_the_next_is_late(fund: Fund) -> None:
    deadline = fund.plan.date("submission_deadline")
    in_time, late = fund.start(cast.LEIF), fund.start(cast.HANNA)
    for person, each in ((cast.LEIF, in_time), (cast.HANNA, late)):
        fund.fill(person, each, WHOLE)
    fund.until(deadline - timedelta(seconds=1))
    fund.send(cast.LEIF, in_time)
    fund.now = deadline  # no timer has run: the time of sending decides alone
    fund.send(cast.HANNA, late)
    fund.until(deadline + timedelta(minutes=1))
    assert (fund.state(in_time), fund.state(late)) == ("received", "late")


def test_registering_notes_the_moment_once(fund: Fund) -> None:
    each = fund.start(cast.LEIF)
    with fund.tx(cast.LEIF) as tx:
        applications.register(tx, each)
    with pytest.raises(Refused) as refused, fund.tx(cast.LEIF) as tx:
        applications.register(tx, each)
    assert codes(refused) == [("already_registered", None)]
    with fund.reading() as tx:
        assert tx.execute(select(Application.registered_at)).scalar_one() == fund.now


def test_what_asks_too_much_is_not_sent(fund: Fund) -> None:
    each = fund.start(cast.LEIF)
    fund.fill(cast.LEIF, each, answers("Too much", 40_000, 50_000))
    with pytest.raises(Refused) as refused:
        fund.send(cast.LEIF, each)
    assert codes(refused) == [("above_maximum", "asked")]
    assert fund.state(each) == "draft"


def test_a_suspended_call_receives_nothing(fund: Fund) -> None:
    each = fund.start(cast.LEIF)
    fund.fill(cast.LEIF, each, WHOLE)
    fund.step(cast.KARIN, fund.call_id, "suspend", reason="A fault in the form.")
    with pytest.raises(Refused) as refused:
        fund.send(cast.LEIF, each)
    assert ("call_stands_still", "call") in codes(refused)
    fund.step(cast.KARIN, fund.call_id, "resume", reason="Mended.")
    fund.send(cast.LEIF, each)
    assert fund.state(each) == "submitted"


def test_the_words_of_a_draft_are_seen_by_its_owner_alone(fund: Fund) -> None:
    draft, sent = fund.start(cast.LEIF), fund.apply(cast.HANNA, "Tomatoes", 30_000, 50_000)

    def seen(person: cast.Person) -> set[Any]:
        with fund.reading(person) as tx:
            return set(tx.execute(select(CaseRow.id).where(visible_to(tx, tx.actor))).scalars())

    assert seen(cast.LEIF) == seen(cast.NILS) == {draft}
    assert seen(cast.HANNA) == seen(cast.YUSUF) == seen(cast.MONA) == {sent}
    assert seen(cast.PER_OLOF) == seen(cast.SARA) == set()
