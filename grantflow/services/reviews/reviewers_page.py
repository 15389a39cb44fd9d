"""The page on which an application gets its reviewers: who reads it, who could, who may not and why, and who is loaded."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from grantflow.domain.refusal import Refusal, Refused, refuse
from grantflow.domain.reviews.reading import TIE_WORDS, TieKind
from grantflow.domain.words import in_language
from grantflow.services import cases
from grantflow.services.applications.finding import application_with
from grantflow.services.applications.rights import Place, demand_no_conflict, place
from grantflow.services.people.inviting import only_by_mail
from grantflow.services.people.links import mail_link
from grantflow.services.people.registering import person_with, register_person
from grantflow.services.reviews.assigning import RECORD, assign_reviewer
from grantflow.services.reviews.wanted import reviews_wanted
from grantflow.store.applications.models import Application, ConflictDeclaration
from grantflow.store.calls.models import Call
from grantflow.store.cases import CaseRow
from grantflow.store.meaning import is_final, tags_of
from grantflow.store.people.models import Organisation, User
from grantflow.store.reviews.facts import ties_of
from grantflow.store.reviews.models import Review, ReviewRound
from grantflow.store.session import Tx
from grantflow.workflow.model import Lifecycle, Row, Scheme

MOST_OFFERED = 60
"""How many candidates a page offers; whoever is further down has more to read than all of them."""


@dataclass(frozen=True, slots=True)
class Load:
    """What a reviewer has to do and has done."""

    reading: int
    handed_in: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could read the application."""

    id: UUID
    name: str
    load: Load


@dataclass(frozen=True, slots=True)
class Barred:
    """Somebody who may not read it, and what ties them to it."""

    name: str
    ties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StepHere:
    """A step of the actor's with one review, taken on its record's page."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who reads it, was asked to, or did."""

    review_ref: str
    reviewer_id: UUID
    name: str
    state: str
    since: datetime
    alive: bool
    counts: bool
    handed_in: bool
    possible_conflict: str | None
    """The reviewer's words about a possible conflict that nobody has decided on yet."""
    steps: tuple[StepHere, ...]


@dataclass(frozen=True, slots=True)
class ReviewersPage:
    """Everything that the page shows."""

    id: UUID
    ref: str
    title: str
    organisation: str
    call_slug: str
    call_title: str
    zone: str
    state: str
    wanted: int
    readers: tuple[Reader, ...]
    may_assign: bool
    candidates: tuple[Candidate, ...]
    barred: tuple[Barred, ...]

    @property
    def there(self) -> int:
        """How many reviews count or are still to come."""
        return sum(reader.counts or reader.alive for reader in self.readers)

    @property
    def short(self) -> int:
        """How many reviewers are still to be found."""
        return max(self.wanted - self.there, 0)


def reviewers_page(tx: Tx, ref: str, language: str) -> ReviewersPage | None:
    """Return the page about an application; nothing where the actor may not know who reads it."""
    application_id = application_with(tx, ref)
    if application_id is None:
        return None
    here = place(tx, application_id)
    reviewing = here.scheme.of_record(RECORD) if _is_reviewed(here.scheme) else None
    if reviewing is None or not may_know_readers(here.scheme, here.roles):
        return None
    found = (
        select(
            Application.title,
            Organisation.name.label("organisation"),
            Call.slug,
            Call.title.label("call_title"),
            Call.language,
            Call.zone,
            select(ReviewRound.wanted)
            .where(ReviewRound.call_id == Application.call_id, ReviewRound.stage == Application.stage)
            .order_by(ReviewRound.number.desc())
            .limit(1)
            .correlate(Application)
            .scalar_subquery()
            .label("wanted"),
        )
        .select_from(Application)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .join(Call, Call.id == Application.call_id)
        .where(Application.id == application_id)
    )
    about = tx.execute(found).one()
    may_assign = _may_assign(here, reviewing)
    readers = _readers(tx, application_id, here)
    candidates, barred = _pool(tx, application_id, readers) if may_assign else ((), ())
    wanted = about.wanted or reviews_wanted(tx, here.case.call_id)
    return ReviewersPage(
        application_id,
        here.case.ref,
        about.title,
        about.organisation,
        about.slug,
        in_language(about.call_title, language, about.language),
        about.zone,
        here.state.label,
        wanted,
        readers,
        may_assign,
        candidates,
        barred,
    )


