"""The board of the story: meetings, presence, outcomes, minutes with two signatures, and what is carried out."""

from __future__ import annotations

from datetime import time

from sqlalchemy import select

from grantflow.services.demo.script import Event
from grantflow.services.demo.stage import Stage
from grantflow.services.programmes import meetings
from grantflow.store.programmes.models import AgendaItem

BODY = "LCD/board"


def call_meeting(stage: Stage, event: Event) -> None:
    """Call a meeting of the board."""
    held_at = stage.moment(int(event.given["held"]), time(13))
    with stage.acting(event.who) as tx:
        stage.records[event.given["name"]] = meetings.call_meeting(tx, stage.record(BODY), held_at)


def put_on_agenda(stage: Stage, event: Event) -> None:
    """Put a record on the agenda."""
    given = event.given
    with stage.acting(event.who) as tx:
        stage.records[given["name"]] = meetings.put_on_agenda(
            tx, stage.record(event.of), stage.record(given["record"]), given["matter"]
        )


def hold_meeting(stage: Stage, event: Event) -> None:
    """Note who was there, what became of each item, and the minutes."""
    given, meeting = event.given, stage.record(event.of)
    with stage.acting(event.who) as tx:
        meetings.note_presence(tx, meeting, [stage.people[name] for name in given["present"]])
        for name, outcome in given.get("outcomes", {}).items():
            found = select(AgendaItem.id).where(AgendaItem.meeting_id == meeting)
            either = (AgendaItem.id == stage.record(name)) | (AgendaItem.record_id == stage.record(name))
            meetings.note_outcome(
                tx, tx.session.scalars(found.where(either)).one(), outcome, given["minutes"]
            )
        meetings.write_minutes(tx, meeting, given["minutes"])


def sign_as_chair(stage: Stage, event: Event) -> None:
    """Sign the minutes as the chair."""
    with stage.acting(event.who) as tx:
        meetings.sign_minutes_as_chair(tx, stage.record(event.of))


def sign_as_adjuster(stage: Stage, event: Event) -> None:
    """Sign the minutes as the adjuster."""
    with stage.acting(event.who) as tx:
        meetings.sign_minutes_as_adjuster(tx, stage.record(event.of))


def carry_out(stage: Stage, event: Event) -> None:
    """Carry out what the board decided about a record."""
    found = select(AgendaItem.id).where(
        AgendaItem.meeting_id == stage.record(event.of),
        AgendaItem.record_id == stage.record(event.given["record"]),
    )
    with stage.acting(event.who) as tx:
        meetings.carry_out(tx, tx.session.scalars(found).one(), event.given.get("data"))


VERBS = {
    each.__name__: each
    for each in (call_meeting, put_on_agenda, hold_meeting, sign_as_chair, sign_as_adjuster, carry_out)
}
