"""Proposals, decisions, releases and what becomes of the money; each refusal says what to do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from grantflow.domain.actor import VISITOR
from grantflow.domain.refusal import Refused
from grantflow.services import awards
from grantflow.services.awards.results import PublicCall, public_call
from grantflow.services.programmes.meetings import carry_out
from grantflow.store.applications.models import Application
from grantflow.store.awards.models import Award, Decision, LetterPreview, ProposalLine, Release
from grantflow.store.awards.reads import delegated_since, history_of, ledger_of
from grantflow.store.calls.models import FunderWindow
from tests import cast
from tests.databases import Databases, Kind
from tests.factories.copies import Setting, copied
from tests.factories.fund import Balances, Fund, open_fund

WANTED = {
    cast.LEIF: (40_000, 70_000, 5),
    cast.HANNA: (30_000, 50_000, 4),
    cast.MIKAEL: (30_000, 50_000, 3),
    cast.SARA: (20_000, 35_000, 3),
    cast.FATIMA: (25_000, 45_000, 2),
}


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [refusal.code for refusal in refused.value.refusals]


def drawn_up(url: str) -> Fund:
    """The proposal is drawn up."""
    told = open_fund(url)
    told.told = {person.name: each for person, each in told.play_to_proposal(WANTED).items()}
    return told


def all_released(url: str) -> Fund:
    """The letters have left."""
    told = drawn_up(url)
    told.decide()
    told.release()
    return told


def lent(databases: Databases, kind: Kind, setting: Setting) -> Iterator[Fund]:
    told = copied(databases, kind, setting)
    yield told
    told.database.dispose()
    databases.drop(told.database.url)


@pytest.fixture
def fund(databases: Databases, database_kind: Kind) -> Iterator[Fund]:
    yield from lent(databases, database_kind, drawn_up)


@pytest.fixture
def released(databases: Databases, database_kind: Kind) -> Iterator[Fund]:
    yield from lent(databases, database_kind, all_released)


@pytest.fixture
def opened(databases: Databases, database_kind: Kind) -> Iterator[Fund]:
    yield from lent(databases, database_kind, open_fund)


@pytest.fixture
def sent(request: pytest.FixtureRequest) -> dict[cast.Person, UUID]:
    """The applications, by who sent them, in the fund that the test is about."""
    told = request.getfixturevalue("released" if "released" in request.fixturenames else "fund")
    return {person: told.told[person.name] for person in WANTED}


def lines(fund: Fund) -> dict[UUID, tuple[str, int, str]]:
    with fund.reading() as tx:
        rows = tx.session.scalars(select(ProposalLine)).all()
        return {
            row.application_id: (row.answer, row.amount // 100, awards.explanation(row).sentence)
            for row in rows
        }


def test_everybody_gets_the_sentence_that_explains_the_answer(fund: Fund, sent) -> None:
    said = lines(fund)
    assert [said[sent[person]] for person in WANTED] == [
        ("yes", 40_000, "Place 1 with 100.00 points: 40 000.00 EUR granted, as asked; 55 000.00 EUR are left in the window."),
        ("yes", 30_000, "Place 2 with 80.00 points: 30 000.00 EUR granted, as asked; 25 000.00 EUR are left in the window."),
        (
            "reserve",
            30_000,
            "Place 3 with 60.00 points: 30 000.00 EUR were needed and 25 000.00 EUR were left in the window, 5 000.00 EUR too little.",
        ),
        ("yes", 20_000, "Place 4 with 60.00 points: 20 000.00 EUR granted, as asked; 5 000.00 EUR are left in the window."),
        ("no", 0, "Place 5 with 40.00 points: below the pass mark of 60."),
    ]  # fmt: skip


def test_a_departure_is_explained_and_stays_within_the_money(fund: Fund, sent) -> None:
    with fund.tx(cast.KARIN) as tx:
        awards.change_line(
            tx, fund.call_id, sent[cast.MIKAEL], answer="yes", departure_reason="The only one from Mora."
        )
    with pytest.raises(Refused) as refused:
        fund.step(cast.KARIN, fund.call_id, "table")
    assert codes(refused) == ["proposal_over_budget"]
    assert "25 000.00 EUR too much" in refused.value.refusals[0].sentence
    with pytest.raises(Refused) as refused, fund.tx(cast.KARIN) as tx:
        awards.change_line(tx, fund.call_id, sent[cast.MIKAEL], amount=50_000_00)
    assert codes(refused) == ["sum_outside_limits"]
    with fund.tx(cast.KARIN) as tx:
        awards.change_line(tx, fund.call_id, sent[cast.MIKAEL], amount=25_000_00)
        awards.change_line(
            tx, fund.call_id, sent[cast.SARA], answer="reserve", departure_reason="Mora comes first."
        )
    fund.step(cast.KARIN, fund.call_id, "table")
    assert fund.state() == "tabled"


def test_the_proposal_is_the_managers_and_closed_once_it_is_tabled(fund: Fund, sent) -> None:
    with pytest.raises(Refused) as refused, fund.tx(cast.MONA) as tx:
        awards.draw_up_proposal(tx, fund.call_id)
    assert codes(refused) == ["wrong_role"]
    fund.step(cast.KARIN, fund.call_id, "table")
    for change in (
        lambda tx: awards.draw_up_proposal(tx, fund.call_id),
        lambda tx: awards.change_line(tx, fund.call_id, sent[cast.LEIF], amount=1),
    ):
        with pytest.raises(Refused) as refused, fund.tx(cast.KARIN) as tx:
            change(tx)
        assert codes(refused) == ["not_now"]


def test_who_withdraws_before_the_decision_is_decided_on_no_more(fund: Fund, sent) -> None:
    fund.step(cast.HANNA, sent[cast.HANNA], "withdraw")
    fund.decide()
    assert fund.decisions(sent[cast.HANNA]) == []
    assert fund.state(sent[cast.HANNA]) == "withdrawn"
    assert fund.balances() == Balances(95_000, 60_000, 0, 0, 0)


def test_who_withdraws_after_the_decision_frees_the_sum(fund: Fund, sent) -> None:
    fund.decide()
    assert fund.balances() == Balances(95_000, 90_000, 0, 0, 0)
    fund.step(cast.HANNA, sent[cast.HANNA], "withdraw")
    assert fund.balances() == Balances(95_000, 60_000, 0, 0, 0)
    fund.release()
    assert fund.balances() == Balances(95_000, 0, 60_000, 0, 0)
    with fund.reading() as tx:
        assert tx.execute(select(func.count()).select_from(Award)).scalar_one() == 2


def test_a_decision_rests_on_the_body_its_item_and_the_remedy_of_the_window(fund: Fund, sent) -> None:
    fund.decide()
    with fund.reading() as tx:
        decision = tx.execute(
            select(
                Decision.body_id,
                Decision.item_id,
                Decision.remedy,
                Decision.decided_by,
                Decision.rank,
                Decision.replaces_id,
            ).where(Decision.application_id == sent[cast.LEIF])
        ).one()
    assert decision.body_id == fund.body_id
    assert decision.item_id is not None
    assert decision.remedy["kind"] == "none"
    assert decision.decided_by == fund.people[cast.MONA.name]
    assert (decision.rank, decision.replaces_id) == (1, None)


def test_every_letter_is_read_as_it_will_leave_and_who_read_it_is_kept(fund: Fund, sent) -> None:
    fund.decide()
    with pytest.raises(Refused) as refused, fund.tx(cast.YUSUF) as tx:
        awards.preview_letters(tx, fund.call_id)
    assert codes(refused) == ["wrong_role"]
    with fund.tx(cast.KARIN) as tx:
        shown = awards.preview_letters(tx, fund.call_id)
    assert [each.application_id for each in shown] == list(sent.values())
    assert shown[0].letter.template != shown[-1].letter.template
    assert "EUR\u00a040\u202f000" in " ".join(line.text for line in shown[0].letter.answer)
    with fund.reading() as tx:
        kept = tx.execute(select(LetterPreview.text_sha256, LetterPreview.previewed_by)).all()
    assert {row.text_sha256 for row in kept} == {each.text_sha256 for each in shown}
    assert {row.previewed_by for row in kept} == {fund.people[cast.KARIN.name]}


def rename(fund: Fund, application_id: UUID, title: str) -> None:
    """Change what the letter about an application says, behind everybody's back."""
    with fund.tx() as tx:
        tx.execute(update(Application).where(Application.id == application_id).values(title=title))


