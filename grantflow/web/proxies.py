"""What a request says of its way here is believed only where a proxy says it that the settings name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

FOR, PROTO, HOST = "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST"
REQUEST_ID = "HTTP_X_REQUEST_ID"
SAID = (FOR, PROTO, HOST, REQUEST_ID, "HTTP_X_FORWARDED_PORT", "HTTP_X_FORWARDED_PREFIX", "HTTP_FORWARDED")
"""What is taken away from every request that comes from anybody else."""
_HOST = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")


class Behind:
    """An application behind proxies: for whom, by which scheme and under which name they ask.

    Each proxy adds to `X-Forwarded-For` whom it heard; read from the end, the first that is no proxy of ours is the one
    who asks, whatever stands before it. Of the other two the last word counts, which is that of the nearest proxy.
    """

    def __init__(self, app: WSGIApplication, trusted: Iterable[Network]) -> None:
        self._app = app
        self._trusted = tuple(trusted)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        peer = _address(environ.get("REMOTE_ADDR", ""))
        if peer is not None and self._is_ours(peer):
            self._believe(environ, peer)
        else:
            for name in SAID:
                environ.pop(name, None)
        return self._app(environ, start_response)

    def _is_ours(self, address: Address) -> bool:
        return any(address in network for network in self._trusted)

    def _believe(self, environ: WSGIEnvironment, peer: Address) -> None:
        asks = peer
        for word in reversed(_words(environ, FOR)):
            found = _address(word)
            if found is None:
                break  # what stands before it was not written by a proxy of ours
            asks = found
            if not self._is_ours(found):
                break
        environ["REMOTE_ADDR"] = str(asks)
        if (scheme := _last(environ, PROTO).lower()) in {"http", "https"}:
            environ["wsgi.url_scheme"] = scheme
        if _HOST.fullmatch(host := _last(environ, HOST)):
            environ["HTTP_HOST"] = host


def _words(environ: WSGIEnvironment, name: str) -> list[str]:
    return [word.strip() for word in environ.get(name, "").split(",") if word.strip()]


def _last(environ: WSGIEnvironment, name: str) -> str:
    return (_words(environ, name) or [""])[-1]


def _address(text: str) -> Address | None:
    try:
        address = ip_address(text.strip("[]"))
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped or address
