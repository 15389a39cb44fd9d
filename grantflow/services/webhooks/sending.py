"""Sending a delivery: signed, to a public address, without following anybody anywhere, in limited time and size.

Who registers an address could name one inside the network of the installation. So the name is resolved here, every
address that it has must be a public one, and the connection goes to the very address that was looked at.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import ipaddress
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from threading import Timer
from urllib.parse import urlsplit

TIMEOUT = 10
"""Seconds that a receiver may be silent."""
WHOLE = 20
"""Seconds after which a receiver that answers drop by drop is left."""
LARGEST_ANSWER = 16 * 1024
LONGEST_URL = 500
SIGNATURE, DELIVERY = "GrantFlow-Signature", "GrantFlow-Delivery"
OK, NO_MORE_OK = 200, 300
_TUNNELS = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))
"""Networks whose addresses hide others."""


class NotSent(Exception):
    """The delivery was not taken; what it says is kept with the attempt."""

    def __init__(self, fault: str, status: int | None = None) -> None:
        self.status = status
        super().__init__(fault)


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends deliveries; `private` lets them go to addresses inside, and without TLS, for trials."""

    private: bool = False

    def send(self, url: str, secret: str, body: bytes, *, key: str, at: datetime) -> int:
        """Send a delivery and return the status of the answer.

        Raises:
            NotSent: the address may not be asked, nobody answered in time, or the answer was not yes.
        """
        against = against_url(url, private=self.private)
        if against is not None:
            raise NotSent(against)
        parts = urlsplit(url)
        assert parts.hostname is not None
        secure = parts.scheme == "https"
        port = parts.port or (443 if secure else 80)
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "GrantFlow",
            SIGNATURE: signature(secret, body, at),
            DELIVERY: key,
        }
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection = http.client.HTTPConnection(parts.hostname, port, timeout=TIMEOUT)
        # It ends everything, also an answer that comes in one byte each nine seconds.
        guard = Timer(WHOLE, lambda: _cut(connection))
        guard.daemon = True
        try:
            plain = socket.create_connection((self._address(parts.hostname, port), port), timeout=TIMEOUT)
            connection.sock = plain
            guard.start()
            if secure:
                context = ssl.create_default_context()
                connection.sock = context.wrap_socket(plain, server_hostname=parts.hostname)
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
            answer.read(LARGEST_ANSWER)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise NotSent(f"{type(error).__name__}: {error}") from error
        finally:
            guard.cancel()
            connection.close()
        if not OK <= answer.status < NO_MORE_OK:
            raise NotSent(f"The receiver answered {answer.status}.", answer.status)
        return answer.status

    def _address(self, host: str, port: int) -> str:
        found = [str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        if not self.private and not all(map(is_public, found)):
            raise NotSent("The name leads to an address that is not public.")
        return found[0]


def _cut(connection: http.client.HTTPConnection) -> None:
    if connection.sock is not None:
        with suppress(OSError):  # it may have ended by itself in this very moment
            connection.sock.shutdown(socket.SHUT_RDWR)


def signature(secret: str, body: bytes, at: datetime) -> str:
    """Return what proves that a body comes from here, and when it was sent."""
    moment = int(at.timestamp())
    made = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={made}"


def against_url(url: str, *, private: bool) -> str | None:
    """Return what speaks against an address, as far as it can be seen without asking anybody."""
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url:
        return f"An address has at most {LONGEST_URL} printable characters without spaces."
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "This is no address."
    if parts.scheme != "https" and not (private and parts.scheme == "http"):
        return "An address begins with https://."
    if not parts.hostname or port == 0:
        return "The address names no host."
    if parts.username is not None or parts.password is not None or parts.fragment:
        return "An address holds no user, no password and no fragment."
    try:
        literal = ipaddress.ip_address(parts.hostname)
    except ValueError:
        return None
    if not private and not is_public(str(literal)):
        return "The address is not public."
    return None


def is_public(address: str) -> bool:
    """Whether an address is one of the public internet, and of nothing that leads back inside."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_public(str(ip.ipv4_mapped))
        if any(ip in tunnel for tunnel in _TUNNELS):
            return False
    return ip.is_global and not ip.is_multicast
