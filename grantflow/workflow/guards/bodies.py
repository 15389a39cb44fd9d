"""Guards on bodies that decide: quorum, minutes, adjournment (process rules P1 and P11).

Each says with `of` which step the body was asked for: an item of the agenda carries one step and no other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from grantflow.domain.programmes.bodies import Agenda, Item
from grantflow.domain.refusal import Refusal
from grantflow.workflow.registry import Ask, guard


@guard(takes={"of": "text"})
def quorum_present(agenda: Agenda, ask: Ask) -> Iterable[Refusal]:
    """Enough of the body are left for this item after those in conflict have gone, and whoever decides is among them."""
    item = agenda.open_item(ask.given["of"])
    if item is None or item.held_at > ask.now:
        yield _not_dealt_with(item, ask)
        return
    yield from _by_a_voter(item, ask)


def _by_a_voter(item: Item, ask: Ask) -> Iterator[Refusal]:
    if not item.has_quorum:
        yield Refusal(
            "quorum_missing",
            "Item %(number)s had %(count)s who could vote; %(quorum)s are needed.",
            {"number": item.number, "count": len(item.voters), "quorum": item.quorum},
            "agenda",
        )
    elif ask.actor.user_id not in item.voters:
        yield Refusal(
            "not_among_the_voters",
            "Only somebody who could vote on item %(number)s may carry it out.",
            {"number": item.number},
            "agenda",
        )


@guard(takes={"of": "text"})
def minutes_signed(agenda: Agenda, ask: Ask) -> Iterable[Refusal]:
    """The body said yes, and chair and adjuster have signed the minutes."""
    item = agenda.open_item(ask.given["of"])
    if item is not None and item.held_at <= ask.now:
        yield from _minutes(item)


@guard(takes={"of": "text"})
def body_decided(agenda: Agenda, ask: Ask) -> Iterable[Refusal]:
    """The body decided on this very step with a quorum, and its minutes are signed."""
    yield from quorum_present((agenda,), ask)
    yield from minutes_signed((agenda,), ask)


@guard(takes={"of": "text"})
def quorum_lost(agenda: Agenda, ask: Ask) -> Iterable[Refusal]:
    """Too few of the body are left to decide this item."""
    item = agenda.open_item(ask.given["of"])
    if item is None or item.held_at > ask.now:
        yield _not_dealt_with(item, ask)
    elif item.has_quorum:
        yield Refusal(
            "quorum_is_there",
            "Item %(number)s has its quorum: the body can decide.",
            {"number": item.number},
            "agenda",
        )
    elif item.outcome is not None:
        yield Refusal(
            "item_has_outcome", "Item %(number)s has its outcome already.", {"number": item.number}, "agenda"
        )


@guard(takes={"of": "text"})
def body_sent_back(agenda: Agenda, ask: Ask) -> Iterable[Refusal]:
    """The body, with a quorum, sent back what it was asked for, and its minutes are signed."""
    item = agenda.item_sent_back(ask.given["of"])
    if item is not None:
        yield from _by_a_voter(item, ask)
        yield from _signatures(item)
        return
    item = agenda.open_item(ask.given["of"])
    if item is None or item.held_at > ask.now:
        yield _not_dealt_with(item, ask)
    else:
        yield Refusal(
            "item_not_sent_back",
            "The minutes do not say that item %(number)s was sent back.",
            {"number": item.number},
            "minutes",
        )


def _not_dealt_with(item: Item | None, ask: Ask) -> Refusal:
    matter = {"matter": ask.given["of"]}
    if item is None:
        return Refusal("not_on_agenda", "This is on no agenda of the body that decides it.", matter, "agenda")
    return Refusal(
        "meeting_to_come",
        "The meeting that deals with item %(number)s is still to come.",
        {"number": item.number},
        "agenda",
    )


def _minutes(item: Item) -> Iterator[Refusal]:
    number = {"number": item.number}
    if item.outcome != "adopted":
        yield Refusal(
            "item_undecided",
            "The minutes do not say yet what was decided on item %(number)s.",
            number,
            "minutes",
        )
    yield from _signatures(item)


def _signatures(item: Item) -> Iterator[Refusal]:
    number = {"number": item.number}
    if not item.signed_by_chair:
        yield Refusal("chair_has_not_signed", "The chair has not signed the minutes yet.", number, "minutes")
    if not item.signed_by_adjuster:
        yield Refusal(
            "adjuster_has_not_signed", "The adjuster has not signed the minutes yet.", number, "minutes"
        )
