"""What a browser fetches at its first visit to a page, as it is served, fonts apart."""

from __future__ import annotations

import re

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

NAMED = re.compile(r'(?:href|src)="(/static/[^"#]+\.(?:css|js|svg))')


def fetched(client: FlaskClient, address: str) -> dict[str, int]:
    """Return what a page and everything that it names take on the wire, in bytes, by name."""
    packed = {"Accept-Encoding": "gzip, deflate, br"}
    page = client.get(address, headers=packed, buffered=True)
    assert page.status_code == 200, page.status_code
    found = {"page": _length(page)}
    for name in sorted(set(NAMED.findall(page.text))):
        answer = client.get(name, headers=packed, buffered=True)
        assert answer.status_code == 200, name
        found[re.sub(r"-[0-9a-f]{10}(?=\.)", "", name.rpartition("/")[2])] = _length(answer)
    return found


def _length(answer: TestResponse) -> int:
    """Return the length of an answer with its headers."""
    return len(answer.data) + sum(len(name) + len(value) + 4 for name, value in answer.headers.items())
