"""A letter as a whole HTML document, on its own style sheet: what becomes a PDF; and its plain text and HTML as mail."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from uuid import UUID

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from grantflow.paths import data_folder
from grantflow.services import files
from grantflow.services.letters.compose import Heading, Letter, Pointer, Points
from grantflow.store.session import Tx


@dataclass(frozen=True, slots=True)
class Mail:
    """What a mail says; the address is the business of whoever sends it."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Foot:
    """What stands below a mail: what waits for the reader and by when, where it is, and where they say how to be written to."""

    step: str = ""
    due: str = ""
    page: str = ""
    wishes: str = ""
    house: str = ""
    """The address of the installation: what leads there may be followed, and nothing else in a mail."""


NO_FOOT = Foot()


def letter_html(letter: Letter) -> str:
    """Return the document of a letter, complete in itself: nothing is fetched when it is rendered."""
    before, between, after = _page_words(letter.labels["page"])
    return (
        _templates()
        .get_template("pdf/letter.html")
        .render(letter=letter, before=before, between=between, after=after)
    )


def letter_mail(letter: Letter, foot: Foot = NO_FOOT) -> Mail:
    """Return the mail of a letter, as plain text and as HTML."""
    return Mail(
        letter.subject,
        letter_text(letter, foot),
        _templates().get_template("mail/notice.html").render(letter=letter, foot=foot),
    )


def letter_text(letter: Letter, foot: Foot = NO_FOOT) -> str:
    """Return a letter as plain text, a blank line between its blocks."""
    blocks = [letter.labels["greeting"]]
    blocks += ["\n".join(f"{line.label}: {line.text}" for line in letter.answer)] if letter.answer else []
    for block in letter.blocks:
        if isinstance(block, Points):
            marks = [f"{number}." if block.numbered else "-" for number in range(1, len(block.items) + 1)]
            blocks.append("\n".join(f"{mark} {item}" for mark, item in zip(marks, block.items, strict=True)))
        elif isinstance(block, Heading):
            blocks.append(f"{block.text}\n{'-' * len(block.text)}")
        elif isinstance(block, Pointer):
            blocks.append(f"{block.text}: {block.page}")
        else:
            blocks.append(block.text)
    told = (("waits", foot.step), ("until", foot.due), ("open", foot.page))
    blocks.append("\n".join(f"{letter.labels[name]}: {said}" for name, said in told if said))
    blocks.append(f"{letter.labels['closing']}\n{letter.sender}\n{letter.programme}")
    blocks.append(f"{letter.labels['reference']}: {letter.reference}")
    if foot.wishes:
        blocks.append(f"{letter.labels['wishes']}: {foot.wishes}")
    blocks = [block for block in blocks if block]
    return "\n\n".join(blocks) + "\n"


def keep_paper(tx: Tx, folder: Path, case_id: UUID, template: str, language: str, pdf: bytes) -> UUID:
    """File the PDF of a letter with its record; whoever may see the record may read it."""
    return files.keep(
        tx,
        folder,
        pdf,
        media_type="application/pdf",
        name=f"{template}-{language}.pdf",
        record_id=case_id,
        visibility="record",
    )


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(data_folder("templates")),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["css_text"] = _css_text
    environment.filters["own_links"] = own_links
    return environment


def _page_words(label: str) -> tuple[str, str, str]:
    """Cut `Page {page} of {pages}` into what stands before, between and after the two numbers."""
    before, _, rest = label.partition("{page}")
    between, _, after = rest.partition("{pages}")
    return before, between, after


def _css_text(text: str) -> str:
    """Return a text as it may stand in quotes in a style sheet inside HTML: letters and digits, all else by number."""
    return "".join(char if char.isalnum() or char in " .,-" else f"\\{ord(char):x} " for char in text)


def own_links(text: str, house: str) -> Markup:
    """Return a text in which addresses of the installation can be followed; what others wrote stays mere text."""
    if not house:
        return escape(text)
    parts = re.split(f"({re.escape(house)}/[A-Za-z0-9/_~%-]+)", text)
    pieces = [
        Markup('<a href="{0}">{0}</a>').format(part) if number % 2 else escape(part)
        for number, part in enumerate(parts)
    ]
    return Markup("").join(pieces)
