"""Seals: a signed digest of all heads, which shows a tail that was cut off together with its record's head."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import insert, select

from grantflow.domain.time import utc_text
from grantflow.services.journal.replay import Fault
from grantflow.store.journal import JournalSeal
from grantflow.store.session import Tx
from grantflow.store.statements import Statement, identifier
from grantflow.store.types import canonical_json

SHORTEST_KEY = 16

_HEADS = Statement("SELECT c.id, c.seq, c.head FROM gf_case c ORDER BY c.id")
_ENTRIES = Statement("SELECT COUNT(*) FROM gf_journal_entry")


@dataclass(frozen=True, slots=True)
class Seal:
    """What was sealed when: the heads of all records, their digest, and the signature under it."""

    at: datetime
    records: int
    entries: int
    heads: Mapping[str, tuple[int, str]]
    """By record: how many steps it had taken, and the hash of the last."""
    digest: str
    signature: str


def seal(tx: Tx, key: bytes) -> Seal:
    """Sign the heads as they are now and keep that; the journal should have been verified just before.

    Raises:
        ValueError: the key is too short to be one.
    """
    if len(key) < SHORTEST_KEY:
        raise ValueError(f"a key for seals has at least {SHORTEST_KEY} bytes")
    tx.flush()
    heads = {identifier(row[0]).hex: (int(row[1]), str(row[2])) for row in _HEADS(tx)}
    digest = _digest(heads)
    entries = _ENTRIES(tx).scalar_one()
    made = Seal(
        tx.now, len(heads), entries, heads, digest, _signature(key, tx.now, len(heads), entries, digest)
    )
    tx.execute(
        insert(JournalSeal).values(
            id=tx.new_id(),
            at=made.at,
            records=made.records,
            entries=made.entries,
            heads={each: list(head) for each, head in heads.items()},
            digest=made.digest,
            signature=made.signature,
        )
    )
    return made


def last_seal(tx: Tx) -> Seal | None:
    """Return the latest seal, if there is one."""
    row = tx.execute(
        select(JournalSeal.__table__).order_by(JournalSeal.at.desc(), JournalSeal.id.desc()).limit(1)
    ).first()
    if row is None:
        return None
    heads = {each: (int(head[0]), str(head[1])) for each, head in row.heads.items()}
    return Seal(row.at, row.records, row.entries, heads, row.digest, row.signature)


def against_seal(sealed: Seal, key: bytes) -> list[Fault]:
    """Return what is wrong with a seal itself."""
    signed = _signature(key, sealed.at, sealed.records, sealed.entries, sealed.digest)
    if not hmac.compare_digest(signed, sealed.signature) or _digest(sealed.heads) != sealed.digest:
        when = utc_text(sealed.at)
        return [
            Fault(None, None, "head", f"The seal of {when} was not made with this key, or was changed since.")
        ]
    return []


def _digest(heads: Mapping[str, tuple[int, str]]) -> str:
    return sha256(canonical_json({each: list(head) for each, head in heads.items()}).encode()).hexdigest()


def _signature(key: bytes, at: datetime, records: int, entries: int, digest: str) -> str:
    said = canonical_json([utc_text(at), records, entries, digest])
    return hmac.new(key, said.encode(), sha256).hexdigest()
