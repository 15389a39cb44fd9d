"""How often something may be tried: counted in the database, so that it holds across processes and machines."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv6Address, ip_address

from grantflow.domain.refusal import Refused, refuse
from grantflow.store.session import Tx
from grantflow.store.statements import Statement

# `tx.now` is the wall's time here, also in a demo.

SPAN = timedelta(minutes=15)
KEPT = timedelta(days=1)

_COUNT = Statement("""
    INSERT INTO gf_tries (key, began_at, count) VALUES (:key, :now, 1)
    ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN gf_tries.began_at <= :since THEN 1 ELSE gf_tries.count + 1 END,
        began_at = CASE WHEN gf_tries.began_at <= :since THEN excluded.began_at ELSE gf_tries.began_at END
    RETURNING count
""")
_TAKE_BACK = Statement("UPDATE gf_tries SET count = count - 1 WHERE key = :key AND count > 0")
_FORGET = Statement("DELETE FROM gf_tries WHERE began_at < :before")


@dataclass(frozen=True, slots=True)
class Try:
    """One thing that is counted: what is done, by or for whom, and how often that may be."""

    what: str
    whose: str
    most: int

    @property
    def key(self) -> str:
        """What it is counted under: no address lies in the table."""
        return hashlib.sha256(f"{self.what}\n{self.whose.strip().casefold()}".encode()).hexdigest()


def network_of(address: str | None) -> str:
    """Return the network that an address is counted as: one IPv6 customer has very many addresses."""
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return parsed.exploded[:19]
    return str(parsed)


def count(tx: Tx, tries: Iterable[Try]) -> bool:
    """Count a try under each of its keys; return whether none of them has been used up before."""
    _FORGET(tx, before=tx.now - KEPT)
    within = True
    for each in sorted(tries, key=lambda one: one.key):  # one order for all: nobody waits in a circle
        number = _COUNT(tx, key=each.key, now=tx.now, since=tx.now - SPAN).scalar_one()
        within = within and number <= each.most
    return within


def take_back(tx: Tx, tries: Iterable[Try]) -> None:
    """Let a try not count, since it was no failure."""
    for each in sorted(tries, key=lambda one: one.key):
        _TAKE_BACK(tx, key=each.key)


def too_many() -> Refused:
    """Return the refusal of somebody who tries too often."""
    return refuse(
        "too_many_tries",
        "That was tried too often from here or for this address. Wait a quarter of an hour and try again.",
    )
