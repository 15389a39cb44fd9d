"""What becomes of a request beside being granted: completion, overdue, refusal and its mending, withdrawal."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from grantflow.domain.refusal import Refused
from grantflow.services import cases, journal
from grantflow.services.aid.decisions import put_right, standing
from grantflow.services.applications.sending import submit
from grantflow.services.applications.writing import save_answers
from grantflow.store.aid.models import AidDecision
from grantflow.store.timers import TimerRow


def codes(caught):
    return [refusal.code for refusal in caught.value.refusals]


def cleared(house, **lines):
    request, made = house.request_of(**(lines or {"limtra": "trade_fair"}))
    for line in made.values():
        house.confirm(line)
    return request, made


def test_a_request_says_first_how_the_firms_were_chosen_and_whom_it_names(house):
    with house.tx("marie") as tx:
        from grantflow.services.applications.starting import start_application

        request = start_application(tx, house.call, house.cluster, title="Fair").case_id
    with pytest.raises(Refused) as caught:
        house.step("marie", request, "submit")
    assert {"selection_missing", "answer_missing"} & set(codes(caught)) >= {"selection_missing"}


def test_more_firms_than_were_chosen_are_refused_with_both_numbers(house):
    request = house.begin(chosen=1)
    for firm in ("limtra", "pellets"):
        house.name_firm(request, firm, "matchmaking")
    with pytest.raises(Refused) as caught:
        house.step("marie", request, "submit")
    assert codes(caught) == ["more_than_chosen"]
    assert caught.value.refusals[0].sentence == "The request names 2 firms, and only 1 were chosen."


def test_an_activity_that_has_begun_is_not_paid_for(house):
    request = house.begin()
    house.name_firm(request, "limtra", "matchmaking", days=0)
    with pytest.raises(Refused) as caught:
        house.step("marie", request, "submit")
    assert codes(caught) == ["activity_begun"]


def test_a_draft_is_its_owners_and_ends_as_not_submitted(house):
    request = house.begin()
    line = house.name_firm(request, "limtra", "matchmaking")
    with house.tx("yusuf") as tx:
        assert cases.choices(tx, [request])[request].allowed() == ()
    house.wait(days=91)
    assert (house.state(request), house.state(line)) == ("not_submitted", "closed_out")
    assert ("cluster", "not_sent") in house.letters(request)


def test_the_clock_stands_still_while_completion_is_asked_and_silence_decides_nothing(house):
    request, _ = cleared(house)
    house.step("yusuf", request, "ask_completion", sections="host", missing="Who receives you?")
    house.wait(days=12)
    assert house.state(request) == "under_decision"
    assert ("officer", "completion_missing") in house.letters(request)


def clocks(house, request):
    """Return when the timers of a request fall due, the latest last."""
    with house.tx() as tx:
        return sorted(tx.session.scalars(select(TimerRow.due_at).where(TimerRow.case_id == request)))


def complete(house, request):
    with house.tx("marie") as tx:
        save_answers(tx, request, {"host": f"Asked on {house.now:%d %B}"})
        submit(tx, request)


def test_the_clock_of_the_decision_goes_on_with_what_was_left_and_does_not_start_anew(house):
    request, _ = cleared(house)
    asked, begun = {"sections": "host", "missing": "Who receives you?"}, house.now
    assert clocks(house, request)[-1] == begun + timedelta(days=14)  # ten working days
    house.wait(days=6)  # four of them are gone
    house.step("yusuf", request, "ask_completion", **asked)
    house.wait(days=4)
    complete(house, request)
    assert clocks(house, request)[-1] == house.now + timedelta(days=10)  # six are left, from a Friday
    house.wait(days=5)
    house.step("yusuf", request, "ask_completion", **asked)
    house.wait(days=2)
    complete(house, request)
    assert clocks(house, request) == [house.now + timedelta(days=3), house.now + timedelta(days=5)]
    house.wait(days=5)
    assert house.state(request) == "overdue"
    assert house.now == begun + timedelta(days=14 + 8)  # it stood for six working days
    with house.tx() as tx:
        assert journal.verify(tx).faults == ()


def test_nothing_is_left_of_an_overdue_decision_when_completion_comes(house):
    request, _ = cleared(house)
    house.wait(days=15)
    assert house.state(request) == "overdue"
    house.step("yusuf", request, "ask_completion", sections="host", missing="Who receives you?")
    house.wait(days=2)
    complete(house, request)
    assert house.state(request) == "under_decision"
    assert clocks(house, request) == [house.now]
    house.wait(hours=6)
    assert house.state(request) == "overdue"


def test_a_new_decision_gets_a_clock_of_its_own(house):
    request, _ = refused(house)
    house.step("sofia", request, "put_right", reason="The host is a public agency.")
    assert clocks(house, request)[-1] == house.now + timedelta(days=14)


def test_completion_opens_what_the_form_allows_and_never_the_plan(house):
    request, _ = cleared(house)
    with pytest.raises(Refused) as caught:
        house.step("yusuf", request, "ask_completion", sections="plan", missing="More firms")
    assert codes(caught) == ["section_not_completable"]
    house.step("yusuf", request, "ask_completion", sections="host", missing="Who receives you?")
    with house.tx("marie") as tx:
        save_answers(tx, request, {"host": "Nemuno medienos klasteris, Tomas Jankauskas"})
        submit(tx, request)
    assert house.state(request) == "under_decision"


def test_an_overdue_decision_goes_to_the_head_of_office_and_the_cluster_does_not_see_it(house):
    request, _ = cleared(house)
    house.wait(days=15)
    assert house.state(request) == "overdue"
    with house.tx("marie") as tx:
        assert cases.choices(tx, [request])[request].state == "under_decision"
    assert [each for each in house.letters(request) if each[1] == "decision_overdue"] == [
        ("delegate", "decision_overdue")
    ]
    house.step("sofia", request, "grant")
    assert house.state(request) == "granted"


def test_a_sum_beyond_the_delegation_is_granted_by_the_head_of_office(database_url):
    from tests.services.aid.house import TODAY, AidHouse

    house = AidHouse(database_url, parameters={"officer_grants_up_to": 3_000_00})
    house.now = TODAY
    request, _ = cleared(house)
    with pytest.raises(Refused) as caught:
        house.step("yusuf", request, "grant")
    assert codes(caught) == ["beyond_delegation"]
    house.step("sofia", request, "grant")
    assert house.state(request) == "granted"
    house.close()


def refused(house):
    request, made = cleared(house, limtra="trade_fair", pellets="market_visit")
    house.step("yusuf", request, "refusal_hear", doubts="The host seems to be a shop of the cluster.")
    house.step("marie", request, "refusal_answer", answer="It is a public agency.")
    with pytest.raises(Refused):
        house.step("yusuf", request, "refuse", reason="The host is no partner.")
    house.step("sofia", request, "refuse", reason="The host is no partner.")
    return request, made


def test_nobody_is_refused_unheard_and_whoever_raised_the_doubts_does_not_decide(house):
    request, made = refused(house)
    assert house.state(request) == "refused"
    assert {house.state(line) for line in made.values()} == {"refused"}
    assert house.window().reserved == 0
    assert house.counted("limtra") == 0
    assert ("cluster", "aid_refusal_letter") in house.letters(request)


def test_a_wrong_refusal_is_put_right_by_a_new_decision_from_money_that_is_free(house):
    request, made = refused(house)
    line = made["limtra"]
    with pytest.raises(Refused) as caught:
        house.step("sofia", line, "put_right", reason="The host is public.")
    assert "request_still_refused" in codes(caught)
    house.step("sofia", request, "put_right", reason="The host is public after all.")
    house.step("sofia", line, "put_right", reason="The host is public after all.")
    assert (house.state(request), house.state(line)) == ("under_decision", "cleared")
    assert house.window().reserved == 4_000_00
    house.step("yusuf", request, "grant")
    with house.tx() as tx:
        decision = standing(tx, request)
        assert decision is not None
        kinds = []
        while decision is not None:
            kinds.append(decision.kind)
            decision = tx.session.get(AidDecision, decision.replaces_id) if decision.replaces_id else None
        assert kinds == ["grant", "replacement", "refusal"]
        assert journal.verify(tx).faults == ()


def test_putting_a_refusal_right_opens_every_line_again_that_fell_with_it(house):
    request, made = house.request_of(limtra="trade_fair", pellets="market_visit")
    house.confirm(made["limtra"])
    house.step("yusuf", request, "refusal_hear", doubts="Is there a host at all?")
    house.step("marie", request, "refusal_answer", answer="There is.")
    house.step("sofia", request, "refuse", reason="There is no host.")
    with house.tx("sofia") as tx:
        put_right(tx, request, "There is a host.")
    assert house.state(request) == "under_decision"
    assert (house.state(made["limtra"]), house.state(made["pellets"])) == ("cleared", "asked")
    assert house.window().reserved == 6_500_00
    house.confirm(made["pellets"])
    house.step("yusuf", request, "grant")


def test_withdrawing_frees_money_and_headroom_even_after_the_grant(house):
    request, made = cleared(house)
    house.step("yusuf", request, "grant")
    assert house.counted("limtra") == 4_000_00
    house.step("marie", request, "withdraw")
    assert (house.state(request), house.state(made["limtra"])) == ("withdrawn", "closed_out")
    window = house.window()
    assert (window.reserved, window.committed, window.released) == (0, 0, 4_000_00)
    assert house.counted("limtra") == 0


def test_when_no_firm_is_left_an_officer_ends_the_request(house):
    request, made = house.request_of(limtra="trade_fair")
    with house.by_link(made["limtra"]) as tx:
        cases.step(tx, made["limtra"], "decline")
    house.step("yusuf", request, "end_without_lines", reason="The only firm declined.")
    assert house.state(request) == "no_lines"


def test_a_grant_is_revoked_only_after_a_hearing_and_frees_everything(house):
    request, made = cleared(house)
    house.step("yusuf", request, "grant")
    house.step("yusuf", request, "revocation_hear", doubts="The fair was cancelled a year ago.")
    house.wait(days=15)
    assert house.state(request) == "revocation_heard"
    house.step("sofia", request, "revoke", reason="There was no fair.")
    assert (house.state(request), house.state(made["limtra"])) == ("revoked", "revoked")
    assert house.window().committed == 0
    assert house.counted("limtra") == 0


def test_an_activity_that_nobody_proves_is_found_undelivered_after_a_hearing_and_the_others_are_paid(house):
    request, made = cleared(house, limtra="trade_fair", pellets="market_visit")
    house.step("yusuf", request, "grant")
    house.now += timedelta(days=70)
    house.prove(made["limtra"], 4_000_00)
    house.step("anneli", made["limtra"], "accept_proof")
    house.step("yusuf", made["pellets"], "delivery_hear", doubts="Nothing was handed in.")
    house.step("marie", made["pellets"], "delivery_answer", answer="They stayed at home.")
    house.step("sofia", made["pellets"], "find_undelivered", reason="They stayed at home.")
    house.account(request)
    house.step("marie", request, "claim")
    house.step("yusuf", request, "accept_claim")
    assert house.payment(request).amount == 4_000_00
    assert house.counted("pellets") == 0
