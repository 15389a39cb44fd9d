"""The declared shape of the files in `config/letters/`: what reader, refusals and docs follow."""

from __future__ import annotations

from grantflow.services.letters.words import KINDS
from grantflow.workflow.document import Either, Key, ListOf, Name, OneOf, Record, TableOf, Text, YesNo

ANSWER_LINES = ("answer", "amount", "why", "next")
"""The four lines with which a decision begins: yes or no, how much, why, what to do by when."""
LANGUAGES = ("en", "sv", "lt")
"""The languages that every letter has."""

_CONDITION = (
    Key("when", ListOf(Name("word")), "Stands only when all these words have a value."),
    Key("unless", ListOf(Name("word")), "Stands only when none of these words has a value."),
)
VARIANT = Record(
    "variant",
    "One way to put a line of the answer; the first whose conditions hold is printed.",
    Key("text", Text(), "The sentence.", required=True),
    *_CONDITION,
)
LINE = Either(scalar=Text(), items=ListOf(VARIANT, least=1))
ANSWER = Record(
    "answer",
    "The four lines with which a decision begins.",
    Key("answer", LINE, "Yes or no.", required=True),
    Key("amount", LINE, "How much.", required=True),
    Key("why", LINE, "Why.", required=True),
    Key("next", LINE, "What to do by when.", required=True),
)
BLOCK = Record(
    "block",
    "A piece of the body; it has one of `text`, `heading`, `points`, `numbered`, `each`, `part`.",
    Key("text", Text(), "A paragraph."),
    Key("heading", Text(200), "A heading."),
    Key("points", ListOf(Text()), "A list with a sentence for each point."),
    Key("numbered", ListOf(Text()), "The same, with numbers."),
    Key("each", Name("word"), "A numbered list of what an open word of the kind list holds."),
    Key("part", Name("part"), "The blocks of a file in `config/letters/parts/`, in the same language."),
    *_CONDITION,
)
BODY = ListOf(Either(scalar=Text(), pairs=BLOCK), least=1)
_STATUS = Key(
    "status",
    OneOf("reviewed", "unreviewed"),
    "Whether somebody of the trade who speaks the language has read it.",
    default="reviewed",
)
TEXT = Record(
    "text",
    "A letter in one language. `{word}` leaves a word open, by its name from the list of the letter's kind.",
    _STATUS,
    Key("subject", Text(200), "The subject, with words that always have a value.", required=True),
    Key("answer", ANSWER, "The four lines, in letters of the kind decision."),
    Key("body", BODY, "Paragraphs and other blocks, in order.", required=True),
)
LETTER = Record(
    "letter",
    "A letter or notice; the file is called as the letter is.",
    Key("letter", Name(), "Its name, which workflow files use in `notify`.", required=True),
    Key("kind", OneOf(*KINDS), "Which words it may leave open.", required=True),
    Key("about", Text(), "When it is sent, and to whom.", required=True),
    Key("paper", YesNo(), "Whether it goes as a PDF too; without it, as mail alone."),
    Key("texts", TableOf(TEXT, OneOf(*LANGUAGES)), "The letter in each language.", required=True),
)
PART_TEXT = Record(
    "part in a language",
    "The blocks of a part in one language.",
    _STATUS,
    Key("body", BODY, "Paragraphs and other blocks, in order.", required=True),
)
PART = Record(
    "part",
    "Blocks that several letters have in common.",
    Key("part", Name(), "Its name, which letters use.", required=True),
    Key("about", Text(), "What it says.", required=True),
    Key("texts", TableOf(PART_TEXT, OneOf(*LANGUAGES)), "The part in each language.", required=True),
)
MAIL_LABELS = ("waits", "until", "open", "wishes")
"""The words at the foot of a mail: what waits for the reader, by when, where, and how they want to be written to."""
LABELS = ("reference", "day", "to", "page", "greeting", "closing", *ANSWER_LINES, *MAIL_LABELS)
LABEL_FILE = Record(
    "file of labels",
    "The words of the frame around every letter, in each language.",
    Key(
        "texts",
        TableOf(
            Record(
                "labels in a language",
                "The words of the frame in one language.",
                _STATUS,
                *(Key(label, Text(200), "A word of the frame.", required=True) for label in LABELS),
            ),
            OneOf(*LANGUAGES),
        ),
        "The labels in each language.",
        required=True,
    ),
)
