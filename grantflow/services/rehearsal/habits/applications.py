"""What applicants and officers do with applications: start, fill in, send, check, complete."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any
from uuid import UUID
from weakref import finalize

from sqlalchemy import func, select

from grantflow.domain.actor import SYSTEM, Actor
from grantflow.domain.calls.forms import Form
from grantflow.domain.refusal import Refusal
from grantflow.services import applications
from grantflow.services.people.registering import join_organisation
from grantflow.services.rehearsal import made_up
from grantflow.services.rehearsal.agenda import Act, Start
from grantflow.services.rehearsal.cast import Person
from grantflow.services.rehearsal.habits.kinds import Habits, Situation
from grantflow.services.rehearsal.habits.people import organisation, representative
from grantflow.services.rehearsal.scene import Scene
from grantflow.store.applications.models import Application, Completion
from grantflow.store.applications.papers import forms_of
from grantflow.store.calls.models import Call, FunderWindow
from grantflow.store.cases import CaseRow
from grantflow.store.labs.models import Frame, FrameAction
from grantflow.store.meaning import tags_of
from grantflow.store.programmes.models import Seat
from grantflow.store.session import Tx
from grantflow.workflow.model import Asked

GAPS = 6
"""How many of a hundred leave something out at first."""
ANNEXES = 20
"""How many of a hundred hand in a file that nobody asks them for."""
UNMET = 5
"""How many of a hundred fail an item of the checklist at first sight."""
ON_PAPER = 1
"""Which of those who apply sends paper: one, the second."""
ENTERED_AFTER = timedelta(hours=2)
"""How long paper lies on the desk before somebody enters it."""
FUNCTIONS = ("internationalisation", "matchmaking")
"""What made-up organisations do as intermediaries."""


@dataclass(frozen=True, slots=True)
class _Stage:
    """What applicants know of the call's present stage."""

    number: int
    form: Form
    windows: tuple[tuple[UUID, made_up.Wish, tuple[str, ...]], ...]
    actions: tuple[int, ...]


def _stage(tx: Tx, scene: Scene) -> _Stage:
    number = tx.session.scalars(select(Call.stage).where(Call.id == scene.call_id)).one()
    known: dict[int, _Stage] = scene.memory.setdefault("stages", {})
    if number not in known:
        found = (
            select(FunderWindow)
            .where(FunderWindow.call_id == scene.call_id, FunderWindow.stage == number)
            .order_by(FunderWindow.name)
        )
        last = select(func.max(Frame.version)).where(
            Frame.call_id == scene.call_id, Frame.adopted_at.is_not(None)
        )
        actions = (
            select(FrameAction.number)
            .join(Frame, Frame.id == FrameAction.frame_id)
            .where(Frame.call_id == scene.call_id, Frame.version == last.scalar_subquery())
            .order_by(FrameAction.number)
        )
        known[number] = _Stage(
            number,
            forms_of(tx, [(scene.call_id, number)])[scene.call_id, number],
            tuple(
                (each.id, made_up.Wish(each.minimum, each.maximum, each.rate), tuple(each.territory))
                for each in tx.session.scalars(found)
            ),
            tuple(tx.session.scalars(actions)),
        )
    return known[number]


def how_many_start(scene: Scene, parent_id: UUID, wanted: int) -> int:
    """Start as many in each stage as were asked for in all; in a stage for holders, one for each of them."""
    del parent_id
    with scene.looking() as tx:
        number = tx.execute(select(Call.stage).where(Call.id == scene.call_id)).scalar_one()
        begun = scene.memory.setdefault("stages begun", set())
        if number in begun:
            return 0
        begun.add(number)
        needed = scene.plan.stages[number - 1].completed_stage
        if needed is not None:
            holders = _holders(tx, scene.call_id, needed)
            scene.memory.setdefault("holders", {})[number] = holders
            return len(holders)
    open_to_all = [each for each, stage in enumerate(scene.plan.stages, 1) if stage.completed_stage is None]
    share, rest = divmod(wanted, len(open_to_all))
    return share + (rest if number == open_to_all[0] else 0)


