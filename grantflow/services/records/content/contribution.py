"""A contribution to a lab: what is said, by whom as far as the name is shown, and what came of it."""

from __future__ import annotations

from sqlalchemy import func, select

from grantflow.services.calls.public import spelled
from grantflow.services.records.meaning import is_inside
from grantflow.services.records.said import Content, Fact, Label, Part, Sentence, some
from grantflow.services.records.visibility import Found
from grantflow.store.labs.models import (
    ActionSource,
    Contribution,
    FrameAction,
    LabSession,
    Participation,
    Support,
)
from grantflow.store.people.models import Organisation, User
from grantflow.store.session import Tx

TITLE = 80


def content(tx: Tx, found: Found, _language: str) -> Content:
    """Return what a contribution is about."""
    row = tx.execute(
        select(
            Contribution.kind,
            Contribution.text,
            Contribution.visibility,
            Contribution.kept_in_lab_because,
            Contribution.author_id,
            Participation.name_shown,
            User.name,
            Organisation.name.label("organisation"),
            LabSession.title.label("session"),
            select(func.count())
            .select_from(Support)
            .where(Support.contribution_id == Contribution.id)
            .scalar_subquery()
            .label("support"),
        )
        .join(Participation, Participation.id == Contribution.participation_id)
        .outerjoin(User, User.id == Contribution.author_id)
        .outerjoin(Organisation, Organisation.id == Contribution.organisation_id)
        .outerjoin(LabSession, LabSession.id == Contribution.session_id)
        .where(Contribution.id == found.id)
    ).one()
    inside = is_inside(found.scheme, found.roles)
    own = row.author_id is not None and row.author_id == tx.actor.user_id
    named = row.name if row.name and (row.name_shown or inside or own) else None
    facts = (
        Fact("Kind", Label(spelled(row.kind))),
        *some("By", named),
        *some("Organisation", row.organisation if named or inside else None),
        *some("Brought at", row.session),
        Fact("Supported by", row.support),
        Fact(
            "Who reads it",
            Label("Everybody, once it is published")
            if row.visibility == "public"
            else Label("The lab alone"),
        ),
        *(some("Kept in the lab because", row.kept_in_lab_because) if inside or own else ()),
        *_came_of(tx, found),
    )
    first = row.text.strip().splitlines()[0] if row.text.strip() else found.ref
    title = first if len(first) <= TITLE else f"{first[: TITLE - 1].rstrip()}…"
    return Content(title, (Part("The contribution", facts, (("What was said", row.text),)),))


def _came_of(tx: Tx, found: Found) -> tuple[Fact, ...]:
    actions = (
        select(FrameAction.number, FrameAction.title)
        .join(ActionSource, ActionSource.action_id == FrameAction.id)
        .where(ActionSource.contribution_id == found.id)
        .order_by(FrameAction.number)
    )
    return tuple(
        Fact(
            "What became of it",
            Sentence("Action %(number)s: %(title)s", {"number": row.number, "title": row.title}),
        )
        for row in tx.execute(actions)
    )
