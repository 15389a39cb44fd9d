"""What a request says of its way is believed from the proxies of the settings alone."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_network
from typing import Any

import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Request, Response

from grantflow.web.proxies import Behind

PROXY, OUTER, CLIENT, STRANGER = "127.0.0.1", "10.1.2.3", "198.51.100.7", "203.0.113.9"
TRUSTED = (ip_network("127.0.0.1"), ip_network("10.0.0.0/8"), ip_network("fd00::/8"))


@Request.application
def tells(request: Request) -> Response:
    said = request.headers.get("X-Request-Id", "")
    return Response("|".join([str(request.remote_addr), request.scheme, request.host, said]))


def heard(peer: str, trusted: Iterable[Any] = TRUSTED, **said: str) -> list[str]:
    headers = {f"X-{name.replace('_', '-')}": value for name, value in said.items()}
    client = Client(Behind(tells, trusted))
    return client.get("/", headers=headers, environ_base={"REMOTE_ADDR": peer}).text.split("|")


FULL = {
    "Forwarded_For": CLIENT,
    "Forwarded_Proto": "https",
    "Forwarded_Host": "grants.example.org",
    "Request_Id": "n-1",
}
ITSELF = ["http", "localhost", ""]


def test_a_proxy_is_believed() -> None:
    assert heard(PROXY, **FULL) == [CLIENT, "https", "grants.example.org", "n-1"]


@pytest.mark.parametrize("peer", [STRANGER, "127.0.0.2", "11.0.0.1", "fe80::1"])
def test_a_stranger_is_not(peer: str) -> None:
    assert heard(peer, **FULL) == [peer, *ITSELF]


def test_where_no_proxy_is_named_nobody_is_believed() -> None:
    assert heard(PROXY, trusted=(), **FULL) == [PROXY, *ITSELF]


@pytest.mark.parametrize(
    ("chain", "asks"),
    [
        (f"{CLIENT}, {OUTER}", CLIENT),
        (f"{STRANGER}, {CLIENT}", CLIENT),  # what a client brings along stands before what the proxy heard
        (f"{STRANGER}, {CLIENT}, {OUTER}", CLIENT),
        (f"{OUTER}, {PROXY}", OUTER),
        (f"{CLIENT}, unknown, {OUTER}", OUTER),
        ("<script>", PROXY),
        ("", PROXY),
        ("fd00::1", "fd00::1"),
        (f"::ffff:{CLIENT}", CLIENT),
    ],
)
def test_who_asks_is_the_last_that_is_no_proxy_of_ours(chain: str, asks: str) -> None:
    assert heard(PROXY, Forwarded_For=chain)[0] == asks


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Forwarded_Proto", "javascript"),
        ("Forwarded_Host", "grants.example.org/path"),
        ("Forwarded_Host", "a b"),
        ("Forwarded_Host", "evil.example.org,"[:-1] + "\\"),
    ],
)
def test_what_is_no_scheme_or_host_is_left_out(name: str, value: str) -> None:
    assert heard(PROXY, **{name: value}) == [PROXY, *ITSELF]


def test_the_nearest_proxy_has_the_last_word() -> None:
    said = heard(PROXY, Forwarded_Proto="http, https", Forwarded_Host="evil.example.org, grants.example.org")
    assert said[1:3] == ["https", "grants.example.org"]
