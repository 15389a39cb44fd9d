"""Links by which firms confirm their lines without an account."""

from __future__ import annotations

import hmac
from functools import cache
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, select, update

from grantflow.domain.actor import Actor
from grantflow.domain.refusal import refuse
from grantflow.services.cases import Move, compiled
from grantflow.store.aid.models import Line, LineInvitation
from grantflow.store.cases import CaseRow
from grantflow.store.people.models import RoleGrant
from grantflow.store.session import Tx

UNKNOWN = "This link does not work. Please open it from the mail once more, or copy all of it."
PAGE = "/firms"
"""Under which address the pages of firms lie."""


def invite(tx: Tx, move: Move) -> None:
    """Give the firm of a line the role for which the line waits now, by a link that is mailed to its contact."""
    case = tx.session.get_one(CaseRow, move.case_id)
    line = tx.session.get_one(Line, move.case_id)
    _end_earlier(tx, line.id)
    state = compiled(tx, case.scheme, case.version).scheme.lifecycles[move.lifecycle].states[move.to_state]
    for role in sorted(state.waits_for):
        grant = RoleGrant(
            id=tx.new_id(),
            role=role,
            scope_id=line.id,
            user_id=None,
            organisation_id=line.firm_id,
            granted_at=tx.now,
            ended_at=None,
        )
        tx.session.add(grant)
        tx.session.flush()
        tx.session.add(LineInvitation(grant_id=grant.id, line_id=line.id, sent_at=tx.now))
    line.asked_at = line.asked_at or tx.now


def link_token(key: bytes, grant_id: UUID) -> str:
    """Return what a link carries: the grant and a proof that we made it. Nothing of it is stored."""
    return f"{grant_id.hex}.{_proof(key, grant_id)}"


def link_address(base: str, key: bytes, grant_id: UUID) -> str:
    """Return the address of the page that a grant opens."""
    return f"{base}{PAGE}/{link_token(key, grant_id)}"


def actor_of_link(tx: Tx, key: bytes, token: str) -> tuple[Actor, UUID]:
    """Return who holds a link and the line that it is about.

    Raises:
        Refused: it is none of ours, or a newer one was sent.
    """
    identifier, _, proof = token.partition(".")
    try:
        grant_id = UUID(hex=identifier)
    except ValueError:
        grant_id = UUID(int=0)
    if not hmac.compare_digest(_proof(key, grant_id).encode(), proof.encode()):
        raise refuse("link_unknown", UNKNOWN)
    row = tx.execute(_invited(), {"grant": grant_id}).one_or_none()
    if row is None:
        raise refuse("link_unknown", UNKNOWN)
    if row.ended_at is not None:
        raise refuse(
            "link_replaced",
            "A newer link was sent on %(day)s, and only that one works. You find it in the newest mail about this aid.",
            day=row.ended_at.date(),
        )
    return Actor("link", organisation_id=row.organisation_id, grant_id=grant_id), row.line_id


@cache
def _invited() -> Select[*tuple[Any, ...]]:
    return (
        select(LineInvitation.line_id, RoleGrant.organisation_id, RoleGrant.ended_at)
        .join(RoleGrant, RoleGrant.id == LineInvitation.grant_id)
        .where(LineInvitation.grant_id == bindparam("grant"))
    )


def link_of(tx: Tx, line_id: UUID) -> Actor | None:
    """Return the actor that the newest link of a line stands for, where one was sent."""
    found = (
        select(RoleGrant.id, RoleGrant.organisation_id)
        .join(LineInvitation, LineInvitation.grant_id == RoleGrant.id)
        .where(LineInvitation.line_id == line_id, RoleGrant.ended_at.is_(None))
        .order_by(LineInvitation.sent_at.desc(), RoleGrant.id.desc())
    )
    row = tx.session.execute(found).first()
    return None if row is None else Actor("link", organisation_id=row.organisation_id, grant_id=row.id)


def _end_earlier(tx: Tx, line_id: UUID) -> None:
    earlier = select(LineInvitation.grant_id).where(LineInvitation.line_id == line_id)
    tx.execute(
        update(RoleGrant)
        .where(RoleGrant.id.in_(earlier), RoleGrant.ended_at.is_(None))
        .values(ended_at=tx.now)
    )


def _proof(key: bytes, grant_id: UUID) -> str:
    return hmac.new(key, b"line:" + grant_id.bytes, sha256).hexdigest()[:40]
