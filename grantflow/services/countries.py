"""The countries from which partners of European programmes come, by their names in each language."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache

from babel.languages import get_official_languages

from grantflow.services.formats import locale_of

CODES = (
    *(
        "AT",
        "BE",
        "BG",
        "HR",
        "CY",
        "CZ",
        "DK",
        "EE",
        "FI",
        "FR",
        "DE",
        "GR",
        "HU",
        "IE",
        "IT",
        "LV",
        "LT",
        "LU",
    ),
    *(
        "MT",
        "NL",
        "PL",
        "PT",
        "RO",
        "SK",
        "SI",
        "ES",
        "SE",
        "AL",
        "BA",
        "CA",
        "CH",
        "FO",
        "GB",
        "GE",
        "GL",
        "IL",
    ),
    *("IS", "JP", "KR", "LI", "MD", "ME", "MK", "NO", "NZ", "RS", "TN", "TR", "UA", "US", "XK"),
)
"""The Union, its neighbours, and the others whose research takes part in the Union's programmes."""


@cache
def countries(language: str) -> tuple[tuple[str, str], ...]:
    """Return codes and names of countries in the order of their names in a language."""
    names = locale_of(language).territories
    return tuple(sorted(((code, names.get(code, code)) for code in CODES), key=lambda each: _folded(each[1])))


def language_of(country: str, spoken: Sequence[str], otherwise: str) -> str:
    """Return the language in which somebody from a country is written to, of those that are spoken here."""
    official = get_official_languages(country, de_facto=True)
    return next((language for language in official if language in spoken), otherwise)


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
