"""`grantflow workflows move`: take a running call to a newer version of its scheme, after showing what that would do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from uuid import UUID

import click
from sqlalchemy import select

from grantflow.cli.answer import ExistingPath, answer, json_option, reasons
from grantflow.cli.house import House, pass_house
from grantflow.domain.actor import SYSTEM
from grantflow.domain.refusal import refuse
from grantflow.services.calls.versions import move_to_version
from grantflow.services.cases.moving import Moving, StateMap, plan_move
from grantflow.store.cases import CaseRow
from grantflow.store.session import Tx
from grantflow.workflow.document import Key, Name, Record, TableOf, read_file

MAP = Record(
    "map",
    "Which states are called otherwise in the new version.",
    Key(
        "states",
        TableOf(TableOf(Name("state"))),
        "By lifecycle: the old name, and the new one.",
        required=True,
    ),
)


@click.command(name="move")
@click.argument("call")
@click.option("--to", "version", type=click.IntRange(1), required=True, help="The version to move to.")
@click.option(
    "--map", "map_file", type=ExistingPath, help="A file that says which states are called otherwise."
)
@click.option("--authority", default="", help="Who decided it, for the journal: a reference, never a name.")
@click.option("--dry-run", is_flag=True, help="Only show what would happen.")
@json_option
@pass_house
def move_command(
    house: House,
    call: str,
    version: int,
    map_file: Path | None,
    authority: str,
    *,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Move CALL (its reference) and all its records to another version of its scheme; all of them or none."""
    states = _read_map(map_file)
    now = house.now()
    with house.database.reading(now=now) as tx:
        call_id = _call(tx, call)
        planned = _plan(tx, call_id, call, version, states)
    ok = not any(moving.against for moving in planned)
    if ok and not dry_run:
        if not authority:
            raise click.UsageError("Say on whose authority with --authority; the journal keeps it.")
        with house.database.transaction(SYSTEM, now) as tx:
            planned = move_to_version(tx, call_id, version, states, authority)
    records = [{**asdict(moving), "against": reasons(moving.against)} for moving in planned]
    data = {"ok": ok, "moved": ok and not dry_run, "records": records}
    answer(as_json=as_json, data=data, text=_words(planned, moved=ok and not dry_run), ok=ok)


def _plan(tx: Tx, call_id: UUID, ref: str, version: int, states: StateMap) -> list[Moving]:
    try:
        return plan_move(tx, call_id, version, states)
    except KeyError:
        raise refuse(
            "unknown_version",
            "There is no version %(version)s of the scheme of %(ref)s.",
            version=version,
            ref=ref,
        ) from None


def _read_map(path: Path | None) -> StateMap:
    if path is None:
        return {}
    read = read_file(path, MAP)
    if read.value is None:
        raise click.UsageError("\n".join(map(str, read.findings)))
    states: Mapping[str, Mapping[str, str]] = read.value["states"]
    return states


def _call(tx: Tx, ref: str) -> UUID:
    found = tx.execute(
        select(CaseRow.id).where(CaseRow.ref == ref, CaseRow.id == CaseRow.call_id)
    ).scalar_one_or_none()
    if found is None:
        raise refuse("unknown_call", "There is no call with the reference %(ref)s.", ref=ref)
    return UUID(str(found))


def _words(planned: Sequence[Moving], *, moved: bool) -> Iterator[str]:
    changed = [moving for moving in planned if moving.from_state != moving.to_state]
    for moving in changed:
        yield f"{moving.ref}: {moving.from_state} becomes {moving.to_state}"
    for moving in planned:
        for refusal in moving.against:
            yield refusal.sentence
    against = sum(bool(moving.against) for moving in planned)
    done = "were moved" if moved else "would move" if not against else "cannot be moved"
    yield f"{len(planned)} records {done}; {len(changed)} change their state, {against} stand against it."
