"""The board: a meeting is called, somebody leaves for a conflict of interest, two sign, and what was decided is carried out."""

from __future__ import annotations

from tests.browser.walk.gathering import LAB
from tests.browser.walk.people import SLUG, Person, Town

PRESENT = ("Mona Tyskling", "Lars Myhr", "Amina Warsame", "Gunvor Stake", "Ola Rådström")
BODY = "Board of the seed fund"
PROGRAMME = "Regions in industrial transition"


def the_board_adopts_the_frame(town: Town) -> None:
    """From the call of the meeting to the lab that is closed and the fund that opens on its day."""
    meeting = board_meets(town, "Adopt the frame", leaving="Ola Rådström")
    mona, karin = town["Mona Tyskling"], town["Karin Ekblad"]
    mona.goes_to(meeting)
    mona.follows("Carry out §1: Adopt the frame")
    mona.presses("Adopt the frame")
    mona.reads(
        "What the body decided is carried out.", "The minutes are signed, and everything is carried out."
    )
    town.visitor.goes_to(f"{LAB}/frame")
    town.visitor.reads("In force")
    karin.goes_to(f"/calls/{SLUG}/manage")
    karin.part("What you can do").follows("Close the lab with the adopted frame")
    karin.presses("Close the lab with the adopted frame")
    karin.reads("Frame adopted")
    town.clock_reaches("Fund opens", by="Karin Ekblad")
    karin.goes_to(f"/calls/{SLUG}/manage")
    karin.part("What you can do").follows("Open the fund")
    karin.presses("Open the fund")
    karin.reads("Open for applications")


def board_meets(town: Town, matter: str, leaving: str | None = None) -> str:
    """Let the registrar call a meeting about something, and the body adopt it; return the page of the meeting."""
    elin = town["Elin Nordvall"]
    elin.goes_to("/meetings")
    elin.part("Bodies").row(PROGRAMME).follows(BODY)
    elin.unfolds("Call a meeting")
    elin.writes("Day", town.in_days(3))
    elin.writes("Time", "13:00")
    elin.presses("Call the meeting")
    elin.reads("The meeting is called. Put on its agenda what the body shall decide.")
    meeting = elin.page.url.removeprefix(elin.reader.site.address)
    elin.picks("What the body shall decide", matter)
    elin.presses("Put it on the agenda")
    elin.reads("It is on the agenda.")
    town.clock_moves(3, by="Elin Nordvall")
    elin.goes_to(meeting)
    elin.ticks(*(f"{name} ·" for name in PRESENT))
    elin.presses("Note who is in the room")
    if leaving is not None:
        _leaves(town[leaving], meeting)
        elin.goes_to(meeting)
        elin.reads(f"Not part of this item because of a conflict of interest: {leaving}.")
    elin.reads("The quorum is there.")
    elin.chooses("What came out", "Adopted")
    elin.presses("Note what came out of")
    elin.writes("Minutes", f"The board decided: {matter}.")
    elin.presses("Keep the minutes")
    elin.reads("The minutes are written.")
    for name, role in (("Mona Tyskling", "chair"), ("Gunvor Stake", "adjuster")):
        member = town[name]
        member.goes_to(meeting)
        member.presses(f"Sign as the {role}")
        member.reads("You have signed the minutes.")
    return meeting


def _leaves(member: Person, meeting: str) -> None:
    member.goes_to(meeting)
    member.presses("I have a conflict of interest and leave for §")
    member.reads("Who leaves for this item is noted.")