def _holders(tx: Tx, call_id: UUID, stage: int) -> list[UUID]:
    """Return the applications of a stage that were completed."""
    found = (
        select(CaseRow.id, CaseRow.scheme, CaseRow.version, CaseRow.lifecycle, CaseRow.state)
        .join(Application, Application.id == CaseRow.id)
        .where(Application.call_id == call_id, Application.stage == stage)
        .order_by(CaseRow.ref)
    )
    return [
        row.id
        for row in tx.execute(found)
        if tags_of(tx, row.scheme, row.version, row.lifecycle, row.state) >= {"funded", "closed"}
    ]


def start(scene: Scene, what: Start) -> None:
    """Start an application, for a new organisation or as the holder of an earlier one, and fill in the form."""
    with scene.acting(SYSTEM) as tx:
        stage = _stage(tx, scene)
        window_id, wish, territory = scene.dice.choice(stage.windows)
        holders = scene.memory.get("holders", {}).get(stage.number)
        if holders:
            lineage_id = holders[what.number]
            organisation_id = tx.session.get_one(Application, lineage_id).organisation_id
            person = scene.cast.holding(tx, what.role, lineage_id)[0]
        else:
            lineage_id = None
            organisation_id = organisation(tx, scene, territory=territory, functions=FUNCTIONS)
            person = representative(tx, scene, organisation_id)
            if what.number == 0:
                _tie_somebody_of_the_body(tx, organisation_id)
        on_paper = what.number == ON_PAPER and not holders and _may_come_on_paper(scene)
        theirs = tx.as_actor(_enterer(scene) if on_paper else Person(person.user_id, organisation_id).actor)
        made = applications.start_application(
            theirs,
            scene.call_id,
            organisation_id,
            title=made_up.title(scene.dice),
            window_id=window_id,
            lineage_id=lineage_id,
            on_paper=on_paper,
        )
        answers = _answers(scene, stage, organisation_id, wish)
        if scene.likely(GAPS) and not on_paper:
            answers.pop(scene.dice.choice(sorted(answers)))
        applications.save_answers(theirs, made.case_id, answers)
        for field in stage.form.of_kind("file"):
            if field.required or scene.likely(ANNEXES):
                _hand_in(theirs, scene, made.case_id, field.name)


def _hand_in(tx: Tx, scene: Scene, application_id: UUID, field: str) -> None:
    """Hand in a made-up file, which lies where this rehearsal keeps its own."""
    if "papers" not in scene.memory:
        folder = mkdtemp(prefix="grantflow-rehearsal-papers-")
        finalize(scene, rmtree, folder, ignore_errors=True)
        scene.memory["papers"] = Path(folder)
    name, content = made_up.paper(scene.dice)
    applications.attach(tx, scene.memory["papers"], application_id, field, name, content)


def _may_come_on_paper(scene: Scene) -> bool:
    return bool(scene.scheme.of_record("application").creation.begins_in)


def _enterer(scene: Scene) -> Actor:
    """Return somebody of the programme who enters what came on paper."""
    by = scene.scheme.of_record("application").creation.by
    return scene.inside_playing(by).actor


def _arrived(scene: Scene, asked: Asked, case_id: UUID) -> datetime:
    """Return when it came: some time before somebody began to enter it."""
    del asked
    with scene.looking() as tx:
        return tx.session.get_one(CaseRow, case_id).created_at - ENTERED_AFTER


def _tie_somebody_of_the_body(tx: Tx, organisation_id: UUID) -> None:
    """Let a member of the deciding body belong to one of those who apply: they have to leave for it."""
    seat = select(Seat.user_id).where(Seat.kind == "member").order_by(Seat.since, Seat.id).limit(1)
    user_id = tx.session.scalars(seat).first()
    if user_id is not None:
        join_organisation(tx, user_id, organisation_id)


def _answers(scene: Scene, stage: _Stage, organisation_id: UUID, wish: made_up.Wish) -> dict[str, Any]:
    today = scene.now.astimezone(scene.zone).date()
    return made_up.answers_to(stage.form, scene.dice, today, organisation_id, stage.actions, wish)


