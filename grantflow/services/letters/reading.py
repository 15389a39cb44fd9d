"""From the entries of a file to a design: sentences cut into pieces, parts put in their place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from grantflow.services.letters.design import Block, BlockKind, Condition, Design, Line, Sentence, Text
from grantflow.services.letters.shape import LABELS
from grantflow.services.letters.words import KINDS, OpenWord
from grantflow.workflow.document import Entry, Finding, Word, error, place_of, unknown_word

_OPEN = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_BLOCK_KINDS: tuple[BlockKind, ...] = ("text", "heading", "points", "numbered", "each", "part")

Words = Mapping[str, OpenWord]


@dataclass(slots=True)
class Reader:
    """Makes designs of entries; what is wrong goes to the findings."""

    findings: list[Finding]
    parts: dict[str, Entry] = field(default_factory=dict)

    def part(self, entry: Entry, file_name: str) -> None:
        """Keep a part for the letters that use it."""
        self._same_name(entry, "part", file_name)
        self.parts[str(entry["part"])] = entry

    def letter(self, entry: Entry, file_name: str) -> Design | None:
        """Return the design of a letter, or nothing where it is too wrong to be checked further."""
        self._same_name(entry, "letter", file_name)
        before = len(self.findings)
        words = KINDS[entry["kind"]][1]
        texts = {
            str(language): self._text(language, text, words) for language, text in entry["texts"].items()
        }
        if len(self.findings) > before:
            return None
        return Design(
            str(entry["letter"]), str(entry["kind"]), str(entry["about"]), bool(entry["paper"]), texts
        )

    def _text(self, language: str, entry: Entry, words: Words) -> Text:
        answer = entry["answer"] or {}
        return Text(
            str(language),
            entry["status"] == "reviewed",
            self._sentence(entry["subject"], words),
            {name: self._line(line, words) for name, line in answer.items()},
            tuple(self._body(entry["body"], language, words)),
        )

    def _line(self, line: Any, words: Words) -> Line:
        if isinstance(line, Word):
            return Line(((Condition(), self._sentence(line, words)),))
        return Line(
            tuple(
                (self._condition(variant, words), self._sentence(variant["text"], words)) for variant in line
            )
        )

    def _body(
        self, body: tuple[Any, ...], language: str, words: Words, *, inside: bool = False
    ) -> Iterator[Block]:
        for item in body:
            if isinstance(item, Word):
                yield Block("text", Condition(), (self._sentence(item, words),))
            elif (kind := self._block_kind(item)) is not None:
                condition = self._condition(item, words)
                if kind == "part":
                    yield from self._part(item, language, words, condition, inside=inside)
                else:
                    yield self._block(kind, item, condition, words)

    def _block_kind(self, item: Entry) -> BlockKind | None:
        given = [kind for kind in _BLOCK_KINDS if kind in item.written]
        if len(given) == 1:
            return given[0]
        message = f"A block has exactly one of {', '.join(_BLOCK_KINDS)}; this one has {len(given)} of them."
        self.findings.append(error(item.place, "wrong_block", message))
        return None

    def _block(self, kind: BlockKind, item: Entry, condition: Condition, words: Words) -> Block:
        given = item[kind]
        if kind == "each":
            word = self._word(given, words)
            if word is not None and word.kind != "list":
                message = f"“{given}” is no list; `each` prints one point for each item of a list."
                self.findings.append(error(place_of(given, item.place), "not_a_list", message))
            return Block(kind, condition, (), word)
        sentences = given if isinstance(given, tuple) else (given,)
        return Block(kind, condition, tuple(self._sentence(sentence, words) for sentence in sentences))

    def _part(
        self, item: Entry, language: str, words: Words, condition: Condition, *, inside: bool
    ) -> Iterator[Block]:
        name = item["part"]
        place = place_of(name, item.place)
        if inside:
            self.findings.append(error(place, "part_in_part", "A part uses no other part."))
        elif name not in self.parts:
            self.findings.append(error(place, "unknown_part", unknown_word("part", name, self.parts)))
        elif language not in self.parts[name]["texts"]:
            message = f"The part “{name}” has no text in the language “{language}”."
            self.findings.append(error(place, "missing_language", message))
        else:
            blocks = self.parts[name]["texts"][language]["body"]
            for block in self._body(blocks, language, words, inside=True):
                both = Condition(
                    condition.when + block.condition.when, condition.unless + block.condition.unless
                )
                yield replace(block, condition=both)

    def _condition(self, item: Entry, words: Words) -> Condition:
        for name in item["when"] + item["unless"]:
            self._word(name, words)
        return Condition(tuple(map(str, item["when"])), tuple(map(str, item["unless"])))

    def _word(self, name: Word, words: Words) -> OpenWord | None:
        if name not in words:
            self.findings.append(error(name.place, "unknown_word", unknown_word("word", name, words)))
        return words.get(name)

    def _sentence(self, text: Word, words: Words) -> Sentence:
        pieces: list[str | OpenWord] = []
        for number, piece in enumerate(_OPEN.split(" ".join(text.split()))):
            if number % 2:
                if (word := self._word(Word.at(piece, text.place), words)) is not None:
                    pieces.append(word)
            elif "{" in piece or "}" in piece:
                message = "A brace stands alone; an open word is written {word}, in small letters."
                self.findings.append(error(text.place, "bad_brace", message))
            elif piece:
                pieces.append(piece)
        return Sentence(tuple(pieces), text.place)

    def _same_name(self, entry: Entry, key: str, file_name: str) -> None:
        if entry[key] != file_name:
            message = (
                f"The file is called “{file_name}”, and the {key} in it “{entry[key]}”; they have one name."
            )
            self.findings.append(error(entry.place_of(key), "name_differs", message))


FRAME_WORDS: Words = {
    word.name: word
    for word in (
        OpenWord("page", "number", "The number of the page.", sure=True),
        OpenWord("pages", "number", "How many pages there are.", sure=True),
        OpenWord("recipient", "text", "The name of the one addressed.", sure=True),
    )
}
"""What the labels of the frame may leave open."""


def read_labels(entry: Entry) -> dict[str, dict[str, Sentence]]:
    """Return the labels of the frame by language."""
    reader = Reader([])
    return {
        str(language): {label: reader._sentence(labels[label], FRAME_WORDS) for label in LABELS}  # noqa: SLF001 - the same reading
        for language, labels in entry["texts"].items()
    }
