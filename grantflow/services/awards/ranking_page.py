"""The ranking of a call's stage as it was frozen, with what each place rests on: points, spread, marks, actions."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from grantflow.domain.calls.rubrics import Rubric
from grantflow.domain.money import Money
from grantflow.domain.reviews.ranking import lies_wide, spread, total_of
from grantflow.domain.words import in_language
from grantflow.services.applications.rights import Place, place
from grantflow.services.reviews.reviewers_page import may_know_readers
from grantflow.store.applications.models import Application
from grantflow.store.applications.papers import rubrics_of
from grantflow.store.applications.visibility import visible_below, visible_to
from grantflow.store.calls.models import Call, FunderWindow
from grantflow.store.cases import CaseRow
from grantflow.store.people.models import Organisation, User
from grantflow.store.reviews.models import RankedReview, Ranking, RankingLine, Review, Score
from grantflow.store.reviews.reading import UP_FOR_ASSESSMENT
from grantflow.store.session import Tx

ROWS = 50
FREEZES = "freeze_ranking"
"""The effect of the step that freezes a ranking."""


@dataclass(frozen=True, slots=True)
class CallHere:
    """A call as pages about its decisions name it."""

    id: UUID
    ref: str
    slug: str
    title: str
    zone: str
    currency: str
    stage: int
    state: str
    tags: frozenset[str]


@dataclass(frozen=True, slots=True)
class Frozen:
    """A frozen ranking: which, when, by whom, and its fingerprint."""

    id: UUID
    number: int
    at: datetime
    by: str | None
    sha256: str
    rubric: str
    rubric_version: int
    pass_mark: int


@dataclass(frozen=True, slots=True)
class CriterionMean:
    """The mean of a criterion over the reviews, in hundredths of a point of its scale."""

    title: str
    hundredths: int
    short: bool
    """Whether it lies below its threshold."""


@dataclass(frozen=True, slots=True)
class ReviewPoints:
    """One review's sum, and its author where the reader may know."""

    reviewer: str | None
    hundredths: int


@dataclass(frozen=True, slots=True)
class RankedPage:
    """A place in the ranking."""

    rank: int
    ref: str
    title: str
    organisation: str
    hundredths: int
    passes: bool
    spread: int | None
    wide: bool
    means: tuple[CriterionMean, ...]
    reviews: tuple[ReviewPoints, ...]
    actions: tuple[int, ...]
    asked: Money | None
    state: str


@dataclass(frozen=True, slots=True)
class RankingPage:
    """Everything that the page shows."""

    call: CallHere
    frozen: Frozen | None
    names: bool
    """Whether the reader may know who wrote which review."""
    lines: tuple[RankedPage, ...]
    ranked: int
    passing: int
    hidden: int
    """How many places are kept from the reader by a conflict of interest of theirs."""
    next_after: int | None
    freezes: str | None
    """The reader's step that freezes the ranking (again), if it leads on from here."""


def decisions_of_call(tx: Tx, slug: str, language: str) -> tuple[CallHere, Place] | None:
    """Return a call and where it is, for those of the programme who may view applications up for assessment."""
    row = tx.execute(
        select(Call.__table__, CaseRow.ref).join(CaseRow, CaseRow.id == Call.id).where(Call.slug == slug)
    ).one_or_none()
    if row is None:
        return None
    here = place(tx, row.id)
    if not (here.open or tx.actor.is_system) or not _may_view_what_is_assessed(here):
        return None
    title = in_language(row.title, language, row.language)
    return (
        CallHere(
            row.id,
            row.ref,
            slug,
            title,
            row.zone,
            row.currency,
            row.stage,
            here.state.label,
            here.state.tags,
        ),
        here,
    )


def _may_view_what_is_assessed(here: Place) -> bool:
    for lifecycle in here.scheme.lifecycles.values():
        if lifecycle.record == "application":
            viewing = {
                role
                for name in lifecycle.tagged(*UP_FOR_ASSESSMENT)
                for role in lifecycle.states[name].view
                if not here.scheme.roles[role].outside
            }
            return bool(viewing & here.roles)
    return False


