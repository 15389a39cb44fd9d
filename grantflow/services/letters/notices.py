"""A message of the outbox as a mail, and a letter about a case as data: filled in with what the tables hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from grantflow.domain.time import from_utc_text
from grantflow.services import formats
from grantflow.services.letters.catalogue import shipped
from grantflow.services.letters.compose import Letter, compose
from grantflow.services.letters.design import words_of
from grantflow.services.letters.doing import asked_of
from grantflow.services.letters.facts import Known, known_of
from grantflow.services.letters.labels import translated
from grantflow.services.letters.papers import NO_FOOT, Foot, Mail, letter_mail
from grantflow.services.letters.words import KINDS, OpenWord
from grantflow.store.calls.models import Call
from grantflow.store.cases import CaseRow
from grantflow.store.outbox import OutboxMessage
from grantflow.store.people.models import User
from grantflow.store.people.recipients import Addressee
from grantflow.store.programmes.models import Programme
from grantflow.store.session import Tx

HOUSE = "GrantFlow"
_TO_AN_ORGANISATION = frozenset({"application", "decision", "award", "aid"})
"""Kinds of letters that, on paper, are addressed to the organisation and not to whoever reads them first."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who reads it, and in which language."""

    name: str
    language: str


def render_notice(
    tx: Tx,
    message: OutboxMessage,
    recipient: Recipient,
    told: Mapping[str, Any] | None = None,
    *,
    house: str = "",
) -> Mail:
    """Return the mail that a message becomes for one person; `told` is for the mail alone and is kept nowhere.

    `house` is the address of the installation; without it the mail leads nowhere.
    """
    letter = notice_letter(tx, message, recipient, told)
    # Who comes by a mailed link has it in the mail, and no account that would open the record's own page.
    foot = Foot(house=house) if told else foot_of(tx, message, letter.language, house)
    return letter_mail(letter, foot)


def notice_letter(
    tx: Tx, message: OutboxMessage, recipient: Recipient, told: Mapping[str, Any] | None = None
) -> Letter:
    """Return what a message says to one person."""
    assert message.case_id is not None, "a notice is about a record"
    data = {**(message.data or {}), **(told or {})}
    return _compose(tx, message.case_id, message.template, recipient, data, message.at, by_name=True)


def foot_of(tx: Tx, message: OutboxMessage, language: str, house: str) -> Foot:
    """Return what stands below the mail of a message: what waits for those to whom it goes, by when, and where."""
    if message.case_id is None or not house:
        return NO_FOOT
    case = tx.execute(
        select(CaseRow.ref, Call.zone)
        .join(Call, Call.id == CaseRow.call_id)
        .where(CaseRow.id == message.case_id)
    ).one()
    doing = asked_of(tx, message.case_id, message.role)
    return Foot(
        step=translated(doing.step, language) if doing else "",
        due=formats.moment(doing.due, language, case.zone) if doing and doing.due else "",
        page=f"{house}/records/{case.ref}",
        wishes=f"{house}/account/mail",
        house=house,
    )


def render_account_mail(tx: Tx, message: OutboxMessage, house: str = "") -> tuple[Addressee, Mail]:
    """Return to whom a message about an account goes, and the mail."""
    user = tx.session.get_one(User, UUID(message.data["user"]))
    programme = tx.session.scalars(select(Programme).order_by(Programme.id).limit(1)).first()
    words = KINDS[shipped()[message.template].kind][1]
    values = {
        "agency": programme.agency if programme else HOUSE,
        "programme": HOUSE,
        "recipient": user.name,
        "today": message.at,
        **{
            name: from_utc_text(value) if words[name].kind == "moment" else value
            for name, value in message.data.items()
            if name in words
        },
    }
    letter = compose(shipped(), message.template, values, language=user.language)
    return Addressee(user.id, user.name, user.email, user.language), letter_mail(letter, Foot(house=house))


def compose_for(
    tx: Tx,
    case_id: UUID,
    template: str,
    recipient: Recipient,
    data: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> Letter:
    """Return a letter about a case, as its paper will say it; also for a preview before the decision is released."""
    return _compose(tx, case_id, template, recipient, data, at or tx.now, by_name=False)


def _known(
    tx: Tx, case_id: UUID, template: str, data: Mapping[str, Any] | None, at: datetime, language: str
) -> Known:
    """Return what a letter may say; where nothing can change it is read once for all who get the letter."""
    if not tx.read_only:
        return known_of(tx, case_id, _asked_for(template), data, at, language)
    key = known_of, case_id, template, repr(data or {}), at, language
    if key not in tx.memo:
        tx.memo[key] = known_of(tx, case_id, _asked_for(template), data, at, language)
    known: Known = tx.memo[key]
    return known


def _asked_for(template: str) -> Mapping[str, OpenWord]:
    """Return the open words that a letter uses in any of its languages: what nobody reads is not looked up."""
    design = shipped()[template]
    used = {name for text in design.texts.values() for name in words_of(text)}
    return {name: word for name, word in KINDS[design.kind][1].items() if name in used}


def _compose(
    tx: Tx,
    case_id: UUID,
    template: str,
    recipient: Recipient,
    data: Mapping[str, Any] | None,
    at: datetime,
    *,
    by_name: bool,
) -> Letter:
    kind = shipped()[template].kind
    known = _known(tx, case_id, template, data, at, recipient.language)
    name = (
        recipient.name
        if by_name or kind not in _TO_AN_ORGANISATION
        else known.values.get("firm") or known.values["organisation"]
    )
    return compose(
        shipped(),
        template,
        {**known.values, "recipient": name},
        language=recipient.language,
        otherwise=known.language,
        zone=known.zone,
    )