def may_know_readers(scheme: Scheme, roles: Iterable[str]) -> bool:
    """Whether some role of the programme's people may view reviews, and so knows the names of those who write them."""
    viewing = {role for state in scheme.of_record(RECORD).states.values() for role in state.view}
    return any(role in viewing and not scheme.roles[role].outside for role in roles)


def _is_reviewed(scheme: Scheme) -> bool:
    return any(lifecycle.record == RECORD for lifecycle in scheme.lifecycles.values())


def _may_assign(here: Place, reviewing: Lifecycle) -> bool:
    return here.case.state in reviewing.creation.during and bool(
        here.roles.intersection(reviewing.creation.by)
    )


def _readers(tx: Tx, application_id: UUID, here: Place) -> tuple[Reader, ...]:
    word, later = aliased(ConflictDeclaration), aliased(ConflictDeclaration)
    newest = (
        select(func.max(later.number))
        .where(later.application_id == Review.application_id, later.user_id == Review.reviewer_id)
        .correlate(Review)
        .scalar_subquery()
    )
    found = (
        select(
            CaseRow.ref,
            CaseRow.lifecycle,
            CaseRow.state,
            CaseRow.entered_at,
            Review.reviewer_id,
            Review.submitted_at,
            User.name,
            word.kind,
            word.reason,
        )
        .select_from(Review)
        .join(CaseRow, CaseRow.id == Review.id)
        .join(User, User.id == Review.reviewer_id)
        .outerjoin(
            word,
            (word.application_id == Review.application_id)
            & (word.user_id == Review.reviewer_id)
            & (word.number == newest),
        )
        .where(Review.application_id == application_id)
        .order_by(CaseRow.ref)
    )
    return tuple(_reader(here, row) for row in tx.execute(found))


def _reader(here: Place, row: Any) -> Reader:
    lifecycle = here.scheme.lifecycles[row.lifecycle]
    state = lifecycle.states[row.state]
    steps: dict[str, StepHere] = {}
    for each in lifecycle.leaving(row.state):
        if here.roles.intersection(each.by):
            steps.setdefault(each.name, StepHere(each.name, each.label))
    alive = row.state not in lifecycle.final
    return Reader(
        row.ref,
        row.reviewer_id,
        row.name,
        state.label,
        row.entered_at,
        alive,
        "counts" in state.tags and row.submitted_at is not None,
        row.submitted_at is not None,
        (row.reason or "") if row.kind == "soft" and alive else None,
        tuple(steps.values()),
    )


def _pool(
    tx: Tx, application_id: UUID, readers: Sequence[Reader]
) -> tuple[tuple[Candidate, ...], tuple[Barred, ...]]:
    """Return who has ever been asked to review here, the least loaded first, parted by what ties them to this one."""
    loads = loads_of(tx)
    there = {reader.reviewer_id for reader in readers if reader.alive or reader.counts}
    people = {each: name for each, (name, _) in loads.items() if each not in there}
    ties = ties_of(tx, {(application_id, each) for each in people})
    free = [
        Candidate(each, name, loads[each][1])
        for each, name in people.items()
        if not ties.get((application_id, each))
    ]
    barred = [
        Barred(people[each], tuple(tie_words(ties[application_id, each])))
        for each in people
        if ties.get((application_id, each))
    ]
    return (
        tuple(sorted(free, key=lambda one: (one.load.reading, one.name))[:MOST_OFFERED]),
        tuple(sorted(barred, key=lambda one: one.name)),
    )


def tie_words(ties: Iterable[TieKind]) -> list[str]:
    """Return the sentences for some ties in a steady order."""
    return [TIE_WORDS[tie] for tie in sorted(ties)]


