"""Catalogues: every sentence is found wherever it is written, and no translation is lost when they are brought up to date."""

from __future__ import annotations

from babel.messages.catalog import Catalog

from grantflow.app import registry
from grantflow.services.catalogues import Found, collect, untranslated, updated


def test_sentences_are_found_wherever_they_are_written():
    found = {each.text: each.place for each in collect(registry())}
    assert found["Only whoever chaired the meeting signs as its chair."].startswith("grantflow/services"), (
        "refuse()"
    )
    assert found["No frame is in force yet: a body has to adopt one."].startswith("grantflow/workflow"), (
        "Refusal()"
    )
    assert found["This page is not here"].startswith("grantflow/web"), "gettext in a page"
    assert found["Go to the content"].startswith("templates/"), "a template"
    assert found["Open the fund"].startswith("workflows/"), "a label of a scheme"
    assert "Steps found by what they do" not in " ".join(found), "docstrings are for programmers"


def test_what_was_translated_stays_and_what_is_new_waits():
    kept = Catalog(locale="sv", domain="messages")
    kept.add("Open the fund", "Öppna fonden")
    kept.add("Gone from the pages", "Borta")
    made = updated(kept, [Found("Open the fund", "", "here"), Found("Close the fund", "", "there")])
    new_one, kept_one = (message for message in made if message.id)
    assert (kept_one.id, kept_one.string, new_one.string) == ("Open the fund", "Öppna fonden", "")
    assert made.get("Gone from the pages") is None
    assert untranslated(made) == ["Close the fund"]


def test_numbers_decide_between_as_many_forms_as_the_language_has():
    made = updated(Catalog(locale="lt", domain="messages"), [Found("%(num)s day", "%(num)s days", "here")])
    (message,) = (message for message in made if message.id)
    assert message.string == ("", "", "")
    assert untranslated(made) == ["%(num)s day"]
