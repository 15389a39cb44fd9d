"""Below every mail: what waits for the reader, by when, and the way there; nothing that others wrote can be followed."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from grantflow.services.letters.catalogue import shipped
from grantflow.services.letters.compose import Paragraph, compose
from grantflow.services.letters.made_up import made_up
from grantflow.services.letters.papers import Foot, letter_mail
from grantflow.services.letters.shape import LANGUAGES
from grantflow.services.letters.words import KINDS
from tests.services.letters.values import DECISION

HOUSE = "https://grants.example"


class Looked(HTMLParser):
    """What a mail program would load or follow."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.followed: list[str] = []
        self.language: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in {"img", "link", "script", "iframe", "object", "video"} or given.get("src"):
            self.loaded.append(tag)
        if tag == "a":
            self.followed.append(given.get("href") or "")
        if tag == "html":
            self.language = given.get("lang")


@pytest.mark.parametrize("name", sorted(shipped().designs))
def test_every_mail_has_text_and_html_that_loads_nothing(name: str) -> None:
    design = shipped()[name]
    values = made_up(KINDS[design.kind][1], DECISION["today"], "SEK")
    for language in LANGUAGES:
        letter = compose(shipped(), name, values, language=language)
        foot = Foot(step="Accept", due="12 December", page=f"{HOUSE}/records/XX-1", house=HOUSE)
        mail = letter_mail(letter, foot)
        looked = Looked(mail.html)
        assert (looked.loaded, looked.language) == ([], language)
        assert f"{HOUSE}/records/XX-1" in looked.followed
        for said in (letter.subject, "Accept", "12 December"):
            assert said in mail.html or said.replace("&", "&amp;") in mail.html
        assert "Accept" in mail.text
        assert f"{HOUSE}/records/XX-1" in mail.text


def test_only_what_leads_to_the_house_can_be_followed() -> None:
    letter = compose(shipped(), "award_letter", DECISION)
    crooked = Paragraph(
        f"See https://evil.example/{HOUSE} <a href='x'> and {HOUSE}/sign-in/new-password/abc_1."
    )
    mail = letter_mail(replace(letter, blocks=(crooked,)), Foot(house=HOUSE))
    assert Looked(mail.html).followed == [f"{HOUSE}/sign-in/new-password/abc_1"]
