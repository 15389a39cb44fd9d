"""`grantflow journal`: prove the journal, and seal it."""

from __future__ import annotations

import click

from grantflow.cli.answer import answer, json_option, progress
from grantflow.cli.house import House, pass_house
from grantflow.domain.actor import SYSTEM
from grantflow.domain.refusal import refuse
from grantflow.services.journal import SHORTEST_KEY, Report, seal, verify
from grantflow.store.session import Database

SHOWN = 20


@click.group()
def journal() -> None:
    """Prove the journal and seal it."""


@journal.command(name="verify")
@json_option
@pass_house
def verify_command(house: House, as_json: bool) -> None:
    """Replay every record's history against the scheme it pins, and say what does not fit."""
    key = _key(house)
    with house.database.reading(now=house.now()) as tx, progress("Replaying the journal") as bar:
        report = verify(tx, key, advance=bar.advance)
    answer(as_json=as_json, data=_data(report), text=_words(report, key), ok=report.ok)


@journal.command(name="seal")
@json_option
@pass_house
def seal_command(house: House, as_json: bool) -> None:
    """Sign a digest of all records' last entries, so that a tail that is cut off later shows."""
    key = _key(house)
    if key is None:
        raise refuse(
            "no_seal_key",
            "There is no key to seal with: set seal_key (GRANTFLOW_SEAL_KEY) to a secret of %(least)s characters or more.",
            "seal_key",
            least=SHORTEST_KEY,
        )
    _proved(house.database, house, key)
    with house.database.transaction(SYSTEM, house.now()) as tx:
        made = seal(tx, key)
    data = {
        "ok": True,
        "at": made.at,
        "records": made.records,
        "entries": made.entries,
        "digest": made.digest,
        "signature": made.signature,
    }
    text = (
        f"Sealed {made.entries} entries of {made.records} records. Keep this line elsewhere: {made.signature}"
    )
    answer(as_json=as_json, data=data, text=text)


def _key(house: House) -> bytes | None:
    key = house.settings.seal_key.encode()
    if key and len(key) < SHORTEST_KEY:
        raise refuse(
            "short_seal_key",
            "The key for seals (seal_key) has fewer than %(least)s characters.",
            least=SHORTEST_KEY,
        )
    return key or None


def _proved(database: Database, house: House, key: bytes) -> None:
    with database.reading(now=house.now()) as tx:
        report = verify(tx, key)
    if not report.ok:
        raise refuse(
            "journal_faulty",
            "The journal has %(count)s faults, so it is not sealed. `grantflow journal verify` names them.",
            count=len(report.faults),
        )


def _data(report: Report) -> dict[str, object]:
    faults = [
        {
            "record": None if fault.record is None else str(fault.record),
            "entry": fault.entry,
            "kind": fault.kind,
            "detail": fault.detail,
        }
        for fault in report.faults
    ]
    return {
        "ok": report.ok,
        "records": report.records,
        "entries": report.entries,
        "erased": report.erased,
        "sealed": report.sealed,
        "faults": faults,
    }


def _words(report: Report, key: bytes | None) -> list[str]:
    lines = [f"{report.records} records, {report.entries} entries, {report.erased} texts erased."]
    if report.ok:
        lines.append("Every step is legal and every chain is whole.")
    else:
        lines.append(f"{len(report.faults)} faults:")
        lines += [f"  {fault.kind}: {fault.detail}" for fault in report.faults[:SHOWN]]
        if len(report.faults) > SHOWN:
            lines.append("  and more; --json lists them all.")
    if report.sealed:
        lines.append("The heads were held against the last seal.")
    elif key is None:
        lines.append("No key is set (seal_key), so no seal was looked at.")
    return lines
