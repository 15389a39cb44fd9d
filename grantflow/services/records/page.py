"""The page of a record of any kind: where it is, what may be done and why not, who has it, what it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from grantflow.domain.refusal import Refusal
from grantflow.services.cases import Choice, choices
from grantflow.services.records.content import ROWS, content_of, title_of
from grantflow.services.records.content.aid import lines_below, rows_of
from grantflow.services.records.content.application import DECISION
from grantflow.services.records.journal import Seen, Told, entries_of, told
from grantflow.services.records.links import Ways, pages_of, ways
from grantflow.services.records.meaning import (
    Tone,
    goes_back,
    is_inside,
    label_for,
    leads_against,
    stays,
    tone,
)
from grantflow.services.records.path import PathStep, path_of
from grantflow.services.records.said import Content, Label, Link, Value
from grantflow.services.records.visibility import Found, find, find_below
from grantflow.services.records.waiting import Waiting, waiting_of
from grantflow.store.session import Tx
from grantflow.workflow.model import Row

NEWEST = 8
"""So many steps of the journal stand on the page itself."""
RELATED = 60


@dataclass(frozen=True, slots=True)
class StateTag:
    """A state as a tag carries it."""

    name: str
    label: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a step may not be taken, and the page on which that is mended, where there is one."""

    refusal: Refusal
    path: str | None


@dataclass(frozen=True, slots=True)
class Option:
    """A step that the reader could take: allowed, or with every reason against."""

    name: str
    label: str
    about: str
    allowed: bool
    reasons: tuple[Reason, ...]
    path: str
    plain: str
    """The plain form of the step, in case that the page of its own is not there."""
    against: bool
    """Whether it leads to an end or against somebody: asked once more, and never the first choice."""
    forward: bool
    """Whether it leads on."""


@dataclass(frozen=True, slots=True)
class Related:
    """A record below this one."""

    ref: str
    kind: str
    """As its scheme calls it."""
    record: str
    """The kind of record."""
    state: StateTag
    title: str
    """What it is called; empty where its reference is all that it has."""
    about: tuple[Value, ...]
    waits: tuple[Label, ...]
    """For whom it waits, where people move it."""


@dataclass(frozen=True, slots=True)
class RecordPage:
    """Everything on the page of a record."""

    found: Found
    kind: str
    """What records of this kind are called."""
    title: str
    call: str
    state: StateTag
    path: tuple[PathStep, ...]
    options: tuple[Option, ...]
    waiting: Waiting
    content: Content
    related: tuple[Related, ...]
    links: tuple[Link, ...]
    journal: tuple[Told, ...]
    more: bool
    """Whether the journal has further steps."""
    above: Link | None
    """The record under which it stands, where that is not the call."""
    inside: bool


def record_page(tx: Tx, ref: str, language: str) -> RecordPage | None:
    """Return the page of a record as the actor may see it, or nothing where they may not."""
    found = find(tx, ref, language=language)
    if found is None:
        return None
    inside = is_inside(found.scheme, found.roles)
    every = entries_of(tx, found)
    there = ways(found)
    content = content_of(tx, found, language)
    return RecordPage(
        found=found,
        kind=found.lifecycle.title,
        title=content.title,
        call=found.call_title,
        state=state_tag(found),
        path=path_of(found, every, has_lab=found.has_lab),
        options=options_of(tx, found, there),
        waiting=waiting_of(tx, found, every),
        content=content,
        related=_related(tx, found),
        links=tuple(pages_of(found, decided=any(part.title == DECISION for part in content.parts))),
        journal=told(tx, found, every[:NEWEST]),
        more=len(every) > NEWEST,
        above=_above(there),
        inside=inside,
    )


def state_tag(found: Found) -> StateTag:
    """Return where a record is, as the reader may see it."""
    label = label_for(found.shown, found.roles, found.scheme)
    return StateTag(found.shown.name, label, tone(found.lifecycle, found.shown))


def _above(there: Ways) -> Link | None:
    return Link(there.parent, f"/records/{there.parent}") if there.parent else None


def options_of(
    tx: Tx, found: Found, there: Ways | None = None, *, only: str | None = None
) -> tuple[Option, ...]:
    """Return what the reader may do with a record and why not, what leads on before what leads back or ends it.

    `only` names the one step that is asked about.
    """
    if tx.actor.kind not in ("person", "link"):
        return ()
    there = there or ways(found)
    named: dict[str, list[Row]] = {}
    for row in found.lifecycle.leaving(found.state):
        if not found.roles.isdisjoint(row.by):
            named.setdefault(row.name, []).append(row)
    options = [
        _option(found, there, choice, named[choice.name])
        for choice in choices(tx, [found.id], only=only)[found.id].options
    ]
    order = {name: _weight(found, rows) for name, rows in named.items()}
    return tuple(sorted(options, key=lambda option: order[option.name]))


