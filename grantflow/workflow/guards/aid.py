"""Guards of requests for aid and of their lines: who asks, for whom, for what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from grantflow.domain.aid.lines import (
    LUMP_SUM,
    CallStanding,
    FirmsWord,
    Intermediary,
    LineOffer,
    ListedLines,
    RequestStanding,
    SelectionRecord,
    small_or_medium,
)
from grantflow.domain.money import Money
from grantflow.domain.refusal import Refusal
from grantflow.workflow.registry import Ask, guard


@guard()
def intake_open(call: CallStanding, ask: Ask) -> Iterable[Refusal]:
    """The call receives requests at this moment."""
    if not call.receives:
        yield Refusal(
            "intake_closed",
            "The call does not receive requests at the moment. Your draft is kept.",
            where="call",
        )


@guard()
def call_stands(call: CallStanding, ask: Ask) -> Iterable[Refusal]:
    """The call is neither suspended nor called off."""
    if call.stopped:
        yield Refusal(
            "call_stopped",
            "The call is suspended or called off. Nothing is decided in it until it goes on.",
            where="call",
        )


@guard(takes={"intake": "choice"})
def decided_as_it_comes(ask: Ask) -> Iterable[Refusal]:
    """The call decides each request as it comes."""
    if ask.given.get("intake") != "first_come":
        yield Refusal(
            "decided_at_cut_off", "This call decides the requests of a round together, at its cut-off."
        )


@guard(takes={"intake": "choice"})
def decided_at_cut_off(ask: Ask) -> Iterable[Refusal]:
    """The call decides all requests of a round together at its cut-off."""
    if ask.given.get("intake") != "cut_off":
        yield Refusal("decided_as_it_comes", "This call decides each request as it comes.")


@guard()
def works_as_intermediary(asker: Intermediary, ask: Ask) -> Iterable[Refusal]:
    """The organisation that asks works as an intermediary, by what it does and not by its name."""
    if not asker.functions:
        yield Refusal(
            "no_intermediary",
            "%(organisation)s has not said what it does for firms as an intermediary. Describe its functions first.",
            {"organisation": asker.name},
            "organisation",
        )


@guard()
def selection_recorded(record: SelectionRecord, ask: Ask) -> Iterable[Refusal]:
    """How the firms were invited and chosen is on record: rules, date, who answered, why not."""
    selection = record.selection
    if selection is None:
        yield Refusal(
            "selection_missing",
            "Tell how you invited the firms and by which rules you chose them, before you send the request.",
            where="selection",
        )
        return
    if selection.rules_published_on > ask.now.date():
        yield Refusal(
            "rules_not_published",
            "The rules of the choice carry the date %(day)s, which is still to come. They must have been public before.",
            {"day": selection.rules_published_on.isoformat()},
            "selection.rules_published_on",
        )
    if not selection.chosen <= selection.answered <= selection.invited:
        yield Refusal(
            "selection_counts",
            "%(chosen)s firms were chosen among %(answered)s that answered and %(invited)s that were invited; "
            "these numbers cannot all be right.",
            {"chosen": selection.chosen, "answered": selection.answered, "invited": selection.invited},
            "selection.answered",
        )
    if record.listed > selection.chosen:
        yield Refusal(
            "more_than_chosen",
            "The request names %(listed)s firms, and only %(chosen)s were chosen.",
            {"listed": record.listed, "chosen": selection.chosen},
            "lines",
        )
    if selection.answered > selection.chosen and not selection.reasons.strip():
        yield Refusal(
            "reasons_missing",
            "Say why the firms that answered and were not chosen were left out.",
            where="selection.reasons",
        )


@guard(takes={"among": "names"})
def lines_in_order(listed: ListedLines, ask: Ask) -> Iterable[Refusal]:
    """Each line names an activity that the call offers, and no firm has the same activity twice."""
    for line in listed.live:
        if not _offered(line.activity, listed.offered, ask):
            yield Refusal(
                "activity_not_offered",
                "%(firm)s is down for an activity that this call does not offer: %(activity)s.",
                {"firm": line.firm, "activity": line.activity},
                f"lines.{line.ref}",
            )
    twice = Counter((line.firm, line.activity, line.starts_on) for line in listed.live)
    for (firm, activity, day), times in twice.items():
        if times > 1:
            yield Refusal(
                "line_twice",
                "%(firm)s stands %(times)s times in the request with the same activity (%(activity)s) on %(day)s.",
                {"firm": firm, "times": times, "activity": activity, "day": day.isoformat()},
                "lines",
            )


@guard()
def activities_ahead(listed: ListedLines, ask: Ask) -> Iterable[Refusal]:
    """No activity has begun before the request is sent."""
    today = ask.now.date()
    for line in listed.live:
        if line.starts_on <= today:
            yield Refusal(
                "activity_begun",
                "The activity of %(firm)s begins on %(day)s. Only what begins after the request was sent can be paid for.",
                {"firm": line.firm, "day": line.starts_on.isoformat()},
                f"lines.{line.ref}",
            )


@guard(takes={"among": "names"})
def activity_offered(line: LineOffer, ask: Ask) -> Iterable[Refusal]:
    """The activity is one that the call offers."""
    wanted = ask.data.get("activity")
    if wanted is not None and not _offered(str(wanted), line.offered, ask):
        yield Refusal(
            "activity_not_offered",
            "This call does not offer %(activity)s. It offers: %(offered)s.",
            {"activity": wanted, "offered": ", ".join(sorted(line.offered))},
            "activity",
        )


def _offered(activity: str, offered: Mapping[str, int], ask: Ask) -> bool:
    return activity in offered and LUMP_SUM + activity in ask.given["among"]


@guard()
def activity_not_dearer(line: LineOffer, ask: Ask) -> Iterable[Refusal]:
    """The new activity is worth no more than the old one: after sending, a line may only become smaller."""
    amount = line.offered.get(str(ask.data.get("activity")), 0)
    if amount > line.amount:
        yield Refusal(
            "activity_dearer",
            "This activity is worth %(new)s and the line %(old)s. After the request was sent a line may only become smaller.",
            {"new": str(Money(amount, line.currency)), "old": str(Money(line.amount, line.currency))},
            "activity",
        )


@guard()
def signs_with_authority(firm: FirmsWord, ask: Ask) -> Iterable[Refusal]:
    """A person entitled to sign for the firm acts, or one who states name, role and to be authorised."""
    if ask.actor.user_id in firm.signatories or "authorised" not in ask.data:
        return
    if ask.data["authorised"] != "authorised":
        yield Refusal(
            "not_authorised",
            "Only somebody who is authorised to sign for the firm can confirm. Please hand the link on to that person.",
            where="authorised",
        )
    for name, sentence in (
        ("signer_name", "Please give your name."),
        ("signer_role", "Please give your role in the firm."),
    ):
        if not str(ask.data.get(name) or "").strip():
            yield Refusal(f"{name}_missing", sentence, where=name)


@guard()
def declaration_complete(firm: FirmsWord, ask: Ask) -> Iterable[Refusal]:
    """The firm has declared its size and its de minimis aid, and agrees that they are kept and published."""
    declared = firm.declaration
    if declared is None:
        yield Refusal(
            "declaration_missing",
            "Please tell the size of the firm and the de minimis aid that it received in the last three years.",
            where="declaration",
        )
        return
    if not declared.listed and not declared.no_other_aid:
        yield Refusal(
            "aid_not_declared",
            "Please list the de minimis aid of the last three years, or say that there was none.",
            where="declared_aid",
        )
    if declared.listed and declared.no_other_aid:
        yield Refusal(
            "aid_contradicts",
            "You say that there was no other de minimis aid, and you list some. Please mend one of the two.",
            where="declared_aid",
        )
    if not declared.consent:
        yield Refusal(
            "consent_missing",
            "Aid is entered in a public register. Please agree, or decline the aid.",
            where="consent",
        )


@guard()
def small_enough(firm: FirmsWord, ask: Ask) -> Iterable[Refusal]:
    """The firm is no larger than medium-sized: fewer than 250 people, and 50 million of turnover or 43 of balance."""
    declared = firm.declaration
    if declared is not None and not small_or_medium(declared.headcount, declared.turnover, declared.balance):
        yield Refusal(
            "not_small",
            "This aid is for small and medium-sized firms: fewer than 250 people, and at most 50 million euro of turnover "
            "or 43 million euro of balance sheet.",
            where="headcount",
        )


@guard()
def line_was_confirmed(firm: FirmsWord, ask: Ask) -> Iterable[Refusal]:
    """The firm had confirmed the line before it was refused."""
    if firm.confirmed_at is None:
        yield Refusal("line_not_confirmed", "The firm had not confirmed this line; it is asked again.")


@guard()
def request_is_open_again(request: RequestStanding, ask: Ask) -> Iterable[Refusal]:
    """The refusal of the whole request has been put right first."""
    if not request.open_again:
        yield Refusal(
            "request_still_refused",
            "The request to which this line belongs is not open. Put its refusal right first.",
            where="application",
        )
