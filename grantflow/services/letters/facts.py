"""What a letter knows of its record: the case, its call, what falls due, and what the step itself was told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased

from grantflow.domain.money import Money
from grantflow.domain.time import from_utc_text
from grantflow.domain.words import in_language
from grantflow.services.cases import compiled
from grantflow.services.letters import records
from grantflow.services.letters.due import due_of
from grantflow.services.letters.records import READERS
from grantflow.services.letters.together import keep, once
from grantflow.services.letters.words import OpenWord
from grantflow.store.calls.models import Call, CallDate
from grantflow.store.cases import CaseRow
from grantflow.store.programmes.models import Programme
from grantflow.store.session import Tx
from grantflow.workflow.model import DateMeaning

_DATES: Mapping[str, DateMeaning] = {
    "deadline": "deadline",
    "registration": "registration",
    "decision_expected": "decision",
}
"""Which dates of a call a letter prints under which word, by what the scheme says that they mean."""


@dataclass(frozen=True, slots=True)
class Known:
    """Everything that may be said in a letter about a record, and how it is written."""

    values: Mapping[str, Any]
    zone: str
    language: str
    """The call's own language: for whoever reads none of the letter's languages."""


def known_of(
    tx: Tx,
    case_id: UUID,
    words: Mapping[str, OpenWord],
    data: Mapping[str, Any] | None,
    at: datetime,
    language: str,
) -> Known:
    """Return what a letter about a case may say; what the step was told wins over what the tables hold."""
    case, call, programme, call_ref = once(tx, ("case", case_id), lambda: _placed(tx, case_id))
    title = in_language(call.title, language, call.language)
    values: dict[str, Any] = {
        "agency": programme.agency,
        "programme": in_language(programme.name, language, call.language),
        "call_title": title,
        "call_ref": call_ref,
        "ref": case.ref,
        "today": at,
        "record_title": title if case.id == call.id else None,
        "project": case.ref,
        "organisation": programme.agency,
        "since": case.entered_at,
        "due": due_of(tx, case),
        "decided": at,
        "decider": programme.agency,
        **_dates(tx, case, call, words),
    }
    reader = READERS.get(case.record)
    if reader is not None:
        for name, value in reader(tx, case, at).items():
            if isinstance(value, Mapping):  # words in several languages
                values[name] = in_language(value, language, call.language)
            elif value is not None:
                values[name] = value
    for told, value in (data or {}).items():
        if told in words:
            values[told] = _told(value, words[told], call.currency)
    return Known(values, call.zone, call.language)


def read_ahead(tx: Tx, application_ids: Sequence[UUID], at: datetime) -> None:
    """Read at once what letters about many applications say, within letters that are written together."""
    found = select(CaseRow).where(CaseRow.id.in_(application_ids))
    for case in tx.session.execute(found).scalars():
        call = once(tx, ("call", case.call_id), partial(tx.session.get_one, Call, case.call_id))
        programme = once(
            tx, ("programme", call.id), partial(tx.session.get_one, Programme, call.programme_id)
        )
        call_ref = once(tx, ("ref", call.id), partial(_ref, tx, call.id))
        keep(tx, ("case", case.id), (case, call, programme, call_ref))
    records.read_ahead(tx, application_ids, at)


def _placed(tx: Tx, case_id: UUID) -> tuple[CaseRow, Call, Programme, str]:
    root = aliased(CaseRow)
    case, call, programme, call_ref = tx.session.execute(
        select(CaseRow, Call, Programme, root.ref)
        .join(Call, Call.id == CaseRow.call_id)
        .join(root, root.id == Call.id)
        .join(Programme, Programme.id == Call.programme_id)
        .where(CaseRow.id == case_id)
    ).one()
    return case, call, programme, call_ref


def _ref(tx: Tx, case_id: UUID) -> str:
    return str(tx.session.execute(select(CaseRow.ref).where(CaseRow.id == case_id)).scalar_one())


def _dates(tx: Tx, case: CaseRow, call: Call, words: Mapping[str, OpenWord]) -> dict[str, datetime]:
    if not words.keys() & _DATES.keys():
        return {}
    found = select(CallDate.name, CallDate.at).where(
        CallDate.call_id == call.id, CallDate.stage == call.stage
    )
    dates = once(
        tx,
        ("dates", call.id, call.stage),
        lambda: {row.name: row.at for row in tx.session.execute(found)},
    )
    scheme = compiled(tx, case.scheme, case.version).scheme
    named = {word: scheme.date_that_means(meaning) for word, meaning in _DATES.items()}
    return {word: dates[name] for word, name in named.items() if name in dates}


def _told(value: Any, word: OpenWord, currency: str) -> Any:
    """Return a value of the outbox as the letter's word wants it: JSON knows no money and no time."""
    match word.kind, value:
        case "money", int():
            return Money(value, currency)
        case "day" | "moment", str():
            return from_utc_text(value) if "T" in value else date.fromisoformat(value)
        case "list", str():
            return (value,)
        case "list", list():
            return tuple(map(str, value))
        case "text", int():
            return str(value)
    return value
