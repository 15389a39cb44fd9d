"""Rows are tried in order, one at a time; a refusal moves nothing; the machine is shared by threads."""

import sys
import threading
from uuid import UUID

import pytest

from grantflow.domain.refusal import Refusal
from grantflow.workflow.engine import Engine
from grantflow.workflow.machine import Case, compile_scheme
from grantflow.workflow.registry import Registry
from tests.workflow.toys import REGISTRY, toy

NOBODY = UUID(int=0)
TWO_ROWS = {
    "claim.yaml": """
        lifecycle: claim
        record: call
        title: Claim
        initial: open
        final:
          - paid
          - shelved
        states:
          open:
            label: Open
          paused:
            label: Paused
          paid:
            label: Paid
          shelved:
            label: Shelved
        transitions:
          - name: decide
            from: open
            to: paid
            by: manager
            guards: money_left
          - name: decide
            from: open
            to: shelved
            by: manager
          - name: pause
            from: open
            to: paused
            by: manager
          - name: resume
            from: paused
            to: remembered
            by: manager
          - name: note
            from:
              - open
              - paused
            to: same
            by: manager
    """
}


@pytest.fixture(scope="module")
def machine():
    return compile_scheme(toy(TWO_ROWS), REGISTRY).root


def nothing(row):
    return ()


def test_the_first_row_against_which_nothing_speaks_is_taken(machine):
    case = Case(NOBODY, "open")
    fired = machine.fire(case, "decide", lambda row: [Refusal("no_money", "None left.")] * bool(row.guards))
    assert (fired.row.to, case.state, fired.refusals) == ("shelved", "shelved", ())


def test_each_candidate_is_judged_once_and_a_refusal_moves_nothing(machine):
    case, judged = Case(NOBODY, "open"), []

    def judge(row):
        judged.append(row.number)
        return [Refusal(f"no{number}", "No.") for number in range(2 - row.number)]

    fired = machine.fire(case, "decide", judge)
    assert judged == [0, 1]
    assert (fired.row, [refusal.code for refusal in fired.refusals], case.state) == (None, ["no0"], "open")


def test_a_judge_that_fails_moves_nothing(machine):
    case = Case(NOBODY, "open")

    def fails(row):
        raise ConnectionError(row.name)

    with pytest.raises(ConnectionError):
        machine.fire(case, "decide", fails)
    assert case.state == "open"


def test_what_does_not_leave_the_state_is_an_error_of_the_caller(machine):
    with pytest.raises(KeyError):
        machine.fire(Case(NOBODY, "paid"), "decide", nothing)
    with pytest.raises(KeyError):
        machine.fire(Case(NOBODY, "open"), "state", nothing)


def test_a_remembered_state_is_returned_to(machine):
    case = Case(NOBODY, "open")
    machine.fire(case, "pause", nothing)
    assert (case.state, case.resume_state) == ("paused", "open")
    machine.fire(case, "note", nothing)
    assert (case.state, case.resume_state) == ("paused", "open")
    machine.fire(case, "resume", nothing)
    assert case.state == "open"


def test_a_case_that_remembers_nothing_cannot_return(machine):
    with pytest.raises(ValueError, match="none is remembered"):
        machine.fire(Case(NOBODY, "paused"), "resume", nothing)


def test_the_index_says_what_leaves_a_state(machine):
    assert machine.names("open") == ("decide", "pause", "note")
    assert [row.number for row in machine.rows("open", "decide")] == [0, 1]
    assert machine.rows("paid", "decide") == ()
    assert {kind.__name__ for kind in machine.facts("open")} == {"Purse"}


def test_gates_are_asked_of_those_who_enter_a_phase_from_an_earlier_one():
    scheme = toy(
        {
            "scheme.yaml": """
                phases:
                  - name: lab
                    label: Lab
                  - name: fund
                    label: Fund
                    gate: money_left
            """,
            "call.yaml": """
                lifecycle: call
                record: call
                title: Call
                initial: talk
                final: ended
                states:
                  talk:
                    phase: lab
                  open:
                    phase: fund
                  check:
                    phase: fund
                  ended:
                    label: Ended
                transitions:
                  - name: go
                    from:
                      - talk
                      - check
                    to: open
                    by: manager
                  - name: check
                    from: open
                    to: check
                    by: manager
                  - name: end
                    from: check
                    to: ended
                    by: manager
            """,
        }
    )
    machine = compile_scheme(scheme, REGISTRY).root
    go = machine.rows("talk", "go")[0]
    assert [(check.spec.name, check.on_call) for check in machine.checks(go, "talk")] == [
        ("money_left", True)
    ]
    assert machine.checks(go, "check") == ()


def test_threads_share_a_machine(machine):
    errors = []
    switch = sys.getswitchinterval()
    sys.setswitchinterval(0.00001)

    def walk():
        case = Case(NOBODY, "open")
        for _ in range(300):
            machine.fire(case, "pause", nothing)
            fired = machine.fire(case, "resume", nothing)
            if case.state != "open" or fired.row is None:
                errors.append(case)

    threads = [threading.Thread(target=walk) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sys.setswitchinterval(switch)
    assert errors == []


def test_an_engine_runs_what_is_published():
    scheme = toy(TWO_ROWS)
    engine = Engine(REGISTRY, [scheme])
    compiled = engine.compiled(scheme.name, scheme.version)
    assert engine.add(scheme) is compiled
    assert engine.compiled(scheme.name, scheme.version, scheme.sha256) is compiled
    assert engine.all() == (compiled,)
    assert compiled.scheme == scheme
    assert type(compiled.scheme.lifecycles["claim"].rows[0].name) is str
    with pytest.raises(KeyError):
        engine.compiled(scheme.name, 2)


def test_a_scheme_whose_words_have_no_code_does_not_compile():
    nothing_known = Registry({}, {}, {}, {}, frozenset(), frozenset())
    with pytest.raises(KeyError):
        compile_scheme(toy(TWO_ROWS), nothing_known)
