"""Firms without an account: to whom a mail for the firm of a line goes, and the grant that the link in it carries."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from grantflow.store.aid.models import Line, LineInvitation
from grantflow.store.calls.models import Call
from grantflow.store.cases import CaseRow
from grantflow.store.people.models import Organisation, RoleGrant
from grantflow.store.session import Tx


@dataclass(frozen=True, slots=True)
class Contact:
    """Where a firm is reached that confirms by a link."""

    grant_id: UUID
    firm: str
    email: str
    country: str
    otherwise: str
    """The language of the call, for whoever reads none of ours."""


def contact_of(tx: Tx, case_id: UUID, role: str) -> Contact | None:
    """Return who gets what is mailed to a role on a record by its newest link; nothing where none was sent."""
    found = (
        select(
            LineInvitation.grant_id,
            Organisation.name,
            Line.contact,
            Organisation.country,
            Call.language,
        )
        .join(RoleGrant, RoleGrant.id == LineInvitation.grant_id)
        .join(Line, Line.id == LineInvitation.line_id)
        .join(Organisation, Organisation.id == Line.firm_id)
        .join(CaseRow, CaseRow.id == Line.id)
        .join(Call, Call.id == CaseRow.call_id)
        .where(LineInvitation.line_id == case_id, RoleGrant.role == role, RoleGrant.ended_at.is_(None))
        .order_by(LineInvitation.sent_at.desc(), LineInvitation.grant_id.desc())
    )
    row = tx.execute(found).first()
    return None if row is None else Contact(row.grant_id, row.name, row.contact, row.country, row.language)
