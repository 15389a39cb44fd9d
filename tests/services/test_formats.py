"""How amounts, days, spans and lists are written in each language."""

from datetime import UTC, date, datetime

import pytest

from grantflow.domain.money import Money
from grantflow.services import formats

EU = [
    "bg",
    "cs",
    "da",
    "de",
    "el",
    "en",
    "es",
    "et",
    "fi",
    "fr",
    "ga",
    "hr",
    "hu",
    "it",
    "lt",
    "lv",
    "mt",
    "nl",
    "pl",
    "pt",
    "ro",
    "sk",
    "sl",
    "sv",
]


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "EUR\u00a01\u202f500\u202f000"),
        ("sv", "1\u202f500\u202f000\u00a0€"),
        ("lt", "1\u202f500\u202f000\u00a0€"),
        ("de", "1.500.000\u00a0€"),
        ("nl", "€\u00a01.500.000"),
        ("xx", "EUR\u00a01\u202f500\u202f000"),
    ],
)
def test_amounts_have_thin_spaces_that_do_not_break(language: str, written: str):
    assert formats.amount(Money(150_000_000, "EUR"), language) == written


def test_cents_are_written_where_there_are_any():
    assert formats.amount(Money(1_250, "EUR"), "en") == "EUR\u00a012.50"
    assert formats.amount(Money(1_250, "SEK"), "sv") == "12,50\u00a0kr"
    assert formats.amount(Money(-1_200, "SEK"), "sv") == "-12\u00a0kr"


@pytest.mark.parametrize("language", EU)
def test_no_amount_breaks_at_the_end_of_a_line(language: str):
    written = formats.amount(Money(123_456_789, "EUR"), language)
    assert " " not in written
    assert "".join(char for char in written if char.isdigit()) == "123456789"


def test_a_moment_says_whose_clock_is_meant():
    at = datetime(2026, 11, 30, 13, 0, tzinfo=UTC)
    assert formats.moment(at, "en", "Europe/Stockholm") == "30 November 2026, 14:00 (Stockholm)"
    assert formats.moment(at, "lt", "Europe/Vilnius") == "2026 m. lapkričio 30 d., 15:00 (Vilnius)"
    assert formats.moment(at, "en", "UTC") == "30 November 2026, 13:00 (UTC)"


def test_the_day_of_a_moment_is_that_of_the_zone():
    late = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
    assert formats.day(late, "en", "Europe/Stockholm") == "1 December 2026"
    assert formats.day(date(2026, 11, 30), "sv") == "30 november 2026"


@pytest.mark.parametrize(
    ("language", "text", "written"),
    [
        ("en", "21d", "21 days"),
        ("en", "1wd", "1\u00a0working day"),
        ("en", "10wd", "10\u00a0working days"),
        ("lt", "21wd", "21\u00a0darbo diena"),
        ("lt", "2wd", "2\u00a0darbo dienos"),
        ("lt", "10wd", "10\u00a0darbo dienų"),
        ("sv", "6mo", "6 månader"),
    ],
)
def test_spans_have_the_plural_of_the_language(language: str, text: str, written: str):
    assert formats.span(text, language) == written


def test_rates_and_lists():
    assert formats.rate(6_250, "sv") == "62,5\u00a0%"
    assert formats.listed(["one", "two", "three"], "en") == "one, two and three"