def test_a_letter_that_changed_after_its_preview_holds_up_the_release(fund: Fund, sent) -> None:
    fund.decide()
    with fund.tx(cast.KARIN) as tx:
        awards.preview_letters(tx, fund.call_id)
    fund.days(2)  # the date of the letter is no change
    rename(fund, sent[cast.LEIF], "Another project")
    with pytest.raises(Refused) as refused:
        fund.step(cast.KARIN, fund.call_id, "release")
    assert codes(refused) == ["letter_changed"]
    assert "preview it again" in refused.value.refusals[0].sentence
    assert (fund.state(fund.call_id), fund.state(sent[cast.LEIF])) == ("decided", "approved")
    with fund.tx(cast.KARIN) as tx:
        awards.preview_letters(tx, fund.call_id)
    fund.step(cast.KARIN, fund.call_id, "release")
    assert fund.state(sent[cast.LEIF]) == "awarded"


def test_a_letter_that_leaves_alone_is_held_to_its_preview_too(released: Fund, sent) -> None:
    wrong = sent[cast.FATIMA]
    item = released.meet(wrong, "put_right")
    with released.tx(cast.MONA) as tx:
        carry_out(tx, item, {"reason": "Two reviews were mixed up."})
    released.step(cast.SOFIA, wrong, "turn_down_out_of_round", reason="Read again, and weak.")
    with released.tx(cast.KARIN) as tx:
        awards.preview_letter(tx, wrong)
    rename(released, wrong, "Another project")
    with pytest.raises(Refused) as refused:
        released.step(cast.KARIN, wrong, "release_one")
    assert codes(refused) == ["letter_changed"]
    with released.tx(cast.KARIN) as tx:
        awards.preview_letter(tx, wrong)
    released.step(cast.KARIN, wrong, "release_one")
    assert released.state(wrong) == "not_funded"