def loads_of(tx: Tx) -> Mapping[UUID, tuple[str, Load]]:
    """Return everybody who was ever asked to review, with what they are reading now and have handed in."""
    found = (
        select(
            Review.reviewer_id,
            User.name,
            CaseRow.scheme,
            CaseRow.version,
            CaseRow.lifecycle,
            CaseRow.state,
            func.count(Review.submitted_at).label("submitted"),
            func.count().label("all"),
        )
        .select_from(Review)
        .join(User, User.id == Review.reviewer_id)
        .join(CaseRow, CaseRow.id == Review.id)
        .group_by(
            Review.reviewer_id,
            User.name,
            CaseRow.scheme,
            CaseRow.version,
            CaseRow.lifecycle,
            CaseRow.state,
        )
    )
    names: dict[UUID, str] = {}
    counts: dict[UUID, Counter[str]] = defaultdict(Counter)
    for row in tx.execute(found):
        names[row.reviewer_id] = row.name
        if "counts" in tags_of(tx, row.scheme, row.version, row.lifecycle, row.state):
            counts[row.reviewer_id]["handed_in"] += row.submitted
        elif not is_final(tx, row.scheme, row.version, row.lifecycle, row.state):
            counts[row.reviewer_id]["reading"] += row.all
    return {
        each: (name, Load(**{"reading": 0, "handed_in": 0, **counts[each]})) for each, name in names.items()
    }


# Giving it to people, and asking them by mail


def ask_reviewers(tx: Tx, application_id: UUID, reviewers: Sequence[UUID]) -> list[cases.Created]:
    """Give an application to reviewers and ask each of them by mail; all of them, or nobody.

    Raises:
        Refused: nobody is named, or one of them may not read it; every reason at once.
    """
    demand_no_conflict(tx, application_id)
    if not reviewers:
        raise refuse("no_reviewer", "Choose at least one reviewer.", "reviewers")
    made: list[cases.Created] = []
    against: list[Refusal] = []
    for each in dict.fromkeys(reviewers):
        try:
            with tx.attempt():
                created = assign_reviewer(tx, application_id, each)
                step = _asking_step(tx, created)
                if step is not None:
                    cases.step(tx, created.case_id, step)
                made.append(created)
        except Refused as refused:
            against.extend(refused.refusals)
    if against:
        raise Refused(dict.fromkeys(against))
    return made


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who is asked by their address, and the page on which who has no password yet comes in."""

    email: str
    name: str
    language: str
    page: str
    wall: datetime


def ask_by_mail(tx: Tx, application_id: UUID, newcomer: Newcomer) -> cases.Created:
    """Ask somebody by their address to review an application; who is not registered yet is, with a name.

    Who has no password gets a link beside the invitation, which lets them in and leads to it.

    Raises:
        Refused: reviewers are not the actor's to ask, the address is none, or they may not read it.
    """
    here = place(tx, application_id)
    if not tx.actor.is_system and not (
        _is_reviewed(here.scheme) and _may_assign(here, here.scheme.of_record(RECORD))
    ):
        raise refuse("wrong_role", "This is not yours to do.")
    demand_no_conflict(tx, application_id)
    known = person_with(tx, newcomer.email)
    if known is None:
        if not newcomer.name.strip():
            raise refuse(
                "name_missing", "Nobody is registered under this address yet. Write their name.", "name"
            )
        known = register_person(tx, newcomer.email, newcomer.name, language=newcomer.language)
    only_by_mail(tx, known)
    (made,) = ask_reviewers(tx, application_id, [known])
    if tx.execute(select(User.password_hash).where(User.id == known)).scalar_one() is None:
        leads_to = f"/reviews/{made.ref}/conflict"
        mail_link(
            tx,
            known,
            "invitation",
            page=newcomer.page,
            leads_to=leads_to,
            wall=newcomer.wall,
            at=tx.now,
        )
    return made


def _asking_step(tx: Tx, created: cases.Created) -> str | None:
    """Return the step that asks the reviewer: it tells them, and needs nothing filled in."""
    row = tx.execute(select(CaseRow.scheme, CaseRow.version).where(CaseRow.id == created.case_id)).one()
    scheme = cases.compiled(tx, row.scheme, row.version).scheme
    lifecycle = scheme.lifecycles[created.lifecycle]
    return next(
        (each.name for each in lifecycle.leaving(created.state) if _only_asks(scheme, each)),
        None,
    )


def _only_asks(scheme: Scheme, row: Row) -> bool:
    return (
        not row.asks
        and not row.effects
        and any(scheme.roles[notice.role].audience == "reviewer" for notice in row.notices)
    )
