"""Who may call which route: a route that is not in this table answers nobody and fails a test."""

from __future__ import annotations

from typing import Literal

from flask import Flask, abort, request

Who = Literal["everybody"]

ACCESS: dict[tuple[str, str], Who] = {
    ("/", "GET"): "everybody",
    ("/calls/<slug>", "GET"): "everybody",
    ("/workflows/<scheme>/v<int:version>/<lifecycle>", "GET"): "everybody",
    ("/static/<name>", "GET"): "everybody",
    ("/healthz", "GET"): "everybody",
    ("/readyz", "GET"): "everybody",
}
"""Route, method, who. What a person may see inside a page is the business of `visible_to`, record by record."""

READING = frozenset({"GET", "HEAD", "OPTIONS"})


def install(app: Flask) -> None:
    """Ask the table before every request."""

    @app.before_request
    def _ask() -> None:
        if request.url_rule is None:
            return
        method = "GET" if request.method in READING else request.method
        if (request.url_rule.rule, method) not in ACCESS:
            abort(404)
