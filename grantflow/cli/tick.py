"""`grantflow tick`: move a demo's clock forward, or fire what fell due."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from grantflow.cli.answer import answer, json_option, progress
from grantflow.cli.house import House, pass_house
from grantflow.domain.actor import SYSTEM


class Instant(click.ParamType[datetime]):
    """A moment in ISO form; without a zone it is UTC."""

    name = "instant"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read the moment."""
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no moment such as 2026-09-30T12:00:00Z.", param, ctx)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


@click.command()
@click.option(
    "--to", type=Instant(), help="The moment that a demo's clock shall show, such as 2026-09-30T12:00:00Z."
)
@json_option
@pass_house
def tick(house: House, *, to: datetime | None, as_json: bool) -> None:
    """Fire every timer that is due, in its order, and send what waits; in a demo move the clock forward before."""
    from grantflow.services import clock

    database = house.database
    with progress("Firing timers") as bar:
        fired = clock.play(database, SYSTEM, lambda: datetime.now(UTC), to, bar.advance)
    sent = house.post_now(house.settings, database)
    now = house.now()
    answer(
        as_json=as_json,
        data={"ok": True, "now": now, "fired": fired, "sent": sent},
        text=f"It is {now:%Y-%m-%d %H:%M} UTC. Timers fired: {fired}. Messages sent: {sent}.",
    )
