"""Applying: three fill in the form and send it, one begins and does not; the deadline passes by itself."""

from __future__ import annotations

from dataclasses import dataclass

from tests.browser.walk.people import SLUG, Person, Town


@dataclass(frozen=True)
class Project:
    """What somebody applies with; sums as people type them."""

    title: str
    action: str
    cost: str
    asked: str


PROJECTS = {
    "Leif Åslund": Project("Night heat to the tomato house", "1", "70 000", "40 000"),
    "Hanna Pell": Project("The greenhouse takes two megawatts", "1", "60 000", "35 000"),
    "Bengt Olars": Project("A yard for old beams", "2", "50 000", "28 000"),
}
BEGUN = "Ylva Thorsell"


def applicants_apply(town: Town) -> None:
    """From the open fund to the deadline."""
    town["Leif Åslund"].at_a_phone()
    town["Hanna Pell"].goes_home()
    town["Hanna Pell"].reads_in("lt")
    for name, project in PROJECTS.items():
        begins(town[name])
        sends(town[name], project)
    assert town["Hanna Pell"].downloads("Download the receipt (PDF)").startswith(b"%PDF")
    begins(town[BEGUN])
    town.clock_reaches("Submission deadline", by="Karin Ekblad")
    town["Karin Ekblad"].goes_to(f"/calls/{SLUG}/manage")
    town["Karin Ekblad"].reads("Applications being checked")
    ylva = town[BEGUN]
    ylva.goes_to(f"/calls/{SLUG}/apply")
    ylva.reads("This call receives no new applications now.")


def begins(someone: Person, slug: str = SLUG) -> None:
    """Begin an application for one's organisation, from the page of the call."""
    someone.goes_to(f"/calls/{slug}")
    someone.follows("Apply", exact=True)
    someone.at.get_by_role("radio").first.check()
    someone.presses("Begin the application")


def sends(someone: Person, project: Project) -> None:
    """Fill in the whole form, mend what was forgotten, and send it."""
    someone.writes("Title of the project", project.title)
    someone.group("Actions of the frame that the project serves").ticks(f"{project.action}.")
    someone.writes("What do you want to try, and what is new in it?", "We try it for one winter.")
    someone.writes("What becomes less (carbon, waste, cost) if it works, and for whom?", "Less carbon.")
    someone.presses("Save and go on")
    someone.writes("First day of the project", "2028-03-01")
    someone.writes("How many months it runs", "9")
    someone.writes("The steps, and how you will know that each is done", "Build, run, measure, tell.")
    someone.presses("Save and go on")
    someone.writes("The people and organisations, and what each brings", "Two of us and an electrician.")
    someone.writes("How the idea came out of the lab", "It was said at the second workshop.")
    someone.presses("Save and go on")
    someone.writes("Staff", project.cost)
    someone.writes("The grant that you ask for", project.asked)
    someone.writes("Who pays the rest", "We do.")
    someone.presses("Save and go on")
    someone.writes("Project leader, with telephone", f"{someone.name}, 070-174 06 05")
    someone.chooses("Size of the organisation", "Small")
    someone.chooses("Has the work begun, or has anything been ordered for it?", "No")
    someone.presses("Save and go on")
    someone.follows("What stands here is true, and I may act for the organisation")
    someone.ticks("What stands here is true, and I may act for the organisation")
    someone.presses("Save and go on")
    someone.reads("Everything that has to be there is there.", project.title)
    someone.presses("Send the application")
    someone.reads("Your application is received.")
