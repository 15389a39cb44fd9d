"""`grantflow outbox`: what has not left, trying again what was given up, and deciding on what is held."""

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
    """See what has not left, try again what was given up, and decide on what is held."""


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

    _named(every, messages)
    with house.database.transaction(SYSTEM, house.now()) as tx:
        count = try_again(tx, None if every else messages)
    answer(as_json=as_json, data={"ok": True, "retried": count}, text=f"{count} messages wait again.")


@outbox.command()
@click.argument("messages", nargs=-1, metavar="[ID]...", type=click.UUID)
@click.option("--all", "every", is_flag=True, help="Everything that is held.")
@json_option
@pass_house
def release(house: House, messages: tuple[UUID, ...], *, every: bool, as_json: bool) -> None:
    """Let messages leave that were held while nothing was sent, by their ID or with --all."""
    from grantflow.services.undelivered import release as let_go

    _named(every, messages)
    with house.database.transaction(SYSTEM, house.now()) as tx:
        count = let_go(tx, None if every else messages)
    answer(as_json=as_json, data={"ok": True, "released": count}, text=f"{count} messages are to leave.")


@outbox.command()
@click.argument("messages", nargs=-1, metavar="[ID]...", type=click.UUID)
@click.option("--all", "every", is_flag=True, help="Everything that is held.")
@json_option
@pass_house
def drop(house: House, messages: tuple[UUID, ...], *, every: bool, as_json: bool) -> None:
    """Never send messages that were held while nothing was sent, by their ID or with --all; they stay on record."""
    from grantflow.services.undelivered import drop as give_up

    _named(every, messages)
    with house.database.transaction(SYSTEM, house.now()) as tx:
        count = give_up(tx, None if every else messages)
    answer(as_json=as_json, data={"ok": True, "dropped": count}, text=f"{count} messages will not be sent.")


def _named(every: bool, messages: tuple[UUID, ...]) -> None:
    if every == bool(messages):
        raise click.UsageError("Name the messages by their ID, or say --all.")


def _words(found: Sequence[Undelivered]) -> Iterator[str]:
    for one in found:
        about = " ".join(part for part in (one.ref, one.role, one.template) if part)
        fault = f": {one.fault}" if one.fault else ""
        yield f"{one.id} {one.standing} after {one.attempts} attempts, {about}{fault}"
    failed = sum(one.standing == "failed" for one in found)
    held = sum(one.standing == "held" for one in found)
    if held:
        yield f"{held} messages are held; release lets them leave, drop ends them."
    yield f"{len(found)} messages have not left; {failed} of them were given up."