def ranking_page(tx: Tx, slug: str, language: str, after: int = 0) -> RankingPage | None:
    """Return the last frozen ranking of a call's stage from a place on; nothing for those who may not know of it."""
    found = decisions_of_call(tx, slug, language)
    if found is None or not _is_ranked(found[1]):
        return None
    call, here = found
    names = may_know_readers(here.scheme, here.roles)
    own = here.own(effect=FREEZES)
    freezes = own[0].name if own else None
    ranking = _last(tx, call)
    if ranking is None:
        return RankingPage(call, None, names, (), 0, 0, 0, None, freezes)
    rubric, pass_mark = rubrics_of(tx, [(call.id, call.stage)])[call.id, call.stage]
    visible = visible_below(tx, tx.actor, here.scheme.of_record("application"), here.roles)
    counted = _counted(tx, ranking.id, visible)
    rows = _lines(tx, ranking.id, visible, after, ROWS + 1)
    shown = rows[:ROWS]
    return RankingPage(
        call,
        Frozen(
            ranking.id,
            ranking.number,
            ranking.frozen_at,
            ranking.name,
            ranking.sha256,
            in_language(rubric.title, language, rubric.language),
            ranking.rubric_version,
            pass_mark,
        ),
        names,
        tuple(_shown(tx, here, call, ranking.id, rubric, shown, language, names=names)),
        counted.ranked,
        int(counted.passing or 0),
        counted.ranked - counted.seen,
        shown[-1].rank if len(rows) > ROWS else None,
        freezes,
    )


def _is_ranked(here: Place) -> bool:
    return any(FREEZES in row.effects for row in here.lifecycle.rows)


def _last(tx: Tx, call: CallHere) -> Any:
    found = (
        select(
            Ranking.id,
            Ranking.number,
            Ranking.frozen_at,
            Ranking.sha256,
            Ranking.rubric_version,
            User.name,
        )
        .outerjoin(User, User.id == Ranking.frozen_by)
        .where(Ranking.call_id == call.id, Ranking.stage == call.stage)
        .order_by(Ranking.number.desc())
        .limit(1)
    )
    return tx.execute(found).one_or_none()


def _counted(tx: Tx, ranking_id: UUID, visible: ColumnElement[bool]) -> Any:
    seen = (
        select(func.count())
        .select_from(RankingLine)
        .join(CaseRow, CaseRow.id == RankingLine.application_id)
        .where(RankingLine.ranking_id == ranking_id, visible)
        .scalar_subquery()
    )
    found = select(
        func.count().label("ranked"), func.sum(RankingLine.passes).label("passing"), seen.label("seen")
    ).where(RankingLine.ranking_id == ranking_id)
    return tx.execute(found).one()


