"""What went wrong, as problem documents (RFC 9457): the status, a sentence, and each reason by its code."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

import structlog
from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from grantflow.api.writing import sentence
from grantflow.domain.refusal import Refusal, Refused
from grantflow.services.cases.stepping import STALE
from grantflow.store.constraints import LOST_RACE
from grantflow.store.faults import fault_of

log = structlog.get_logger()

PROBLEM = "application/problem+json"
CHANGED_MEANWHILE = frozenset({STALE.code, "answers_stale"})
"""Somebody else was faster: whoever asks has not seen what is there now."""
NOT_FITTING = frozenset(
    {
        "missing_field",
        "bad_field",
        "field_wrong",
        "field_too_long",
        "field_too_small",
        "field_too_large",
        "unknown_field",
        "unknown_file",
        "unknown_window",
        "unknown_item",
        "bad_answer",
        "key_reused",
    }
)
"""What was sent does not fit what was asked for, whatever the state of the record."""
TRANSIENT = frozenset({LOST_RACE.code})
"""Nothing speaks against it but the moment: sent again, it may well be done."""
SENTENCES: Mapping[int, str] = {
    400: "The request could not be read.",
    401: "A token in force is needed: Authorization: Bearer gf_….",
    404: "There is nothing here that you may see.",
    405: "This is not done at this address.",
    413: "This is larger than what is taken.",
    415: "This is sent in another format than the one that is read here.",
    428: "Say which revision you have seen: as revision in the body, or by If-Match.",
    500: "Something went wrong on our side. Nothing of what you asked was half-done.",
}


def problem(
    status: int,
    detail: str | None = None,
    refusals: Iterable[Mapping[str, Any]] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return a problem document."""
    document: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail or SENTENCES.get(status, "The request cannot be answered."),
        "refusals": list(refusals),
    }
    return Response(json.dumps(document, ensure_ascii=False), status, headers, content_type=PROBLEM)


def reason(refusal: Refusal) -> dict[str, Any]:
    """Return a refusal as every answer spells it."""
    return {
        "code": refusal.code,
        "sentence": sentence(refusal.text, refusal.params),
        "where": refusal.where,
    }


def refused_problem(refused: Refused) -> Response:
    """Return the problem document of what was refused."""
    reasons = [reason(each) for each in refused.refusals]
    detail = " ".join(dict.fromkeys(each["sentence"] for each in reasons))
    return problem(status_of(refused), detail, reasons)


def status_of(refused: Refused) -> int:
    """Return the status that tells a program what to do: look again, send something else, or mend what speaks against it."""
    codes = {refusal.code for refusal in refused.refusals}
    if codes & CHANGED_MEANWHILE:
        return HTTPStatus.PRECONDITION_FAILED
    return HTTPStatus.UNPROCESSABLE_ENTITY if codes <= NOT_FITTING else HTTPStatus.CONFLICT


def http_problem(error: HTTPException) -> Response:
    """Return the problem document of what the router or the reader of bodies found wrong."""
    if isinstance(error.response, Response):
        return error.response
    data = getattr(error, "data", None) or {}
    headers = {name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After")}
    return problem(
        error.code or 500,
        data.get("detail"),
        _of_fields(data.get("messages") or {}),
        headers | (data.get("headers") or {}),
    )


def _of_fields(messages: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what does not fit in a body or a query, a refusal for each field."""
    return [
        {"code": "bad_field", "sentence": text, "where": where}
        for fields in messages.values()
        for where, text in _flat(fields, ())
    ]


def _flat(found: Any, way: tuple[str, ...]) -> Iterable[tuple[str, str]]:
    if isinstance(found, Mapping):
        for name, inner in found.items():
            yield from _flat(inner, way if name == "_schema" else (*way, str(name)))
    elif isinstance(found, list):
        for text in found:
            yield from _flat(text, way)
    else:
        yield ".".join(way), str(found)


def install(app: Flask) -> None:
    """Answer every fault with a problem document."""

    @app.errorhandler(Refused)
    def _not_granted(refused: Refused) -> Response:
        return refused_problem(refused)

    @app.errorhandler(Exception)
    def _fault(error: Exception) -> Response:
        if isinstance(error, HTTPException):
            return http_problem(error)
        fault = fault_of(error)
        if fault is not None:
            log.error("fault", code=fault.code)
            reasons = [{"code": fault.code, "sentence": fault.sentence, "where": None}]
            return problem(503, fault.sentence, reasons, {"Retry-After": "5"})
        log.error("error", exc_info=error)
        return problem(500)
