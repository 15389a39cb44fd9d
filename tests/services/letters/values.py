"""A decision as the tables might tell it: for tests of what letters say."""

from datetime import UTC, date, datetime
from typing import Any

from grantflow.domain.money import Money

DECISION: dict[str, Any] = {
    "agency": "Omställningskansliet Norra Mellansverige",
    "programme": "Challenges of North Middle Sweden",
    "call_title": "Low carbon where the work is",
    "call_ref": "NMS-2026-0001",
    "ref": "NMS-2026-0102",
    "recipient": "Siljans Biokol AB",
    "today": datetime(2026, 11, 22, 9, 0, tzinfo=UTC),
    "project": "Biochar from sawdust",
    "organisation": "Siljans Biokol AB",
    "asked": Money(35_000_000, "SEK"),
    "granted": Money(30_000_000, "SEK"),
    "reduced": True,
    "rate": 6000,
    "conditions": ("The municipality confirms its part.", "The budget is sent again."),
    "accept_by": date(2026, 12, 22),
    "decided": datetime(2026, 11, 17, 23, 30, tzinfo=UTC),
    "decider": "The board of the seed fund",
    "reason": "A clear trial plan.",
    "remedy_none": True,
}
