"""What states mean for the eye and for what comes next: from their tags alone."""

from __future__ import annotations

from typing import Literal

from grantflow.workflow.model import SAME, Lifecycle, Row, Scheme, State

Tone = Literal["neutral", "info", "review", "warning", "success", "danger"]

_TONES: tuple[tuple[Tone, frozenset[str]], ...] = (
    ("danger", frozenset({"adverse", "cancelled", "refused", "ineligible", "in_conflict"})),
    ("neutral", frozenset({"withdrawn", "not_submitted", "set_aside"})),
    ("warning", frozenset({"late", "clock_stopped", "suspended"})),
    ("warning", frozenset({"reserve"})),
    ("success", frozenset({"funded", "in_force", "paid", "delivered", "payable", "open", "counts"})),
    ("review", frozenset({"awaiting_decision", "eligible"})),
    ("info", frozenset({"submitted"})),
)
"""The first that fits."""

OFF_THE_PATH = frozenset(
    {
        "adverse",
        "withdrawn",
        "cancelled",
        "refused",
        "ineligible",
        "not_submitted",
        "set_aside",
        "in_conflict",
        "suspended",
        "late",
        "reserve",
        "clock_stopped",
    }
)
"""What a state means that no path leads through on purpose."""
AGAINST = frozenset(
    {"adverse", "cancelled", "refused", "ineligible", "withdrawn", "set_aside", "in_conflict"}
)
"""What a step leads to that is thought over before it is taken."""
DECISIONS = frozenset({"funded", "reserve", "refused", "ineligible", "adverse", "cancelled", "in_force"})
"""What a state means in which somebody has decided."""


def tone(lifecycle: Lifecycle, state: State) -> Tone:
    """Return the tone of the tag that carries a state."""
    for found, tags in _TONES:
        if state.tags & tags:
            return found
    return "neutral" if state.name in lifecycle.final or "started" in state.tags else "info"


def label_for(state: State, roles: frozenset[str], scheme: Scheme) -> str:
    """Return what a state is called for somebody with these roles; for everybody where they have none."""
    own = [role for name, role in scheme.roles.items() if name in roles]
    for word in (*(role.name for role in own), *(role.audience for role in own)):
        if word in state.labels:
            return state.labels[word]
    return state.label if roles else state.labels.get("public", state.label)


def is_inside(scheme: Scheme, roles: frozenset[str]) -> bool:
    """Whether somebody with these roles works for the programme; the system does."""
    return any(role not in scheme.roles or not scheme.roles[role].outside for role in roles)


def decides(lifecycle: Lifecycle, source: str | None, target: str) -> bool:
    """Whether coming from one state to another means that something was decided."""
    before = frozenset() if source is None else lifecycle.states[source].tags
    return bool((lifecycle.states[target].tags & DECISIONS) - before)


def leads_against(lifecycle: Lifecycle, row: Row) -> bool:
    """Whether a step leads to an end, or to something that goes against somebody; what is paid has ended well."""
    if row.to not in lifecycle.states or "paid" in lifecycle.states[row.to].tags:
        return False
    return row.to in lifecycle.final or bool(lifecycle.states[row.to].tags & AGAINST)


def goes_back(lifecycle: Lifecycle, source: str, row: Row) -> bool:
    """Whether a step leads back along the path: to a state that the file of the workflow names before this one."""
    order = list(lifecycle.states)
    if row.to not in lifecycle.states or order.index(row.to) >= order.index(source):
        return False
    return not (lifecycle.states[row.to].tags | lifecycle.states[source].tags) & OFF_THE_PATH


def stays(row: Row) -> bool:
    """Whether a step leaves the record where it is."""
    return row.to == SAME
