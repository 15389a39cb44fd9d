"""Many letters of one moment: what they have in common is read once, and what each says by itself for all at once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from grantflow.store.session import Tx

T = TypeVar("T")
_TOGETHER = "letters together"


@contextmanager
def together(tx: Tx) -> Iterator[None]:
    """Keep what letters read until the end; nothing that they speak of may be written meanwhile."""
    tx.memo[_TOGETHER] = {}
    try:
        yield
    finally:
        del tx.memo[_TOGETHER]


def once(tx: Tx, key: Hashable, read: Callable[[], T]) -> T:
    """Return what was read under a key for letters that are written together; else read it."""
    kept = tx.memo.get(_TOGETHER)
    if kept is None:
        return read()
    if key not in kept:
        kept[key] = read()
    found: T = kept[key]
    return found


def keep(tx: Tx, key: Hashable, value: object) -> None:
    """Have something at hand for `once`, in the midst of letters that are written together."""
    tx.memo[_TOGETHER][key] = value
