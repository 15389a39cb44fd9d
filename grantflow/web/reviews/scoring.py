"""Reading and scoring: the application beside the rubric; the draft saves itself; what is missing is said at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, Response, abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grantflow.domain.refusal import Refusal, Refused
from grantflow.services import files, formats, reviews
from grantflow.services.reviews.review_page import (
    ScoreForm,
    ScoresPage,
    file_of_review,
    score_form,
    scores_page,
    total_so_far,
)
from grantflow.store.files import StoredFile
from grantflow.web.answers import refused_page
from grantflow.web.applications.papers import as_download
from grantflow.web.entrance import acting, entrance, reading
from grantflow.web.fields import errors_of
from grantflow.web.words import language, said

pages = Blueprint("scoring", __name__)

TEMPLATE = "reviews/scores.html"
STALE = "scores_stale"


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion as the macro of a score draws it."""

    name: str
    label: str
    help: str
    weight: str
    least: int
    most: int
    anchors: Sequence[tuple[int, str]]
    value: int | str | None
    comment: str
    error: str
    comment_required: bool


@pages.get("/reviews/<ref>/scores")
def show(ref: str) -> ResponseReturnValue:
    """Show the application beside the rubric; who has not said yet what ties them to it says so first."""
    with reading() as tx:
        page = scores_page(tx, ref, language())
    if page is None:
        return redirect(url_for("declaring.show", ref=ref), 303)
    return render_template(TEMPLATE, page=page, criteria=_criteria(page), comment=page.comment)


@pages.post("/reviews/<ref>/scores")
def save(ref: str) -> ResponseReturnValue:
    """Keep what was written, and hand it in where that was asked for: kept words stay kept if handing in is refused."""
    form = _form(ref)
    try:
        _keep(form)
        if request.form.get("then") == "hand_in":
            with acting(record_id=form.id) as tx:
                reviews.submit_review(tx, form.id)
            flash(_("Your review is handed in. Thank you."))
        else:
            flash(_("Your draft is saved."))
    except Refused as refused:
        return _again(ref, refused)
    return redirect(url_for("scoring.show", ref=ref), 303)


@pages.post("/reviews/<ref>/save")
def autosave(ref: str) -> ResponseReturnValue:
    """Keep the draft while it is written; answers with the new revision and the sum."""
    form = _form(ref)
    try:
        with acting(record_id=form.id) as tx:
            points, comments, comment = _typed(form)
            revision = reviews.save_scores(
                tx, form.id, points, comments, comment=comment, revision=_revision()
            )
            total = total_so_far(reviews.sheet_of(tx, form.id))
            saved = tx.now
    except Refused as refused:
        stale = any(problem.code == STALE for problem in refused.refusals)
        return jsonify(sentence=said(refused.refusals[0])), 412 if stale else 422
    clock = formats.moment(saved, language(), form.zone)
    return jsonify(revision=revision, saved=clock, totals={"score": points_words(total)})


@pages.get("/reviews/<ref>/files/<uuid:file_id>")
def file(ref: str, file_id: UUID) -> Response:
    """Hand out a file that was sent with the application."""
    folder = entrance().data_folder
    with reading() as tx:
        found = file_of_review(tx, ref, file_id, language())
        if found is None or folder is None:
            abort(404)
        kept = tx.session.get_one(StoredFile, found)
        content = files.read(tx, folder / "files", found)
    name = f"{ref}-{found.hex[:8]}.{kept.media_type.rpartition('/')[2]}"
    return as_download(content, name, kept.media_type)


def _form(ref: str) -> ScoreForm:
    with reading() as tx:
        form = score_form(tx, ref)
    return form if form is not None else abort(404)


def _keep(form: ScoreForm) -> None:
    points, comments, comment = _typed(form)
    with acting(record_id=form.id) as tx:
        reviews.save_scores(tx, form.id, points, comments, comment=comment, revision=_revision())


def _again(ref: str, refused: Refused) -> ResponseReturnValue:
    """Show the person's own words again, beside what somebody saved elsewhere where that is what is wrong."""
    stale = any(problem.code == STALE for problem in refused.refusals)
    with reading() as tx:
        now = scores_page(tx, ref, language())
    if now is None:  # it went out of sight meanwhile
        abort(404)
    return refused_page(
        TEMPLATE,
        refused,
        page=now,
        criteria=_criteria(now, refused.refusals, typed=True),
        comment=_words("comment"),
        elsewhere=_criteria(now) if stale else (),
    )


def _typed(form: ScoreForm) -> tuple[dict[str, int | None], dict[str, str], str]:
    points: dict[str, int | None] = {}
    comments: dict[str, str] = {}
    for name in form.criteria:
        given = request.form.get(f"score.{name}", "")
        points[name] = int(given) if given.isascii() and given.isdigit() and len(given) < 5 else None
        comments[name] = _words(f"comment.{name}")
    return points, comments, _words("comment")


def _words(name: str) -> str:
    return request.form.get(name, "").replace("\r\n", "\n")


def _revision() -> int | None:
    given = request.form.get("revision", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None


def _criteria(
    page: ScoresPage, problems: Sequence[Refusal] = (), *, typed: bool = False
) -> tuple[Criterion, ...]:
    wrong = errors_of(problems)
    return tuple(
        Criterion(
            each.name,
            each.title,
            each.help,
            _("counts %(percent)s %%", percent=each.weight)
            if each.threshold is None
            else _("counts %(percent)s %%, needs %(least)s", percent=each.weight, least=each.threshold),
            page.least,
            page.most,
            tuple((anchor.at, anchor.words) for anchor in page.anchors),
            request.form.get(f"score.{each.name}") if typed else each.points,
            _words(f"comment.{each.name}") if typed else each.comment,
            wrong.get(each.name, ""),
            each.comment_required,
        )
        for each in page.criteria
    )


def points_words(hundredths: int | None) -> str:
    """Return a sum of points as people read it, in the page's language."""
    return "" if hundredths is None else formats.points(hundredths, language())


@pages.app_template_filter("points")
def _points(hundredths: int | None) -> str:
    return points_words(hundredths)
