"""Calls as everybody may know them, and the form of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from grantflow.api.house import language
from grantflow.api.routes import PREFIX, Given, Operations, operation
from grantflow.api.shapes import CallSchema, CallsSchema, PageQuery
from grantflow.domain.calls.form_schema import MEDIA_TYPE, form_schema
from grantflow.services.applications.public_form import public_form
from grantflow.services.awards.results import public_call
from grantflow.services.calls.public import known_calls
from grantflow.store.session import Tx

group = Operations("calls", __name__, description="Calls that everybody may know of, and their forms.")


@operation(group, "GET", "/calls", scope="everybody", gives=CallsSchema, query=PageQuery)
def show_all(tx: Tx, query: Mapping[str, Any]) -> Given:
    """Return the calls that everybody may know of, by their slugs."""
    after = query.get("after", "")
    every = sorted(known_calls(tx, language()), key=lambda line: line.slug)
    lines = [line for line in every if line.slug > after]
    page = lines[: query["limit"]]
    return Given(
        {
            "items": [
                {
                    "slug": line.slug,
                    "ref": line.ref,
                    "title": line.title,
                    "agency": line.agency,
                    "state": line.state,
                    "next_date": line.next_date,
                    "envelopes": line.money,
                }
                for line in page
            ],
            "next": next_page("/calls", query, page[-1].slug) if len(lines) > len(page) else None,
        }
    )


def next_page(address: str, query: Mapping[str, Any], after: object) -> str:
    """Return the address of the page behind a key, with the same filters."""
    return f"{PREFIX}{address}?{urlencode({**query, 'after': after})}"


@operation(group, "GET", "/calls/<slug>", scope="everybody", gives=CallSchema, problems=(404,))
def show(tx: Tx, slug: str) -> Given | None:
    """Return a call: its dates, its money, and what was decided once it is told."""
    found = public_call(tx, slug, language())
    return None if found is None else Given({name: getattr(found.page, name) for name in CallSchema().fields})


@operation(
    group,
    "GET",
    "/calls/<slug>/form",
    scope="everybody",
    gives={"type": "object", "description": "A JSON Schema (2020-12) of the answers that can be sent."},
    media_type=MEDIA_TYPE,
    problems=(404,),
)
def show_form(tx: Tx, slug: str) -> Given | None:
    """Return the form of a call's present stage as JSON Schema."""
    form = public_form(tx, slug)
    return None if form is None else Given(form_schema(form, language()), media_type=MEDIA_TYPE)
