"""What may be done with records, and why not: the same judgement that decides when the step is taken."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from grantflow.services.cases.holding import Held, seen
from grantflow.services.cases.judging import Judgement
from grantflow.services.cases.model import Choice, Choices
from grantflow.services.cases.stepping import nearness
from grantflow.store.session import Tx
from grantflow.workflow.model import Row


def choices(tx: Tx, case_ids: Iterable[UUID], *, only: str | None = None) -> dict[UUID, Choices]:
    """Return for each record the steps that belong to the actor: allowed, or with every reason against.

    `only` names the one step that is asked about, so that nothing is read for the others.
    """
    own = [(each, _own(each, only)) for each in seen(tx, list(dict.fromkeys(case_ids)))]
    candidates = [(each, [row for rows in named.values() for row in rows]) for each, named in own]
    judgement = Judgement(tx, candidates, {}, asking=False)
    return {
        each.id: Choices(
            each.id,
            each.revision,
            *_shown(each),
            tuple(_choice(judgement, each, name, rows) for name, rows in named.items()),
        )
        for each, named in own
    }


def _own(each: Held, only: str | None) -> dict[str, Sequence[Row]]:
    """Return the rows out of the record's state that name a role of the actor, by the name of the step."""
    found: dict[str, Sequence[Row]] = {}
    for name in each.machine.names(each.state):
        if only not in (None, name):
            continue
        rows = [row for row in each.machine.rows(each.state, name) if not each.roles.isdisjoint(row.by)]
        if rows:
            found[name] = rows
    return found


def _choice(judgement: Judgement, each: Held, name: str, rows: Sequence[Row]) -> Choice:
    best, against = rows[0], judgement.refusals(each, rows[0])
    for row in rows[1:]:
        if not against:
            break
        found = judgement.refusals(each, row)
        if not found or nearness(found) < nearness(against):
            best, against = row, found
    return Choice(name, best.label, best.about, not against, tuple(dict.fromkeys(against)), best.asks)


def _shown(each: Held) -> tuple[str, str]:
    """Return the state and its label as the actor may see them: masked where every role of theirs sees it masked."""
    lifecycle, scheme = each.machine.lifecycle, each.call.compiled.scheme
    state = lifecycle.states[each.state]
    roles = sorted(each.roles)
    plain = not roles or any(state.shown_to(role) == state.name for role in roles)
    shown = state if plain else lifecycle.states[state.shown_to(roles[0])]
    seeing = (
        scheme.roles[role] for role in roles if role in scheme.roles and state.shown_to(role) == shown.name
    )
    told = (shown.label_to(role) for role in seeing)
    return shown.name, next((label for label in told if label != shown.label), shown.label)
