"""The people of a demo, as the sign-in page offers them: who they are, in one sentence each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml
from sqlalchemy import or_, select

from grantflow.paths import data_folder
from grantflow.services.demo import DOMAIN, address_of
from grantflow.services.homes.stories import told
from grantflow.store.people.models import Membership, RoleGrant, User
from grantflow.store.session import Tx
from grantflow.workflow.model import AUDIENCES, Audience

SENTENCES = ("who", "about")
"""Under which key the file says in a sentence who somebody is."""


FIRST = "Those with whom the stories on the first page begin"
GROUPS = (
    ("People of the programme", frozenset({"manager", "funder"})),
    ("Reviewers", frozenset({"reviewer"})),
    ("Applicants", frozenset({"applicant"})),
)
"""What the groups are called, by the side on which somebody's foremost role stands."""
OTHERS = "People of the lab"


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
    """Those of the cast who stand on the same side."""

    label: str
    """What the group is called on the page."""
    members: tuple[Member, ...]


def is_of_demo(email: str) -> bool:
    """Whether an address is that of somebody invented."""
    return email.strip().casefold().endswith(f"@{DOMAIN}")


def groups(tx: Tx) -> tuple[Group, ...]:
    """Return the cast as far as it is registered: those of the stories first, then by sides, each as the file orders them."""
    names = _names()
    known = tx.execute(
        select(User.id, User.name, User.email).where(User.email.in_([each["email"] for each in names]))
    ).all()
    by_email = {row.email: row for row in known}
    roles = _roles(tx, [row.id for row in known])
    begin = [story.email for story in told()]
    found: dict[str, list[Member]] = {label: [] for label in (FIRST, *(each for each, _ in GROUPS), OTHERS)}
    for each in names:
        row = by_email.get(each["email"])
        if row is not None:
            held = roles.get(row.id, ())
            member = Member(row.name, row.email, tuple(label for _, label in held), each["about"])
            found[FIRST if row.email in begin else _side(held)].append(member)
    return tuple(Group(label, tuple(members)) for label, members in found.items() if members)


def _side(held: Sequence[tuple[Audience, str]]) -> str:
    """Return the group in which somebody stands by the foremost of their roles."""
    return next((label for label, audiences in GROUPS if held and held[0][0] in audiences), OTHERS)


def _roles(tx: Tx, user_ids: list[Any]) -> Mapping[Any, tuple[tuple[Audience, str], ...]]:
    """Return the roles that people hold, with their audiences, those inside the programme first."""
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
    labels: dict[str, tuple[Audience, str]] = {}
    for compiled in tx.engine.all():
        for role in compiled.scheme.roles.values():
            labels.setdefault(role.name, (role.audience, role.label))
    found: dict[Any, set[tuple[Audience, str]]] = {}
    for row in held:
        if row.role in labels:
            found.setdefault(row.id, set()).add(labels[row.role])
    return {
        user_id: tuple(sorted(some, key=lambda each: (-AUDIENCES.index(each[0]), each[1])))
        for user_id, some in found.items()
    }


@cache
def _names() -> tuple[Mapping[str, str], ...]:
    path = data_folder("config") / "demo" / "cast.yaml"
    return tuple(_read(yaml.safe_load(path.read_text(encoding="utf-8"))))


def _read(content: Any) -> Iterator[Mapping[str, str]]:
    """Yield everybody whom the file names, whatever else it says: lists of people."""
    for people in content.values():
        for one in people if isinstance(people, list) else ():
            if isinstance(one, dict) and "name" in one:
                about = next((str(one[key]).strip() for key in SENTENCES if one.get(key)), "")
                yield {
                    "email": str(one.get("email") or address_of(one["name"])),
                    "about": about,
                }
