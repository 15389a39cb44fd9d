"""Whether somebody may take a row: role, four eyes, fields and every guard; facts read once for all records at hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from grantflow.domain.refusal import Refusal
from grantflow.services.cases import schemes
from grantflow.services.cases.asking import filled_in
from grantflow.services.cases.holding import Held
from grantflow.store.session import Tx
from grantflow.store.statements import Statement, identifier, identifier_or_none
from grantflow.workflow.machine import Check, Compiled
from grantflow.workflow.model import Row, Scheme
from grantflow.workflow.registry import Ask

Candidates = Sequence[tuple[Held, Sequence[Row]]]
"""Records, each with the rows that it might take, in the order in which they are tried."""
NO_REFUSALS: tuple[Refusal, ...] = ()


class Judgement:
    """Judges rows for a batch of records, over facts and earlier actors read in a fixed number of statements."""

    def __init__(
        self,
        tx: Tx,
        candidates: Candidates,
        data: Mapping[str, Any],
        *,
        asking: bool = True,
    ) -> None:
        self._tx = tx
        self._data = data
        self._asking = asking
        self._filled: dict[int, tuple[dict[str, Any], list[Refusal]]] = {}
        self._asks: dict[tuple[int, int, int], Ask] = {}
        own = [
            (each, [row for row in rows if not each.roles.isdisjoint(row.by)]) for each, rows in candidates
        ]
        self._facts = Facts(
            tx, ((each, each.machine.checks(row, each.state)) for each, rows in own for row in rows)
        )
        self._took = _took(tx, own)

    def refusals(self, each: Held, row: Row) -> Sequence[Refusal]:
        """Return every reason why the actor may not take a row with a record."""
        if each.roles.isdisjoint(row.by):
            return (wrong_role(each.call.compiled.scheme, row),)
        checks = each.machine.checks(row, each.state)
        if not checks and not row.asks and not self._data and not row.apart_from:
            return NO_REFUSALS
        data = self.data(row)
        found: list[Refusal] = []
        for check in checks:
            found.extend(check.spec(self._facts.about(each, check), self._ask(check, each, row, data)))
        if row.apart_from:
            found.extend(self._same_person(each, row))
        if self._asking:
            found.extend(self._filled[id(row)][1])
        return found

    def data(self, row: Row) -> Mapping[str, Any]:
        """Return what was filled in, of the kinds that the row asks for."""
        known = self._filled.get(id(row))
        if known is None:
            known = filled_in(row, self._data, lenient=self._tx.actor.is_system)
            self._filled[id(row)] = known
        return known[0]

    def role(self, each: Held, row: Row) -> str:
        """Return the role under which the actor takes a row: the first that the row names and the actor plays."""
        for role in row.by:
            if role in each.roles:
                return role
        raise LookupError(f"nobody of {', '.join(row.by)} is at hand to take {row.name}")

    def _ask(self, check: Check, each: Held, row: Row, data: Mapping[str, Any]) -> Ask:
        # One Ask serves all records of a call that meet the same guard of the same row.
        key = id(check), id(row), id(each.call)
        ask = self._asks.get(key)
        if ask is None:
            given = schemes.given(check.given, each.call.parameters) if check.given else check.given
            ask = Ask(self._tx.actor, self._tx.now, given, data)
            self._asks[key] = ask
        return ask

    def _same_person(self, each: Held, row: Row) -> Iterable[Refusal]:
        took = self._took.get(each.id)
        if not took:
            return
        scheme = each.call.compiled.scheme
        for name in row.apart_from:
            if name in took:
                yield Refusal(
                    "same_person",
                    "You took the step “%(step)s” yourself, so somebody else has to take this one.",
                    {"step": label_of(scheme, name)},
                )


def wrong_role(scheme: Scheme, row: Row) -> Refusal:
    """Return why somebody without the role may not take a row."""
    names = [scheme.roles[role].label for role in row.by if role in scheme.roles]
    if not names:
        return Refusal("wrong_role", "This happens by itself; nobody takes this step by hand.")
    return Refusal(
        "wrong_role", "This step is not yours to take. It belongs to: %(roles)s.", {"roles": ", ".join(names)}
    )


def label_of(scheme: Scheme, dotted: str) -> str:
    """Return the label of a transition written `lifecycle.transition`."""
    lifecycle, _, name = dotted.rpartition(".")
    rows = scheme.lifecycles[lifecycle].rows if lifecycle in scheme.lifecycles else ()
    return next((row.label for row in rows if row.name == name), name)


# Facts: each kind is asked of the record itself where it is a fact of such records, else of its parent, else of its call.


class Facts:
    """Every fact that some guards look at about some records, read with one statement for each kind."""

    __slots__ = ("_kinds", "_loaded")

    def __init__(self, tx: Tx, asked: Iterable[tuple[Held, Sequence[Check]]]) -> None:
        self._kinds = tx.engine.registry.facts
        subjects: dict[type, dict[UUID, None]] = {}
        for held, checks in asked:
            for check in checks:
                for kind in check.spec.facts:
                    subjects.setdefault(kind, {})[self._subject(kind, held, check)] = None
        self._loaded: dict[type, Mapping[UUID, Any]] = {}
        for kind in sorted(subjects, key=lambda kind: kind.__name__):
            ids = list(subjects[kind])
            self._loaded[kind] = loaded = self._kinds[kind].load(tx, ids)
            if len(loaded) < len(ids):
                raise LookupError(
                    f"the loader of {kind.__name__} left out {len(ids) - len(loaded)} of {len(ids)} records"
                )

    def about(self, held: Held, check: Check) -> list[Any]:
        """Return what a guard looks at about a record."""
        return [self._loaded[kind][self._subject(kind, held, check)] for kind in check.spec.facts]

    def _subject(self, kind: type, held: Held, check: Check) -> UUID:
        """Return which record a kind of fact is about: this one, or the one above it of which such facts are known."""
        of = self._kinds[kind].of
        if held.record in of and not check.on_call:
            return held.id
        compiled, parent = held.call.compiled, held.machine.lifecycle.parent
        if check.on_call:  # the gate of a phase asks about the call
            return held.call_id
        if parent and held.parent_id and compiled.machines[parent].lifecycle.record in of:
            return held.parent_id
        return held.call_id if compiled.root.lifecycle.record in of else held.id


def against_creation(tx: Tx, each: Held) -> list[Refusal]:
    """Return what the guards say against the making of a record that stands in its table already."""
    checks = each.machine.creation_checks
    facts = Facts(tx, [(each, checks)])
    found: list[Refusal] = []
    for check in checks:
        ask = Ask(tx.actor, tx.now, schemes.given(check.given, each.call.parameters), {})
        found.extend(check.spec(facts.about(each, check), ask))
    return found


# Four eyes: what the actor did before, on the records themselves, on those above them, and on named ones beside or below.

_TOOK = Statement("""
    SELECT e.record_id, e.record_id, e.lifecycle, e.transition FROM gf_journal_entry e
    WHERE e.record_id IN :line*uuid AND e.user_id = :user AND e.transition IN :names*text
