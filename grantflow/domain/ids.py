"""Identifiers: UUIDv7, ordered by the time at which they were made."""

from __future__ import annotations

import random
import secrets
from datetime import datetime
from uuid import UUID


class Ids:
    """Makes identifiers; with a seed the same sequence every time, for rehearsals that must repeat."""

    def __init__(self, seed: int | str | None = None) -> None:
        self._random: random.Random = secrets.SystemRandom() if seed is None else random.Random(seed)

    def new(self, now: datetime) -> UUID:
        """Return a UUIDv7 (RFC 9562): 48 bits of milliseconds, then 74 random bits."""
        milliseconds = int(now.timestamp() * 1000)
        noise = self._random.getrandbits(74)
        value = (
            (milliseconds & (2**48 - 1)) << 80
            | 0x7 << 76
            | (noise >> 62) << 64
            | 0b10 << 62
            | noise & (2**62 - 1)
        )
        return UUID(int=value)
