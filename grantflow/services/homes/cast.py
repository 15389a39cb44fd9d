"""The people of a demo, as the sign-in page offers them: who they are, in one sentence each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml
from sqlalchemy import or_, select

from grantflow.paths import data_folder
from grantflow.services.demo import DOMAIN, address_of
from grantflow.store.people.models import Membership, RoleGrant, User
from grantflow.store.session import Tx
from grantflow.workflow.model import AUDIENCES

SENTENCES = ("who", "about")
"""Under which key the file says in a sentence who somebody is."""


GROUPS = {"programme": "Those who work for the programme", "guests": "Those who come from outside"}
"""What the groups of the file are called on the page."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the cast."""

    name: str
    email: str
    roles: tuple[str, ...]
    """Labels of the roles that they play, those inside the programme first."""
    about: str


@dataclass(frozen=True, slots=True)
class Group:
    """Those of the cast who stand on the same side, named as the file does."""

    name: str
    members: tuple[Member, ...]

    @property
    def label(self) -> str:
        """What the group is called on the page."""
        return GROUPS.get(self.name, self.name)


def is_of_demo(email: str) -> bool:
    """Whether an address is that of somebody invented."""
    return email.strip().casefold().endswith(f"@{DOMAIN}")


def groups(tx: Tx) -> tuple[Group, ...]:
    """Return the cast as far as it is registered, in the order of the file."""
    names = _names()
    known = tx.execute(
        select(User.id, User.name, User.email).where(User.email.in_([each["email"] for each in names]))
    ).all()
    by_email = {row.email: row for row in known}
    roles = _roles(tx, [row.id for row in known])
    found: dict[str, list[Member]] = {}
    for each in names:
        row = by_email.get(each["email"])
        if row is not None:
            member = Member(row.name, row.email, roles.get(row.id, ()), each["about"])
            found.setdefault(each["group"], []).append(member)
    return tuple(Group(name, tuple(members)) for name, members in found.items())


def _roles(tx: Tx, user_ids: list[Any]) -> Mapping[Any, tuple[str, ...]]:
    held = tx.execute(
        select(User.id, RoleGrant.role)
        .outerjoin(Membership, Membership.user_id == User.id)
        .join(
            RoleGrant,
            or_(RoleGrant.user_id == User.id, RoleGrant.organisation_id == Membership.organisation_id),
        )
        .where(User.id.in_(user_ids), or_(RoleGrant.ended_at.is_(None), RoleGrant.ended_at > tx.now))
        .distinct()
    ).all()
    labels: dict[str, tuple[int, str]] = {}
    for compiled in tx.engine.all():
        for role in compiled.scheme.roles.values():
            labels.setdefault(role.name, (-AUDIENCES.index(role.audience), role.label))
    found: dict[Any, set[tuple[int, str]]] = {}
    for row in held:
        if row.role in labels:
            found.setdefault(row.id, set()).add(labels[row.role])
    return {user_id: tuple(label for _, label in sorted(some)) for user_id, some in found.items()}


@cache
def _names() -> tuple[Mapping[str, str], ...]:
    path = data_folder("config") / "demo" / "cast.yaml"
    return tuple(_read(yaml.safe_load(path.read_text(encoding="utf-8"))))


def _read(content: Any) -> Iterator[Mapping[str, str]]:
    """Yield everybody whom the file names, whatever else it says: lists of people under the names of their groups."""
    for group, people in content.items():
        for one in people if isinstance(people, list) else ():
            if isinstance(one, dict) and "name" in one:
                about = next((str(one[key]).strip() for key in SENTENCES if one.get(key)), "")
                yield {
                    "group": str(group),
                    "email": str(one.get("email") or address_of(one["name"])),
                    "about": about,
                }
