"""The kinds of single edit: where each can be made in a scheme, and what it changes in the decoded text."""

import copy
import json
import random
from collections.abc import Callable, Iterator

from grantflow.workflow.checks.ground import people
from grantflow.workflow.model import Timer
from tests.workflow.tried import Base, Edit, Site


def _lifecycle(text: dict, name: str) -> dict:
    return next(one for one in text["lifecycles"] if one["name"] == name)


def _rows(base: Base) -> Iterator[tuple[str, str, int, Callable[[dict], dict]]]:
    """Yield each row: in words, its lifecycle, its number, and how to find it in a text."""
    for lifecycle in base.scheme.lifecycles.values():
        for row in lifecycle.rows:

            def find(text: dict, name: str = lifecycle.name, number: int = row.number) -> dict:
                return next(one for one in _lifecycle(text, name)["rows"] if one.get("number", 0) == number)

            where = f"{lifecycle.name}.{row.name}#{row.number} from {'+'.join(row.sources)}"
            yield where, lifecycle.name, row.number, find


def _states(base: Base) -> Iterator[tuple[str, str, str, Callable[[dict], dict]]]:
    for lifecycle in base.scheme.lifecycles.values():
        for state in lifecycle.states:

            def find(text: dict, name: str = lifecycle.name, state: str = state) -> dict:
                return next(one for one in _lifecycle(text, name)["states"] if one["name"] == state)

            yield f"{lifecycle.name}:{state}", lifecycle.name, state, find


def _in_rows(
    key: str, change: Callable[[list, int], None], word: Callable[[object], str]
) -> Callable[[Base], Iterator[Site]]:
    """Make edits of each item of a list in each row."""

    def sites(base: Base) -> Iterator[Site]:
        plain = json.loads(base.scheme.text)
        for where, _, _, find in _rows(base):
            for index, item in enumerate(find(plain).get(key, ())):

                def edit(text: dict, find: Callable = find, index: int = index) -> None:
                    change(find(text)[key], index)

                yield f"{where}: {word(item)}", edit

    return sites


def _drop(items: list, index: int) -> None:
    del items[index]


def _rename(field: str | None) -> Callable[[list, int], None]:
    def change(items: list, index: int) -> None:
        if field is None:
            items[index] += "x"
        else:
            items[index][field] += "x"

    return change


def _name(item: object) -> str:
    if isinstance(item, dict):
        for key in ("transition", "template", "name"):
            if key in item:
                return str(item[key])
    return str(item)


def unknown_target(base: Base) -> Iterator[Site]:
    for where, _, _, find in _rows(base):

        def edit(text: dict, find: Callable = find) -> None:
            find(text)["to"] += "x"

        yield where, edit


def unknown_timer_words(base: Base) -> Iterator[Site]:
    for where, find, timer in _timers(base):
        for key in ("do", "at"):
            if getattr(timer, key):

                def edit(text: dict, find: Callable = find, key: str = key) -> None:
                    find(text)[key] += "x"

                yield f"{where}: {key}", edit


def _timers(base: Base) -> Iterator[tuple[str, Callable, Timer]]:
    for lifecycle in base.scheme.lifecycles.values():
        for timer in lifecycle.timers:

            def find(text: dict, name: str = lifecycle.name, number: int = timer.number) -> dict:
                return next(one for one in _lifecycle(text, name)["timers"] if one.get("number", 0) == number)

            yield f"{lifecycle.name} clock {timer.number} in {'+'.join(timer.states)}", find, timer


def lost_default_row(base: Base) -> Iterator[Site]:
    for lifecycle in base.scheme.lifecycles.values():
        for row in lifecycle.rows:
            guarded = [
                other
                for other in lifecycle.rows
                if other.name == row.name
                and other.guards
                and "system" in other.by
                and set(other.sources) & set(row.sources)
            ]
            if row.guards or "system" not in row.by or not guarded:
                continue
            yield f"{lifecycle.name}.{row.name}#{row.number}", _dropping(lifecycle.name, {row.number})


def _dropping(lifecycle: str, numbers: set[int]) -> Edit:
    def edit(text: dict) -> None:
        one = _lifecycle(text, lifecycle)
        one["rows"] = [row for row in one["rows"] if row.get("number", 0) not in numbers]
        for number, row in enumerate(one["rows"]):
            row["number"] = number

    return edit


def removed_four_eyes(base: Base) -> Iterator[Site]:
    declared = {
        (rule.lifecycle, name, rule.first)
        for rule in base.scheme.rules
        if rule.kind == "separate"
        for name in rule.then
    }
    for where, lifecycle, number, find in _rows(base):
        row = base.scheme.lifecycles[lifecycle].rows[number]
        for first in row.apart_from:
            if (lifecycle, row.name, first) in declared:

                def edit(text: dict, find: Callable = find, first: str = first) -> None:
                    find(text)["apart_from"].remove(first)

                yield f"{where}: {first}", edit


