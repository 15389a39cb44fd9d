"""What people fill in when they take steps: by the name of the field, else by its kind."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from grantflow.services.rehearsal import made_up
from grantflow.services.rehearsal.habits.kinds import Habits
from grantflow.services.rehearsal.scene import Scene
from grantflow.store.calls.models import Call, CallDate
from grantflow.workflow.model import Asked


def later_day(scene: Scene, asked: Asked, case_id: UUID) -> date | None:
    """Name a day one or two weeks after the last date of the stage that lies behind or next ahead."""
    with scene.looking() as tx:
        found = (
            select(CallDate.at)
            .join(Call, (Call.id == CallDate.call_id) & (Call.stage == CallDate.stage))
            .where(Call.id == case_id, CallDate.at > scene.now)
            .order_by(CallDate.at)
        )
        ahead = [row.at for row in tx.execute(found)]
    if not asked.required and ahead:
        return None
    start = ahead[0] if ahead else scene.now
    day: date = start.astimezone(scene.zone).date()
    return day + timedelta(days=scene.dice.choice((7, 14)))


def _words(scene: Scene, asked: Asked, case_id: UUID) -> str:
    del asked, case_id
    return made_up.prose(scene.dice)


def _line(scene: Scene, asked: Asked, case_id: UUID) -> str:
    del asked, case_id
    return made_up.title(scene.dice)


HABITS = Habits(
    how_many={"call": lambda *_: 0},
    waits={"children_not_ended": 21, "children_not_there_yet": 8},
    answers={
        "new_deadline": later_day,
        "long_text": _words,
        "text": _line,
        "money": lambda scene, _asked, _case: scene.dice.randrange(1, 50) * 100_00,
        "whole_number": lambda scene, _asked, _case: scene.dice.randrange(1, 5),
        "date": lambda scene, _asked, _case: (scene.now + timedelta(days=30)).date(),
        "moment": lambda scene, _asked, _case: scene.now,
        "choice": lambda scene, asked, _case: scene.dice.choice(asked.choices),
    },
)
