"""The play: made-up people meet a call through every service, and a simulated clock drives its timers.

The play knows no state, transition or role by name. `scheme.yaml` says who does what, how likely and how late
(`rehearsal:`); a person who is refused does what the refusal asks for, by the table of remedies, and tries again.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from grantflow.domain.refusal import Refusal, Refused
from grantflow.domain.step import Stepped
from grantflow.services import cases, timers
from grantflow.services.cases import CREATE
from grantflow.services.rehearsal.agenda import Act, Agenda, Start
from grantflow.services.rehearsal.cast import Person
from grantflow.services.rehearsal.clockwork import possible_from
from grantflow.services.rehearsal.habits.kinds import Habits, Remedy, Situation
from grantflow.services.rehearsal.scene import Scene
from grantflow.workflow.model import Behaviour, Lifecycle, Row

ROUNDS = 12
"""How many remedies a person tries in one sitting."""
PATIENCE = {"outside": 20, "inside": 200}
"""How often somebody tries again before giving up; the pauses grow to two weeks."""
PAUSES = (1, 1, 2, 3, 5, 8, 14)
"""Days between one try and the next; the last one stays."""
STUBBORN = 2
"""After how many tries somebody who is still refused does the next thing that the scheme lets them do."""
DEEPEST = 2
"""How far people follow what stops them from mending what stops them."""
FORESIGHT = 94
"""How many of a hundred do what is needed before they try; the others are told by a refusal."""
LONG_WAIT = 400
"""Days after which a moment that a refusal names is no use to anybody."""
STEPS_ASIDE = frozenset({"same_person", "not_among_the_voters", "not_the_delegate", "in_conflict"})
"""Refusals of the person, not of the step: a colleague of the same role may take it."""


@dataclass
class Play:
    """One run of one call."""

    scene: Scene
    habits: Habits
    horizon: datetime
    stop: Callable[[Sequence[Stepped]], bool] = lambda _taken: False
    agenda: Agenda = field(default_factory=Agenda)
    refusals: Counter[str] = field(default_factory=Counter)
    steps: int = 0
    acts: int = 0
    _stayed: dict[UUID, set[str]] = field(default_factory=dict)
    """Steps that left a record where it was: nobody takes the same one twice in one state."""
    _meant: dict[UUID, int] = field(default_factory=dict)
    """Records about which somebody means to do something, and the `seq` at which the plan was made."""
    _acting: UUID | None = None
    """The record with which somebody takes a step now."""
    _stopped: bool = False
    _table: dict[tuple[str, str], Sequence[Behaviour]] = field(default_factory=dict)

    def run(self, told: Callable[[Play], None] = lambda _play: None) -> None:
        """Play until nobody means to do anything and no timer is left before the horizon, or until it is time to stop."""
        while not self._stopped:
            planned, due = self.agenda.next_at, self.scene.due
            at = min((moment for moment in (planned, due) if moment is not None), default=None)
            if at is None or at > self.horizon:
                return
            self.scene.now = max(at, self.scene.now)
            if due is not None and due <= self.scene.now:
                self._fire()
            else:
                _, what = self.agenda.take()
                self._begin(what) if isinstance(what, Start) else self._act(what)
            self.acts += 1
            told(self)

    def notice(self, taken: Sequence[Stepped]) -> None:
        """See what moved and let people make their plans about it."""
        self.steps += len(taken)
        self._stopped = self._stopped or self.stop(taken)
        before: dict[UUID, str] = {}
        last: dict[UUID, Stepped] = {}
        for step in taken:
            before.setdefault(step.case_id, step.from_state)
            last[step.case_id] = step
            if step.from_state != step.to_state:
                self._stayed.pop(step.case_id, None)
            else:
                self._stayed.setdefault(step.case_id, set()).add(step.transition)
        for step in last.values():
            if step.to_state == before[step.case_id] and step.case_id != self._acting:
                continue  # it happened to the record and changed nothing about what people mean to do
            self._meant.pop(step.case_id, None)
            if step.to_state in self.scene.scheme.lifecycles[step.lifecycle].final:
                self._stayed.pop(step.case_id, None)
            self._plan_moves(step)
            self._plan_beginnings(step, before[step.case_id])

    # Plans

    def _plan_moves(self, step: Stepped) -> None:
        for behaviour in self._possible(step.case_id, step.lifecycle, step.to_state):
            if self.scene.likely(behaviour.likely):
                act = Act(
                    *(step.case_id, step.lifecycle, step.to_state),
                    *(behaviour.transition, behaviour.role, step.seq),
                )
                self._mean(self.scene.moment_within(behaviour.within, behaviour.role), act)
                return

    def _mean(self, at: datetime, act: Act) -> None:
        self._meant[act.case_id] = act.seq
        self.agenda.plan(at, act)

    def _possible(self, case_id: UUID, lifecycle: str, state: str) -> list[Behaviour]:
        """Return what people may come to do with a record, in the order of the file; no step twice in one state."""
        done = self._stayed.get(case_id, set())
        return [one for one in self._behaviours(lifecycle, state) if one.transition not in done]

    def _behaviours(self, lifecycle: str, state: str) -> Sequence[Behaviour]:
        known = self._table.get((lifecycle, state))
        if known is None:
            rows = self.scene.scheme.lifecycles[lifecycle].leaving(state)
            names = {(row.name, role) for row in rows for role in row.by}
            known = self._table[lifecycle, state] = [
                one
                for one in self.scene.scheme.rehearsal
                if one.lifecycle == lifecycle and (one.transition, one.role) in names
            ]
        return known

    def _plan_beginnings(self, step: Stepped, before: str) -> None:
        for child in self.scene.scheme.children_of(step.lifecycle):
            if step.to_state not in child.creation.during or before in child.creation.during:
                continue
            for behaviour in self.scene.scheme.rehearsal:
                if behaviour.lifecycle == child.name and behaviour.transition == CREATE:
                    self._plan_starts(step.case_id, child, behaviour)

    def _plan_starts(self, parent_id: UUID, child: Lifecycle, behaviour: Behaviour) -> None:
        wanted = round(self.scene.applications * behaviour.likely / 100)
        count = self.habits.how_many[child.record](self.scene, parent_id, wanted)
        for number in range(count):
            at = self.scene.moment_within(behaviour.within, behaviour.role)
            self.agenda.plan(at, Start(parent_id, child.name, behaviour.role, number))

    # Acts

    def _fire(self) -> None:
        with self.scene.acting() as tx:
            timers.fire_due(tx)

    def _begin(self, start: Start) -> None:
        record = self.scene.scheme.lifecycles[start.lifecycle].record
        try:
            self.habits.makers[record](self.scene, start)
        except Refused as refused:
            self._count(refused)
            if start.parent_id == self.scene.call_id and start.tries < PATIENCE["outside"]:
                again = self._pause(start.tries, refused)
                self.agenda.plan(again, replace(start, tries=start.tries + 1))

    def _act(self, act: Act) -> None:
        if not self._still(act):
            return
        people = self._those_who_could(act)
        if not people:
            self._meant.pop(act.case_id)
            return
        person = people[self.scene.dice.randrange(len(people))]
        asked = [person]
        refused: Refused | None = None
        for _ in range(ROUNDS):
            try:
                self._acting = act.case_id
                self._step(act, person)
            except Refused as why:
                self._acting = None
                refused = why
                self._count(refused)
                colleague = self._colleague(refused, people, asked)
                if colleague is not None:
                    person = colleague
                    asked.append(person)
                elif not self._mend(refused, act, person):
                    break
                elif not self._still(act):
                    return
            else:
                self._acting = None
                return
        self._again(act, refused)

    def _still(self, act: Act) -> bool:
        """Say whether a record is as it was when the plan was made."""
        return self._meant.get(act.case_id) == act.seq

    def _those_who_could(self, act: Act) -> Sequence[Person]:
        if act.role in self.scene.cast.inside:
            return self.scene.cast.inside[act.role]
        with self.scene.looking() as tx:
            return self.scene.cast.holding(tx, act.role, act.case_id)

    def _step(self, act: Act, person: Person) -> None:
        data = self._answers(act)
        rows = self._rows(act)
        with self.scene.acting(person) as tx:
            for guard in dict.fromkeys(guard.name for row in rows for guard in row.guards):
                foresight = self.habits.foresight.get(guard)
                if foresight is not None and self.scene.likely(FORESIGHT):
                    foresight(tx, self.scene, act)
            ways = (
                self.habits.ways[name] for row in rows for name in row.effects if name in self.habits.ways
            )
            way = next(ways, None)
            if way is not None:
                way(tx, act, data)
            else:
                cases.step(tx, act.case_id, act.transition, data=data)

    def _mend(self, refused: Refused, act: Act, person: Person, depth: int = 0) -> bool:
        """Do what a refusal asks for: each remedy once, for everything that it can mend; and what stops the remedy."""
        situation = Situation(self.scene, act, person, self._guards(act))
        wanted: dict[Remedy, list[Refusal]] = defaultdict(list)
        for refusal in refused.refusals:
            remedy = self.habits.remedies.get(refusal.code)
            if remedy is not None:
                wanted[remedy].append(refusal)
        done = False
        for remedy, refusals in wanted.items():
            try:
                done = remedy(situation, refusals) or done
            except Refused as again:
                self._count(again)
                if depth < DEEPEST:
                    self._mend(again, act, person, depth + 1)
        return done

    def _guards(self, act: Act) -> dict[str, Mapping[str, Any]]:
        return {guard.name: guard.given for row in self._rows(act) for guard in row.guards}

    def _rows(self, act: Act) -> list[Row]:
        rows = self.scene.scheme.lifecycles[act.lifecycle].leaving(act.state)
        return [row for row in rows if row.name == act.transition]

    def _again(self, act: Act, refused: Refused | None) -> None:
        """Let some days pass, then try again, or the next thing that people may do here."""
        if not self._still(act):
            return
        outside = self.scene.scheme.roles[act.role].outside
        if act.tries >= PATIENCE["outside" if outside else "inside"]:
            self._give_up(act)
            return
        following = replace(act, tries=act.tries + 1, way_round=False)
        codes = {each.code for each in refused.refusals} if refused is not None else set()
        barred = bool(codes & (self.habits.detours | STEPS_ASIDE)) and codes.isdisjoint(self.habits.waits)
        other = self._other(act) if barred else self._first(act) if act.way_round else None
        if other is not None:
            following = replace(following, transition=other.transition, role=other.role, way_round=barred)
        self._mean(self._pause(act.tries, refused), following)

    def _give_up(self, act: Act) -> None:
        """Leave it to somebody else: whoever plays another role here does what that role may."""
        for behaviour in self._possible(act.case_id, act.lifecycle, act.state):
            if behaviour.role != act.role and behaviour.likely > 0:
                at = self.scene.moment_within(behaviour.within, behaviour.role)
                following = replace(act, transition=behaviour.transition, role=behaviour.role, tries=0)
                self._mean(at, following)
                return
        self._meant.pop(act.case_id)

    def _first(self, act: Act) -> Behaviour | None:
        """Return what people mean to do in a state before they look for a way round."""
        possible = self._possible(act.case_id, act.lifecycle, act.state)
        return next((one for one in possible if self.scene.likely(one.likely)), None)

    def _other(self, act: Act) -> Behaviour | None:
        """Return what those on the same side do instead, in the order of the file from what was tried on."""
        possible = self._possible(act.case_id, act.lifecycle, act.state)
        meant = [(behaviour.transition, behaviour.role) for behaviour in possible]
        at = meant.index((act.transition, act.role)) if (act.transition, act.role) in meant else -1
        outside = self.scene.scheme.roles[act.role].outside
        others = [
            one
            for one in (*possible[at + 1 :], *possible[: max(at, 0)])
            if self.scene.scheme.roles[one.role].outside == outside
        ]
        drawn = next((one for one in others if self.scene.likely(one.likely)), None)
        if drawn is None and act.tries >= STUBBORN and others:
            return self.scene.dice.choices(others, [one.likely for one in others])[0]
        return drawn

    def _pause(self, tries: int, refused: Refused | None) -> datetime:
        codes = [each.code for each in refused.refusals] if refused is not None else []
        days = max((self.habits.waits.get(code, 0) for code in codes), default=0)
        pause = self.scene.now + timedelta(days=days or PAUSES[min(tries, len(PAUSES) - 1)])
        told = possible_from(refused.refusals, self.scene.now) if refused is not None else None
        if told is None or told > self.scene.now + timedelta(days=LONG_WAIT):
            return pause
        return told + timedelta(minutes=self.scene.dice.randrange(1, 60))

    def _answers(self, act: Act) -> dict[str, Any]:
        answers = {}
        for asked in self._rows(act)[0].asks:
            answer = self.habits.answers.get(asked.name)
            if answer is None and asked.required:
                answer = self.habits.answers[asked.kind]
            value = None if answer is None else answer(self.scene, asked, act.case_id)
            if value is not None:
                answers[asked.name] = value
        return answers

    def _count(self, refused: Refused) -> None:
        """Count each code once for each time that somebody was refused."""
        self.refusals.update({refusal.code for refusal in refused.refusals})

    @staticmethod
    def _colleague(refused: Refused, people: Sequence[Person], asked: Sequence[Person]) -> Person | None:
        """Return somebody else of the same role, where the person is refused and not the step."""
        if STEPS_ASIDE.isdisjoint({refusal.code for refusal in refused.refusals}):
            return None
        return next((person for person in people if person not in asked), None)
