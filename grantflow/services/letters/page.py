"""The page of the docs about letters: every letter, every word, the shape of a file; all from what the loader uses."""

from __future__ import annotations

from collections.abc import Iterator

from grantflow.services.letters.catalogue import Catalogue
from grantflow.services.letters.shape import LETTER
from grantflow.services.letters.words import KINDS
from grantflow.workflow.document import describe

_BEGINNING = """# Letters

Whatever GrantFlow says to people by mail or on paper stands in `config/letters/`, one file for each letter, in plain
sentences and in every language that ships. A workflow file names a letter under `notify`; the letter leaves after the
step is saved. A letter with `paper` goes as a tagged PDF too (PDF/UA-1), filed with its record.

A file holds no code. It leaves words open in braces, such as `{project}`, from the list of its kind below. A word that
is not marked *always* may have no value: a sentence that uses it stands under `when:` with its name and is left out
where there is none. A decision begins with four lines (yes or no, how much, why, what to do by when) and says what can
be done against it, or that nothing can. The loader refuses what breaks these rules, with file, line and the known
words, and holds every language against the English text. Texts marked `unreviewed` still wait for a reader of the
trade who speaks the language.

This page is made by `python -m grantflow.services.letters.page > docs/letters.md`; a test keeps it true.
"""


def letters_page(catalogue: Catalogue) -> str:
    """Return the page."""
    return "\n".join([_BEGINNING, *_letters(catalogue), *_words(), describe(LETTER)]).rstrip() + "\n"


def _letters(catalogue: Catalogue) -> Iterator[str]:
    yield "## Every letter\n"
    yield "| letter | kind | paper | when |"
    yield "|---|---|---|---|"
    for design in sorted(catalogue.designs.values(), key=lambda design: design.name):
        yield f"| `{design.name}` | {design.kind} | {'yes' if design.paper else ''} | {design.about} |"
    yield ""


def _words() -> Iterator[str]:
    yield "## The words that letters may leave open\n"
    for kind, (about, words) in KINDS.items():
        yield f"### {kind.capitalize()}\n"
        yield f"{about}\n"
        yield "| word | is | means |"
        yield "|---|---|---|"
        for word in words.values():
            always = ", always" if word.sure else ""
            yield f"| `{word.name}` | {word.kind}{always} | {word.about} |"
        yield ""


if __name__ == "__main__":
    import sys

    from grantflow.services.letters.catalogue import shipped

    sys.stdout.write(letters_page(shipped()))
