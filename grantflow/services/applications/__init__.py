"""The room of applications: what applicants and officers do with them."""

from __future__ import annotations

from grantflow.services.applications.checking import answer_checklist, ask_completion, checklist_of
from grantflow.services.applications.conflicts import record_conflict, settle_conflict
from grantflow.services.applications.sending import complete, receipt, register, send_late, submit
from grantflow.services.applications.starting import start_application
from grantflow.services.applications.writing import Saved, choose_window, save_answers

__all__ = [
    "Saved",
    "answer_checklist",
    "ask_completion",
    "checklist_of",
    "choose_window",
    "complete",
    "receipt",
    "record_conflict",
    "register",
    "save_answers",
    "send_late",
    "settle_conflict",
    "start_application",
    "submit",
]
