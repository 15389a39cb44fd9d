"""A review: of what, by whom, and, once it is handed in, how it was scored."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from grantflow.services.records.meaning import is_inside
from grantflow.services.records.said import Content, Fact, Link, Part, Sentence, some
from grantflow.services.records.visibility import Found
from grantflow.store.applications.models import Application
from grantflow.store.cases import CaseRow
from grantflow.store.people.models import Organisation, User
from grantflow.store.reviews.models import Review, Score
from grantflow.store.session import Tx


def content(tx: Tx, found: Found, _language: str) -> Content:
    """Return what a review is about; its words are the reviewer's own until they are handed in."""
    row = tx.execute(
        select(
            Application.title,
            CaseRow.ref,
            Organisation.name.label("organisation"),
            User.name.label("reviewer"),
            Review.reviewer_id,
            Review.comment,
            Review.conflict_declared_at,
            Review.submitted_at,
            Review.set_aside_at,
        )
        .select_from(Review)
        .join(Application, Application.id == Review.application_id)
        .join(CaseRow, CaseRow.id == Review.application_id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .join(User, User.id == Review.reviewer_id)
        .where(Review.id == found.id)
    ).one()
    inside = is_inside(found.scheme, found.roles)
    own = row.reviewer_id == tx.actor.user_id
    application = Link(row.ref, f"/records/{row.ref}") if inside else row.ref
    facts = [
        Fact("Application", application),
        Fact("Applicant", row.organisation),
        Fact("Reviewer", row.reviewer),
        *some("Said to have no conflict", row.conflict_declared_at),
        *some("Handed in", row.submitted_at),
        *some("Set aside", row.set_aside_at),
    ]
    parts = [Part("The review", tuple(facts))]
    if own or row.submitted_at is not None:
        parts += _scores(tx, found, row.comment)
    else:
        parts.append(
            Part(
                "Scores", (Fact("Scores", Sentence("They are the reviewer's own until they are handed in.")),)
            )
        )
    return Content(row.title or row.ref, tuple(parts))


def _scores(tx: Tx, found: Found, comment: str) -> Iterator[Part]:
    scores = (
        select(Score.criterion, Score.points, Score.comment)
        .where(Score.review_id == found.id)
        .order_by(Score.criterion)
    )
    rows = tx.execute(scores).all()
    facts = tuple(Fact(_spelled(row.criterion), row.points) for row in rows if row.points is not None)
    texts = [(_spelled(row.criterion), row.comment) for row in rows if row.comment]
    if comment:
        texts.insert(0, ("Overall judgement", comment))
    if facts or texts:
        yield Part("Scores", facts, tuple(texts))


def _spelled(name: str) -> str:
    return name.replace("_", " ").capitalize()
