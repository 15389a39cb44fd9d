"""Delivery: what proves each activity, and the value that each firm got."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from grantflow.domain.refusal import Refusal, Refused, refuse
from grantflow.domain.uploads import read_upload
from grantflow.services import files
from grantflow.services.aid.rights import writable
from grantflow.services.applications.attaching import refuse_at
from grantflow.services.applications.rights import place
from grantflow.services.cases import Stepped, UnknownCase, step
from grantflow.store.aid.models import DeliveryProof, Line
from grantflow.store.cases import CaseRow
from grantflow.store.session import Tx


def hand_in_proof(tx: Tx, line_id: UUID, *, done_on: date, what: str, file_id: UUID | None = None) -> UUID:
    """Keep what proves that an activity took place; the newest proof counts."""
    writable(tx, line_id)
    if not what.strip():
        raise refuse(
            "proof_unnamed", "Say what the proof is: an invoice, a badge, a list of meetings.", "proof"
        )
    proof = DeliveryProof(
        id=tx.new_id(), line_id=line_id, done_on=done_on, what=what, file_id=file_id, given_at=tx.now
    )
    tx.session.add(proof)
    tx.session.flush()
    return proof.id


@dataclass(frozen=True, slots=True)
class Given:
    """A file that comes with a proof, and the folder in which files are kept."""

    folder: Path
    name: str
    content: bytes


PROVING = "proof_given"
"""The guard of the step by which a line is proven."""
LONGEST = 4000


def prove(
    tx: Tx,
    line_id: UUID,
    typed: Mapping[str, Any],
    given: Given | None = None,
    *,
    revision: int | None = None,
) -> Stepped:
    """Hand in a proof as it was typed, with a file where one came, and take the step that it opens.

    Raises:
        Refused: with everything that is missing or wrong, or because the line cannot be proven at this point.
    """
    rows = place(tx, line_id).own(guard=PROVING)
    if not rows:
        raise refuse("not_from_here", "This step is not possible at this point.")
    wrong = list(_against_proof(tx, typed))
    file_id = None
    if given is not None:
        try:
            upload = read_upload(given.name, given.content)
        except Refused as refused:
            wrong += refuse_at(refused, "file").refusals
        else:
            file_id = files.keep(
                tx,
                given.folder,
                upload.content,
                media_type=upload.media_type,
                name=upload.name,
                record_id=line_id,
                visibility="record",
            )
    if wrong:
        raise Refused(wrong)
    hand_in_proof(
        tx, line_id, done_on=date.fromisoformat(typed["done_on"]), what=typed["what"], file_id=file_id
    )
    return step(tx, line_id, rows[0].name, revision=revision)


def _against_proof(tx: Tx, typed: Mapping[str, Any]) -> Iterator[Refusal]:
    what, day = typed.get("what"), typed.get("done_on")
    if not what:
        yield Refusal(
            "proof_unnamed", "Say what the proof is: an invoice, a badge, a list of meetings.", {}, "what"
        )
    elif len(what) > LONGEST:
        yield Refusal("too_long", "This takes at most %(most)s characters.", {"most": LONGEST}, "what")
    if not day:
        yield Refusal(
            "missing_field",
            "Please fill in “%(label)s”.",
            {"label": "On which day did it take place?"},
            "done_on",
        )
        return
    try:
        ahead = date.fromisoformat(day) > tx.now.date()
    except ValueError:
        yield Refusal("day_wrong", "“%(typed)s” is not a day such as 2027-03-31.", {"typed": day}, "done_on")
        return
    if ahead:
        yield Refusal(
            "proof_ahead",
            "The proof says that the activity took place on %(day)s, which is still to come.",
            {"day": day},
            "done_on",
        )


def report_value(tx: Tx, line_id: UUID, amount: int) -> None:
    """Report the value that the cluster passed on to the firm of a line (process rule P20)."""
    case = tx.session.get(CaseRow, line_id)
    if case is None or case.parent_id is None:
        raise UnknownCase(line_id)
    writable(tx, case.parent_id)
    if amount < 0:
        raise refuse("bad_amount", "A value is not negative.", "passed_on")
    tx.session.get_one(Line, line_id).passed_on = amount
    tx.session.flush()
