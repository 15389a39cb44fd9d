"""Taking a step from its page: what it asks, what it does, who hears of it, and what changed meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from grantflow.domain.refusal import Refused, refuse
from grantflow.domain.step import Stepped
from grantflow.services import cases
from grantflow.services.cases.stepping import STALE
from grantflow.services.programmes.meetings import carry_out
from grantflow.services.records.content import title_of
from grantflow.services.records.extras import Extra, Offered, extras_of, take_with_extras
from grantflow.services.records.journal import Told, entries_of, told
from grantflow.services.records.links import ways
from grantflow.services.records.meaning import is_inside, leads_against
from grantflow.services.records.page import Option, StateTag, options_of, state_tag
from grantflow.services.records.said import Label, Sentence
from grantflow.services.records.visibility import Found, find
from grantflow.store.cases import CaseRow
from grantflow.store.people.recipients import holders
from grantflow.store.programmes.models import AgendaItem
from grantflow.store.session import Tx
from grantflow.workflow.model import Asked, Row

BY_A_BODY = frozenset({"carry_out_item", "drop_item"})
"""What a step does that is taken on the authority of an item of a body's minutes."""


@dataclass(frozen=True, slots=True)
class StepPage:
    """Everything on the page of a step."""

    found: Found
    title: str
    call: str
    state: StateTag
    name: str
    label: str
    about: str
    option: Option | None
    """Nothing where the step does not lead from where the record is."""
    asks: tuple[Asked, ...]
    extras: tuple[Extra, ...]
    """Fields that belong to what the step does, beside those that the scheme asks for."""
    choices: Mapping[str, Offered]
    """By field: the values that are offered, where it is no free text."""
    does: tuple[Label, ...]
    hears: tuple[Sentence, ...]
    """Who is told, counted."""
    notes: tuple[Sentence, ...]
    """What to know before."""
    against: bool
    revision: int
    """As the reader saw it; to be sent back with the form."""


