"""Somebody's own dates as a calendar (RFC 5545): what waits for them, what comes next, the dates of calls they take part in.

It is made of the home and of nothing else, so what is confidential there is confidential here. The same state of
things gives the same bytes. A date of a call that is moved stays the same event with a higher sequence; what is due
anew, because a record came to a point again, is another event.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event
from sqlalchemy import func, select

from grantflow.domain.words import in_language
from grantflow.services.calls.public import spelled
from grantflow.services.homes.home import Home, Line, home_of
from grantflow.services.letters.labels import translated
from grantflow.store.calls.models import Milestone
from grantflow.store.session import Tx


@dataclass(frozen=True, slots=True)
class Version:
    """How often the dates of a call may have been changed, and when last: everybody may know that."""

    number: int
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Entry:
    """An event: its name for good, what it says, when it is."""

    uid: str
    summary: str
    at: datetime
    zone: str
    page: str
    version: Version


def calendar_of(tx: Tx, user_id: UUID, language: str, *, house: str, since: datetime) -> bytes:
    """Return somebody's calendar in their language; `since` is when they made its address."""
    home = home_of(tx, user_id, language)
    versions = _versions(tx, {date.call.id for date in home.dates} | _calls_of(home))
    entries = sorted(_entries(home, language, house, versions), key=lambda entry: entry.uid)
    host = house.partition("://")[2].partition("/")[0].partition(":")[0]
    calendar = Calendar()
    calendar.add("prodid", "-//GrantFlow//Deadlines//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", "GrantFlow")
    for entry in entries:
        event = Event()
        event.add("uid", f"{entry.uid}@{host}")
        event.add("dtstamp", entry.version.at or since)
        event.add("sequence", entry.version.number)
        event.add("dtstart", entry.at.astimezone(ZoneInfo(entry.zone)))
        event.add("summary", entry.summary)
        event.add("url", entry.page)
        event.add("class", "PRIVATE")
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _entries(home: Home, language: str, house: str, versions: Mapping[UUID, Version]) -> Iterator[Entry]:
    none = Version(0, None)
    seen: set[str] = set()
    for hat in home.hats:
        for line in (*hat.waits, *hat.next):
            if line.due is None or line.key in seen or (line.is_call and not line.step):
                continue
            seen.add(line.key)
            version = versions.get(line.call_id, none)
            yield Entry(line.key, _said(line, language), line.due, line.zone, f"{house}{line.path}", version)
    for date in home.dates:
        title = in_language(date.call.title, language, date.call.language)
        name = translated(spelled(date.name), language)
        yield Entry(
            f"{date.call.slug}.{date.stage}.{date.name}",
            translated("%(date)s: %(call)s", language) % {"date": name, "call": title},
            date.at,
            date.call.zone,
            f"{house}/calls/{date.call.slug}",
            versions.get(date.call.id, none),
        )
    for meeting in home.meetings:
        named = {"body": meeting.body, "number": meeting.number}
        yield Entry(
            f"meeting.{meeting.id}",
            translated("%(body)s, meeting %(number)s", language) % named,
            meeting.at,
            meeting.zone,
            f"{house}{meeting.path}",
            none,
        )


def _said(line: Line, language: str) -> str:
    label = translated(line.step or line.state, language)
    if line.count > 1:
        said = translated("%(step)s: %(count)s records in %(title)s", language)
        return said % {"step": label, "count": line.count, "title": line.title}
    return translated("%(step)s: %(title)s", language) % {"step": label, "title": line.title}


def _calls_of(home: Home) -> set[UUID]:
    return {line.call_id for hat in home.hats for line in (*hat.waits, *hat.next)}


def _versions(tx: Tx, calls: Collection[UUID]) -> Mapping[UUID, Version]:
    if not calls:
        return {}
    rows = tx.execute(
        select(Milestone.call_id, func.count().label("number"), func.max(Milestone.at).label("at"))
        .where(Milestone.call_id.in_(calls))
        .group_by(Milestone.call_id)
    )
    return {row.call_id: Version(row.number, row.at) for row in rows}
