"""The declared shape of call, form and rubric files: what may stand in them, and what each key means.

A value that nobody has published says so where it stands, with its reason::

    pass_mark:
      value: 60
      assumed: "yes"
      reason: No weights or marks were published.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from grantflow.domain.calls.fields import KINDS
from grantflow.domain.calls.plan import AID_BASES, GRANT_DATES, REMEDIES
from grantflow.domain.labs.places import HELICES
from grantflow.domain.words import LANGUAGES
from grantflow.workflow.document import (
    Amount,
    Key,
    ListOf,
    LocalTime,
    Name,
    OneOf,
    Place,
    Rate,
    Record,
    Shape,
    TableOf,
    Text,
    WholeNumber,
    Word,
    YesNo,
)
from grantflow.workflow.nodes import Node, Pairs, Scalar
from grantflow.workflow.scalars import Reading


@dataclass(frozen=True, slots=True)
class Given:
    """A value of a file, where it stands, and the reason why it was assumed, if it was."""

    value: Any
    place: Place
    assumed: str | None = None


class Raw(Shape):
    """Any single word, kept as it stands until it is known what it has to be."""

    def read(self, node: Node, reading: Reading) -> Node:
        """Return the node itself."""
        del reading
        return node

    def words(self) -> str:
        """Return what is accepted."""
        return "a value of the parameter's kind"


class Assumable(Shape):
    """A value as it was published, or `value`, `assumed` and `reason` below each other; yields `Given`."""

    def __init__(self, inner: Shape) -> None:
        self.inner = inner
        self._assumed = Record(
            "value that is assumed",
            "A value that nobody has published.",
            Key("value", inner, "What is taken for it.", required=True),
            Key("assumed", OneOf("yes"), "Says that it is assumed.", required=True),
            Key("reason", Text(longest=400), "Why this value was taken.", required=True),
        )

    def read(self, node: Node, reading: Reading) -> Given:
        """Return the value with its place."""
        if not isinstance(node, Pairs):
            return Given(self.inner.read(node, reading), node.place)
        entry = self._assumed.read(node, reading)
        if entry is None or "value" not in entry.written:
            return Given(self.inner.absent, node.place)
        return Given(entry["value"], entry.place_of("value"), str(entry["reason"]))

    def words(self) -> str:
        """Return what is accepted."""
        return f"{self.inner.words()}; or `value`, `assumed` and `reason` where nobody has published it"

    def records(self) -> Iterator[Record]:
        """Yield the record of an assumed value."""
        yield self._assumed


@dataclass(frozen=True, slots=True)
class Code(Text):
    """A text of a fixed form."""

    pattern: str = ""
    example: str = ""

    def value(self, node: Scalar, reading: Reading) -> Word:
        """Return the text when it has that form."""
        if not re.fullmatch(self.pattern, node.text):
            self.wrong(node, reading)
        return Word.at(node.text, node.place)

    def words(self) -> str:
        """Return what is accepted."""
        return self.example


@dataclass(frozen=True, slots=True)
class Zone(Text):
    """A time zone by its name in the IANA table."""

    def value(self, node: Scalar, reading: Reading) -> Word:
        """Return the name when there is such a zone."""
        try:
            ZoneInfo(node.text)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self.wrong(node, reading)
        return Word.at(node.text, node.place)

    def words(self) -> str:
        """Return what is accepted."""
        return "a time zone such as Europe/Stockholm"


class Spoken(TableOf):
    """A text by language."""

    def __init__(self) -> None:
        super().__init__(Text(), key=OneOf(*LANGUAGES))

    def words(self) -> str:
        """Return what is accepted."""
        return "languages such as `en` and `sv`, each with a text"


WORDS = Spoken()
SLUG = Code(
    pattern=r"[a-z][a-z0-9]*(-[a-z0-9]+)*",
    example="small letters and digits with single hyphens, such as seed-fund-2026",
)
CURRENCY = Code(pattern=r"[A-Z]{3}", example="the code of a currency, such as EUR or SEK")
COUNTRY = Code(pattern=r"[A-Z]{2}", example="the code of a country, such as SE or LT")
NUTS = Code(pattern=r"[A-Z]{2}[0-9A-Z]{0,3}", example="a NUTS code, such as SE31 or SE311")
PREFIX = Code(pattern=r"[A-Z][A-Z0-9]{1,9}", example="two to ten capital letters and digits, such as NMS")
SHORT_CODE = Code(pattern=r"[A-Za-z0-9][A-Za-z0-9._-]{0,30}", example="a short code, such as S3-1")

FUNDER = Record(
    "funder",
    "Whose money it is.",
    Key("name", Text(longest=200), "The funder's name; windows refer to it.", required=True),
    Key("country", COUNTRY, "Where the funder has its seat.", required=True),
)
BODY = Record(
    "body",
    "A body that decides by its signed minutes, and what it has delegated to one official (process rule P1).",
    Key("name", Name(), "What windows call it.", required=True),
    Key("title", WORDS, "What people call it, by language.", required=True),
    Key("role", Name("role"), "The role of the scheme that its members play.", required=True),
    Key(
        "seats",
        Assumable(WholeNumber(1, 100)),
        "How many members it has, deputies not counted.",
        required=True,
    ),
    Key(
        "quorum",
        Assumable(WholeNumber(1, 100)),
        "How many must be left to decide an item (P11).",
        required=True,
    ),
    Key("delegate_role", Name("role"), "The role that decides alone up to an amount."),
    Key("delegate_up_to", Assumable(Amount()), "Up to how much the delegate decides alone."),
)
PRIORITY = Record(
    "priority",
    "A priority of the regional strategy (smart specialisation) that the programme serves.",
    Key("code", SHORT_CODE, "Its code.", required=True),
    Key("title", WORDS, "Its title, by language.", required=True),
)
PROGRAMME = Record(
    "programme",
    "The programme under which the call is held; set up with the first of its calls, found by its prefix later.",
    Key("name", WORDS, "Its name, by language.", required=True),
    Key("agency", Text(longest=200), "The agency that manages it.", required=True),
    Key(
        "ref_prefix", PREFIX, "How references of its records begin: `NMS` gives NMS-2026-0042.", required=True
    ),
    Key("zone", Zone(), "The time zone of every date.", required=True),
    Key("country", COUNTRY, "Whose public holidays are no working days.", required=True),
    Key("territory", ListOf(NUTS), "The regions that it works for; empty means everywhere."),
    Key("funders", ListOf(FUNDER, least=1), "Whose money it spends.", required=True),
    Key("bodies", ListOf(BODY, least=1), "Who decides.", required=True),
    Key("priorities", ListOf(PRIORITY), "The priorities of the regional strategy that it serves."),
)
CHALLENGE = Record(
    "challenge",
    "What the lab is about.",
    Key("question", WORDS, "The question, by language.", required=True),
    Key("why_now", WORDS, "Why now, by language.", required=True),
    Key(
        "wanted",
        TableOf(Assumable(WholeNumber(0, 10_000)), key=OneOf(*HELICES)),
        "How many people of each helix are hoped for.",
    ),
)
REMEDY = Record(
    "remedy",
    "What can be done against a decision; the letter states it (process rule P2).",
    Key(
        "kind",
        Assumable(OneOf(*REMEDIES)),
        "None, correction of slips, reconsideration, or appeal.",
        required=True,
    ),
    Key("to", Text(longest=200), "To whom it is sent."),
    Key("days", WholeNumber(1, 365), "How many days from receipt."),
)
WINDOW = Record(
    "window",
    "A pot of one funder in this stage.",
    Key("name", Name(), "What it is called in files and exports.", required=True),
    Key("funder", Text(longest=200), "The name of one of the programme's funders.", required=True),
    Key("body", Name("body"), "The body that decides on this money.", required=True),
    Key("envelope", Assumable(Amount()), "How much there is.", required=True),
    Key("minimum", Assumable(Amount()), "The smallest grant.", required=True),
    Key("maximum", Assumable(Amount()), "The largest grant.", required=True),
    Key("rate", Assumable(Rate()), "The highest share of eligible cost.", required=True),
    Key(
        "territory",
        Assumable(ListOf(NUTS)),
        "The regions whose organisations it may fund; without it, everywhere.",
    ),
    Key(
        "aid_basis",
        Assumable(OneOf(*AID_BASES)),
        "On what basis of state-aid law it is granted.",
        required=True,
    ),
    Key(
        "grant_date",
        Assumable(OneOf(*GRANT_DATES)),
        "What counts as the date of the grant (P9).",
        required=True,
    ),
    Key("remedy", REMEDY, "What can be done against a decision.", required=True),
)
GATE = Record(
    "gate",
    "Who may apply in this stage.",
    Key(
        "completed_stage",
        WholeNumber(1, 9),
        "Only those who completed a project of that stage.",
        required=True,
    ),
)
STAGE = Record(
    "stage",
    "A stage of the call: its own dates, form, rubric, gate and money.",
    Key("title", WORDS, "What people call it, by language.", required=True),
    Key(
        "dates",
        TableOf(Assumable(LocalTime())),
        "The dates that the scheme asks for, as local date and time, in the order in which they come.",
        required=True,
    ),
    Key("form", Name("form"), "The application form, a folder in `config/forms`.", required=True),
    Key("form_version", WholeNumber(1, 999), "Which version of it.", required=True),
    Key("rubric", Name("rubric"), "The rubric, a folder in `config/rubrics`; without it nothing is scored."),
    Key("rubric_version", WholeNumber(1, 999), "Which version of it; needed with `rubric`."),
    Key(
        "pass_mark",
        Assumable(WholeNumber(0, 100)),
        "The least weighted score with which an application may be proposed; without it, the rubric's.",
    ),
    Key("gate", GATE, "Who may apply in this stage; without it, everybody."),
    Key("windows", ListOf(WINDOW, least=1), "The money.", required=True),
)
CALL = Record(
    "call",
    "A call: what is announced, in which stages, with whose money, until when.",
    Key("scheme", Name("scheme"), "The scheme by which the call runs.", required=True),
    Key("version", WholeNumber(1, 999), "Which version of it.", required=True),
    Key("slug", SLUG, "How addresses and commands name the call.", required=True),
    Key("language", OneOf(*LANGUAGES), "The language whose words stand in for missing ones.", required=True),
    Key("currency", CURRENCY, "The currency of all its amounts.", required=True),
    Key("title", WORDS, "Its title, by language.", required=True),
    Key("summary", WORDS, "What it is about in a few sentences, by language.", required=True),
    Key("programme", PROGRAMME, "Whose call it is.", required=True),
    Key("lab", YesNo(), "Whether a challenge lab comes before the money.", required=True),
    Key(
        "continues",
        SLUG,
        "The earlier call of the programme whose adopted frame binds this one too; for a further round without a lab of its own.",
    ),
    Key("challenge", CHALLENGE, "What the lab is about; needed with a lab, refused without."),
    Key(
        "parameters",
        TableOf(Assumable(Raw())),
        "Values of the scheme's parameters; what is missing has its default.",
    ),
    Key("stages", ListOf(STAGE, least=1), "The stages, in order.", required=True),
)

FIELD = Record(
    "field",
    "One question of a form.",
    Key("name", Name(), "What answers, lists and exports call it.", required=True),
    Key("kind", OneOf(*KINDS), "What kind of answer it takes.", required=True),
    Key("label", WORDS, "The question, by language.", required=True),
    Key("help", WORDS, "What helps to answer it, by language."),
    Key("required", YesNo(), "Whether it must be answered before sending; yes unless said otherwise."),
    Key("listed", YesNo(), "Whether the answer is a column of lists, filters and exports."),
    Key("limit", WholeNumber(1, 20_000), "Characters; of texts alone."),
    Key(
        "least",
        WholeNumber(),
        "The smallest number, or how many at least; of numbers, actions, partners and files.",
    ),
    Key(
        "most",
        WholeNumber(),
        "The largest number, or how many at most; of numbers, actions, partners and files.",
    ),
    Key("at_least", Amount(), "The smallest amount or sum; of money and budgets."),
    Key("at_most", Amount(), "The largest amount or sum; of money and budgets."),
    Key("choices", TableOf(WORDS), "What can be chosen, by name and language; of choices alone."),
    Key("categories", TableOf(WORDS), "The categories of cost, by name and language; of budgets alone."),
)
SECTION = Record(
    "section",
    "A part of a form that is saved as one.",
    Key("name", Name(), "What requests for completion call it.", required=True),
    Key("title", WORDS, "What people read, by language.", required=True),
    Key("help", WORDS, "What helps with the whole section, by language."),
    Key(
        "may_be_completed",
        YesNo(),
        "Whether it may be completed after the deadline; never where the idea, the plan or anything scored stands (P17).",
        required=True,
    ),
    Key("fields", ListOf(FIELD, least=1), "The questions, in order.", required=True),
)
CHECK_ITEM = Record(
    "check item",
    "A formal condition that the officer looks at before a matter is tried.",
    Key("name", Name(), "What exports call it.", required=True),
    Key("label", WORDS, "The condition, by language.", required=True),
)
FORM = Record(
    "form",
    "A version of an application form.",
    Key("form", Name(), "Its name, the same as its folder.", required=True),
    Key("version", WholeNumber(1, 999), "Its version, the same as its file.", required=True),
    Key("language", OneOf(*LANGUAGES), "The language whose words stand in for missing ones.", required=True),
    Key("title", WORDS, "Its title, by language.", required=True),
    Key("sections", ListOf(SECTION, least=1), "Its sections, in order.", required=True),
    Key("checklist", ListOf(CHECK_ITEM), "The formal conditions that the officer checks, in order."),
)
ANCHOR = Record(
    "anchor",
    "What a score means in words.",
    Key("at", WholeNumber(0, 100), "The score.", required=True),
    Key("words", WORDS, "What it means, by language.", required=True),
)
SCALE = Record(
    "scale",
    "From which to which score reviewers score.",
    Key("least", WholeNumber(0, 100), "The lowest score.", required=True),
    Key("most", WholeNumber(1, 100), "The highest score.", required=True),
    Key("anchors", ListOf(ANCHOR), "What scores mean in words."),
)
CRITERION = Record(
    "criterion",
    "A question that reviewers score.",
    Key("name", Name(), "What exports call it.", required=True),
    Key("title", WORDS, "What people read, by language.", required=True),
    Key("help", WORDS, "What to look at, by language."),
    Key("weight", Assumable(WholeNumber(1, 100)), "Percent of the whole; all together 100.", required=True),
    Key("threshold", Assumable(WholeNumber(0, 100)), "The least mean score, on the scale, that it needs."),
    Key("comment_required", YesNo(), "Whether a score needs words beside it; yes unless said otherwise."),
)
RUBRIC = Record(
    "rubric",
    "A version of a rubric.",
    Key("rubric", Name(), "Its name, the same as its folder.", required=True),
    Key("version", WholeNumber(1, 999), "Its version, the same as its file.", required=True),
    Key("language", OneOf(*LANGUAGES), "The language whose words stand in for missing ones.", required=True),
    Key("title", WORDS, "Its title, by language.", required=True),
    Key("scale", SCALE, "The scale.", required=True),
    Key("criteria", ListOf(CRITERION, least=1), "The criteria, in order.", required=True),
    Key("pass_mark", Assumable(WholeNumber(0, 100)), "The least weighted score, 0 to 100.", required=True),
    Key(
        "tie_breakers",
        ListOf(Name("criterion")),
        "Criteria that part applications with equal sums, the first first.",
    ),
)
