"""Writing the frame: vision, numbered actions with their sources, and the consultation on the draft."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, select

from grantflow.domain.refusal import refuse
from grantflow.services.cases import Created, Stepped, create
from grantflow.services.deeds import lifecycle_of, place_of, take
from grantflow.services.labs.effects import next_version
from grantflow.services.people.registering import may_act_for
from grantflow.services.people.roles import demand_role
from grantflow.store.labs.models import (
    ActionSource,
    Contribution,
    Frame,
    FrameAction,
    FrameAuthor,
    FrameComment,
    FrameIndicator,
)
from grantflow.store.session import Tx

LONGEST = 4000
"""How many characters a comment may have."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """By what an action is measured."""

    name: str
    baseline: int
    target: int


@dataclass(frozen=True, slots=True)
class Action:
    """An action to write into a frame; `sources` are the contributions that it came from."""

    title: str
    envelope: int
    indicators: tuple[Indicator, ...]
    about: str = ""
    sources: tuple[UUID, ...] = ()


def start_frame(
    tx: Tx,
    call_id: UUID,
    title: str,
    *,
    vision: str = "",
    conditions: str = "",
    changes: str = "",
    lang: str = "en",
) -> Created:
    """Begin the next version of a call's frame; whoever writes on it may neither apply inside it nor review."""
    version = next_version(tx, call_id)

    def record(case_id: UUID) -> None:
        tx.session.add(
            Frame(
                id=case_id,
                call_id=call_id,
                version=version,
                title=title,
                vision=vision,
                conditions=conditions,
                changes=changes,
                lang=lang,
                consulted_from=None,
                consulted_until=None,
                adopted_at=None,
                published_at=None,
                sha256=None,
            )
        )

    made = create(tx, lifecycle_of(tx, call_id, "frame"), call_id=call_id, record=record)
    _sign_as_author(tx, made.case_id)
    return made


def write_frame(
    tx: Tx,
    frame_id: UUID,
    *,
    title: str | None = None,
    vision: str | None = None,
    conditions: str | None = None,
    changes: str | None = None,
) -> None:
    """Write on a frame that is still a draft; what is not given stays."""
    frame = _editable(tx, frame_id)
    frame.title = frame.title if title is None else title
    frame.vision = frame.vision if vision is None else vision
    frame.conditions = frame.conditions if conditions is None else conditions
    frame.changes = frame.changes if changes is None else changes
    tx.flush()


def write_actions(tx: Tx, frame_id: UUID, actions: Sequence[Action]) -> None:
    """Write the actions of a frame anew, numbered in their order."""
    frame = _editable(tx, frame_id)
    _demand_of_call(tx, frame.call_id, {source for action in actions for source in action.sources})
    old = select(FrameAction.id).where(FrameAction.frame_id == frame_id)
    tx.execute(delete(FrameIndicator).where(FrameIndicator.action_id.in_(old)))
    tx.execute(delete(ActionSource).where(ActionSource.action_id.in_(old)))
    tx.execute(delete(FrameAction).where(FrameAction.frame_id == frame_id))
    tx.forget()
    for number, action in enumerate(actions, 1):
        _add_action(tx, frame_id, number, action)
    tx.flush()


def trace(tx: Tx, frame_id: UUID, sources: Mapping[int, Iterable[UUID]]) -> None:
    """Say which contributions the actions of a frame came from, by the number of the action; the rest of it stays."""
    frame = _editable(tx, frame_id)
    by_number = {number: set(found) for number, found in sources.items()}
    _demand_of_call(tx, frame.call_id, {each for found in by_number.values() for each in found})
    actions = dict(
        tx.session.execute(
            select(FrameAction.number, FrameAction.id).where(FrameAction.frame_id == frame_id)
        ).all()
    )
    if by_number.keys() - actions.keys():
        raise refuse("unknown_action", "The frame has no action of that number.", "actions")
    for number, found in by_number.items():
        tx.execute(delete(ActionSource).where(ActionSource.action_id == actions[number]))
        for each in sorted(found):
            tx.session.add(ActionSource(action_id=actions[number], contribution_id=each))
    tx.flush()
    tx.forget()


