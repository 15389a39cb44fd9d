"""`grantflow settings`: what is in force and where it came from."""

from __future__ import annotations

import click

from grantflow.cli.answer import answer, json_option
from grantflow.cli.house import House, pass_house
from grantflow.settings import TABLE, shown


@click.command()
@json_option
@pass_house
def settings(house: House, *, as_json: bool) -> None:
    """Print every setting: its value, where it came from, and what it means. Secrets are never printed."""
    loaded = house.loaded
    rows = [
        {
            "name": setting.name,
            "value": shown(setting, getattr(loaded.settings, setting.name)),
            "source": loaded.sources[setting.name],
            "default": shown(setting, setting.default),
            "about": setting.about,
            "choices": list(setting.choices),
            "variables": list(setting.variables),
        }
        for setting in TABLE.values()
    ]
    width = max(len(name) for name in TABLE)
    lines = [f"environment: {loaded.environment}"]
    for row in rows:
        choices = f" ({', '.join(row['choices'])})" if row["choices"] else ""
        lines += [f"{row['name']:<{width}} = {row['value'] or '(empty)'}  from {row['source']}"]
        lines += [f"{'':<{width}}   {row['about']}{choices}"]
    answer(
        as_json=as_json, data={"ok": True, "environment": loaded.environment, "settings": rows}, text=lines
    )
