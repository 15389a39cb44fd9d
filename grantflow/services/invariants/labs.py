"""What must hold of labs: the frame is what was adopted, one binds, minutes have two signatures, who left is nobody."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from sqlalchemy import or_, select

from grantflow.services.invariants.rows import rows
from grantflow.services.labs.effects import FRAME, frame_document
from grantflow.store.calls.models import Call
from grantflow.store.cases import CaseRow
from grantflow.store.labs.facts import IN_FORCE
from grantflow.store.labs.models import Attendance, Contribution, Frame, LabSession, Participation
from grantflow.store.meaning import tags_of
from grantflow.store.programmes.models import Meeting, Minutes
from grantflow.store.published import PublishedFile
from grantflow.store.session import Tx
from grantflow.store.types import canonical_json

WITHDRAWN = "withdrawn"


def frames_are_as_adopted(tx: Tx) -> Iterator[str]:
    """Each adopted frame still says what was published under its hash."""
    found = (
        select(Frame.id, Call.slug, PublishedFile.text)
        .join(Call, Call.id == Frame.call_id)
        .outerjoin(
            PublishedFile,
            (PublishedFile.kind == FRAME)
            & (PublishedFile.name == Call.slug)
            & (PublishedFile.version == Frame.version)
            & (PublishedFile.sha256 == Frame.sha256),
        )
        .where(Frame.adopted_at.is_not(None))
    )
    for frame_id, slug, text in list(rows(tx, found)):
        frame = tx.session.get_one(Frame, frame_id)
        if text is None:
            yield f"frame {frame.version} of {slug} was adopted and is not published under its hash"
        elif (
            sha256(text.encode()).hexdigest() != frame.sha256
            or canonical_json(frame_document(tx, frame)) != text
        ):
            yield f"frame {frame.version} of {slug} is not what was adopted"


def one_frame_binds(tx: Tx) -> Iterator[str]:
    """No call is bound by two frames at once."""
    found = (
        select(CaseRow.scheme, CaseRow.version, CaseRow.lifecycle, CaseRow.state, Call.slug)
        .join(Frame, Frame.id == CaseRow.id)
        .join(Call, Call.id == Frame.call_id)
        .order_by(Call.slug)
    )
    bound: set[str] = set()
    for scheme, version, lifecycle, state, slug in rows(tx, found):
        if IN_FORCE in tags_of(tx, scheme, version, lifecycle, state):
            if slug in bound:
                yield f"two frames bind {slug} at once"
            bound.add(slug)


def minutes_have_two_signatures(tx: Tx) -> Iterator[str]:
    """Chair and adjuster of signed minutes are two people who were at the meeting."""
    found = select(Meeting.number, Meeting.present, Minutes.chair_id, Minutes.adjuster_id).join(
        Minutes, Minutes.meeting_id == Meeting.id
    )
    for number, present, chair, adjuster in rows(tx, found):
        if chair is not None and chair == adjuster:
            yield f"the minutes of meeting {number} were signed twice by one person"
        for signatory in (chair, adjuster):
            if signatory is not None and str(signatory) not in present:
                yield f"the minutes of meeting {number} were signed by somebody who was not there"


def who_left_has_no_name(tx: Tx) -> Iterator[str]:
    """Whoever left a lab is named neither in their place nor in what they brought."""
    found = (
        select(CaseRow.scheme, CaseRow.version, CaseRow.lifecycle, CaseRow.state, CaseRow.ref)
        .join(Participation, Participation.id == CaseRow.id)
        .outerjoin(Contribution, Contribution.participation_id == Participation.id)
        .where(or_(Participation.user_id.is_not(None), Contribution.author_id.is_not(None)))
        .distinct()
    )
    for scheme, version, lifecycle, state, ref in rows(tx, found):
        if WITHDRAWN in tags_of(tx, scheme, version, lifecycle, state):
            yield f"{ref} was left and still bears a name"


def only_members_were_there(tx: Tx) -> Iterator[str]:
    """Attendance lists name members of the session's own lab alone."""
    found = (
        select(LabSession.title, CaseRow.ref)
        .join(Attendance, Attendance.session_id == LabSession.id)
        .join(Participation, Participation.id == Attendance.participation_id)
        .join(CaseRow, CaseRow.id == Participation.id)
        .where(or_(Participation.admitted_at.is_(None), Participation.call_id != LabSession.call_id))
    )
    for title, ref in rows(tx, found):
        yield f"{ref} was at “{title}” without a place in its lab"
