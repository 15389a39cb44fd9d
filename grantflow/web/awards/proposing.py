"""The proposal: drawn up from the ranking, each line with its sentence, changed only with a reason (P1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grantflow.domain.awards.allocation import Answer
from grantflow.domain.refusal import Refusal, Refused, refuse
from grantflow.services import awards, formats
from grantflow.services.awards.proposal_page import (
    LinePage,
    ProposalPage,
    application_of_line,
    line_page,
    proposal_page,
)
from grantflow.web.answers import refused_page
from grantflow.web.awards.ranking import whole
from grantflow.web.entrance import acting, reading
from grantflow.web.fields import Field, errors_of, typed
from grantflow.web.words import language

pages = Blueprint("proposing", __name__)

ANSWERS = ("yes", "reserve", "no")
PAGE, LINE = "awards/proposal.html", "awards/proposal_line.html"


@pages.get("/calls/<slug>/proposal")
def show(slug: str) -> str:
    """Show the last proposal of the call's stage."""
    return render_template(PAGE, page=_page(slug))


@pages.post("/calls/<slug>/proposal")
def draw_up(slug: str) -> ResponseReturnValue:
    """Draw up a proposal from the last frozen ranking; an earlier one stays in the file."""
    page = _page(slug)
    try:
        with acting(record_id=page.call.id) as tx:
            _demand_meant(page)
            awards.draw_up_proposal(tx, page.call.id)
    except Refused as refused:
        return refused_page(PAGE, refused, page=page)
    flash(_("The proposal is drawn up. Look at each line before you put it before the body."))
    return redirect(url_for("proposing.show", slug=slug), 303)


@pages.get("/calls/<slug>/proposal/<ref>")
def show_line(slug: str, ref: str) -> str:
    """Show one line, to be changed."""
    page = _line(slug, ref)
    return render_template(LINE, page=page, fields=_fields(page))


@pages.post("/calls/<slug>/proposal/<ref>")
def change_line(slug: str, ref: str) -> ResponseReturnValue:
    """Change one line; whatever departs from the ranking and the rules needs its reason."""
    page = _line(slug, ref)
    try:
        with acting(record_id=page.call.id) as tx:
            answer = _answer()
            awards.change_line(
                tx,
                page.call.id,
                application_of_line(tx, ref) or abort(404),
                answer=answer,
                amount=None if answer == "no" else _amount(page),
                conditions=[each for each in map(str.strip, _words("conditions").splitlines()) if each],
                reasons=_words("reasons"),
                departure_reason=_words("departure_reason"),
            )
    except Refused as refused:
        return refused_page(LINE, refused, page=page, fields=_fields(page, refused.refusals, was_typed=True))
    flash(_("The line is changed."))
    return redirect(url_for("proposing.show", slug=slug, after=max(page.line.rank - 10, 0) or None), 303)


def _demand_meant(page: ProposalPage) -> None:
    """Let nobody replace a proposal, with all changes made by hand, by a slip."""
    if page.drawn is not None and request.form.get("anew") != "yes":
        raise refuse(
            "not_confirmed",
            "There is a proposal already. Tick the box to draw up a new one in its place.",
            "anew",
        )


def _page(slug: str) -> ProposalPage:
    only = request.args.get("only", "")
    with reading() as tx:
        page = proposal_page(tx, slug, language(), after=whole("after"), only=only if only in ANSWERS else "")
    return page if page is not None else abort(404)


def _line(slug: str, ref: str) -> LinePage:
    with reading() as tx:
        page = line_page(tx, slug, ref, language())
    if page is None or not page.may_write:
        abort(404)
    return page


def _answer() -> Answer:
    given = request.form.get("answer", "")
    if given not in ANSWERS:
        raise refuse("not_chosen", "Choose one of the three answers.", "answer")
    return cast("Answer", given)


def _amount(page: LinePage) -> int:
    amount = typed(_amount_field(page), request.form)
    if not isinstance(amount, int):
        raise refuse("bad_field", "Write the sum as an amount of money.", "amount")
    return amount


def _words(name: str) -> str:
    return request.form.get(name, "").replace("\r\n", "\n").strip()


def _amount_field(page: LinePage) -> Field:
    return Field("amount", "money", _("Sum"), unit=page.line.amount.currency, required=False)


def _fields(
    page: LinePage, problems: Sequence[Refusal] = (), *, was_typed: bool = False
) -> tuple[Field, ...]:
    wrong, line = errors_of(problems), page.line

    def was(name: str, otherwise: str) -> str:
        return request.form.get(name, otherwise) if was_typed else otherwise

    shown = formats.plain_amount((line.amount if line.answer != "no" else page.limits[1]).amount, language())
    return (
        Field(
            "answer",
            "choice",
            _("Answer"),
            value=was("answer", line.answer),
            choices=[("yes", _("Fund")), ("reserve", _("Reserve list")), ("no", _("Do not fund"))],
            error=wrong.get("answer", ""),
        ),
        Field(
            "amount",
            "money",
            _("Sum"),
            help=_("What is granted, or would be from the reserve list."),
            value=was("amount", shown),
            unit=line.amount.currency,
            required=False,
            error=wrong.get("amount", ""),
        ),
        Field(
            "conditions",
            "long_text",
            _("Conditions"),
            help=_("One on each line; they are fulfilled one by one before the project starts."),
            value=was("conditions", "\n".join(line.conditions)),
            required=False,
            rows=3,
        ),
        Field(
            "reasons",
            "long_text",
            _("Reasons for the applicant"),
            help=_("They stand in the letter."),
            value=was("reasons", line.reasons),
            required=False,
            rows=5,
        ),
        Field(
            "departure_reason",
            "long_text",
            _("Why this departs from the ranking and the rules"),
            help=_("Needed where answer or sum differ from what the rules give. The body reads it."),
            value=was("departure_reason", line.departure),
            required=False,
            rows=3,
            error=wrong.get("departure_reason", ""),
        ),
    )
