"""The applications of a call as a list: filtered, sorted and paged by keys, from what the reader may see."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from grantflow.domain.money import Money
from grantflow.domain.time import from_utc_text, utc_text
from grantflow.services.calls.public import spelled
from grantflow.services.records.meaning import is_inside, label_for, tone
from grantflow.services.records.page import StateTag, state_tag
from grantflow.services.records.visibility import Found, find_call, seen_state
from grantflow.store.applications.models import Application
from grantflow.store.applications.visibility import in_conflict_with
from grantflow.store.calls.models import FunderWindow
from grantflow.store.calls.viewing import opened_states, own_below, viewable_below
from grantflow.store.cases import CaseRow
from grantflow.store.people.models import Organisation
from grantflow.store.session import Tx
from grantflow.workflow.model import Lifecycle

PAGE = 50
SIZES = (50, 200)
MANY = 1000
"""Beyond so many a search is not counted out."""
RECORD = "application"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asks of the list, as it stands in the address."""

    words: str = ""
    state: str = ""
    window: str = ""
    sort: str = "ref"
    falling: bool = False
    after: str = ""
    """The key behind which the page begins."""
    before: str = ""
    """The key before which the page ends."""
    size: int = PAGE


@dataclass(frozen=True, slots=True)
class Line:
    """An application in the list."""

    ref: str
    title: str
    organisation: str
    state: StateTag
    window: str
    asked: Money | None
    sent_at: datetime | None
    since: datetime | None
    """Nothing where the state is confidential for the reader."""


@dataclass(frozen=True, slots=True)
class StateCount:
    """How many applications the reader sees in a state."""

    state: StateTag
    count: int


@dataclass(frozen=True, slots=True)
class ApplicationList:
    """The page of the list."""

    found: Found
    title: str
    state: StateTag
    wanted: Wanted
    lines: tuple[Line, ...]
    count: int
    more_than: bool
    """Whether there are more than `count`."""
    states: tuple[StateCount, ...]
    windows: tuple[tuple[str, str], ...]
    older: str
    newer: str
    zone: str


def application_list(tx: Tx, slug: str, wanted: Wanted, language: str) -> ApplicationList | None:
    """Return the list of a call's applications for those who work for the programme, or nothing."""
    asked = _asked(tx, slug, wanted, language)
    if asked is None:
        return None
    wanted = asked.wanted
    rows = tx.execute(asked.page()).all()
    backwards = bool(wanted.before)
    further = len(rows) > wanted.size
    rows = rows[: wanted.size][::-1] if backwards else rows[: wanted.size]
    states = asked.counted(tx)
    count, more = asked.count(tx, states)
    lines = tuple(asked.line(row) for row in rows)
    return ApplicationList(
        found=asked.found,
        title=asked.found.call_title,
        state=state_tag(asked.found),
        wanted=wanted,
        lines=lines,
        count=count,
        more_than=more,
        states=states,
        windows=asked.windows(tx),
        older=_key(rows[-1]) if rows and (further or backwards) else "",
        newer=_key(rows[0]) if rows and (wanted.after if not backwards else further) else "",
        zone=asked.found.zone,
    )


def every_line(tx: Tx, slug: str, wanted: Wanted, language: str) -> Iterator[Line] | None:
    """Return all lines that the list would show on its pages, in its order; for files."""
    asked = _asked(tx, slug, replace(wanted, after="", before=""), language)
    return None if asked is None else (asked.line(row) for row in tx.execute(asked.every()))


def _asked(tx: Tx, slug: str, wanted: Wanted, language: str) -> _Asked | None:
    found = find_call(tx, slug, language)
    if found is None or not is_inside(found.scheme, found.roles):
        return None
    lifecycle = next((each for each in found.scheme.lifecycles.values() if each.record == RECORD), None)
    return None if lifecycle is None else _Asked(tx, found, lifecycle, wanted)


