"""The ranking: a pure function of the reviews that count and the pinned rubric, in exact fractions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from grantflow.domain.calls.rubrics import Criterion, Rubric

METHOD = (
    "Each score is taken as a share of the highest score and weighted; the sum of a review is a number from 0 to 100. "
    "The sum of an application is the mean over its reviews. Equal sums are parted by the mean scores of the criteria "
    "that the rubric names for it, in that order, and then by the order in which the applications were begun."
)


@dataclass(frozen=True, slots=True)
class ScoredReview:
    """A review that counts: points by criterion."""

    id: UUID
    points: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Entrant:
    """An application up for ranking with its reviews that count."""

    id: UUID
    ref: str
    reviews: tuple[ScoredReview, ...]


@dataclass(frozen=True, slots=True)
class RankedLine:
    """The place of an application: its exact sum, the means behind it, and what it fell short of."""

    id: UUID
    ref: str
    rank: int
    total: Fraction
    means: Mapping[str, Fraction]
    reviews: int
    below: tuple[str, ...]
    """Criteria whose mean lies below their threshold."""
    passes: bool

    @property
    def hundredths(self) -> int:
        """The sum in hundredths of a point, rounded half up once."""
        return int(self.total * 100 + Fraction(1, 2))


def total_of(rubric: Rubric, points: Mapping[str, int]) -> Fraction:
    """Return the weighted sum of one review, from 0 to 100."""
    return sum(
        (Fraction(points[criterion.name] * criterion.weight, rubric.most) for criterion in rubric.criteria),
        Fraction(0),
    )


def mean(values: Sequence[Fraction]) -> Fraction:
    """Return the mean, nought of nothing."""
    return sum(values, Fraction(0)) / len(values) if values else Fraction(0)


def rank(rubric: Rubric, pass_mark: int, entrants: Iterable[Entrant]) -> tuple[RankedLine, ...]:
    """Return all entrants in order, best first; the same whatever order they and their reviews come in."""
    lines = sorted(
        (_line(rubric, pass_mark, entrant) for entrant in entrants),
        key=lambda line: (
            -line.total,
            tuple(-line.means[name] for name in rubric.tie_breakers),
            line.ref,
        ),
    )
    return tuple(
        RankedLine(line.id, line.ref, place, line.total, line.means, line.reviews, line.below, line.passes)
        for place, line in enumerate(lines, 1)
    )


def _line(rubric: Rubric, pass_mark: int, entrant: Entrant) -> RankedLine:
    means = {
        criterion.name: mean([Fraction(review.points[criterion.name]) for review in entrant.reviews])
        for criterion in rubric.criteria
    }
    total = mean([total_of(rubric, review.points) for review in entrant.reviews])
    below = tuple(criterion.name for criterion in rubric.criteria if _falls_short(criterion, means))
    passes = bool(entrant.reviews) and not below and total >= pass_mark
    return RankedLine(entrant.id, entrant.ref, 0, total, means, len(entrant.reviews), below, passes)


def _falls_short(criterion: Criterion, means: Mapping[str, Fraction]) -> bool:
    return criterion.threshold is not None and means[criterion.name] < criterion.threshold


def as_json(
    rubric: Rubric, pass_mark: int, lines: Sequence[RankedLine], entrants: Sequence[Entrant]
) -> dict[str, object]:
    """Return the ranking as plain data without any database's identifiers beside those of records: what is frozen."""
    by_id = {entrant.id: entrant for entrant in entrants}
    return {
        "method": METHOD,
        "rubric": {"name": rubric.name, "version": rubric.version},
        "pass_mark": pass_mark,
        "tie_breakers": list(rubric.tie_breakers),
        "lines": [
            {
                "application": line.id.hex,
                "ref": line.ref,
                "rank": line.rank,
                "total": str(line.total),
                "means": {name: str(value) for name, value in line.means.items()},
                "below": list(line.below),
                "passes": line.passes,
                "reviews": [
                    {"review": review.id.hex, "points": dict(sorted(review.points.items()))}
                    for review in sorted(by_id[line.id].reviews, key=lambda review: review.id)
                ],
            }
            for line in lines
        ],
    }


WIDE = 25
"""Points out of 100 from which on two reviewers lie so far apart that somebody should look at both."""


def spread(totals: Sequence[Fraction]) -> Fraction:
    """Return how far apart the sums of the reviews of one application lie."""
    return max(totals) - min(totals) if totals else Fraction(0)


def lies_wide(totals: Sequence[Fraction]) -> bool:
    """Whether the reviews of one application contradict one another."""
    return spread(totals) >= WIDE