def _option(found: Found, there: Ways, choice: Choice, rows: Sequence[Row]) -> Option:
    path, plain = there.step(rows)
    row = next((each for each in rows if each.label == choice.label), rows[0])
    reasons = tuple(
        Reason(_of_kinds(found, refusal), there.reason(refusal, row))
        for refusal in choice.refusals
        if not _is_said_by_another(refusal, choice.refusals)
    )
    against = all(leads_against(found.lifecycle, each) for each in rows)
    # What is missing in the fields is said on the form of the step, not before it is opened.
    asked = {each.name for row in rows for each in row.asks}
    allowed = choice.allowed or (bool(reasons) and all(reason.refusal.where in asked for reason in reasons))
    return Option(
        choice.name,
        choice.label,
        choice.about,
        allowed,
        () if allowed else reasons,
        path,
        plain,
        against,
        _weight(found, rows) == 0,
    )


def _of_kinds(found: Found, refusal: Refusal) -> Refusal:
    """Return a reason that speaks of records below one, with what records of that kind are called."""
    lifecycle = found.scheme.lifecycles.get(str(refusal.params.get("lifecycle")))
    if lifecycle is None:
        return refusal
    return replace(refusal, params={**refusal.params, "lifecycle": lifecycle.title})


def _is_said_by_another(refusal: Refusal, others: Sequence[Refusal]) -> bool:
    """Whether a reason says that no record is far enough, where another one says how many are not."""
    return refusal.code == "no_such_child" and any(
        each.code == "children_not_there_yet" and each.where == refusal.where for each in others
    )


def _weight(found: Found, rows: Sequence[Row]) -> int:
    """Return where a step stands among the choices: what leads on, what leaves it there, what goes against somebody."""
    if all(leads_against(found.lifecycle, row) for row in rows):
        return 2
    if all(stays(row) or goes_back(found.lifecycle, found.state, row) for row in rows):
        return 1
    halts = all(
        row.to in found.lifecycle.states and "suspended" in found.lifecycle.states[row.to].tags
        for row in rows
    )
    return 1 if halts else 0


def _related(tx: Tx, found: Found) -> tuple[Related, ...]:
    """Return the records below one, as far as the reader may see them; those of a call have lists of their own."""
    if found.record == "call" or not found.scheme.children_of(found.lifecycle.name):
        return ()
    below = find_below(tx, found.id)[:RELATED]
    said = _said_of(tx, found, below)
    return tuple(
        Related(
            each.ref,
            each.lifecycle.title,
            each.record,
            state_tag(each),
            *said.get(each.ref, ("", ())),
            tuple(
                Label(role.label) for name, role in found.scheme.roles.items() if name in each.shown.waits_for
            ),
        )
        for each in below
    )


def _said_of(tx: Tx, found: Found, below: Sequence[Found]) -> Mapping[str, tuple[str, tuple[Value, ...]]]:
    """Return by reference what is said of records below one beside where they are."""
    kinds = {each.record for each in below} & ROWS
    said = dict(lines_below(tx, found.id)) if "line" in kinds else {}
    others = {each.id: each.ref for each in below if each.record in kinds - {"line"}}
    if others:
        said |= {others[id_]: row for id_, row in rows_of(tx, list(others)).items()}
    return said


@dataclass(frozen=True, slots=True)
class JournalPage:
    """The whole journal of a record, a page at a time."""

    found: Found
    title: str
    state: StateTag
    entries: tuple[Told, ...]
    older: int | None
    """Before which step the next page begins, where there is one."""


A_PAGE = 50


def journal_page(tx: Tx, ref: str, language: str, *, before: int | None = None) -> JournalPage | None:
    """Return the journal of a record as the actor may know it; for those from outside all of it stands on one page."""
    found = find(tx, ref, language=language)
    if found is None:
        return None
    inside = is_inside(found.scheme, found.roles)
    seen: Sequence[Seen] = entries_of(
        tx, found, before=before if inside else None, most=A_PAGE + 1 if inside else None
    )
    page = seen[:A_PAGE] if inside else seen
    return JournalPage(
        found=found,
        title=title_of(tx, found),
        state=state_tag(found),
        entries=told(tx, found, page),
        older=page[-1].row.seq if inside and len(seen) > A_PAGE else None,
    )