class _Asked:
    """The questions behind one list: all of them start from what the reader may see."""

    def __init__(self, tx: Tx, found: Found, lifecycle: Lifecycle, wanted: Wanted) -> None:
        self.found = found
        self.lifecycle = lifecycle
        self._tags: dict[str, StateTag] = {}
        self.seen = {
            name: seen_state(tx, found.scheme, lifecycle, name, found.roles) for name in lifecycle.states
        }
        known = {state.name for state in self.seen.values()}
        self.wanted = replace(
            wanted,
            state=wanted.state if wanted.state in known else "",
            sort=wanted.sort if wanted.sort in _SORTS else "ref",
            size=wanted.size if wanted.size in SIZES else PAGE,
        )
        self.may_see = and_(
            CaseRow.call_id == found.call_id,
            CaseRow.lifecycle == lifecycle.name,
            viewable_below(tx, tx.actor, lifecycle, found.roles),
            CaseRow.id.not_in(in_conflict_with(tx.actor)),
        )

    def _filtered(self) -> ColumnElement[bool]:
        wanted = self.wanted
        conditions = [self.may_see]
        if wanted.state:
            conditions.append(CaseRow.state.in_(self._behind(wanted.state)))
        if wanted.window:
            conditions.append(FunderWindow.name == wanted.window)
        for word in wanted.words.split()[:5]:
            like = f"%{word.lower().replace('/', '//').replace('%', '/%').replace('_', '/_')}%"
            conditions.append(
                or_(
                    func.lower(Application.title).like(like, escape="/"),
                    func.lower(Organisation.name).like(like, escape="/"),
                    func.lower(CaseRow.ref).like(like, escape="/"),
                )
            )
        return and_(*conditions)

    def _behind(self, shown: str) -> list[str]:
        """Return the states that the reader sees as one."""
        return sorted(name for name, state in self.seen.items() if state.name == shown)

    def _sorted_by(self) -> ColumnElement[Any]:
        if self.wanted.sort == "state":
            order = {name: place for place, name in enumerate(self.lifecycle.states)}
            places = {name: order[state.name] for name, state in self.seen.items()}
            return case(places, value=CaseRow.state, else_=len(places))
        column: ColumnElement[Any] = _SORTS[self.wanted.sort]()
        return column

    def every(self) -> Select[*tuple[Any, ...]]:
        """Return the question for all lines in their order."""
        column = self._sorted_by()
        order = self._order(column, falling=self.wanted.falling)
        return self._lines(column).where(self._filtered()).order_by(*order)

    def _lines(self, column: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
        return (
            select(
                CaseRow.ref,
                CaseRow.state,
                CaseRow.entered_at,
                Application.title,
                Application.asked,
                Application.submitted_at,
                Organisation.name.label("organisation"),
                FunderWindow.name.label("window"),
                FunderWindow.currency,
                column.label("place"),
            )
            .select_from(CaseRow)
            .join(Application, Application.id == CaseRow.id)
            .join(Organisation, Organisation.id == Application.organisation_id)
            .outerjoin(FunderWindow, FunderWindow.id == Application.window_id)
        )

    def page(self) -> Select[*tuple[Any, ...]]:
        """Return the question for one page, one line more than it holds."""
        wanted, column = self.wanted, self._sorted_by()
        backwards = bool(wanted.before)
        falling = wanted.falling != backwards
        found = self._lines(column).where(self._filtered())
        key = _read_key(wanted.before or wanted.after, _PLACES.get(wanted.sort, str))
        if key is not None:
            value, ref = key
            beyond = column < value if falling else column > value
            further = CaseRow.ref < ref if falling else CaseRow.ref > ref
            alone = wanted.sort == "ref"  # a reference stands for one record, so nothing shares its place
            found = found.where(beyond if alone else or_(beyond, and_(column == value, further)))
        return found.order_by(*self._order(column, falling=falling)).limit(wanted.size + 1)

    def _order(self, column: ColumnElement[Any], *, falling: bool) -> tuple[ColumnElement[Any], ...]:
        keys = (column,) if self.wanted.sort == "ref" else (column, CaseRow.ref.expression)
        return tuple(key.desc() for key in keys) if falling else keys

    def counted(self, tx: Tx) -> tuple[StateCount, ...]:
        """Return how many applications the reader sees in each state, whatever is filtered for.

        All are counted by the index alone; what a conflict hides is taken away, what is the reader's own is added.
        """
        here = and_(CaseRow.call_id == self.found.call_id, CaseRow.lifecycle == self.lifecycle.name)
        counted = select(CaseRow.state, func.count().label("number")).where(here).group_by(CaseRow.state)
        opened = opened_states(self.lifecycle, self.found.roles)
        numbers: dict[str, int] = {}

        def add(state: str, number: int) -> None:
            shown = self.seen[state].name
            numbers[shown] = numbers.get(shown, 0) + number

        for row in tx.execute(counted):
            if row.state in opened:
                add(row.state, row.number)
        tied = CaseRow.id.in_(in_conflict_with(tx.actor))
        # Somebody's conflicts are few, in all calls together: they are looked up by themselves.
        for row in tx.execute(select(CaseRow.state, CaseRow.call_id, CaseRow.lifecycle).where(tied)):
            own_call = row.call_id == self.found.call_id and row.lifecycle == self.lifecycle.name
            if own_call and row.state in opened:
                add(row.state, -1)
        own = own_below(tx, tx.actor, self.lifecycle, self.found.roles)
        for row in tx.execute(counted.where(own, ~tied)):
            add(row.state, row.number)
        return tuple(
            StateCount(self.tag(name), numbers[name]) for name in self.lifecycle.states if numbers.get(name)
        )

    def count(self, tx: Tx, states: Sequence[StateCount]) -> tuple[int, bool]:
        """Return how many lines there are in all, and whether there are even more."""
        wanted = self.wanted
        if not wanted.words and not wanted.window:
            numbers = [each.count for each in states if wanted.state in ("", each.state.name)]
            return sum(numbers), False
        some = self._lines(self._sorted_by()).where(self._filtered()).limit(MANY + 1).subquery()
        number = int(tx.execute(select(func.count()).select_from(some)).scalar_one())
        return min(number, MANY), number > MANY

    def windows(self, tx: Tx) -> tuple[tuple[str, str], ...]:
        """Return the windows of the call."""
        names = (
            select(FunderWindow.name)
            .where(FunderWindow.call_id == self.found.call_id)
            .order_by(FunderWindow.stage, FunderWindow.name)
        )
        return tuple((row.name, spelled(row.name)) for row in tx.execute(names))

    def tag(self, name: str) -> StateTag:
        """Return a state of applications as a tag carries it."""
        if name not in self._tags:
            state = self.lifecycle.states[name]
            label = label_for(state, self.found.roles, self.found.scheme)
            self._tags[name] = StateTag(name, label, tone(self.lifecycle, state))
        return self._tags[name]

    def line(self, row: Any) -> Line:
        """Return a row as the list shows it."""
        shown = self.seen[row.state].name
        currency = row.currency or self.found.currency
        return Line(
            row.ref,
            row.title or row.ref,
            row.organisation,
            self.tag(shown),
            spelled(row.window) if row.window else "",
            None if row.asked is None else Money(row.asked, currency),
            row.submitted_at,
            row.entered_at if shown == row.state else None,
        )


_SORTS: Mapping[str, Any] = {
    "ref": lambda: CaseRow.ref.expression,
    "sent": lambda: func.coalesce(Application.submitted_at, CaseRow.created_at),
    "title": lambda: func.lower(Application.title),
    "organisation": lambda: func.lower(Organisation.name),
    "asked": lambda: func.coalesce(Application.asked, 0),
    "state": None,
}


_PLACES: Mapping[str, type] = {"sent": datetime, "asked": int, "state": int}
"""By what lists are sorted that are not sorted by words."""
_BEYOND = 2**63
"""No whole number in the tables is as large."""


def _key(row: Any) -> str:
    value = utc_text(row.place) if isinstance(row.place, datetime) else row.place
    packed = json.dumps([value, isinstance(row.place, datetime), row.ref], separators=(",", ":"))
    return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def _read_key(text: str, kind: type) -> tuple[Any, str] | None:
    """Return the place and the reference in a key; nothing where it is none, then the list begins anew.

    Keys come back from browsers: what has not the kind of place by which the list is sorted is none.
    """
    try:
        padded = text + "=" * (-len(text) % 4)
        value, is_time, ref = json.loads(base64.urlsafe_b64decode(padded))
        place = from_utc_text(value) if is_time is True else value
    except (ValueError, TypeError, AttributeError, binascii.Error, RecursionError):
        return None
    fits = type(place) is kind and all(map(_is_writing, (each for each in (place, ref) if type(each) is str)))
    if not fits or type(ref) is not str or (type(place) is int and abs(place) >= _BEYOND):
        return None
    return place, ref


def _is_writing(text: str) -> bool:
    """Whether every database can take a text."""
    return "\0" not in text and not any("\ud800" <= char <= "\udfff" for char in text)
