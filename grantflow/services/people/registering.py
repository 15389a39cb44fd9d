"""People and organisations: who there is, and who belongs where."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from grantflow.domain.labs.places import HELICES
from grantflow.domain.refusal import refuse
from grantflow.store.people.models import Membership, Organisation, User
from grantflow.store.session import Tx


def register_person(
    tx: Tx, email: str, name: str, *, language: str = "en", password_hash: str | None = None
) -> UUID:
    """Register somebody under an address that nobody else has; without a password they sign in by a mailed link."""
    address = email.strip().casefold()
    if "@" not in address or " " in address:
        raise refuse("email_wrong", "“%(email)s” is not an e-mail address.", "email", email=email)
    if person_with(tx, address) is not None:
        raise refuse("email_taken", "Somebody is registered under this e-mail address already.", "email")
    person = User(
        id=tx.new_id(),
        email=address,
        name=name.strip(),
        language=language,
        password_hash=password_hash,
        created_at=tx.now,
    )
    tx.session.add(person)
    tx.flush()
    return person.id


def person_with(tx: Tx, email: str) -> UUID | None:
    """Return who is registered under an address, if somebody is."""
    found = tx.execute(select(User.id).where(User.email == email.strip().casefold())).scalar()
    return None if found is None else UUID(str(found))


def register_organisation(
    tx: Tx,
    name: str,
    *,
    identifier: str,
    identifier_kind: str,
    legal_form: str,
    country: str,
    nuts: str | None = None,
    nace: str | None = None,
    town: str | None = None,
    helix: str | None = None,
    functions: Iterable[str] = (),
) -> UUID:
    """Register an organisation under a number that no other has."""
    if helix is not None and helix not in HELICES:
        raise refuse("helix_unknown", "“%(helix)s” is none of the four helices.", "helix", helix=helix)
    same = select(Organisation.id).where(
        Organisation.identifier_kind == identifier_kind, Organisation.identifier == identifier
    )
    if tx.execute(same).scalar() is not None:
        raise refuse(
            "identifier_taken", "An organisation with this number is registered already.", "identifier"
        )
    organisation = Organisation(
        id=tx.new_id(),
        name=name.strip(),
        identifier_kind=identifier_kind,
        identifier=identifier,
        legal_form=legal_form,
        country=country,
        nuts=nuts,
        nace=nace,
        town=town,
        helix=helix,
        functions=sorted(functions),
        created_at=tx.now,
    )
    tx.session.add(organisation)
    tx.flush()
    return organisation.id


def join_organisation(tx: Tx, user_id: UUID, organisation_id: UUID, *, authorised: bool = False) -> None:
    """Let a person belong to an organisation and act for it; `authorised`: and sign for it."""
    membership = tx.session.get(Membership, (user_id, organisation_id))
    if membership is None:
        membership = Membership(user_id=user_id, organisation_id=organisation_id, authorised=0, since=tx.now)
        tx.session.add(membership)
    membership.authorised = int(authorised)
    tx.flush()


def may_act_for(tx: Tx, organisation_id: UUID) -> bool:
    """Whether the actor belongs to an organisation."""
    if tx.actor.user_id is None:
        return tx.actor.is_system
    return tx.session.get(Membership, (tx.actor.user_id, organisation_id)) is not None


def organisations_of(tx: Tx, user_id: UUID) -> list[tuple[UUID, str]]:
    """Return the organisations to which somebody belongs, with their names."""
    found = (
        select(Organisation.id, Organisation.name)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(Membership.user_id == user_id)
        .order_by(Organisation.name, Organisation.id)
    )
    return [(row.id, row.name) for row in tx.execute(found)]
