"""The parts of a rehearsal: the agenda's order, when people come back, filled-in forms."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from grantflow.domain.refusal import Refusal
from grantflow.paths import data_folder
from grantflow.services.calls.papers import read_form
from grantflow.services.rehearsal import made_up
from grantflow.services.rehearsal.agenda import Agenda, Start
from grantflow.services.rehearsal.clockwork import possible_from

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
FORMS = sorted((data_folder("config") / "forms").glob("*/v*.yaml"))


def start(number: int) -> Start:
    return Start(UUID(int=1), "entry", "owner", number)


def test_equal_moments_keep_the_order_of_planning() -> None:
    agenda = Agenda()
    for number in range(5):
        agenda.plan(NOON, start(number))
    agenda.plan(NOON - timedelta(minutes=1), start(9))
    taken = [agenda.take()[1] for _ in range(6)]
    assert [each.number for each in taken if isinstance(each, Start)] == [9, 0, 1, 2, 3, 4]
    assert agenda.next_at is None


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"at": "2026-03-09T09:00:00+00:00"}, datetime(2026, 3, 9, 9, tzinfo=UTC)),
        ({"due": datetime(2026, 4, 1, tzinfo=UTC)}, datetime(2026, 4, 1, tzinfo=UTC)),
        ({"day": "2026-03-05"}, datetime(2026, 3, 5, 5, tzinfo=UTC)),
        ({"at": "2026-01-01T09:00:00+00:00"}, None),
        ({"date": "fund_opens"}, None),
        ({"count": 3}, None),
    ],
)
def test_people_come_back_on_the_day_that_a_refusal_names(
    told: dict[str, object], expected: datetime | None
) -> None:
    assert possible_from([Refusal("too_early", "Later.", told)], NOON) == expected


@pytest.mark.parametrize("path", FORMS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_made_up_answers_fill_every_shipped_form(path: object) -> None:
    form = read_form(path).form  # type: ignore[arg-type]
    assert form is not None
    for seed in range(40):
        wish = made_up.Wish(10_000_00, 35_000_00, 6_000)
        answers = made_up.answers_to(
            form, random.Random(seed), date(2026, 3, 2), UUID(int=5), [1, 2, 3], wish
        )
        assert form.misfits(answers) == ()
        assert form.faults(answers) == ()
