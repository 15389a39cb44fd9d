"""`grantflow token`: what programs sign in with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from grantflow.cli.answer import answer, json_option, say
from grantflow.cli.house import House, pass_house
from grantflow.domain.actor import SYSTEM

if TYPE_CHECKING:
    from grantflow.services.people.tokens import OwnToken


@click.group()
def token() -> None:
    """Let programs act for a person, and end that again."""


@token.command()
@click.option("--user", "email", required=True, metavar="E-MAIL", help="For whom the program acts.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    help="How far it goes: read, write, step; more than once for several, all without it.",
)
@click.option("--days", type=int, help="How many days it lasts; 90 without it.")
@json_option
@pass_house
def create(house: House, *, email: str, scopes: tuple[str, ...], days: int | None, as_json: bool) -> None:
    """Make a token and print it: nobody can do that again."""
    from grantflow.services.people.tokens import DAYS, SCOPES, create_token

    with house.database.transaction(SYSTEM, datetime.now(UTC)) as tx:
        made, kept = create_token(tx, email, scopes or SCOPES, days=DAYS if days is None else days)
    if not as_json:
        say(
            f"For {kept.email}, {', '.join(kept.scopes)}, until {kept.ends_at:%Y-%m-%d}. Keep it: it is shown once."
        )
    answer(as_json=as_json, data={"ok": True, "token": {"token": made, **asdict(kept)}}, text=made)


@token.command(name="list")
@click.option("--user", "email", metavar="E-MAIL", help="Only those of one person.")
@json_option
@pass_house
def list_command(house: House, *, email: str | None, as_json: bool) -> None:
    """List tokens by how they begin, the latest first."""
    from grantflow.services.people.tokens import tokens

    with house.database.reading(now=datetime.now(UTC)) as tx:
        found = tokens(tx, email)
    answer(as_json=as_json, data={"ok": True, "tokens": [asdict(each) for each in found]}, text=_words(found))


@token.command()
@click.argument("prefix")
@json_option
@pass_house
def revoke(house: House, *, prefix: str, as_json: bool) -> None:
    """End a token, named by how it begins (gf_ and eight characters)."""
    from grantflow.services.people.tokens import revoke_token

    with house.database.transaction(SYSTEM, datetime.now(UTC)) as tx:
        revoke_token(tx, prefix)
    answer(
        as_json=as_json,
        data={"ok": True, "revoked": "_".join(prefix.split("_")[:2])},
        text="It is worth nothing any more.",
    )


def _words(found: Sequence[OwnToken]) -> Iterator[str]:
    now = datetime.now(UTC)
    for one in found:
        if one.revoked_at is not None:
            standing = f"revoked on {one.revoked_at:%Y-%m-%d}"
        elif one.ends_at <= now:
            standing = f"ended on {one.ends_at:%Y-%m-%d}"
        else:
            standing = f"until {one.ends_at:%Y-%m-%d}"
        used = f"{one.used_at:%Y-%m-%d %H:%M}" if one.used_at else "never"
        yield f"{one.prefix} {one.email} ({', '.join(one.scopes)}) {standing}, last used: {used}"
    yield f"{len(found)} tokens."
