"""Refusals: why something may not be done, as values that a person can act on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason why a step may not be taken.

    `code` is stable and for machines. `text` is a whole English sentence with named placeholders (`%(name)s`): the
    entrance translates it and then fills in `params`. `where` names the field, page or record on which it is mended.
    """

    code: str
    text: str
    params: Mapping[str, Any] = field(default_factory=dict, hash=False)
    where: str | None = None

    @property
    def sentence(self) -> str:
        """The sentence in English, filled in."""
        return self.text % self.params if self.params else self.text


class Refused(Exception):
    """Raised by a use case that may not go on; carries every reason at once and rolls the transaction back."""

    def __init__(self, refusals: Iterable[Refusal]) -> None:
        self.refusals: tuple[Refusal, ...] = tuple(refusals)
        super().__init__("; ".join(refusal.sentence for refusal in self.refusals))


def refuse(code: str, text: str, where: str | None = None, **params: Any) -> Refused:
    """Return (for the caller to raise) a refusal with a single reason."""
    return Refused([Refusal(code, text, params, where)])
