"""The seed fund of the story: people who apply, check, read, propose and decide, each through the services."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from grantflow.domain.calls.plan import CallPlan
from grantflow.services import applications, awards, cases, reviews
from grantflow.services.awards.awarding import award_of
from grantflow.services.programmes.meetings import carry_out
from grantflow.store.awards.models import Decision
from grantflow.store.calls.ledger import LedgerEntry
from grantflow.store.calls.models import FunderWindow
from grantflow.store.reviews.models import Review
from tests import cast
from tests.factories.story import Story, shipped_plan, without_lab

EURO = 100
BIRGIT = cast.REVIEWERS[2]


@dataclass(frozen=True, slots=True)
class Balances:
    """The balances of a window, in euro."""

    envelope: int
    reserved: int
    committed: int
    released: int
    paid: int


def small_fund(envelope: int) -> CallPlan:
    """Return North Middle Sweden with another envelope, in euro: so that a reserve list comes about."""
    plan = shipped_plan("north-middle-sweden")
    stages = tuple(
        replace(
            stage,
            windows=tuple(replace(window, envelope=envelope * EURO) for window in stage.windows),
        )
        for stage in plan.stages
    )
    return replace(plan, stages=stages)


def open_fund(url: str, envelope: int = 95_000, reviews_needed: int = 1) -> Fund:
    """Return a fund without a lab that has just opened, with few reviews to write."""
    plan = without_lab(small_fund(envelope))
    plan = replace(plan, parameters={**plan.parameters, "reviews_needed": reviews_needed})
    told = Fund(url, plan)
    told.set_up().load().announce()
    told.until(plan.date("fund_opens"))
    return told


def answers(title: str, asked: int, cost: int, actions: Sequence[int] = (1,)) -> dict[str, Any]:
    """Return a form filled in as far as it must be; sums in euro."""
    return {
        "title": title,
        "actions": list(actions),
        "idea": "We try it for one winter and measure every hour.",
        "effect": "Less carbon for those who heat and those who are heated.",
        "starts": "2019-03-04",
        "months": 9,
        "steps": "Build, run, measure, tell.",
        "team": "Two of us and the neighbour's electrician.",
        "from_the_lab": "It was said at the second workshop.",
        "costs": [{"category": "staff", "amount": cost * EURO}],
        "asked": asked * EURO,
        "own_share": "We do.",
        "contact": "Somebody, 070-174 06 05",
        "size": "small",
        "begun": False,
        "truth": True,
    }


class Fund(Story):
    """The seed fund inside the frame that the lab agreed on."""

    def __init__(self, url: str, plan: CallPlan | None = None) -> None:
        super().__init__(url, plan)
        self.told: dict[str, UUID] = {}
        """What a setting wants to hand on: records by a word of its own."""

    # Applicants

    def start(self, person: cast.Person) -> UUID:
        """Let somebody start an application of their organisation."""
        assert person.organisation is not None
        with self.tx(person) as tx:
            made = applications.start_application(tx, self.call_id, self.organisations[person.organisation])
        return made.case_id

    def fill(self, person: cast.Person, application_id: UUID, filled: Mapping[str, Any]) -> None:
        """Let somebody save answers."""
        with self.tx(person) as tx:
            applications.save_answers(tx, application_id, filled)

    def send(self, person: cast.Person, application_id: UUID) -> None:
        """Let somebody send their application, in time or late."""
        with self.tx(person) as tx:
            applications.submit(tx, application_id)

    def apply(
        self, person: cast.Person, title: str, asked: int, cost: int, actions: Sequence[int] = (1,)
    ) -> UUID:
        """Let somebody start, fill in and send an application; sums in euro."""
        each = self.start(person)
        self.fill(person, each, answers(title, asked, cost, actions))
        self.send(person, each)
        return each

    # Officials

    def step(self, person: cast.Person, case_id: UUID, transition: str, **data: Any) -> None:
        """Let somebody take a step that asks for nothing but plain fields."""
        with self.tx(person) as tx:
            cases.step(tx, case_id, transition, data=data)

    def check(self, person: cast.Person, application_id: UUID, unmet: Sequence[str] = ()) -> None:
        """Let an officer answer the whole checklist."""
        with self.tx(person) as tx:
            items = applications.checklist_of(tx, application_id).items
            said = {item: "no" if item in unmet else "yes" for item in items}
            applications.answer_checklist(tx, application_id, said)

    def pass_(self, person: cast.Person, *application_ids: UUID) -> None:
        """Let an officer check applications and find them eligible."""
        for each in application_ids:
            self.check(person, each)
            self.step(person, each, "pass")

    # Reviewers

    def assign(self, application_id: UUID, reviewers: Sequence[cast.Person]) -> dict[str, UUID]:
        """Let Yusuf give an application to reviewers and invite them; returns the reviews by name."""
        given = {}
        with self.tx(cast.YUSUF) as tx:
            for reviewer in reviewers:
                made = reviews.assign_reviewer(tx, application_id, self.people[reviewer.name])
                cases.step(tx, made.case_id, "invite")
                given[reviewer.name] = made.case_id
        return given

    def review(self, reviewer: cast.Person, review_id: UUID, points: int | Mapping[str, int]) -> None:
        """Let a reviewer say that there is no conflict, score and hand in."""
        with self.tx(reviewer) as tx:
            reviews.accept(tx, review_id)
        with self.tx(reviewer) as tx:
            criteria = [criterion.name for criterion in reviews.sheet_of(tx, review_id).rubric.criteria]
            scored = dict.fromkeys(criteria, points) if isinstance(points, int) else dict(points)
            reviews.save_scores(
                tx, review_id, scored, dict.fromkeys(criteria, "Seen and weighed."), comment="Worth trying."
            )
            reviews.submit_review(tx, review_id)

    def review_all(
        self, points: Mapping[UUID, int | Mapping[str, int]], reviewers: Sequence[cast.Person]
    ) -> dict[UUID, dict[str, UUID]]:
        """Let the same reviewers read applications and give each the same points; reviews by application and name."""
        given = {each: self.assign(each, reviewers) for each in points}
        for each, of_it in given.items():
            for reviewer in reviewers:
                self.review(reviewer, of_it[reviewer.name], points[each])
        return given

    def play_to_proposal(self, wanted: Mapping[cast.Person, tuple[int, int, int]]) -> dict[cast.Person, UUID]:
        """Let people apply for sums (asked, cost, points of five), be checked and read; returns their applications."""
        sent = {
            person: self.apply(person, f"The project of {person.name}", asked, cost)
            for person, (asked, cost, _) in wanted.items()
        }
        self.until(self.plan.date("submission_deadline"))
        self.pass_(cast.YUSUF, *sent.values())
        given = {person: self.assign(each, [BIRGIT]) for person, each in sent.items()}
        self.step(cast.KARIN, self.call_id, "start_review")
        for person, reviews_of_it in given.items():
            self.review(BIRGIT, reviews_of_it[BIRGIT.name], wanted[person][2])
        self.step(cast.KARIN, self.call_id, "close_review")
        with self.tx(cast.KARIN) as tx:
            awards.draw_up_proposal(tx, self.call_id)
        return sent

    # The body

    def decide(self) -> None:
        """Let Karin table the proposal and the board decide on it in a meeting with signed minutes."""
        self.step(cast.KARIN, self.call_id, "table")
        item = self.meet(self.call_id, "decide")
        with self.tx(cast.MONA) as tx:
            carry_out(tx, item)

    def release(self) -> None:
        """Let Karin read every letter and release them together."""
        with self.tx(cast.KARIN) as tx:
            awards.preview_letters(tx, self.call_id)
        self.step(cast.KARIN, self.call_id, "release")

    def award(self, application_id: UUID) -> UUID:
        """Return the award of an application."""
        with self.reading() as tx:
            return award_of(tx, application_id)

    # What can be seen

    def balances(self) -> Balances:
        """Return the balances of the one window, which the sums of its ledger equal."""
        columns = ("envelope", "reserved", "committed", "released", "paid")
        with self.reading() as tx:
            window = tx.execute(
                select(*(getattr(FunderWindow, name) for name in columns)).where(
                    FunderWindow.call_id == self.call_id
                )
            ).one()
            ledger = tx.execute(
                select(*(func.coalesce(func.sum(getattr(LedgerEntry, name)), 0) for name in columns))
            ).one()
        assert tuple(window) == tuple(map(int, ledger))
        return Balances(*(amount // EURO for amount in window))

    def decisions(self, application_id: UUID) -> list[tuple[str, int, str]]:
        """Return the decisions about an application in order: kind, sum in euro, authority."""
        with self.reading() as tx:
            rows = tx.execute(
                select(Decision.kind, Decision.amount, Decision.authority)
                .where(Decision.application_id == application_id)
                .order_by(Decision.number)
            )
            return [(row.kind, row.amount // EURO, row.authority) for row in rows]

    def review_of(self, application_id: UUID, reviewer: cast.Person) -> UUID:
        """Return the last review of an application by a person."""
        with self.reading() as tx:
            found = (
                select(Review.id)
                .where(Review.application_id == application_id)
                .where(Review.reviewer_id == self.people[reviewer.name])
                .order_by(Review.id.desc())
                .limit(1)
            )
            return UUID(str(tx.execute(found).scalar_one()))
