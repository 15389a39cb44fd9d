"""The room of awards: proposals, previews and what becomes of awards."""

from __future__ import annotations

from grantflow.services.awards.awarding import (
    accept_award,
    fulfil_condition,
    report,
    settle,
)
from grantflow.services.awards.previewing import (
    Previewed,
    mark_read,
    preview_letter,
    preview_letters,
    read_lot,
    show_letter,
)
from grantflow.services.awards.proposing import change_line, draw_up_proposal, explanation

__all__ = [
    "Previewed",
    "accept_award",
    "change_line",
    "draw_up_proposal",
    "explanation",
    "fulfil_condition",
    "mark_read",
    "preview_letter",
    "preview_letters",
    "read_lot",
    "report",
    "settle",
    "show_letter",
]
