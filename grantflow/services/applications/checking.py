"""The eligibility check: the officer answers the checklist, and asks for what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import insert, select, update

from grantflow.domain.applications.checking import ANSWERS, Checklist
from grantflow.domain.refusal import Refusal, Refused, refuse
from grantflow.services import deeds
from grantflow.services.applications.conflicts import last_word
from grantflow.services.applications.rights import demand_step
from grantflow.services.cases import Stepped
from grantflow.store.applications import facts
from grantflow.store.applications.models import EligibilityCheck
from grantflow.store.session import Tx

CHECKS = "checklist_complete"
"""The checklist is answered where a step leads on that asks for it."""


def checklist_of(tx: Tx, application_id: UUID) -> Checklist:
    """Return the checklist of an application with the answers so far."""
    tx.flush()
    found: Checklist = facts.checklist.load(tx, [application_id])[application_id]
    return found


def answer_checklist(
    tx: Tx,
    application_id: UUID,
    answers: Mapping[str, str],
    notes: Mapping[str, str] | None = None,
) -> Checklist:
    """Answer items of the checklist with yes, no or not_applicable; others keep their answers.

    Raises:
        Refused: checking is not the actor's business at this point, a possible conflict of theirs is undecided, or an
            item or answer is unknown.
    """
    demand_step(tx, application_id, guard=CHECKS)
    _demand_no_open_question(tx, application_id)
    checklist = checklist_of(tx, application_id)
    unknown = [
        Refusal("unknown_item", "The checklist has no item “%(name)s”.", {"name": name}, name)
        for name in answers
        if name not in checklist.items
    ] + [
        Refusal("bad_answer", "Answer “%(name)s” with yes, no or not applicable.", {"name": name}, name)
        for name, answer in answers.items()
        if answer not in ANSWERS
    ]
    if unknown:
        raise Refused(unknown)
    _keep(tx, application_id, answers, notes or {})
    return checklist_of(tx, application_id)


def _demand_no_open_question(tx: Tx, application_id: UUID) -> None:
    user = tx.actor.user_id
    if user is not None and last_word(tx, application_id, user) == "soft":
        raise refuse(
            "conflict_undecided",
            "You said that you may have a conflict of interest. Somebody else decides on it before you go on.",
        )


def _keep(tx: Tx, application_id: UUID, answers: Mapping[str, str], notes: Mapping[str, str]) -> None:
    known = set(
        tx.execute(
            select(EligibilityCheck.item).where(EligibilityCheck.application_id == application_id)
        ).scalars()
    )
    for item, answer in answers.items():
        values = {
            "answer": answer,
            "note": notes.get(item),
            "answered_by": tx.actor.user_id,
            "answered_at": tx.now,
        }
        if item in known:
            tx.execute(
                update(EligibilityCheck)
                .where(EligibilityCheck.application_id == application_id, EligibilityCheck.item == item)
                .values(values)
            )
        else:
            tx.execute(insert(EligibilityCheck).values(application_id=application_id, item=item, **values))


def ask_completion(tx: Tx, application_id: UUID, sections: Iterable[str], missing: str) -> Stepped:
    """Ask the applicant for what is missing: only the named sections open again, and the clock stops."""
    return deeds.take(
        tx,
        application_id,
        "reopen_sections",
        data={"sections": ", ".join(sections), "missing": missing},
    )