@dataclass(frozen=True, slots=True)
class StepForm:
    """What a step asks, to read what was sent; whether it may be taken is for the step itself to say."""

    found: Found
    label: str
    asks: tuple[Asked, ...]
    extras: tuple[Extra, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What happened to a record since somebody looked at it."""

    state: StateTag
    entries: tuple[Told, ...]


def step_page(tx: Tx, ref: str, name: str, language: str) -> StepPage | None:
    """Return the page of a step, or nothing where the record is not found or the step is none of the actor's."""
    found = find(tx, ref, language=language)
    if found is None:
        return None
    own = [row for row in found.lifecycle.rows if row.name == name and not found.roles.isdisjoint(row.by)]
    if not own:
        return None
    there = ways(found)
    option = next(iter(options_of(tx, found, there, only=name)), None)
    rows = _leading(found, own)
    row = next((each for each in rows if option is not None and each.label == option.label), rows[0])
    extras, choices, notes = extras_of(tx, found, row)
    return StepPage(
        found=found,
        title=title_of(tx, found),
        call=found.call_title,
        state=state_tag(found),
        name=name,
        label=row.label,
        about=" ".join(row.about.split()),
        option=option,
        asks=_asked(rows),
        extras=extras,
        choices=choices,
        does=tuple(_does(tx, row)) if is_inside(found.scheme, found.roles) else (),
        hears=tuple(_hears(tx, found, row)),
        notes=notes,
        against=all(leads_against(found.lifecycle, each) for each in rows),
        revision=seen_revision(tx, found),
    )


def step_form(tx: Tx, ref: str, name: str, language: str) -> StepForm | None:
    """Return the form of a step as it is sent, or nothing where `step_page` returns nothing."""
    found = find(tx, ref, language=language)
    if found is None:
        return None
    own = [row for row in found.lifecycle.rows if row.name == name and not found.roles.isdisjoint(row.by)]
    if not own:
        return None
    rows = _leading(found, own)
    return StepForm(found, rows[0].label, _asked(rows), extras_of(tx, found, rows[0])[0])


def _leading(found: Found, own: Sequence[Row]) -> Sequence[Row]:
    return [row for row in own if found.state in row.sources] or own


def _asked(rows: Sequence[Row]) -> tuple[Asked, ...]:
    """Return what the rows of one name ask for, each field once."""
    return tuple({asked.name: asked for row in reversed(rows) for asked in row.asks}.values())


def _does(tx: Tx, row: Row) -> Iterator[Label]:
    for name in row.effects:
        known = tx.engine.registry.effects.get(name)
        if known is not None:
            yield Label(known.about)


def _hears(tx: Tx, found: Found, row: Row) -> Iterator[Sentence]:
    """Yield who is told when the step is taken, counted; to those outside only that they are told themselves."""
    if not is_inside(found.scheme, found.roles):
        return
    for notice in row.notices:
        count = len(holders(tx, found.id, notice.role))
        role = found.scheme.roles[notice.role].label
        if count:
            yield Sentence("A message goes to %(count)s: %(role)s.", {"count": count, "role": role})
    for emit in row.emits:
        lifecycle = found.scheme.lifecycles[emit.lifecycle]
        rows = [each for each in lifecycle.rows if each.name == emit.transition]
        if emit.to != "children" or not any(each.notices for each in rows):
            continue
        states = emit.states or frozenset(lifecycle.states) - lifecycle.final
        asked = (
            select(func.count())
            .select_from(CaseRow)
            .where(
                CaseRow.parent_id == found.id,
                CaseRow.lifecycle == emit.lifecycle,
                CaseRow.state.in_(sorted(states)),
            )
        )
        count = int(tx.execute(asked).scalar_one())
        if count:
            yield Sentence(
                "Those behind %(count)s records of the kind “%(kind)s” are told, too.",
                {"count": count, "kind": lifecycle.title},
            )


def seen_revision(tx: Tx, found: Found) -> int:
    """Return what a form carries to show later what its sender had seen.

    For officials it is the record's revision. Who comes from outside is given the number of steps that they may know of:
    the revision counts confidential ones, too.
    """
    return found.revision if is_inside(found.scheme, found.roles) else len(entries_of(tx, found))


def difference(tx: Tx, ref: str, revision: int) -> Difference | None:
    """Return what happened to a record since the revision that somebody saw, as far as they may know."""
    found = find(tx, ref)
    if found is None:
        return None
    seen = entries_of(tx, found)
    new = seen[: max(0, len(seen) - revision)]
    if is_inside(found.scheme, found.roles):
        new = [each for each in seen if each.row.seq >= revision]
    return Difference(state_tag(found), told(tx, found, new))


def take(tx: Tx, ref: str, name: str, data: Mapping[str, Any], revision: int | None) -> Stepped | None:
    """Take a step with a record that is found by the actor, if it is still as they saw it; nothing where it is not found.

    Raises:
        Refused: with every reason at once; or what they saw is stale.
    """
    found = find(tx, ref)
    if found is None:
        return None
    rows = [row for row in found.lifecycle.rows if row.name == name]
    if all(found.roles.isdisjoint(row.by) for row in rows):
        return None
    if revision is None or revision != seen_revision(tx, found):
        raise Refused([STALE])
    leading = [row for row in rows if found.state in row.sources]
    filled = {key: value for key, value in data.items() if value is not None}
    if leading:
        stepped = take_with_extras(tx, found, leading[0], filled)
        if stepped is not None:
            return stepped
        item = _item(tx, found, leading[0])
        if item is not None:
            return carry_out(tx, item, filled)
    return cases.step(tx, found.id, name, revision=found.revision, data=filled)


def demand_own(found: Found, name: str) -> None:
    """Refuse a step that is none of the actor's, wherever the record is: so the answer tells nothing of a masked state.

    Raises:
        Refused: there is no such step, or it belongs to others.
    """
    rows = [row for row in found.lifecycle.rows if row.name == name]
    if not rows:
        raise refuse("unknown_transition", "There is no step “%(step)s” here.", step=name)
    if all(found.roles.isdisjoint(row.by) for row in rows):
        raise refuse("wrong_role", "This step is not yours to take.")


def _item(tx: Tx, found: Found, row: Row) -> UUID | None:
    """Return the item of the minutes on whose authority a body's step is taken, if there is one that is not carried out."""
    if BY_A_BODY.isdisjoint(row.effects):
        return None
    matter = next((str(guard.given["of"]) for guard in row.guards if "of" in guard.given), row.name)
    item = (
        select(AgendaItem.id)
        .where(
            AgendaItem.record_id == found.id,
            AgendaItem.matter == matter,
            AgendaItem.effective_at.is_(None),
            AgendaItem.outcome.is_not(None),
        )
        .order_by(AgendaItem.number.desc())
        .limit(1)
    )
    found_item: UUID | None = tx.execute(item).scalar()
    return found_item
