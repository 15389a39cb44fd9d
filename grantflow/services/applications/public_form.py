"""The form of a call, for whoever wants to know what it will ask."""

from __future__ import annotations

from sqlalchemy import select

from grantflow.domain.calls.forms import Form
from grantflow.store.applications.papers import forms_of
from grantflow.store.calls.models import Call
from grantflow.store.calls.visible import public_calls
from grantflow.store.cases import CaseRow
from grantflow.store.session import Tx


def public_form(tx: Tx, slug: str) -> Form | None:
    """Return the form of the present stage of a call that everybody may know of, where it has one."""
    row = tx.execute(
        select(Call.id, Call.stage)
        .join(CaseRow, CaseRow.id == Call.id)
        .where(Call.slug == slug, public_calls(tx))
    ).one_or_none()
    return None if row is None else forms_of(tx, [(row.id, row.stage)]).get((row.id, row.stage))
