"""Several people at one thing at the same moment: each in a process of their own, let go together."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from grantflow.domain.refusal import Refused

_context = multiprocessing.get_context("fork")


@dataclass(frozen=True, slots=True)
class Lost:
    """What somebody was told who came too late."""

    codes: tuple[str, ...]
    sentences: tuple[str, ...]


def race(runs: Sequence[Callable[[], object]]) -> list[Lost | None]:
    """Let everybody go at once; return for each what they were told, None for who won. No connection may be open."""
    line = _context.Barrier(len(runs))
    answers: Any = _context.SimpleQueue()
    runners = [
        _context.Process(target=_run, args=(number, act, line, answers), daemon=True)
        for number, act in enumerate(runs)
    ]
    for runner in runners:
        runner.start()
    told: dict[int, Any] = dict(answers.get() for _ in runners)
    for runner in runners:
        runner.join(60)
    for answer in told.values():
        if isinstance(answer, str):
            raise AssertionError(answer)  # noqa: TRY004 - it is what went wrong, in words
    return [told[number] for number in range(len(runs))]


def _run(number: int, act: Callable[[], object], line: Any, answers: Any) -> None:
    answer: Lost | str | None
    try:
        line.wait(60)
        act()
        answer = None
    except Refused as refused:
        answer = Lost(
            tuple(each.code for each in refused.refusals), tuple(each.sentence for each in refused.refusals)
        )
    except BaseException as fault:  # noqa: BLE001 - whatever it is, the parent has to know
        answer = repr(fault)
    answers.put((number, answer))
