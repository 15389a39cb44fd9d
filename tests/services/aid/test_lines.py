"""A line and its firm: the link, who may sign, what is declared, what it may become."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from grantflow.domain.actor import Actor
from grantflow.domain.aid.lines import Declaration
from grantflow.domain.refusal import Refused
from grantflow.services import cases
from grantflow.services.aid.firms import DeclaredAid, declare
from grantflow.services.aid.invitations import actor_of_link, link_token
from grantflow.services.people.registering import join_organisation

KEY = b"a key of the installation"
FIRM = Declaration(9, 4_000_000_00, 2_000_000_00, True, 0, True)


def codes(caught):
    return [refusal.code for refusal in caught.value.refusals]


@pytest.fixture
def line(house):
    _, made = house.request_of(limtra="market_visit")
    return made["limtra"]


def test_a_link_is_its_grant_signed_and_opens_one_line(house, line):
    sent = house.link(line)
    with house.tx() as tx:
        actor, found = actor_of_link(tx, KEY, link_token(KEY, sent))
    assert found == line
    assert actor == Actor("link", organisation_id=house.firms["limtra"], grant_id=sent)


@pytest.mark.parametrize("token", ["", "nonsense", "00000000000000000000000000000001.deadbeef"])
def test_a_link_that_we_never_made_opens_nothing(house, line, token):
    with house.tx() as tx, pytest.raises(Refused) as caught:
        actor_of_link(tx, KEY, token)
    assert codes(caught) == ["link_unknown"]


def test_a_newer_link_ends_the_older_one_and_the_time_does_not_start_anew(house, line):
    old = house.link(line)
    house.wait(days=5)
    house.step("marie", line, "send_link_again")
    with house.tx() as tx, pytest.raises(Refused):
        actor_of_link(tx, KEY, link_token(KEY, old))
    house.wait(days=4, hours=1)
    assert house.state(line) == "lapsed"


def test_somebody_elses_link_moves_nothing(house, line):
    _, other = house.request_of(pellets="matchmaking")
    with pytest.raises(Refused) as caught, house.by_link(other["pellets"]) as tx:
        declare(tx, line, FIRM)
    assert codes(caught) == ["not_yours_now"]
    with pytest.raises(Refused) as caught, house.by_link(other["pellets"]) as tx:
        cases.step(tx, line, "decline")
    assert codes(caught) == ["wrong_role"]


def test_whoever_is_not_authorised_is_asked_to_hand_the_link_on(house, line):
    with pytest.raises(Refused) as caught:
        house.confirm(line, authorised=False)
    assert codes(caught) == ["not_authorised"]
    assert house.state(line) == "asked"


def test_a_signatory_with_an_account_confirms_without_a_link(house, line):
    with house.tx() as tx:
        house.people["kerstin"] = tx.new_id()
    with house.tx() as tx:
        from grantflow.services.people.registering import register_person

        house.people["kerstin"] = register_person(tx, "kerstin@demo.invalid", "Kerstin Fåman")
        join_organisation(tx, house.people["kerstin"], house.firms["limtra"], authorised=True)
    with house.tx("kerstin") as tx:
        declare(tx, line, FIRM)
        data = {"signer_name": "Kerstin Fåman", "signer_role": "Owner", "authorised": "authorised"}
        cases.step(tx, line, "confirm", data=data)
    assert house.state(line) == "cleared"


def test_every_reason_is_told_at_once(house, line):
    with pytest.raises(Refused) as caught:
        house.confirm_as(line, Declaration(300, 0, 0, False, 0, consent=False), authorised=False)
    assert codes(caught) == ["not_authorised", "aid_not_declared", "consent_missing", "not_small"]


def test_nothing_declared_and_nothing_listed_contradict_each_other(house, line):
    aid = [DeclaredAid(date(2025, 1, 1), 100_00, "Another agency")]
    with house.by_link(line) as tx:
        declare(tx, line, FIRM, aid)
    data = {"signer_name": "K", "signer_role": "Owner", "authorised": "authorised"}
    with pytest.raises(Refused) as caught, house.by_link(line) as tx:
        cases.step(tx, line, "confirm", data=data)
    assert codes(caught) == ["aid_contradicts"]


def test_aid_of_tomorrow_or_of_nothing_is_sent_back_with_each_reason(house, line):
    tomorrow = house.now.date() + timedelta(days=1)
    with pytest.raises(Refused) as caught, house.by_link(line) as tx:
        declare(tx, line, FIRM, [DeclaredAid(tomorrow, 100, "A"), DeclaredAid(date(2025, 1, 1), 0, "B")])
    assert codes(caught) == ["declared_ahead", "declared_nothing"]


def test_after_sending_a_line_may_only_become_smaller(house, line):
    with pytest.raises(Refused) as caught:
        house.choose(line, "trade_fair")
    assert codes(caught) == ["activity_dearer"]
    with pytest.raises(Refused) as caught:
        house.choose(line, "yachting")
    assert codes(caught) == ["activity_not_offered"]
    house.choose(line, "matchmaking")
    assert house.line(line).amount == 1_500_00
    assert house.window().reserved == 1_500_00


def test_a_declaration_replaces_the_earlier_one_of_the_firm(house, line):
    for had in (50_000_00, 20_000_00):
        with house.by_link(line) as tx:
            aid = [DeclaredAid(date(2025, 5, 5), had, "Another agency")]
            declare(tx, line, Declaration(9, 1, 1, False, 1, True), aid)
    house.confirm(line, had=10_000_00)
    assert house.counted("limtra") == 12_500_00


def test_a_firm_that_declines_gets_its_headroom_back_and_the_pot_its_money(house, line):
    house.confirm(line)
    assert house.counted("limtra") == 2_500_00
    with house.by_link(line) as tx:
        cases.step(tx, line, "decline", data={"reason": "No time this year."})
    assert (house.state(line), house.counted("limtra"), house.window().reserved) == ("declined", 0, 0)
