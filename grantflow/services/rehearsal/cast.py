"""The made-up people of a rehearsal: who works for the programme, and who holds a record from outside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from grantflow.domain.actor import Actor
from grantflow.store.session import Tx
from grantflow.store.statements import Statement, identifier_or_none


@dataclass(frozen=True, slots=True)
class Person:
    """A made-up person, alone or for an organisation; or whoever holds a mailed link."""

    user_id: UUID | None
    organisation_id: UUID | None = None
    grant_id: UUID | None = None

    @property
    def actor(self) -> Actor:
        """The person as the one who acts."""
        if self.user_id is None:
            return Actor("link", organisation_id=self.organisation_id, grant_id=self.grant_id)
        return Actor("person", self.user_id, self.organisation_id)


_HOLDERS = Statement("""
    SELECT COALESCE(g.user_id, m.user_id), g.organisation_id, g.id
    FROM gf_case c JOIN gf_role_grant g ON g.scope_id IN (c.id, c.parent_id)
        LEFT JOIN gf_membership m ON m.organisation_id = g.organisation_id
    WHERE c.id = :id AND g.role = :role AND (g.ended_at IS NULL OR g.ended_at > :now)
    ORDER BY g.granted_at DESC, g.id DESC, m.since, m.user_id
""")


@dataclass(slots=True)
class Cast:
    """Who plays which role: inside roles everywhere; outside roles by the grants on each record, read when asked for."""

    inside: dict[str, list[Person]] = field(default_factory=dict)

    def holding(self, tx: Tx, role: str, case_id: UUID) -> Sequence[Person]:
        """Return who holds an outside role on a record; an organisation without members acts by its mailed link."""
        return [
            Person(identifier_or_none(row[0]), identifier_or_none(row[1]), identifier_or_none(row[2]))
            for row in _HOLDERS(tx, id=case_id, role=role, now=tx.now)
        ]
