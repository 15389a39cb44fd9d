"""One key in several processes, and in one that is killed: done once, and whoever asks again gets the answer."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from sqlalchemy import select

from grantflow.store.applications.models import Application
from grantflow.store.people.tokens import KeptAnswer
from tests.api.program import Desk, Program
from tests.api.test_once import KEY, count, same, twins, wanted
from tests.trials.crash import in_child
from tests.trials.race import race

PROCESSES = 4


def test_of_many_processes_at_once_one_does_it_and_all_get_its_answer(
    desk: Desk, leif: Program, tmp_path: Path
) -> None:
    body = wanted(desk)
    desk.fund.database.dispose()

    def send(number: int, program: Program) -> None:
        answer = program.post("/applications", body, **KEY)
        assert answer.status_code == 201, answer.text
        (tmp_path / f"answer-{number}").write_bytes(answer.data + answer.headers["ETag"].encode())

    runs = [partial(send, number, program) for number, program in enumerate(twins(leif, PROCESSES))]
    assert race(runs) == [None] * PROCESSES
    answers = {path.read_bytes() for path in tmp_path.glob("answer-*")}
    assert len(answers) == 1
    assert (count(desk, Application), count(desk, KeptAnswer)) == (1, 1)


def test_one_that_is_killed_at_any_statement_is_answered_when_it_is_sent_again(
    desk: Desk, leif: Program
) -> None:
    """The connection is lost before, at or after the commit: nobody can tell which, and nobody has to."""
    body = wanted(desk)
    done = []
    for place in range(1, 500):
        desk.fund.database.dispose()
        survived = in_child(lambda: leif.post("/applications", body, **KEY), place)
        with desk.fund.reading() as tx:
            made = list(tx.execute(select(Application.id)).scalars())
        assert len(made) == count(desk, KeptAnswer) <= 1
        done.append(len(made))
        if survived:
            break
    assert done == sorted(done), "what is done stays done"
    assert done[0] == 0, "it was killed before anything was kept"
    first = leif.post("/applications", body, **KEY)
    assert (first.status_code, count(desk, Application)) == (201, 1)
    assert same(leif.post("/applications", body, **KEY), first)
    desk.fund.assert_all_holds()
