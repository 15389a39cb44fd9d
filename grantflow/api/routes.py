"""How an operation is declared: address, scope, what it takes and gives.

One declaration makes the route, its row in the table of access, and its part of the OpenAPI document; and it opens the
transaction in which the operation works.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Literal

from flask import Request, Response, g, request
from flask_smorest import Blueprint
from marshmallow import Schema
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import BadRequest

from grantflow.api import once
from grantflow.api.house import actor, house, now, reading
from grantflow.api.problems import PROBLEM, TRANSIENT, problem, status_of
from grantflow.api.seen import mark
from grantflow.api.shapes import ProblemSchema
from grantflow.api.signing import EVERYBODY
from grantflow.domain.refusal import Refused
from grantflow.services import refusals
from grantflow.services.people.kept_answers import earlier_answer, keep_answer
from grantflow.store.session import Tx

Scope = Literal["everybody", "read", "write", "step"]
Method = Literal["GET", "POST", "PATCH"]

PREFIX = "/api/v1"
_TEXT: Mapping[str, Any] = {"schema": {"type": "string"}}
_MARKED = {"ETag": _TEXT}


class Parser(FlaskParser):
    """Reads bodies and queries; a misspelt filter is told, since without it the answer would be about everything."""

    DEFAULT_UNKNOWN_BY_LOCATION = {**FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "query": "raise"}  # noqa: RUF012 - webargs reads a plain class attribute

    def load_json(self, req: Request, schema: Schema) -> Any:
        """Read a body, which has to be JSON that every database can take."""
        try:
            found = super().load_json(req, schema)
        except (ValueError, RecursionError):
            raise BadRequest from None
        if not _is_writing(found):
            raise BadRequest
        return found


def _is_writing(found: Any) -> bool:
    """Whether all texts in a document can be kept: none has NUL or half a character."""
    left = [found]
    while left:
        each = left.pop()
        if isinstance(each, str):
            if "\0" in each or any("\ud800" <= char <= "\udfff" for char in each):
                return False
        elif isinstance(each, Mapping):
            left += [*each.keys(), *each.values()]
        elif isinstance(each, list):
            left += each
    return True


class Operations(Blueprint):  # type: ignore[misc]  # flask-smorest has no types
    """A group of operations."""

    ARGUMENTS_PARSER = Parser()


@dataclass(frozen=True, slots=True)
class Given:
    """What an operation answers, before it becomes JSON."""

    body: object
    """A mapping, or a view whose attributes the shape names."""
    status: int = 200
    revisions: Mapping[str, int | str] = field(default_factory=dict)
    """What its mark names, where it is the present state of something."""
    location: str | None = None
    media_type: str = "application/json"


Operation = Callable[..., Given | Response | None]
ACCESS: dict[tuple[str, str], str] = {}
"""Address, method, scope: who may call which operation. One that stands nowhere here answers nobody."""


def operation(
    group: Any,
    method: Method,
    address: str,
    *,
    scope: Scope,
    gives: type[Schema] | Mapping[str, Any],
    status: int = 200,
    query: type[Schema] | None = None,
    takes: type[Schema] | None = None,
    form: type[Schema] | None = None,
    files: type[Schema] | None = None,
    media_type: str = "application/json",
    problems: Sequence[int] = (),
) -> Callable[[Operation], Operation]:
    """Declare an operation. It is given the open transaction, then what was parsed, then the parts of its address.

    An operation that reads works in a reading transaction; any other in one that writes, once under an
    `Idempotency-Key`. Nothing returned is nothing found.
    """
    ACCESS[PREFIX + address, method] = scope
    schema = gives() if isinstance(gives, type) else None
    parsed = [(query, "query"), (takes, "json"), (form, "form"), (files, "files")]
    asked = [(each, location) for each, location in parsed if each is not None]
    who = () if scope == EVERYBODY else (401, 403)
    reading_it = () if not asked else (400, 422) if method == "GET" else (400, 413, 422)
    told = sorted({*problems, *who, *reading_it})

    def declare(work: Operation) -> Operation:
        @wraps(work)
        def answered(*arguments: Any, **parts: Any) -> Response:
            if method == "GET":
                with reading() as tx:
                    found = work(tx, *arguments, **parts)
                    response = _response(found, schema)
                return _if_changed(response)
            return _done_once(lambda tx: _response(work(tx, *arguments, **parts), schema))

        view: Any = answered
        for code in told:
            view = group.alt_response(code, schema=ProblemSchema, content_type=PROBLEM)(view)
        if method == "GET":
            view = group.alt_response(304, description="It is as the one that you have.")(view)
        shape = gives if schema is None else schema
        view = group.response(status, shape, content_type=media_type, headers=_MARKED)(view)
        for each, location in reversed(asked):
            view = group.arguments(each, location=location)(view)
        view = group.doc(**_more(scope, method))(view)
        view.provide_automatic_options = False
        group.route(address, methods=[method])(view)
        return work

    return declare


def _more(scope: Scope, method: Method) -> dict[str, Any]:
    """Return what the document says beside the shapes: security, and headers that have a meaning here."""
    said: dict[str, Any] = {"security": [] if scope == EVERYBODY else [{"token": [scope]}]}
    headers = {"GET": ["If-None-Match"], "POST": ["Idempotency-Key"], "PATCH": []}[method]
    if method == "PATCH" or scope == "step":
        headers = [*headers, "If-Match"]
    said["parameters"] = [{"in": "header", "name": name, "required": False, **_TEXT} for name in headers]
    return said


def _response(given: Given | Response | None, schema: Schema | None) -> Response:
    if given is None:
        return problem(404)
    if isinstance(given, Response):
        return given
    body = given.body if schema is None else schema.dump(given.body)
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    response = Response(text, given.status, content_type=given.media_type)
    if given.location is not None:
        response.headers["Location"] = given.location
    if request.method == "GET" or given.revisions:
        response.set_etag(mark(text.encode(), given.revisions))
    return response


def _if_changed(response: Response) -> Response:
    """Return nothing but the mark where the asker has just this already."""
    if response.status_code == 200 and response.get_etag()[0] is not None:
        response.make_conditional(request)
    return response


def _done_once(work: Callable[[Tx], Response]) -> Response:
    """Do what is asked in one transaction, together with keeping its answer; what is refused is rolled back whole, and noted."""
    here = house()
    asked = once.question()
    try:
        with here.database.transaction(actor(), now()) as tx:
            first = None if asked is None else earlier_answer(tx, asked)
            if first is not None:
                return once.response_of(first)
            response = work(tx)
            if asked is not None:
                keep_answer(tx, asked, once.answer_of(response))
    except Refused as refused:
        _note(refused)
        if {refusal.code for refusal in refused.refusals} & TRANSIENT:
            return once.retry_later(refused)
        return once.refused_once(asked, refused)
    return response


def _note(refused: Refused) -> None:
    """Note what was refused for what it is; what only does not fit is a slip of the sender."""
    if status_of(refused) != 409:
        return
    name, record_id = g.get("attempt", (request.endpoint or "", None))
    refusals.note(house().database, actor(), now(), refused, transition=name, record_id=record_id)
