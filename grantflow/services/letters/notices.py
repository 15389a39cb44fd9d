"""A message of the outbox as a mail, and a letter about a case as data: filled in with what the tables hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from grantflow.services.letters.catalogue import shipped
from grantflow.services.letters.compose import Letter, compose
from grantflow.services.letters.facts import known_of
from grantflow.services.letters.papers import Mail, letter_mail
from grantflow.services.letters.words import KINDS
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
    tx: Tx, message: OutboxMessage, recipient: Recipient, told: Mapping[str, Any] | None = None
) -> Mail:
    """Return the mail that a message becomes for one person; `told` is for the mail alone and is kept nowhere."""
    assert message.case_id is not None, "a notice is about a record"
    data = {**(message.data or {}), **(told or {})}
    return letter_mail(
        _compose(tx, message.case_id, message.template, recipient, data, message.at, by_name=True)
    )


def render_account_mail(tx: Tx, message: OutboxMessage) -> tuple[Addressee, Mail]:
    """Return to whom a message about an account goes, and the mail."""
    user = tx.session.get_one(User, UUID(message.data["user"]))
    programme = tx.session.scalars(select(Programme).order_by(Programme.id).limit(1)).first()
    values = {
        "agency": programme.agency if programme else HOUSE,
        "programme": HOUSE,
        "recipient": user.name,
        "today": message.at,
        **{name: message.data[name] for name in ("link", "ref", "hours", "days")},
    }
    letter = compose(shipped(), message.template, values, language=user.language)
    return Addressee(user.id, user.name, user.email, user.language), letter_mail(letter)


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
    known = known_of(tx, case_id, KINDS[kind][1], data, at, recipient.language)
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
