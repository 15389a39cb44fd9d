"""The hash of an entry, alone and in a crowd, is the same."""

from __future__ import annotations

from uuid import uuid4

import pytest

from grantflow.store.journal import ENTRY_COLUMNS, LikeEntries, entry_hash

SHARED = (
    "förbered “utkast”",
    3,
    None,
    "closed",
    "person",
    uuid4().hex,
    None,
    None,
    'a "role"\\',
    "item 4",
    '["is_finished"]',
    None,
    "2026-03-02T09:00:00.000000Z",
)


@pytest.mark.parametrize("cause", [None, uuid4().hex], ids=["without a cause", "with one"])
@pytest.mark.parametrize("before", ["", "ab" * 32])
def test_what_entries_share_makes_no_difference_to_their_hash(cause: str | None, before: str):
    each, record = uuid4().hex, uuid4().hex
    values = (each, record, "entry", 12, *SHARED, cause, before)
    assert len(values) == len(ENTRY_COLUMNS)
    assert LikeEntries("entry", SHARED).hash(each, record, 12, cause, before) == entry_hash(values)
