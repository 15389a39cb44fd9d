"""One's own account: signing in by a password, changing it, name and language, and the organisations one acts for."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, update

from grantflow.domain.refusal import Refusal, Refused
from grantflow.services.people import passwords
from grantflow.services.people.links import end_links
from grantflow.services.people.registering import (
    join_organisation,
    register_organisation,
    register_person,
)
from grantflow.services.people.sessions import end_all
from grantflow.store.people.models import Membership, Organisation, User
from grantflow.store.session import Tx

LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who is registered, and how their password is kept."""

    user_id: UUID
    password_hash: str | None


@dataclass(frozen=True, slots=True)
class Own:
    """An organisation that somebody belongs to."""

    id: UUID
    name: str
    identifier: str
    authorised: bool


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What somebody says about themselves and their organisation to be able to apply."""

    name: str
    email: str
    password: str
    language: str
    organisation: str
    identifier: str
    legal_form: str
    country: str
    town: str = ""


IDENTIFIER_KIND = "REGISTER"
"""The kind of the numbers that organisations give of themselves: of the register of their country, which is added."""


def known_by(tx: Tx, email: str) -> Known | None:
    """Return who is registered under an address."""
    row = tx.execute(
        select(User.id, User.password_hash).where(User.email == email.strip().casefold())
    ).one_or_none()
    return None if row is None else Known(row.id, row.password_hash)


def set_password(tx: Tx, user_id: UUID, password: str) -> None:
    """Give somebody a new password, and end all their sign-ins: whoever took the old one is out.

    Raises:
        Refused: it is too easily guessed.
    """
    row = tx.execute(select(User.name, User.email).where(User.id == user_id)).one()
    problems = passwords.against(password, row.name, row.email)
    if problems:
        raise Refused(problems)
    tx.execute(update(User).where(User.id == user_id).values(password_hash=passwords.hash_of(password)))
    end_links(tx, user_id, "password", tx.now)
    end_all(tx, user_id)


def change_password(tx: Tx, user_id: UUID, present: str, new: str, *, here: UUID) -> None:
    """Change one's own password; other browsers are signed out, this one stays.

    Raises:
        Refused: the present one is not right, or the new one is too easily guessed.
    """
    row = tx.execute(select(User.name, User.email, User.password_hash).where(User.id == user_id)).one()
    problems = [Refusal("password_wrong", "This is not your present password.", {}, "present_password")]
    if row.password_hash is None or passwords.fits(row.password_hash, present):
        problems = []
    problems += passwords.against(new, row.name, row.email)
    if problems:
        raise Refused(problems)
    tx.execute(update(User).where(User.id == user_id).values(password_hash=passwords.hash_of(new)))
    end_links(tx, user_id, "password", tx.now)
    end_all(tx, user_id, but=here)


def set_name(tx: Tx, user_id: UUID, name: str) -> None:
    """Change one's own name.

    Raises:
        Refused: there is none, or it is no name.
    """
    problems = against_name(name)
    if problems:
        raise Refused(problems)
    tx.execute(update(User).where(User.id == user_id).values(name=name.strip()))


def set_language(tx: Tx, user_id: UUID, language: str) -> None:
    """Change the language in which somebody reads and is written to."""
    tx.execute(update(User).where(User.id == user_id).values(language=language))


def against_name(name: str, where: str = "name") -> list[Refusal]:
    """Return what speaks against a name."""
    if not name.strip():
        return [Refusal("name_missing", "Please give your name.", {}, where)]
    if len(name) > LONGEST_NAME or not name.isprintable():
        return [
            Refusal(
                "name_wrong",
                "A name is one line of at most %(most)s characters.",
                {"most": LONGEST_NAME},
                where,
            )
        ]
    return []


def own_organisations(tx: Tx, user_id: UUID) -> list[Own]:
    """Return the organisations that somebody may act for."""
    rows = tx.execute(
        select(Organisation.id, Organisation.name, Organisation.identifier, Membership.authorised)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(Membership.user_id == user_id)
        .order_by(Organisation.name, Organisation.id)
    )
    return [Own(row.id, row.name, row.identifier, bool(row.authorised)) for row in rows]


def register_newcomer(tx: Tx, newcomer: Newcomer) -> UUID:
    """Register somebody with their organisation, for which they then act and sign.

    Raises:
        Refused: something is missing or wrong, all of it at once; the address or the organisation is known already.
    """
    problems = list(against_name(newcomer.name))
    problems += passwords.against(newcomer.password, newcomer.name, newcomer.email)
    asked = (
        ("organisation", newcomer.organisation, "Please give the name of your organisation."),
        ("identifier", newcomer.identifier, "Please give the number of your organisation."),
        ("legal_form", newcomer.legal_form, "Please give the legal form of your organisation."),
        ("country", newcomer.country, "Please give the country of your organisation."),
    )
    problems += [
        Refusal("missing_field", sentence, {}, where) for where, value, sentence in asked if not value.strip()
    ]
    problems += [
        Refusal(
            "too_long",
            "This takes one line of at most %(most)s characters.",
            {"most": LONGEST_NAME * 2},
            where,
        )
        for where, value in (*((name, value) for name, value, _ in asked), ("town", newcomer.town))
        if len(value) > LONGEST_NAME * 2 or not value.isprintable()
    ]
    user_id = None
    try:
        with tx.attempt():
            user_id = register_person(tx, newcomer.email, newcomer.name, language=newcomer.language)
    except Refused as refused:
        problems += refused.refusals
    if problems or user_id is None:
        raise Refused(problems)
    organisation_id = register_organisation(
        tx,
        newcomer.organisation,
        identifier=newcomer.identifier.strip(),
        identifier_kind=f"{IDENTIFIER_KIND}-{newcomer.country.strip().upper()}",
        legal_form=newcomer.legal_form.strip(),
        country=newcomer.country.strip().upper(),
        town=newcomer.town.strip() or None,
    )
    tx.execute(
        update(User).where(User.id == user_id).values(password_hash=passwords.hash_of(newcomer.password))
    )
    join_organisation(tx, user_id, organisation_id, authorised=True)
    return user_id
