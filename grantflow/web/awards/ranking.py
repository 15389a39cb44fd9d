"""The frozen ranking as a page and as a file."""

from __future__ import annotations

import csv
import io

from flask import Blueprint, Response, abort, render_template, request

from grantflow.services.awards.ranking_page import ranking_file, ranking_page
from grantflow.web.entrance import reading
from grantflow.web.words import language

pages = Blueprint("ranking", __name__)

FORMULAS = ("=", "+", "-", "@", "\t", "\r")
"""With what a cell begins that a spreadsheet would calculate instead of showing it."""


@pages.get("/calls/<slug>/ranking")
def show(slug: str) -> str:
    """Show the ranking of the call's stage, fifty places at a time."""
    with reading() as tx:
        page = ranking_page(tx, slug, language(), whole("after"))
    if page is None:
        abort(404)
    return render_template("awards/ranking.html", page=page)


@pages.get("/calls/<slug>/ranking.csv")
def download(slug: str) -> Response:
    """Hand out the whole ranking as the page shows it, for spreadsheets."""
    with reading() as tx:
        table = ranking_file(tx, slug, language())
    if table is None:
        abort(404)
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(table.head)
    writer.writerows([_shown(cell) for cell in row] for row in table.rows)
    answer = Response("\ufeff" + written.getvalue(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{table.name}"'
    return answer


def _shown(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULAS) else cell


def whole(name: str) -> int:
    """Return a whole number from the address, nought where there is none."""
    given = request.args.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0
