"""The words that letters may leave open, by the kind of letter: a closed list, so that a wrong one is found at load."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "money", "rate", "day", "moment", "number", "list", "fact"]


@dataclass(frozen=True, slots=True)
class OpenWord:
    """A word that is filled in for each record.

    One that is not `sure` may have no value: a sentence that uses it stands under `when:` with its name. A `fact` is
    never printed, only asked.
    """

    name: str
    kind: Kind
    about: str
    sure: bool = False


def _words(*words: OpenWord) -> tuple[OpenWord, ...]:
    return words


_EVERY = _words(
    OpenWord("agency", "text", "The agency in whose name the letter goes.", sure=True),
    OpenWord("programme", "text", "The programme of the call.", sure=True),
    OpenWord("call_title", "text", "The title of the call.", sure=True),
    OpenWord("call_ref", "text", "The reference of the call.", sure=True),
    OpenWord("ref", "text", "The reference of the record that the letter is about.", sure=True),
    OpenWord("recipient", "text", "The name of the person or organisation addressed.", sure=True),
    OpenWord("today", "day", "The day of the letter.", sure=True),
    OpenWord("reason", "text", "The reason that was given for the step."),
    OpenWord("due", "moment", "Until when the one addressed is asked to act."),
)
_CALL = _words(
    OpenWord("deadline", "moment", "The last moment to send an application, in the stage the call is in."),
    OpenWord("registration", "moment", "The last moment to register, where the call has one."),
    OpenWord("decision_expected", "day", "When the decision is expected."),
    OpenWord("new_deadline", "moment", "The deadline that holds from now on."),
    OpenWord("what", "text", "What was corrected."),
    OpenWord("frame_title", "text", "The title of the frame that the lab proposed."),
)
_LAB = _words(
    OpenWord("organisation", "text", "The organisation that takes part."),
    OpenWord("level", "text", "Its level of involvement."),
    OpenWord("contribution", "text", "The title of the contribution."),
    OpenWord("frame_title", "text", "The title of the frame that the lab proposed."),
)
_APPLICATION = _words(
    OpenWord("project", "text", "The title of the project.", sure=True),
    OpenWord("organisation", "text", "The organisation that applies.", sure=True),
    OpenWord("asked", "money", "The sum that was asked for."),
    OpenWord("submitted", "moment", "When the application was received."),
    OpenWord("fingerprint", "text", "The checksum of what was sent."),
    OpenWord("missing", "text", "What is missing."),
    OpenWord("doubts", "text", "What speaks against, and is to be answered."),
    OpenWord("answer", "text", "What the party answered."),
    OpenWord("firms", "list", "The firms that were named, each with its activity and lump sum."),
    OpenWord("rules", "text", "The rules by which the firms were chosen."),
    OpenWord("rules_day", "day", "The day on which these rules were published."),
)
_DECISION = _words(
    OpenWord("decided", "day", "The day of the decision.", sure=True),
    OpenWord("decider", "text", "The body that decided, or in whose stead an official did.", sure=True),
    OpenWord("by_rule", "fact", "Whether the published rule of the call decided, and no person."),
    OpenWord("delegated", "fact", "Whether an official decided alone, as the body has delegated."),
    OpenWord("granted", "money", "The sum that is granted."),
    OpenWord("reduced", "fact", "Whether less is granted than was asked for."),
    OpenWord("conditions", "list", "The conditions of the grant, one by one."),
    OpenWord("accept_by", "day", "The last day to accept the grant."),
    OpenWord("rate", "rate", "The highest share of the cost that is paid."),
    OpenWord("reserve_place", "number", "The place on the reserve list."),
    OpenWord("reserve_until", "day", "The day on which the reserve list ends."),
    OpenWord("rank", "number", "The place in the ranking."),
    OpenWord("ranked", "number", "How many were ranked."),
    OpenWord("replaces", "day", "The day of the earlier decision that this one replaces."),
    OpenWord("remedy_none", "fact", "Whether nothing can be done against the decision."),
    OpenWord("remedy_correction", "fact", "Whether slips are corrected on request, and nothing more."),
    OpenWord("remedy_reconsideration", "fact", "Whether the same body reconsiders on request."),
    OpenWord("remedy_appeal", "fact", "Whether the decision can be appealed."),
    OpenWord("remedy_to", "text", "To whom a request or an appeal is sent."),
    OpenWord("remedy_days", "number", "Within how many days from receipt."),
    OpenWord("firm", "text", "The firm, where the decision is about aid that is passed on."),
    OpenWord("activity", "text", "The activity that the firm is helped with."),
)
_AWARD = _words(
    OpenWord("granted", "money", "The sum that is granted."),
    OpenWord("paid", "money", "What has been paid so far."),
    OpenWord("amount", "money", "The sum that this message is about."),
    OpenWord("conditions", "list", "The conditions that are still open."),
)
_REVIEW = _words(
    OpenWord("project", "text", "The title of the project."),
    OpenWord("organisation", "text", "The organisation that applies."),
)
_AID = _words(
    OpenWord("project", "text", "The title of the project.", sure=True),
    OpenWord("organisation", "text", "The organisation that applies for its firms.", sure=True),
    OpenWord("firm", "text", "The firm that receives the aid."),
    OpenWord("activity", "text", "The activity that the firm is helped with."),
    OpenWord("link", "text", "The address of the page on which the firm answers, for it alone."),
    OpenWord("granted_on", "day", "The date of the grant."),
    OpenWord("regulation", "text", "The regulation under which the aid is granted."),
    OpenWord("amount", "money", "The sum that this message is about."),
)
_STAFF = _words(
    OpenWord("record_title", "text", "What the record is called."),
    OpenWord("organisation", "text", "The organisation that it belongs to."),
    OpenWord("since", "day", "Since when the record is where it is."),
    OpenWord("answer", "text", "What the party answered."),
)
_ACCOUNT = _words(
    OpenWord("agency", "text", "The agency in whose name the letter goes.", sure=True),
    OpenWord("programme", "text", "What the agency runs here.", sure=True),
    OpenWord("ref", "text", "A few signs by which the mail can be told from others.", sure=True),
    OpenWord("recipient", "text", "The name of the person addressed.", sure=True),
    OpenWord("today", "day", "The day of the letter.", sure=True),
    OpenWord("link", "text", "The address that lets the person in, once.", sure=True),
    OpenWord("hours", "number", "For how many hours the link works.", sure=True),
    OpenWord("days", "number", "For how many days the link works.", sure=True),
)

_HOUSE = _words(
    OpenWord("agency", "text", "The agency in whose name the letter goes.", sure=True),
    OpenWord("programme", "text", "What the agency runs here.", sure=True),
    OpenWord("ref", "text", "A few signs by which the mail can be told from others.", sure=True),
    OpenWord("recipient", "text", "The name of the person addressed.", sure=True),
    OpenWord("today", "day", "The day of the letter.", sure=True),
    OpenWord("count", "number", "How many messages it holds."),
    OpenWord("where", "text", "The address that it is about."),
    OpenWord("since", "moment", "Since when it has been so."),
)

ACCOUNT = "account"
"""The kind of letters that let somebody in."""
HOUSE = "house"
"""The kind of letters about how somebody is written to, and what they set up."""
HOUSE_KINDS = frozenset({ACCOUNT, HOUSE})
"""Kinds that hang on no record: the house itself sends them, and no workflow can."""

KINDS: Mapping[str, tuple[str, Mapping[str, OpenWord]]] = {
    kind: (about, {word.name: word for word in words})
    for kind, about, words in (
        ("call", "A message about a call, to whoever follows it.", _EVERY + _CALL),
        ("lab", "A message about taking part in a challenge lab.", _EVERY + _LAB),
        ("application", "A message about an application, to whoever applied.", _EVERY + _CALL + _APPLICATION),
        ("decision", "A decision about an application.", _EVERY + _CALL + _APPLICATION + _DECISION),
        ("award", "A message about a grant, to whoever received it.", _EVERY + _APPLICATION + _AWARD),
        ("review", "A message to a reviewer.", _EVERY + _REVIEW),
        ("aid", "A message about aid that is passed on to firms.", _EVERY + _AID),
        (ACCOUNT, "A message to one person about their own account; no workflow sends it.", _ACCOUNT),
        (HOUSE, "A message of the house itself to one person; no workflow sends it.", _HOUSE),
        ("staff", "A reminder to those who run the programme.", _EVERY + _STAFF),
    )
}
"""What each kind of letter is, and the words that it may leave open."""
