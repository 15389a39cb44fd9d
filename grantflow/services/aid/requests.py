"""What a cluster puts into its request: how the firms were chosen, and a line for each."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from grantflow.domain.aid.lines import Selection as Chosen
from grantflow.domain.aid.lines import lump_sums
from grantflow.domain.refusal import refuse
from grantflow.services.aid.rights import writable
from grantflow.services.cases import UnknownCase, create, parameters_of
from grantflow.services.deeds import lifecycle_of
from grantflow.store.aid.models import Line, Selection
from grantflow.store.calls.models import Call
from grantflow.store.cases import CaseRow
from grantflow.store.people.models import Organisation
from grantflow.store.session import Tx


def record_selection(tx: Tx, application_id: UUID, chosen: Chosen) -> None:
    """Record how the firms were invited and chosen; as often as the cluster mends it, before sending."""
    writable(tx, application_id)
    tx.session.merge(
        Selection(
            application_id=application_id,
            how=chosen.how,
            rules=chosen.rules,
            rules_published_on=chosen.rules_published_on,
            invited=chosen.invited,
            answered=chosen.answered,
            chosen=chosen.chosen,
            reasons=chosen.reasons,
            recorded_at=tx.now,
        )
    )
    tx.session.flush()


def offers(tx: Tx, call_id: UUID) -> dict[str, int]:
    """Return the activities that a call offers and what each is worth."""
    return lump_sums(parameters_of(tx, call_id))


def propose_line(
    tx: Tx, application_id: UUID, firm_id: UUID, activity: str, *, place: str, starts_on: date, contact: str
) -> UUID:
    """Name a firm in a request with an activity at its lump sum; return the line.

    Raises:
        Refused: the call does not offer the activity, the firm is not known, or no line can be added now.
    """
    request = tx.session.get(CaseRow, application_id)
    if request is None:
        raise UnknownCase(application_id)
    offered = offers(tx, request.call_id)
    if activity not in offered:
        raise refuse(
            "activity_not_offered",
            "This call does not offer %(activity)s. It offers: %(offered)s.",
            "activity",
            activity=activity,
            offered=", ".join(sorted(offered)),
        )
    if tx.session.get(Organisation, firm_id) is None:
        raise refuse("firm_unknown", "This firm is not registered yet. Register it first.", "firm")
    if "@" not in contact:
        raise refuse(
            "contact_missing", "Give an e-mail address to which the firm's link can be sent.", "contact"
        )
    call = tx.session.get_one(Call, request.call_id)

    def write(line_id: UUID) -> None:
        tx.session.add(
            Line(
                id=line_id,
                firm_id=firm_id,
                activity=activity,
                place=place,
                starts_on=starts_on,
                amount=offered[activity],
                currency=call.currency,
                contact=contact,
                asked_at=None,
                confirmed_at=None,
                window_id=None,
                reserved=0,
                committed=0,
                passed_on=None,
            )
        )
        tx.session.flush()

    lifecycle = lifecycle_of(tx, request.call_id, "line")
    return create(tx, lifecycle, call_id=request.call_id, parent_id=application_id, record=write).case_id
