"""The frame: written with its actions, commented by everybody, answered, and tabled."""

from __future__ import annotations

from tests.browser.walk.gathering import LAB, MEMBERS
from tests.browser.walk.people import SLUG, Town

TITLE = "Low carbon where the work is"
ACTIONS = (
    ("Heat that is left over becomes heat that is bought", "120 000", "agreements on heat", "2", "10"),
    ("Bark and sawdust instead of coal and oil", "100 000", "tonnes of fossil fuel replaced", "0", "1500"),
)
COMMENT = "Say that heat can be sold at night as well."


def the_frame_is_written(town: Town) -> None:
    """From the call's next step to the frame before the board."""
    karin, yusuf, leif = town["Karin Ekblad"], town["Yusuf Demir"], town["Leif Åslund"]
    karin.goes_to(f"/calls/{SLUG}/manage")
    karin.part("What you can do").follows("Begin to write the frame")
    karin.presses("Begin to write the frame")
    karin.reads("Vision and actions being written")
    _write(town)
    yusuf.part("What you may do").follows("Open for comments")
    yusuf.presses("Open for comments")
    leif.goes_to(LAB)
    leif.follows("Comment on it")
    leif.writes("What you want to say", COMMENT)
    leif.presses("Comment on the draft")
    leif.reads("Thank you. Your comment is public, and it gets an answer.", COMMENT)
    yusuf.goes_to(LAB)
    yusuf.follows("1 comment on the frame has no answer")
    yusuf.writes("Answer", "It says so now.")
    yusuf.presses("Answer this comment")
    yusuf.reads("The comment is answered.")
    town.clock_moves(22, by="Yusuf Demir")
    for step in ("Close the consultation", "Table the frame"):
        yusuf.goes_to(f"{LAB}/frame")
        yusuf.part("What you may do").follows(step)
        yusuf.presses(step)
    yusuf.reads("Before the board")


def _write(town: Town) -> None:
    yusuf = town["Yusuf Demir"]
    yusuf.goes_to(LAB)
    yusuf.presses("Begin to write the frame")
    yusuf.writes("Title", TITLE)
    yusuf.writes("Vision", "No kilowatt and no trained pair of hands leaves our industries unused.")
    for number, (title, envelope, measure, today, target) in enumerate(ACTIONS, start=1):
        if number > 1:
            yusuf.presses("Add an action")
        action = yusuf.group(f"Action {number}")
        action.writes("Title", title)
        action.writes("Money set aside", envelope)
        action.writes("Measured by", measure)
        action.writes("Today", today)
        action.writes("Target", target)
    yusuf.presses("Keep it and say what led to which action")
    for number, name in ((1, "Leif Åslund"), (2, "Sara Ljungdahl")):
        yusuf.row(MEMBERS[name][2]).ticks(f"led to action {number}")
    yusuf.presses("Keep what led to which action")
    yusuf.reads("It is kept what led to which action.", "Came from 1 contribution")
