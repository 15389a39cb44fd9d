"""Labels of workflow files in the language of whoever is written to: from the catalogues that the pages use."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from babel.support import NullTranslations, Translations

LOCALE = Path(__file__).resolve().parents[2] / "locale"


def translated(label: str, language: str) -> str:
    """Return a label in a language; as it stands where the catalogue does not know it."""
    return str(_catalogue(language).gettext(label)) if label else label


@cache
def _catalogue(language: str) -> Translations | NullTranslations:
    return Translations.load(str(LOCALE), [language], "messages")
