"""The journal from its beginning on, for those who read it on and on: numbered so that no number tells of a hidden step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grantflow.services.records.journal import Told, entries_of, told
from grantflow.services.records.meaning import is_inside
from grantflow.services.records.visibility import Found
from grantflow.store.session import Tx


@dataclass(frozen=True, slots=True)
class Known:
    """An entry of the journal under the number by which its reader knows it, from 1 on."""

    number: int
    told: Told


def known_entries(tx: Tx, found: Found, *, after: int, most: int) -> tuple[Sequence[Known], int | None]:
    """Return the entries behind a number, the first first, and behind which number the next page begins, if there is one.

    Officials see every step under its own number. Who comes from outside is told some of them, counted without the rest.
    """
    if is_inside(found.scheme, found.roles):
        read = entries_of(tx, found, before=after + most, most=most)
        page = [each for each in reversed(read) if each.row.seq >= after]
        numbers = [each.row.seq + 1 for each in page]
        further = found.revision > after + most
    else:
        every = entries_of(tx, found)[::-1]
        page = every[after : after + most]
        numbers = list(range(after + 1, after + 1 + len(page)))
        further = len(every) > after + most
    entries = [Known(number, each) for number, each in zip(numbers, told(tx, found, page), strict=True)]
    return entries, after + most if further else None
