"""The addresses of the demo's people: they follow from the names and lead nowhere."""

from __future__ import annotations

import unicodedata

DOMAIN = "demo.invalid"


def address_of(name: str) -> str:
    """Return the address of somebody of the demo: first and last name, folded to ASCII."""
    plain = (
        unicodedata.normalize("NFKD", name.replace("ø", "o"))
        .encode("ascii", "ignore")
        .decode()
        .lower()
        .split()
    )
    return f"{plain[0]}.{plain[-1]}@{DOMAIN}"
