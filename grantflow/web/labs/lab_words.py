"""The words of a lab's closed lists, in the reader's language."""

from __future__ import annotations

from flask_babel import gettext as _

from grantflow.domain.labs.places import place_name


def helix(name: str) -> str:
    """Return for which part of society somebody comes."""
    match name:
        case "business":
            return str(_("Business"))
        case "research":
            return str(_("Research and education"))
        case "public":
            return str(_("Public bodies"))
        case "civil_society":
            return str(_("Civil society"))
        case _other:
            return name


def kind(name: str) -> str:
    """Return what kind of contribution it is."""
    match name:
        case "need":
            return str(_("Need"))
        case "idea":
            return str(_("Idea"))
        case "evidence":
            return str(_("Evidence"))
        case "offer":
            return str(_("Offer"))
        case "question":
            return str(_("Question"))
        case "comment":
            return str(_("Comment"))
        case _other:
            return name


def level(name: str) -> str:
    """Return how somebody takes part."""
    match name:
        case "observer":
            return str(_("I follow what happens"))
        case "contributor":
            return str(_("I contribute"))
        case "co_owner":
            return str(_("I carry it with others"))
        case _other:
            return name


def place(code: str | None) -> str:
    """Return a place as people call it."""
    return place_name(code) if code else str(_("Not said"))


WORDS = {"helix": helix, "kind_word": kind, "level_word": level, "place_word": place}
"""What the templates of the lab call them."""