def effect_without_guard(base: Base) -> Iterator[Site]:
    for where, lifecycle, number, find in _rows(base):
        row = base.scheme.lifecycles[lifecycle].rows[number]
        needed = {name for effect in row.effects for name in base.registry.effects[effect].needs_guards}
        for guard in sorted(needed):

            def edit(text: dict, find: Callable = find, guard: str = guard) -> None:
                one = find(text)
                one["guards"] = [call for call in one["guards"] if call["name"] != guard]

            yield f"{where}: {guard}", edit


def state_without_mover(base: Base) -> Iterator[Site]:
    for where, name, state, _ in _states(base):
        lifecycle = base.scheme.lifecycles[name]
        if state in lifecycle.final:
            continue

        def edit(text: dict, name: str = name, state: str = state) -> None:
            for row in _lifecycle(text, name)["rows"]:
                row["sources"] = [source for source in row["sources"] if source != state]
            _lifecycle(text, name)["rows"] = [row for row in _lifecycle(text, name)["rows"] if row["sources"]]
            for number, row in enumerate(_lifecycle(text, name)["rows"]):
                row["number"] = number

        yield where, edit


def needed_timer(base: Base) -> Iterator[Site]:
    """All timers of a state that waits for people outside alone."""
    for where, name, state, _ in _states(base):
        lifecycle = base.scheme.lifecycles[name]
        movers = {role for row in lifecycle.leaving(state) for role in people(row)}
        waited = lifecycle.states[state].waits_for or movers
        timed = any(state in timer.states for timer in lifecycle.timers)
        if (
            timed
            and waited
            and all(base.ground.outside(role) for role in waited)
            and state not in lifecycle.final
        ):

            def edit(text: dict, name: str = name, state: str = state) -> None:
                one = _lifecycle(text, name)
                for timer in one["timers"]:
                    timer["states"] = [each for each in timer["states"] if each != state]
                one["timers"] = [timer for timer in one["timers"] if timer["states"]]

            yield where, edit


def adverse_by_system(base: Base) -> Iterator[Site]:
    """A clock takes a row that goes against somebody."""
    against = {"adverse", "refused", "ineligible"}
    for where, lifecycle, number, find in _rows(base):
        one = base.scheme.lifecycles[lifecycle]
        row = one.rows[number]
        if row.to not in one.states or not one.states[row.to].tags & against:
            continue
        for source in row.sources:
            if one.states[source].tags & against:
                continue

            def edit(
                text: dict, find: Callable = find, lifecycle: str = lifecycle, source: str = source
            ) -> None:
                row = find(text)
                row["by"] = [*row["by"], *(["system"] if "system" not in row["by"] else [])]
                timers = _lifecycle(text, lifecycle).setdefault("timers", [])
                timers.append({"number": len(timers), "states": [source], "after": "30d", "do": row["name"]})

            yield f"{where}: {source}", edit


def dropped_row(base: Base) -> Iterator[Site]:
    for where, lifecycle, number, _ in _rows(base):
        yield where, _dropping(lifecycle, {number})


def retargeted_row(base: Base) -> Iterator[Site]:
    for where, lifecycle, number, find in _rows(base):
        one = base.scheme.lifecycles[lifecycle]
        row = one.rows[number]
        others = [state for state in one.states if state != row.to and state not in row.sources]
        lot = random.Random(where).choice(others) if others else None
        if lot is not None:

            def edit(text: dict, find: Callable = find, lot: str = lot) -> None:
                find(text)["to"] = lot

            yield f"{where}: to {lot}", edit


def other_role(base: Base) -> Iterator[Site]:
    for where, lifecycle, number, find in _rows(base):
        row = base.scheme.lifecycles[lifecycle].rows[number]
        others = sorted(set(base.scheme.roles) - set(row.by))
        for index, role in enumerate(row.by):
            lot = random.Random(where + role).choice(others)

            def edit(text: dict, find: Callable = find, index: int = index, lot: str = lot) -> None:
                find(text)["by"][index] = lot

            yield f"{where}: {role} by {lot}", edit


def dropped_timer(base: Base) -> Iterator[Site]:
    for where, _, timer in _timers(base):
        lifecycle = where.split(" ", 1)[0]

        def edit(text: dict, lifecycle: str = lifecycle, number: int = timer.number) -> None:
            one = _lifecycle(text, lifecycle)
            one["timers"] = [each for each in one["timers"] if each.get("number", 0) != number]

        yield where, edit


