"""Guards of proposals, decisions and awards: in order, explained, within the money, read before they leave."""

from __future__ import annotations

from collections.abc import Iterable

from grantflow.domain.awards.deciding import (
    AwardStanding,
    Delegation,
    LetterRead,
    LettersRead,
    NextStage,
    ProposalStanding,
    ReservePlace,
    RoundStanding,
    StageEntry,
    WindowMoney,
)
from grantflow.domain.money import Money
from grantflow.domain.refusal import Refusal
from grantflow.domain.time import Span
from grantflow.workflow.registry import Ask, guard

# Who comes in


@guard()
def may_enter_this_stage(entry: StageEntry, ask: Ask) -> Iterable[Refusal]:
    """The stage is open to all, or the applicant has completed the earlier stage that it asks for."""
    if entry.needs_stage is not None and not entry.completed:
        yield Refusal(
            "stage_not_open",
            "This stage is open only to those who completed stage %(stage)s of the same call.",
            {"stage": entry.needs_stage},
            "call",
        )


@guard()
def in_round(standing: RoundStanding, ask: Ask) -> Iterable[Refusal]:
    """The applications of this stage have not been decided on yet."""
    if standing.decided:
        yield Refusal(
            "round_decided", "The applications of this stage have been decided on already.", where="call"
        )


@guard()
def out_of_round(standing: RoundStanding, ask: Ask) -> Iterable[Refusal]:
    """The applications of this stage have been decided on, so this one is decided on by itself."""
    if not standing.decided:
        yield Refusal(
            "round_not_decided", "This application is decided on together with the others.", where="call"
        )


# The proposal


@guard()
def every_application_proposed(proposal: ProposalStanding, ask: Ask) -> Iterable[Refusal]:
    """The proposal rests on the last ranking and says yes, reserve or no to every application."""
    if not proposal.exists:
        yield Refusal(
            "no_proposal", "There is no proposal yet. Draw it up from the ranking.", where="proposal"
        )
        return
    if not proposal.from_last_ranking:
        yield Refusal(
            "proposal_outdated",
            "The proposal was drawn up from an earlier ranking. Draw it up again.",
            where="proposal",
        )
    if proposal.unproposed:
        yield Refusal(
            "application_unproposed",
            "The proposal says nothing about: %(refs)s.",
            {"refs": ", ".join(proposal.unproposed)},
            "proposal",
        )


@guard()
def departures_explained(proposal: ProposalStanding, ask: Ask) -> Iterable[Refusal]:
    """Each departure from what the ranking and the rules give has its reason."""
    for ref in proposal.unexplained:
        yield Refusal(
            "departure_unexplained",
            "The proposal for %(ref)s departs from the ranking, and nobody has said why.",
            {"ref": ref},
            ref,
        )


@guard()
def proposal_within_budget(proposal: ProposalStanding, ask: Ask) -> Iterable[Refusal]:
    """What is proposed fits into the free money of each window, and each sum into the window's limits."""
    for pot in proposal.pots:
        if pot.planned > pot.free:
            yield Refusal(
                "proposal_over_budget",
                "%(window)s has %(free)s left and the proposal takes %(planned)s: %(short)s too much.",
                {
                    "window": pot.window,
                    "free": Money(pot.free, pot.currency),
                    "planned": Money(pot.planned, pot.currency),
                    "short": Money(pot.planned - pot.free, pot.currency),
                },
                "proposal",
            )
    for ref in proposal.unfit:
        yield Refusal(
            "sum_outside_limits",
            "The sum proposed for %(ref)s is more than was asked for or than the window's limits allow, or too little.",
            {"ref": ref},
            ref,
        )


# Single decisions


@guard()
def delegation_covers(delegation: Delegation, ask: Ask) -> Iterable[Refusal]:
    """The sum lies within what the body has delegated, and to this person."""
    amount = ask.data.get("amount", delegation.granted)
    if delegation.delegate_id is not None and delegation.delegate_id != ask.actor.user_id:
        yield Refusal(
            "not_the_delegate", "The body has delegated such decisions to somebody else.", where="body"
        )
    if amount > delegation.up_to:
        yield Refusal(
            "above_delegation",
            "%(amount)s is more than the %(up_to)s that the body has delegated. The body itself has to decide.",
            {
                "amount": Money(amount, delegation.currency),
                "up_to": Money(delegation.up_to, delegation.currency),
            },
            "amount",
        )


@guard()
def budget_left(money: WindowMoney, ask: Ask) -> Iterable[Refusal]:
    """The window still has what is granted, and the sum lies within its limits."""
    yield from _can_be_granted(ask.data.get("amount", money.granted), money)


@guard()
def budget_left_for_what_is_asked(money: WindowMoney, ask: Ask) -> Iterable[Refusal]:
    """The window still has the sum that is asked for, and the sum lies within its limits."""
    yield from _can_be_granted(money.asked, money)


