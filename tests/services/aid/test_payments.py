"""Claims and payments: proofs, the whole value passed on, the account called back, two people."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from grantflow.domain.refusal import Refused
from grantflow.services import cases
from grantflow.services.aid.delivery import hand_in_proof, report_value
from grantflow.services.aid.payments import confirm_account, give_account, iban_is_right
from grantflow.services.people.roles import grant_role
from grantflow.store.aid.models import BankAccount
from grantflow.store.calls.models import Call
from grantflow.store.cases import CaseRow
from tests.services.aid.house import IBAN


def codes(caught):
    return [refusal.code for refusal in caught.value.refusals]


@pytest.fixture
def granted(house):
    request, made = house.request_of(limtra="trade_fair")
    house.confirm(made["limtra"])
    house.step("yusuf", request, "grant")
    house.now += timedelta(days=70)
    return request, made["limtra"]


@pytest.fixture
def payable(house, granted):
    request, line = granted
    house.prove(line, 4_000_00)
    house.step("anneli", line, "accept_proof")
    house.account(request)
    house.step("marie", request, "claim")
    house.step("yusuf", request, "accept_claim")
    return request, line, house.payment(request).id


def test_nothing_is_claimed_without_a_proof(house, granted):
    request, line = granted
    with pytest.raises(Refused) as caught:
        house.step("marie", line, "prove")
    assert codes(caught) == ["proof_missing"]
    with pytest.raises(Refused) as caught:
        house.step("marie", request, "claim")
    assert "children_not_there_yet" in codes(caught)


def test_an_activity_of_before_the_request_is_not_accepted(house, granted):
    _, line = granted
    with house.tx("marie") as tx:
        hand_in_proof(tx, line, done_on=(house.now - timedelta(days=80)).date(), what="Invoice")
        cases.step(tx, line, "prove")
    with pytest.raises(Refused) as caught:
        house.step("anneli", line, "accept_proof")
    assert codes(caught) == ["activity_too_early"]
    house.step("anneli", line, "return_proof", reason="The wrong fair.")
    assert house.state(line) == "granted"


def test_the_whole_value_has_to_reach_the_firm(house, granted):
    request, line = granted
    house.prove(line, 3_000_00)
    with pytest.raises(Refused) as caught:
        house.step("marie", request, "claim")
    assert codes(caught) == ["value_not_passed_on", "account_missing"]
    with house.tx("marie") as tx:
        report_value(tx, line, 4_000_00)


def test_an_account_is_confirmed_by_somebody_else_than_who_gave_it(house, granted):
    request, _ = granted
    with house.tx("marie") as tx:
        give_account(tx, request, IBAN, "Trä & Fiber")
    with pytest.raises(Refused) as caught, house.tx("marie") as tx:
        confirm_account(tx, request, "It is mine.")
    assert codes(caught) == ["not_inside"]


@pytest.mark.parametrize(
    ("number", "right"),
    [
        ("SE4550000000058398257466", True),
        ("SE4550000000058398257467", False),
        ("XX", False),
        ("1" * 20, False),
    ],
)
def test_an_iban_carries_its_own_check(number, right):
    assert iban_is_right(number) is right


def test_a_payment_to_an_account_that_was_replaced_is_stopped(house, payable):
    _, _, payment = payable
    with house.tx() as tx:
        replaced = tx.session.execute(select(BankAccount)).scalar_one()
        replaced.ended_at = tx.now
        replacing = {"id": tx.new_id(), "iban": "GB33BUKB20201555555555", "ended_at": None}
        kept = {c.name: getattr(replaced, c.name) for c in BankAccount.__table__.columns}
        tx.session.add(BankAccount(**{**kept, **replacing}))
    with pytest.raises(Refused) as caught:
        house.step("anneli", payment, "approve")
    assert codes(caught) == ["account_unconfirmed"]


def test_finance_sends_a_payment_back(house, payable):
    _, _, payment = payable
    house.step("anneli", payment, "approve")
    house.step("per_olof", payment, "send_back", reason="The account has changed hands.")
    assert house.state(payment) == "prepared"


def test_whoever_granted_prepared_or_approved_does_not_pay(house, payable):
    _, _, payment = payable
    house.step("anneli", payment, "approve")
    with house.tx() as tx:
        programme = tx.session.get_one(Call, house.call).programme_id
        for name in ("yusuf", "anneli"):
            grant_role(tx, "finance", programme, user_id=house.people[name])
    for name in ("yusuf", "anneli"):
        with pytest.raises(Refused) as caught:
            house.step(name, payment, "pay")
        assert set(codes(caught)) == {"same_person"}
    house.step("per_olof", payment, "pay")
    assert house.state(payment) == "paid"


def test_whoever_halts_a_payment_does_not_let_it_go_on_alone(house, payable):
    _, _, payment = payable
    house.step("anneli", payment, "approve")
    house.step("per_olof", payment, "halt", reason="The firm says that nobody was there.")
    with pytest.raises(Refused) as caught:
        house.step("per_olof", payment, "resume", reason="Never mind.")
    assert codes(caught) == ["same_person"]
    house.step("sofia", payment, "resume", reason="The host has confirmed.")
    assert house.state(payment) == "approved"


def test_a_cancelled_payment_gives_the_claim_back_and_another_is_prepared(house, payable):
    request, line, payment = payable
    house.step("sofia", payment, "cancel", reason="The sum is wrong.")
    assert (house.state(payment), house.state(request)) == ("cancelled", "claimed")
    house.step("anneli", request, "accept_claim")
    assert house.state(line) == "accepted"
    with house.tx() as tx:
        payments = select(CaseRow.state).where(CaseRow.parent_id == request, CaseRow.record == "payment")
        assert sorted(tx.session.execute(payments).scalars()) == ["cancelled", "prepared"]
