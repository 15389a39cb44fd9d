"""What the styleguide shows: every part of a page in each of its states, with made-up words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from grantflow.domain.money import Money
from grantflow.domain.refusal import Refusal
from grantflow.services.letters.compose import AnswerLine, Letter, Paragraph
from grantflow.web.fields import Field

_LONG = (
    "Kooperatyvas „Žemaitijos atsinaujinančiosios energetikos ir žiedinės ekonomikos bendrija“ (bandomasis)"
)
_UNBROKEN = "Mellanskandinaviskaindustrirestvärmeåtervinningsdemonstrationsanläggningen"


def _at(month: int, day: int, hour: int = 11) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Shown:
    """A state as tags and heads take it."""

    label: str
    tone: str


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a path."""

    label: str
    when: str
    at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """Something that one may do, or may not."""

    label: str
    about: str
    allowed: bool
    reasons: tuple[tuple[str, str | None], ...] = ()
    url: str = "#choices"


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits."""

    title: str
    about: str
    due: datetime | None
    tone: str
    state: str
    url: str = "#tasks"


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happened."""

    at: datetime
    who: str
    sentence: str
    reason: str
    tone: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a form."""

    label: str
    url: str
    state: str
    now: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a list."""

    ref: str
    title: str
    organisation: str
    region: str
    state: Shown
    asked: Money
    score: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion of a rubric."""

    name: str
    label: str
    help: str
    least: int
    most: int
    weight: str
    anchors: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Purse:
    """The money of a window."""

    envelope: Money
    committed: Money
    reserved: Money
    free: Money
    paid: Money | None
    percent_committed: int
    percent_reserved: int


def _sek(units: int) -> Money:
    return Money(units * 100, "SEK")


STATES = (
    Shown("Draft", "neutral"),
    Shown("Received", "info"),
    Shown("In review", "review"),
    Shown("Completion asked for", "warning"),
    Shown("Eligible", "success"),
    Shown("Refused", "danger"),
)

PATH = (
    Step("Preparation", "done", _at(3, 2)),
    Step("Lab", "done", _at(6, 30)),
    Step("Seed fund", "now", _at(11, 30), "Open for 8 more days"),
    Step("Decision", "later", datetime(2027, 3, 5, tzinfo=UTC)),
    Step("Projects", "later"),
)
LONG_PATH = tuple(
    Step(label, "done" if number < 3 else "now" if number == 3 else "later")
    for number, label in enumerate(
        (
            "Aukeaminen",
            "Formali atitiktis",
            _UNBROKEN[:30],
            "Independent expert review by two people",
            "Decision",
            "Agreement",
            "Report",
        )
    )
)

OPEN = (
    Option("Send the application", "It is received at once, and you get a receipt.", allowed=True),
    Option("Withdraw", "Nobody reads it any further. This cannot be undone.", allowed=True),
)
SHUT = (
    Option(
        "Ask for the payment",
        "",
        allowed=False,
        reasons=(
            ("The agreement has not been signed by both sides.", "#choices"),
            ("The first report is due before the first payment.", None),
        ),
    ),
    Option(
        "Move the deadline",
        "",
        allowed=False,
        reasons=(("Only the manager of the programme may do this.", None),),
    ),
)

TASKS = (
    Task("Complete your application", "NMS-2026-0042 · Ljusdals bark", _at(11, 20), "danger", "Overdue"),
    Task("Score four applications", "Low carbon where the work is", _at(11, 24), "warning", "Due soon"),
    Task(f"Sign the minutes of {_LONG}", _UNBROKEN, _at(12, 18), "info", "Waiting for you"),
    Task("Read the decision", "NMS-2026-0038", None, "neutral", ""),
)

ENTRIES = (
    Entry(
        _at(11, 21, 13),
        "Sofia Brännvall",
        "Sofia Brännvall decided: the grant is approved, SEK 300\u202f000.",
        "",
        "decision",
    ),
    Entry(
        _at(11, 18),
        "Yusuf Demir",
        "Yusuf Demir asked for a completion of the budget.",
        "The travel costs are given twice.\nPlease say which of the two you mean.",
        "plain",
    ),
    Entry(
        _at(11, 15, 14), "", "The deadline passed, and the application was closed for changes.", "", "system"
    ),
    Entry(_at(11, 12), _LONG, f"{_LONG} sent the application {_UNBROKEN}.", "", "plain"),
)

PARTS = (
    Part("The project", "#form", "done"),
    Part("Plan", "#form", "begun", now=True),
    Part("Who does it", "#form", "wrong"),
    Part("Budget", "#form", "todo"),
    Part("Your organisation", "#form", "todo"),
)

PROBLEMS = (
    Refusal("missing_field", "Please fill in “%(label)s”.", {"label": "Title of the project"}, "wrong_title"),
    Refusal(
        "bad_field", "“%(label)s” takes a date, such as 2026-03-31.", {"label": "First day"}, "wrong_day"
    ),
    Refusal("call_closed", "The call closed before you sent this."),
)

_SIZES = (
    ("micro", "Micro, fewer than 10 people"),
    ("small", "Small, fewer than 50 people"),
    ("large", "Larger"),
)
_PLACES = tuple(
    (f"place{number}", name)
    for number, name in enumerate(
        ("Avesta", "Borlänge", "Falun", "Filipstad", "Gävle", "Hagfors", "Hofors", "Mora")
    )
)
_COSTS = (("staff", "Staff"), ("services", "Services bought"), ("travel", "Travel"), ("overhead", _LONG))

FIELDS = (
    Field(
        "title",
        "text",
        "Title of the project",
        "It stands on the public list if you get a grant.",
        "Bark that pays",
    ),
    Field(
        "idea", "long_text", "What do you want to try?", "", "We heat the sky all night.", limit=600, rows=6
    ),
    Field("asked", "money", "The grant that you ask for", "Without value added tax.", "300 000", unit="SEK"),
    Field("months", "number", "How many months it runs", "", "9", unit="months"),
    Field("starts", "date", "First day of the project", "", "2027-03-01"),
    Field("size", "choice", "Size of the organisation", "", "small", choices=_SIZES),
    Field("place", "choice", "Where it is done", "", "place4", choices=_PLACES),
    Field("actions", "many", "Actions that it serves", "At least one.", ["micro"], choices=_SIZES),
    Field("partner", "record", "Partner", "", "", required=False, choices=((_LONG, _LONG), ("b", "Falun"))),
    Field("before", "yes_no", "Have you had a grant before?", "", value=False),
    Field(
        "true",
        "declaration",
        "What is written here is true, and I may sign for the organisation.",
        value=True,
    ),
    Field(
        "plan",
        "file",
        "Drawing or quote",
        "PDF, JPG or PNG, at most 20 MB.",
        required=False,
        accept=".pdf,.jpg",
    ),
    Field("mail", "email", "E-mail", "", "hanna@ockelbo.example", autocomplete="email"),
    Field("secret", "password", "Password", "At least 12 characters.", autocomplete="new-password"),
    Field(
        "costs",
        "budget",
        "Costs of the project",
        "Without value added tax.",
        {"staff": "180 000", "services": "90 000", "travel": "30 000"},
        choices=_COSTS,
        unit="SEK",
        total="300 000",
    ),
)
FAULTY = (
    Field(
        "wrong_title",
        "text",
        "Title of the project",
        "It stands on the public list.",
        "",
        "Please fill in the title.",
    ),
    Field(
        "wrong_idea",
        "long_text",
        "What do you want to try?",
        "",
        "We heat.",
        "There is room for 5 characters.",
        limit=5,
    ),
    Field(
        "wrong_asked",
        "money",
        "The grant that you ask for",
        "",
        "2 3OO",
        "This is not an amount.",
        unit="SEK",
    ),
    Field("wrong_day", "date", "First day", "", "30 February", "This takes a date, such as 2026-03-31."),
    Field("wrong_size", "choice", "Size of the organisation", "", "", "Please pick one.", choices=_SIZES),
    Field("wrong_place", "choice", "Where it is done", "", "", "Please pick one.", choices=_PLACES),
    Field("wrong_before", "yes_no", "Have you had a grant before?", "", None, "Please say yes or no."),
    Field(
        "wrong_true",
        "declaration",
        "What is written here is true.",
        value=False,
        error="This has to be confirmed.",
    ),
    Field("wrong_plan", "file", "Drawing", "At most 20 MB.", "", "This file is larger than 20 MB."),
    Field(
        "wrong_costs",
        "budget",
        "Costs of the project",
        "",
        {"staff": "18 400", "travel": "2 3OO"},
        "One amount cannot be read.",
        choices=_COSTS,
        unit="SEK",
        total="18 400",
        errors={"travel": "Please enter a number, for example 2 300."},
    ),
)
FILTERS = (
    Field("words", "text", "Words", required=False),
    Field("state", "choice", "State", required=False, choices=_SIZES, value="small"),
    Field("region", "choice", "Region", required=False, choices=_PLACES),
)

LINES = tuple(
    Line(
        f"NMS-2026-{number:04}",
        title,
        organisation,
        region,
        STATES[number % len(STATES)],
        _sek(10_000 * (number * 7 % 40) + 12_500),
        "" if number % 3 else str(60 + number),
    )
    for number, (title, organisation, region) in enumerate(
        (
            ("Bark that pays", "Ljusdals Skogsägare ek. för.", "SE313"),
            ("Glasshouse on waste heat", "Ockelbo Växthus Demo AB", "SE313"),
            (_UNBROKEN, _LONG, "SE311"),
            ("A yard for beams", "Avesta Materialhotell ek. för.", "SE312"),
            ("Try before you buy", "Thorsells Gjuteri Demo AB", "SE311"),
            ("Courses for those who work nights", "Torsby Verkstadsklubb Demo", "SE311"),
            ("Ash instead of coal", "Bergslagens tekniska institut", "SE312"),
            ("Heat in a pipe", "Hofors Stålvalsverk Demo AB", "SE313"),
        ),
        38,
    )
)

PURSE = Purse(_sek(15_000_000), _sek(6_000_000), _sek(3_000_000), _sek(6_000_000), _sek(1_250_000), 40, 20)
EMPTY_PURSE = Purse(_sek(0), _sek(0), _sek(0), _sek(0), None, 0, 0)

CRITERION = Criterion(
    "fit",
    "Fit with the frame",
    "How much does the project do for the action that it serves?",
    0,
    5,
    "Counts for 30 %",
    (
        (0, "It does nothing for it."),
        (3, "It does what the frame hopes for."),
        (5, "It does more than anybody asked."),
    ),
)

FAULTY_CRITERION = replace(CRITERION, name="effect", label="Effect", weight="")

SIGNS = (
    "check",
    "clock",
    "download",
    "gavel",
    "handshake",
    "history",
    "lock",
    "mail",
    "scale",
    "signature",
    "upload",
    "users",
    "vote",
)

_LABELS: Mapping[str, str] = {
    "to": "To",
    "reference": "Reference",
    "day": "Date",
    "closing": "With kind regards",
    "page": "Page {page} of {pages}",
}
LETTER = Letter(
    template="decision",
    language="en",
    subject="Your project gets a grant",
    sender="Transition office",
    programme="Challenges of the North",
    recipient="Ljusdals Skogsägare ek. för.",
    reference="NMS-2026-0038",
    day="21 November 2026",
    answer=(
        AnswerLine("answer", "Answer", "Yes"),
        AnswerLine("amount", "How much", "SEK 300\u202f000"),
        AnswerLine("why", "Why", "It is among the best of its action."),
        AnswerLine("next", "What to do", "Accept by 12 December 2026."),
    ),
    blocks=(Paragraph("The board has decided to finance the project. The terms follow below."),),
    labels=_LABELS,
)