def _in_states(key: str, all_of_them: bool = False) -> Callable[[Base], Iterator[Site]]:
    """Take one item, by lot, or each item, out of a list of each state."""

    def sites(base: Base) -> Iterator[Site]:
        plain = json.loads(base.scheme.text)
        for where, _, _, find in _states(base):
            items = sorted(find(plain).get(key, ()))
            for item in items if all_of_them else random.Random(where).sample(items, min(1, len(items))):

                def edit(text: dict, find: Callable = find, item: str = item) -> None:
                    values = find(text)[key]
                    if isinstance(values, dict):
                        del values[item]
                    else:
                        values.remove(item)

                yield f"{where}: {item}", edit

    return sites


def ghost_viewer(base: Base) -> Iterator[Site]:
    for where, lifecycle, state, find in _states(base):
        if base.scheme.lifecycles[lifecycle].states[state].view:

            def edit(text: dict, find: Callable = find) -> None:
                find(text)["view"][0] += "x"

            yield where, edit


def swapped_rows(base: Base) -> Iterator[Site]:
    """Two rows of one name that leave one state, in the other order."""
    for lifecycle in base.scheme.lifecycles.values():
        for row in lifecycle.rows:
            later = next(
                (
                    o
                    for o in lifecycle.rows[row.number + 1 :]
                    if o.name == row.name and set(o.sources) & set(row.sources)
                ),
                None,
            )
            if later is not None:

                def edit(
                    text: dict, name: str = lifecycle.name, one: int = row.number, two: int = later.number
                ) -> None:
                    rows = _lifecycle(text, name)["rows"]
                    rows[one], rows[two] = copy.deepcopy(rows[two]), copy.deepcopy(rows[one])
                    rows[one]["number"], rows[two]["number"] = one, two

                yield f"{lifecycle.name}.{row.name}#{row.number}+#{later.number}", edit


def unknown_source(base: Base) -> Iterator[Site]:
    for where, _, _, find in _rows(base):

        def edit(text: dict, find: Callable = find) -> None:
            find(text)["sources"][0] += "x"

        yield where, edit


def emit_elsewhere(base: Base) -> Iterator[Site]:
    """An emit goes to the parent instead of the children or those selected, or the other way round."""
    for where, lifecycle, number, find in _rows(base):
        for index, emit in enumerate(base.scheme.lifecycles[lifecycle].rows[number].emits):
            other = "children" if emit.to in ("parent", "call", "self") else "parent"

            def edit(text: dict, find: Callable = find, index: int = index, other: str = other) -> None:
                find(text)["emits"][index]["to"] = other

            yield f"{where}: {emit.transition} to {other}", edit


def effect_on_another_record(base: Base) -> Iterator[Site]:
    for where, lifecycle, number, find in _rows(base):
        one = base.scheme.lifecycles[lifecycle]
        others = sorted(spec.name for spec in base.registry.effects.values() if one.record not in spec.of)
        for index, effect in enumerate(one.rows[number].effects):
            lot = random.Random(where + effect).choice(others)

            def edit(text: dict, find: Callable = find, index: int = index, lot: str = lot) -> None:
                find(text)["effects"][index] = lot

            yield f"{where}: {lot} instead of {effect}", edit


KINDS: dict[str, Callable[[Base], Iterator[Site]]] = {
    "unknown state to go to": unknown_target,
    "unknown state to leave": unknown_source,
    "unknown guard": _in_rows("guards", _rename("name"), _name),
    "unknown effect": _in_rows("effects", _rename(None), _name),
    "unknown template": _in_rows("notices", _rename("template"), _name),
    "unknown emit": _in_rows("emits", _rename("transition"), _name),
    "unknown name in a clock": unknown_timer_words,
    "ghost role that moves": _in_rows("by", _rename(None), _name),
    "ghost role that sees": ghost_viewer,
    "lost default row": lost_default_row,
    "lost emit": _in_rows("emits", _drop, _name),
    "emit in a wrong direction": emit_elsewhere,
    "effect on another record": effect_on_another_record,
    "removed declared four eyes": removed_four_eyes,
    "effect without its guard": effect_without_guard,
    "state without a mover": state_without_mover,
    "state without its needed timer": needed_timer,
    "adverse move by the system": adverse_by_system,
    "dropped row": dropped_row,
    "retargeted row": retargeted_row,
    "rows in the other order": swapped_rows,
    "dropped guard": _in_rows("guards", _drop, _name),
    "dropped effect": _in_rows("effects", _drop, _name),
    "dropped field": _in_rows("asks", _drop, _name),
    "dropped notice": _in_rows("notices", _drop, _name),
    "another role": other_role,
    "dropped timer": dropped_timer,
    "dropped mask": _in_states("mask", all_of_them=True),
    "dropped tag": _in_states("tags"),
    "dropped view": _in_states("view"),
}
NAMED = tuple(KINDS)[: tuple(KINDS).index("dropped row")]
"""Kinds of which the check alone finds each one."""
