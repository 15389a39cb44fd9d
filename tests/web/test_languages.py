"""Every sentence on a page has its place in a catalogue, and every catalogue is complete.

A made-up language marks each sentence that comes out of a catalogue; whatever stands on a page unmarked is data of the
demo, a number, a date, or a sentence that somebody forgot.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException

from grantflow.app import registry
from grantflow.paths import data_folder
from grantflow.services import catalogues
from grantflow.web import create_app
from tests.browser.live import house, tell_the_demo

OPEN, CLOSE = "⟦", "⟧"
READERS = (
    *(None, "karin.ekblad", "yusuf.demir", "elin.nordvall", "mona.tyskling", "birgit.aune", "cecilia.bark"),
    *("bengt.olars", "olof.hagg", "lisa.norell"),
)
PER_ROUTE = 1
"""How many pages of a kind each reader opens; the readers stand at different points of their calls."""
UNREAD = {"script", "style", "svg", "template"}
OURS = {
    "GrantFlow",
    "CSV",
    "PDF",
    "XLSX",
    "English",
    "Svenska",
    "Lietuvių",
    "Demo",
    "Stockholm",
    "Europe",
    "UTC",
    "kB",
    "MB",
    "Werkzeug",
}
"""Names, and words that are the same in every language."""
COUNTRIES = frozenset(Locale("sv").territories.values())
BETWEEN = re.compile(r"[\n·|,;:()“”]|\s{2,}| \u2013 | \d|^\d+\.? ")
EDGES = " ,.:;()“”\"'-·/\u2013"
LETTERS = frozenset(
    {
        "/applications/<ref>/decision",
        "/calls/<slug>/messages/<template>",
        "/letters/<uuid:decision_id>",
    }
)
"""Pages that show a letter, whose words stand in config/letters by language."""


class Texts(HTMLParser):
    """The texts of a page, its links, and the texts that only readers of the screen hear."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.links: list[str] = []
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in UNREAD or given.get("translate") == "no" or (self.inside and self.inside[-1] == tag):
            self.inside.append(tag)
        if tag == "a" and given.get("href"):
            self.links.append(str(given["href"]))
        if not self.inside:
            self.texts += [
                str(given[name]) for name in ("aria-label", "title", "placeholder", "alt") if given.get(name)
            ]

    def handle_endtag(self, tag: str) -> None:
        if self.inside and self.inside[-1] == tag:
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        if not self.inside and data.strip():
            self.texts.append(data.strip())


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tell_the_demo(tmp_path_factory.mktemp("languages"))


