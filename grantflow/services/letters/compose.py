"""From a design and the values of one record to a letter: pure data, in one language, ready for paper or mail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from grantflow.domain.money import Money
from grantflow.services import formats
from grantflow.services.letters.catalogue import Catalogue
from grantflow.services.letters.design import Block, Line, Sentence
from grantflow.services.letters.shape import ANSWER_LINES
from grantflow.services.letters.words import OpenWord


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading in the body."""

    text: str
    kind: Literal["heading"] = "heading"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph."""

    text: str
    kind: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True, slots=True)
class Points:
    """A list of points."""

    items: tuple[str, ...]
    numbered: bool
    kind: Literal["points"] = "points"


@dataclass(frozen=True, slots=True)
class Pointer:
    """A way to a page, in a mail that gathers several messages."""

    text: str
    page: str
    kind: Literal["pointer"] = "pointer"


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One of the four lines: its label and what it says."""

    name: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A composed letter."""

    template: str
    language: str
    subject: str
    sender: str
    programme: str
    recipient: str
    reference: str
    day: str
    answer: tuple[AnswerLine, ...]
    """The four lines with which a decision begins; nothing in other letters."""
    blocks: tuple[Heading | Paragraph | Points | Pointer, ...]
    labels: Mapping[str, str]
    """The words of the frame; `page` still holds its two numbers, which the pages know."""


class WordMissing(Exception):
    """Raised when a value that a letter always needs is not given."""


def compose(
    catalogue: Catalogue,
    template: str,
    values: Mapping[str, Any],
    *,
    language: str | None = None,
    otherwise: str | None = None,
    zone: str = "UTC",
) -> Letter:
    """Fill in a letter, in a language that it has: the recipient's, else the call's, else English.

    Raises:
        KeyError: there is no such letter.
        WordMissing: a word that is always there has no value.
    """
    text = catalogue[template].text_in(language, otherwise)
    fill = _Fill(values, text.language, zone)
    labels = {
        name: fill.label(label)
        for name, label in catalogue.labels.get(text.language, catalogue.labels["en"]).items()
    }
    return Letter(
        template,
        text.language,
        fill.sentence(text.subject),
        fill.value("agency", "text"),
        fill.value("programme", "text"),
        fill.value("recipient", "text"),
        fill.value("ref", "text"),
        fill.value("today", "day"),
        tuple(
            AnswerLine(name, labels[name], fill.line(text.answer[name]))
            for name in ANSWER_LINES
            if name in text.answer
        ),
        tuple(fill.block(block) for block in text.body if fill.stands(block)),
        labels,
    )


@dataclass(frozen=True, slots=True)
class _Fill:
    values: Mapping[str, Any]
    language: str
    zone: str

    def value(self, name: str, kind: str) -> str:
        value = self.values.get(name)
        if value is None or value == "":
            raise WordMissing(f"the letter needs a value for {name}")
        return self.printed(value, kind)

    def printed(self, value: Any, kind: str) -> str:
        match kind, value:
            case "money", Money():
                return formats.amount(value, self.language)
            case "day", date():
                return formats.day(value, self.language, self.zone)
            case "moment", datetime():
                return formats.moment(value, self.language, self.zone)
            case "moment", date():  # a form asks for days; where only the day is known, the day is printed
                return formats.day(value, self.language)
            case "rate", int():
                return formats.rate(value, self.language)
            case "number", int():
                return formats.whole(value, self.language)
            case "text", str():
                return value
        raise TypeError(f"{value!r} is no {kind}")

    def sentence(self, sentence: Sentence) -> str:
        text = ""
        for piece in sentence.pieces:
            said = self.value(piece.name, piece.kind) if isinstance(piece, OpenWord) else piece
            # A value may end in a full stop of its own, as dates do in Lithuanian: two in a row are one.
            text += said[1:] if text.endswith(".") and said.startswith(".") else said
        return text

    def label(self, sentence: Sentence) -> str:
        """Return a word of the frame; the numbers of pages stay open."""
        return "".join(
            (
                self.value(piece.name, piece.kind)
                if isinstance(piece, OpenWord) and piece.kind == "text"
                else f"{{{piece.name}}}"
                if isinstance(piece, OpenWord)
                else piece
            )
            for piece in sentence.pieces
        )

    def line(self, line: Line) -> str:
        return next(
            self.sentence(sentence) for condition, sentence in line.variants if condition.holds(self.values)
        )

    def stands(self, block: Block) -> bool:
        if block.each is not None and not self.values.get(block.each.name):
            return False
        return block.condition.holds(self.values)

    def block(self, block: Block) -> Heading | Paragraph | Points:
        if block.each is not None:
            return Points(tuple(map(str, self.values[block.each.name])), numbered=True)
        texts = tuple(map(self.sentence, block.sentences))
        match block.kind:
            case "heading":
                return Heading(texts[0])
            case "points" | "numbered":
                return Points(texts, numbered=block.kind == "numbered")
        return Paragraph(texts[0])
