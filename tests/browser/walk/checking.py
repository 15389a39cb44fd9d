"""The check: an officer says first what ties them, answers the checklist, asks one applicant to complete, and passes all."""

from __future__ import annotations

from tests.browser.walk.applying import PROJECTS
from tests.browser.walk.people import SLUG, Person, Town

COMPLETED = "Bengt Olars"
MISSING = "Say who pays the rest, with names."


def applications_are_checked(town: Town) -> None:
    """From the list of what was sent to applications that are all eligible."""
    yusuf = town["Yusuf Demir"]
    opens(yusuf, PROJECTS[COMPLETED].title, "Checklist")
    _has_no_ties(yusuf)
    yusuf.unfolds("Something is missing: ask the applicant")
    yusuf.group("Sections to open again").ticks("Budget")
    yusuf.writes("What is missing", MISSING)
    yusuf.presses("Ask for completion")
    yusuf.reads("The applicant is asked.")
    _completes(town[COMPLETED])
    for name, project in PROJECTS.items():
        opens(yusuf, project.title, "Checklist")
        if name != COMPLETED:
            _has_no_ties(yusuf)
        for question in (
            "The applicant is an organisation",
            "The work is done",
            "The work had not begun",
            "Somebody who may act",
        ):
            yusuf.chooses(question, "Yes")
        yusuf.presses("Save the answers")
        yusuf.reads("All are answered and met.")
        yusuf.follows("Find it eligible")
        yusuf.presses("Find it eligible")
        yusuf.reads("Done: Find it eligible.")


def opens(someone: Person, title: str, page: str) -> None:
    """Find an application in the list of the call, and open one of its pages."""
    someone.goes_to(f"/calls/{SLUG}/applications")
    someone.follows(title)
    someone.follows(page)


def _has_no_ties(yusuf: Person) -> None:
    yusuf.chooses("Does anything tie you to this application?", "Nothing ties me to it")
    yusuf.presses("Say so")
    yusuf.reads("Noted. You may check the application now.")


def _completes(applicant: Person) -> None:
    applicant.goes_home()
    applicant.part("What waits for you").follows(PROJECTS[applicant.name].title)
    applicant.reads(MISSING)
    applicant.follows("The application form")
    applicant.follows("Budget")
    applicant.writes("Who pays the rest", "We do, and the town of Avesta.")
    applicant.presses("Save and go on")
    applicant.presses("Send what was missing")
    applicant.reads("Your application is received.")
