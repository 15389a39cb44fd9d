"""Filling in the form of an application: a section at a time, saved while one writes, nothing lost on the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grantflow.domain.calls.forms import Section
from grantflow.domain.refusal import Refusal, Refused, refuse
from grantflow.domain.uploads import LARGEST
from grantflow.domain.words import in_language
from grantflow.services import applications, formats
from grantflow.services.aid.pages.cluster_parts import parts_of
from grantflow.services.applications.filling import differences, is_stale, save_section
from grantflow.services.applications.form_page import FormPage, form_page, in_words_of
from grantflow.store.session import Tx
from grantflow.web.applications.answers import asked, country_choices, shown_answer, typed_answers, unreadable
from grantflow.web.entrance import acting, entrance, now, reading
from grantflow.web.words import language, said

pages = Blueprint("application_form", __name__)

HANDING_IN = "application_form.hand_in"
ROOM = 2 * LARGEST
"""Bytes of a form that brings files along: two of the largest may come at once."""


@pages.url_value_preprocessor
def _make_room(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let forms with files be larger than any other, before anybody reads them."""
    if endpoint == HANDING_IN:
        request.max_content_length = ROOM


@pages.get("/applications/<ref>/form")
def begin(ref: str) -> ResponseReturnValue:
    """Go to the section with which to go on, and from a form that is complete to what is sent beside it."""
    page = _page(ref)
    beside = next((part.path for part in page.parts if part.state != "done"), None)
    if beside and all(line.state == "done" for line in page.sections):
        return redirect(beside, 303)
    return redirect(url_for(".show", ref=ref, section=page.first_open), 303)


@pages.get("/applications/<ref>/form/<section>")
def show(ref: str, section: str) -> ResponseReturnValue:
    """Show a section of the form with what is kept of it."""
    page = _page(ref)
    part = _section(page, section)
    if not page.editable:
        return redirect(f"/records/{ref}", 303)
    slips = tuple(page.slips(part)) if request.args.get("checked") is None else page.faults({section})
    return _shown(page, part, page.answers, slips)


@pages.get("/applications/<ref>/files/<section>")
def show_files(ref: str, section: str) -> ResponseReturnValue:
    """Go to the section whose files were handed in at this address."""
    return redirect(url_for(".show", ref=ref, section=section), 303)


@pages.post("/applications/<ref>/form/<section>")
def save(ref: str, section: str) -> ResponseReturnValue:
    """Save a section and go on to the next."""
    return _save(ref, section)


@pages.post("/applications/<ref>/files/<section>")
def hand_in(ref: str, section: str) -> ResponseReturnValue:
    """Save a section together with the files that come with it."""
    return _save(ref, section)


def _save(ref: str, name: str) -> ResponseReturnValue:
    page = _page(ref)
    part = _section(page, name)
    answers = typed_answers(part, request.form)
    problems: list[Refusal] = []
    try:
        with acting("save_answers", record_id=page.id) as tx:
            _choose_window(tx, page)
            misfits = save_section(tx, page.id, part, answers, seen=request.form.get("seen", ""))[1]
            problems += _nicer(page, part, answers, misfits)
    except Refused as refused:
        return _refused(ref, part, answers, refused)
    try:
        with acting("hand_in_file", record_id=page.id) as tx:
            _files(tx, page, part)
    except Refused as refused:
        problems += refused.refusals
    page = _page(ref)
    if problems:
        return _shown(page, part, {**page.answers, **answers}, problems, status=422)
    then = request.form.get("then", "")
    if then:
        flash(_("Saved."))
        return redirect(url_for(".show", ref=ref, section=name), 303)
    following = page.after(name)
    if following is None:
        beside = [part.path for part in page.parts]
        return redirect(beside[0] if beside else url_for("application_sending.check", ref=ref), 303)
    return redirect(url_for(".show", ref=ref, section=following), 303)


@pages.post("/applications/<ref>/save")
def save_meanwhile(ref: str) -> ResponseReturnValue:
    """Save a section while somebody writes in it; answers for the script that asks."""
    page = _page(ref, brief=True)
    part = _section(page, request.form.get("section", ""))
    answers = typed_answers(part, request.form)
    try:
        with acting("save_answers", record_id=page.id) as tx:
            saved, misfits = save_section(tx, page.id, part, answers, seen=request.form.get("seen", ""))
    except Refused as refused:
        sentence = " ".join(said(each) for each in refused.refusals)
        if not is_stale(refused):
            return jsonify({"sentence": sentence}), 422
        page = _page(ref)
        return jsonify(
            {
                "sentence": sentence,
                "revision": page.revision,
                "seen": page.seen(part),
                "html": render_template("applications/conflict.html", **_conflict(page, part, answers)),
            }
        ), 412
    page = replace(page, answers=saved.answers)
    told: dict[str, Any] = {
        "revision": saved.revision,
        "seen": page.seen(part),
        "saved": formats.moment(now(), language(), page.zone),
        "totals": _totals(page, part),
    }
    if misfits:
        wrong = _nicer(page, part, answers, misfits)
        told["sentence"] = " ".join(said(each) for each in wrong)
        return jsonify(told), 422
    return jsonify(told)


