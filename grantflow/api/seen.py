"""What a program has seen: marks of what it was given (`ETag`), and what it says of them when it changes something."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from flask import request
from werkzeug.exceptions import HTTPException

from grantflow.domain.refusal import Refused
from grantflow.services.cases.stepping import STALE

RECORD, ANSWERS, SCORES = "r", "a", "s"
"""Of what a number in a mark is the revision: of the record, of the answers of its form, of the scores of a review."""
WORDS = "w"
"""What stands before the hash of words that have no revision of their own."""
_PART = re.compile(r"([ras]?)(\d{1,15})")
_WORDS = re.compile(WORDS + r"([0-9a-f]{16})")


class NothingSaid(HTTPException):
    """A change asks for the revision that its sender saw, and nothing is said about it."""

    code = 428
    description = "No revision was named."


def mark(body: bytes, revisions: Mapping[str, int | str]) -> str:
    """Return the mark of what was given: the revisions that it shows, and the hash of what its reader sees.

    It is made of the answer alone, so it tells nothing that the answer does not: what is masked leaves it as it is.
    """
    parts = [f"{name}{number}" for name, number in revisions.items()]
    return ".".join([*parts, sha256(body).hexdigest()[:20]])


def words_hash(*words: object) -> str:
    """Return what names words as they are now, until somebody changes them."""
    return sha256("\0".join(map(repr, words)).encode()).hexdigest()[:16]


def demand_words_seen(named: str | None, present: str) -> None:
    """Let nobody write over words that they have not seen.

    Raises:
        NothingSaid: it is not said which words were seen.
        Refused: others than those that are there now.
    """
    tags = request.if_match
    if named is None and (not tags or tags.star_tag):
        raise NothingSaid
    seen = {
        match[1]
        for tag in filter(None, tags.as_set() if tags else ())
        for part in tag.split(".")
        if (match := _WORDS.fullmatch(part))
    }
    if (named is not None and named != present) or (tags and not tags.star_tag and present not in seen):
        raise Refused([STALE])


@dataclass(frozen=True, slots=True)
class Said:
    """Which revisions somebody says they have seen."""

    numbers: frozenset[int]

    def demand(self, revision: int) -> int:
        """Return the present revision where it is the one that was seen.

        Raises:
            Refused: it is not.
        """
        if revision not in self.numbers:
            raise Refused([STALE])
        return revision


def said(number: int | None, of: str) -> Said:
    """Return what is said about the revision of a record or its answers: in the body, by `If-Match`, or by both alike.

    Raises:
        NothingSaid: nothing is.
    """
    tags = request.if_match
    if not tags and number is None:
        raise NothingSaid
    if tags.star_tag and number is None:
        raise NothingSaid  # any revision at all: whoever says so has seen none
    if not tags or tags.star_tag:
        assert number is not None
        return Said(frozenset({number}))
    seen = frozenset(found for tag in filter(None, tags.as_set()) if (found := _number(tag, of)) is not None)
    return Said(seen if number is None else seen & {number})


def _number(tag: str, of: str) -> int | None:
    """Return the revision in a mark of ours; a number alone is one, too."""
    for part in tag.split("."):
        match = _PART.fullmatch(part)
        if match and match[1] in (of, ""):
            return int(match[2])
    return None
