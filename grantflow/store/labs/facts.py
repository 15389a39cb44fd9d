"""What guards know of labs and frames: one statement for each kind of fact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from uuid import UUID

from grantflow.domain.labs.facts import (
    ActionDraft,
    Consultation,
    EqualAccess,
    FrameDraft,
    FrameInForce,
    HelicesPresent,
    LabSeats,
    OwnPlace,
    WorkshopsHeld,
)
from grantflow.store.meaning import tags_of
from grantflow.store.session import Tx
from grantflow.store.statements import Statement, identifier, moment
from grantflow.workflow.registry import fact

COUNTS = "counts"
IN_FORCE = "in_force"
GONE = frozenset({"set_aside", "withdrawn", "cancelled"})
"""Tags of contributions that nobody built on."""

_SESSIONS = Statement("""
    SELECT s.call_id, count(*) FROM gf_lab_session s WHERE s.call_id IN :ids*uuid AND s.held_at <= :now GROUP BY s.call_id
""")


@fact(WorkshopsHeld, of=("call",))
def workshops(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, WorkshopsHeld]:
    """Count the sessions held in labs."""
    tx.flush()
    found = {identifier(row[0]): row[1] for row in _SESSIONS(tx, ids=list(ids), now=tx.now)}
    return {each: WorkshopsHeld(found.get(each, 0)) for each in ids}


_PLACES = Statement("""
    SELECT p.call_id, c.scheme, c.version, c.lifecycle, c.state, p.helix, count(*)
    FROM gf_participation p JOIN gf_case c ON c.id = p.id
    WHERE p.call_id IN :ids*uuid
    GROUP BY p.call_id, c.scheme, c.version, c.lifecycle, c.state, p.helix
""")


def _places(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, Mapping[str, int]]:
    """Return how many of each helix have a place that counts."""
    tx.flush()
    found: dict[UUID, dict[str, int]] = {each: {} for each in ids}
    for row in _PLACES(tx, ids=list(ids)):
        if COUNTS in tags_of(tx, row[1], row[2], row[3], row[4]):
            helices = found[identifier(row[0])]
            helices[row[5]] = helices.get(row[5], 0) + row[6]
    return found


@fact(HelicesPresent, of=("call",))
def helices(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, HelicesPresent]:
    """Read which helices have been admitted to labs."""
    return {each: HelicesPresent(frozenset(found)) for each, found in _places(tx, ids).items()}


@fact(LabSeats, of=("call",))
def seats(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, LabSeats]:
    """Count the places taken in labs."""
    return {each: LabSeats(sum(found.values())) for each, found in _places(tx, ids).items()}


_OWN = Statement("""
    SELECT p.call_id, c.scheme, c.version, c.lifecycle, c.state
    FROM gf_participation p JOIN gf_case c ON c.id = p.id
    WHERE p.call_id IN :ids*uuid AND p.user_id = :user
""")


@fact(OwnPlace, of=("call",))
def own_places(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, OwnPlace]:
    """Read whether whoever acts has a place in labs."""
    tx.flush()
    found = set()
    if tx.actor.user_id is not None:
        for row in _OWN(tx, ids=list(ids), user=tx.actor.user_id):
            if COUNTS in tags_of(tx, row[1], row[2], row[3], row[4]):
                found.add(identifier(row[0]))
    return {each: OwnPlace(each in found) for each in ids}


_FRAMES = Statement("""
    SELECT k.id, CASE WHEN k.continues_id IS NULL THEN k.has_lab ELSE 1 END,
        f.version, f.published_at, c.scheme, c.version, c.lifecycle, c.state
    FROM gf_call k LEFT JOIN gf_frame f ON f.call_id = COALESCE(k.continues_id, k.id) LEFT JOIN gf_case c ON c.id = f.id
    WHERE k.id IN :ids*uuid
    ORDER BY k.id, f.version
