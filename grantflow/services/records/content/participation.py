"""Somebody's place in a lab: who, for whom, how they take part."""

from __future__ import annotations

from sqlalchemy import select

from grantflow.services.calls.public import spelled
from grantflow.services.records.said import Content, Fact, Label, Part, Sentence, some
from grantflow.services.records.visibility import Found
from grantflow.store.labs.models import Participation
from grantflow.store.people.models import Organisation, User
from grantflow.store.session import Tx


def content(tx: Tx, found: Found, _language: str) -> Content:
    """Return what a place in a lab is about; whoever left is nobody."""
    row = tx.execute(
        select(
            Participation.level,
            Participation.helix,
            Participation.nuts,
            Participation.name_shown,
            Participation.admitted_at,
            Participation.anonymised_at,
            User.name,
            Organisation.name.label("organisation"),
        )
        .outerjoin(User, User.id == Participation.user_id)
        .outerjoin(Organisation, Organisation.id == Participation.organisation_id)
        .where(Participation.id == found.id)
    ).one()
    shown = (
        Sentence("Others in the lab see the name.") if row.name_shown else Sentence("The name is not shown.")
    )
    facts = (
        *some("Organisation", row.organisation),
        Fact("Part of society", Label(spelled(row.helix))),
        Fact("Involvement", Label(spelled(row.level))),
        *some("Region", row.nuts),
        *some("Admitted", row.admitted_at),
        *some("Left, and made nameless", row.anonymised_at),
        Fact("Name", shown),
    )
    return Content(row.name or found.ref, (Part("The place in the lab", facts),))
