"""The rolling call: paused by itself when the money is used up, suspended and cancelled by people, in rounds."""

from __future__ import annotations

from datetime import timedelta

import pytest

from grantflow.domain.refusal import Refused
from grantflow.services import cases, journal
from grantflow.services.invariants import check_invariants
from grantflow.services.people.registering import register_person
from grantflow.services.programmes.meetings import (
    call_meeting,
    carry_out,
    note_outcome,
    note_presence,
    put_on_agenda,
    sign_minutes_as_adjuster,
    sign_minutes_as_chair,
    write_minutes,
)
from grantflow.services.programmes.setting_up import body_named, take_seat
from grantflow.store.calls.models import Call
from tests import cast
from tests.services.aid.house import TODAY, AidHouse, plan


@pytest.fixture
def poor(database_url):
    """The call with money for one fair and a bit."""
    built = AidHouse(database_url, envelope=5_000_00)
    built.now = TODAY
    yield built
    built.close()


def test_the_call_pauses_when_the_money_is_used_up_and_opens_again_when_some_comes_back(poor):
    later = poor.begin()
    line = poor.name_firm(later, "pellets", "matchmaking")
    request, made = poor.request_of(limtra="trade_fair")
    assert poor.state(poor.call) == "paused"
    assert ("cluster", "call_changed") in poor.letters(later)
    with pytest.raises(Refused) as caught:
        poor.step("marie", later, "submit")
    assert "intake_closed" in {refusal.code for refusal in caught.value.refusals}
    poor.wait(days=10)
    assert poor.state(made["limtra"]) == "lapsed"
    assert poor.state(poor.call) == "open"
    poor.step("marie", later, "submit")
    assert poor.state(line) == "asked"
    assert poor.state(request) == "under_decision"


def test_while_the_call_is_suspended_nothing_is_sent_and_nothing_is_decided(house):
    request, made = house.request_of(limtra="trade_fair")
    house.confirm(made["limtra"])
    house.step("karin", house.call, "suspend", reason="The register is down.")
    with pytest.raises(Refused) as caught:
        house.step("yusuf", request, "grant")
    assert [refusal.code for refusal in caught.value.refusals] == ["call_stopped"]
    house.step("karin", house.call, "resume", reason="It is up again.")
    house.step("yusuf", request, "grant")
    assert house.state(request) == "granted"


def test_the_last_day_makes_drafts_not_submitted_and_lets_the_rest_go_on(house):
    from datetime import UTC, datetime

    house.now = datetime(2027, 6, 29, 9, 0, tzinfo=UTC)
    draft = house.begin()
    request, made = house.request_of(limtra="trade_fair")
    house.confirm(made["limtra"])
    house.wait(days=2)
    assert house.state(house.call) == "winding_down"
    assert (house.state(draft), house.state(request)) == ("not_submitted", "under_decision")
    with pytest.raises(Refused):
        house.step("karin", house.call, "close")
    house.step("marie", request, "withdraw")
    house.step("karin", house.call, "close")
    assert house.state(house.call) == "closed"
    with house.tx() as tx:
        assert journal.verify(tx).faults == ()


def test_a_call_that_decides_at_cut_offs_lets_requests_wait_for_theirs(database_url):
    from datetime import UTC, datetime

    house = AidHouse(database_url, parameters={"intake": "cut_off"})
    house.now = datetime(2027, 6, 29, 9, 0, tzinfo=UTC)
    request, made = house.request_of(limtra="trade_fair")
    assert house.state(request) == "waiting"
    house.confirm(made["limtra"])
    house.wait(days=2)
    assert house.state(request) == "under_decision"
    house.close()


def test_the_manager_corrects_and_everybody_who_began_or_sent_is_told(house):
    draft = house.begin()
    request, _ = house.request_of(limtra="trade_fair")
    house.step("karin", house.call, "correct", what="The fair may be in Norway too.", reason="A slip.")
    for each in (draft, request):
        assert ("cluster", "call_changed") in house.letters(each)


def test_only_the_board_cancels_and_only_by_its_signed_minutes(house):
    with pytest.raises(Refused) as caught:
        house.step("karin", house.call, "cancel", reason="No money.")
    assert "wrong_role" in {refusal.code for refusal in caught.value.refusals}


