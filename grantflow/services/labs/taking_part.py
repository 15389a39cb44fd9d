"""Taking part in a lab: interest, sessions and who was there, contributions and support."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from grantflow.domain.labs.places import (
    CONTRIBUTION_KINDS,
    HELICES,
    LEVELS,
    Backing,
    ContributionKind,
    Helix,
    Level,
    support_counted,
)
from grantflow.domain.refusal import Refusal, Refused, refuse
from grantflow.services.cases import Created, Outcome, Stepped, create, step_all
from grantflow.services.deeds import lifecycle_of, place_of, take, transition_with
from grantflow.services.labs.effects import note_level
from grantflow.services.people.registering import may_act_for
from grantflow.services.people.roles import grant_role
from grantflow.services.programmes.office import demand_office
from grantflow.store.calls.models import Call
from grantflow.store.cases import CaseRow
from grantflow.store.labs.models import Attendance, Contribution, LabSession, Participation, Support
from grantflow.store.meaning import tags_of
from grantflow.store.people.models import Organisation
from grantflow.store.session import Tx
from grantflow.workflow.model import Lifecycle

COUNTS = "counts"
"""The tag of states in which somebody has a place in the lab, or a contribution is published there."""
PLACE = re.compile(r"[A-Z]{2}[0-9A-Z]{0,3}")
LONGEST = 4000
"""How many characters a contribution may have."""
NOT_FROM_HERE = Refusal("not_from_here", "This step is not possible at this point.")


def register_interest(
    tx: Tx,
    call_id: UUID,
    *,
    organisation_id: UUID | None = None,
    helix: Helix | None = None,
    nuts: str | None = None,
    level: Level = "contributor",
    name_shown: bool = False,
) -> Created:
    """Register whoever acts for a lab, for an organisation or alone.

    Raises:
        Refused: they are registered already, act for somebody else's organisation, or the lab does not take people now.
    """
    user_id = _person(tx)
    same = select(Participation.id).where(Participation.call_id == call_id, Participation.user_id == user_id)
    if tx.session.scalar(same) is not None:
        raise refuse("registered_already", "You are registered for this lab already.")
    if organisation_id is not None:
        if not may_act_for(tx, organisation_id):
            raise refuse("not_of_the_organisation", "You do not belong to this organisation.", "organisation")
        organisation = tx.session.get_one(Organisation, organisation_id)
        helix = helix or organisation.helix  # type: ignore[assignment]  # registering admits exactly the helices
        nuts = nuts or organisation.nuts
    if helix not in HELICES:
        raise refuse("helix_missing", "Say for which part of society you come.", "helix")
    if nuts is not None and not PLACE.fullmatch(nuts):
        raise refuse(
            "place_unknown", "“%(place)s” is no NUTS code, such as SE31 or SE311.", "nuts", place=nuts
        )
    if level not in LEVELS:
        raise refuse("level_unknown", "“%(level)s” is no level of involvement.", "level", level=level)

    def record(case_id: UUID) -> None:
        tx.session.add(
            Participation(
                id=case_id,
                call_id=call_id,
                user_id=user_id,
                organisation_id=organisation_id,
                helix=helix,
                nuts=nuts,
                level=level,
                name_shown=int(name_shown),
                admitted_at=None,
                anonymised_at=None,
            )
        )
        tx.flush()
        note_level(tx, case_id, level)

    made = create(tx, lifecycle_of(tx, call_id, "participation"), call_id=call_id, record=record)
    grant_role(tx, made.role, made.case_id, user_id=user_id)
    return made


def admit(tx: Tx, participation_id: UUID, *, revision: int | None = None) -> Stepped:
    """Admit somebody to the lab."""
    return take(tx, participation_id, "give_lab_access", revision=revision)


def admit_all(tx: Tx, participation_ids: Sequence[UUID]) -> Outcome:
    """Admit several people at once; one who cannot be admitted stops none of the others."""
    by_name: dict[str, list[UUID]] = {}
    none_leads: dict[UUID, tuple[Refusal, ...]] = {}
    for each in dict.fromkeys(participation_ids):
        name = transition_with(tx, each, "give_lab_access")
        if name is None:
            none_leads[each] = (NOT_FROM_HERE,)
        else:
            by_name.setdefault(name, []).append(each)
    return _all_of(tx, by_name, none_leads)


def change_level(tx: Tx, participation_id: UUID, level: Level) -> Stepped:
    """Change how one takes part; the earlier levels are kept."""
    return take(tx, participation_id, "record_level", data={"level": level})


def leave_lab(tx: Tx, participation_id: UUID) -> Stepped:
    """Leave the lab: the name goes, the count stays."""
    return take(tx, participation_id, "anonymise_participation")


def plan_session(
    tx: Tx, call_id: UUID, title: str, starts_at: datetime, *, place: str, agenda: str = "", capacity: int = 0
) -> UUID:
    """Plan a workshop or meeting of a lab; without a capacity there is room for all."""
    _of_programme(tx, call_id)
    missing = [
        Refusal("missing_field", "This is needed.", {}, name)
        for name, text in (("title", title), ("place", place))
        if not text.strip()
    ]
    if missing:
        raise Refused(missing)
    last = tx.session.scalar(select(func.max(LabSession.number)).where(LabSession.call_id == call_id)) or 0
    session = LabSession(
        id=tx.new_id(),
        call_id=call_id,
        number=last + 1,
        title=title,
        place=place,
        agenda=agenda,
        starts_at=starts_at,
        capacity=capacity,
        held_at=None,
        results=None,
    )
    tx.session.add(session)
    tx.flush()
    return session.id


def move_session(tx: Tx, session_id: UUID, starts_at: datetime) -> None:
    """Move a session that has not been held."""
    session = _session(tx, session_id)
    if session.held_at is not None:
        raise refuse("session_held", "This session has been held already.")
    session.starts_at = starts_at
    tx.flush()


def hold_session(tx: Tx, session_id: UUID, attended: Iterable[UUID], *, results: str | None = None) -> None:
    """Note that a session was held, who of the lab's members was there, and what came out of it.

    Raises:
        Refused: it has not begun, or somebody named has no place in the lab.
    """
    session = _session(tx, session_id)
    if session.starts_at > tx.now:
        raise refuse("session_to_come", "This session has not begun yet.")
    people = sorted(set(attended))
    known = select(Participation.id).where(
        Participation.call_id == session.call_id,
        Participation.id.in_(people),
        Participation.admitted_at.is_not(None),
    )
    strangers = len(people) - len(tx.session.scalars(known).all())
    if strangers:
        text = "%(count)s of those named have not been admitted to the lab."
        raise refuse("not_in_the_lab", text, "attended", count=strangers)
    there = set(
        tx.session.scalars(select(Attendance.participation_id).where(Attendance.session_id == session_id))
    )
    for each in people:
        if each not in there:
            tx.session.add(Attendance(session_id=session_id, participation_id=each, at=tx.now))
    session.held_at = session.held_at or tx.now
    session.results = results or session.results
    tx.flush()


def publish_results(tx: Tx, session_id: UUID, results: str) -> None:
    """Publish what came out of a session: everybody may read it."""
    session = _session(tx, session_id)
    if session.held_at is None:
        raise refuse("session_to_come", "This session has not been held yet.")
    if not results.strip():
        raise refuse("text_missing", "Write what came out of it.", "results")
    session.results = results.strip()
    tx.flush()


def contribute(
    tx: Tx,
    call_id: UUID,
    kind: ContributionKind,
    text: str,
    *,
    lang: str = "en",
    public: bool = True,
    session_id: UUID | None = None,
) -> Created:
    """Bring a need, an idea, evidence, an offer or a question to the lab.

    Raises:
        Refused: whoever acts has no place in the lab, or nothing is said.
    """
    user_id = _person(tx)
    if kind not in CONTRIBUTION_KINDS:
        raise refuse("kind_unknown", "“%(kind)s” is no kind of contribution.", "kind", kind=kind)
    if not text.strip():
        raise refuse("text_missing", "Write what you bring.", "text")
    if len(text) > LONGEST:
        raise refuse("too_long", "Write at most %(most)s characters.", "text", most=LONGEST)
    own = _own_place(tx, call_id)
    session = None if session_id is None else tx.session.get(LabSession, session_id)
    if session_id is not None and (session is None or session.call_id != call_id):
        raise refuse("session_unknown", "This session is not one of this lab.", "session")

    def record(case_id: UUID) -> None:
        tx.session.add(
            Contribution(
                id=case_id,
                call_id=call_id,
                participation_id=own.id,
                session_id=session_id,
                author_id=user_id,
                organisation_id=own.organisation_id,
                kind=kind,
                text=text.strip(),
                lang=lang,
                visibility="public" if public else "lab",
                kept_in_lab_because=None,
            )
        )

    made = create(tx, lifecycle_of(tx, call_id, "contribution"), call_id=call_id, record=record)
    grant_role(tx, made.role, made.case_id, user_id=user_id)
    return made


def publish_contributions(tx: Tx, contribution_ids: Sequence[UUID]) -> Outcome:
    """Let the lab read what was brought to it; one that cannot be published stops none of the others."""
    by_name: dict[str, list[UUID]] = {}
    none_leads: dict[UUID, tuple[Refusal, ...]] = {}
    for each in dict.fromkeys(contribution_ids):
        lifecycle, state = place_of(tx, each)
        rows = (row for row in lifecycle.leaving(state) if COUNTS in _tags_at(lifecycle, row.to))
        row = next(rows, None)
        if row is None or COUNTS in lifecycle.states[state].tags:
            none_leads[each] = (NOT_FROM_HERE,)
        else:
            by_name.setdefault(row.name, []).append(each)
    return _all_of(tx, by_name, none_leads)


def _tags_at(lifecycle: Lifecycle, state: str) -> frozenset[str]:
    return lifecycle.states[state].tags if state in lifecycle.states else frozenset()


def _all_of(
    tx: Tx, by_name: Mapping[str, Sequence[UUID]], refused: Mapping[UUID, tuple[Refusal, ...]]
) -> Outcome:
    outcomes = [step_all(tx, ids, name) for name, ids in by_name.items()]
    stepped = {key: value for outcome in outcomes for key, value in outcome.stepped.items()}
    against = {key: value for outcome in outcomes for key, value in outcome.refused.items()}
    return Outcome(stepped, {**refused, **against})


def keep_in_lab(tx: Tx, contribution_id: UUID, reason: str) -> None:
    """Say why the public does not see a contribution, for the proof of equal access."""
    contribution = _contribution(tx, contribution_id)
    if not reason.strip():
        raise refuse("reason_missing", "Say why the public shall not see it.", "reason")
    contribution.visibility, contribution.kept_in_lab_because = "lab", reason.strip()
    tx.flush()


def show_to_public(tx: Tx, contribution_id: UUID) -> None:
    """Let everybody see a contribution."""
    contribution = _contribution(tx, contribution_id)
    contribution.visibility, contribution.kept_in_lab_because = "public", None
    tx.flush()


def support(tx: Tx, contribution_id: UUID) -> None:
    """Support a published contribution as a member of its lab; doing so twice changes nothing."""
    contribution = tx.session.get_one(Contribution, contribution_id)
    own = _own_place(tx, contribution.call_id)
    if own.admitted_at is None or COUNTS not in _tags(tx, own.id):
        raise refuse(
            "not_in_the_lab", "You can support contributions once you have been admitted to the lab."
        )
    if COUNTS not in _tags(tx, contribution_id):
        raise refuse("not_published", "Only what is published in the lab can be supported.")
    if tx.session.get(Support, (contribution_id, own.id)) is None:
        row = Support(
            contribution_id=contribution_id,
            participation_id=own.id,
            organisation_id=own.organisation_id,
            at=tx.now,
        )
        tx.session.add(row)
        tx.flush()


def withdraw_support(tx: Tx, contribution_id: UUID) -> None:
    """No longer support a contribution."""
    own = _own_place(tx, tx.session.get_one(Contribution, contribution_id).call_id)
    held = tx.session.get(Support, (contribution_id, own.id))
    if held is not None:
        tx.session.delete(held)
        tx.flush()


def support_of(tx: Tx, contribution_id: UUID) -> int:
    """Return how much support counts for a contribution."""
    rows = tx.session.scalars(select(Support).where(Support.contribution_id == contribution_id))
    return support_counted(Backing(row.participation_id, row.organisation_id) for row in rows)


def _person(tx: Tx) -> UUID:
    if tx.actor.user_id is None:
        raise refuse("wrong_role", "Only people take part in a lab.")
    return tx.actor.user_id


def _own_place(tx: Tx, call_id: UUID) -> Participation:
    found = tx.session.scalar(
        select(Participation).where(Participation.call_id == call_id, Participation.user_id == _person(tx))
    )
    if found is None:
        raise refuse(
            "not_in_the_lab", "You can contribute once you have been admitted to the lab.", "participation"
        )
    return found


def _tags(tx: Tx, case_id: UUID) -> frozenset[str]:
    case = tx.execute(
        select(CaseRow.scheme, CaseRow.version, CaseRow.lifecycle, CaseRow.state).where(CaseRow.id == case_id)
    ).one()
    return tags_of(tx, case.scheme, case.version, case.lifecycle, case.state)


def _session(tx: Tx, session_id: UUID) -> LabSession:
    session = tx.session.get_one(LabSession, session_id)
    _of_programme(tx, session.call_id)
    return session


def _contribution(tx: Tx, contribution_id: UUID) -> Contribution:
    contribution = tx.session.get_one(Contribution, contribution_id)
    _of_programme(tx, contribution.call_id)
    return contribution


def _of_programme(tx: Tx, call_id: UUID) -> None:
    demand_office(tx, tx.session.get_one(Call, call_id).programme_id)
