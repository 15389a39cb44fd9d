"""Taking a running call to a newer version of its scheme: its records, what it pins, and a word to everybody."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import insert, select

from grantflow.services.calls.effects import pin_scheme
from grantflow.services.cases.moving import Moving, StateMap, move
from grantflow.store.calls.models import Call, Milestone
from grantflow.store.cases import CaseRow
from grantflow.store.session import Tx


def move_to_version(tx: Tx, call_id: UUID, version: int, states: StateMap, authority: str) -> list[Moving]:
    """Move a call and all its records to another version of its scheme, and pin that version.

    Raises:
        Refused: something stands against one of the records; nothing is moved.
    """
    ran_by = tx.execute(select(CaseRow.version).where(CaseRow.id == call_id)).scalar_one_or_none()
    moved = move(tx, call_id, version, states, authority)
    call = tx.session.get_one(Call, call_id)
    before = call.pins.get("scheme") or {"version": ran_by}  # a draft has pinned nothing yet
    after = pin_scheme(tx, call_id)
    call.pins = {**call.pins, "scheme": after}
    tx.execute(
        insert(Milestone).values(
            id=tx.new_id(),
            call_id=call_id,
            kind="version",
            before=before,
            after=after,
            reason=authority,
            at=tx.now,
        )
    )
    return moved