def all_read(fund: Fund) -> None:
    fund.decide()
    with fund.tx(cast.KARIN) as tx:
        awards.preview_letters(tx, fund.call_id)


def test_a_release_has_three_times(fund: Fund, sent) -> None:
    all_read(fund)
    decided = fund.now
    fund.days(2)
    public = (fund.now + timedelta(days=3)).date()
    fund.step(cast.KARIN, fund.call_id, "release", public_from=public)
    ((decided_at, notice_at, public_at),) = times(fund)
    assert (decided_at, notice_at) == (decided, fund.now)
    assert public_at.astimezone(fund.zone).replace(tzinfo=None).isoformat() == f"{public}T00:00:00"
    early = read_by_all(fund)
    assert (early.results, early.page.outcomes, early.public_from) == ((), (), public_at)
    assert [window.granted.amount for window in early.page.windows] == [0]
    fund.until(public_at)
    shown = read_by_all(fund)
    assert shown.public_from is None
    assert [result.amount.amount for result in shown.results] == [4_000_000, 3_000_000, 2_000_000]
    assert [window.granted.amount for window in shown.page.windows] == [9_000_000]
    assert {outcome.name: outcome.count for outcome in shown.page.outcomes}["granted"] == 3


def test_applicants_know_their_decision_a_day_before_everybody(fund: Fund, sent) -> None:
    all_read(fund)
    with pytest.raises(Refused) as refused:
        fund.step(cast.KARIN, fund.call_id, "release", public_from=fund.now.date())
    assert codes(refused) == ["public_too_early"]
    assert refused.value.refusals[0].where == "public_from"
    fund.step(cast.KARIN, fund.call_id, "release")
    assert times(fund) == {(fund.now, fund.now, fund.now + timedelta(hours=24))}


