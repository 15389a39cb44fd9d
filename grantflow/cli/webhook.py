"""`grantflow webhook`: who outside is told of steps."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

import click

from grantflow.cli.answer import answer, json_option, say
from grantflow.cli.house import House, pass_house
from grantflow.cli.tick import Instant
from grantflow.domain.actor import SYSTEM


@click.group()
def webhook() -> None:
    """Tell programs outside what everybody may know of the records of a programme."""


@webhook.command()
@click.option("--programme", required=True, help="The prefix of the programme's references.")
@click.option("--url", required=True, help="The address that is told, https://…")
@click.option(
    "--kind", "kinds", multiple=True, help="A kind of record; more than once for several, all without it."
)
@click.option("--tag", "tags", multiple=True, help="A tag of the state that is entered; all without it.")
@click.option(
    "--by", required=True, metavar="E-MAIL", help="Who works for the programme and is told when it stops."
)
@json_option
@pass_house
def add(
    house: House,
    *,
    programme: str,
    url: str,
    kinds: tuple[str, ...],
    tags: tuple[str, ...],
    by: str,
    as_json: bool,
) -> None:
    """Register an address and print the secret with which deliveries are signed: nobody can do that again."""
    from grantflow.services.webhooks import keeping

    with house.database.transaction(SYSTEM, house.now()) as tx:
        secret, kept = keeping.add(
            tx,
            programme,
            url,
            kinds=kinds,
            tags=tags,
            by=by,
            known_kinds=house.registry.records,
            private=house.settings.webhooks_inside == "allowed",
        )
    if not as_json:
        say(f"The webhook {kept.id} tells {kept.url}. Keep the secret: it is shown once.")
    answer(as_json=as_json, data={"ok": True, "webhook": {"secret": secret, **asdict(kept)}}, text=secret)


@webhook.command(name="list")
@json_option
@pass_house
def list_command(house: House, *, as_json: bool) -> None:
    """List the webhooks, the oldest first."""
    from grantflow.services.webhooks import keeping

    with house.database.reading(now=house.now()) as tx:
        found = keeping.webhooks(tx)
    lines = []
    for each in found:
        about = ", ".join((*each.kinds, *each.tags)) or "everything"
        state = (
            f"stopped on {each.stopped_at:%Y-%m-%d}"
            if each.stopped_at
            else f"failing since {each.failing_since:%Y-%m-%d %H:%M}"
            if each.failing_since
            else "works"
        )
        lines.append(f"{each.id} {each.programme} {each.url} ({about}) {state}")
    data = {"ok": True, "webhooks": [asdict(each) for each in found]}
    answer(as_json=as_json, data=data, text=[*lines, f"{len(found)} webhooks."])


@webhook.command()
@click.argument("webhook_id", type=click.UUID, metavar="ID")
@json_option
@pass_house
def remove(house: House, *, webhook_id: UUID, as_json: bool) -> None:
    """Tell an address nothing any more."""
    from grantflow.services.webhooks import keeping

    with house.database.transaction(SYSTEM, house.now()) as tx:
        keeping.remove(tx, webhook_id)
    answer(as_json=as_json, data={"ok": True, "removed": webhook_id}, text="It is told nothing any more.")


@webhook.command()
@click.argument("webhook_id", type=click.UUID, metavar="ID")
@json_option
@pass_house
def start(house: House, *, webhook_id: UUID, as_json: bool) -> None:
    """Let a webhook that was stopped be told again; what it missed is replayed."""
    from grantflow.services.webhooks import keeping

    with house.database.transaction(SYSTEM, house.now()) as tx:
        keeping.start(tx, webhook_id)
    answer(as_json=as_json, data={"ok": True, "started": webhook_id}, text="It is told again from now on.")


@webhook.command()
@click.argument("webhook_id", type=click.UUID, metavar="ID")
@click.argument("deliveries", nargs=-1, type=click.UUID, metavar="[DELIVERY]...")
@click.option(
    "--since", type=Instant(), help="All deliveries of steps since a moment, such as 2026-09-30T12:00:00Z."
)
@json_option
@pass_house
def replay(
    house: House, *, webhook_id: UUID, deliveries: tuple[UUID, ...], since: datetime | None, as_json: bool
) -> None:
    """Deliver again, under the same ids: single deliveries, or all since a moment."""
    from grantflow.services.webhooks import keeping

    if (since is None) == (not deliveries):
        raise click.UsageError("Name the deliveries by their ID, or say --since.")
    with house.database.transaction(SYSTEM, house.now()) as tx:
        count = keeping.replay(tx, webhook_id, since=since, ids=deliveries)
    answer(as_json=as_json, data={"ok": True, "replayed": count}, text=f"{count} deliveries wait again.")


@webhook.command()
@click.argument("webhook_id", type=click.UUID, metavar="ID")
@json_option
@pass_house
def attempts(house: House, *, webhook_id: UUID, as_json: bool) -> None:
    """List the last attempts to deliver, the last first."""
    from grantflow.services.webhooks import keeping

    with house.database.reading(now=house.now()) as tx:
        found = keeping.attempts(tx, webhook_id)
    lines = [
        f"{each.at:%Y-%m-%d %H:%M:%S} {each.delivery} {each.ref}: {each.fault or f'taken with {each.status}'}"
        for each in found
    ]
    data = {"ok": True, "attempts": [asdict(each) for each in found]}
    answer(as_json=as_json, data=data, text=[*lines, f"{len(found)} attempts."])
