"""The pictures and tables of all lifecycles, as files that lie in `docs/workflows/` and are kept true."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from grantflow.workflow.model import REMEMBERED, SAME, SYSTEM_ROLE, GuardCall, Lifecycle, Row, Scheme, Timer
from grantflow.workflow.picture import dot_of, drawn_from, source_hash, svg_of
from grantflow.workflow.registry import Registry


@dataclass(frozen=True, slots=True)
class RowWords:
    """A row of the table in words."""

    step: str
    sources: tuple[str, ...]
    target: str
    who: tuple[str, ...]
    conditions: tuple[str, ...]
    effects: tuple[str, ...]
    causes: tuple[str, ...]
    fields: tuple[str, ...]
    told: tuple[str, ...]


def rows_in_words(scheme: Scheme, lifecycle: Lifecycle, registry: Registry) -> tuple[RowWords, ...]:
    """Return the table of a lifecycle in words: the twin of its picture, with what the picture leaves out."""
    return tuple(_row(scheme, lifecycle, row, registry) for row in lifecycle.rows)


def _row(scheme: Scheme, lifecycle: Lifecycle, row: Row, registry: Registry) -> RowWords:
    targets = {SAME: "stays where it is", REMEMBERED: "back to where it was"}
    return RowWords(
        step=row.label,
        sources=tuple(lifecycle.states[name].label for name in row.sources),
        target=targets.get(row.to) or lifecycle.states[row.to].label,
        who=tuple(_role(scheme, role) for role in row.by),
        conditions=(
            *(_condition(call, registry) for call in (*row.guards, *_gates(scheme, lifecycle, row))),
            *(f"Not by whoever took: {_step_label(scheme, name)}." for name in row.apart_from),
        ),
        effects=tuple(registry.effects[name].about for name in row.effects if name in registry.effects),
        causes=tuple(
            f"{scheme.lifecycles[emit.lifecycle].title}: {_step_label(scheme, f'{emit.lifecycle}.{emit.transition}')}"
            for emit in row.emits
        ),
        fields=tuple(asked.label if asked.required else f"{asked.label} (optional)" for asked in row.asks),
        told=tuple(f"{_role(scheme, notice.role)}: {notice.template}" for notice in row.notices),
    )


def _gates(scheme: Scheme, lifecycle: Lifecycle, row: Row) -> list[GuardCall]:
    """Return the gates that a row passes, from whichever of its states."""
    gates: list[GuardCall] = []
    for source in row.sources:
        gates.extend(call for call in scheme.gate(lifecycle, row, source) if call not in gates)
    return gates


def _condition(call: GuardCall, registry: Registry) -> str:
    about = registry.guards[call.name].about if call.name in registry.guards else call.name
    if not call.given:
        return about
    given = "; ".join(f"{word}: {_given(value)}" for word, value in call.given.items())
    return f"{about.rstrip('.')} ({given})."


def _given(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _role(scheme: Scheme, role: str) -> str:
    return "by itself" if role == SYSTEM_ROLE else scheme.roles[role].label


def _step_label(scheme: Scheme, dotted: str) -> str:
    lifecycle, _, name = dotted.rpartition(".")
    return next((row.label for row in scheme.lifecycles[lifecycle].rows if row.name == name), name)


def timer_in_words(scheme: Scheme, lifecycle: Lifecycle, timer: Timer) -> str:
    """Return what a timer does, as a sentence."""
    states = ", ".join(lifecycle.states[name].label for name in timer.states)
    moment = f"at {_spelled(timer.at)}" if timer.at else f"{_spelled(str(timer.after))} after entering"
    if timer.minus or timer.plus:
        way = f"{_spelled(str(timer.minus or timer.plus))} {'before' if timer.minus else 'later'}"
        moment = f"{way}, {moment}" if timer.plus else f"{way} the moment {moment}"
    parts = [f"{states}: {moment}"]
    if timer.pauses_in:
        still = ", ".join(lifecycle.states[name].label for name in timer.pauses_in)
        parts.append(f"its clock stands still in {still} and goes on with what was left")
    if timer.every:
        parts.append(f"then every {_spelled(timer.every)}")
    if timer.do:
        parts.append(f"“{_step_label(scheme, f'{lifecycle.name}.{timer.do}')}”")
    parts.extend(f"a message to {_role(scheme, notice.role)} ({notice.template})" for notice in timer.notices)
    return "; ".join(parts) + "."


def _spelled(name: str) -> str:
    return name.replace("_", " ")


def markdown_of(scheme: Scheme, lifecycle: Lifecycle, registry: Registry, picture: str) -> str:
    """Return the page of a lifecycle: picture, states, rows and clocks in words."""
    lines = [f"# {lifecycle.title}: {scheme.title}, version {scheme.version}", ""]
    lines += [lifecycle.about, ""] if lifecycle.about else []
    lines += [f"![{lifecycle.title}]({picture})", "", "## States", ""]
    lines += [
        "| state | phase | means | waits for | may see | may edit | seen as |",
        "|---|---|---|---|---|---|---|",
    ]
    for state in lifecycle.states.values():
        ended = " (end)" if state.name in lifecycle.final else ""
        masks = (
            f"{_role(scheme, role)}: {lifecycle.states[other].label}"
            for role, other in sorted(state.mask.items())
        )
        cells = (
            f"**{state.label}**{ended}",
            scheme.phases[state.phase].label if state.phase else "",
            ", ".join(_spelled(tag) for tag in sorted(state.tags)),
            ", ".join(_role(scheme, role) for role in sorted(state.waits_for)),
            ", ".join(_role(scheme, role) for role in sorted(state.view)),
            ", ".join(_role(scheme, role) for role in sorted(state.edit)),
            "; ".join(masks),
        )
        lines.append(_table_line(cells))
    lines += ["", "## Steps", "", "| step | from | to | who | if | what happens | asked for | told |"]
    lines += ["|---|---|---|---|---|---|---|---|"]
    for row in rows_in_words(scheme, lifecycle, registry):
        words = (
            f"**{row.step}**",
            ", ".join(row.sources),
            row.target,
            ", ".join(row.who),
            " ".join(row.conditions),
            " ".join((*row.effects, *row.causes)),
            ", ".join(row.fields),
            "; ".join(row.told),
        )
        lines.append(_table_line(words))
    if lifecycle.timers:
        lines += ["", "## Clocks", ""]
        lines += [f"- {timer_in_words(scheme, lifecycle, timer)}" for timer in lifecycle.timers]
    return "\n".join(lines) + "\n"


def _table_line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


@dataclass(frozen=True, slots=True)
class Page:
    """One file of `docs/workflows/`: its name and text; a picture is true if it was drawn from the same source."""

    name: str
    text: str
    label: str = ""

    @property
    def is_picture(self) -> bool:
        """Whether the text is DOT that is to be drawn."""
        return self.name.endswith(".svg")

    def is_true(self, folder: Path) -> bool:
        """Whether the file that lies in a folder says the same."""
        path = folder / self.name
        if not path.is_file():
            return False
        text = path.read_text(encoding="utf-8")
        return drawn_from(text) == source_hash(self.text) if self.is_picture else text == self.text

    def write(self, folder: Path) -> None:
        """Write the file, drawn if it is a picture."""
        folder.mkdir(parents=True, exist_ok=True)
        text = svg_of(self.text, self.label) if self.is_picture else self.text
        (folder / self.name).write_text(text, encoding="utf-8")


def pages_of(scheme: Scheme, registry: Registry) -> Iterator[Page]:
    """Yield the pictures and tables of a scheme's lifecycles."""
    for lifecycle in scheme.lifecycles.values():
        name = f"{scheme.name}-v{scheme.version}-{lifecycle.name}"
        label = f"The states of “{lifecycle.title}” in {scheme.title} and the steps between them; the table says the same."
        yield Page(f"{name}.svg", dot_of(scheme, lifecycle, registry), label)
        yield Page(f"{name}.md", markdown_of(scheme, lifecycle, registry, f"{name}.svg"))
