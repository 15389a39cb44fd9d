"""The page of a frame: vision, actions with money and indicators and what they came from, and the consultation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from grantflow.domain.money import Money
from grantflow.services.cases import Choices, choices
from grantflow.services.labs.framing import Indicator
from grantflow.services.labs.lab_page import LabHead, lab_head
from grantflow.store.cases import CaseRow
from grantflow.store.labs.models import (
    ActionSource,
    Contribution,
    Frame,
    FrameAction,
    FrameComment,
    FrameIndicator,
)
from grantflow.store.labs.visibility import contribution_visible_to, frame_visible_to, published_contributions
from grantflow.store.people.models import User
from grantflow.store.session import Tx


@dataclass(frozen=True, slots=True)
class Source:
    """A contribution from which an action came, as far as the reader may read it."""

    id: UUID
    ref: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class ActionView:
    """An action of the frame."""

    number: int
    title: str
    about: str
    envelope: Money
    indicators: tuple[Indicator, ...]
    sources: tuple[Source, ...]
    hidden_sources: int
    """How many more it came from that the reader may not read."""


@dataclass(frozen=True, slots=True)
class CommentView:
    """What somebody said on the draft, and the answer."""

    id: UUID
    author: str | None
    text: str
    at: datetime
    answer: str | None
    answered_at: datetime | None
    mine: bool


@dataclass(frozen=True, slots=True)
class FramePage:
    """Everything on the page of a frame."""

    head: LabHead
    id: UUID
    ref: str
    version: int
    title: str
    vision: str
    conditions: str
    changes: str
    state: str
    tone: str
    consulted_from: datetime | None
    consulted_until: datetime | None
    adopted_at: datetime | None
    sha256: str | None
    actions: tuple[ActionView, ...]
    comments: tuple[CommentView, ...]
    choices: Choices
    may_write: bool
    may_answer: bool
    versions: tuple[int, ...]

    @property
    def open_for_comments(self) -> bool:
        """Whether everybody may comment now."""
        return self.consulted_from is not None and self.consulted_until is None

    @property
    def envelope(self) -> Money:
        """What its actions set aside in all."""
        return Money(sum(action.envelope.amount for action in self.actions), self.head.currency)

    @property
    def unanswered(self) -> int:
        """How many comments have no answer yet."""
        return sum(comment.answer is None for comment in self.comments)


def frame_page(
    tx: Tx, slug: str, language: str, version: int | None = None, *, ref: str | None = None
) -> FramePage | None:
    """Return the page of the latest frame that whoever asks may see, or of one version or reference."""
    head = lab_head(tx, slug, language)
    if head is None:
        return None
    found = tx.session.execute(
        select(Frame, CaseRow)
        .join(CaseRow, CaseRow.id == Frame.id)
        .where(Frame.call_id == head.call_id, frame_visible_to(tx, tx.actor))
        .order_by(Frame.version.desc())
    ).all()
    wanted = (
        each for each in found if version in (None, each.Frame.version) and ref in (None, each.CaseRow.ref)
    )
    row = next(wanted, None)
    if row is None:
        return None
    frame, case = row.Frame, row.CaseRow
    lifecycle = head.scheme.lifecycles[case.lifecycle]
    state = lifecycle.states[case.state]
    return FramePage(
        head=head,
        id=frame.id,
        ref=case.ref,
        version=frame.version,
        title=frame.title,
        vision=frame.vision,
        conditions=frame.conditions,
        changes=frame.changes,
        state=state.label,
        tone="success" if "in_force" in state.tags else "neutral" if "closed" in state.tags else "info",
        consulted_from=frame.consulted_from,
        consulted_until=frame.consulted_until,
        adopted_at=frame.adopted_at,
        sha256=frame.sha256,
        actions=_actions(tx, frame.id, head.currency),
        comments=_comments(tx, frame.id, everybody=head.office),
        choices=choices(tx, [frame.id])[frame.id],
        may_write=not head.roles.isdisjoint(state.edit),
        may_answer=not head.roles.isdisjoint(lifecycle.creation.by),
        versions=tuple(each.Frame.version for each in found),
    )


def sources_to_choose(tx: Tx, call_id: UUID) -> tuple[Source, ...]:
    """Return the contributions that an action can come from: what stands published, the oldest first."""
    found = (
        select(Contribution, CaseRow.ref)
        .join(CaseRow, CaseRow.id == Contribution.id)
        .where(
            CaseRow.call_id == call_id,
            contribution_visible_to(tx, tx.actor),
            published_contributions(tx),
        )
        .order_by(CaseRow.created_at, CaseRow.id)
    )
    return tuple(
        Source(row.Contribution.id, row.ref, row.Contribution.kind, row.Contribution.text)
        for row in tx.session.execute(found)
    )


def _actions(tx: Tx, frame_id: UUID, currency: str) -> tuple[ActionView, ...]:
    rows = tx.session.scalars(
        select(FrameAction).where(FrameAction.frame_id == frame_id).order_by(FrameAction.number)
    ).all()
    ids = [row.id for row in rows]
    indicators = _indicators(tx, ids)
    every, read = _sources(tx, ids)
    return tuple(
        ActionView(
            number=row.number,
            title=row.title,
            about=row.about,
            envelope=Money(row.envelope, currency),
            indicators=indicators.get(row.id, ()),
            sources=read.get(row.id, ()),
            hidden_sources=every.get(row.id, 0) - len(read.get(row.id, ())),
        )
        for row in rows
    )


def _indicators(tx: Tx, actions: Sequence[UUID]) -> Mapping[UUID, tuple[Indicator, ...]]:
    if not actions:
        return {}
    found = (
        select(FrameIndicator)
        .where(FrameIndicator.action_id.in_(actions))
        .order_by(FrameIndicator.action_id, FrameIndicator.number)
    )
    by_action: dict[UUID, tuple[Indicator, ...]] = {}
    for row in tx.session.scalars(found):
        by_action[row.action_id] = (
            *by_action.get(row.action_id, ()),
            Indicator(row.name, row.baseline, row.target),
        )
    return by_action


def _sources(tx: Tx, actions: Sequence[UUID]) -> tuple[Mapping[UUID, int], Mapping[UUID, tuple[Source, ...]]]:
    """Return how many contributions led to each action, and those of them that the reader may read."""
    if not actions:
        return {}, {}
    rows: Sequence[Any] = tx.session.execute(
        select(
            ActionSource.action_id,
            Contribution,
            CaseRow.ref,
            contribution_visible_to(tx, tx.actor).label("read"),
        )
        .join(Contribution, Contribution.id == ActionSource.contribution_id)
        .join(CaseRow, CaseRow.id == Contribution.id)
        .where(ActionSource.action_id.in_(actions))
        .order_by(CaseRow.created_at, CaseRow.id)
    ).all()
    every: dict[UUID, int] = {}
    read: dict[UUID, tuple[Source, ...]] = {}
    for row in rows:
        every[row.action_id] = every.get(row.action_id, 0) + 1
        if row.read:
            one = Source(row.Contribution.id, row.ref, row.Contribution.kind, row.Contribution.text)
            read[row.action_id] = (*read.get(row.action_id, ()), one)
    return every, read


def _comments(tx: Tx, frame_id: UUID, *, everybody: bool) -> tuple[CommentView, ...]:
    """Return the comments, the oldest first; who wrote one is the programme's to know, and the writer's own."""
    rows = tx.session.execute(
        select(FrameComment, User.name)
        .outerjoin(User, User.id == FrameComment.author_id)
        .where(FrameComment.frame_id == frame_id)
        .order_by(FrameComment.at, FrameComment.id)
    )
    me = tx.actor.user_id
    return tuple(
        CommentView(
            id=comment.id,
            author=name if everybody or (me is not None and comment.author_id == me) else None,
            text=comment.text,
            at=comment.at,
            answer=comment.answer,
            answered_at=comment.answered_at,
            mine=me is not None and comment.author_id == me,
        )
        for comment, name in rows
    )
