"""The decision about an application as its applicant reads it, and what they can do with a grant."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, abort, render_template

from grantflow.services.awards.decision_page import OwnAward, decision_page
from grantflow.web.entrance import reading
from grantflow.web.words import language, said

pages = Blueprint("application_decision", __name__)


@dataclass(frozen=True, slots=True)
class Option:
    """A step as the list of choices shows it."""

    label: str
    about: str
    allowed: bool
    reasons: tuple[tuple[str, str | None], ...]
    url: str


@pages.get("/applications/<ref>/decision")
def show(ref: str) -> str:
    """Show the decision in four lines, its letter, and what can be done now."""
    with reading() as tx:
        page = decision_page(tx, ref, language())
    if page is None:
        abort(404)
    return render_template(
        "applications/decision.html", page=page, zone=page.zone, options=_options(page.award)
    )


def _options(award: OwnAward | None) -> list[Option]:
    """Return what can be done with a grant, and every reason against what cannot."""
    if award is None:
        return []
    return [
        Option(
            choice.label,
            choice.about,
            choice.allowed,
            tuple((said(refusal), None) for refusal in choice.refusals),
            f"/records/{award.ref}/steps/{choice.name}",
        )
        for choice in award.options
    ]
