"""`grantflow outbox`: what has not left, and trying again what was given up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING
from uuid import UUID

import click

from grantflow.cli.answer import answer, json_option
from grantflow.cli.house import House, pass_house
from grantflow.domain.actor import SYSTEM

if TYPE_CHECKING:
    from grantflow.services.undelivered import Undelivered


@click.group()
def outbox() -> None:
    """See what has not left, and try again what was given up."""


@outbox.command(name="list")
@click.option("--failed", "failed_only", is_flag=True, help="Only what was given up.")
@json_option
@pass_house
def list_command(house: House, *, failed_only: bool, as_json: bool) -> None:
    """List the messages that have not left, the oldest first."""
    from grantflow.services.undelivered import undelivered

    with house.database.reading(now=house.now()) as tx:
        found = undelivered(tx, failed_only=failed_only)
    data = {"ok": True, "messages": [asdict(message) for message in found]}
    answer(as_json=as_json, data=data, text=_words(found))


@outbox.command()
@click.argument("messages", nargs=-1, metavar="[ID]...", type=click.UUID)
@click.option("--all", "every", is_flag=True, help="Everything that was given up.")
@json_option
@pass_house
def retry(house: House, messages: tuple[UUID, ...], *, every: bool, as_json: bool) -> None:
    """Let messages that were given up wait again, by their ID or with --all; the worker then tries as often as before."""
    from grantflow.services.undelivered import retry as try_again

    if every == bool(messages):
        raise click.UsageError("Name the messages by their ID, or say --all.")
    with house.database.transaction(SYSTEM, house.now()) as tx:
        count = try_again(tx, None if every else messages)
    answer(as_json=as_json, data={"ok": True, "retried": count}, text=f"{count} messages wait again.")


def _words(found: Sequence[Undelivered]) -> Iterator[str]:
    for one in found:
        about = " ".join(part for part in (one.ref, one.role, one.template) if part)
        fault = f": {one.fault}" if one.fault else ""
        yield f"{one.id} {one.standing} after {one.attempts} attempts, {about}{fault}"
    failed = sum(one.standing == "failed" for one in found)
    yield f"{len(found)} messages have not left; {failed} of them were given up."
