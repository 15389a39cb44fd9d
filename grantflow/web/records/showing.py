"""The page of a record, whatever its kind, and its whole journal."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request, url_for
from flask_babel import gettext as _

from grantflow.services.bounces import not_reached_on
from grantflow.services.records.links import desk_of
from grantflow.services.records.meaning import is_inside
from grantflow.services.records.page import RecordPage, journal_page, record_page
from grantflow.services.records.visibility import Found
from grantflow.services.workflows import LifecycleView, scheme_view
from grantflow.web.drawings import drawing
from grantflow.web.entrance import entrance, reading
from grantflow.web.records import writing
from grantflow.web.words import language

pages = Blueprint("record", __name__)


@pages.get("/records/<ref>")
def show(ref: str) -> str:
    """Show a record to whoever may see it."""
    with reading() as tx:
        page = record_page(tx, ref, language())
    if page is None:
        abort(404)
    zone = page.found.zone
    desk = desk_of(page.found)
    return render_template(
        "records/record.html",
        page=page,
        desk=writing.links([desk] if desk else []),
        zone=zone,
        crumbs=crumbs(page),
        options=writing.options(page.options),
        parts=[
            (part, writing.facts(part.facts, zone)) for part in page.content.parts if part.facts or part.texts
        ],
        links=writing.links(page.links),
        related=writing.related(page.related, zone),
        journal=writing.entries(page.journal, zone),
        lifecycle=_lifecycle(page.found),
        drawing=_drawing(page.found),
    )


def crumbs(page: RecordPage) -> list[tuple[str, str | None]]:
    """Return the way to a record: its call, the record above it, itself."""
    way: list[tuple[str, str | None]] = []
    if page.found.record == "call":
        way.append((_("Calls"), f"{url_for('first.show')}#calls"))
    else:
        way.append((page.call, f"/calls/{page.found.slug}"))
    if page.above is not None:
        way.append((str(page.above.label), page.above.path))
    return [*way, (page.found.ref, None)]


def _lifecycle(found: Found) -> LifecycleView:
    engine = entrance().database.engine
    view = scheme_view(engine.compiled(*found.scheme.key), engine.registry)
    return next(each for each in view.lifecycles if each.name == found.lifecycle.name)


def _drawing(found: Found) -> object:
    registry = entrance().database.engine.registry
    return drawing(found.scheme, found.lifecycle.name, registry, language(), current=found.shown.name)


@pages.get("/records/<ref>/journal")
def journal(ref: str) -> str:
    """Show everything that happened to a record, as far as the reader may know."""
    before = request.args.get("before", "")
    number = int(before) if before.isascii() and before.isdigit() and len(before) < 10 else None
    with reading() as tx:
        page = journal_page(tx, ref, language(), before=number)
        inside = page is not None and is_inside(page.found.scheme, page.found.roles)
        unreached = not_reached_on(tx, page.found.id) if page is not None and inside else ()
    if page is None:
        abort(404)
    return render_template(
        "records/journal.html",
        page=page,
        zone=page.found.zone,
        unreached=unreached,
        crumbs=[(page.found.ref, f"/records/{page.found.ref}"), (_("Journal"), None)],
        journal=writing.entries(page.entries, page.found.zone),
        older=f"/records/{page.found.ref}/journal?before={page.older}" if page.older is not None else None,
    )
