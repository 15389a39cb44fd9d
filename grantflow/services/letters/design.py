"""A letter as its file designs it: sentences with open words, and the conditions under which each stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from grantflow.services.letters.words import OpenWord
from grantflow.workflow.model import Place

BlockKind = Literal["text", "heading", "points", "numbered", "each", "part"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text in pieces: words as they are, and open words to be filled in."""

    pieces: tuple[str | OpenWord, ...]
    place: Place

    @property
    def open_words(self) -> tuple[OpenWord, ...]:
        """The words to be filled in, in their order."""
        return tuple(piece for piece in self.pieces if isinstance(piece, OpenWord))


@dataclass(frozen=True, slots=True)
class Condition:
    """When something stands in the letter: all of `when` have a value and none of `unless` has."""

    when: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()

    def holds(self, values: Mapping[str, Any]) -> bool:
        """Whether it stands, given the values: a word without one is absent, None, empty or false."""
        return all(values.get(name) for name in self.when) and not any(
            values.get(name) for name in self.unless
        )


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the answer: its variants, of which the first that holds is printed."""

    variants: tuple[tuple[Condition, Sentence], ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of the body: a paragraph, a heading, points, or one point for each item of an open list."""

    kind: BlockKind
    condition: Condition
    sentences: tuple[Sentence, ...]
    each: OpenWord | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """A letter in one language."""

    language: str
    reviewed: bool
    """Whether somebody of the trade who speaks the language has read it."""
    subject: Sentence
    answer: Mapping[str, Line]
    body: tuple[Block, ...]


def words_of(text: Text) -> frozenset[str]:
    """Return the names of all words that a letter leaves open in a language, or asks for."""
    sentences = [text.subject]
    conditions = []
    names = set()
    for line in text.answer.values():
        for condition, sentence in line.variants:
            conditions.append(condition)
            sentences.append(sentence)
    for block in text.body:
        conditions.append(block.condition)
        sentences += block.sentences
        if block.each is not None:
            names.add(block.each.name)
    for condition in conditions:
        names.update(condition.when, condition.unless)
    return frozenset(names | {word.name for sentence in sentences for word in sentence.open_words})


@dataclass(frozen=True, slots=True)
class Design:
    """A letter or notice in all its languages."""

    name: str
    kind: str
    about: str
    paper: bool
    """Whether it goes as a PDF too."""
    texts: Mapping[str, Text]

    def text_in(self, *languages: str | None) -> Text:
        """Return the text in the first of the languages that it has, else in English."""
        for language in languages:
            if language is not None and language in self.texts:
                return self.texts[language]
        return self.texts["en"]
