"""The actions of a frame as rows of its form: what was typed stays as it was typed until all of it can be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import request
from flask_babel import gettext as _

from grantflow.domain.refusal import Refusal, Refused
from grantflow.services.formats import plain_amount, read_amount, read_whole
from grantflow.services.labs.frame_page import FramePage
from grantflow.services.labs.framing import Action, Indicator
from grantflow.web.fields import Field
from grantflow.web.words import language

MOST = 20
"""How many actions a form takes."""
PARTS = ("title", "about", "envelope", "indicator", "baseline", "target")


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One action as it was typed; `was` is the number that it had, by which it keeps what it came from."""

    number: int
    was: int | None
    title: str
    about: str
    envelope: str
    indicator: str
    baseline: str
    target: str

    @property
    def empty(self) -> bool:
        """Whether nothing was typed."""
        return not any(getattr(self, part).strip() for part in PARTS)


def rows_of(page: FramePage) -> list[ActionRow]:
    """Return the actions as they are kept, and an empty row where there are none."""
    rows = []
    for action in page.actions:
        first = action.indicators[0] if action.indicators else None
        rows.append(
            ActionRow(
                action.number,
                action.number,
                action.title,
                action.about,
                plain_amount(action.envelope.amount, language()),
                first.name if first else "",
                str(first.baseline) if first else "",
                str(first.target) if first else "",
            )
        )
    return rows or [empty_row(1)]


def empty_row(number: int) -> ActionRow:
    """Return a row in which nothing is typed yet."""
    return ActionRow(number, None, *("" for _part in PARTS))


def typed_rows(page: FramePage) -> list[ActionRow]:
    """Return the rows as they were typed, without those that are empty."""
    known = {action.number for action in page.actions}
    rows: list[ActionRow] = []
    for number in range(1, MOST + 1):
        if f"title-{number}" not in request.form:
            continue
        parts = [request.form.get(f"{part}-{number}", "").replace("\r\n", "\n").strip() for part in PARTS]
        was = next((each for each in known if str(each) == request.form.get(f"was-{number}")), None)
        row = ActionRow(len(rows) + 1, was, *parts)
        if not row.empty:
            rows.append(row)
    return rows


def read(rows: Sequence[ActionRow], page: FramePage) -> list[Action]:
    """Return the actions that were typed, with what those of them came from that were there before.

    Raises:
        Refused: an amount or a number cannot be read.
    """
    problems: list[Refusal] = []
    kept = {action.number: action for action in page.actions}
    actions = []
    for row in rows:
        envelope = read_amount(row.envelope, language()) if row.envelope else 0
        if envelope is None:
            problems.append(
                Refusal("not_an_amount", "Write an amount such as 30 000.", {}, f"envelope-{row.number}")
            )
        baseline, target = _whole(row, "baseline", problems), _whole(row, "target", problems)
        before = kept.get(row.was) if row.was is not None else None
        sources: tuple[UUID, ...] = tuple(each.id for each in before.sources) if before else ()
        further = before.indicators[1:] if before else ()
        first = (Indicator(row.indicator, baseline, target),) if row.indicator else ()
        actions.append(Action(row.title, envelope or 0, (*first, *further), row.about, sources))
    if problems:
        raise Refused(problems)
    return actions


def _whole(row: ActionRow, part: str, problems: list[Refusal]) -> int:
    text = getattr(row, part)
    found = read_whole(text, language()) if text else 0
    if found is None:
        problems.append(
            Refusal("not_a_number", "Write a whole number such as 120.", {}, f"{part}-{row.number}")
        )
    return found or 0


def fields_of(row: ActionRow, currency: str, errors: Mapping[str, str]) -> tuple[ActionRow, list[Field]]:
    """Return a row with the fields in which it is written."""

    def field(part: str, kind: str, label: str, **more: object) -> Field:
        name = f"{part}-{row.number}"
        return Field(
            name,
            kind,  # type: ignore[arg-type]  # one of the kinds
            label,
            value=getattr(row, part),
            error=errors.get(name, ""),
            **more,  # type: ignore[arg-type]  # as the callers below give them
        )

    return row, [
        field("title", "text", _("Title")),
        field("about", "long_text", _("What it is about"), required=False, rows=3),
        field("envelope", "money", _("Money set aside"), unit=currency),
        field("indicator", "text", _("Measured by")),
        field("baseline", "number", _("Today")),
        field("target", "number", _("Target")),
    ]
