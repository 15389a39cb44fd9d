"""What guards know of a review: its reviewer's ties, the sheet of scores, how many there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from grantflow.domain.calls.rubrics import Rubric

ConflictKind = Literal["none", "soft", "hard"]
TieKind = Literal["member", "partner", "lab_author", "co_owner", "declared", "undecided"]

TIE_WORDS: Mapping[TieKind, str] = {
    "member": "The reviewer belongs to the organisation that applies.",
    "partner": "The reviewer belongs to a partner of the application.",
    "lab_author": "The reviewer wrote on the frame for the programme.",
    "co_owner": "The reviewer co-owned an action in the lab that the application serves.",
    "declared": "A conflict of interest with this application is on record.",
    "undecided": "A possible conflict of interest is on record and nobody has decided on it yet.",
}
"""The sentence for each tie: `undecided` waits for a decision, all others exclude."""


@dataclass(frozen=True, slots=True)
class ReviewerTies:
    """What ties a reviewer to the application, found and declared, and whether the two have met already."""

    reviewer_id: UUID
    ties: frozenset[TieKind]
    there_already: bool
    """Whether another review of the same application by the same person is alive or counts."""


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """The scores of a review as saved, and the rubric that they answer."""

    rubric: Rubric
    points: Mapping[str, int]
    comments: Mapping[str, str]
    comment: str


@dataclass(frozen=True, slots=True)
class ReviewCount:
    """How many reviews of an application count, and how many are still to come."""

    ref: str
    counting: int
    coming: int


@dataclass(frozen=True, slots=True)
class RoundReviews:
    """The reviews of what is up for assessment in the call's stage."""

    applications: tuple[ReviewCount, ...]
    """Those that have the fewest, by what counts and by what may come to count; of a small call all."""

    def short_of(self, wanted: int, *, only_counting: bool) -> tuple[ReviewCount, ...]:
        """Return the applications that have fewer reviews than wanted."""
        return tuple(
            each
            for each in self.applications
            if each.counting + (0 if only_counting else each.coming) < wanted
        )


@dataclass(frozen=True, slots=True)
class RankingStanding:
    """How the last frozen ranking of a stage stands to the reviews as they are now."""

    exists: bool
    stopped_counting: int
    """Reviews that it counted and that no longer count (P13)."""
    uncounted: int
    """Reviews that count and that it did not know."""
    missing: tuple[str, ...]
    """References of applications up for assessment that it does not hold."""
