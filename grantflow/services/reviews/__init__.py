"""The room of reviews: who reads what, and what they say."""

from __future__ import annotations

from grantflow.services.reviews.assigning import assign_reviewer, free_reviewers, open_round
from grantflow.services.reviews.declaring import declare
from grantflow.services.reviews.panel import write_panel_statement
from grantflow.services.reviews.reviewers_page import Newcomer, ask_by_mail, ask_reviewers
from grantflow.services.reviews.scoring import (
    accept,
    declare_conflict,
    save_scores,
    set_aside,
    sheet_of,
    submit_review,
)

__all__ = [
    "Newcomer",
    "accept",
    "ask_by_mail",
    "ask_reviewers",
    "assign_reviewer",
    "declare",
    "declare_conflict",
    "free_reviewers",
    "open_round",
    "save_scores",
    "set_aside",
    "sheet_of",
    "submit_review",
    "write_panel_statement",
]
