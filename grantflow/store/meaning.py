"""What the state of a case means: its tags, and whether it has ended, as the pinned scheme says."""

from __future__ import annotations

from grantflow.store.session import Tx
from grantflow.workflow.model import DateMeaning, Lifecycle


def lifecycle_of(tx: Tx, scheme: str, version: int, lifecycle: str) -> Lifecycle:
    """Return a lifecycle of a scheme version that the engine holds."""
    return tx.engine.compiled(scheme, version).scheme.lifecycles[lifecycle]


def tags_of(tx: Tx, scheme: str, version: int, lifecycle: str, state: str) -> frozenset[str]:
    """Return what a state means."""
    return lifecycle_of(tx, scheme, version, lifecycle).states[state].tags


def is_final(tx: Tx, scheme: str, version: int, lifecycle: str, state: str) -> bool:
    """Whether a case in this state has ended."""
    return state in lifecycle_of(tx, scheme, version, lifecycle).final


def date_that_means(tx: Tx, scheme: str, version: int, meaning: DateMeaning) -> str | None:
    """Return the name of the date that means something in a scheme version, where it has one."""
    return tx.engine.compiled(scheme, version).scheme.date_that_means(meaning)