# What the pages show


def _totals(page: FormPage, part: Section) -> dict[str, str]:
    """Return what the budgets of a section come to."""
    budgets = tuple(question for question in part.fields if question.kind == "budget")
    drawn = asked(page, replace(part, fields=budgets), page.answers, ())
    return {each.field.name: each.field.total for each in drawn}


def _page(ref: str, *, brief: bool = False) -> FormPage:
    with reading() as tx:
        page = form_page(tx, ref, language(), brief=brief)
        if page is not None and not brief:
            page = replace(page, parts=parts_of(tx, page.where))
    if page is None:
        abort(404)
    return page


def _section(page: FormPage, name: str) -> Section:
    section = page.section(name)
    if section is None:
        abort(404)
    return section


def _shown(
    page: FormPage,
    part: Section,
    answers: Mapping[str, Any],
    problems: Sequence[Refusal],
    *,
    status: int = 200,
    **more: Any,
) -> ResponseReturnValue:
    view = {
        "page": page,
        "part": part,
        "line": page.line(part.name),
        "asked": asked(page, part, answers, problems),
        "problems": problems if status == 422 or "checked" in request.args else (),
        "seen": page.seen(part),
        "countries": country_choices(),
        "help": in_language(part.help, language(), page.form.language),
        "items": section_items(page, part.name),
        "kept": {
            question.name: list(shown_answer(page, question, page.answers.get(question.name)))
            for question in part.fields
        },
        "differences": (),
        "zone": page.zone,
        **more,
    }
    return render_template("applications/form.html", **view), status


def section_items(page: FormPage, now_at: str | None) -> list[dict[str, Any]]:
    """Return the list beside the form: its sections, what is sent beside them, and at the end checking and sending."""
    items = [
        {
            "label": line.label,
            "url": url_for("application_form.show", ref=page.ref, section=line.name),
            "state": line.state,
            "now": line.name == now_at,
        }
        for line in page.sections
        if line.open or not page.completing
    ]
    items += [
        {"label": _(part.label), "url": part.path, "state": part.state, "now": part.name == now_at}
        for part in page.parts
    ]
    check = {
        "label": _("Check and send"),
        "url": url_for("application_sending.check", ref=page.ref),
        "state": "todo",
        "now": now_at is None,
    }
    return [*items, check]


@pages.app_template_filter("size")
def size(count: int) -> str:
    """Return the size of a file as people say it."""
    return str(_("%(count)s kB", count=formats.whole(max(1, round(count / 1000)), language())))


def _refused(ref: str, part: Section, answers: Mapping[str, Any], refused: Refused) -> ResponseReturnValue:
    """Show the person's own words once more, and where somebody else was faster, theirs beside them."""
    page = _page(ref)
    if not page.editable:
        raise refused
    both = _conflict(page, part, answers)["differences"] if is_stale(refused) else ()
    return _shown(page, part, {**page.answers, **answers}, refused.refusals, status=422, differences=both)


def _conflict(page: FormPage, part: Section, answers: Mapping[str, Any]) -> dict[str, Any]:
    questions = {question.name: question for question in part.fields}
    return {
        "page": page,
        "part": part,
        "differences": [
            (
                each.field,
                asked_label(page, part, each.field),
                list(shown_answer(page, questions[each.field], each.theirs)),
                list(shown_answer(page, questions[each.field], answers[each.field])),
            )
            for each in differences(part, page.answers, answers)
        ],
    }


def asked_label(page: FormPage, part: Section, name: str) -> str:
    """Return the words of a question."""
    return next(each.field.label for each in asked(page, part, {}, ()) if each.field.name == name)


def _nicer(
    page: FormPage, part: Section, answers: Mapping[str, Any], misfits: Sequence[Refusal]
) -> list[Refusal]:
    """Return misfits in the reader's words; where single amounts cannot be read, those instead of the whole table."""
    cells = unreadable(part, answers)
    tables = {str(cell.where).partition(".")[0] for cell in cells}
    return [
        *in_words_of(page.form, (each for each in misfits if each.where not in tables), language()),
        *cells,
    ]


# What comes with the form beside the answers


def _choose_window(tx: Tx, page: FormPage) -> None:
    chosen = request.form.get("window")
    if chosen and len(page.pots) > 1:
        applications.choose_window(tx, page.id, _id(chosen, "window"))


def _files(tx: Tx, page: FormPage, part: Section) -> None:
    folder = entrance().data_folder
    names = [question.name for question in part.fields if question.kind == "file"]
    then = request.form.get("then", "")
    for name in names:
        if then.startswith(f"remove.{name}."):
            applications.detach(tx, page.id, name, _id(then.rpartition(".")[2], name))
        for sent in request.files.getlist(name):
            if not sent.filename:
                continue
            if folder is None:
                raise refuse("no_room_for_files", "Files cannot be handed in here now.", name)
            applications.attach(
                tx, folder / "files", page.id, name, sent.filename, sent.stream.read(LARGEST + 1)
            )


def _id(text: str, where: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise refuse("unknown_choice", "This is none of the choices that are offered.", where) from None
