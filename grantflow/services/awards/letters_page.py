"""The letters of decisions before they leave: in lots by what they say, each read by its text, released together (P10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, or_, select

from grantflow.domain.money import Money
from grantflow.domain.words import in_language
from grantflow.services.applications.finding import application_with
from grantflow.services.applications.rights import Place
from grantflow.services.awards.previewing import EFFECT, Previewed, show_letter
from grantflow.services.awards.ranking_page import CallHere, decisions_of_call
from grantflow.store.applications.models import Application
from grantflow.store.applications.visibility import visible_below
from grantflow.store.awards.models import Decision, LetterPreview
from grantflow.store.awards.proposals import waiting_for_release
from grantflow.store.calls.models import Call
from grantflow.store.calls.viewing import lifecycles_of
from grantflow.store.cases import CaseRow
from grantflow.store.people.models import Organisation, User
from grantflow.store.session import Tx
from grantflow.workflow.model import Asked

ROWS = 50
RELEASES, READ = "release_decisions", "letters_previewed"
"""The effect of the step that releases a round, and the guard that asks for every letter to be read before."""


@dataclass(frozen=True, slots=True)
class Lot:
    """All letters of the round that say the same: how many there are, and how many of them somebody has read."""

    kind: str
    count: int
    read: int
    amount: Money

    @property
    def unread(self) -> int:
        """How many nobody has read yet."""
        return self.count - self.read


@dataclass(frozen=True, slots=True)
class LetterLine:
    """A letter that waits."""

    ref: str
    title: str
    organisation: str
    kind: str
    amount: Money
    read_by: str | None
    read_at: datetime | None
    alone: bool
    """Whether it leaves by itself, out of the round."""


@dataclass(frozen=True, slots=True)
class LettersPage:
    """Everything that the page shows."""

    call: CallHere
    revision: int
    releases: str | None
    """The reader's step that releases the round, if it leads on from here."""
    asks: tuple[Asked, ...]
    lots: tuple[Lot, ...]
    decided_at: datetime | None
    alone: tuple[LetterLine, ...]
    lines: tuple[LetterLine, ...]
    next_after: str | None

    @property
    def count(self) -> int:
        """How many letters the round has."""
        return sum(lot.count for lot in self.lots)

    @property
    def unread(self) -> int:
        """How many of them nobody has read yet."""
        return sum(lot.unread for lot in self.lots)


@dataclass(frozen=True, slots=True)
class LetterPage:
    """One letter as it would leave now."""

    id: UUID
    ref: str
    call_slug: str
    call_title: str
    shown: Previewed
    read_by: str | None
    read_at: datetime | None
    read_as_it_is: bool
    """Whether somebody has read this very text."""
    alone: bool


def letters_page(tx: Tx, slug: str, language: str, *, after: str = "") -> LettersPage | None:
    """Return the letters of a call that wait, for those who release them; nothing for all others."""
    found = decisions_of_call(tx, slug, language)
    if found is None or not _releases(found[1]):
        return None
    call, here = found
    own = here.own(effect=RELEASES)
    waiting = _waiting(tx, and_(Decision.call_id == call.id, CaseRow.call_id == call.id))
    visible = waiting.where(_open_to_reader(tx, here))
    rows = tx.execute(
        visible.where(Decision.proposal_id.is_not(None), CaseRow.ref > after)
        .order_by(CaseRow.ref)
        .limit(ROWS + 1)
    ).all()
    alone = tx.execute(visible.where(Decision.proposal_id.is_(None)).order_by(CaseRow.ref).limit(ROWS)).all()
    lots, decided_at = _lots(tx, waiting)
    shown = tuple(_line(row) for row in rows[:ROWS])
    return LettersPage(
        call,
        here.case.revision,
        own[0].name if own else None,
        own[0].asks if own else (),
        lots,
        decided_at,
        tuple(_line(row) for row in alone),
        shown,
        shown[-1].ref if len(rows) > ROWS else None,
    )


def letter_page(tx: Tx, ref: str, language: str) -> LetterPage | None:
    """Return the letter about an application that waits; nothing for those who do not release it, or where none waits.

    Raises:
        Refused: the reader is in conflict with the application, or releasing is not their business now.
    """
    application_id = application_with(tx, ref)
    if application_id is None:
        return None
    shown = show_letter(tx, application_id)
    if shown is None:
        return None
    this_text = (
        select(func.count())
        .where(LetterPreview.decision_id == Decision.id, LetterPreview.text_sha256 == shown.text_sha256)
        .correlate(Decision)
        .scalar_subquery()
    )
    row = tx.execute(
        _waiting(tx, Decision.id == shown.decision_id)
        .join(Call, Call.id == Decision.call_id)
        .add_columns(Call.slug, Call.title.label("call_title"), Call.language, this_text.label("as_it_is"))
    ).one()
    return LetterPage(
        application_id,
        ref,
        row.slug,
        in_language(row.call_title, language, row.language),
        shown,
        row.read_by,
        row.read_at,
        bool(row.as_it_is),
        row.proposal_id is None,
    )


