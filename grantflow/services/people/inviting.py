"""Inviting somebody by mail: a reviewer or a member of a body, who chooses a password and finds what waits."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from grantflow.services.people.links import mail_link
from grantflow.services.people.registering import person_with, register_person
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
    mail_link(tx, user_id, "invitation", page=page, leads_to=leads_to, wall=wall, at=tx.now)
    return user_id
