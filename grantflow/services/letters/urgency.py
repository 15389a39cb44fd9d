"""Which messages can wait for somebody's daily mail: what asks for nothing by a date, and is no letter."""

from __future__ import annotations

from collections.abc import Mapping

from grantflow.services.letters.catalogue import shipped
from grantflow.services.letters.doing import asked_of
from grantflow.store.outbox import OutboxMessage
from grantflow.store.session import Tx

KINDS: Mapping[str, frozenset[str]] = {
    "calls": frozenset({"call", "lab"}),
    "own": frozenset({"application", "award", "aid", "review"}),
    "work": frozenset({"staff"}),
}
"""The kinds among which somebody chooses, and the kinds of letters that belong to each."""


def kind_of(template: str) -> str | None:
    """Return the kind under which somebody may have a message once a day; nothing where it always comes at once."""
    design = shipped()[template]
    if design.paper:
        return None
    return next((name for name, kinds in KINDS.items() if design.kind in kinds), None)


def can_wait(tx: Tx, message: OutboxMessage) -> bool:
    """Whether a message may be gathered: it asks nobody for anything by a date."""
    if message.case_id is None or kind_of(message.template) is None:
        return False
    doing = asked_of(tx, message.case_id, message.role)
    return doing is None or doing.due is None
