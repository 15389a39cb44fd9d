"""`grantflow demo`: load the demo into an empty database, mark it as one, and serve it."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from grantflow.cli.answer import say
from grantflow.cli.house import House, pass_house
from grantflow.cli.serve import serve_house
from grantflow.domain.actor import SYSTEM
from grantflow.domain.refusal import refuse


@click.command()
@click.option("--no-serve", is_flag=True, help="Load the demo and end.")
@pass_house
def demo(house: House, *, no_serve: bool) -> None:
    """Load the demo programme into an empty database and serve it; run again, serve what is there."""
    from grantflow.services import clock
    from grantflow.services.demo import load

    if house.settings.mode == "production":
        raise refuse("demo_in_production", "A demo is not loaded in production (setting mode).")
    house.make_ready(house.settings, say)
    with house.database.transaction(SYSTEM, datetime.now(UTC)) as tx:
        clock.mark_as_demo(tx)
    load(house.database, say)
    if not no_serve:
        house.database.dispose()
        serve_house(house, with_worker=True)
