"""The seed fund of the story: applications, checks, reviewers and their points."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any
from uuid import UUID

from sqlalchemy import select

from grantflow.domain.calls.rubrics import Rubric
from grantflow.services import applications, cases, deeds, reviews
from grantflow.services.applications import conflicts
from grantflow.services.demo.script import Event
from grantflow.services.demo.stage import Stage
from grantflow.store.cases import CaseRow
from grantflow.store.reviews.models import Review
from grantflow.store.session import Tx

KRONA = 100
SHARES = (("staff", 58), ("services", 18), ("equipment", 14), ("travel", 4), ("overhead", 6))
"""How the costs of a project are split, in percent."""


def step(stage: Stage, event: Event) -> None:
    """Take a step that asks for nothing but plain fields."""
    with stage.acting(event.who) as tx:
        cases.step(tx, stage.record(event.of), event.given["step"], data=event.given.get("data"))


def apply(stage: Stage, event: Event) -> None:
    """Start an application and fill in its form, all of it or a part."""
    given = event.given
    with stage.acting(event.who) as tx:
        made = applications.start_application(
            tx,
            stage.record(event.of),
            stage.organisations[given["organisation"]],
            language=given.get("language", "sv"),
        )
    stage.records[given["name"]] = made.case_id
    with stage.acting(event.who) as tx:
        applications.save_answers(tx, made.case_id, _answers(event.who or "", given))


def _answers(who: str, given: Mapping[str, Any]) -> dict[str, Any]:
    known = {
        "title": given["title"],
        "actions": list(given["actions"]),
        "idea": given["idea"],
        "asked": int(given["asked"]) * KRONA,
    }
    if given.get("partial"):
        return known
    cost = int(given["cost"]) * KRONA
    amounts = {name: cost * percent // 100 for name, percent in SHARES}
    amounts["staff"] += cost - sum(amounts.values())
    return known | {
        "effect": given["effect"],
        "starts": "2027-02-01",
        "months": 9,
        "steps": "Agree on who does what; buy and build; run and measure; write down what came of it and tell it.",
        "team": f"{who} leads. Two colleagues and one partner do the work; each gives some weeks.",
        "from_the_lab": "It was said at a workshop of the lab, and stands under the action that we name.",
        "costs": [{"category": name, "amount": amount} for name, amount in amounts.items()],
        "own_share": "The organisation itself and its partners.",
        "contact": f"{who}, 070-174 06 05",
        "size": "small",
        "begun": False,
        "truth": True,
    }


def submit(stage: Stage, event: Event) -> None:
    """Send an application, in time or late."""
    with stage.acting(event.who) as tx:
        applications.submit(tx, stage.record(event.of))


def check(stage: Stage, event: Event) -> None:
    """Answer the whole checklist."""
    with stage.acting(event.who) as tx:
        _check(tx, stage.record(event.of), event.given.get("unmet", ()))


def _check(tx: Tx, application_id: UUID, unmet: tuple[str, ...] = ()) -> None:
    items = applications.checklist_of(tx, application_id).items
    applications.answer_checklist(
        tx, application_id, {item: "no" if item in unmet else "yes" for item in items}
    )


def pass_(stage: Stage, event: Event) -> None:
    """Answer the checklist with yes and find an application eligible."""
    each = stage.record(event.of)
    with stage.acting(event.who) as tx:
        _check(tx, each)
        cases.step(tx, each, _after_check(tx, each))


def _after_check(tx: Tx, application_id: UUID) -> str:
    """Return the name of the step that a complete checklist with nothing unmet opens."""
    lifecycle, state = deeds.place_of(tx, application_id)
    return next(
        row.name
        for row in lifecycle.leaving(state)
        if {"checklist_complete", "checklist_met"} <= {guard.name for guard in row.guards}
    )


def ask_completion(stage: Stage, event: Event) -> None:
    """Ask an applicant for what is missing."""
    with stage.acting(event.who) as tx:
        applications.ask_completion(
            tx, stage.record(event.of), list(event.given["sections"]), event.given["missing"]
        )


def note_conflict(stage: Stage, event: Event) -> None:
    """Note a conflict of interest of somebody."""
    given = event.given
    with stage.acting(event.who) as tx:
        conflicts.record_conflict(
            tx, stage.record(event.of), stage.people[given["person"]], given["kind"], given["reason"]
        )


def settle_conflict(stage: Stage, event: Event) -> None:
    """Decide that a possible conflict keeps nobody from reading."""
    given = event.given
    with stage.acting(event.who) as tx:
        conflicts.settle_conflict(tx, stage.record(event.of), stage.people[given["person"]], given["reason"])


def assign(stage: Stage, event: Event) -> None:
    """Give an application to reviewers, and invite them."""
    with stage.acting(event.who) as tx:
        for name in event.given["reviewers"]:
            made = reviews.assign_reviewer(tx, stage.record(event.of), stage.people[name])
            cases.step(tx, made.case_id, _to_the_reviewer(tx, made.case_id))


def _to_the_reviewer(tx: Tx, review_id: UUID) -> str:
    """Return the name of the step that brings a planned review before its reviewer."""
    lifecycle, state = deeds.place_of(tx, review_id)
    return next(
        row.name for row in lifecycle.leaving(state) if row.by and row.to != state and not row.effects
    )


def _review(tx: Tx, stage: Stage, event: Event) -> UUID:
    assert event.who is not None
    found = (
        select(Review.id)
        .join(CaseRow, CaseRow.id == Review.id)
        .where(
            Review.application_id == stage.record(event.of),
            Review.reviewer_id == stage.people[event.who],
        )
        .order_by(CaseRow.created_at.desc())
        .limit(1)
    )
    return tx.session.scalars(found).one()


def begin_review(stage: Stage, event: Event) -> None:
    """Say that there is no conflict and begin to write; with points, keep a draft."""
    with stage.acting(event.who) as tx:
        each = _review(tx, stage, event)
        reviews.accept(tx, each)
        if "points" in event.given:
            _score(tx, each, int(event.given["points"]), event.given["comment"])


def review(stage: Stage, event: Event) -> None:
    """Say that there is no conflict, score and hand in."""
    with stage.acting(event.who) as tx:
        each = _review(tx, stage, event)
        reviews.accept(tx, each)
        _score(tx, each, int(event.given["points"]), event.given["comment"])
        reviews.submit_review(tx, each)


def _score(tx: Tx, review_id: UUID, wanted: int, comment: str) -> None:
    rubric = reviews.sheet_of(tx, review_id).rubric
    scored = nearest(rubric, wanted)
    said = dict.fromkeys(scored, "Read against what the criterion asks, and weighed.")
    reviews.save_scores(tx, review_id, scored, said, comment=comment)


def nearest(rubric: Rubric, wanted: int) -> dict[str, int]:
    """Return points on the rubric's scale whose weighted sum comes nearest to what is wanted, of a hundred."""
    names = [criterion.name for criterion in rubric.criteria]
    weights = [criterion.weight for criterion in rubric.criteria]
    scale = range(rubric.least, rubric.most + 1)

    def distance(points: tuple[int, ...]) -> tuple[int, int]:
        reached = sum(weight * point for weight, point in zip(weights, points, strict=True))
        return abs(reached - wanted * sum(weights) * rubric.most // 100), max(points) - min(points)

    best: tuple[int, ...] = min(product(scale, repeat=len(names)), key=distance)
    return dict(zip(names, best, strict=True))


VERBS = {
    each.__name__.rstrip("_"): each
    for each in (
        step,
        apply,
        submit,
        check,
        pass_,
        ask_completion,
        note_conflict,
        settle_conflict,
        assign,
        begin_review,
        review,
    )
}
