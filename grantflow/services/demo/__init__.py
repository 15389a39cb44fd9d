"""The demo: an invented story, told through the services on a moved clock.

Nothing the demo shows was written into tables from outside: its journal, letters and ledger came to be through the same
services that people use. Who did what on which day stands in `config/demo/`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import select

from grantflow.domain.actor import SYSTEM
from grantflow.domain.refusal import refuse
from grantflow.services.demo.people import DOMAIN, address_of
from grantflow.services.demo.script import Script, read_script
from grantflow.services.demo.setting import draft, draft_the_next, set_the_stage
from grantflow.services.demo.stage import Stage
from grantflow.services.demo.verbs import VERBS
from grantflow.services.readiness import DEMO_LOADED
from grantflow.store.calls.models import Call
from grantflow.store.session import Database
from grantflow.store.settings import recall, remember

__all__ = ["DOMAIN", "address_of", "load"]

TOLD_EVERY = 40
"""After how many events the progress is told."""


def load(database: Database, say: Callable[[str], None], *, today: datetime | None = None) -> None:
    """Tell the story in an empty database that is marked as a demo; where it was told, do nothing.

    `today` is the moment at which the story stands in the end; the wall's time where nothing is said.

    Raises:
        Refused: an earlier loading was broken off.
    """
    now = today or datetime.now(UTC)
    with database.transaction(SYSTEM, now) as tx:
        if recall(tx, DEMO_LOADED) is not None:
            return
        if tx.execute(select(Call.id).limit(1)).first() is not None:
            raise refuse(
                "demo_broken_off",
                "Loading the demo was broken off. Remove its database (in the data folder) and start again.",
            )
    script = read_script()
    stage = Stage(database, now, script.zone)
    say(f"Loading the demo: {len(script.events)} events of an invented story, over {-script.begins} days.")
    tell(stage, script, say)
    with database.transaction(SYSTEM, now) as tx:
        remember(tx, DEMO_LOADED, {"events": len(script.events)})
    say("The demo is loaded; each of its steps is in the journal.")


def tell(stage: Stage, script: Script, say: Callable[[str], None]) -> None:
    """Tell the whole story: the people first, then every event on its day."""
    set_the_stage(stage, script)
    drafts = {call.day: [each for each in script.calls if each.day == call.day] for call in script.calls}
    for number, event in enumerate(script.events):
        for day in sorted(day for day in drafts if day <= event.day):
            draft(stage, script, drafts.pop(day))
        stage.come_to(event.day, event.at)
        with stage.telling(event):
            VERBS[event.verb](stage, event)
        if number % TOLD_EVERY == 0:
            say(f"  {stage.now:%d %B %Y}: event {number + 1} of {len(script.events)}")
    stage.come_to_the_end()
    draft_the_next(stage, script)
