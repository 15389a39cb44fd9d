"""The script of the demo as its files say it: people, organisations, calls, and who did what on which day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from grantflow.domain.calls.plan import CallPlan
from grantflow.paths import data_folder
from grantflow.services.calls.file import read_call
from grantflow.workflow.document import Anything, Key, ListOf, Name, Place, Record, TableOf, Text, read_file
from grantflow.workflow.entries import Entry

PERSON = Record(
    "person",
    "Somebody of the demo.",
    Key("name", Text(120), "First and last name; the address follows from it.", required=True),
    Key("role", Name("role"), "The inside role that they play in the programmes; guests have none."),
    Key("seat", Text(20), "The seat in the bodies of the programmes: chair, member or deputy."),
    Key("organisation", Text(200), "Where they belong, and for what they may sign."),
    Key("language", Text(2), "The language in which they are written to.", default="sv"),
    Key("about", Text(300), "Who this is, in a sentence.", required=True),
)
CAST = Record(
    "cast",
    "The people of the demo.",
    Key("programme", ListOf(PERSON), "Those who work for the programmes.", required=True),
    Key("guests", ListOf(PERSON), "Those who come from outside.", required=True),
)
ORGANISATION = Record(
    "organisation",
    "An organisation of the demo.",
    Key("name", Text(200), "Its name.", required=True),
    Key("town", Text(80), "Where it is.", required=True),
    Key("nuts", Text(5), "The region of that place.", required=True),
    Key("helix", Name("helix"), "Which of the four helices it belongs to.", required=True),
    Key("legal_form", Text(40), "Its legal form.", required=True),
    Key("functions", ListOf(Name("function")), "What it does for firms as an intermediary."),
)
ORGANISATIONS = Record(
    "organisations",
    "The organisations of the demo.",
    Key("organisations", ListOf(ORGANISATION), "All of them.", required=True),
)
CROWD = Record(
    "crowd",
    "Names for those whom the story counts and does not name.",
    Key("first", ListOf(Text(40)), "First names.", required=True),
    Key("last", ListOf(Text(40)), "Last names.", required=True),
)
CALL = Record(
    "call of the story",
    "A call file, and when its dates lie.",
    Key("file", Text(200), "The file, from `config/` on.", required=True),
    Key("drafted", Anything(), "The day on which it is drafted.", required=True),
    Key("dates", TableOf(Text(20)), "Day and time of its dates.", required=True),
)
EVENT = Record(
    "event",
    "Somebody does something.",
    Key("day", Anything(), "The day, counted from the one on which the demo is loaded.", required=True),
    Key("at", Text(5), "The time of that day.", default="10:00"),
    Key("who", Text(120), "Who does it; the system where nobody is named."),
    Key("do", Name("verb"), "What is done.", required=True),
    Key("of", Text(200), "With which record, by the name that the story gave it."),
    Key("with", TableOf(Anything()), "What else it takes."),
)
STORY = Record(
    "story",
    "What happened, in its order.",
    Key("calls", ListOf(CALL), "The calls of the story.", required=True),
    Key("drafts", ListOf(Text(200)), "Calls that lie beside it as drafts."),
    Key("manager", Text(120), "Who drafts the calls.", required=True),
    Key("events", ListOf(EVENT), "The events.", required=True),
)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the demo."""

    name: str
    role: str | None
    seat: str | None
    organisation: str | None
    language: str


@dataclass(frozen=True, slots=True)
class DraftedCall:
    """A call of the story and the days of its dates."""

    plan: CallPlan
    day: int
    dates: Mapping[str, tuple[int, time]]


@dataclass(frozen=True, slots=True)
class Event:
    """Somebody does something on a day of the story."""

    day: int
    at: time
    who: str | None
    verb: str
    of: str
    given: Mapping[str, Any]
    place: Place


@dataclass(frozen=True, slots=True)
class Script:
    """The whole story before it is told."""

    people: tuple[Person, ...]
    organisations: tuple[Entry, ...]
    calls: tuple[DraftedCall, ...]
    drafts: tuple[CallPlan, ...]
    manager: str
    events: tuple[Event, ...]

    @property
    def zone(self) -> ZoneInfo:
        """Where the story is told."""
        return ZoneInfo(self.calls[0].plan.programme.zone)

    @property
    def begins(self) -> int:
        """The first day of the story."""
        return min(call.day for call in self.calls)


def read_script() -> Script:
    """Read the shipped story."""
    folder = data_folder("config") / "demo"
    cast, story = _read(folder / "cast.yaml", CAST), _read(folder / "story.yaml", STORY)
    return Script(
        people=tuple(_person(one) for one in (*cast["programme"], *cast["guests"])),
        organisations=_read(folder / "organisations.yaml", ORGANISATIONS)["organisations"],
        calls=tuple(_call(one) for one in story["calls"]),
        drafts=tuple(_plan(one) for one in story["drafts"]),
        manager=story["manager"],
        events=tuple(_event(one) for one in story["events"]),
    )


def first_and_last_names() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of which those of the crowd are made."""
    crowd = _read(data_folder("config") / "demo" / "crowd.yaml", CROWD)
    return crowd["first"], crowd["last"]


def _read(path: Path, shape: Record) -> Entry:
    got = read_file(path, shape)
    assert got.value is not None, got.findings
    return got.value


def _person(entry: Entry) -> Person:
    return Person(entry["name"], entry["role"], entry["seat"], entry["organisation"], entry["language"])


def _plan(file: str) -> CallPlan:
    loaded = read_call(data_folder("config") / file)
    assert loaded.plan is not None, loaded.findings
    return loaded.plan


def _call(entry: Entry) -> DraftedCall:
    dates = {}
    for name, text in entry["dates"].items():
        day, at = text.split()
        dates[str(name)] = int(day), time.fromisoformat(at)
    return DraftedCall(_plan(entry["file"]), int(entry["drafted"]), dates)


def _event(entry: Entry) -> Event:
    return Event(
        int(entry["day"]),
        time.fromisoformat(entry["at"]),
        entry["who"],
        str(entry["do"]),
        entry["of"] or "",
        {str(name): value for name, value in entry["with"].items()},
        entry.place,
    )
