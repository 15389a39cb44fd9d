"""Who may call which route: a route that is in no table answers nobody and fails a test."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module

from flask import Flask, abort, request
from flask.typing import ResponseReturnValue

from grantflow.web.entrance import entrance, person
from grantflow.web.people import returning
from grantflow.web.who import Who

OWN: Mapping[tuple[str, str], Who] = {
    ("/static/<name>", "GET"): "everybody",
    ("/healthz", "GET"): "everybody",
    ("/readyz", "GET"): "everybody",
}
"""Route, method, who: of the pages that stand in no room."""

READING = frozenset({"GET", "HEAD", "OPTIONS"})


def collected(modules: Iterable[str]) -> dict[tuple[str, str], Who]:
    """Return the tables of all rooms as one. What a person may see inside a page is the business of `visible_to`."""
    table = dict(OWN)
    for room in sorted({name.rpartition(".")[0] for name in modules} - {"grantflow.web"}):
        table.update(import_module(room).ACCESS)
    return table


def install(app: Flask, table: Mapping[tuple[str, str], Who]) -> None:
    """Ask the table before every request; who has to sign in first finds what they typed again afterwards."""
    app.extensions["access"] = table

    @app.before_request
    def _ask() -> ResponseReturnValue | None:
        if request.url_rule is None:
            return None
        if "\0" in request.path:
            abort(404)
        method = "GET" if request.method in READING else request.method
        who = table.get((request.url_rule.rule, method))
        if who is None or (who == "demo" and not entrance().demo):
            abort(404)
        if who == "signed_in" and person() is None:
            return returning.sign_in_first()
        _no_nul()  # only now: what a stranger sends to a page that is not theirs is not even read
        return returning.brought_back() if method == "GET" else None


def _no_nul() -> None:
    """Refuse the one character that no keyboard has and no text column takes."""
    if request.is_json and b"\\u0000" in request.get_data(cache=True):
        abort(400)
    given = (*request.args.items(multi=True), *request.form.items(multi=True))
    if any("\0" in name or "\0" in value for name, value in given):
        abort(400)
