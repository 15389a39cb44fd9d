"""Which roles an actor plays on a record: by grants on it, its parent, its call, or the call's programme."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from grantflow.domain.actor import Actor
from grantflow.store.session import Tx
from grantflow.store.statements import Statement, identifier
from grantflow.workflow.model import SYSTEM_ROLE

_REACHES = """g.scope_id IN (c.id, c.parent_id, c.call_id, k.programme_id)
    AND (g.ended_at IS NULL OR g.ended_at > :now)"""

HELD_BY_PERSON = f"""{_REACHES}
    AND (g.user_id = :user
         OR g.organisation_id IN (SELECT m.organisation_id FROM gf_membership m WHERE m.user_id = :user))"""  # noqa: S608 - a text of this file
"""Whether a grant `g` gives a person a role on a case `c` of a call `k`: their own, or that of an organisation of theirs."""

HELD_BY_LINK = f"{_REACHES} AND g.id = :grant_id"
"""Whether a grant `g` is the one that a mailed link carries, and reaches the case."""

SYSTEM_ROLES = frozenset({SYSTEM_ROLE})

_FOUND = """
    SELECT DISTINCT c.id, g.role
    FROM gf_case c LEFT JOIN gf_call k ON k.id = c.call_id JOIN gf_role_grant g ON {held}
    WHERE c.id IN :ids*uuid
"""
_OF_PERSON = Statement(_FOUND.format(held=HELD_BY_PERSON))
_OF_LINK = Statement(_FOUND.format(held=HELD_BY_LINK))


def roles_of(tx: Tx, actor: Actor, case_ids: Sequence[UUID]) -> Mapping[UUID, frozenset[str]]:
    """Return the roles that an actor plays on each of some cases, in one statement; the system plays its own alone."""
    if actor.is_system:
        return dict.fromkeys(case_ids, SYSTEM_ROLES)
    if actor.kind == "visitor":
        return dict.fromkeys(case_ids, frozenset())
    tx.flush()
    if actor.kind == "link":
        rows = _OF_LINK(tx, ids=list(case_ids), now=tx.now, grant_id=actor.grant_id)
    else:
        rows = _OF_PERSON(tx, ids=list(case_ids), now=tx.now, user=actor.user_id)
    found: dict[UUID, set[str]] = {each: set() for each in case_ids}
    for row in rows:
        found[identifier(row[0])].add(row[1])
    return {each: frozenset(roles) for each, roles in found.items()}
