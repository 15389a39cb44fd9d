"""What a reviewer says about ties to an application, before reading it and whenever one comes up later."""

from __future__ import annotations

from uuid import UUID

from grantflow.domain.refusal import refuse
from grantflow.services.applications.conflicts import Kind, keep_word
from grantflow.services.applications.rights import demand_step
from grantflow.services.cases import UnknownCase
from grantflow.services.reviews.scoring import accept, declare_conflict
from grantflow.store.reviews.models import Review
from grantflow.store.session import Tx

DECLARES, ENDS = "note_no_conflict", "note_conflict"
"""The effects of the steps with which a reviewer says that there is no conflict, or that there is one."""


def declare(tx: Tx, review_id: UUID, kind: Kind, words: str = "") -> None:
    """Say what ties oneself to the application of a review of one's own: nothing, perhaps something, or something.

    Nothing opens the application. Something ends the review, and access with it. What may be one waits for somebody of
    the programme; until then nothing more can be read or handed in than before.

    Raises:
        Refused: it is not the actor's review, it is over, or a tie is not put into words.
    """
    review = tx.session.get(Review, review_id, populate_existing=True)
    if review is None:
        raise UnknownCase(review_id)
    if not tx.actor.is_system and tx.actor.user_id != review.reviewer_id:
        raise refuse("not_your_review", "Only its reviewer says this about a review.")
    if kind == "none":
        accept(tx, review_id)
    elif not words.strip():
        raise refuse("reason_missing", "Say in a sentence what ties you to it.", "reason")
    elif kind == "hard":
        declare_conflict(tx, review_id, words)
    else:
        demand_step(tx, review_id, effect=ENDS)
        keep_word(tx, review.application_id, review.reviewer_id, "soft", "declared", words.strip())
