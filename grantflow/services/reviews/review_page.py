"""The pages of a reviewer: first what ties them to an application, then the application beside the rubric."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from grantflow.domain.calls.rubrics import Rubric
from grantflow.domain.refusal import Refusal
from grantflow.domain.reviews.ranking import total_of
from grantflow.domain.reviews.reading import ScoreSheet
from grantflow.domain.words import in_language
from grantflow.services.applications.conflicts import Kind
from grantflow.services.applications.rights import Place, place
from grantflow.services.applications.sent import Sent, sent
from grantflow.services.letters.due import due_of
from grantflow.services.reviews.declaring import DECLARES, ENDS
from grantflow.store.applications.models import Application, ConflictDeclaration
from grantflow.store.calls.models import Call
from grantflow.store.cases import CaseRow
from grantflow.store.people.models import Organisation, User
from grantflow.store.reviews import facts
from grantflow.store.reviews.models import Review, ReviewRound, Score
from grantflow.store.reviews.reading import reviews_of
from grantflow.store.reviews.visibility import visible_to
from grantflow.store.session import Tx
from grantflow.workflow.registry import Ask

HANDS_IN = "freeze_scores"
"""The effect of the step with which a review is handed in."""


@dataclass(frozen=True, slots=True)
class OtherStep:
    """A further step of the reader's that leads on from here, taken on the record's own page."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Heading:
    """What both pages say about a review and its application."""

    id: UUID
    ref: str
    revision: int
    application_id: UUID
    application_ref: str
    title: str
    organisation: str | None
    """Nothing where the round is blind to who applies."""
    call_slug: str
    call_title: str
    zone: str
    state: str
    own: bool
    reviewer: str
    due: datetime | None
    declared_at: datetime | None
    last_word: Kind | None
    last_reason: str


@dataclass(frozen=True, slots=True)
class ConflictPage:
    """Title, applicants and abstract, and what the reviewer may say now."""

    head: Heading
    abstract: str
    partners: tuple[str, ...]
    may_open: bool
    """Whether saying that there is no conflict opens the application."""
    may_end: bool
    others: tuple[OtherStep, ...]


@dataclass(frozen=True, slots=True)
class ScoreForm:
    """What a reviewer's form of scores asks: enough to read what was sent."""

    id: UUID
    zone: str
    criteria: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnchorView:
    """A point of the scale and what it means."""

    at: int
    words: str


@dataclass(frozen=True, slots=True)
class CriterionView:
    """A criterion with what is scored so far."""

    name: str
    title: str
    help: str
    weight: int
    threshold: int | None
    comment_required: bool
    points: int | None
    comment: str


@dataclass(frozen=True, slots=True)
class OtherReview:
    """What another reviewer handed in, without a name."""

    number: int
    hundredths: int
    points: Mapping[str, int]
    comment: str


@dataclass(frozen=True, slots=True)
class ScoresPage:
    """The application and the rubric, side by side."""

    head: Heading
    sent: Sent | None
    least: int
    most: int
    anchors: tuple[AnchorView, ...]
    criteria: tuple[CriterionView, ...]
    comment: str
    revision: int
    saved_at: datetime | None
    total: int | None
    """In hundredths of a point, once every criterion has points."""
    may_write: bool
    missing: tuple[Refusal, ...]
    submitted_at: datetime | None
    sha256: str | None
    others: tuple[OtherReview, ...]


def conflict_page(tx: Tx, ref: str, language: str) -> ConflictPage | None:
    """Return the page on which a reviewer declares; nothing where the review is not the actor's own, or is over."""
    row = _row(tx, ref)
    if row is None or row.reviewer_id != tx.actor.user_id:
        return None
    here = place(tx, row.id)
    opens, ends = here.own(effect=DECLARES), here.own(effect=ENDS)
    if not (opens or ends):
        return None
    text = sent(tx, row.application_id, language, blind=_blind(row))
    others: dict[str, OtherStep] = {}
    for step in here.own() if opens else ():
        if not {DECLARES, ENDS} & set(step.effects):
            others.setdefault(step.name, OtherStep(step.name, step.label))
    return ConflictPage(
        _heading(tx, row, here, language),
        text.abstract if text is not None else "",
        tuple(partner.name for partner in text.partners) if text is not None else (),
        bool(opens),
        bool(ends),
        tuple(others.values()),
    )


def scores_page(tx: Tx, ref: str, language: str) -> ScoresPage | None:
    """Return the page on which a review is written and read.

    Its reviewer sees it once they have said that nothing ties them to the application; people of the programme see what
    was handed in, since an unfinished text is its author's (P13). Nobody else sees anything.
    """
    row = _row(tx, ref)
    if row is None:
        return None
    own = row.reviewer_id == tx.actor.user_id
    here = place(tx, row.id)
    if own and row.conflict_declared_at is None:
        return None
    if not own and row.submitted_at is None:
        return None
    sheet: ScoreSheet = facts.score_sheet.load(tx, [row.id])[row.id]
    rubric = sheet.rubric
    may_write = own and bool(here.roles & here.state.edit)
    return ScoresPage(
        _heading(tx, row, here, language),
        sent(tx, row.application_id, language, blind=own and _blind(row)),
        rubric.least,
        rubric.most,
        tuple(
            AnchorView(anchor.at, in_language(anchor.words, language, rubric.language))
            for anchor in rubric.anchors
        ),
        tuple(
            CriterionView(
                criterion.name,
                in_language(criterion.title, language, rubric.language),
                in_language(criterion.help, language, rubric.language),
                criterion.weight,
                criterion.threshold,
                criterion.comment_required,
                sheet.points.get(criterion.name),
                sheet.comments.get(criterion.name, ""),
            )
            for criterion in rubric.criteria
        ),
        sheet.comment,
        row.scores_revision,
        row.saved_at,
        total_so_far(sheet),
        may_write,
        still_missing(tx, sheet, here) if may_write else (),
        row.submitted_at,
        row.sha256,
        _others(tx, row, rubric) if own and (row.submitted_at or row.blindness == "open") else (),
    )


