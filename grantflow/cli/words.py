"""`grantflow words`: the catalogues that give the pages in other languages."""

from __future__ import annotations

import click

from grantflow.cli.answer import answer, json_option
from grantflow.cli.house import House, pass_house


@click.command()
@click.option("--write", is_flag=True, help="Bring the catalogues up to date with every sentence there is.")
@json_option
@pass_house
def words(house: House, *, write: bool, as_json: bool) -> None:
    """Say which sentences of the pages a language lacks; with --write, put them into its catalogue to be translated."""
    from grantflow.services import catalogues

    found = catalogues.collect(house.registry)
    lacking: dict[str, list[str]] = {}
    for language in catalogues.SPOKEN[1:]:
        updated = catalogues.updated(catalogues.catalogue(language), found)
        lacking[language] = catalogues.untranslated(updated)
        if write:
            catalogues.write(language, updated)
    ok = not any(lacking.values())
    text = [
        f"{language}: {len(missing)} sentences lack a translation." for language, missing in lacking.items()
    ]
    answer(as_json=as_json, data={"ok": ok, "lacking": lacking}, text=text, ok=ok or write)
