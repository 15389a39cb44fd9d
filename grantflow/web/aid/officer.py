"""A request for those who decide: its clock and money, each firm with its aid, proofs accepted together, the account confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from grantflow.domain.refusal import Refusal, Refused, refuse
from grantflow.services import applications, cases
from grantflow.services.aid.pages.officer import OfficerPage, officer_page
from grantflow.services.aid.payments import confirm_account
from grantflow.services.records.meaning import label_for, tone
from grantflow.services.records.page import options_of
from grantflow.services.records.visibility import find
from grantflow.web.entrance import acting, reading
from grantflow.web.fields import Field, errors_of
from grantflow.web.records import writing
from grantflow.web.words import language

pages = Blueprint("request_lines", __name__)

TEMPLATE = "aid/officer.html"


@pages.get("/applications/<ref>/lines")
def show(ref: str) -> ResponseReturnValue:
    """Show a request with its firms."""
    return _page(ref)


@pages.post("/applications/<ref>/lines")
def answer(ref: str) -> ResponseReturnValue:
    """Accept proofs, ask for what is missing, or confirm the account: what the form says."""
    with reading() as tx:
        found = find(tx, ref, {"application"}, language())
        page = None if found is None else officer_page(tx, found.id, language())
    if page is None:
        abort(404)
    try:
        match request.form.get("what"):
            case "proofs":
                return _accept_proofs(ref, page)
            case "missing":
                with acting(record_id=page.here.case.id) as tx:
                    applications.ask_completion(
                        tx,
                        page.here.case.id,
                        request.form.getlist("sections"),
                        request.form.get("missing", "").strip(),
                    )
                flash(_("The cluster is asked. The clock stands still until they answer or the time passes."))
            case "account":
                confirm_with(page.here.case.id)
            case _:
                abort(400)
    except Refused as refused:
        return _page(ref, refused.refusals)
    return redirect(f"/applications/{ref}/lines", 303)


def confirm_with(application_id: UUID) -> None:
    """Confirm the account of a request with what was written about the call."""
    how = request.form.get("how", "").strip()
    with acting(record_id=application_id) as tx:
        if not how:
            raise refuse("how_missing", "Say whom you called, and at which number that was on file.", "how")
        confirm_account(tx, application_id, how)
    flash(_("The account is confirmed."))


def how_field(problems: Sequence[Refusal]) -> Field:
    """Return the field in which one says how an account was confirmed."""
    return Field(
        "how",
        "text",
        _("Whom you called, at which number"),
        _("A number that was on file before, never one from the same mail as the account."),
        request.form.get("how", ""),
        errors_of(problems).get("how", ""),
        limit=200,
    )


def _accept_proofs(ref: str, page: OfficerPage) -> ResponseReturnValue:
    """Accept the proofs of the lines that were chosen, each by itself: what one is refused holds up no other."""
    chosen = set(request.form.getlist("line"))
    lines = [line for line in page.lines if line.ref in chosen and line.accept is not None]
    if not lines:
        raise refuse("nothing_chosen", "Choose the lines whose proofs you accept.", "lines")
    problems: list[Refusal] = []
    for line in lines:
        assert line.accept is not None
        try:
            with acting(line.accept.name, record_id=line.id) as tx:
                cases.step(tx, line.id, line.accept.name)
        except Refused as refused:
            problems += [Refusal(each.code, each.text, each.params, line.ref) for each in refused.refusals]
    accepted = len(lines) - len({problem.where for problem in problems})
    if accepted:
        flash(ngettext("One proof is accepted.", "%(num)s proofs are accepted.", accepted))
    return _page(ref, problems) if problems else redirect(f"/applications/{ref}/lines", 303)


def _page(ref: str, problems: Sequence[Refusal] = ()) -> ResponseReturnValue:
    with reading() as tx:
        found = find(tx, ref, {"application"}, language())
        page = None if found is None else officer_page(tx, found.id, language())
        options = () if found is None or page is None else options_of(tx, found)
    if page is None:
        abort(404)
    wrong = errors_of(problems)
    here = page.here
    # What this page asks in full has its own form here, and no button beside it.
    others = [each for each in options if f"/applications/{ref}/lines" not in each.path]
    answer = render_template(
        TEMPLATE,
        page=page,
        zone=page.zone,
        problems=tuple(problems),
        options=writing.options(others),
        label=label_for(here.state, here.roles, here.scheme),
        tone=tone(here.lifecycle, here.state),
        tag_of=lambda one: (label_for(one.state, here.roles, here.scheme), tone(one.lifecycle, one.state)),
        sizes={"micro": _("Micro"), "small": _("Small"), "medium": _("Medium"), "large": _("Large")},
        how=how_field(problems),
        completion=(
            Field(
                "sections",
                "many",
                _("Sections to open again"),
                _("Firms, activities and sums are never opened again."),
                request.form.getlist("sections"),
                wrong.get("sections", ""),
                choices=page.sections,
            ),
            Field(
                "missing",
                "long_text",
                _("What is missing"),
                _("The cluster reads this in the letter."),
                request.form.get("missing", ""),
                wrong.get("missing", ""),
            ),
        ),
        wrong=wrong,
        opened=request.form.get("what", "") if problems else "",
    )
    return (answer, 422) if problems else answer
