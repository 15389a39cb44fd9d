"""How amounts, days and moments are written in each language: by CLDR, with thin spaces that do not break."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time, get_timezone_location
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, format_percent
from babel.units import format_unit

from grantflow.domain.money import BASIS_POINTS, Money
from grantflow.domain.time import Span, at_local, instant

THIN = "\u202f"
"""The thin space at which no line breaks: between the thousands of an amount."""
FIXED = "\u00a0"
"""The space of ordinary width at which no line breaks."""

_MANY = 4096
"""So many amounts and days are kept as they were written: a list writes the same few over and over."""
_TERRITORY = {"en": "en_GB"}
"""Which English: dates as Europe writes them."""
_CODE_FIRST = f"¤¤{FIXED}#,##0.00"


@cache
def locale_of(language: str) -> Locale:
    """Return the conventions of a language; unknown ones are written as English."""
    try:
        return Locale.parse(_TERRITORY.get(language, language))
    except (ValueError, UnknownLocaleError):
        return Locale.parse("en_GB")


@cache
def own_name(language: str) -> str:
    """Return what a language calls itself: `English`, `Svenska`, `Lietuvių`."""
    name = locale_of(language).get_language_name(language) or language
    return name[:1].upper() + name[1:]


@lru_cache(_MANY)
def amount(money: Money, language: str) -> str:
    """Return an amount; cents only where there are any: `EUR 300 000`, `300 000 kr`, `300.000 €`.

    English puts the code before and a thin space between thousands, since its comma means cents to most of Europe.
    """
    locale = locale_of(language)
    cents = money.amount % 100
    english = locale.language == "en"
    pattern = _CODE_FIRST if english else locale.currency_formats["standard"].pattern
    if not cents:
        pattern = pattern.replace("0.00", "0")
    written = format_currency(
        Decimal(money.amount) / 100, money.currency, pattern, locale=locale, currency_digits=False
    )
    return written.replace(",", THIN) if english else _thin(written)


def whole(number: int, language: str) -> str:
    """Return a whole number with its thousands apart."""
    locale = locale_of(language)
    written = format_decimal(number, locale=locale)
    return written.replace(",", THIN) if locale.language == "en" else _thin(written)


def rate(basis_points: int, language: str) -> str:
    """Return a rate: `62.5 %`."""
    return format_percent(
        Decimal(basis_points) / BASIS_POINTS, f"#,##0.##{FIXED}%", locale=locale_of(language)
    )


@lru_cache(_MANY)
def points(hundredths: int, language: str) -> str:
    """Return a sum of points, with as many decimals as it has: `82`, `78.25`."""
    return format_decimal(Decimal(hundredths) / 100, "#,##0.##", locale=locale_of(language))


def day(value: date | datetime, language: str, zone: str = "UTC") -> str:
    """Return a day in words; of a moment, the day that it is in the zone."""
    local = instant(value).astimezone(ZoneInfo(zone)).date() if isinstance(value, datetime) else value
    return _day(local, language)


@lru_cache(_MANY)
def _day(local: date, language: str) -> str:
    return format_date(local, "long", locale=locale_of(language))


@lru_cache(_MANY)
def moment(value: datetime, language: str, zone: str) -> str:
    """Return day, time of day and whose clock is meant: `30 November 2026, 14:00 (Stockholm)`."""
    local = instant(value).astimezone(ZoneInfo(zone))
    locale = locale_of(language)
    place = get_timezone_location(local.tzinfo, locale=locale, return_city=True) if zone != "UTC" else "UTC"
    clock = format_time(local, "HH:mm", locale=locale)
    return f"{day(value, language, zone)}, {clock} ({place})"


def _thin(written: str) -> str:
    """Make the space between two digits thin; the one before a currency keeps its width."""
    return "".join(
        THIN
        if char in "\u00a0 " and written[:at][-1:].isdigit() and written[at + 1 :][:1].isdigit()
        else char
        for at, char in enumerate(written)
    )


def span(text: str, language: str) -> str:
    """Return a span in words: `21d` as “21 days”, `10wd` as “10 working days”."""
    parsed = Span.parse(text)
    locale = locale_of(language)
    if parsed.unit == "wd":
        return _WORKING_DAYS.get(locale.language, _WORKING_DAYS["en"])(parsed.count)
    return format_unit(parsed.count, _UNITS[parsed.unit], length="long", locale=locale)


def listed(words: Sequence[str], language: str) -> str:
    """Return words as a list in a sentence: “one, two and three”."""
    return format_list(list(words), locale=locale_of(language))


_UNITS = {"min": "minute", "h": "hour", "d": "day", "w": "week", "mo": "month"}


def _working_days(one: str, few: str, many: str, language: str) -> Callable[[int], str]:
    forms = {"one": one, "few": few}

    def say(count: int) -> str:
        return f"{whole(count, language)}{FIXED}{forms.get(locale_of(language).plural_form(count), many)}"

    return say


_WORKING_DAYS = {
    "en": _working_days("working day", "working days", "working days", "en"),
    "sv": _working_days("arbetsdag", "arbetsdagar", "arbetsdagar", "sv"),
    "lt": _working_days("darbo diena", "darbo dienos", "darbo dienų", "lt"),
}
"""CLDR knows days, but not those on which people work."""


_SPACES = re.compile(r"[\s\u00a0\u202f\u2009']")
_CURRENCY = re.compile(r"^(?:[A-Z]{3}|€)|(?:[A-Z]{3}|€|kr)$")
_CENTS = re.compile(r"[.,](\d{1,2})$")
_THOUSANDS = re.compile(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*")
_LONGEST = 15
"""Digits of the largest number that anybody means; as cents, too, every table takes it."""
_DAY_FIRST = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")
_CLOCK = re.compile(r"([0-9]{1,2})[.:]([0-9]{2})")


def plain_amount(minor: int, language: str) -> str:
    """Return an amount as one types it into a field: `30 000,50`, without a currency."""
    written = whole(minor // 100, language)
    cents = minor % 100
    return f"{written}{locale_of(language).number_symbols['latn']['decimal']}{cents:02}" if cents else written


def read_whole(typed: str, language: str) -> int | None:
    """Return the whole number that was typed, thousands apart or not; nothing where it cannot be read."""
    return _digits(_SPACES.sub("", typed), language)


def read_amount(typed: str, language: str) -> int | None:
    """Return what was typed as an amount in minor units: `30 000,50` is 3 000 050; nothing where it cannot be read.

    A single mark before exactly three digits means thousands only where the language writes them so; elsewhere it could
    as well be meant for cents, and nobody guesses about money.
    """
    text = _CURRENCY.sub("", _SPACES.sub("", typed))
    cents = _CENTS.search(text)
    units = _digits(
        text[: cents.start()] if cents else text, language, other_than=text[-len(cents[0])] if cents else ""
    )
    return None if units is None else units * 100 + (int(cents[1].ljust(2, "0")) if cents else 0)


def read_day(typed: str) -> date | None:
    """Return the day that was typed: `2027-03-31`, or the day first: `31.3.2027`; nothing where it cannot be read."""
    text = typed.strip()
    day_first = _DAY_FIRST.fullmatch(text)
    try:
        if day_first:
            return date(int(day_first[3]), int(day_first[2]), int(day_first[1]))
        return date.fromisoformat(text)
    except ValueError:
        return None


def read_moment(typed: str, zone: str) -> datetime | None:
    """Return the instant that was typed as a day and a time in a zone: `2027-03-31 14:00`; nothing where it cannot be read."""
    day, _, clock = typed.strip().replace("T", " ").partition(" ")
    read = read_day(day)
    time = _CLOCK.fullmatch(clock.strip())
    if read is None or time is None:
        return None
    try:
        local = datetime(read.year, read.month, read.day, int(time[1]), int(time[2]))  # noqa: DTZ001 - the zone follows
    except ValueError:
        return None
    return at_local(local, ZoneInfo(zone))


def _digits(text: str, language: str, other_than: str = "") -> int | None:
    """Return a whole number; `other_than` is the mark that already stands before the cents."""
    grouped = _THOUSANDS.fullmatch(text)
    if grouped and grouped[1] != other_than:
        sure = bool(other_than) or text.count(grouped[1]) > 1
        if sure or grouped[1] == locale_of(language).number_symbols["latn"]["group"]:
            text = text.replace(grouped[1], "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST else None
