"""What people do in a lab: come, bring something, hold workshops, write the frame, comment on it and answer."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select

from grantflow.domain.actor import SYSTEM
from grantflow.domain.labs.places import CONTRIBUTION_KINDS, HELICES, LEVELS
from grantflow.domain.refusal import Refusal
from grantflow.services.labs import framing, taking_part
from grantflow.services.rehearsal import made_up
from grantflow.services.rehearsal.agenda import Start
from grantflow.services.rehearsal.cast import Person
from grantflow.services.rehearsal.habits.kinds import Habits, Situation, once
from grantflow.services.rehearsal.habits.people import organisation, representative
from grantflow.services.rehearsal.scene import Scene
from grantflow.store.calls.models import FunderWindow
from grantflow.store.labs.models import Contribution, Frame, FrameComment, LabSession, Participation
from grantflow.store.session import Tx

ROOM = 80
"""How many people come to one workshop at most."""
ACTIONS = 4
"""How many actions made-up frames have."""
COMMENTS = 6
"""How many people comment on a draft."""


def take_part(scene: Scene, start: Start) -> None:
    """Register for the lab, for a new organisation."""
    _come(scene, HELICES[start.number % len(HELICES)])


def _come(scene: Scene, helix: str) -> None:
    with scene.acting(SYSTEM) as tx:
        organisation_id = organisation(tx, scene, helix=helix)
        person = representative(tx, scene, organisation_id)
        taking_part.register_interest(
            tx.as_actor(person.actor),
            scene.call_id,
            organisation_id=organisation_id,
            level=scene.dice.choice(LEVELS),
            name_shown=scene.likely(90),
        )
    scene.memory.setdefault("lab", []).append((person.user_id, organisation_id))


def contribute(scene: Scene, start: Start) -> None:
    """Bring something to the lab, as somebody who came to it."""
    del start
    people = scene.memory.get("lab", [])
    if not people:
        return
    with scene.acting(Person(*scene.dice.choice(people))) as tx:
        taking_part.contribute(
            tx,
            scene.call_id,
            scene.dice.choice(CONTRIBUTION_KINDS),
            made_up.prose(scene.dice),
            public=scene.likely(95),
        )


def begin_frame(scene: Scene, start: Start) -> None:
    """Begin to write the frame."""
    with scene.acting(scene.somebody(start.role)) as tx:
        framing.start_frame(
            tx, scene.call_id, scene.plan.title.get("en") or next(iter(scene.plan.title.values()))
        )
    scene.memory.pop("lab", None)


def one_frame(scene: Scene, parent_id: UUID, wanted: int) -> int:
    """Write one frame for a call: the first."""
    del wanted
    with scene.looking() as tx:
        found = select(func.count()).select_from(Frame).where(Frame.call_id == parent_id)
        return 0 if tx.execute(found).scalar_one() or not scene.plan.has_lab else 1


def hold_workshop(at: Situation, refusals: Sequence[Refusal]) -> bool:
    """Hold one workshop of the lab today and publish what came out of it; the next one is for another day."""
    del refusals
    scene = at.scene
    with scene.acting(at.person) as tx:
        session_id = taking_part.plan_session(
            tx, scene.call_id, made_up.title(scene.dice), tx.now, place=made_up.place(scene.dice)
        )
        admitted = list(
            tx.session.scalars(
                select(Participation.id)
                .where(Participation.call_id == scene.call_id, Participation.admitted_at.is_not(None))
                .order_by(Participation.id)
            )
        )
        there = scene.dice.sample(admitted, min(len(admitted) * 2 // 3, ROOM))
        results = made_up.prose(scene.dice) if scene.likely(80) else None
        taking_part.hold_session(tx, session_id, there, results=results)
    return False


def invite_the_missing(at: Situation, refusals: Sequence[Refusal]) -> bool:
    """Find people of the parts of society that are not in the lab yet."""
    for refusal in refusals:
        for helix in str(refusal.params["missing"]).split(", "):
            _come(at.scene, helix)
    return False


def write_frame(at: Situation, refusals: Sequence[Refusal]) -> bool:
    """Write what is missing in the frame: the vision, the actions with their money and indicators."""
    del refusals
    scene = at.scene
    with scene.acting(_of_the_programme(at)) as tx:
        framing.write_frame(
            tx,
            at.act.case_id,
            vision=made_up.prose(scene.dice),
            changes="A further call for the same actions.",
        )
        framing.write_actions(tx, at.act.case_id, _actions(tx, scene))
    return True


def _actions(tx: Tx, scene: Scene) -> list[framing.Action]:
    fund = int(
        tx.execute(
            select(func.sum(FunderWindow.envelope)).where(FunderWindow.call_id == scene.call_id)
        ).scalar_one()
    )
    sources = list(
        tx.session.scalars(
            select(Contribution.id)
            .where(Contribution.call_id == scene.call_id)
            .order_by(Contribution.id)
            .limit(ACTIONS * 3)
        )
    )
    return [
        framing.Action(
            made_up.title(scene.dice),
            fund // ACTIONS,
            (framing.Indicator("Agreements between those who have and those who need", 2, 10),),
            made_up.prose(scene.dice),
            tuple(sources[number::ACTIONS]),
        )
        for number in range(ACTIONS)
    ]


def comment_on_the_draft(at: Situation, refusals: Sequence[Refusal]) -> bool:
    """Say something about the draft while it is open: those who come to it from outside."""
    del refusals
    scene = at.scene
    with scene.acting(SYSTEM) as tx:
        said = select(func.count()).select_from(FrameComment).where(FrameComment.frame_id == at.act.case_id)
        if tx.execute(said).scalar_one() == 0:
            for _ in range(COMMENTS):
                organisation_id = organisation(tx, scene)
                person = representative(tx, scene, organisation_id)
                framing.comment_on_frame(
                    tx.as_actor(person.actor),
                    at.act.case_id,
                    made_up.prose(scene.dice),
                    organisation_id=organisation_id,
                )
    return False


def answer_comments(at: Situation, refusals: Sequence[Refusal]) -> bool:
    """Answer what was said about the draft."""
    del refusals
    with at.scene.acting(_of_the_programme(at)) as tx:
        for comment_id in framing.unanswered_comments(tx, at.act.case_id):
            framing.answer_comment(tx, comment_id, made_up.prose(at.scene.dice))
    return True


def show_what_was_hidden(at: Situation, refusals: Sequence[Refusal]) -> bool:
    """Show the public what only the lab saw, or say why not."""
    del refusals
    scene = at.scene
    with scene.acting(at.person) as tx:
        hidden = select(Contribution.id).where(
            Contribution.call_id == scene.call_id,
            Contribution.visibility == "lab",
            Contribution.kept_in_lab_because.is_(None),
        )
        for contribution_id in tx.session.scalars(hidden.order_by(Contribution.id)).all():
            if scene.likely(70):
                taking_part.show_to_public(tx, contribution_id)
            else:
                taking_part.keep_in_lab(tx, contribution_id, "It names a customer who did not agree to it.")
    return True


def publish_results(at: Situation, refusals: Sequence[Refusal]) -> bool:
    """Publish what came out of workshops whose results only the lab knows."""
    del refusals
    scene = at.scene
    with scene.acting(at.person) as tx:
        waiting = select(LabSession.id).where(
            LabSession.call_id == scene.call_id, LabSession.held_at.is_not(None), LabSession.results.is_(None)
        )
        for session_id in tx.session.scalars(waiting.order_by(LabSession.number)).all():
            taking_part.publish_results(tx, session_id, made_up.prose(scene.dice))
    return True


def _of_the_programme(at: Situation) -> Person:
    """Return who writes on the frame: whoever tried, or somebody who begins frames where another body is asked."""
    lifecycle = at.scene.scheme.lifecycles[at.act.lifecycle]
    begins = [role for role in lifecycle.creation.by if role in at.scene.cast.inside]
    return at.person if at.act.role in begins else at.scene.inside_playing(begins)


HABITS = Habits(
    remedies={
        "workshops_missing": hold_workshop,
        "helices_missing": invite_the_missing,
        "vision_missing": write_frame,
        "changes_missing": write_frame,
        "actions_missing": write_frame,
        "actions_misnumbered": write_frame,
        "action_untitled": write_frame,
        "action_without_money": write_frame,
        "action_unmeasured": write_frame,
        "actions_above_fund": write_frame,
        "consultation_running": comment_on_the_draft,
        "comments_unanswered": answer_comments,
        "contributions_hidden": show_what_was_hidden,
        "results_hidden": publish_results,
    },
    waits={"no_frame": 7},
    detours=frozenset({"not_consulted", "lab_full"}),
    makers={"participation": take_part, "contribution": contribute, "frame": begin_frame},
    how_many={"participation": once("lab-places"), "contribution": once("contributions"), "frame": one_frame},
    answers={"level": lambda scene, asked, _: scene.dice.choice(asked.choices)},
)
