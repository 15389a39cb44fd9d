"""Requests under an `Idempotency-Key`: what was asked is done once, however often it is sent."""

from __future__ import annotations

import json
from hashlib import sha256

from flask import Response, request

from grantflow.api.house import caller, house
from grantflow.api.problems import TRANSIENT, problem, refused_problem
from grantflow.domain.actor import SYSTEM
from grantflow.domain.refusal import Refused, refuse
from grantflow.services.people.kept_answers import (
    LONGEST_KEY,
    Answer,
    Question,
    earlier_answer,
    keep_answer,
)

HEADER = "Idempotency-Key"
KEPT_HEADERS = ("Content-Type", "Location", "ETag")


def question() -> Question | None:
    """Return what is asked under a key, where the request carries one.

    Raises:
        Refused: the key is none that is kept.
    """
    key = request.headers.get(HEADER)
    known = caller()
    if key is None or known is None:
        return None
    if not 1 <= len(key) <= LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise refuse("bad_field", "A key has from 1 to 200 characters of ASCII.", HEADER)
    return Question(known.token_id, key, _asked(), house().wall())


def _asked() -> str:
    """Return the hash of what is asked; of forms with files that of their content, since each sending cuts them anew."""
    if request.mimetype == "multipart/form-data":
        fields = sorted(request.form.items(multi=True))
        files = []
        for name, file in request.files.items(multi=True):
            files.append((name, file.filename or "", sha256(file.stream.read()).hexdigest()))
            file.stream.seek(0)
        content = json.dumps([fields, sorted(files)]).encode()
    else:
        content = request.get_data(cache=True)
    return sha256(f"{request.method} {request.full_path}\n".encode() + content).hexdigest()


def answer_of(response: Response) -> Answer:
    """Return a response as it is kept."""
    headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    return Answer(response.status_code, headers, response.get_data(as_text=True))


def response_of(answer: Answer) -> Response:
    """Return a kept answer as the response that it was."""
    return Response(answer.body, answer.status, dict(answer.headers))


def refused_once(asked: Question | None, refused: Refused) -> Response:
    """Return the problem document of a refusal, and keep it under the key: the same request meets the same answer.

    Where another under the same key was through first, its answer is the one. What only the moment speaks against is
    not kept.
    """
    codes = {refusal.code for refusal in refused.refusals}
    response = refused_problem(refused)
    if asked is None or codes & TRANSIENT or "key_reused" in codes:
        return response
    here = house()
    with here.database.transaction(SYSTEM, asked.at) as tx:
        first = earlier_answer(tx, asked)
        if first is None:
            keep_answer(tx, asked, answer_of(response))
    return response if first is None else response_of(first)


def retry_later(refused: Refused) -> Response:
    """Return the answer to a request that lost a race and may be sent again as it is."""
    return problem(503, str(refused), headers={"Retry-After": "1"})
