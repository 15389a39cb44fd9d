"""Parents and children end together, and what one tells the other is heard."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from grantflow.workflow.checks.ground import (
    TO_CALL,
    TO_CHILDREN,
    TO_PARENT,
    TO_SELF,
    Emission,
    Ground,
    Node,
    base,
    people,
    reaches,
)
from grantflow.workflow.checks.spec import Complaints, check
from grantflow.workflow.document import place_of, shown
from grantflow.workflow.model import Emit, GuardCall, Lifecycle, Row, State

Pair = tuple[Node, Node]
_DEEPEST = 4
"""How far emits are followed that answer emits."""


@check("orphan")
def orphan(ground: Ground) -> Complaints:
    """When a record ends, those under it end too: by its emits, or because a guard lets it end only after them."""
    for product in products(ground):
        for number, left in sorted(product.orphans.items()):
            row = product.parent.rows[number]
            states = ", ".join(sorted(left))
            yield (
                row.place,
                f"{shown(row.name)} ends the {product.parent.name} while the {product.child.name} under it may still be in {states}.",
            )


@check("cannot_finish_together")
def cannot_finish(ground: Ground) -> Complaints:
    """Whatever a record and one under it have come to, both can still end."""
    for product in products(ground):
        stuck = sorted(product.stuck())
        if stuck:
            parent, child = map(base, stuck[0])
            yield (
                product.child.place,
                f"When the {product.parent.name} is in {shown(parent)} and the {product.child.name} in {shown(child)}, they never both end.",
            )


@check("emit_unheard")
def emit_unheard(ground: Ground) -> Complaints:
    """An emit is accepted, by a row that the system may take, in each state in which it meets a record."""
    lost = {(product.parent.name, product.child.name): product.lost for product in products(ground)}
    for lifecycle in ground.lifecycles:
        for row in lifecycle.rows:
            for emit in row.emits:
                target = ground.scheme.lifecycles[emit.lifecycle]
                for state in _met_unheard(ground, Emission(lifecycle, row, emit), target, lost):
                    yield (
                        place_of(state, emit.place),
                        f"The system may not take {shown(emit.transition)} on the {target.name} in {shown(state)}, where this emit meets it.",
                    )


Lost = dict[tuple[str, str], set[tuple[int, str]]]


def _met_unheard(ground: Ground, emission: Emission, target: Lifecycle, lost: Lost) -> Iterable[str]:
    emit, lifecycle = emission.emit, emission.lifecycle
    if emit.states:
        return [
            state for state in sorted(emit.states) if not ground.system_rows(target, emit.transition, state)
        ]
    for key in ((lifecycle.name, target.name), (target.name, lifecycle.name)):
        if key in lost and emit.to in (TO_CHILDREN, TO_PARENT, TO_CALL):
            return sorted(state for emitted, state in lost[key] if emitted == id(emit))
    met = ground.graph(target).reachable - target.final
    return sorted(
        state
        for state in met
        if reaches(emission, target, state) and not ground.system_rows(target, emit.transition, state)
    )


@check("emit_in_final")
def emit_in_final(ground: Ground) -> Complaints:
    """An emit does not single out records that have ended, unless a row puts something right there."""
    for lifecycle in ground.lifecycles:
        for row in lifecycle.rows:
            for emit in row.emits:
                target = ground.scheme.lifecycles[emit.lifecycle]
                for state in sorted(emit.states & target.final):
                    if not ground.system_rows(target, emit.transition, state):
                        message = f"In {shown(state)} the {target.name} has ended and hears nothing."
                        yield place_of(state, emit.place), message


@check("uneven_emits")
def uneven_emits(ground: Ground) -> Complaints:
    """Rows that bring a record to one end tell the same to the records around it, or each is told apart by its guards."""
    for lifecycle in ground.lifecycles:
        for state in sorted(lifecycle.final):
            entering = [row for row in lifecycle.rows if row.to == state]
            told = {
                (emit.lifecycle, emit.transition, emit.to)
                for row in entering
                for emit in row.emits
                if emit.to == TO_CHILDREN
            }
            for row in entering:
                has = {(emit.lifecycle, emit.transition, emit.to) for emit in row.emits}
                for other, transition, _ in sorted(told - has):
                    if _may_have(ground, lifecycle, row, other):
                        yield (
                            row.place,
                            f"Other rows into {shown(state)} emit {other}.{transition} to the children, this one of {shown(row.name)} does not.",
                        )


def _may_have(ground: Ground, lifecycle: Lifecycle, row: Row, child: str) -> bool:
    """Whether a record that takes a row may have children of a lifecycle that have not ended."""
    product = next(
        (each for each in products(ground) if each.parent is lifecycle and each.child.name == child), None
    )
    if product is None:
        return False
    alive = {base(c) for p, c in product.pairs if base(p) in row.sources and c not in product.child.final}
    return any(not _blocked(row.guards, product.child, product.child.states[c]) for c in alive)


def products(ground: Ground) -> list[Product]:
    """Return the product of every lifecycle with each that stands under it, once for a scheme."""
    known: list[Product] | None = getattr(ground, "_products", None)
    if known is None:
        known = [
            Product(ground, ground.scheme.lifecycles[child.parent], child)
            for child in ground.lifecycles
            if child.parent is not None
        ]
        ground._products = known  # type: ignore[attr-defined]  # noqa: SLF001 - kept with the ground that it was made from
    return known


@dataclass(eq=False)
class Product:
    """A parent and one child, walked through together: every pair of states that they can be in at once."""

    ground: Ground
    parent: Lifecycle
    child: Lifecycle
    next: dict[Pair, set[Pair]] = field(default_factory=dict)
    orphans: dict[int, set[str]] = field(default_factory=dict)
    """Rows of the parent that end it, by number, with the states of children that live on."""
    lost: set[tuple[int, str]] = field(default_factory=set)
    """Emits that meet a record in a state in which the system may not take what they cause."""
    _during: frozenset[str] = frozenset()
    _free: dict[tuple[str, int, str], bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._during = frozenset(self.child.creation.during)
        nodes = self.ground.nodes(self.parent)
        begun = self.child.beginnings
        waiting = [(node, state) for node in nodes if base(node) in self._during for state in begun]
        self.next = {pair: set() for pair in waiting}
        while waiting:
            pair = waiting.pop()
            for found in self._moves(*pair):
                self.next[pair].add(found)
                if found not in self.next:
                    self.next[found] = set()
                    waiting.append(found)

    @property
    def pairs(self) -> Iterable[Pair]:
        """The pairs that are reached."""
        return self.next.keys()

    def stuck(self) -> set[Pair]:
        """Return the pairs from which the two never both end."""
        before: dict[Pair, list[Pair]] = {}
        for pair, found in self.next.items():
            for other in found:
                before.setdefault(other, []).append(pair)
        good = {(p, c) for p, c in self.next if p in self.parent.final and c in self.child.final}
        waiting = list(good)
        while waiting:
            for pair in before.get(waiting.pop(), ()):
                if pair not in good:
                    good.add(pair)
                    waiting.append(pair)
        return {
            (p, c)
            for p, c in self.next.keys() - good
            if not (p in self.parent.final and c not in self.child.final)
        }

    def _moves(self, p: Node, c: Node) -> Iterator[Pair]:
        if c in self.child.final and base(p) in self._during:
            for state in self.child.beginnings:  # another child may be made after the first has ended
                yield p, state
        for row in self.ground.leaving(self.parent, base(p)):
            if self._moves_by_itself(self.parent, row, p, self.child) and not self._blocked(row, c):
                yield from self._parent_takes(row, p, c, 0)
        for row in self.ground.leaving(self.child, base(c)):
            if self._moves_by_itself(self.child, row, c, self.parent):
                for target in self.ground.moves(self.child, row, c):
                    yield from self._answers(row, p, target, 0)

    def _moves_by_itself(self, lifecycle: Lifecycle, row: Row, node: Node, other: Lifecycle) -> bool:
        """Whether a row is taken without the other of the two: by people, a clock, or what a third one emits."""
        key = (lifecycle.name, row.number, base(node))
        if key not in self._free:
            emitted = self.ground.emitted(lifecycle, row.name, key[2])
            self._free[key] = (
                people(row) != ()
                or (lifecycle.name, row.name, key[2]) in self.ground.timers
                or any(emission.lifecycle is not other for emission in emitted)
            )
        return self._free[key]

    def _blocked(self, row: Row, c: Node) -> bool:
        return _blocked(row.guards, self.child, self.child.states[base(c)])

    def _parent_takes(self, row: Row, p: Node, c: Node, depth: int) -> Iterator[Pair]:
        for target in self.ground.moves(self.parent, row, p):
            for found in self._told(row, target, c, depth):
                if target in self.parent.final and found[0] == target and found[1] not in self.child.final:
                    self.orphans.setdefault(row.number, set()).add(base(found[1]))
                yield found

    def _told(self, row: Row, p: Node, c: Node, depth: int) -> set[Pair]:
        """Return where the pair comes to by what a row of the parent tells the child."""
        places = {(p, c)}
        for emit in row.emits:
            if emit.lifecycle != self.child.name or emit.to in (TO_PARENT, TO_CALL, TO_SELF):
                continue
            chosen = emit.to != TO_CHILDREN
            places = {
                found
                for place in places
                for found in (*self._child_hears(emit, *place, depth), *((place,) if chosen else ()))
            }
        return places

    def _child_hears(self, emit: Emit, p: Node, c: Node, depth: int) -> set[Pair]:
        state = base(c)
        if (emit.states and state not in emit.states) or depth > _DEEPEST:
            return {(p, c)}
        rows = self.ground.system_rows(self.child, emit.transition, state)
        if not rows:
            if state not in self.child.final:
                self.lost.add((id(emit), state))
            return {(p, c)}
        return {
            found
            for row in _first_open(rows)
            for target in self.ground.moves(self.child, row, c)
            for found in self._answers(row, p, target, depth + 1)
        }

    def _answers(self, row: Row, p: Node, c: Node, depth: int) -> set[Pair]:
        """Return where the pair comes to by what a row of the child tells the parent."""
        places = {(p, c)}
        for emit in row.emits:
            upward = emit.to == TO_PARENT or (emit.to == TO_CALL and self.parent.parent is None)
            if upward and emit.lifecycle == self.parent.name:
                places = {found for place in places for found in self._parent_hears(emit, *place, depth)}
        return places

    def _parent_hears(self, emit: Emit, p: Node, c: Node, depth: int) -> set[Pair]:
        state = base(p)
        if (emit.states and state not in emit.states) or depth > _DEEPEST:
            return {(p, c)}
        rows = self.ground.system_rows(self.parent, emit.transition, state)
        if not rows:
            if state not in self.parent.final:
                self.lost.add((id(emit), state))
            return {(p, c)}
        return {
            found
            for row in _first_open(rows)
            if not self._blocked(row, c)
            for found in self._parent_takes(row, p, c, depth + 1)
        }


def _first_open(rows: tuple[Row, ...]) -> Iterator[Row]:
    """Yield the rows that may be the first to pass: up to the first without guards."""
    for row in rows:
        yield row
        if not row.guards:
            return


def _blocked(guards: Iterable[GuardCall], child: Lifecycle, state: State) -> bool:
    """Whether a guard on children forbids a row while a child is in a state."""
    return any(
        _forbids(guard, child, state) for guard in guards if guard.given.get("lifecycle") == child.name
    )


def _forbids(guard: GuardCall, child: Lifecycle, state: State) -> bool:
    given = guard.given.get("tags", ())
    tags = {given} if isinstance(given, str) else set(given)
    alive = state.name not in child.final
    match guard.name:
        case "children_are":
            return not state.tags & tags
        case "no_live_child":
            return alive
        case "no_live_child_is":
            return alive and bool(state.tags & tags)
    return False
