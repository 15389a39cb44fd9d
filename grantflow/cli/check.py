"""`grantflow check`: the invariants on the live database."""

from __future__ import annotations

import click

from grantflow.cli.answer import answer, json_option
from grantflow.cli.house import House, pass_house
from grantflow.domain.actor import SYSTEM

FILES = "Every stored file is on the disk as it was kept."
SHOWN = 20
"""So many faults of files are told."""


@click.command()
@click.option("--files", is_flag=True, help="Also read every stored file and hold it against its checksum.")
@json_option
@pass_house
def check(house: House, *, files: bool, as_json: bool) -> None:
    """Ask everything that must always hold of this database; exit 1 if one thing does not."""
    from grantflow.services.files import faults_of_all
    from grantflow.services.invariants import Held, check_invariants

    with house.database.reading(SYSTEM, house.now()) as tx:
        asked = check_invariants(tx)
        if files:
            faults = list(faults_of_all(tx, house.files))
            asked.append(Held("files", FILES, not faults, "; ".join(faults[:SHOWN])))
    ok = all(one.holds for one in asked)
    lines = [f"{'holds' if one.holds else 'BROKEN'}  {one.promise} [{one.name}]" for one in asked]
    lines += [f"{one.name}: {one.detail}" for one in asked if not one.holds]
    answer(
        as_json=as_json,
        data={
            "ok": ok,
            "invariants": [{"name": one.name, "holds": one.holds, "detail": one.detail} for one in asked],
        },
        text=lines,
        ok=ok,
    )
