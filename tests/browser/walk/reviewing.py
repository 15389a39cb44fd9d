"""The reviews: reviewers are asked, say first what ties them, and score; one declines, one finds a conflict late."""

from __future__ import annotations

from sqlalchemy import select

from grantflow.services import reviews
from grantflow.services.demo.people import address_of
from grantflow.store.applications.models import Application
from grantflow.store.reviews.models import Review
from tests.browser.walk.applying import PROJECTS
from tests.browser.walk.checking import opens
from tests.browser.walk.people import SLUG, Person, Town

READERS = {
    "Leif Åslund": ("Birgit Aune", "Tuomas Rinne", "Pieter van Dam"),
    "Hanna Pell": ("Birgit Aune", "Tuomas Rinne", "Pieter van Dam"),
    "Bengt Olars": ("Birgit Aune", "Tuomas Rinne", "Rasa Kazlauskaitė"),
}
"""Applicant: who reads the application; the last of Bengt's finds a tie after having opened it."""
SUBSTITUTE = "Pieter van Dam"
POINTS = {"Leif Åslund": 5, "Hanna Pell": 4, "Bengt Olars": 3}


def reviewers_score(town: Town) -> None:
    """From eligible applications to a frozen ranking."""
    yusuf, karin = town["Yusuf Demir"], town["Karin Ekblad"]
    for applicant, readers in READERS.items():
        opens(yusuf, PROJECTS[applicant].title, "Reviewers")
        if applicant == "Leif Åslund":
            _asks_by_mail(yusuf, "Lena Modig")
            _declines(town["Lena Modig"])
            opens(yusuf, PROJECTS[applicant].title, "Reviewers")
            yusuf.part("Who reads it").row("Lena Modig").reads("Declined")
        for reader in readers:
            _asks_by_mail(yusuf, reader)
        yusuf.reads("It has the 3 reviewers that it needs.")
    karin.goes_to(f"/calls/{SLUG}/manage")
    karin.part("What you can do").follows("Start the review")
    karin.presses("Start the review")
    karin.reads("In review")
    _late_conflict(town)
    _begins(town["Birgit Aune"], "Leif Åslund")
    hands_in(town["Birgit Aune"], POINTS["Leif Åslund"])
    _others_score(town)
    karin.goes_to(f"/calls/{SLUG}/reviews")
    karin.reads("3 of 3")
    karin.goes_to(f"/calls/{SLUG}/ranking")
    karin.follows("Close the reviews and freeze the ranking")
    karin.presses("Close the review and freeze the ranking")
    karin.goes_to(f"/calls/{SLUG}/ranking")
    karin.reads("3 of 3 reach the marks: 60 points")


def _asks_by_mail(yusuf: Person, reviewer: str) -> None:
    asking = yusuf.part("Ask somebody new")
    asking.writes("E-mail address", address_of(reviewer))
    asking.presses("Ask by mail")
    yusuf.reads("The reviewer is asked by mail.")


def _finds(reviewer: Person, applicant: str) -> None:
    reviewer.goes_home()
    reviewer.part("What waits for you").follows(PROJECTS[applicant].title)
    reviewer.reads("Will you read this one?")
    reviewer.part("What you can do").follows("Read it, I have no conflict")
    reviewer.reads("Before you read")
    reviewer.sees_nothing_of("Build, run, measure, tell.")


def _declines(reviewer: Person) -> None:
    _finds(reviewer, "Leif Åslund")
    reviewer.follows("Decline")
    reviewer.writes("Reason", "I am away until the spring.")
    reviewer.presses("Decline")


def _begins(reviewer: Person, applicant: str) -> None:
    _finds(reviewer, applicant)
    reviewer.chooses("What ties you to it?", "Nothing ties me to it.")
    reviewer.presses("Say so")
    reviewer.reads("Thank you. The application is open to you now.", "Build, run, measure, tell.")


def _late_conflict(town: Town) -> None:
    """Rasa has opened the application when she sees whom she knows; somebody else reads it."""
    rasa, yusuf = town["Rasa Kazlauskaitė"], town["Yusuf Demir"]
    _begins(rasa, "Bengt Olars")
    rasa.follows("I have found a conflict of interest")
    rasa.chooses("What ties you to it?", "I have a conflict of interest and do not read it")
    rasa.writes("What it is, in a sentence", "The electrician is my brother.")
    rasa.presses("Say so")
    rasa.reads("You do not read this application; somebody else will.")
    opens(yusuf, PROJECTS["Bengt Olars"].title, "Reviewers")
    yusuf.reads("one reviewer is missing")
    yusuf.part("Who could read it").ticks(SUBSTITUTE)
    yusuf.presses("Ask those chosen by mail")
    yusuf.reads("It has the 3 reviewers that it needs.")


def hands_in(reviewer: Person, points: int) -> None:
    """Score every criterion of the review that is open, keep a draft, and hand it in."""
    for criterion in ("Potential", "Actors", "Feasibility"):
        asked = reviewer.group(criterion)
        asked.at.get_by_role("radio", name=str(points), exact=True).check()
        asked.writes("Why", "It is said who does what.")
    reviewer.presses("Save the draft")
    reviewer.writes("Overall judgement", "It can begin at once.")
    reviewer.presses("Hand in")
    reviewer.reads("Your review is handed in. This page is your receipt.")


def _others_score(town: Town) -> None:
    """The other reviews, through the services that the pages call."""
    titles = {project.title: applicant for applicant, project in PROJECTS.items()}
    for name in ("Birgit Aune", "Tuomas Rinne", SUBSTITUTE):
        with town.acting(name) as tx:
            waiting = tx.execute(
                select(Review.id, Application.title)
                .join(Application, Application.id == Review.application_id)
                .where(
                    Review.reviewer_id == tx.actor.user_id,
                    Review.submitted_at.is_(None),
                    Application.title.in_(titles),
                )
            )
            for row in waiting.all():
                reviews.declare(tx, row.id, "none")
                criteria = [each.name for each in reviews.sheet_of(tx, row.id).rubric.criteria]
                review_id, points = row.id, POINTS[titles[row.title]]
                reviews.save_scores(
                    tx,
                    review_id,
                    dict.fromkeys(criteria, points),
                    dict.fromkeys(criteria, "It is said who does what."),
                    comment="It can begin at once.",
                )
                reviews.submit_review(tx, review_id)
