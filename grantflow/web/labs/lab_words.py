"""The words of a lab's closed lists, in the reader's language."""

from __future__ import annotations

from flask_babel import gettext as _

from grantflow.domain.labs.places import place_name


def helix(name: str) -> str:
    """Return for which part of society somebody comes."""
    return {
        "business": str(_("Business")),
        "research": str(_("Research and education")),
        "public": str(_("Public bodies")),
        "civil_society": str(_("Civil society")),
    }.get(name, name)


def kind(name: str) -> str:
    """Return what kind of contribution it is."""
    return {
        "need": str(_("Need")),
        "idea": str(_("Idea")),
        "evidence": str(_("Evidence")),
        "offer": str(_("Offer")),
        "question": str(_("Question")),
        "comment": str(_("Comment")),
    }.get(name, name)


def level(name: str) -> str:
    """Return how somebody takes part."""
    return {
        "observer": str(_("I follow what happens")),
        "contributor": str(_("I contribute")),
        "co_owner": str(_("I carry it with others")),
    }.get(name, name)


def place(code: str | None) -> str:
    """Return a place as people call it."""
    return place_name(code) if code else str(_("Not said"))


WORDS = {"helix": helix, "kind_word": kind, "level_word": level, "place_word": place}
"""What the templates of the lab call them."""
