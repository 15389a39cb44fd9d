"""The lab of a call as every page of it begins: whose it is, where its call is, and what the reader is in it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from grantflow.domain.words import Words
from grantflow.services.cases import compiled
from grantflow.services.programmes.office import IN_OFFICE
from grantflow.store.calls.visible import public_states
from grantflow.store.people.roles import HELD_BY_LINK, HELD_BY_PERSON
from grantflow.store.session import Tx
from grantflow.store.statements import Statement, identifier
from grantflow.workflow.model import Scheme


@dataclass(frozen=True, slots=True)
class FoundLab:
    """The lab of a call that whoever asks may know of."""

    call_id: UUID
    programme_id: UUID
    ref: str
    state: str
    scheme: Scheme
    title: Words
    language: str
    currency: str
    programme: Words
    agency: str
    zone: str
    territory: Sequence[str]
    question: Words
    why_now: Words
    wanted: Mapping[str, int]
    roles: frozenset[str]
    """What a person plays on the call; nobody else plays anything in a lab."""
    office: bool


# One statement, and text: it is asked by every page of a lab, and the conditions that lists are made of cost ten times
# as much. Tests of the pages hold that it opens what they open.


def _asked(kind: str, *, postgresql: bool) -> Statement:
    gathered = "string_agg(g.role, ',')" if postgresql else "group_concat(g.role)"
    held = {"person": HELD_BY_PERSON, "link": HELD_BY_LINK}.get(kind)
    roles = f"(SELECT {gathered} FROM gf_role_grant g WHERE {held})" if held else "NULL"  # noqa: S608 - texts of this code
    office = f"EXISTS ({IN_OFFICE})" if kind == "person" else "NULL"
    return Statement(
        f"""
        SELECT c.id, c.ref, c.scheme, c.version, c.lifecycle, c.state, k.programme_id, k.title, k.language, k.currency,
            p.name, p.agency, p.zone, p.territory, l.question, l.why_now, l.wanted, {roles}, {office}
        FROM gf_call k JOIN gf_case c ON c.id = k.id JOIN gf_programme p ON p.id = k.programme_id
        JOIN gf_lab l ON l.call_id = k.id
        WHERE k.slug = :slug AND k.has_lab = 1
        """  # noqa: S608 - texts of this code
    )


_ASKED = {
    (kind, postgresql): _asked(kind, postgresql=postgresql)
    for kind in ("person", "link", "")
    for postgresql in (False, True)
}


def lab_of(tx: Tx, slug: str) -> FoundLab | None:
    """Return the lab of a call; nothing where the call is hidden from whoever asks, or has none."""
    tx.flush()
    actor, values = tx.actor, dict[str, Any](slug=slug)
    kind = actor.kind if actor.kind in ("person", "link") else ""
    if kind == "person":
        values |= {"user": actor.user_id, "now": tx.now}
    elif kind == "link":
        values |= {"grant_id": actor.grant_id, "now": tx.now}
    row = _ASKED[kind, tx.is_postgresql](tx, **values).one_or_none()
    if row is None:
        return None
    (
        call_id,
        ref,
        scheme_name,
        version,
        lifecycle_name,
        state,
        programme_id,
        title,
        language,
        currency,
        *rest,
    ) = row
    name, agency, zone, territory, question, why_now, wanted, roles, office = rest
    scheme = compiled(tx, scheme_name, version).scheme
    lifecycle = scheme.lifecycles[lifecycle_name]
    held = frozenset((roles or "").split(",")) - {""}
    opened = not held.isdisjoint(lifecycle.states[state].view) or state in public_states(scheme, lifecycle)
    if not (opened or actor.is_system):
        return None
    return FoundLab(
        call_id=identifier(call_id),
        programme_id=identifier(programme_id),
        ref=ref,
        state=state,
        scheme=scheme,
        title=_read(title),
        language=language,
        currency=currency,
        programme=_read(name),
        agency=agency,
        zone=zone,
        territory=_read(territory),
        question=_read(question),
        why_now=_read(why_now),
        wanted=_read(wanted),
        roles=held if actor.user_id is not None else frozenset(),
        office=actor.is_system or bool(office),
    )


def _read(value: Any) -> Any:
    """Return JSON as it was meant: PostgreSQL's driver has read it already."""
    return json.loads(value) if isinstance(value, str) else value
