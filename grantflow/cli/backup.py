"""`grantflow backup`: a copy of an SQLite installation while it runs."""

from __future__ import annotations

from pathlib import Path

import click

from grantflow.cli.answer import answer, json_option
from grantflow.cli.house import House, pass_house
from grantflow.domain.actor import SYSTEM
from grantflow.domain.refusal import refuse

DATABASE = "grantflow.sqlite"


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@json_option
@pass_house
def backup(house: House, folder: Path, *, as_json: bool) -> None:
    """Copy the SQLite database and the stored files into FOLDER, which can be a data folder itself.

    The same FOLDER may be given again: the database there is replaced, files that are there already stay.
    """
    from grantflow.services.files import copy_all
    from grantflow.store.copying import copy_sqlite

    url = house.settings.database
    if not url.startswith("sqlite"):
        raise refuse(
            "not_sqlite",
            "A PostgreSQL database is backed up by pg_dump, and the folder of files beside it; docs/operations.md says how.",
        )
    with house.database.reading(SYSTEM, house.now()) as tx:
        folder.mkdir(parents=True, exist_ok=True)
        copy_sqlite(url, folder / DATABASE)
    # Only after the database: whatever the copy names was on the disk before it was named.
    with house.database.reading(SYSTEM, house.now()) as tx:
        copied = copy_all(tx, house.files, folder / "files")
    answer(
        as_json=as_json,
        data={"ok": True, "database": str(folder / DATABASE), "files": copied},
        text=f"The database and {copied} new files are in {folder}.",
    )