""")


@fact(FrameInForce, of=("call",))
def frames_in_force(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, FrameInForce]:
    """Read which version of its frame binds each call."""
    tx.flush()
    found: dict[UUID, FrameInForce] = {}
    for row in _FRAMES(tx, ids=list(ids)):
        each = identifier(row[0])
        found.setdefault(each, FrameInForce(bool(row[1]), None, None))
        if row[2] is not None and IN_FORCE in tags_of(tx, row[4], row[5], row[6], row[7]):
            found[each] = FrameInForce(bool(row[1]), row[2], None if row[3] is None else moment(row[3]))
    return found


_ACCESS = Statement("""
    SELECT 'frame' AS what, f.call_id, c.scheme, c.version, c.lifecycle, c.state, f.published_at AS at, 0 AS reasoned, 1 AS number
    FROM gf_frame f JOIN gf_case c ON c.id = f.id WHERE f.call_id IN :ids*uuid
    UNION ALL
    SELECT 'contribution', o.call_id, c.scheme, c.version, c.lifecycle, c.state, NULL,
        CASE WHEN o.kept_in_lab_because IS NULL THEN 0 ELSE 1 END, count(*)
    FROM gf_contribution o JOIN gf_case c ON c.id = o.id WHERE o.call_id IN :ids*uuid AND o.visibility = 'lab'
    GROUP BY o.call_id, c.scheme, c.version, c.lifecycle, c.state, CASE WHEN o.kept_in_lab_because IS NULL THEN 0 ELSE 1 END
    UNION ALL
    SELECT 'session', s.call_id, '', 0, '', '', NULL, 0, count(*)
    FROM gf_lab_session s WHERE s.call_id IN :ids*uuid AND s.held_at IS NOT NULL AND s.results IS NULL GROUP BY s.call_id
""")


@fact(EqualAccess, of=("call",))
def equal_access(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, EqualAccess]:
    """Read what of labs the public has not seen, and since when it could read their frames."""
    tx.flush()
    published = dict.fromkeys(ids)
    hidden: dict[tuple[UUID, str, int], int] = {}
    for row in _ACCESS(tx, ids=list(ids)):
        each = identifier(row[1])
        marks = tags_of(tx, row[2], row[3], row[4], row[5]) if row[4] else frozenset()
        if row[0] == "frame":
            if IN_FORCE in marks and row[6] is not None:
                published[each] = moment(row[6])
        elif not marks & GONE:
            key = each, row[0], row[7]
            hidden[key] = hidden.get(key, 0) + row[8]
    return {
        each: EqualAccess(
            published[each],
            hidden.get((each, "contribution", 0), 0),
            hidden.get((each, "contribution", 1), 0),
            hidden.get((each, "session", 0), 0),
        )
        for each in ids
    }


_DRAFTS = Statement("""
    SELECT f.id, f.version, f.vision, f.changes, a.number, a.title, a.envelope,
        (SELECT count(*) FROM gf_frame_indicator i WHERE i.action_id = a.id)
    FROM gf_frame f LEFT JOIN gf_frame_action a ON a.frame_id = f.id
    WHERE f.id IN :ids*uuid
    ORDER BY f.id, a.number
""")


@fact(FrameDraft, of=("frame",))
def drafts(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, FrameDraft]:
    """Read frames as far as they are written."""
    tx.flush()
    found = {}
    for each, rows in groupby(_DRAFTS(tx, ids=list(ids)), key=lambda row: identifier(row[0])):
        of_frame = list(rows)
        actions = tuple(ActionDraft(row[4], row[5], row[6], row[7]) for row in of_frame if row[4] is not None)
        found[each] = FrameDraft(of_frame[0][1], of_frame[0][2], of_frame[0][3], actions)
    return found


_CONSULTED = Statement("""
    SELECT f.id, f.version, f.consulted_from, f.consulted_until, k.zone, count(m.id), count(m.answer)
    FROM gf_frame f JOIN gf_call k ON k.id = f.call_id LEFT JOIN gf_frame_comment m ON m.frame_id = f.id
    WHERE f.id IN :ids*uuid
    GROUP BY f.id, f.version, f.consulted_from, f.consulted_until, k.zone
""")


@fact(Consultation, of=("frame",))
def consultations(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, Consultation]:
    """Read how frames were opened for comments and what became of these."""
    tx.flush()
    return {
        identifier(row[0]): Consultation(
            version=row[1],
            opened_at=None if row[2] is None else moment(row[2]),
            closed_at=None if row[3] is None else moment(row[3]),
            comments=row[5],
            unanswered=row[5] - row[6],
            zone=row[4],
        )
        for row in _CONSULTED(tx, ids=list(ids))
    }
