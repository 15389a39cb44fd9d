"""A story: the programme, the cast and a call on a database of its own, and a clock that the test moves.

Nothing here stands in for the product: the people act through the services, the clock fires timers through the door.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from grantflow.app import registry
from grantflow.domain.actor import SYSTEM, Actor
from grantflow.domain.calls.plan import CallPlan
from grantflow.domain.ids import Ids
from grantflow.domain.time import at_local
from grantflow.services import cases
from grantflow.services.calls.changing import publish_call
from grantflow.services.calls.file import read_call
from grantflow.services.calls.loading import load_call
from grantflow.services.invariants import check_invariants
from grantflow.services.labs.framing import (
    Action,
    Indicator,
    answer_comment,
    close_consultation,
    comment_on_frame,
    open_consultation,
    start_frame,
    unanswered_comments,
    write_actions,
)
from grantflow.services.labs.taking_part import (
    admit,
    contribute,
    hold_session,
    plan_session,
    publish_results,
    register_interest,
)
from grantflow.services.people.registering import join_organisation, register_organisation, register_person
from grantflow.services.people.roles import grant_role
from grantflow.services.programmes.meetings import (
    call_meeting,
    carry_out,
    note_outcome,
    note_presence,
    put_on_agenda,
    sign_minutes_as_adjuster,
    sign_minutes_as_chair,
    write_minutes,
)
from grantflow.services.programmes.setting_up import appoint_delegate, body_named, set_up_programme, take_seat
from grantflow.services.timers import fire_due, next_due_at
from grantflow.store.cases import CaseRow
from grantflow.store.outbox import OutboxMessage
from grantflow.store.session import Database, Tx
from grantflow.workflow.engine import Engine
from grantflow.workflow.loader import load_scheme
from tests import cast

CALLS = Path("config/calls")
SCHEMES = Path("workflows")


@cache
def engine(*names: str) -> Engine:
    """The engine of shipped schemes, compiled once for all tests."""
    schemes = []
    for name in names or ("challenge_driven",):
        loaded = load_scheme(SCHEMES / name / "v1")
        assert loaded.scheme is not None, "\n".join(map(str, loaded.findings))
        schemes.append(loaded.scheme)
    return Engine(registry(), schemes)


@cache
def shipped_plan(name: str) -> CallPlan:
    """The plan of a shipped call."""
    loaded = read_call(CALLS / f"{name}.yaml")
    assert loaded.plan is not None, "\n".join(map(str, loaded.findings))
    return loaded.plan


class Story:
    """North Middle Sweden and its people."""

    def __init__(self, url: str, plan: CallPlan | None = None) -> None:
        self.plan = plan or shipped_plan("north-middle-sweden")
        self.zone = ZoneInfo(self.plan.programme.zone)
        self.database = Database(url, engine(), Ids("story"), scratch=True)
        self.now = self.plan.first_date - timedelta(days=30)
        self.people: dict[str, UUID] = {}
        self.organisations: dict[str, UUID] = {}
        self.places: dict[str, UUID] = {}
        """Participations by name."""
        self.programme_id = self.body_id = self.call_id = UUID(int=0)

    # Who acts, and when

    def actor(self, person: cast.Person) -> Actor:
        """Return a person as the one who acts."""
        return Actor("person", self.people[person.name])

    @contextmanager
    def tx(self, person: cast.Person | None = None) -> Iterator[Tx]:
        """Open a unit of work of a person, or of the system."""
        who = SYSTEM if person is None else self.actor(person)
        with self.database.transaction(who, self.now) as tx:
            yield tx

    @contextmanager
    def reading(self, person: cast.Person | None = None) -> Iterator[Tx]:
        """Open a unit of work that only reads."""
        with self.database.reading(SYSTEM if person is None else self.actor(person), self.now) as tx:
            yield tx

    def local(self, text: str) -> datetime:
        """Return the instant of local words such as `2018-05-09 14:00`."""
        return at_local(datetime.strptime(text, "%Y-%m-%d %H:%M"), self.zone)  # noqa: DTZ007 - the zone is the programme's

    def until(self, at: datetime) -> None:
        """Let time pass, firing on its way whatever falls due, each at its moment."""
        assert at >= self.now, "time does not run backwards"
        while True:
            with self.reading() as tx:
                due = next_due_at(tx)
            if due is None or due > at:
                break
            self.now = max(self.now, due)
            with self.tx() as tx:
                fired = fire_due(tx)
            assert not fired.refused, fired.refused
        self.now = at

    def days(self, count: int) -> None:
        """Let days pass."""
        self.until(self.now + timedelta(days=count))

    def state(self, case_id: UUID | None = None) -> str:
        """Return the state of a record, of the call where none is named."""
        with self.reading() as tx:
            return str(
                tx.execute(select(CaseRow.state).where(CaseRow.id == (case_id or self.call_id))).scalar_one()
            )

    def may(self, person: cast.Person, case_id: UUID | None = None) -> dict[str, tuple[str, ...]]:
        """Return what a person may do with a record: each step with the codes of what speaks against it."""
        each = case_id or self.call_id
        with self.reading(person) as tx:
            options = cases.choices(tx, [each])[each].options
        return {option.name: tuple(refusal.code for refusal in option.refusals) for option in options}

    def messages(self) -> list[str]:
        """Return the templates of everything in the outbox, in order."""
        with self.reading() as tx:
            return list(tx.execute(select(OutboxMessage.template).order_by(OutboxMessage.id)).scalars())

    def assert_all_holds(self) -> None:
        """Ask every invariant of the database: so ends each story."""
        with self.reading() as tx:
            broken = {held.name: held.detail for held in check_invariants(tx) if not held.holds}
        assert not broken, broken

    # The stage is set

    def set_up(self) -> Story:
        """Set up the programme with its people, and the organisations with theirs."""
        with self.tx() as tx:
            self.programme_id = set_up_programme(tx, self.plan.programme)
            self.body_id = body_named(tx, self.programme_id, self.plan.programme.bodies[0].name)
            for person in cast.EVERYBODY:
                self.people[person.name] = register_person(
                    tx, person.email, person.name, language=person.language
                )
            for person in cast.STAFF:
                assert person.role is not None
                grant_role(tx, person.role, self.programme_id, user_id=self.people[person.name])
            for number, person in enumerate(cast.BOARD):
                take_seat(tx, self.body_id, self.people[person.name], "member" if number else "chair")
            for person in cast.DEPUTIES:
                take_seat(tx, self.body_id, self.people[person.name], "deputy")
            appoint_delegate(tx, self.body_id, self.people[cast.SOFIA.name])
            self._register_organisations(tx)
        return self

    def _register_organisations(self, tx: Tx) -> None:
        for one in cast.ORGANISATIONS:
            self.organisations[one.name] = register_organisation(
                tx,
                one.name,
                identifier=one.identifier,
                identifier_kind=cast.IDENTIFIER_KIND,
                legal_form=one.legal_form,
                country="SE",
                nuts=one.nuts,
                town=one.town,
                helix=one.helix,
            )
        for person in cast.EVERYBODY:
            if person.organisation is not None:
                organisation_id = self.organisations[person.organisation]
                join_organisation(tx, self.people[person.name], organisation_id, authorised=True)

    def load(self) -> Story:
        """Let Karin load the call's file into a draft."""
        with self.tx(cast.KARIN) as tx:
            self.call_id = load_call(tx, self.plan).case_id
        return self

    def announce(self) -> Story:
        """Let Karin publish the call."""
        with self.tx(cast.KARIN) as tx:
            publish_call(tx, self.call_id)
        return self

    # Shorter ways through what a test is not about

    def fill_lab(self) -> None:
        """Let everybody register while they can, and Yusuf admit them."""
        for person in cast.PARTICIPANTS:
            with self.tx(person) as tx:
                organisation = self.organisations[person.organisation] if person.organisation else None
                made = register_interest(tx, self.call_id, organisation_id=organisation, name_shown=True)
                self.places[person.name] = made.case_id
        with self.tx(cast.YUSUF) as tx:
            for place in self.places.values():
                admit(tx, place)

    def hold_workshops(self, count: int = 4) -> list[UUID]:
        """Hold the workshops, three weeks apart, with everybody there, and publish what came out of them."""
        held = []
        for title, place, _ in cast.WORKSHOPS[:count]:
            with self.tx(cast.YUSUF) as tx:
                session = plan_session(tx, self.call_id, title, self.now + timedelta(days=21), place=place)
            self.days(21)
            with self.tx(cast.YUSUF) as tx:
                hold_session(tx, session, self.places.values())
                publish_results(tx, session, f"{title}: what we heard.")
            held.append(session)
        return held

    def contribute(self) -> list[UUID]:
        """Let everybody bring what they bring, and Yusuf publish it."""
        brought = []
        for each in cast.CONTRIBUTIONS:
            with self.tx(each.who) as tx:
                brought.append(contribute(tx, self.call_id, each.kind, each.text).case_id)
        with self.tx(cast.YUSUF) as tx:
            outcome = cases.step_all(tx, brought, "publish")
            assert not outcome.refused
        return brought

    def draft_frame(self, sources: Sequence[UUID] = ()) -> UUID:
        """Let Yusuf write vision and actions."""
        envelope = sum(window.envelope for stage in self.plan.stages for window in stage.windows)
        actions = [
            Action(
                action.title,
                envelope * action.percent // 100,
                (Indicator(action.indicator, action.baseline, action.target),),
                sources=tuple(
                    source
                    for source, each in zip(sources, cast.CONTRIBUTIONS, strict=False)
                    if each.action == number
                ),
            )
            for number, action in enumerate(cast.ACTIONS, 1)
        ]
        with self.tx(cast.YUSUF) as tx:
            frame_id = start_frame(
                tx, self.call_id, "Low carbon where the work is", vision=cast.VISION
            ).case_id
            write_actions(tx, frame_id, actions)
        return frame_id

    def consult(self, frame_id: UUID) -> None:
        """Open the draft for comments, let one come and be answered, and close when its time is over."""
        with self.tx(cast.YUSUF) as tx:
            open_consultation(tx, frame_id)
        self.days(7)
        with self.tx(cast.LEARNING_PARTNERS[1]) as tx:
            comment_on_frame(
                tx, frame_id, "A similar voucher taught us in Groningen to keep the form to one page."
            )
        self.days(14)
        with self.tx(cast.YUSUF) as tx:
            for comment in unanswered_comments(tx, frame_id):
                answer_comment(tx, comment, "We have cut it to one page.")
            close_consultation(tx, frame_id)

    def meet(
        self, record_id: UUID, matter: str, present: Sequence[cast.Person] = cast.BOARD, *, sign: bool = True
    ) -> UUID:
        """Hold a meeting of the board a week from now about one record, and sign its minutes; returns the item."""
        with self.tx(cast.ELIN) as tx:
            meeting = call_meeting(tx, self.body_id, self.now + timedelta(days=7))
            item = put_on_agenda(tx, meeting, record_id, matter)
        self.days(7)
        with self.tx(cast.ELIN) as tx:
            note_presence(tx, meeting, [self.people[person.name] for person in present])
            note_outcome(tx, item, "adopted")
            write_minutes(tx, meeting, "Decided as proposed.")
        if sign:
            with self.tx(present[0]) as tx:
                sign_minutes_as_chair(tx, meeting)
            with self.tx(present[-1]) as tx:
                sign_minutes_as_adjuster(tx, meeting)
        return item

    def adopt_frame(self, frame_id: UUID) -> None:
        """Let the frame be tabled by Karin and adopted by the board."""
        with self.tx(cast.KARIN) as tx:
            cases.step(tx, frame_id, "table")
        item = self.meet(frame_id, "adopt")
        with self.tx(cast.MONA) as tx:
            carry_out(tx, item)

    def play_to_synthesis(self) -> list[UUID]:
        """Play the lab from its announcement until the frame is to be written; returns what was brought."""
        self.set_up().load().announce()
        self.fill_lab()
        self.until(self.plan.date("registration_closes"))
        self.hold_workshops()
        brought = self.contribute()
        with self.tx(cast.KARIN) as tx:
            cases.step(tx, self.call_id, "start_synthesis")
        return brought

    def play_lab(self) -> UUID:
        """Play the lab from its announcement to its close; returns the frame."""
        brought = self.play_to_synthesis()
        frame_id = self.draft_frame(brought)
        self.consult(frame_id)
        self.adopt_frame(frame_id)
        with self.tx(cast.KARIN) as tx:
            cases.step(tx, self.call_id, "close_lab")
        return frame_id

    def play_to_fund(self) -> UUID:
        """Play the lab and open the fund on its date; returns the frame."""
        frame_id = self.play_lab()
        self.until(max(self.now, self.plan.date("fund_opens")))
        with self.tx(cast.KARIN) as tx:
            cases.step(tx, self.call_id, "open_fund")
        return frame_id


def without_lab(plan: CallPlan) -> CallPlan:
    """Return a plan that begins with the fund."""
    return replace(plan, challenge=None, slug=f"{plan.slug}-fund")
