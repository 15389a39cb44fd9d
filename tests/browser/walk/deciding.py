"""The decision: a proposal from the ranking, one line changed with its reason, and the board."""

from __future__ import annotations

from tests.browser.walk.adopting import board_meets
from tests.browser.walk.applying import PROJECTS
from tests.browser.walk.people import SLUG, Town

RESERVE = "Bengt Olars"


def the_board_decides(town: Town) -> None:
    """From the frozen ranking to decisions that nobody outside knows yet."""
    karin, mona = town["Karin Ekblad"], town["Mona Tyskling"]
    karin.goes_to(f"/calls/{SLUG}/manage")
    karin.follows("Proposal")
    karin.presses("Draw up the proposal")
    karin.reads("The proposal is drawn up.", "Every line gives the answer of the rules.")
    karin.part("Line by line").row(PROJECTS[RESERVE].title).follows("Change")
    karin.chooses("Answer", "Reserve list")
    karin.writes("Reasons for the applicant", "The yard waits for its permit.")
    karin.writes("Why this departs from the ranking and the rules", "The yard has no permit yet.")
    karin.presses("Change the line")
    karin.reads("The line is changed.", "One line gives another answer than the rules.")
    karin.follows("Put it before the body")
    karin.presses("Table the proposal")
    karin.reads("Proposal before the board")
    meeting = board_meets(town, "Decide on the proposal")
    mona.goes_to(meeting)
    mona.follows("Carry out §2: Decide on the proposal")
    mona.presses("Decide on the proposal")
    mona.reads("What the body decided is carried out.")
    leif = town["Leif Åslund"]
    leif.goes_home()
    leif.part("What happens next").row(PROJECTS[leif.name].title).reads("In assessment")
    town.visitor.goes_to(f"/calls/{SLUG}")
    town.visitor.sees_nothing_of("What was decided")