def test_the_publication_is_moved_with_a_reason_until_it_has_come(fund: Fund, sent) -> None:
    all_read(fund)
    fund.step(cast.KARIN, fund.call_id, "release")
    later = (fund.now + timedelta(days=5)).date()
    with pytest.raises(Refused) as refused:
        fund.step(cast.KARIN, fund.call_id, "move_publication", public_from=later)
    assert codes(refused) == ["missing_field"]
    moved = {"public_from": later, "reason": "The minister opens the plant on that day."}
    fund.step(cast.KARIN, fund.call_id, "move_publication", **moved)
    fund.days(2)
    assert read_by_all(fund).results == ()
    sooner = (fund.now + timedelta(days=1)).date()
    fund.step(cast.KARIN, fund.call_id, "move_publication", public_from=sooner, reason="The visit is off.")
    fund.days(1)
    assert len(read_by_all(fund).results) == 3
    with pytest.raises(Refused) as refused:
        fund.step(cast.KARIN, fund.call_id, "move_publication", **moved)
    assert codes(refused) == ["public_already"]


def times(fund: Fund) -> set[tuple[datetime, ...]]:
    with fund.reading() as tx:
        found = select(Release.decided_at, Release.notice_at, Release.public_at)
        return {tuple(row) for row in tx.execute(found)}


def read_by_all(fund: Fund) -> PublicCall:
    with fund.database.reading(VISITOR, fund.now) as tx:
        found = public_call(tx, fund.plan.slug, "en")
    assert found is not None
    return found


def test_only_who_may_sign_accepts(released: Fund, sent) -> None:
    award = released.award(sent[cast.LEIF])
    with released.tx(cast.LEIF) as tx:
        awards.accept_award(tx, award)
    assert released.state(award) == "active"
    with pytest.raises(Refused) as refused, released.tx(cast.HANNA) as tx:
        awards.accept_award(tx, award)
    assert codes(refused) == ["not_from_here"]


def test_an_award_lapses_by_a_decision_after_the_party_was_heard(released: Fund, sent) -> None:
    award = released.award(sent[cast.HANNA])
    released.step(cast.YUSUF, award, "lapse_hear", doubts="You have not answered.")
    released.step(cast.HANNA, award, "lapse_answer", answer="We are still counting.")
    with pytest.raises(Refused) as refused:
        released.step(cast.SOFIA, award, "lapse", reason="No answer.")
    assert codes(refused) == ["not_overdue"]
    released.days(31)
    released.step(cast.SOFIA, award, "lapse", reason="No answer.")
    assert released.state(sent[cast.HANNA]) == "lapsed"
    assert released.decisions(sent[cast.HANNA])[-1] == ("lapsed", 0, "delegation")
    assert released.balances() == Balances(95_000, 0, 60_000, 30_000, 0)


def test_an_award_is_terminated_by_a_decision_and_what_was_not_paid_is_free(released: Fund, sent) -> None:
    award = released.award(sent[cast.HANNA])
    with released.tx(cast.HANNA) as tx:
        awards.accept_award(tx, award)
    released.step(cast.YUSUF, award, "termination_hear", doubts="The house was sold.")
    released.step(cast.HANNA, award, "termination_answer", answer="It was.")
    released.step(cast.SOFIA, award, "terminate", reason="The house was sold.")
    assert released.state(sent[cast.HANNA]) == "terminated"
    assert released.decisions(sent[cast.HANNA])[-1] == ("terminated", 0, "delegation")
    assert released.balances() == Balances(95_000, 0, 60_000, 30_000, 0)


