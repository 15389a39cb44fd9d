"""Reading every letter before it leaves: who read which text, by its hash; a release asks for it (P10)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, insert, select

from grantflow.domain.applications.sending import Conflicts
from grantflow.domain.awards.deciding import DecisionKind
from grantflow.domain.refusal import Refusal, Refused, refuse
from grantflow.services.applications.rights import demand_step, place
from grantflow.services.cases import compiled
from grantflow.services.letters.compose import Letter
from grantflow.services.letters.facts import read_ahead
from grantflow.services.letters.notices import Recipient, compose_for
from grantflow.services.letters.together import together
from grantflow.store.applications import facts
from grantflow.store.applications.models import Application
from grantflow.store.awards.models import Decision, LetterPreview
from grantflow.store.awards.proposals import waiting_for_release
from grantflow.store.calls.models import Call
from grantflow.store.cases import CaseRow
from grantflow.store.meaning import is_final
from grantflow.store.people.models import Organisation
from grantflow.store.session import Tx

AT_ONCE = 500
"""So many letters are written together."""
EFFECT = "release_decision"
"""The step with this effect sends the letter that is previewed."""


@dataclass(frozen=True, slots=True)
class Previewed:
    """The letter of a decision as it was shown to whoever looked at it."""

    application_id: UUID
    decision_id: UUID
    letter: Letter
    text_sha256: str


def preview_letters(tx: Tx, call_id: UUID) -> list[Previewed]:
    """Show every letter of the round that waits for its release, and keep that the actor saw these texts.

    Raises:
        Refused: releasing is not the actor's business at this point.
    """
    demand_step(tx, call_id, guard="letters_previewed")
    return _show(tx, _waiting(tx, Decision.call_id == call_id, Decision.proposal_id.is_not(None)))


def preview_letter(tx: Tx, application_id: UUID) -> Previewed:
    """Show the one letter that waits for its release out of round, and keep that the actor saw this text."""
    demand_step(tx, application_id, guard="letter_previewed")
    shown = _show(tx, _waiting(tx, Decision.application_id == application_id))
    if not shown:
        raise refuse("no_letter", "No letter about this application waits for its release.")
    return shown[0]


def show_letter(tx: Tx, application_id: UUID) -> Previewed | None:
    """Show the letter about an application that waits for its release, and keep nothing; none where none waits.

    Raises:
        Refused: releasing is not the actor's business, or they are in conflict with the application.
    """
    rows = _waiting(tx, Decision.application_id == application_id)
    if not rows:
        return None
    _demand_release(tx, rows[0])
    return _composed(tx, [(rows[0], tx.now)])[0][1]


def mark_read(tx: Tx, application_id: UUID, text_sha256: str) -> Previewed:
    """Keep that the actor read the letter about an application: this very text, by its hash.

    Raises:
        Refused: the letter reads differently by now, none waits, or reading it is not the actor's business.
    """
    rows = _waiting(tx, Decision.application_id == application_id)
    if not rows:
        raise refuse("no_letter", "No letter about this application waits for its release.")
    _demand_release(tx, rows[0])
    composed = _composed(tx, [(row, tx.now) for row in rows])
    if composed[0][1].text_sha256 != text_sha256:
        raise refuse(
            "stale_letter", "The letter reads differently by now. Please read it once more.", "letter"
        )
    _keep(tx, composed)
    return composed[0][1]


def read_lot(tx: Tx, call_id: UUID, kind: DecisionKind) -> list[Previewed]:
    """Keep that the actor read all letters of the round that say the same: yes, reserve or no.

    Raises:
        Refused: releasing is not the actor's business at this point.
    """
    demand_step(tx, call_id, guard="letters_previewed")
    of_round = Decision.call_id == call_id, Decision.proposal_id.is_not(None), Decision.kind == kind
    return _show(tx, _waiting(tx, *of_round))


def demand_as_previewed(tx: Tx, *decisions: ColumnElement[bool]) -> None:
    """Let no letter leave that would say something else than what somebody looked at last.

    It is composed as of the moment of the preview, so that the mere passing of days is no change.

    Raises:
        Refused: a letter reads differently by now; each is named.
    """
    rows = _waiting(tx, *decisions)
    previews = (
        select(LetterPreview.decision_id, LetterPreview.text_sha256, LetterPreview.previewed_at)
        .where(LetterPreview.decision_id.in_([row.decision for row in rows]))
        .order_by(LetterPreview.previewed_at)
    )
    last: dict[UUID, tuple[datetime, set[str]]] = {}
    for preview in tx.execute(previews):
        at, digests = last.get(preview.decision_id, (preview.previewed_at, set()))
        if at != preview.previewed_at:
            at, digests = preview.previewed_at, set()
        last[preview.decision_id] = at, digests | {preview.text_sha256}
    looked_at = [row for row in rows if row.decision in last]
    letters = _composed(tx, [(row, last[row.decision][0]) for row in looked_at])
    changed = [
        row.ref
        for row, (_, now) in zip(looked_at, letters, strict=True)
        if now.text_sha256 not in last[row.decision][1]
    ]
    if changed:
        raise Refused(
            Refusal(
                "letter_changed",
                "The letter about %(ref)s reads differently than when it was looked at. "
                "Please preview it again before it leaves.",
                {"ref": ref},
                "letters",
            )
            for ref in changed
        )


def _demand_release(tx: Tx, row: Any) -> None:
    """Let only those pass who release this letter: with the round, or alone."""
    above = place(tx, row.call_id)
    if not (row.of_round and above.rows(guard="letters_previewed")):
        demand_step(tx, row.id, guard="letter_previewed")
        return
    if not tx.actor.is_system and not above.own(guard="letters_previewed"):
        raise refuse("wrong_role", "This is not yours to do.")
    _demand_no_conflict(tx, [row.id])


def _waiting(tx: Tx, *conditions: Any) -> list[Any]:
    found = (
        select(
            Decision.id.label("decision"),
            Decision.call_id,
            Decision.proposal_id.is_not(None).label("of_round"),
            CaseRow.id,
            CaseRow.ref,
            CaseRow.scheme,
            CaseRow.version,
            CaseRow.lifecycle,
            CaseRow.state,
            Application.language,
            Organisation.name,
            Call.language.label("otherwise"),
        )
        .select_from(Decision)
        .join(CaseRow, CaseRow.id == Decision.application_id)
        .join(Application, Application.id == Decision.application_id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .join(Call, Call.id == Decision.call_id)
        .where(*conditions, waiting_for_release())
        .order_by(CaseRow.ref)
    )
    return [
        row
        for row in tx.execute(found)
        if not is_final(tx, row.scheme, row.version, row.lifecycle, row.state)
    ]


def _show(tx: Tx, rows: Sequence[Any]) -> list[Previewed]:
    _demand_no_conflict(tx, [row.id for row in rows])
    composed = _composed(tx, [(row, tx.now) for row in rows])
    _keep(tx, composed)
    return [each for _, each in composed]


def _composed(tx: Tx, rows: Sequence[tuple[Any, datetime]]) -> list[tuple[str, Previewed]]:
    """Return each letter as it would leave at a moment, with the name of its text."""
    composed = []
    for start in range(0, len(rows), AT_ONCE):
        several = rows[start : start + AT_ONCE]
        with together(tx):
            for at in {at for _, at in several} if len(several) > 1 else ():
                read_ahead(tx, [row.id for row, moment in several if moment == at], at)
            composed += [_letter(tx, row, at) for row, at in several]
    return composed


def _letter(tx: Tx, row: Any, at: datetime) -> tuple[str, Previewed]:
    template = _template(tx, row)
    to = Recipient(row.name, row.language or row.otherwise)
    letter = compose_for(tx, row.id, template, to, at=at)
    return template, Previewed(row.id, row.decision, letter, letter_sha256(letter))


def _keep(tx: Tx, composed: Sequence[tuple[str, Previewed]]) -> None:
    if composed:
        tx.execute(
            insert(LetterPreview),
            [
                {
                    "id": tx.new_id(),
                    "decision_id": each.decision_id,
                    "application_id": each.application_id,
                    "template": template,
                    "text_sha256": each.text_sha256,
                    "previewed_by": tx.actor.user_id,
                    "previewed_at": tx.now,
                }
                for template, each in composed
            ],
        )


def _demand_no_conflict(tx: Tx, ids: Sequence[UUID]) -> None:
    known: Mapping[UUID, Conflicts] = facts.conflicts.load(tx, ids)
    if any(tx.actor.user_id in conflicts.people for conflicts in known.values()):
        raise refuse("in_conflict", "You have a conflict of interest with an application among these.")


def _template(tx: Tx, row: Any) -> str:
    """Return the letter that releasing from here sends to the applicant."""
    scheme = compiled(tx, row.scheme, row.version).scheme
    for each in scheme.lifecycles[row.lifecycle].leaving(row.state):
        if EFFECT in each.effects:
            for notice in each.notices:
                if scheme.roles[notice.role].audience == "applicant":
                    return notice.template
    raise refuse("no_letter", "Nothing leaves from here by letter.")


def letter_sha256(letter: Letter) -> str:
    """Return the hash of a letter's words."""
    words: Mapping[str, Any] = asdict(letter)
    return sha256(json.dumps(words, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
