"""What officers and reviewers do: find readers without ties, read, score, judge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import select

from grantflow.domain.actor import SYSTEM
from grantflow.domain.calls.rubrics import Rubric
from grantflow.domain.refusal import Refusal, Refused
from grantflow.services import reviews
from grantflow.services.rehearsal import made_up
from grantflow.services.rehearsal.agenda import Act
from grantflow.services.rehearsal.cast import Person
from grantflow.services.rehearsal.habits.kinds import Habits, Situation
from grantflow.services.rehearsal.habits.people import newcomer
from grantflow.services.rehearsal.scene import Scene
from grantflow.services.reviews.wanted import reviews_wanted
from grantflow.store.applications.models import Application
from grantflow.store.cases import CaseRow
from grantflow.store.reviews.models import Review
from grantflow.store.reviews.reading import reviews_of
from grantflow.store.session import Tx

EACH_READS = 12
"""How many applications a reviewer reads, about."""
SPARE = 5
"""How many reviewers more than one application needs there are at least."""
AT_ONCE = 20
"""How many applications get their reviewers in one sitting."""


def assign(at: Situation, refusals: Sequence[Refusal]) -> bool:
    """Find readers for every application that has too few, spread evenly, nobody twice."""
    scene = at.scene
    refs = [str(refusal.params["ref"]) for refusal in refusals]
    with scene.acting(SYSTEM) as tx:
        wanted = max(
            *(int(refusal.params["wanted"]) for refusal in refusals),
            reviews_wanted(tx, scene.call_id),
        )
        pool = _pool(tx, scene, len(refs) * wanted)
        found = select(CaseRow.id, CaseRow.ref).where(CaseRow.call_id == scene.call_id, CaseRow.ref.in_(refs))
        by_ref = {row.ref: row.id for row in tx.execute(found)}
    who = at.person if _may_assign(at) else _assigner(at)
    done = False
    for first in range(0, len(refs), AT_ONCE):
        with scene.acting(who) as tx:
            for ref in refs[first : first + AT_ONCE]:
                done = _assign_one(tx, scene, by_ref[ref], wanted, pool) or done
    return done


def _assign_one(tx: Tx, scene: Scene, application_id: UUID, wanted: int, pool: list[UUID]) -> bool:
    there = reviews_of(tx, applications=[application_id]).get(application_id, [])
    missing = wanted - sum(each.counts or each.alive for each in there)
    taken = {each.reviewer_id for each in there}
    assigned = 0
    for _ in range(len(pool)):
        if assigned >= missing:
            break
        turn = scene.memory["turn"] = scene.memory.get("turn", -1) + 1
        reviewer = pool[turn % len(pool)]
        if reviewer not in taken and _took(tx, application_id, reviewer):
            taken.add(reviewer)
            assigned += 1
    while assigned < missing:  # all who are known have had it: somebody new is found
        pool.append(_reviewer(tx, scene))
        if not _took(tx, application_id, pool[-1]):
            break
        assigned += 1
    return assigned > 0


def _took(tx: Tx, application_id: UUID, reviewer: UUID) -> bool:
    """Give an application to a reviewer, unless something ties the two."""
    try:
        with tx.attempt():
            reviews.assign_reviewer(tx, application_id, reviewer)
    except Refused:
        return False
    return True


def _pool(tx: Tx, scene: Scene, readings: int) -> list[UUID]:
    """Return the reviewers, more of them when there is more to read."""
    pool: list[UUID] = scene.memory.setdefault("reviewers", [])
    needed = reviews_wanted(tx, scene.call_id) + SPARE
    while len(pool) < max(needed, -(-readings // EACH_READS)):
        pool.append(_reviewer(tx, scene))
    return pool


def _reviewer(tx: Tx, scene: Scene) -> UUID:
    person = newcomer(tx.as_actor(SYSTEM), scene)
    assert person.user_id is not None
    return person.user_id


def _assigners(scene: Scene) -> list[str]:
    by = scene.scheme.of_record("review").creation.by
    return [role for role in by if role in scene.cast.inside]


def _may_assign(at: Situation) -> bool:
    return at.act.role in _assigners(at.scene)


def _assigner(at: Situation) -> Person:
    return at.scene.inside_playing(_assigners(at.scene))


def score(tx: Tx, scene: Scene, act: Act) -> None:
    """Give points by what the application is worth and by how this reviewer sees it."""
    sheet = reviews.sheet_of(tx, act.case_id)
    points, comments = _points(scene, sheet.rubric, _worth(tx, act.case_id))
    reviews.save_scores(tx, act.case_id, points, comments, comment=made_up.prose(scene.dice))


def score_at_last(at: Situation, refusals: Sequence[Refusal]) -> bool:
    """Score what is not scored yet."""
    del refusals
    with at.scene.acting(at.person) as tx:
        score(tx, at.scene, at.act)
    return True


def _worth(tx: Tx, review_id: UUID) -> int:
    """Return how good the application of a review is, of a hundred: the same for all who read it."""
    found = (
        select(CaseRow.ref).join(Review, Review.application_id == CaseRow.id).where(Review.id == review_id)
    )
    return sha256(tx.session.scalars(found).one().encode()).digest()[0] * 60 // 255 + 35


def _points(scene: Scene, rubric: Rubric, worth: int) -> tuple[Mapping[str, int], Mapping[str, str]]:
    points, comments = {}, {}
    scale = rubric.most - rubric.least
    for criterion in rubric.criteria:
        drawn = rubric.least + (worth * scale + scene.dice.randrange(-25, 26) * scale + 50) // 100
        points[criterion.name] = min(rubric.most, max(rubric.least, drawn))
        if criterion.comment_required:
            comments[criterion.name] = made_up.prose(scene.dice, 200)
    return points, comments


def make_panel_speak(tx: Tx, scene: Scene, application_id: UUID) -> None:
    """Write what the panel says about an application."""
    application = tx.session.get_one(Application, application_id)
    asked = application.asked or 0
    reasons = made_up.prose(scene.dice, 300)
    if asked and scene.likely(15):
        least = asked * 9 // 10 // 100_00 * 100_00
        reviews.write_panel_statement(tx, application_id, "fund_less", reasons, amount=least or asked - 1)
    elif scene.likely(15):
        conditions = ("The co-funding is confirmed in writing.",)
        reviews.write_panel_statement(
            tx, application_id, "fund_with_conditions", reasons, conditions=conditions
        )
    else:
        reviews.write_panel_statement(tx, application_id, "fund", reasons)


_REMEDIES: Mapping[str, Any] = {
    "reviewers_missing": assign,
    "reviews_missing": assign,
    **dict.fromkeys(
        ("score_missing", "score_off_scale", "comment_missing", "judgement_missing"), score_at_last
    ),
}
HABITS = Habits(
    remedies=_REMEDIES,
    waits={"reviews_missing": 4},
    how_many={"review": lambda *_: 0},
    foresight={"scores_complete": score},
    detours=frozenset(
        {
            *("reviewer_is_applicant", "reviewer_is_partner", "reviewer_wrote_frame", "reviewer_co_owned"),
            *("conflict_on_record", "conflict_undecided"),
        }
    ),
)
