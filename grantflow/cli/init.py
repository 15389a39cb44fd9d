"""`grantflow init`: create or upgrade the database."""

from __future__ import annotations

import click

from grantflow.cli.answer import answer, json_option, say
from grantflow.cli.house import House, pass_house


@click.command()
@json_option
@pass_house
def init(house: House, *, as_json: bool) -> None:
    """Create or upgrade the database and publish the shipped schemes."""
    done = house.make_ready(house.settings, say)
    answer(as_json=as_json, data={"ok": True, "done": done}, text=done)
