"""What records say, in the language of the page: facts of every type, journal entries, reasons and the ways on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import current_app
from flask_babel import gettext as _
from markupsafe import Markup, escape
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from grantflow.domain.money import Money
from grantflow.domain.refusal import Refusal
from grantflow.services import formats
from grantflow.services.records.journal import Told
from grantflow.services.records.page import Option, Related, StateTag
from grantflow.services.records.said import Fact, Label, Link, Rate, Sentence, Value
from grantflow.web.words import language, said


def sentence(text: Sentence) -> str:
    """Return a sentence in the page's language, filled in as that language writes its values."""
    # A label that asks or calls out ends the sentence that closes with it.
    return said(Refusal("said", text.text, text.params)).replace("?.", "?").replace("!.", "!")


def written(value: Value, zone: str = "UTC") -> str | Markup:
    """Return what a fact says, as the page's language writes it."""
    if isinstance(value, Sentence):
        return sentence(value)
    if isinstance(value, Label):
        return str(_(value.text))
    if isinstance(value, Link):
        return _link(value)
    if isinstance(value, tuple):
        return Markup(", ").join(escape(written(each, zone)) for each in value)
    return _figure(value, zone)


def _link(link: Link) -> str | Markup:
    label, path = written(link.label), there(link.path)
    return label if path is None else Markup('<a href="{}">{}</a>').format(path, label)


def _figure(value: str | int | Money | Rate | date, zone: str) -> str | Markup:
    if isinstance(value, Money):
        return formats.amount(value, language())
    if isinstance(value, Rate):
        return formats.rate(value.basis_points, language())
    if isinstance(value, datetime):
        return _time(value.isoformat(), formats.moment(value, language(), zone))
    if isinstance(value, date):
        return _time(value.isoformat(), formats.day(value, language()))
    return formats.whole(value, language()) if isinstance(value, int) else value


def _time(machine: str, words: str) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(machine, words)


def facts(rows: Iterable[Fact], zone: str) -> list[tuple[str, str | Markup]]:
    """Return facts as label and words."""
    return [(str(_(row.label)), written(row.value, zone)) for row in rows]


def there(path: str) -> str | None:
    """Return an address if some page of this house answers it, else nothing."""
    plain = path.partition("#")[0].partition("?")[0]
    try:
        current_app.url_map.bind("localhost").match(plain, method="GET")
    except RequestRedirect:
        return path
    except HTTPException:
        return None
    return path


@dataclass(frozen=True, slots=True)
class ShownOption:
    """A choice as the part of the page takes it."""

    label: str
    about: str
    allowed: bool
    reasons: tuple[tuple[str, str | None], ...]
    url: str
    forward: bool


def options(found: Sequence[Option]) -> list[ShownOption]:
    """Return choices with their reasons in words, each with the way to where it is mended."""
    return [
        ShownOption(
            option.label,
            option.about,
            option.allowed,
            tuple(
                (said(reason.refusal), there(reason.path) if reason.path else None)
                for reason in option.reasons
            ),
            there(option.path) or option.plain,
            option.forward,
        )
        for option in found
    ]


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """An entry of the journal as the part of the page takes it."""

    at: datetime
    who: str
    sentence: str | Markup
    reason: str | Markup
    tone: str


def entries(told: Sequence[Told], zone: str) -> list[ShownEntry]:
    """Return journal entries in words; a text that stands alone needs no label."""
    return [
        ShownEntry(
            each.at,
            ", ".join(str(written(part)) for part in each.who),
            sentence(each.sentence),
            _texts(each, zone),
            each.tone,
        )
        for each in told
    ]


def _texts(each: Told, zone: str) -> str | Markup:
    if len(each.texts) == 1:
        return written(each.texts[0][1], zone)
    return Markup("<br>").join(
        Markup("{}: {}").format(_(label), written(value, zone)) for label, value in each.texts
    )


@dataclass(frozen=True, slots=True)
class ShownRelated:
    """A record below one as the part of the page takes it."""

    ref: str
    kind: str
    title: str
    about: str | Markup
    state: StateTag
    waits: str


def related(found: Sequence[Related], zone: str) -> list[ShownRelated]:
    """Return the records below one in words."""
    return [
        ShownRelated(
            each.ref,
            each.kind,
            each.title,
            written(each.about, zone),
            each.state,
            formats.listed([str(_(label.text)) for label in each.waits], language()),
        )
        for each in found
    ]


def links(found: Iterable[Link]) -> list[tuple[str, str]]:
    """Return the links that some page answers, as words and address."""
    return [(str(written(link.label)), link.path) for link in found if there(link.path) is not None]
