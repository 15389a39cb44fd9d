"""What may be done, and why not: the same answer for the button and for the step."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import event

from grantflow.domain.refusal import Refused
from grantflow.services import cases
from grantflow.workflow.model import Scheme
from tests.services.cases.house import House, grant


def test_each_choice_is_allowed_or_says_everything_against_it(house: House):
    entry = house.entry(finished=False, signed=False)
    with house.reading("ann") as tx:
        found = cases.choices(tx, [entry])[entry]
    assert (found.state, found.revision) == ("draft", 1)
    (choice,) = found.options
    assert (choice.name, choice.label, choice.allowed) == ("send", "Hand it in", False)
    assert [each.code for each in choice.refusals] == ["unfinished", "unsigned"]


def test_a_choice_says_what_it_asks_for(house: House):
    entry = house.entry()
    house.do("ann", entry, "send")
    house.do("carl", house.call_id, "close")
    with house.reading("carl") as tx:
        found = cases.choices(tx, [entry])[entry]
    assert found.allowed() == ("hold", "remark", "grant")
    remark = found.named("remark")
    assert remark is not None
    assert [(each.name, each.required) for each in remark.asks] == [
        ("reason", True),
        ("sum", False),
        ("day", False),
        ("colour", False),
    ]


def test_who_plays_no_role_has_no_choice(house: House):
    entry = house.entry()
    with house.reading("olga") as tx:
        assert cases.choices(tx, [entry])[entry].options == ()


def test_a_masked_state_is_shown_as_its_mask(house: House):
    house.spoil("UPDATE gf_call SET parameters = :set", set='{"weights_needed":1}')
    entry = house.entry()
    house.do("ann", entry, "send")
    house.do("carl", house.call_id, "close")
    house.do("jim", house.review(entry, "jim"), "give")
    assert house.state(entry) == "weighed"
    with house.reading("ann") as tx:
        assert cases.choices(tx, [entry])[entry].state == "received"
    with house.reading("carl") as tx:
        assert cases.choices(tx, [entry])[entry].state == "weighed"


def relabelled(scheme: Scheme) -> Scheme:
    """Let applicants read another word for what was received, clerks for the weighed, owners for the draft."""
    entry = scheme.lifecycles["entry"]
    labels = {
        "draft": {"applicant": "Wrong: the role comes first", "owner": "Yours alone"},
        "received": {"applicant": "We are looking at it"},
        "weighed": {"clerk": "To be granted", "manager": "Wrong: the role comes first"},
    }
    states = {
        name: replace(state, labels=labels.get(name, {}), label=f"{name} to all")
        for name, state in entry.states.items()
    }
    return replace(scheme, lifecycles={**scheme.lifecycles, "entry": replace(entry, states=states)})


def test_a_state_bears_the_label_for_the_role_or_audience_of_who_looks(database_url: str):
    house = House(database_url, change=relabelled).furnish()
    house.spoil("UPDATE gf_call SET parameters = :set", set='{"weights_needed":1}')
    entry = house.entry()

    def read(name: str) -> str:
        with house.reading(name) as tx:
            return cases.choices(tx, [entry])[entry].label

    assert (read("ann"), read("carl"), read("system")) == ("Yours alone", "draft to all", "draft to all")
    house.do("ann", entry, "send")
    house.do("carl", house.call_id, "close")
    assert (read("ann"), read("carl")) == ("We are looking at it", "received to all")
    house.do("jim", house.review(entry, "jim"), "give")
    assert house.state(entry) == "weighed"
    assert (read("ann"), read("carl")) == ("We are looking at it", "To be granted")
    house.database.dispose()


def test_four_eyes_show_in_the_choices(house: House):
    entry = house.entry()
    house.do("ann", entry, "send")
    house.do("carl", house.call_id, "close")
    house.do("carl", entry, "grant", sum=5)
    with house.tx() as tx:
        grant(tx, "chief", house.call_id, user_id=house.people["carl"])
    with house.reading("carl") as tx:
        choice = cases.choices(tx, [entry])[entry].named("confirm")
    assert choice is not None
    assert {each.code for each in choice.refusals} == {"same_person"}


def test_fifty_records_cost_as_many_statements_as_one(house: House):
    entries = [house.entry(finished=bool(number % 2)) for number in range(20)]
    counts = []
    for ids in (entries[:1], entries):
        said: list[str] = []
        with house.reading("ann") as tx:
            event.listen(
                tx.connection, "before_cursor_execute", lambda *args, said=said: said.append(args[2])
            )
            cases.choices(tx, ids)
        counts.append(len(said))
    assert counts[0] == counts[1] <= 6


@pytest.mark.parametrize("who", ["ann", "carl", "chloe", "jim", "olga"])
def test_choices_and_steps_agree(house: House, who: str):
    ready, unready, sent = house.entry(), house.entry(finished=False), house.entry()
    house.do("ann", sent, "send")
    for each in (ready, unready, sent, house.call_id):
        machine = house.database.engine.compiled("toy", 1).machines[
            "call" if each == house.call_id else "entry"
        ]
        with house.reading(who) as tx:
            allowed = set(cases.choices(tx, [each])[each].allowed())
        for name in {row.name for row in machine.lifecycle.rows if not row.asks}:
            try:
                with house.tx(who, keep=False) as tx:
                    cases.step(tx, each, name)
                taken = True
            except Refused:
                taken = False
            assert taken == (name in allowed), (who, name)
