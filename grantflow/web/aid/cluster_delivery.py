"""How a cluster proves what was done, line by line, and claims the money for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from grantflow.domain.refusal import Refusal, Refused, refuse
from grantflow.domain.uploads import LARGEST
from grantflow.services import cases
from grantflow.services.aid.claiming import VALUE, TypedClaim, prepare_claim
from grantflow.services.aid.delivery import Given, prove
from grantflow.services.aid.pages.cluster_delivery import ClaimPage, ProofPage, claim_page, proof_page
from grantflow.services.calls.public import spelled
from grantflow.web.aid.cluster_fields import account_fields, proof_fields, value_field
from grantflow.web.applications.answers import ACCEPT
from grantflow.web.entrance import acting, entrance, reading
from grantflow.web.fields import Field, typed
from grantflow.web.words import said

pages = Blueprint("cluster_delivery", __name__)

HANDING_IN = "cluster_delivery.hand_in"
NOT_PROVEN = frozenset({"children_not_there_yet", "no_such_child"})
"""Reasons of guards that count records below one; on the page of the claim the firms themselves say it."""


@pages.app_template_filter("spelled")
def in_words(name: str) -> str:
    """Return a name of a file as words, which catalogues know."""
    return spelled(name)


@pages.url_value_preprocessor
def _make_room(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let the form with the paper be larger than any other, before anybody reads it."""
    if endpoint == HANDING_IN:
        request.max_content_length = 2 * LARGEST


# The proof of a line


@pages.get("/lines/<ref>/proof")
def proof(ref: str) -> ResponseReturnValue:
    """Show what a proof has to say."""
    page = _proof(ref)
    return _proof_page(page, {}, ()) if page.step else redirect(f"/records/{ref}", 303)


@pages.post("/lines/<ref>/proof")
def hand_in(ref: str) -> ResponseReturnValue:
    """Hand in the proof of a line."""
    page = _proof(ref)
    if not page.step:  # handed in a moment ago, by a second press of the button or a colleague
        return redirect(f"/records/{ref}", 303)
    values = {
        each.name: typed(each, request.form) for each in proof_fields({}, (), "") if each.name != "file"
    }
    try:
        with acting("hand_in_proof", record_id=page.id) as tx:
            prove(tx, page.id, values, _given(), revision=_revision())
    except Refused as refused:
        return _proof_page(page, values, refused.refusals)
    flash(_("The proof is handed in."))
    return redirect(f"/records/{page.request}", 303)


def _given() -> Given | None:
    sent: FileStorage | None = request.files.get("file")
    if sent is None or not sent.filename:
        return None
    folder = entrance().data_folder
    if folder is None:
        raise refuse("no_room_for_files", "Files cannot be handed in here now.", "file")
    return Given(folder / "files", sent.filename, sent.stream.read(LARGEST + 1))


def _proof(ref: str) -> ProofPage:
    with reading() as tx:
        page = proof_page(tx, ref)
    if page is None:
        abort(404)
    return page


def _proof_page(
    page: ProofPage, values: Mapping[str, Any], problems: Sequence[Refusal]
) -> ResponseReturnValue:
    return render_template(
        "aid/cluster_proof.html",
        page=page,
        fields=proof_fields(values, problems, ACCEPT),
        problems=tuple(problems),
        zone=page.zone,
    ), 422 if problems else 200


# The claim


@pages.get("/applications/<ref>/claim")
def claim(ref: str) -> ResponseReturnValue:
    """Show what each firm got and to which account the money goes."""
    page = _claim(ref)
    return _claim_page(page, None, ()) if page.name else redirect(f"/records/{ref}", 303)


@pages.post("/applications/<ref>/claim")
def claim_money(ref: str) -> ResponseReturnValue:
    """Keep what was typed and claim the money; what cannot be claimed yet is kept all the same."""
    page = _claim(ref)
    if not page.name:  # claimed a moment ago, by a second press of the button or a colleague
        return redirect(f"/records/{ref}", 303)
    given = _typed(page)
    try:
        with acting("prepare_claim", record_id=page.id) as tx:
            problems = list(prepare_claim(tx, page.id, given))
        if not problems and request.form.get("then"):
            flash(_("Saved."))
            return redirect(url_for(".claim", ref=ref), 303)
        if not problems:
            with acting(page.name, record_id=page.id) as tx:
                cases.step(tx, page.id, page.name, revision=_revision())
    except Refused as refused:
        problems = [*refused.refusals]
    if problems:
        return _claim_page(_claim(ref), given, problems)
    flash(_("Done: %(step)s.", step=_(page.step)), "success")
    return redirect(f"/records/{ref}", 303)


def _claim(ref: str) -> ClaimPage:
    with reading() as tx:
        page = claim_page(tx, ref)
    if page is None:
        abort(404)
    return page


def _typed(page: ClaimPage) -> TypedClaim:
    lines = {each.firm.id: each.firm.ref for each in page.firms}
    values = {line_id: typed(Field(VALUE + ref, "money", ""), request.form) for line_id, ref in lines.items()}
    iban, holder = (str(typed(each, request.form) or "") for each in account_fields("", ""))
    return TypedClaim(values, lines, iban, holder)


def _claim_page(
    page: ClaimPage, given: TypedClaim | None, problems: Sequence[Refusal]
) -> ResponseReturnValue:
    told = list({said(each): each for each in (_nicer(each, page) for each in problems)}.values())
    values = given.values if given else {each.firm.id: each.passed_on for each in page.firms}
    return render_template(
        "aid/cluster_claim.html",
        page=page,
        firms=[
            (
                each,
                value_field(
                    VALUE + each.firm.ref,
                    _("Value that reached the firm"),
                    values.get(each.firm.id),
                    page.currency,
                    told,
                ),
            )
            for each in page.firms
        ],
        account=account_fields(
            given.iban if given else in_groups(page.iban), given.holder if given else page.holder, told
        ),
        problems=tuple(told),
        zone=page.zone,
    ), 422 if problems else 200


def in_groups(iban: str) -> str:
    """Return an account number in groups of four, as people read it."""
    return " ".join(iban[at : at + 4] for at in range(0, len(iban), 4))


def _nicer(refusal: Refusal, page: ClaimPage) -> Refusal:
    """Return a reason in the words of the page: those that count lines become the firms whose proof is missing."""
    open_ = [each.firm.firm for each in page.firms if each.provable]
    if refusal.code not in NOT_PROVEN or not open_:
        return refusal
    return Refusal(
        "not_proven",
        "These firms' activities have not been proven yet: %(firms)s.",
        {"firms": tuple(open_)},
    )


def _revision() -> int | None:
    text = request.form.get("revision", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None
