"""Words in several languages, with the one whose words stand in for missing ones."""

from __future__ import annotations

from collections.abc import Mapping

Words = Mapping[str, str]
"""A text by language: {"en": "Seed fund", "sv": "Såddfond"}."""

LANGUAGES = (
    *("bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr", "hu", "is", "it", "lt", "lv"),
    *("mt", "nb", "nl", "nn", "pl", "pt", "ro", "se", "sk", "sl", "sv", "uk"),
)
"""Languages in which programmes write: those of the Union and its neighbours, by ISO 639-1."""


def in_language(words: Words, language: str, otherwise: str = "en") -> str:
    """Return the text in a language, else in the one that stands in, else in any; empty where there is none."""
    for wanted in (language, otherwise, *sorted(words)):
        if words.get(wanted):
            return words[wanted]
    return ""