def _lines(tx: Tx, ranking_id: UUID, visible: ColumnElement[bool], after: int, most: int) -> Sequence[Any]:
    found = (
        select(
            RankingLine.application_id,
            RankingLine.rank,
            RankingLine.points,
            RankingLine.passes,
            CaseRow.ref,
            CaseRow.lifecycle,
            CaseRow.state,
            Application.title,
            Application.actions,
            Application.asked,
            FunderWindow.currency,
            Organisation.name.label("organisation"),
        )
        .select_from(RankingLine)
        .join(CaseRow, CaseRow.id == RankingLine.application_id)
        .join(Application, Application.id == RankingLine.application_id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .outerjoin(FunderWindow, FunderWindow.id == Application.window_id)
        .where(RankingLine.ranking_id == ranking_id, RankingLine.rank > after, visible)
        .order_by(RankingLine.rank)
        .limit(most)
    )
    return tx.execute(found).all()


def _shown(
    tx: Tx,
    here: Place,
    call: CallHere,
    ranking_id: UUID,
    rubric: Rubric,
    rows: Sequence[Any],
    language: str,
    *,
    names: bool,
) -> Iterator[RankedPage]:
    reviews = _reviews(tx, ranking_id, [row.application_id for row in rows])
    for row in rows:
        of_it = reviews.get(row.application_id, {})
        totals = {name: total_of(rubric, points) for name, points in of_it.items()}
        listed = [totals[key] for key in sorted(totals)]
        yield RankedPage(
            row.rank,
            row.ref,
            row.title,
            row.organisation,
            row.points,
            bool(row.passes),
            rounded(spread(listed)) if len(listed) > 1 else None,
            lies_wide(listed),
            tuple(_means(rubric, list(of_it.values()), language)),
            tuple(
                ReviewPoints(name if names else None, rounded(totals[name, review]))
                for name, review in _in_order(totals, names=names)
            ),
            tuple(row.actions or ()),
            Money(row.asked, row.currency or call.currency) if row.asked is not None else None,
            here.scheme.lifecycles[row.lifecycle].states[row.state].label,
        )


_Named = tuple[str, UUID]
"""A reviewer's name and the review: two people may bear one name."""


def _in_order(totals: Mapping[_Named, Fraction], *, names: bool) -> list[_Named]:
    """Return reviews by name, or by points where names are not to be guessed from their order."""
    return sorted(totals) if names else sorted(totals, key=lambda each: (-totals[each], each[1]))


def _reviews(
    tx: Tx, ranking_id: UUID, applications: Sequence[UUID]
) -> dict[UUID, dict[_Named, dict[str, int]]]:
    """Return the points of the reviews that a ranking counted, by application and author."""
    found = (
        select(Review.application_id, Review.id, User.name, Score.criterion, Score.points)
        .select_from(RankedReview)
        .join(Review, Review.id == RankedReview.review_id)
        .join(User, User.id == Review.reviewer_id)
        .join(Score, Score.review_id == Review.id)
        .where(
            RankedReview.ranking_id == ranking_id,
            Review.application_id.in_(applications),
            Score.points.is_not(None),
        )
    )
    points: dict[UUID, dict[_Named, dict[str, int]]] = defaultdict(dict)
    for row in tx.execute(found):
        points[row.application_id].setdefault((row.name, row.id), {})[row.criterion] = row.points
    return points


def _means(rubric: Rubric, reviews: Sequence[Mapping[str, int]], language: str) -> Iterator[CriterionMean]:
    for criterion in rubric.criteria:
        given = [review[criterion.name] for review in reviews if criterion.name in review]
        value = Fraction(sum(given), len(given)) if given else Fraction(0)
        yield CriterionMean(
            in_language(criterion.title, language, rubric.language),
            rounded(value),
            criterion.threshold is not None and value < criterion.threshold,
        )


def rounded(points: Fraction) -> int:
    """Return points in hundredths, rounded half up once."""
    return int(points * 100 + Fraction(1, 2))


# The ranking as a file


@dataclass(frozen=True, slots=True)
class RankingFile:
    """The whole ranking as it was frozen: the head of its table, and its rows."""

    name: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def ranking_file(tx: Tx, slug: str, language: str) -> RankingFile | None:
    """Return the last frozen ranking as a table, without the places that are kept from the reader."""
    found = decisions_of_call(tx, slug, language)
    if found is None or not _is_ranked(found[1]):
        return None
    call, _ = found
    ranking = _last(tx, call)
    if ranking is None:
        return None
    rubric, _mark = rubrics_of(tx, [(call.id, call.stage)])[call.id, call.stage]
    text = tx.execute(select(Ranking.text).where(Ranking.id == ranking.id)).scalar_one()
    frozen = {line["ref"]: line for line in json.loads(text)["lines"]}
    criteria = [criterion.name for criterion in rubric.criteria]
    rows = tuple(
        (
            str(row.rank),
            row.ref,
            row.title,
            row.organisation,
            _plain(row.points),
            "yes" if row.passes else "no",
            str(len(frozen[row.ref]["reviews"])),
            " ".join(map(str, row.actions or ())),
            "" if row.asked is None else _plain(row.asked),
            row.currency or call.currency,
            *(_plain(rounded(Fraction(frozen[row.ref]["means"][name]))) for name in criteria),
        )
        for row in _lines(tx, ranking.id, visible_to(tx, tx.actor), 0, 1_000_000)
    )
    head = (
        *("place", "reference", "title", "organisation", "points", "passes", "reviews", "actions", "asked"),
        "currency",
        *criteria,
    )
    return RankingFile(f"{call.ref}-ranking-{ranking.number}.csv", head, rows)


def _plain(hundredths: int) -> str:
    whole, rest = divmod(hundredths, 100)
    return f"{whole}.{rest:02d}"