def test_the_reserve_moves_up_with_less_and_passes_over_with_a_reason(opened: Fund) -> None:
    sent = opened.play_to_proposal(
        {cast.LEIF: (40_000, 70_000, 5), cast.HANNA: (40_000, 70_000, 5), cast.MIKAEL: (30_000, 50_000, 4),
         cast.SARA: (20_000, 35_000, 3)}
    )  # fmt: skip
    opened.decide()
    opened.release()
    assert opened.state(sent[cast.SARA]) == "reserve"
    with pytest.raises(Refused) as refused:
        opened.step(cast.SOFIA, sent[cast.MIKAEL], "move_up", reason="It is the first.")
    assert codes(refused) == ["budget_gone"]
    opened.step(
        cast.SOFIA, sent[cast.SARA], "move_up", amount=15_000_00, reason="A smaller pipe.",
        passed_over="It cannot be done for 15 000.",
    )  # fmt: skip
    assert opened.decisions(sent[cast.SARA])[-1] == ("yes", 15_000, "delegation")
    with opened.reading() as tx:
        last = history_of(tx, sent[cast.SARA])[-1]
        assert last.reasons == "A smaller pipe.", "why another was passed over is no business of this one"
        assert [line.ref for line in delegated_since(tx, opened.body_id, opened.now - timedelta(days=1))] == [
            last.ref
        ]
    assert opened.balances() == Balances(95_000, 15_000, 80_000, 0, 0)


def test_a_sum_above_the_delegation_is_the_boards(opened: Fund) -> None:
    sent = opened.play_to_proposal(
        {cast.LEIF: (40_000, 70_000, 5), cast.HANNA: (40_000, 70_000, 5), cast.MIKAEL: (40_000, 70_000, 4)}
    )
    opened.decide()
    opened.release()
    opened.step(cast.HANNA, opened.award(sent[cast.HANNA]), "decline", reason="The owner changed.")
    with pytest.raises(Refused) as refused:
        opened.step(cast.SOFIA, sent[cast.MIKAEL], "move_up", reason="Money became free.")
    assert codes(refused) == ["above_delegation"]
    item = opened.meet(sent[cast.MIKAEL], "move_up")
    with opened.tx(cast.MONA) as tx:
        carry_out(tx, item, {"reason": "Money became free."})
    assert opened.decisions(sent[cast.MIKAEL])[-1] == ("yes", 40_000, "body")
    with opened.reading() as tx:
        (found,) = tx.execute(
            select(Decision.item_id).where(Decision.application_id == sent[cast.MIKAEL], Decision.number == 2)
        )
    assert found.item_id == item


def test_the_reserve_ends_on_its_day_with_nothing_decided(released: Fund, sent) -> None:
    released.days(190)
    assert released.state(sent[cast.MIKAEL]) == "reserve_ended"
    assert [kind for kind, _, _ in released.decisions(sent[cast.MIKAEL])] == ["reserve"]


def test_a_wrong_no_is_put_right_by_the_board_and_funded_out_of_round(released: Fund, sent) -> None:
    wrong = sent[cast.FATIMA]
    with pytest.raises(Refused):
        released.step(cast.SOFIA, wrong, "put_right", reason="Two reviews were mixed up.")
    item = released.meet(wrong, "put_right")
    with released.tx(cast.MONA) as tx:
        carry_out(tx, item, {"reason": "Two reviews were mixed up."})
    assert released.decisions(wrong) == [("no", 0, "body"), ("annulled", 0, "body")]
    assert released.state(wrong) == "out_of_round"
    with pytest.raises(Refused) as refused:
        released.step(cast.SOFIA, wrong, "approve_out_of_round", amount=25_000_00, reason="Strong after all.")
    assert "budget_gone" in codes(refused)
    released.step(cast.SOFIA, wrong, "turn_down_out_of_round", reason="Read again, and weak.")
    with released.tx(cast.KARIN) as tx:
        awards.preview_letter(tx, wrong)
    released.step(cast.KARIN, wrong, "release_one")
    assert released.state(wrong) == "not_funded"


def test_the_ledger_tells_what_happened_to_the_money(released: Fund, sent) -> None:
    with released.reading() as tx:
        window = tx.execute(select(FunderWindow.id)).scalar_one()
        moved = [(line.kind, line.reserved // 100, line.committed // 100) for line in ledger_of(tx, window)]
    assert sorted(moved) == [
        ("envelope", 0, 0),
        ("promise", -40_000, 40_000),
        ("promise", -30_000, 30_000),
        ("promise", -20_000, 20_000),
        ("reserve", 20_000, 0),
        ("reserve", 30_000, 0),
        ("reserve", 40_000, 0),
    ]