def score_form(tx: Tx, ref: str) -> ScoreForm | None:
    """Return what is read of a form of scores when its reviewer sends it; nothing for others, or before their word."""
    row = _row(tx, ref)
    if row is None or row.reviewer_id != tx.actor.user_id or row.conflict_declared_at is None:
        return None
    sheet: ScoreSheet = facts.score_sheet.load(tx, [row.id])[row.id]
    return ScoreForm(row.id, row.zone, tuple(criterion.name for criterion in sheet.rubric.criteria))


def file_of_review(tx: Tx, ref: str, file_id: UUID, language: str) -> UUID | None:
    """Return a file that a reviewer may read: it was sent with the application, and the application is open to them.

    What else is filed with an application (receipts, letters) is nothing to them.
    """
    row = _row(tx, ref)
    if row is None or row.reviewer_id != tx.actor.user_id or row.conflict_declared_at is None:
        return None
    text = sent(tx, row.application_id, language, blind=_blind(row))
    return file_id if text is not None and file_id in text.files else None


def total_so_far(sheet: ScoreSheet) -> int | None:
    """Return the weighted sum in hundredths of a point, once every criterion has points."""
    if any(criterion.name not in sheet.points for criterion in sheet.rubric.criteria):
        return None
    return _hundredths(sheet.rubric, sheet.points)


def _hundredths(rubric: Rubric, points: Mapping[str, int]) -> int:
    return int(total_of(rubric, points) * 100 + Fraction(1, 2))


def still_missing(tx: Tx, sheet: ScoreSheet, here: Place) -> tuple[Refusal, ...]:
    """Return what the sheet itself lacks before it can be handed in, all of it at once; the door looks at the rest."""
    guards = (
        tx.engine.registry.guards[call.name] for row in here.own(effect=HANDS_IN) for call in row.guards
    )
    asked = Ask(tx.actor, tx.now)
    return tuple(
        reason for guard in guards if guard.facts == (ScoreSheet,) for reason in guard([sheet], asked)
    )


def _row(tx: Tx, ref: str) -> Any:
    application = aliased(CaseRow)
    word, later = aliased(ConflictDeclaration), aliased(ConflictDeclaration)
    newest = (
        select(func.max(later.number))
        .where(later.application_id == Review.application_id, later.user_id == Review.reviewer_id)
        .correlate(Review)
        .scalar_subquery()
    )
    found = (
        select(
            Review.__table__,
            CaseRow.ref,
            CaseRow.revision,
            application.ref.label("application_ref"),
            Application.title,
            Organisation.name.label("organisation"),
            User.name.label("reviewer"),
            Call.slug,
            Call.title.label("call_title"),
            Call.language,
            Call.zone,
            ReviewRound.blindness,
            word.kind.label("last_word"),
            word.reason.label("last_reason"),
        )
        .select_from(CaseRow)
        .join(Review, Review.id == CaseRow.id)
        .join(User, User.id == Review.reviewer_id)
        .join(ReviewRound, ReviewRound.id == Review.round_id)
        .join(application, application.id == Review.application_id)
        .join(Application, Application.id == Review.application_id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .join(Call, Call.id == CaseRow.call_id)
        .outerjoin(
            word,
            (word.application_id == Review.application_id)
            & (word.user_id == Review.reviewer_id)
            & (word.number == newest),
        )
        .where(CaseRow.ref == ref, visible_to(tx, tx.actor))
    )
    return tx.execute(found).one_or_none()


def _blind(row: Any) -> bool:
    return bool(row.blindness == "double")


def _heading(tx: Tx, row: Any, here: Place, language: str) -> Heading:
    own = row.reviewer_id == tx.actor.user_id
    labels = (here.state.labels.get(role) for role in sorted(here.roles))
    return Heading(
        row.id,
        row.ref,
        row.revision,
        row.application_id,
        row.application_ref,
        row.title,
        None if own and _blind(row) else row.organisation,
        row.slug,
        in_language(row.call_title, language, row.language),
        row.zone,
        next((label for label in labels if label), here.state.label),
        own,
        row.reviewer,
        due_of(tx, here.case),
        row.conflict_declared_at,
        row.last_word,
        row.last_reason or "",
    )


def _others(tx: Tx, row: Any, rubric: Rubric) -> tuple[OtherReview, ...]:
    """Return what others handed in about the same application in the same round, and counts, without their names."""
    counting = [
        review.id
        for review in reviews_of(tx, applications=[row.application_id]).get(row.application_id, ())
        if review.counts and review.id != row.id
    ]
    found = (
        select(Review.id, Review.comment, Score.criterion, Score.points)
        .join(Score, Score.review_id == Review.id)
        .where(Review.id.in_(counting), Review.round_id == row.round_id, Score.points.is_not(None))
        .order_by(Review.sha256, Score.criterion)  # neither the order of names nor that of invitations
    )
    comments: dict[UUID, str] = {}
    points: dict[UUID, dict[str, int]] = {}
    for each in tx.execute(found):
        comments[each.id] = each.comment
        points.setdefault(each.id, {})[each.criterion] = each.points
    return tuple(
        OtherReview(number, _hundredths(rubric, points[each]), points[each], comments[each])
        for number, each in enumerate(comments, 1)
    )
