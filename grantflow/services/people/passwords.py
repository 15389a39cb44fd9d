"""Passwords: hashed with argon2id, long rather than twisted, and checked in the same time whoever is asked for."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from grantflow.domain.refusal import Refusal

SHORTEST, LONGEST = 12, 1000

# 19 MiB and two rounds in one lane: what OWASP asks of argon2id at the least, so that a process stays small when many sign in.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_NOBODYS = _HASHER.hash("nobody has this password")


def hash_of(password: str) -> str:
    """Return how a password is kept."""
    return _HASHER.hash(password)


def fits(kept: str | None, password: str) -> bool:
    """Whether a password is the one that is kept; takes as long where none is kept."""
    try:
        _HASHER.verify(kept or _NOBODYS, password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def is_outdated(kept: str) -> bool:
    """Whether a password should be hashed anew, since more is asked of a hash today."""
    return _HASHER.check_needs_rehash(kept)


def against(password: str, *names: str, where: str = "password") -> tuple[Refusal, ...]:
    """Return what speaks against a new password of somebody with these names."""
    if len(password) < SHORTEST:
        text = "A password has at least %(least)s characters; a few words in a row are good."
        return (Refusal("password_short", text, {"least": SHORTEST}, where),)
    if len(password) > LONGEST:
        return (
            Refusal("password_long", "A password has at most %(most)s characters.", {"most": LONGEST}, where),
        )
    plain = password.casefold()
    own = {part for name in names for part in (name.casefold(), name.casefold().partition("@")[0]) if part}
    if len(set(plain)) < 4 or plain in own or any(len(part) >= 8 and part * 2 == plain for part in own):
        return (
            Refusal(
                "password_guessable",
                "This password is guessed at once. Take one that is not your name or address, and not one sign over "
                "and over.",
                {},
                where,
            ),
        )
    return ()
