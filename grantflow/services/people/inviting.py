"""Inviting somebody by mail: a reviewer or a member of a body, who chooses a password and finds what waits."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import update

from grantflow.services.people.links import came_by_mail, mail_link
from grantflow.services.people.registering import person_with, register_person
from grantflow.services.people.sessions import end_all
from grantflow.store.people.models import User
from grantflow.store.session import Tx


def invite(
    tx: Tx,
    email: str,
    name: str,
    *,
    language: str,
    page: str,
    leads_to: str = "/home",
    wall: datetime,
) -> UUID:
    """Return who is known under an address, or register them, and mail them the way in.

    The link is `page` with a token; it leads to `leads_to` once they are in.

    Raises:
        Refused: the address is none.
    """
    user_id = person_with(tx, email)
    if user_id is None:
        user_id = register_person(tx, email, name, language=language)
    only_by_mail(tx, user_id)
    mail_link(tx, user_id, "invitation", page=page, leads_to=leads_to, wall=wall, at=tx.now)
    return user_id


def only_by_mail(tx: Tx, user_id: UUID) -> None:
    """Let somebody who is about to be trusted by their address come in by their mail, unless they once did.

    Anybody may register under any address with a password of their own choice. It is worth nothing, and who is signed in
    by it is signed out, before what is meant for the owner of the address opens.
    """
    if not came_by_mail(tx, user_id):
        tx.execute(update(User).where(User.id == user_id).values(password_hash=None))
        end_all(tx, user_id)
