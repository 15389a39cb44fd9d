"""The letters: read before they leave, released; one accepts, one declines, and the first of the reserve list moves up."""

from __future__ import annotations

from tests.browser.walk.applying import PROJECTS
from tests.browser.walk.deciding import RESERVE
from tests.browser.walk.people import SLUG, Person, Town

WINNER, DECLINER = "Leif Åslund", "Hanna Pell"


def applicants_are_told(town: Town) -> None:
    """From the first letter that is read to the grant that moved up."""
    karin = town["Karin Ekblad"]
    karin.goes_to(f"/calls/{SLUG}/manage")
    karin.follows("Letters")
    karin.part("Letter by letter").follows(PROJECTS[WINNER].title)
    karin.reads("This is how the letter will leave", "40")
    for _ in PROJECTS:
        karin.presses("I have read this letter")
        karin.reads("The letter is marked as read.")
    karin.reads("All have been read.")
    karin.presses("Release 3 letters")
    karin.reads("The decisions are released; 3 letters are on their way.")
    town.post_leaves()
    _accepts(town[WINNER])
    _declines(town[DECLINER])
    _moves_up(town)


def _reads_the_decision(someone: Person, found_in: str = "What waits for you") -> None:
    """Four lines: yes or no, how much, why, and what to do by when."""
    someone.goes_home()
    someone.part(found_in).follows(PROJECTS[someone.name].title)
    someone.follows("The decision")
    assert someone.page.locator(".gf-four > div").count() == 4


def _accepts(someone: Person) -> None:
    _reads_the_decision(someone)
    assert someone.downloads("Download the decision (PDF)").startswith(b"%PDF")
    someone.part("Your grant").reads("40")
    someone.part("Your grant").follows("Accept the award")
    someone.presses("Accept the award")
    someone.reads("Project running")


def _declines(someone: Person) -> None:
    someone.reads_in("lt")
    _reads_the_decision(someone)
    someone.follows("Decline the award")
    someone.writes("Reason", "The greenhouse is sold.")
    someone.presses("Decline the award")
    someone.reads("Declined")


def _moves_up(town: Town) -> None:
    sofia, karin, bengt = town["Sofia Brännvall"], town["Karin Ekblad"], town[RESERVE]
    title = PROJECTS[RESERVE].title
    _reads_the_decision(bengt, "What happens next")
    bengt.reads("reserve list")
    sofia.goes_home()
    sofia.goes_to(f"/calls/{SLUG}/reserve")
    sofia.row(title).reads("Money is there")
    sofia.row(title).follows("Move up")
    sofia.writes("Reason", "A grant was declined, and the permit has come.")
    sofia.presses("Move up from the reserve")
    karin.goes_to(f"/calls/{SLUG}/letters")
    karin.part("Out of the round").follows(title)
    karin.presses("I have read this letter")
    karin.part("What you can do").follows("Release the decision")
    karin.presses("Release the decision")
    _reads_the_decision(bengt)
    bengt.follows("Accept the award")
    bengt.presses("Accept the award")
    bengt.reads("Project running")
    town.visitor.goes_to(f"/calls/{SLUG}")
    town.visitor.reads("The applicants have been told. Everybody may read the results from")
    town.clock_moves(2, by="Karin Ekblad")
    town.visitor.goes_to(f"/calls/{SLUG}")
    town.visitor.part("What was decided").reads("Applications received", "Granted")
