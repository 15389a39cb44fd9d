"""The lab's own page: read it, contribute, support; and what the office does there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from grantflow.domain.labs.places import CONTRIBUTION_KINDS
from grantflow.domain.refusal import Refusal, Refused
from grantflow.services.labs import taking_part
from grantflow.services.labs.contribution_list import ContributionView
from grantflow.services.labs.lab_page import LabPage, lab_page
from grantflow.services.people.once import first_time
from grantflow.store.session import Tx
from grantflow.web.answers import refused_page
from grantflow.web.entrance import acting, reading
from grantflow.web.fields import Field, errors_of
from grantflow.web.labs import lab_words
from grantflow.web.labs.sessions import planning
from grantflow.web.words import language

pages = Blueprint("lab", __name__)


@pages.get("/calls/<slug>/lab")
def show(slug: str) -> str:
    """Show a lab."""
    return render_template("labs/lab.html", **_view(slug), problems=())


@pages.post("/calls/<slug>/lab/contributions")
def contribute(slug: str) -> ResponseReturnValue:
    """Bring something to the lab, once however often the form is sent."""

    def act(tx: Tx, page: LabPage) -> None:
        key = request.form.get("once", "")
        if key and not first_time(tx, key):
            return
        session = request.form.get("session", "")
        sessions = {str(each.id): each.id for each in page.sessions}
        taking_part.contribute(
            tx,
            page.head.call_id,
            request.form.get("kind", ""),  # type: ignore[arg-type]  # the service knows the kinds
            request.form.get("text", "").replace("\r\n", "\n"),
            lang=language(),
            public=request.form.get("public") != "no",
            session_id=sessions.get(session),
        )

    return _done(slug, act, _("Thank you. It is read by the facilitators and then published."))


@pages.post("/calls/<slug>/lab/contributions/<uuid:contribution_id>/support")
def support(slug: str, contribution_id: UUID) -> ResponseReturnValue:
    """Support a contribution, or no longer."""

    def act(tx: Tx, page: LabPage) -> None:
        _one(page, contribution_id)
        if request.form.get("support") == "no":
            taking_part.withdraw_support(tx, contribution_id)
        else:
            taking_part.support(tx, contribution_id)

    return _done(slug, act, _("Your support is noted."))


@pages.post("/calls/<slug>/lab/contributions/<uuid:contribution_id>/visibility")
def visibility(slug: str, contribution_id: UUID) -> ResponseReturnValue:
    """Keep a contribution in the lab with a reason, or let everybody see it."""
    where = f"reason-{contribution_id}"

    def act(tx: Tx, page: LabPage) -> None:
        _one(page, contribution_id)
        if request.form.get("public") == "yes":
            taking_part.show_to_public(tx, contribution_id)
        else:
            taking_part.keep_in_lab(tx, contribution_id, request.form.get(where, ""))

    return _done(slug, act, _("Who sees it is changed."), {"reason": where})


@pages.post("/calls/<slug>/lab/reading")
def publish(slug: str) -> ResponseReturnValue:
    """Publish what was read: the first post asks whether one is sure, the second does it."""
    wanted = set(request.form.getlist("record"))
    with reading() as tx:
        page = _found(tx, slug)
    chosen = [
        each
        for each in page.contributions
        if str(each.id) in wanted and not each.published and page.head.office
    ]
    if not page.head.office:
        abort(404)
    if not chosen:
        flash(_("Choose first what shall be published."), "warning")
        return redirect(url_for("lab.show", slug=slug, _anchor="unread"), 303)
    if request.form.get("sure") != "yes":
        return render_template("labs/publish.html", page=page, chosen=chosen, **lab_words.WORDS)
    with acting() as tx:
        outcome = taking_part.publish_contributions(tx, [each.id for each in chosen])
    done, against = len(outcome.stepped), len(outcome.refused)
    if done:
        flash(ngettext("%(num)s contribution is published.", "%(num)s contributions are published.", done))
    if against:
        said = "%(num)s contribution could not be published.", "%(num)s contributions could not be published."
        flash(ngettext(*said, against), "warning")
    return redirect(url_for("lab.show", slug=slug, _anchor="contributions"), 303)


def _done(
    slug: str, act: Callable[[Tx, LabPage], None], said: str, fields: dict[str, str] | None = None
) -> ResponseReturnValue:
    """Do something in a lab and go back to its page; refused, show the page with the words that were typed."""
    try:
        with acting() as tx:
            act(tx, _found(tx, slug))
    except Refused as refused:
        told = [
            Refusal(each.code, each.text, each.params, (fields or {}).get(each.where or "", each.where))
            for each in refused.refusals
        ]
        return refused_page("labs/lab.html", Refused(told), **_view(slug, told))
    flash(said)
    return redirect(url_for("lab.show", slug=slug, _anchor="contributions"), 303)


def _found(tx: Tx, slug: str) -> LabPage:
    page = lab_page(tx, slug, language())
    if page is None:
        abort(404)
    return page


def _one(page: LabPage, contribution_id: UUID) -> ContributionView:
    found = next((each for each in page.contributions if each.id == contribution_id), None)
    if found is None:
        abort(404)
    return found


def _view(slug: str, problems: Iterable[Refusal] = ()) -> dict[str, Any]:
    with reading() as tx:
        page = _found(tx, slug)
    wanted = {"kind": request.args.get("kind", ""), "action": request.args.get("action", "")}
    shown = [
        each
        for each in page.contributions
        if (each.published or each.mine)
        and wanted["kind"] in ("", each.kind)
        and (not wanted["action"] or wanted["action"] in {str(action.number) for action in each.actions})
    ]
    return {
        "page": page,
        "shown": shown,
        "unread": [each for each in page.contributions if not each.published and not each.mine],
        "filters": _filters(page, wanted),
        "filtered": any(wanted.values()),
        "bringing": _bringing(page, problems),
        "planning": planning(problems),
        "reasons": errors_of(problems),
        **lab_words.WORDS,
    }


def _filters(page: LabPage, wanted: dict[str, str]) -> list[Field]:
    kinds = [(each, lab_words.kind(each)) for each in CONTRIBUTION_KINDS]
    actions = {action.number: action.title for each in page.contributions for action in each.actions}
    led = [(str(number), f"{number} {title}") for number, title in sorted(actions.items())]
    return [
        Field("kind", "choice", _("Kind"), value=wanted["kind"], choices=kinds),
        *(
            [Field("action", "choice", _("Led to action"), value=wanted["action"], choices=led)]
            if led
            else []
        ),
    ]


def _bringing(page: LabPage, problems: Iterable[Refusal]) -> list[Field]:
    errors, form = errors_of(problems), request.form
    kinds = [(each, lab_words.kind(each)) for each in CONTRIBUTION_KINDS]
    sessions = [(str(each.id), each.title) for each in page.sessions]
    return [
        Field(
            "kind",
            "choice",
            _("What you bring"),
            value=form.get("kind", ""),
            error=errors.get("kind", ""),
            choices=kinds,
        ),
        Field(
            "text",
            "long_text",
            _("In your words"),
            help=_("Your organisation's secrets do not belong here: others read it."),
            value=form.get("text", ""),
            error=errors.get("text", ""),
            limit=taking_part.LONGEST,
            rows=6,
        ),
        *(
            [
                Field(
                    "session",
                    "record",
                    _("From which session"),
                    value=form.get("session", ""),
                    required=False,
                    choices=sessions,
                )
            ]
            if sessions
            else []
        ),
        Field(
            "public",
            "yes_no",
            _("May everybody read it, not the lab alone?"),
            help=_(
                "What the lab alone reads needs a reason before money opens, so that nobody has a head start."
            ),
            value=form.get("public", "yes") != "no",
        ),
    ]