@pytest.fixture(scope="module")
def app(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The demo in a language in which each sentence stands between marks."""
    folder = tmp_path_factory.mktemp("locale")
    target = folder / "sv" / "LC_MESSAGES"
    target.mkdir(parents=True)
    marked = Catalog(locale="sv", domain="messages")
    for each in catalogues.collect(registry()):
        if each.plural:
            marked.add((each.text, each.plural), (_mark(each.text), _mark(each.plural)))
        elif marked.get(each.text) is None:
            marked.add(each.text, _mark(each.text))
    with (target / "messages.mo").open("wb") as stream:
        write_mo(stream, marked)
    database = house(demo)
    made = create_app(
        database,
        data_folder=demo,
        demo=True,
        now=lambda: datetime.now(UTC),
        secret_key="of the languages",
        locale=folder,
    )
    made.config["WTF_CSRF_METHODS"] = []
    yield made
    database.dispose()


def _mark(text: str) -> str:
    return f"{OPEN}{text}{CLOSE}"


@pytest.fixture(scope="module")
def data(demo: Path) -> str:
    """Everything that the demo's people wrote, and that calls, forms and rubrics say in their own words."""
    found = [path.read_text(encoding="utf-8") for path in sorted(data_folder("config").rglob("*.yaml"))]
    with sqlite3.connect(next(demo.glob("*.sqlite"))) as connection:
        for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            if table.startswith("gf_") and table not in {"gf_refusal", "gf_sign_in"}:
                for row in connection.execute(f'SELECT * FROM "{table}"').fetchall():
                    found += [_plain(value) for value in row if isinstance(value, str)]
    return re.sub(r"\s+", " ", " \n ".join(found))


def _plain(value: str) -> str:
    if value.startswith(("[", "{")):
        return json.dumps(json.loads(value), ensure_ascii=False).replace('\\"', '"')
    return value


@pytest.mark.parametrize("reader", READERS, ids=str)
def test_no_page_says_a_sentence_that_no_catalogue_knows(reader: str | None, app: Flask, data: str) -> None:
    client = app.test_client()
    client.set_cookie("language", "sv")
    if reader is not None:
        assert client.post("/sign-in/demo", data={"person": f"{reader}@demo.invalid"}).status_code == 303
    unmarked = {
        f"{path}: {text}"
        for path, html in _pages(app, client, "/home" if reader else "/")
        for text in _texts(html)
        if _rest(text, data)
    }
    assert not unmarked, "\n".join(sorted(unmarked))


def _pages(app: Flask, client: FlaskClient, start: str) -> Iterator[tuple[str, str]]:
    """Yield the pages that somebody reaches by links: some of each kind."""
    asked: Counter[str] = Counter()
    ahead, seen = [start, "/"], set()
    adapter = app.url_map.bind("localhost")
    while ahead:
        path = ahead.pop(0).partition("#")[0]
        if not path.startswith("/") or path in seen or path.startswith(("/static", "/styleguide")):
            continue
        seen.add(path)
        try:
            rule, _ = adapter.match(path.partition("?")[0], return_rule=True)
        except HTTPException:
            continue
        asked[rule.rule] += 1
        if asked[rule.rule] > PER_ROUTE:
            continue
        answer = client.get(path)
        assert answer.status_code < 500, path
        if (
            rule.rule not in LETTERS
            and answer.status_code == 200
            and answer.content_type.startswith("text/html")
        ):
            yield path, answer.text
            parser = Texts()
            parser.feed(answer.text)
            ahead += parser.links


def _texts(html: str) -> list[str]:
    parser = Texts()
    parser.feed(html)
    return parser.texts


def _rest(text: str, data: str) -> str:
    """Return what of a text neither came out of a catalogue nor is data, a number or a date."""
    rest = re.sub(f"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}", " ", text)
    while OPEN in rest and CLOSE in rest:  # sentences inside sentences: labels that fill a place
        shorter = re.sub(f"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}", " ", rest)
        if shorter == rest:
            break
        rest = shorter
    rest = rest.replace(OPEN, " ").replace(CLOSE, " ")
    parts = [part.strip(EDGES) for part in BETWEEN.split(rest)]
    return next((part for part in parts if re.search(r"[^\W\d_]{3,}", part) and not _known(part, data)), "")


def _known(part: str, data: str) -> bool:
    flat = re.sub(r"\s+", " ", part)
    if flat in data or flat.partition("/")[0] in OURS or flat in COUNTRIES:
        return True
    dated = re.sub(
        r"\b(januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december|kl|SEK|EUR|kr)\b",
        "",
        flat,
    )
    return not re.search(r"[^\W\d_]{3,}", dated)


@pytest.mark.parametrize("language", catalogues.SPOKEN[1:])
def test_a_catalogue_is_complete_and_fills_the_same_places(language: str) -> None:
    kept = catalogues.updated(catalogues.catalogue(language), catalogues.collect(registry()))
    assert catalogues.untranslated(kept) == []
    for message in kept:
        if not message.id:
            continue
        strings = [message.string] if isinstance(message.string, str) else list(message.string or ())
        places = set(re.findall(r"%\(\w+\)s", str(message.id)))
        for string in strings:
            assert set(re.findall(r"%\(\w+\)s", string)) <= places, message.id
            assert not re.search(r"%(?!\(\w+\)[sd]|%)", string) or "%" in str(message.id), message.id
