"""`grantflow user`: people who sign in."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import click

from grantflow.cli.answer import answer, json_option
from grantflow.cli.house import House, pass_house
from grantflow.domain.actor import SYSTEM
from grantflow.domain.refusal import refuse

if TYPE_CHECKING:
    from grantflow.store.session import Tx


@click.group()
def user() -> None:
    """Register people and give them their first role."""


@user.command()
@click.argument("email")
@click.option("--name", required=True, help="The person's name, as letters print it.")
@click.option("--language", default="en", show_default=True, help="The language of their mails.")
@click.option("--role", help="A role of a scheme to give them, with --on.")
@click.option(
    "--on", "scope", help="Where they play it: the reference of a call or record, or a programme's prefix."
)
@json_option
@pass_house
def create(
    house: House, *, email: str, name: str, language: str, role: str | None, scope: str | None, as_json: bool
) -> None:
    """Register somebody under an e-mail address."""
    from grantflow.services.people.registering import register_person
    from grantflow.services.people.roles import grant_role

    if (role is None) != (scope is None):
        raise click.UsageError("--role and --on go together: which role, and where it is played.")
    with house.database.transaction(SYSTEM, house.now()) as tx:
        person = register_person(tx, email, name, language=language)
        if role is not None and scope is not None:
            grant_role(tx, role, _scope(tx, scope), user_id=person)
    done = f"{name} is registered as {email.strip().casefold()}."
    played = f" Plays the role {role} on {scope}." if role else ""
    answer(
        as_json=as_json,
        data={
            "ok": True,
            "user": {"id": person, "email": email.strip().casefold(), "role": role, "on": scope},
        },
        text=done + played,
    )


def _scope(tx: Tx, name: str) -> UUID:
    from sqlalchemy import select

    from grantflow.store.cases import CaseRow
    from grantflow.store.programmes.models import Programme

    for found in (
        select(CaseRow.id).where(CaseRow.ref == name),
        select(Programme.id).where(Programme.ref_prefix == name),
    ):
        scope = tx.execute(found).scalar_one_or_none()
        if scope is not None:
            return UUID(str(scope))
    raise refuse("unknown_scope", "There is no record and no programme %(name)s.", "on", name=name)