def board_cancels(house):
    """Let the board cancel the call in a meeting, and carry out what its signed minutes say."""
    with house.tx() as tx:
        programme = tx.session.get_one(Call, house.call).programme_id
        body = body_named(tx, programme, plan().programme.bodies[0].name)
        for number, person in enumerate(cast.BOARD):
            house.people[person.name] = register_person(tx, person.email, person.name)
            take_seat(tx, body, house.people[person.name], "member" if number else "chair")
        meeting = call_meeting(tx, body, house.now + timedelta(days=7))
        item = put_on_agenda(tx, meeting, house.call, "cancel")
    house.wait(days=7)
    with house.tx() as tx:
        note_presence(tx, meeting, [house.people[person.name] for person in cast.BOARD])
        note_outcome(tx, item, "adopted")
        write_minutes(tx, meeting, "The money is withdrawn.")
    chair, *_, adjuster = cast.BOARD
    with house.tx(chair.name) as tx:
        sign_minutes_as_chair(tx, meeting)
    with house.tx(adjuster.name) as tx:
        sign_minutes_as_adjuster(tx, meeting)
    with house.tx(adjuster.name) as tx:
        carry_out(tx, item, {"reason": "The money is withdrawn."})


def test_a_cancelled_call_tells_everybody_on_the_way_and_holds_no_money_back(house):
    draft = house.begin()
    listed = house.name_firm(draft, "pellets", "matchmaking")
    granted, its = house.request_of(snickeri="matchmaking")
    house.confirm(its["snickeri"])
    house.step("yusuf", granted, "grant")
    promised = house.window().committed
    decided, made = house.request_of(limtra="trade_fair")
    house.confirm(made["limtra"])
    completing, other = house.request_of(pellets="market_visit")
    house.step("yusuf", completing, "ask_completion", sections="host", missing="Who receives you?")
    heard, doubted = house.request_of(pellets="matchmaking")
    house.step("yusuf", heard, "refusal_hear", doubts="The host seems to be a shop of the cluster.")
    assert house.window().reserved > 0
    board_cancels(house)
    on_the_way = (draft, decided, completing, heard)
    assert {house.state(each) for each in on_the_way} == {"call_cancelled"}
    for each in on_the_way:
        assert ("cluster", "call_cancelled_letter") in house.letters(each)
    lines = (listed, made["limtra"], other["pellets"], doubted["pellets"])
    assert {house.state(each) for each in lines} == {"closed_out"}
    assert (house.window().reserved, house.window().committed) == (0, promised)
    assert (house.state(granted), house.state(its["snickeri"])) == ("granted", "granted")
    assert house.counted("limtra") == 0
    assert house.counted("snickeri") > 0
    with pytest.raises(Refused):
        house.begin()
    with pytest.raises(Refused) as caught:
        house.step("karin", house.call, "close")
    assert {refusal.code for refusal in caught.value.refusals} == {"children_not_ended"}
    house.step("marie", granted, "withdraw")
    house.step("karin", house.call, "close")
    assert house.state(house.call) == "cancelled"
    assert (house.window().reserved, house.window().committed) == (0, 0)
    with house.tx() as tx:
        assert [held for held in check_invariants(tx) if not held.holds] == []


def test_nobody_without_a_function_for_firms_is_an_intermediary(house):
    with house.tx() as tx:
        from grantflow.store.people.models import Organisation

        tx.session.get_one(Organisation, house.cluster).functions = []
    request = house.begin()
    house.name_firm(request, "limtra", "matchmaking")
    with pytest.raises(Refused) as caught:
        house.step("marie", request, "submit")
    assert [refusal.code for refusal in caught.value.refusals] == ["no_intermediary"]


def test_what_may_be_done_is_told_in_the_same_number_of_statements_for_one_and_for_three(house):
    from sqlalchemy import event

    def counted(ids):
        seen = []
        with house.tx("yusuf") as tx:
            event.listen(tx.connection, "before_cursor_execute", lambda *_: seen.append(1))
            cases.choices(tx, ids)
        return len(seen)

    requests = [house.request_of(**{firm: "matchmaking"})[0] for firm in ("limtra", "pellets", "snickeri")]
    assert counted(requests[:1]) == counted(requests)
