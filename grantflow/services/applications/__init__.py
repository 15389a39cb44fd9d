"""The room of applications: what applicants and officers do with them."""

from __future__ import annotations

from grantflow.services.applications.attaching import attach, detach
from grantflow.services.applications.checking import answer_checklist, ask_completion, checklist_of
from grantflow.services.applications.conflicts import declare_own, record_conflict, settle_conflict
from grantflow.services.applications.sending import (
    complete,
    receipt,
    receive_paper,
    register,
    send_late,
    submit,
)
from grantflow.services.applications.starting import start_application
from grantflow.services.applications.writing import Saved, choose_window, save_answers, save_what_fits

__all__ = [
    "Saved",
    "answer_checklist",
    "ask_completion",
    "attach",
    "checklist_of",
    "choose_window",
    "complete",
    "declare_own",
    "detach",
    "receipt",
    "receive_paper",
    "record_conflict",
    "register",
    "save_answers",
    "save_what_fits",
    "send_late",
    "settle_conflict",
    "start_application",
    "submit",
]
