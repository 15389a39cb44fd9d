"""Who takes part in a lab: the four helices, the levels of involvement, and how support is counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

Helix = Literal["business", "research", "public", "civil_society"]
Level = Literal["observer", "contributor", "co_owner"]
ContributionKind = Literal["need", "idea", "evidence", "offer", "question", "comment"]

HELICES: tuple[Helix, ...] = ("business", "research", "public", "civil_society")
LEVELS: tuple[Level, ...] = ("observer", "contributor", "co_owner")
CONTRIBUTION_KINDS: tuple[ContributionKind, ...] = (
    "need",
    "idea",
    "evidence",
    "offer",
    "question",
    "comment",
)


@dataclass(frozen=True, slots=True)
class Backing:
    """That somebody supports a contribution, for an organisation or alone."""

    participation_id: UUID
    organisation_id: UUID | None


def support_counted(backings: Iterable[Backing]) -> int:
    """Return how much support counts: each person once, and all people of one organisation together once."""
    return len({backing.organisation_id or backing.participation_id for backing in backings})


REGIONS: Mapping[str, str] = {
    "SE110": "Stockholm",
    "SE121": "Uppsala",
    "SE122": "Södermanland",
    "SE123": "Östergötland",
    "SE124": "Örebro",
    "SE125": "Västmanland",
    "SE211": "Jönköping",
    "SE212": "Kronoberg",
    "SE213": "Kalmar",
    "SE214": "Gotland",
    "SE221": "Blekinge",
    "SE224": "Skåne",
    "SE231": "Halland",
    "SE232": "Västra Götaland",
    "SE311": "Värmland",
    "SE312": "Dalarna",
    "SE313": "Gävleborg",
    "SE321": "Västernorrland",
    "SE322": "Jämtland",
    "SE331": "Västerbotten",
    "SE332": "Norrbotten",
}
"""The names of regions by NUTS code, where we know them; others are shown by their code."""


def place_name(code: str) -> str:
    """Return how people call a place that is kept by its code."""
    return REGIONS.get(code, code)
