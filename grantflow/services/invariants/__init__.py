"""What must always hold: asked after every story and rehearsal, and on the live database by `grantflow check`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from grantflow.services.invariants import aid, applications, awards, calls, cases, journal, labs, reviews
from grantflow.store.session import Tx

Invariant = Callable[[Tx], Iterator[str]]
"""Yields each violation in words; nothing where it holds. The first line of its docstring is the promise."""

INVARIANTS: tuple[Invariant, ...] = (
    cases.states_are_known,
    cases.no_record_is_orphaned,
    cases.timers_belong_to_today,
    cases.masks_hold_in_messages,
    journal.histories_are_proved,
    journal.four_eyes_were_there,
    calls.balances_are_sums,
    calls.nothing_is_overspent,
    calls.money_was_promised_before_it_left,
    calls.movements_belong_to_steps,
    labs.frames_are_as_adopted,
    labs.one_frame_binds,
    labs.minutes_have_two_signatures,
    labs.who_left_has_no_name,
    labs.only_members_were_there,
    applications.actions_lie_in_the_frame,
    applications.nobody_who_wrote_the_frame_applies,
    applications.later_stages_follow_completed_ones,
    applications.in_time_means_before_the_deadline,
    applications.what_came_late_was_decided_on,
    aid.ceilings_hold,
    aid.holds_end_with_their_lines,
    aid.lines_equal_the_ledger,
    aid.nothing_is_paid_without_proof,
    aid.payments_cover_their_lines,
    reviews.no_review_in_conflict_counts,
    reviews.nobody_reviews_their_own,
    reviews.rankings_count_what_was_handed_in,
    awards.decisions_come_before_their_release,
    awards.bodies_decided_by_signed_minutes,
    awards.delegates_stay_within_their_power,
    awards.nobody_votes_in_conflict,
    awards.awards_rest_on_released_decisions,
    awards.promises_equal_awards,
    awards.grants_by_rule_are_promised,
)
SHOWN = 5
"""How many violations of one invariant are told; more would say nothing new."""
MOST = 1000
"""How many are counted: who has broken so much has broken all."""


@dataclass(frozen=True, slots=True)
class Held:
    """Whether one invariant holds, and if not, where it is broken."""

    name: str
    promise: str
    holds: bool
    detail: str


def check_invariants(tx: Tx, told: Callable[[str], None] = lambda _name: None) -> list[Held]:
    """Ask every invariant of the whole database; `told` hears the name of each before it is asked."""
    answers = []
    for invariant in INVARIANTS:
        told(invariant.__name__)
        answers.append(_ask(tx, invariant))
    return answers


def _ask(tx: Tx, invariant: Invariant) -> Held:
    violations = sorted(islice(invariant(tx), MOST))
    promise = (invariant.__doc__ or "").strip().split("\n")[0]
    shown = "; ".join(violations[:SHOWN])
    if len(violations) > SHOWN:
        at_least = "at least " if len(violations) == MOST else ""
        shown += f"; and {at_least}{len(violations) - SHOWN} more"
    return Held(invariant.__name__, promise, not violations, shown)
