"""Requests that carry a key of their sender's: sent again, they get the answer that the first one got, and do nothing more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select, update

from grantflow.domain.refusal import refuse
from grantflow.store.people.tokens import KeptAnswer
from grantflow.store.session import Tx
from grantflow.store.statements import Statement

KEPT = timedelta(days=1)
"""How long an answer is kept for whoever lost the connection before it came."""
LONGEST_KEY = 200

_TAKE = Statement("""
    INSERT INTO gf_kept_answer (token_id, key, asked, status, headers, body, at)
    VALUES (:token, :key, :asked, NULL, '{}', '', :at)
    ON CONFLICT (token_id, key) DO NOTHING
""")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request was answered."""

    status: int
    headers: Mapping[str, str]
    body: str


@dataclass(frozen=True, slots=True)
class Question:
    """A request under a key: whose token, which key, the hash of what is asked, and when by the wall's clock."""

    token_id: UUID
    key: str
    asked: str
    at: datetime


def earlier_answer(tx: Tx, question: Question) -> Answer | None:
    """Return what the first request under this key was answered; else take the key for this one, and return nothing.

    Two at once: the second waits here until the first is through, and then gets its answer.

    Raises:
        Refused: the key was used for something else.
    """
    found = _kept(tx, question)
    if found is not None:
        return found
    tx.execute(delete(KeptAnswer).where(KeptAnswer.at < question.at - KEPT))
    taken = _TAKE(tx, token=question.token_id, key=question.key, asked=question.asked, at=question.at)
    return None if taken.rowcount else _kept(tx, question)


def keep_answer(tx: Tx, question: Question, answer: Answer) -> None:
    """Keep what the request that took the key was answered, in the unit of work that did what was asked."""
    tx.execute(
        update(KeptAnswer)
        .where(KeptAnswer.token_id == question.token_id, KeptAnswer.key == question.key)
        .values(status=answer.status, headers=dict(answer.headers), body=answer.body)
    )


def _kept(tx: Tx, question: Question) -> Answer | None:
    row = tx.execute(
        select(KeptAnswer.asked, KeptAnswer.status, KeptAnswer.headers, KeptAnswer.body).where(
            KeptAnswer.token_id == question.token_id,
            KeptAnswer.key == question.key,
            KeptAnswer.at >= question.at - KEPT,
        )
    ).one_or_none()
    if row is None:
        return None
    if row.asked != question.asked:
        raise refuse("key_reused", "This Idempotency-Key was used for another request.", "Idempotency-Key")
    assert row.status is not None, "a key is committed with its answer only"
    return Answer(row.status, row.headers, row.body)
