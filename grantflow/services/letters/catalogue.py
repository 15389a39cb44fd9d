"""The letters of a folder: read, held against their shape and their words, refused with file and line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from grantflow.paths import data_folders
from grantflow.services.letters.checks import check_design, check_translations
from grantflow.services.letters.design import Design, Sentence
from grantflow.services.letters.reading import Reader, read_labels
from grantflow.services.letters.shape import LABEL_FILE, LETTER, PART
from grantflow.services.letters.words import HOUSE_KINDS
from grantflow.workflow.document import Entry, Finding, error, has_errors, read_file

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
    """Raised where letters have errors: nothing may start with them."""


def load_letters(folder: Path, *own: Path) -> LoadedLetters:
    """Read all letters of a folder, with their parts and labels, and those that an installation adds to them.

    The labels are those of the first folder. What stands in a later one adds to it, and replaces nothing.
    """
    findings: list[Finding] = []
    reader = Reader(findings)
    for path, name in _files((folder, *own), _PARTS):
        read = read_file(path, PART, name)
        findings += read.findings
        if read.value is not None:
            if path.stem in reader.parts:
                findings.append(_there_already(read.value, path, "part"))
            reader.part(read.value, path.stem)
    designs: dict[str, Design] = {}
    for path, name in _files((folder, *own)):
        if path.name == _LABELS:
            continue
        read = read_file(path, LETTER, name)
        findings += read.findings
        if read.value is not None and (design := reader.letter(read.value, path.stem)) is not None:
            if design.name in designs:
                findings.append(_there_already(read.value, path, "letter"))
            designs[design.name] = design
            findings += check_design(design)
            findings += check_translations(design)
    labels = read_file(folder / _LABELS, LABEL_FILE, _LABELS)
    findings += labels.findings
    every = tuple(sorted(set(findings)))
    if has_errors(every) or labels.value is None:
        return LoadedLetters(None, every)
    return LoadedLetters(Catalogue(designs, read_labels(labels.value)), every)


def _files(folders: tuple[Path, ...], below: str = "") -> Iterator[tuple[Path, str]]:
    """Yield the files of each folder, with what findings call them: of a folder that is added, the whole path."""
    for number, folder in enumerate(folders):
        for path in sorted((folder / below).glob("*.yaml")):
            yield path, str(path) if number else path.relative_to(folder).as_posix()


def _there_already(entry: Entry, path: Path, what: str) -> Finding:
    message = f"There is a {what} “{path.stem}” already. What is added bears a name of its own."
    return error(entry.place, "duplicate_name", message)


def shipped() -> Catalogue:
    """Return the letters that GrantFlow carries, and the installation's own.

    Raises:
        LettersRefused: a file of them is wrong.
    """
    return _catalogue(*(folder / "letters" for folder in data_folders("config")))


@lru_cache(maxsize=8)
def _catalogue(*folders: Path) -> Catalogue:
    loaded = load_letters(*folders)
    if loaded.catalogue is None:
        raise LettersRefused("\n".join(str(finding) for finding in loaded.findings))
    return loaded.catalogue


def templates() -> frozenset[str]:
    """Return the names of the letters and notices that workflow files may send."""
    return frozenset(name for name, design in shipped().designs.items() if design.kind not in HOUSE_KINDS)


def is_paper(name: str) -> bool:
    """Whether a letter goes as a PDF beside the mail."""
    return shipped()[name].paper
