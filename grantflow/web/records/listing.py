"""The list of a call's applications, and the same as a file for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import replace
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, render_template, request
from flask_babel import gettext as _

from grantflow.services.records.listing import ApplicationList, Line, Wanted, application_list, every_line
from grantflow.web.entrance import reading
from grantflow.web.fields import Field
from grantflow.web.words import language

pages = Blueprint("applications_list", __name__)

COLUMNS = ("ref", "title", "organisation", "state", "asked", "sent")
FORMULAS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for the beginning of a formula."""


@pages.get("/calls/<slug>/applications")
def show(slug: str) -> str:
    """Show the applications of a call to those who work for the programme."""
    with reading() as tx:
        page = application_list(tx, slug, wanted(), language())
    if page is None:
        abort(404)
    return render_template(
        "records/applications.html",
        page=page,
        fields=_fields(page),
        chips=_chips(page),
        sorts=_sorts(page),
        older=_address(page, replace(page.wanted, after=page.older, before="")) if page.older else None,
        newer=_address(page, replace(page.wanted, before=page.newer, after="")) if page.newer else None,
        clear=f"/calls/{slug}/applications",
        file=_address(page, replace(page.wanted, after="", before=""), ".csv"),
    )


def wanted() -> Wanted:
    """Return what the address asks for; what it cannot mean is left out."""
    given = request.args
    sort = given.get("sort", "ref")
    rows = given.get("rows", "")
    return Wanted(
        words=given.get("words", "").replace("\0", "")[:200].strip(),
        state=given.get("state", "")[:100],
        window=given.get("window", "").replace("\0", "")[:100],
        sort=sort.removeprefix("-"),
        falling=sort.startswith("-"),
        after=given.get("after", "")[:500],
        before=given.get("before", "")[:500],
        size=int(rows) if rows.isascii() and rows.isdigit() and len(rows) < 6 else 0,
    )


def _address(page: ApplicationList, asked: Wanted, ending: str = "") -> str:
    given = {
        "words": asked.words,
        "state": asked.state,
        "window": asked.window,
        "sort": ("-" if asked.falling else "") + asked.sort,
        "after": asked.after,
        "before": asked.before,
        "rows": str(asked.size) if asked.size != Wanted().size else "",
    }
    plain = {name: value for name, value in given.items() if value and (name, value) != ("sort", "ref")}
    address = f"/calls/{page.found.slug}/applications{ending}"
    return f"{address}?{urlencode(plain)}" if plain else address


def _fields(page: ApplicationList) -> list[Field]:
    states = tuple((each.state.name, f"{_(each.state.label)} ({each.count})") for each in page.states)
    fields = [
        Field("words", "text", _("Words in title, organisation or reference"), value=page.wanted.words),
        Field("state", "choice", _("State"), value=page.wanted.state, choices=states),
    ]
    if len(page.windows) > 1:
        fields.append(Field("window", "choice", _("Window"), value=page.wanted.window, choices=page.windows))
    return fields


def _chips(page: ApplicationList) -> list[tuple[str, str]]:
    asked = replace(page.wanted, after="", before="")
    chips = []
    if asked.words:
        chips.append((asked.words, _address(page, replace(asked, words=""))))
    if asked.state:
        label = next(
            (_(each.state.label) for each in page.states if each.state.name == asked.state), asked.state
        )
        chips.append((label, _address(page, replace(asked, state=""))))
    if asked.window:
        label = dict(page.windows).get(asked.window, asked.window)
        chips.append((label, _address(page, replace(asked, window=""))))
    return chips


def _sorts(page: ApplicationList) -> dict[str, tuple[str, str | None]]:
    """Return for each column the address that sorts by it, and in which direction it is sorted now."""
    asked = replace(page.wanted, after="", before="")
    sorts = {}
    for name in COLUMNS:
        mine = asked.sort == name
        direction = ("descending" if asked.falling else "ascending") if mine else None
        turned = mine and not asked.falling
        sorts[name] = (_address(page, replace(asked, sort=name, falling=turned)), direction)
    return sorts


@pages.get("/calls/<slug>/applications.csv")
def download(slug: str) -> Response:
    """Answer with exactly the lines that the list shows, on all its pages, for a spreadsheet."""
    with reading() as tx:
        lines = every_line(tx, slug, wanted(), language())
        if lines is None:
            abort(404)
        text = "".join(_rows(lines))
    return Response(
        "\ufeff" + text,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{slug}-applications.csv"'},
    )


def _rows(lines: Iterable[Line]) -> Iterator[str]:
    yield _row(
        [
            _("Reference"),
            _("Title"),
            _("Organisation"),
            _("State"),
            _("Window"),
            _("Sum asked for"),
            _("Currency"),
            _("Sent"),
        ]
    )
    for line in lines:
        yield _row(
            [
                line.ref,
                line.title,
                line.organisation,
                _(line.state.label),
                line.window,
                f"{line.asked.amount / 100:.2f}" if line.asked else "",
                line.asked.currency if line.asked else "",
                line.sent_at.isoformat() if line.sent_at else "",
            ]
        )


def _row(cells: Iterable[str]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow([f"'{cell}" if cell.startswith(FORMULAS) else cell for cell in cells])
    return written.getvalue()