""")
_TOOK_BESIDE = Statement("""
    SELECT e.record_id, e.record_id, e.lifecycle, e.transition FROM gf_journal_entry e
    WHERE e.record_id IN :line*uuid AND e.user_id = :user AND e.transition IN :names*text
    UNION ALL
    SELECT b.parent_id, e.record_id, e.lifecycle, e.transition
    FROM gf_case b JOIN gf_journal_entry e ON e.record_id = b.id
    WHERE b.parent_id IN :line*uuid AND b.lifecycle IN :beside*text AND e.user_id = :user AND e.transition IN :names*text
""")
_ABOVE = Statement("SELECT c.id, c.parent_id FROM gf_case c WHERE c.id IN :ids*uuid")


def _took(tx: Tx, candidates: Candidates) -> Mapping[UUID, set[str]]:
    """Return for each record which `lifecycle.transition` named by its candidates the actor took."""
    if tx.actor.user_id is None:
        return {}
    apart = [
        (each, {name for row in rows for name in row.apart_from})
        for each, rows in candidates
        if any(row.apart_from for row in rows)
    ]
    concerned = {each.id: each for each, _ in apart}
    if not concerned:
        return {}
    lines = _lines(tx, list(concerned.values()))
    named = {name for _, names in apart for name in names}
    beside = {
        name.rpartition(".")[0]
        for each, names in apart
        for name in names
        if name.rpartition(".")[0] not in line_of(each.call.compiled, each.lifecycle)
    }
    values = {
        "line": sorted({above for line in lines.values() for above in line}),
        "user": tx.actor.user_id,
        "names": sorted({name.rpartition(".")[2] for name in named}),
    }
    rows = _TOOK_BESIDE(tx, **values, beside=sorted(beside)) if beside else _TOOK(tx, **values)
    found: dict[UUID, list[tuple[UUID, str, str]]] = {}
    for row in rows:
        found.setdefault(identifier(row[0]), []).append((identifier(row[1]), row[2], row[3]))
    # Another record of the same kind beside this one is another matter.
    return {
        each: {
            f"{lifecycle}.{name}"
            for above in line
            for record, lifecycle, name in found.get(above, ())
            if lifecycle != concerned[each].lifecycle or record == each
        }
        for each, line in lines.items()
    }


def _lines(tx: Tx, records: Sequence[Held]) -> dict[UUID, set[UUID]]:
    """Return for each record its own id and those of all above it; most stand so high that no one need be asked."""
    lines = {
        each.id: {each.id, each.call_id} | ({each.parent_id} if each.parent_id else set()) for each in records
    }
    deepest = max((len(line_of(each.call.compiled, each.lifecycle)) for each in records), default=0)
    for _ in range(deepest - 3):
        known = {above for line in lines.values() for above in line}
        parents = {identifier(row[0]): identifier_or_none(row[1]) for row in _ABOVE(tx, ids=sorted(known))}
        for line in lines.values():
            line |= {parent for above in list(line) if (parent := parents.get(above)) is not None}
    return lines


@lru_cache(maxsize=1024)
def line_of(compiled: Compiled, lifecycle: str) -> frozenset[str]:
    """Return a lifecycle and those above it."""
    found, name = set(), lifecycle
    while name is not None:
        found.add(name)
        name = compiled.machines[name].lifecycle.parent  # type: ignore[assignment]  # None ends it
    return frozenset(found)
