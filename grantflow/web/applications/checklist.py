"""Checking an application: own conflict first, each item yes or no with a note, and asking for what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grantflow.domain.applications.checking import ANSWERS
from grantflow.domain.refusal import Refusal, Refused, refuse
from grantflow.services import applications
from grantflow.services.applications.checklist_page import ChecklistPage, checklist_page
from grantflow.services.applications.conflicts import Kind
from grantflow.web.answers import refused_page
from grantflow.web.entrance import acting, reading
from grantflow.web.fields import Field, errors_of
from grantflow.web.words import language

pages = Blueprint("checklist", __name__)

TEMPLATE = "applications/checklist.html"
KINDS = ("none", "soft", "hard")


@dataclass(frozen=True, slots=True)
class ItemFields:
    """An item with its two controls."""

    answer: Field
    note: Field
    by: str


@pages.get("/applications/<ref>/checklist")
def show(ref: str) -> str:
    """Show the checklist beside what was sent."""
    return render_template(TEMPLATE, **_view(_page(ref)))


@pages.post("/applications/<ref>/checklist")
def answer(ref: str) -> ResponseReturnValue:
    """Keep a word about oneself, answers to items, or a request for completion: what the form says."""
    page = _page(ref)
    try:
        with acting(record_id=page.id) as tx:
            match request.form.get("what"):
                case "own_conflict":
                    said = request.form.get("kind", "")
                    applications.declare_own(tx, page.id, _kind(said), request.form.get("reason", ""))
                case "completion":
                    applications.ask_completion(
                        tx, page.id, request.form.getlist("sections"), request.form.get("missing", "")
                    )
                    said = "asked"
                case _:
                    answers, notes = _typed(page)
                    applications.answer_checklist(tx, page.id, answers, notes)
                    said = "answered"
    except Refused as refused:
        return refused_page(TEMPLATE, refused, **_view(page, refused.refusals, typed=True))
    return _after(ref, said)


def _after(ref: str, said: str) -> ResponseReturnValue:
    if said == "hard":
        flash(
            _("Thank you for saying so. You do not see this application any more; a colleague takes it over.")
        )
        return redirect("/home", 303)
    if said == "asked":
        flash(_("The applicant is asked. The clock stands still until they answer or the time passes."))
        return redirect(f"/records/{ref}", 303)
    flash(
        {
            "none": _("Noted. You may check the application now."),
            "soft": _("Noted. A colleague decides whether you may go on."),
        }.get(said, _("Your answers are saved."))
    )
    return redirect(url_for("checklist.show", ref=ref), 303)


def _kind(given: str) -> Kind:
    if given not in KINDS:
        raise refuse("not_chosen", "Choose one of the three.", "kind")
    return cast("Kind", given)


def _page(ref: str) -> ChecklistPage:
    with reading() as tx:
        page = checklist_page(tx, ref, language())
    return page if page is not None else abort(404)


def _typed(page: ChecklistPage) -> tuple[dict[str, str], dict[str, str]]:
    answers = {
        item.name: given for item in page.items if (given := request.form.get(f"answer.{item.name}", ""))
    }
    return answers, {name: request.form.get(f"note.{name}", "").strip() for name in answers}


def _view(page: ChecklistPage, problems: Sequence[Refusal] = (), *, typed: bool = False) -> dict[str, object]:
    wrong = errors_of(problems)
    form = request.form

    def was(name: str, otherwise: str) -> str:
        return form.get(name, otherwise) if typed else otherwise

    return {
        "page": page,
        "problems": tuple(problems),
        "items": tuple(
            ItemFields(
                Field(
                    f"answer.{item.name}",
                    "choice",
                    item.label,
                    value=was(f"answer.{item.name}", item.answer),
                    error=wrong.get(item.name, ""),
                    required=True,
                    choices=[(value, _answer_words()[value]) for value in ANSWERS],
                ),
                Field(
                    f"note.{item.name}",
                    "text",
                    _("Note"),
                    value=was(f"note.{item.name}", item.note),
                    required=False,
                ),
                item.by or "",
            )
            for item in page.items
        ),
        "own": (
            Field(
                "kind",
                "choice",
                _("Does anything tie you to this application?"),
                value=was("kind", ""),
                choices=[
                    ("none", _("Nothing ties me to it")),
                    ("soft", _("Perhaps: a colleague shall decide")),
                    ("hard", _("I have a conflict of interest")),
                ],
                error=wrong.get("kind", ""),
            ),
            Field(
                "reason",
                "long_text",
                _("What it is, in a sentence"),
                help=_("Needed unless nothing ties you to it."),
                value=was("reason", ""),
                required=False,
                error=wrong.get("reason", ""),
                rows=3,
            ),
        ),
        "completion": (
            Field(
                "sections",
                "many",
                _("Sections to open again"),
                help=_("What is scored is never opened again: completion must not improve the application."),
                value=form.getlist("sections") if typed else [],
                choices=[(each.name, each.title) for each in page.sections if each.may_be_completed],
                error=wrong.get("sections", ""),
            ),
            Field(
                "missing",
                "long_text",
                _("What is missing"),
                help=_("The applicant reads this in the letter."),
                value=was("missing", ""),
                error=wrong.get("missing", ""),
            ),
        ),
    }


def _answer_words() -> dict[str, str]:
    return {"yes": _("Yes"), "no": _("No"), "not_applicable": _("Does not apply")}