def _can_be_granted(amount: int, money: WindowMoney) -> Iterable[Refusal]:
    most = money.most
    if not max(money.minimum, 1) <= amount <= most:
        yield Refusal(
            "sum_outside_limits",
            "%(amount)s cannot be granted: at least %(minimum)s and, by request and rules, at most %(most)s.",
            {
                "amount": Money(amount, money.currency),
                "minimum": Money(money.minimum, money.currency),
                "most": Money(most, money.currency),
            },
            "amount",
        )
    if amount > money.free:
        yield Refusal(
            "budget_gone",
            "%(window)s has %(free)s left and %(amount)s are needed: %(short)s too little.",
            {
                "window": money.window,
                "free": Money(money.free, money.currency),
                "amount": Money(amount, money.currency),
                "short": Money(amount - money.free, money.currency),
            },
            "window",
        )


@guard()
def reserve_in_order(place: ReservePlace, ask: Ask) -> Iterable[Refusal]:
    """Those before it on the reserve list have moved up already, or it is said why they are passed over."""
    if place.ahead and not str(ask.data.get("passed_over", "")).strip():
        yield Refusal(
            "reserve_out_of_order",
            "%(refs)s come before it on the reserve list. Move them up first, or say why they are passed over.",
            {"refs": ", ".join(place.ahead)},
            "passed_over",
        )


@guard(takes={"period": "span"})
def reserve_not_ended(place: ReservePlace, ask: Ask) -> Iterable[Refusal]:
    """The reserve list has not come to its end date."""
    end = place.ends_at(Span.parse(str(ask.given["period"])))
    if ask.now >= end:
        yield Refusal("reserve_over", "The reserve list ended on %(end)s.", {"end": end})


# Release


@guard()
def letter_previewed(letter: LetterRead, ask: Ask) -> Iterable[Refusal]:
    """Somebody has read the letter of this very decision before it leaves."""
    if not letter.read:
        yield Refusal(
            "letter_unread", "Nobody has read the letter yet. Look at it before it leaves.", where="letter"
        )


@guard()
def letters_previewed(letters: LettersRead, ask: Ask) -> Iterable[Refusal]:
    """Somebody has read the letter of each decision before they leave together."""
    if letters.unread:
        yield Refusal(
            "letters_unread",
            "%(count)s letters have not been read yet. Look at every letter before they leave.",
            {"count": len(letters.unread), "refs": ", ".join(letters.unread)},
            "letters",
        )


@guard()
def somebody_may_enter_next_stage(following: NextStage, ask: Ask) -> Iterable[Refusal]:
    """The next stage is open to all, or somebody has completed the stage that it asks for."""
    if following.restricted and not following.holders:
        yield Refusal(
            "nobody_may_enter",
            "Nobody has completed the stage that the next one asks for, so it has no one to open to.",
        )


# Awards


@guard()
def signatory_authorised(award: AwardStanding, ask: Ask) -> Iterable[Refusal]:
    """The person may sign for the organisation."""
    if ask.actor.user_id not in award.signatories:
        yield Refusal(
            "not_authorised",
            "Accepting binds the organisation, and you are not on record as authorised to sign for it.",
            where="organisation",
        )


@guard()
def has_open_conditions(award: AwardStanding, ask: Ask) -> Iterable[Refusal]:
    """The award has conditions that are not fulfilled yet."""
    if not award.open_conditions:
        yield Refusal("no_open_condition", "No condition of the award is open.", where="conditions")


@guard()
def has_no_open_conditions(award: AwardStanding, ask: Ask) -> Iterable[Refusal]:
    """Every condition of the award is fulfilled."""
    if award.open_conditions:
        yield Refusal(
            "conditions_open",
            "%(count)s conditions of the award are not fulfilled yet.",
            {"count": len(award.open_conditions)},
            "conditions",
        )


@guard()
def condition_is_open(award: AwardStanding, ask: Ask) -> Iterable[Refusal]:
    """The condition that is named exists and is not fulfilled yet."""
    named = str(ask.data.get("condition", ""))
    if named not in {str(number) for number in award.open_conditions}:
        yield Refusal(
            "condition_unknown",
            "The award has no open condition number %(number)s.",
            {"number": named},
            "condition",
        )


@guard(takes={"period": "span"})
def acceptance_overdue(award: AwardStanding, ask: Ask) -> Iterable[Refusal]:
    """The time to accept has passed without an answer."""
    due = award.due_at(Span.parse(str(ask.given["period"])))
    if award.accepted:
        yield Refusal("already_accepted", "The award has been accepted.")
    elif ask.now < due:
        yield Refusal("not_overdue", "The award may be accepted until %(due)s.", {"due": due})


@guard()
def report_plausible(award: AwardStanding, ask: Ask) -> Iterable[Refusal]:
    """The report says what was done and names a cost."""
    if not award.summary.strip():
        yield Refusal("report_empty", "The report does not say what was done.", where="summary")
    if not award.reported_cost:
        yield Refusal(
            "report_without_cost", "The report names no cost, so nothing can be settled.", where="cost"
        )
