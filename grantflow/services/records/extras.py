"""What some steps need beyond what their scheme asks for: fields of ours, offered values, and what to know before.

Each is found by what the step does (its effect).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import select

from grantflow.domain.money import Money
from grantflow.domain.step import Stepped
from grantflow.domain.words import Words
from grantflow.services.aid.naming import send_link_again
from grantflow.services.aid.requests import offers
from grantflow.services.calls.changing import correct_call
from grantflow.services.calls.public import spelled
from grantflow.services.formats import own_name
from grantflow.services.records.rehearsals import rehearsal_of
from grantflow.services.records.said import Sentence
from grantflow.services.records.visibility import Found, find_id
from grantflow.store.aid.models import Line
from grantflow.store.calls.models import Call, CallDate, FunderWindow
from grantflow.store.calls.needs import deadline_name
from grantflow.store.session import Tx
from grantflow.workflow.model import Row


@dataclass(frozen=True, slots=True)
class Extra:
    """A field of ours on the page of a step."""

    name: str
    kind: Literal["text", "long_text"]
    label: Sentence
    value: str
    limit: int


Offered = tuple[tuple[str, str | Sentence], ...]
"""Values, and how each is read: as it stands, or as a sentence that the entrance translates."""
More = tuple[tuple[Extra, ...], Mapping[str, Offered], tuple[Sentence, ...]]

NOTHING: More = ((), {}, ())


def extras_of(tx: Tx, found: Found, row: Row) -> More:
    """Return the fields, the offered values and the notes that belong to what a step does."""
    for effect in row.effects:
        made = _EXTRAS.get(effect)
        if made is not None:
            return made(tx, found)
    return NOTHING


def choices_for(tx: Tx, record_id: UUID, name: str) -> Mapping[str, Offered]:
    """Return by field the values that a step with a record offers, where they are no free text."""
    found = find_id(tx, record_id)
    if found is None:
        return {}
    rows = [row for row in found.lifecycle.leaving(found.state) if row.name == name]
    return {field: offered for row in rows for field, offered in extras_of(tx, found, row)[1].items()}


def _correction(tx: Tx, found: Found) -> More:
    call = tx.execute(select(Call.title, Call.summary).where(Call.id == found.id)).one()
    fields = []
    for language in sorted(call.title):
        words = {"language": own_name(language)}
        fields += [
            Extra(
                f"title.{language}",
                "text",
                Sentence("Title (%(language)s)", words),
                call.title[language],
                200,
            ),
            Extra(
                f"summary.{language}",
                "long_text",
                Sentence("What it is for (%(language)s)", words),
                (call.summary or {}).get(language, ""),
                4000,
            ),
        ]
    return tuple(fields), {}, (Sentence("Old and new stand side by side on the call's page, for everybody."),)


def _deadline(tx: Tx, found: Found) -> More:
    state = found.state
    if "suspended" in found.lifecycle.states[state].tags and found.resume_state:
        state = found.resume_state
    name = deadline_name(found.lifecycle, state)
    now = tx.execute(
        select(CallDate.at).where(
            CallDate.call_id == found.id, CallDate.stage == found.stage, CallDate.name == name
        )
    ).scalar()
    if name is None or now is None:
        return NOTHING
    said = Sentence("%(date)s is now: %(at)s.", {"date": spelled(name), "at": now})
    return (), {}, (said,)


def _envelope(tx: Tx, found: Found) -> More:
    windows = select(FunderWindow.name).where(FunderWindow.call_id == found.id).order_by(FunderWindow.name)
    offered = tuple((row.name, spelled(row.name)) for row in tx.execute(windows))
    return (), {"window": offered}, ()


def _publishing(tx: Tx, found: Found) -> More:
    """Say whether the call was rehearsed: nothing else shows so early what would go wrong in it."""
    played = rehearsal_of(tx, found.id)
    if played is None or played.report is None:
        return (), {}, (Sentence("This call has not been rehearsed yet."),)
    if played.report.holds:
        said = Sentence(
            "It was rehearsed with %(count)s applications, and everything held.",
            {"count": played.applications},
        )
    else:
        said = Sentence("It was rehearsed, and something did not hold. Look at the rehearsal first.")
    return (), {}, (said,)


def _activities(tx: Tx, found: Found) -> More:
    """Offer what the call offers with its lump sums; once money is held for a line, nothing that is dearer."""
    line = tx.execute(select(Line.activity, Line.amount, Line.currency).where(Line.id == found.id)).one()
    rows = [row for row in found.lifecycle.leaving(found.state) if "set_lump_sum" in row.effects]
    dearer = not any(guard.name == "activity_not_dearer" for row in rows for guard in row.guards)
    offered = sorted(offers(tx, found.call_id).items(), key=lambda each: (-each[1], each[0]))
    choices = tuple(
        (
            name,
            Sentence(
                "%(activity)s: %(amount)s",
                {"activity": spelled(name), "amount": Money(amount, line.currency)},
            ),
        )
        for name, amount in offered
        if name != line.activity and (dearer or amount <= line.amount)
    )
    now = Sentence(
        "It is now: %(activity)s, %(amount)s.",
        {"activity": spelled(line.activity), "amount": Money(line.amount, line.currency)},
    )
    return (), {"activity": choices}, (now,)


def _link_again(tx: Tx, found: Found) -> More:
    """Show to which address the link goes, to be mended where it was wrong."""
    contact = tx.execute(select(Line.contact).where(Line.id == found.id)).scalar_one()
    label = Sentence("E-mail address at the firm")
    return (Extra("contact", "text", label, contact, 200),), {}, ()


_EXTRAS: Mapping[str, Callable[[Tx, Found], More]] = {
    "pin_published_files": _publishing,
    "record_correction": _correction,
    "move_deadline": _deadline,
    "change_envelope": _envelope,
    "set_lump_sum": _activities,
    "invite_to_confirm": _link_again,
}


def take_with_extras(tx: Tx, found: Found, row: Row, data: Mapping[str, Any]) -> Stepped | None:
    """Take a step whose extra fields say more than the door is told; nothing where it has none.

    Raises:
        Refused: something speaks against it.
    """
    if "invite_to_confirm" in row.effects and "contact" in data:
        return send_link_again(tx, found.id, row.name, data, revision=found.revision)
    if "record_correction" not in row.effects or not data.get("what") or not data.get("reason"):
        return None
    call = tx.execute(select(Call.title, Call.summary).where(Call.id == found.id)).one()
    title = _changed(call.title, data, "title")
    summary = _changed(call.summary or {}, data, "summary")
    return correct_call(
        tx,
        found.id,
        str(data["what"]),
        str(data["reason"]),
        title=title,
        summary=summary,
        revision=found.revision,
    )


def _changed(words: Words, data: Mapping[str, Any], name: str) -> Words | None:
    new = {**words}
    for key, value in data.items():
        field, _, language = key.partition(".")
        if field == name and language and isinstance(value, str) and value.strip():
            new[language] = value.strip()
    return new if new != dict(words) else None
