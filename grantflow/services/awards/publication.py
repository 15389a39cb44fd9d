"""When everybody may read the results of a round: long enough after its applicants were told (process rule P10)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from grantflow.domain.refusal import refuse
from grantflow.domain.time import Span, at_local
from grantflow.services.cases import parameters_of
from grantflow.store.awards.models import Decision, Proposal, Release
from grantflow.store.calls.models import Call
from grantflow.store.session import Tx

NOTICE_AHEAD = "notice_ahead"
"""The parameter of a scheme that says how long applicants know their decision before everybody may."""


def publication(tx: Tx, call_id: UUID, notice: datetime, day: date | None) -> datetime:
    """Return when results of which applicants hear at `notice` become public: on a day, else as soon as may be.

    Raises:
        Refused: on that day the applicants would not have known for long enough.
    """
    call = tx.execute(select(Call.zone, Call.days_off).where(Call.id == call_id)).one()
    zone = ZoneInfo(call.zone)
    days_off = frozenset(date.fromisoformat(each) for each in call.days_off or ())
    ahead = parameters_of(tx, call_id).get(NOTICE_AHEAD)
    earliest = notice if ahead is None else Span.parse(str(ahead)).after(notice, zone, days_off)
    if day is None:
        return earliest
    begins = _midnight(day, zone)
    if begins < earliest:
        raise refuse(
            "public_too_early",
            "Applicants know their decision before everybody does: choose %(day)s or a later day.",
            "public_from",
            day=_first_midnight(earliest, zone),
        )
    return begins


def move(tx: Tx, call_id: UUID, day: date) -> None:
    """Set another day on which everybody may read what has been released and is not public yet.

    Raises:
        Refused: everything released is public, or the applicants would not have known for long enough.
    """
    ahead = (
        select(Release.decision_id, Release.notice_at, Decision.proposal_id)
        .join(Decision, Decision.id == Release.decision_id)
        .where(Decision.call_id == call_id, Release.public_at > tx.now)
        .order_by(Release.decision_id)
    )
    waiting = tx.execute(ahead).all()
    if not waiting:
        raise refuse("public_already", "Everybody may read the results already.", "public_from")
    public = publication(tx, call_id, max(row.notice_at for row in waiting), day)
    decided = [row.decision_id for row in waiting]
    tx.execute(update(Release).where(Release.decision_id.in_(decided)).values(public_at=public))
    proposals = {row.proposal_id for row in waiting if row.proposal_id is not None}
    tx.execute(update(Proposal).where(Proposal.id.in_(proposals)).values(public_at=public))


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return at_local(datetime.combine(day, time()), zone)


def _first_midnight(earliest: datetime, zone: ZoneInfo) -> date:
    local: date = earliest.astimezone(zone).date()
    return local if _midnight(local, zone) >= earliest else local + timedelta(days=1)
