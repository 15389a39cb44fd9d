"""The manager rehearses the call on its page and publishes it."""

from __future__ import annotations

from tests.browser.walk.people import SLUG, Town


def the_call_is_rehearsed(town: Town) -> None:
    """Karin finds the draft on her home and plays it with made-up people."""
    karin = town["Karin Ekblad"]
    karin.goes_home()
    karin.part("What waits for you").follows("North Middle Sweden: Challenge Lab and Seed Fund")
    karin.follows("Manage the call")
    karin.follows("Rehearse the call")
    karin.writes("How many applications", "6")
    karin.presses("Rehearse the call")
    for _ in range(200):
        if karin.at.get_by_role("link", name="Look again").count() == 0:
            break
        karin.follows("Look again")
    karin.reads("Played with 6 applications to the end: everything that must always hold held.")
    karin.follows("On to publishing")


def the_call_is_published(town: Town) -> None:
    """Karin publishes the call, and everybody finds it."""
    karin = town["Karin Ekblad"]
    karin.goes_to(f"/calls/{SLUG}/manage")
    karin.part("What you can do").follows("Publish the call")
    karin.presses("Publish the call")
    karin.reads("Register for the lab")
    town.visitor.goes_to("/")
    town.visitor.follows("North Middle Sweden: Challenge Lab and Seed Fund")
    assert town.visitor.page.url.endswith(f"/calls/{SLUG}")
    town.visitor.reads("Register for the lab")