def next_unread(tx: Tx, slug: str, language: str, after: str) -> str | None:
    """Return the reference of the next letter of the round that nobody has read, from a reference on, round and round."""
    found = decisions_of_call(tx, slug, language)
    if found is None:
        return None
    unread = (
        _waiting(tx, Decision.call_id == found[0].id)
        .where(Decision.proposal_id.is_not(None), _READ_AT.is_(None), _open_to_reader(tx, found[1]))
        .with_only_columns(CaseRow.ref)
        .order_by((CaseRow.ref <= after), CaseRow.ref)
        .limit(1)
    )
    ref = tx.execute(unread).scalar()
    return None if ref is None else str(ref)


def _open_to_reader(tx: Tx, here: Place) -> ColumnElement[bool]:
    return visible_below(tx, tx.actor, here.scheme.of_record("application"), here.roles)


def _releases(here: Place) -> bool:
    """Whether the reader plays a role that releases decisions, now or at another point."""
    releasing = {
        role
        for lifecycle in here.scheme.lifecycles.values()
        for row in lifecycle.rows
        if RELEASES in row.effects or EFFECT in row.effects
        for role in row.by
        if role in here.scheme.roles
    }
    return bool(releasing & here.roles)


_READ_AT = (
    select(func.max(LetterPreview.previewed_at))
    .where(LetterPreview.decision_id == Decision.id)
    .correlate(Decision)
    .scalar_subquery()
)
"""When somebody last read the letter of a decision."""


def _waiting(tx: Tx, which: ColumnElement[bool]) -> Any:
    """Return the question for those decisions that wait for their release, with who read each letter last."""
    reader = (
        select(User.name)
        .join(LetterPreview, LetterPreview.previewed_by == User.id)
        .where(LetterPreview.decision_id == Decision.id)
        .order_by(LetterPreview.previewed_at.desc())
        .limit(1)
        .correlate(Decision)
        .scalar_subquery()
    )
    return (
        select(
            CaseRow.ref,
            Application.title,
            Organisation.name.label("organisation"),
            Decision.kind,
            Decision.amount,
            Decision.currency,
            Decision.proposal_id,
            _READ_AT.label("read_at"),
            reader.label("read_by"),
        )
        .select_from(Decision)
        .join(CaseRow, CaseRow.id == Decision.application_id)
        .join(Application, Application.id == Decision.application_id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .where(which, waiting_for_release(), _alive(tx))
    )


def _alive(tx: Tx) -> ColumnElement[bool]:
    """Return the condition that an application has not ended: who withdrew gets no letter."""
    return or_(
        false(),
        *(
            and_(
                CaseRow.scheme == scheme.name,
                CaseRow.version == scheme.version,
                CaseRow.lifecycle == lifecycle.name,
                CaseRow.state.not_in(sorted(lifecycle.final)),
            )
            for scheme, lifecycle in lifecycles_of(tx, "application")
        ),
    )


def _line(row: Any) -> LetterLine:
    return LetterLine(
        row.ref,
        row.title,
        row.organisation,
        row.kind,
        Money(row.amount, row.currency),
        row.read_by,
        row.read_at,
        row.proposal_id is None,
    )


ORDER: Sequence[str] = ("yes", "reserve", "no")


def _lots(tx: Tx, waiting: Any) -> tuple[tuple[Lot, ...], datetime | None]:
    of_round = (
        waiting.where(Decision.proposal_id.is_not(None))
        .with_only_columns(
            Decision.kind, Decision.amount, Decision.currency, Decision.decided_at, _READ_AT.label("read_at")
        )
        .subquery()
    )
    found = select(
        of_round.c.kind,
        of_round.c.currency,
        func.count().label("letters"),
        func.count(of_round.c.read_at).label("read"),
        func.sum(of_round.c.amount).label("amount"),
        func.max(of_round.c.decided_at).label("decided_at"),
    ).group_by(of_round.c.kind, of_round.c.currency)
    rows = sorted(tx.execute(found).all(), key=lambda row: (ORDER.index(row.kind), row.currency))
    return (
        tuple(Lot(row.kind, row.letters, row.read, Money(int(row.amount), row.currency)) for row in rows),
        max((row.decided_at for row in rows), default=None),
    )
