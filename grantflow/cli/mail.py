"""`grantflow mail`: what became of mails that did not arrive."""

from __future__ import annotations

from dataclasses import asdict
from typing import BinaryIO

import click

from grantflow.cli.answer import answer, json_option
from grantflow.cli.house import House, pass_house
from grantflow.domain.actor import SYSTEM


@click.group()
def mail() -> None:
    """Note mails that came back, and see whom no mail reached."""


@mail.command()
@click.argument("report", type=click.File("rb"), metavar="FILE")
@json_option
@pass_house
def bounce(house: House, report: BinaryIO, *, as_json: bool) -> None:
    """Note a report of a mail server that a mail failed (RFC 3464), from FILE, or from standard input for -."""
    from grantflow.services.bounces import LARGEST_REPORT, note_report

    content = report.read(LARGEST_REPORT + 1)
    with house.database.transaction(SYSTEM, house.now()) as tx:
        noted = note_report(tx, content)
    found = [{"message": each.message_id, "address": each.address, "reason": each.reason} for each in noted]
    text = f"{len(noted)} addresses are noted." if noted else "The report speaks of no failure for good."
    answer(as_json=as_json, data={"ok": True, "noted": found}, text=text)


@mail.command()
@json_option
@pass_house
def unreached(house: House, *, as_json: bool) -> None:
    """List whom no mail reached, the last first."""
    from grantflow.services.bounces import not_reached

    with house.database.reading(now=house.now()) as tx:
        found = not_reached(tx)
    lines = [
        f"{each.at:%Y-%m-%d %H:%M} {each.address} {each.ref} {each.template}: {each.reason}"
        + (" (reachable again)" if each.reachable else "")
        for each in found
    ]
    answer(
        as_json=as_json,
        data={"ok": True, "unreached": [asdict(each) for each in found]},
        text=[*lines, f"{len(found)} mails did not arrive."],
    )
