"""A frame: the vision and the numbered actions, with their money and their measures."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from grantflow.domain.money import Money
from grantflow.services.records.said import Content, Fact, Part, Sentence, some
from grantflow.services.records.visibility import Found
from grantflow.store.labs.models import Frame, FrameAction, FrameIndicator
from grantflow.store.session import Tx


def content(tx: Tx, found: Found, _language: str) -> Content:
    """Return what a frame is about."""
    row = tx.execute(
        select(
            Frame.title,
            Frame.version,
            Frame.vision,
            Frame.conditions,
            Frame.changes,
            Frame.consulted_from,
            Frame.consulted_until,
            Frame.adopted_at,
            Frame.published_at,
        ).where(Frame.id == found.id)
    ).one()
    facts = (
        Fact("Version", row.version),
        *some("Open for comments from", row.consulted_from),
        *some("Open for comments until", row.consulted_until),
        *some("Adopted", row.adopted_at),
        *some("Published", row.published_at),
    )
    texts = [
        (label, text)
        for label, text in (
            ("Vision", row.vision),
            ("What projects must fulfil", row.conditions),
            ("What is new against the version before", row.changes),
        )
        if text
    ]
    return Content(row.title or found.ref, (Part("The frame", facts, tuple(texts)), *_actions(tx, found)))


def _actions(tx: Tx, found: Found) -> Iterator[Part]:
    actions = tx.execute(
        select(FrameAction.id, FrameAction.number, FrameAction.title, FrameAction.about, FrameAction.envelope)
        .where(FrameAction.frame_id == found.id)
        .order_by(FrameAction.number)
    ).all()
    measured: dict[object, list[Fact]] = {}
    indicators = (
        select(FrameIndicator.action_id, FrameIndicator.name, FrameIndicator.baseline, FrameIndicator.target)
        .join(FrameAction, FrameAction.id == FrameIndicator.action_id)
        .where(FrameAction.frame_id == found.id)
        .order_by(FrameIndicator.action_id, FrameIndicator.number)
    )
    for row in tx.execute(indicators):
        sentence = Sentence(
            "From %(baseline)s to %(target)s", {"baseline": row.baseline, "target": row.target}
        )
        measured.setdefault(row.action_id, []).append(Fact(row.name, sentence))
    for action in actions:
        yield Part(
            f"{action.number}. {action.title}",
            (Fact("Envelope", Money(action.envelope, found.currency)), *measured.get(action.id, ())),
            (("About", action.about),) if action.about else (),
        )