def _add_action(tx: Tx, frame_id: UUID, number: int, action: Action) -> None:
    row = FrameAction(
        id=tx.new_id(),
        frame_id=frame_id,
        number=number,
        title=action.title,
        about=action.about,
        envelope=action.envelope,
    )
    tx.session.add(row)
    tx.flush()
    for place, indicator in enumerate(action.indicators, 1):
        tx.session.add(
            FrameIndicator(
                id=tx.new_id(),
                action_id=row.id,
                number=place,
                name=indicator.name,
                baseline=indicator.baseline,
                target=indicator.target,
            )
        )
    for source in dict.fromkeys(action.sources):
        tx.session.add(ActionSource(action_id=row.id, contribution_id=source))


def open_consultation(tx: Tx, frame_id: UUID) -> Stepped:
    """Open the draft for everybody's comments."""
    return take(tx, frame_id, "open_consultation")


def close_consultation(tx: Tx, frame_id: UUID) -> Stepped:
    """Close the consultation once its time is over and every comment is answered."""
    return take(tx, frame_id, "close_consultation")


def comment_on_frame(tx: Tx, frame_id: UUID, text: str, *, organisation_id: UUID | None = None) -> UUID:
    """Say something on a draft frame while it is open for comments; anybody may who signs in.

    Raises:
        Refused: it is not open, nothing is said, or nobody stands behind it.
    """
    if tx.actor.user_id is None and not tx.actor.is_system:
        raise refuse("wrong_role", "Only people comment on a draft; sign in first.")
    frame = tx.session.get_one(Frame, frame_id)
    if frame.consulted_from is None or frame.consulted_until is not None:
        raise refuse("not_open_for_comments", "This draft is not open for comments.")
    if not text.strip():
        raise refuse("text_missing", "Write what you want to say.", "text")
    if len(text) > LONGEST:
        raise refuse("too_long", "Write at most %(most)s characters.", "text", most=LONGEST)
    if organisation_id is not None and not may_act_for(tx, organisation_id):
        raise refuse("not_of_the_organisation", "You do not belong to this organisation.", "organisation")
    comment = FrameComment(
        id=tx.new_id(),
        frame_id=frame_id,
        author_id=tx.actor.user_id,
        organisation_id=organisation_id,
        text=text.strip(),
        at=tx.now,
        answer=None,
        answered_by=None,
        answered_at=None,
    )
    tx.session.add(comment)
    tx.flush()
    return comment.id


def answer_comment(tx: Tx, comment_id: UUID, answer: str) -> None:
    """Answer a comment on a draft frame."""
    comment = tx.session.get_one(FrameComment, comment_id)
    lifecycle, _ = place_of(tx, comment.frame_id)
    demand_role(tx, comment.frame_id, frozenset(lifecycle.creation.by))
    if not answer.strip():
        raise refuse("text_missing", "Write the answer.", "answer")
    comment.answer, comment.answered_by, comment.answered_at = answer.strip(), tx.actor.user_id, tx.now
    tx.flush()


def unanswered_comments(tx: Tx, frame_id: UUID) -> list[UUID]:
    """Return the comments on a frame that have no answer yet, the oldest first."""
    waiting = select(FrameComment.id).where(FrameComment.frame_id == frame_id, FrameComment.answer.is_(None))
    return list(tx.session.scalars(waiting.order_by(FrameComment.at, FrameComment.id)))


def _editable(tx: Tx, frame_id: UUID) -> Frame:
    lifecycle, state = place_of(tx, frame_id)
    editors = lifecycle.states[state].edit
    if not editors:
        raise refuse("not_editable", "The frame cannot be changed at this point.")
    demand_role(tx, frame_id, editors)
    _sign_as_author(tx, frame_id)
    return tx.session.get_one(Frame, frame_id)


def _sign_as_author(tx: Tx, frame_id: UUID) -> None:
    user_id = tx.actor.user_id
    if user_id is not None and tx.session.get(FrameAuthor, (frame_id, user_id)) is None:
        tx.session.add(FrameAuthor(frame_id=frame_id, user_id=user_id))
        tx.flush()


def _demand_of_call(tx: Tx, call_id: UUID, sources: Iterable[UUID]) -> None:
    wanted = set(sources)
    known = set(
        tx.session.scalars(
            select(Contribution.id).where(Contribution.call_id == call_id, Contribution.id.in_(wanted))
        )
    )
    if wanted - known:
        raise refuse("unknown_source", "An action can only trace to contributions of its own lab.", "actions")