def fill_in(at: Situation, refusals: Sequence[Refusal]) -> bool:
    """Fill in what is missing or wrong in the form; after the deadline only what was reopened."""
    scene = at.scene
    with scene.acting(at.person) as tx:
        application = tx.session.get_one(Application, at.act.case_id)
        stage = _stage(tx, scene)
        wish = next(
            (wish for window_id, wish, _ in stage.windows if window_id == application.window_id),
            stage.windows[0][1],
        )
        answers = _answers(scene, stage, application.organisation_id, wish)
        opened = _reopened(tx, at.act.case_id)
        if opened is not None:
            names = {
                field.name
                for section in stage.form.sections
                if section.name in opened
                for field in section.fields
            }
            answers = {name: answer for name, answer in answers.items() if name in names}
        applications.save_answers(tx, at.act.case_id, answers)
        for refusal in refusals:
            if refusal.where in {field.name for field in stage.form.of_kind("file")}:
                _hand_in(tx, scene, at.act.case_id, str(refusal.where))
    return True


def _reopened(tx: Tx, application_id: UUID) -> frozenset[str] | None:
    found = (
        select(Completion.sections)
        .where(Completion.application_id == application_id, Completion.answered_at.is_(None))
        .limit(1)
    )
    sections = tx.session.scalars(found).first()
    return None if sections is None else frozenset(sections)


def choose_window(at: Situation, refusals: Sequence[Refusal]) -> bool:
    """Choose the pot from which money is asked."""
    del refusals
    with at.scene.acting(at.person) as tx:
        windows = _stage(tx, at.scene).windows
        applications.choose_window(tx, at.act.case_id, at.scene.dice.choice(windows)[0])
    return True


def look_at_the_checklist(tx: Tx, scene: Scene, act: Act) -> None:
    """Answer what is open on the checklist, now and then with no."""
    checklist = applications.checklist_of(tx, act.case_id)
    answers = dict.fromkeys(checklist.open, "yes")
    if answers and scene.likely(UNMET):
        answers[scene.dice.choice(sorted(answers))] = "no"
    if answers:
        applications.answer_checklist(tx, act.case_id, answers)


def check(at: Situation, refusals: Sequence[Refusal]) -> bool:
    """Answer the checklist."""
    del refusals
    with at.scene.acting(at.person) as tx:
        look_at_the_checklist(tx, at.scene, at.act)
    return True


def look_again(at: Situation, refusals: Sequence[Refusal]) -> bool:
    """Look again at what seemed not to be met: sometimes it was an oversight, else it has to be heard."""
    if not at.scene.likely(40):
        return False
    with at.scene.acting(at.person) as tx:
        answers = {str(refusal.where): "yes" for refusal in refusals}
        applications.answer_checklist(tx, at.act.case_id, answers, dict.fromkeys(answers, "Settled."))
    return True


def sections(scene: Scene, asked: Asked, case_id: UUID) -> str:
    """Name the sections that may be completed."""
    del asked, case_id
    with scene.looking() as tx:
        return ", ".join(sorted(_stage(tx, scene).form.may_be_completed))


def register(at: Situation, refusals: Sequence[Refusal]) -> bool:
    """Register after all, where that is still possible."""
    del refusals
    with at.scene.acting(at.person) as tx:
        applications.register(tx, at.act.case_id)
    return True


_OF_THE_FORM = (
    *("field_missing", "field_wrong", "field_too_long", "field_too_small", "field_too_large"),
    *("nothing_asked", "no_cost", "below_minimum", "above_maximum", "no_action_named", "action_not_in_frame"),
    "nothing_completed",
)
_REMEDIES: Mapping[str, Any] = {
    **dict.fromkeys(_OF_THE_FORM, fill_in),
    "no_window": choose_window,
    "not_registered": register,
    "checklist_open": check,
    "checklist_unmet": look_again,
}
HABITS = Habits(
    remedies=_REMEDIES,
    makers={"application": start},
    how_many={"application": how_many_start},
    answers={"sections": sections, "arrived": _arrived},
    detours=frozenset(
        {
            *("checklist_unmet", "no_item_unmet", "outside_territory", "not_registered", "registered_late"),
            *("already_registered", "registration_closed", "section_not_completable"),
        }
    ),
    foresight={"checklist_complete": look_at_the_checklist},
)
