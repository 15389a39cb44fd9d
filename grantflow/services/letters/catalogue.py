"""The letters of a folder: read, held against their shape and their words, refused with file and line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from grantflow.paths import data_folder
from grantflow.services.letters.checks import check_design, check_translations
from grantflow.services.letters.design import Design, Sentence
from grantflow.services.letters.reading import Reader, read_labels
from grantflow.services.letters.shape import LABEL_FILE, LETTER, PART
from grantflow.services.letters.words import ACCOUNT
from grantflow.workflow.document import Finding, has_errors, read_file

_LABELS = "labels.yaml"
_PARTS = "parts"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every letter by name, and the words of the frame around them."""

    designs: Mapping[str, Design]
    labels: Mapping[str, Mapping[str, Sentence]]

    def __getitem__(self, name: str) -> Design:
        return self.designs[name]


@dataclass(frozen=True, slots=True)
class LoadedLetters:
    """What came out of a folder of letters: the catalogue, unless an error was found, and every finding."""

    catalogue: Catalogue | None
    findings: tuple[Finding, ...]


class LettersRefused(Exception):
    """Raised where the shipped letters have errors: nothing may start with them."""


def load_letters(folder: Path) -> LoadedLetters:
    """Read all letters of a folder, with their parts and labels."""
    findings: list[Finding] = []
    reader = Reader(findings)
    for path in sorted((folder / _PARTS).glob("*.yaml")):
        read = read_file(path, PART, f"{_PARTS}/{path.name}")
        findings += read.findings
        if read.value is not None:
            reader.part(read.value, path.stem)
    designs: dict[str, Design] = {}
    for path in sorted(folder.glob("*.yaml")):
        if path.name == _LABELS:
            continue
        read = read_file(path, LETTER, path.name)
        findings += read.findings
        if read.value is not None and (design := reader.letter(read.value, path.stem)) is not None:
            designs[design.name] = design
            findings += check_design(design)
            findings += check_translations(design)
    labels = read_file(folder / _LABELS, LABEL_FILE, _LABELS)
    findings += labels.findings
    every = tuple(sorted(set(findings)))
    if has_errors(every) or labels.value is None:
        return LoadedLetters(None, every)
    return LoadedLetters(Catalogue(designs, read_labels(labels.value)), every)


@cache
def shipped() -> Catalogue:
    """Return the letters that GrantFlow carries.

    Raises:
        LettersRefused: a file of them is wrong.
    """
    loaded = load_letters(data_folder("config") / "letters")
    if loaded.catalogue is None:
        raise LettersRefused("\n".join(str(finding) for finding in loaded.findings))
    return loaded.catalogue


def templates() -> frozenset[str]:
    """Return the names of the letters and notices that workflow files may send."""
    return frozenset(name for name, design in shipped().designs.items() if design.kind != ACCOUNT)


def is_paper(name: str) -> bool:
    """Whether a letter goes as a PDF beside the mail."""
    return shipped()[name].paper
