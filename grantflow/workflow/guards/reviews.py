"""Guards of reviews and rankings: who may read, what a review needs, when a ranking can be decided on."""

from __future__ import annotations

from collections.abc import Iterable

from grantflow.domain.refusal import Refusal
from grantflow.domain.reviews.reading import (
    TIE_WORDS,
    RankingStanding,
    ReviewCount,
    ReviewerTies,
    RoundReviews,
    ScoreSheet,
)
from grantflow.domain.words import in_language
from grantflow.workflow.registry import Ask, guard

TIE_CODES = {
    "member": "reviewer_is_applicant",
    "partner": "reviewer_is_partner",
    "lab_author": "reviewer_wrote_frame",
    "co_owner": "reviewer_co_owned",
    "declared": "conflict_on_record",
    "undecided": "conflict_undecided",
}
"""The code of the refusal for each tie between a reviewer and an application."""


def _ties(ties: ReviewerTies) -> Iterable[Refusal]:
    for tie in sorted(ties.ties):
        yield Refusal(TIE_CODES[tie], TIE_WORDS[tie], where="conflicts")


@guard()
def reviewer_free_of_hard_conflict(ties: ReviewerTies, ask: Ask) -> Iterable[Refusal]:
    """Nothing is known that ties the reviewer to the application."""
    yield from _ties(ties)


@guard()
def reviewer_not_already_there(ties: ReviewerTies, ask: Ask) -> Iterable[Refusal]:
    """The reviewer has no other review of the same application that is alive or counts."""
    if ties.there_already:
        yield Refusal(
            "reviewer_already_there", "This reviewer has this application to read already.", where="reviewer"
        )


@guard()
def no_conflict_of_interest(ties: ReviewerTies, ask: Ask) -> Iterable[Refusal]:
    """No conflict between the reviewer and the application has become known since the invitation."""
    yield from _ties(ties)


@guard()
def scores_complete(sheet: ScoreSheet, ask: Ask) -> Iterable[Refusal]:
    """Every criterion has a score on the scale, the comments asked for are written, and there is an overall judgement."""
    rubric = sheet.rubric
    for criterion in rubric.criteria:
        title = in_language(criterion.title, "en", rubric.language)
        points = sheet.points.get(criterion.name)
        if points is None:
            yield Refusal("score_missing", "“%(title)s” is not scored yet.", {"title": title}, criterion.name)
        elif not rubric.least <= points <= rubric.most:
            yield Refusal(
                "score_off_scale",
                "“%(title)s” has a score that does not lie on the scale from %(least)s to %(most)s.",
                {"title": title, "least": rubric.least, "most": rubric.most},
                criterion.name,
            )
        if criterion.comment_required and not sheet.comments.get(criterion.name, "").strip():
            yield Refusal(
                "comment_missing",
                "“%(title)s” needs a comment beside its score.",
                {"title": title},
                criterion.name,
            )
    if not sheet.comment.strip():
        yield Refusal(
            "judgement_missing", "Write your overall judgement in a few sentences.", where="comment"
        )


def _short(left: Iterable[ReviewCount], wanted: int, *, only_counting: bool) -> Iterable[Refusal]:
    for each in left:
        if only_counting:
            text = "%(ref)s has %(there)s reviews that count; it needs %(wanted)s."
            code, there = "reviews_missing", each.counting
        else:
            text = "%(ref)s has %(there)s reviewers; it needs %(wanted)s."
            code, there = "reviewers_missing", each.counting + each.coming
        yield Refusal(code, text, {"ref": each.ref, "there": there, "wanted": wanted}, each.ref)


@guard(takes={"at_least": "whole_number"})
def reviewers_assigned(reviews: RoundReviews, ask: Ask) -> Iterable[Refusal]:
    """Every application that is up for assessment has as many reviewers as the call wants."""
    wanted = int(ask.given.get("at_least", 1))
    yield from _short(reviews.short_of(wanted, only_counting=False), wanted, only_counting=False)


@guard(takes={"at_least": "whole_number"})
def reviews_complete(reviews: RoundReviews, ask: Ask) -> Iterable[Refusal]:
    """Every application that is up for assessment has as many reviews that count as the call wants."""
    wanted = int(ask.given["at_least"])
    yield from _short(reviews.short_of(wanted, only_counting=True), wanted, only_counting=True)


@guard(takes={"at_least": "whole_number"})
def reviewed_enough(reviews: ReviewCount, ask: Ask) -> Iterable[Refusal]:
    """The application has as many reviews that count as every other one had."""
    wanted = int(ask.given["at_least"])
    if reviews.counting < wanted:
        yield from _short([reviews], wanted, only_counting=True)


@guard()
def ranking_fresh(ranking: RankingStanding, ask: Ask) -> Iterable[Refusal]:
    """The frozen ranking counts exactly the reviews that count now, and holds every application up for assessment."""
    if not ranking.exists:
        yield Refusal("no_ranking", "There is no frozen ranking yet.", where="ranking")
        return
    if ranking.stopped_counting:
        yield Refusal(
            "ranking_counts_set_aside",
            "The frozen ranking counts %(count)s reviews that have been set aside or ended since. Freeze it again.",
            {"count": ranking.stopped_counting},
            "ranking",
        )
    if ranking.uncounted:
        yield Refusal(
            "ranking_lacks_reviews",
            "%(count)s reviews that count came after the ranking was frozen. Freeze it again.",
            {"count": ranking.uncounted},
            "ranking",
        )
    if ranking.missing:
        yield Refusal(
            "ranking_lacks_applications",
            "The frozen ranking lacks applications that are up for assessment: %(refs)s. Freeze it again.",
            {"refs": ", ".join(ranking.missing)},
            "ranking",
        )
