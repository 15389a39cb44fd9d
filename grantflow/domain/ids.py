"""Identifiers: UUIDv7, ordered by the time at which they were made."""

from __future__ import annotations

import random
import secrets
from datetime import datetime
from uuid import UUID

_RANDOM, _BYTES, _LOW = 74, 10, 62
"""The random bits of an identifier, the bytes that hold them, and how many of the bits stand after the variant."""
_VERSION_AND_VARIANT = 0x7 << 76 | 0b10 << 62


class Ids:
    """Makes identifiers; with a seed the same sequence every time, for rehearsals that must repeat."""

    def __init__(self, seed: int | str | None = None) -> None:
        self._seeded = None if seed is None else random.Random(seed)

    def new(self, now: datetime) -> UUID:
        """Return a UUIDv7 (RFC 9562): 48 bits of milliseconds, then 74 random bits."""
        return self.many(now, 1)[0]

    def many(self, now: datetime, count: int) -> list[UUID]:
        """Return some at once, in ascending order: rows that are written together stand together in their index."""
        begin = (int(now.timestamp() * 1000) & (2**48 - 1)) << 80 | _VERSION_AND_VARIANT
        return [
            UUID(int=begin | (noise >> _LOW) << 64 | noise & (2**_LOW - 1))
            for noise in sorted(self._noise(count))
        ]

    def _noise(self, count: int) -> list[int]:
        if self._seeded is not None:
            return [self._seeded.getrandbits(_RANDOM) for _ in range(count)]
        drawn = secrets.token_bytes(_BYTES * count)  # once for all: the system is asked for each draw
        spare = 8 * _BYTES - _RANDOM
        return [
            int.from_bytes(drawn[at : at + _BYTES], "big") >> spare for at in range(0, len(drawn), _BYTES)
        ]
