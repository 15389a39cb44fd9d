"""The lab: people register and are admitted, workshops are planned and held, needs and offers are brought and published."""

from __future__ import annotations

from tests.browser.walk.people import SLUG, Person, Town

LAB = f"/calls/{SLUG}/lab"

MEMBERS = {
    "Leif Åslund": ("Hofors Stålvalsverk Demo AB", "Need", "We heat the sky all night at 90 degrees."),
    "Sara Ljungdahl": ("Ljusdals Skogsägare ek. för.", "Idea", "Bark has no owner. Give it one."),
    "Per Wikman": ("Bergslagens tekniska institut", "Evidence", "Ash tests of six reductants."),
    "Samira Haddad": ("Torsby Lärcentrum Demo", "Need", "Courses run by day. We work by night."),
}
"""Four people of the four parts of society: for whom they come, and what they bring."""

WORKSHOPS = ("The heat we lose", "The wood we burn", "The people we need")


def the_lab_gathers(town: Town) -> None:
    """From the first registration to the last workshop."""
    for name, (organisation, _, _) in MEMBERS.items():
        _register(town[name], organisation)
    _admit(town["Yusuf Demir"])
    town.clock_reaches("Registration closes", by="Yusuf Demir")
    _plan(town)
    for name, (_, kind, words) in MEMBERS.items():
        _bring(town[name], kind, words)
    _publish(town["Yusuf Demir"])
    town["Sara Ljungdahl"].goes_to(LAB)
    town["Sara Ljungdahl"].row(MEMBERS["Leif Åslund"][2]).presses("Support")
    town["Sara Ljungdahl"].row(MEMBERS["Leif Åslund"][2]).reads("1 supports it")
    town.clock_moves(5, by="Yusuf Demir")
    _hold(town["Yusuf Demir"])


def _register(someone: Person, organisation: str) -> None:
    someone.goes_to(f"/calls/{SLUG}")
    someone.follows("The challenge lab")
    someone.follows("Register for the lab")
    someone.chooses("For whom you take part", organisation)
    someone.ticks("My name and organisation may be shown")
    someone.presses("Register")
    someone.reads("You are registered.")


def _admit(yusuf: Person) -> None:
    yusuf.goes_home()
    yusuf.goes_to(LAB)
    yusuf.follows("4 people wait for an answer")
    yusuf.ticks(*(f"Choose {name}" for name in MEMBERS))
    yusuf.presses("Admit those who are chosen")
    yusuf.reads("Admit 4 people", *MEMBERS)
    yusuf.presses("Admit")
    yusuf.reads("4 people are admitted.")


def _plan(town: Town) -> None:
    yusuf = town["Yusuf Demir"]
    for number, title in enumerate(WORKSHOPS):
        yusuf.goes_to(LAB)
        yusuf.unfolds("Plan a session")
        sessions = yusuf.part("Sessions")
        sessions.writes("Title", title)
        sessions.writes("Place", ("Gävle", "Falun", "Karlstad")[number])
        sessions.writes("Day", town.in_days(number + 2))
        sessions.writes("Time", "13:00")
        sessions.presses("Plan the session")
        yusuf.reads("The session is planned.", title)


def _bring(someone: Person, kind: str, words: str) -> None:
    someone.goes_to(LAB)
    bringing = someone.part("Bring something")
    bringing.chooses("What you bring", kind)
    bringing.writes("In your words", words)
    bringing.chooses("May everybody read it", "Yes")
    bringing.presses("Bring it to the lab")
    someone.reads(words)


def _publish(yusuf: Person) -> None:
    yusuf.goes_to(LAB)
    yusuf.part("What waits for the office").reads("4 contributions are not published yet")
    waiting = yusuf.part("Not published yet")
    for _, _, words in MEMBERS.values():
        waiting.row(words).at.get_by_role("checkbox").check()
    waiting.presses("Publish what is chosen")
    yusuf.presses("Publish")
    yusuf.reads("0 contributions are not published yet")


def _hold(yusuf: Person) -> None:
    for title in WORKSHOPS:
        yusuf.goes_to(LAB)
        yusuf.follows(f"Keep “{title}”")
        yusuf.ticks(*MEMBERS)
        yusuf.writes("What came out of it", f"Everybody spoke about {title.lower()}.")
        yusuf.presses("Note that it was held")
        yusuf.reads("It is noted that the session was held.")
