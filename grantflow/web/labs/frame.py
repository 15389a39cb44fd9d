"""The frame: read it, write it, say what it came from, comment on the draft, answer the comments."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grantflow.domain.refusal import Refusal, Refused, refuse
from grantflow.services.labs import framing
from grantflow.services.labs.frame_page import FramePage, frame_page, sources_to_choose
from grantflow.services.labs.lab_page import lab_head
from grantflow.services.people.once import first_time
from grantflow.store.session import Tx
from grantflow.web.answers import refused_page
from grantflow.web.entrance import acting, reading
from grantflow.web.fields import Field, errors_of
from grantflow.web.labs import action_rows, lab_words
from grantflow.web.words import language, said

pages = Blueprint("frame", __name__)


@pages.get("/calls/<slug>/lab/frame")
def show(slug: str) -> str:
    """Show the latest frame that the reader may see, or one version."""
    return render_template("labs/frame.html", **_view(slug), problems=())


@pages.post("/calls/<slug>/lab/frame")
def begin(slug: str) -> ResponseReturnValue:
    """Begin the next version of the frame, and go on to write it."""
    try:
        with acting("create") as tx:
            head = lab_head(tx, slug, language())
            if head is None:
                abort(404)
            key = request.form.get("once", "")
            if not key or first_time(tx, key):
                framing.start_frame(tx, head.call_id, head.title, lang=language())
    except Refused as refused:
        for each in refused.refusals:
            flash(said(each), "danger")
        return redirect(url_for("lab.show", slug=slug), 303)
    return redirect(url_for("frame.form", slug=slug), 303)


@pages.get("/calls/<slug>/lab/frame/write")
def form(slug: str) -> str:
    """Show the form of the frame to those who write it."""
    page = _written(slug)
    return render_template("labs/write_frame.html", page=page, problems=(), **_form(page))


@pages.post("/calls/<slug>/lab/frame/write")
def write(slug: str) -> ResponseReturnValue:
    """Keep what was written; with `then` set to `row`, show one more action to fill in."""
    page = _written(slug)
    rows = action_rows.typed_rows(page)
    if request.form.get("then") == "row":
        rows.append(action_rows.empty_row(len(rows) + 1))
        return render_template("labs/write_frame.html", page=page, problems=(), **_form(page, rows=rows))
    try:
        with acting() as tx:
            _demand_fresh(_found(tx, slug))
            framing.write_frame(
                tx,
                page.id,
                title=_text("title"),
                vision=_text("vision"),
                conditions=_text("conditions"),
                changes=_text("changes"),
            )
            framing.write_actions(tx, page.id, action_rows.read(rows, page))
    except Refused as refused:
        page = _written(slug)
        view = _form(page, refused.refusals, rows)
        return refused_page("labs/write_frame.html", refused, page=page, **view)
    flash(_("The frame is kept."))
    onward = "frame.sources" if request.form.get("then") == "sources" else "frame.show"
    return redirect(url_for(onward, slug=slug), 303)


@pages.get("/calls/<slug>/lab/frame/sources")
def sources(slug: str) -> str:
    """Show what was brought beside the actions, to say what led to which."""
    page = _written(slug)
    with reading() as tx:
        brought = sources_to_choose(tx, page.head.call_id)
    return render_template("labs/sources.html", page=page, brought=brought, **lab_words.WORDS)


@pages.post("/calls/<slug>/lab/frame/sources")
def trace(slug: str) -> ResponseReturnValue:
    """Keep what led to which action."""
    page = _written(slug)
    with acting() as tx:
        brought = {str(each.id): each.id for each in sources_to_choose(tx, page.head.call_id)}
        chosen = {
            action.number: [
                brought[each] for each in request.form.getlist(f"action-{action.number}") if each in brought
            ]
            for action in page.actions
        }
        framing.trace(tx, page.id, chosen)
    flash(_("It is kept what led to which action."))
    return redirect(url_for("frame.show", slug=slug), 303)


@pages.post("/calls/<slug>/lab/frame/comments")
def comment(slug: str) -> ResponseReturnValue:
    """Comment on the draft."""

    def act(tx: Tx, page: FramePage) -> None:
        key = request.form.get("once", "")
        if not key or first_time(tx, key):
            framing.comment_on_frame(tx, page.id, _text("text"))

    return _done(slug, act, _("Thank you. Your comment is public, and it gets an answer."), "text")


@pages.post("/calls/<slug>/lab/frame/comments/<uuid:comment_id>/answer")
def answer(slug: str, comment_id: UUID) -> ResponseReturnValue:
    """Answer a comment."""
    where = f"answer-{comment_id}"

    def act(tx: Tx, page: FramePage) -> None:
        if comment_id not in {each.id for each in page.comments}:
            abort(404)
        framing.answer_comment(tx, comment_id, _text(where))

    return _done(slug, act, _("The comment is answered."), where)


def _demand_fresh(page: FramePage) -> None:
    """Let nobody write over what somebody else wrote meanwhile without having seen that they did."""
    seen = request.form.get("seen")
    if seen is not None and seen != _digest(page):
        raise refuse(
            "stale",
            "Somebody else wrote on the frame meanwhile. Your words are here; look at theirs before you keep yours.",
        )


def _digest(page: FramePage) -> str:
    said = [page.title, page.vision, page.conditions, page.changes, *(repr(each) for each in page.actions)]
    return sha256("\0".join(said).encode()).hexdigest()[:16]


def _done(slug: str, act: Callable[[Tx, FramePage], None], thanks: str, where: str) -> ResponseReturnValue:
    try:
        with acting() as tx:
            act(tx, _found(tx, slug))
    except Refused as refused:
        told = [Refusal(each.code, each.text, each.params, where) for each in refused.refusals]
        return refused_page("labs/frame.html", Refused(told), **_view(slug, told))
    flash(thanks)
    return redirect(url_for("frame.show", slug=slug, _anchor="comments"), 303)


def _text(name: str) -> str:
    return request.form.get(name, "").replace("\r\n", "\n").strip()


def _found(tx: Tx, slug: str, version: int | None = None) -> FramePage:
    page = frame_page(tx, slug, language(), version)
    if page is None:
        abort(404)
    return page


def _written(slug: str) -> FramePage:
    """Return the frame for those who may write on it now; for others there is no such page."""
    with reading() as tx:
        page = _found(tx, slug)
    if not page.may_write:
        abort(404)
    return page


def _view(slug: str, problems: Iterable[Refusal] = ()) -> dict[str, Any]:
    version = request.args.get("version", "")
    with reading() as tx:
        known = version.isascii() and version.isdigit() and len(version) < 10
        page = _found(tx, slug, int(version) if known else None)
    errors = errors_of(problems)
    return {
        "page": page,
        "saying": Field(
            "text",
            "long_text",
            _("What you want to say on the draft"),
            value=request.form.get("text", ""),
            error=errors.get("text", ""),
            limit=framing.LONGEST,
            rows=5,
        ),
        "answers": {
            each.id: Field(
                f"answer-{each.id}",
                "long_text",
                _("Answer"),
                value=request.form.get(f"answer-{each.id}", ""),
                error=errors.get(f"answer-{each.id}", ""),
                rows=3,
            )
            for each in page.comments
            if each.answer is None
        },
        **lab_words.WORDS,
    }


def _form(
    page: FramePage, problems: Iterable[Refusal] = (), rows: Sequence[action_rows.ActionRow] | None = None
) -> dict[str, Any]:
    errors, sent = errors_of(problems), request.form

    def field(name: str, label: str, kept: str, text: str = "", **more: Any) -> Field:
        kind = more.pop("kind", "long_text")
        value = sent.get(name, kept)
        return Field(name, kind, label, text, value, errors.get(name, ""), **more)

    shown = action_rows.rows_of(page) if rows is None else list(rows)
    return {
        "fields": [
            field("title", _("Title"), page.title, kind="text"),
            field("vision", _("Vision"), page.vision, _("Where the region wants to be."), rows=6),
            field(
                "conditions",
                _("Conditions for projects"),
                page.conditions,
                _("What the fund demands beside serving an action."),
                required=False,
            ),
            *(
                [
                    field(
                        "changes",
                        _("What this version changes"),
                        page.changes,
                        _("What differs from the version before, and whom it touches."),
                    )
                ]
                if page.version > 1
                else []
            ),
        ],
        "seen": _digest(page),
        "rows": [action_rows.fields_of(row, page.head.currency, errors) for row in shown],
        **lab_words.WORDS,
    }
