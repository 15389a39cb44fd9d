"""Guards on labs: who is there, what was held, the frame, and equal access."""

from __future__ import annotations

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from grantflow.domain.calls.facts import CallMoney
from grantflow.domain.labs.facts import (
    Consultation,
    EqualAccess,
    FrameDraft,
    FrameInForce,
    HelicesPresent,
    LabSeats,
    OwnPlace,
    WorkshopsHeld,
)
from grantflow.domain.labs.places import HELICES
from grantflow.domain.refusal import Refusal
from grantflow.domain.time import Span
from grantflow.workflow.registry import Ask, guard


@guard(takes={"at_least": "whole_number"})
def workshops_held(held: WorkshopsHeld, ask: Ask) -> Iterable[Refusal]:
    """Enough workshops have been held."""
    wanted = ask.given["at_least"]
    if held.count < wanted:
        yield Refusal(
            "workshops_missing",
            "%(held)s of %(wanted)s workshops have been held.",
            {"held": held.count, "wanted": wanted},
            "sessions",
        )


@guard(takes={"at_least": "whole_number"})
def helices_present(present: HelicesPresent, ask: Ask) -> Iterable[Refusal]:
    """Enough of business, research, public bodies and civil society are among those admitted to the lab."""
    wanted = ask.given["at_least"]
    if len(present.helices) < wanted:
        missing = [helix for helix in HELICES if helix not in present.helices]
        yield Refusal(
            "helices_missing",
            "%(count)s of the four helices are in the lab; %(wanted)s are needed. Missing: %(missing)s.",
            {"count": len(present.helices), "wanted": wanted, "missing": ", ".join(missing)},
            "participations",
        )


@guard(takes={"of": "whole_number"})
def seats_left(seats: LabSeats, ask: Ask) -> Iterable[Refusal]:
    """The lab has room for one more."""
    if seats.taken >= ask.given["of"]:
        yield Refusal(
            "lab_full",
            "All %(seats)s places of the lab are taken.",
            {"seats": ask.given["of"]},
            "participations",
        )


@guard()
def member_of_the_lab(place: OwnPlace, ask: Ask) -> Iterable[Refusal]:
    """Whoever brings something has been admitted to the lab."""
    del ask
    if not place.admitted:
        yield Refusal(
            "not_in_the_lab",
            "You can contribute once you have been admitted to the lab.",
            {},
            "participation",
        )


@guard()
def frame_in_force(frame: FrameInForce, ask: Ask) -> Iterable[Refusal]:
    """A frame that the body adopted is in force."""
    del ask
    if frame.version is None:
        yield Refusal("no_frame", "No frame is in force yet: a body has to adopt one.", {}, "frame")


@guard()
def frame_in_force_where_there_is_a_lab(frame: FrameInForce, ask: Ask) -> Iterable[Refusal]:
    """Where the call has a lab, the frame that came out of it is in force."""
    if frame.has_lab:
        yield from frame_in_force((frame,), ask)


@guard(takes={"days": "whole_number"})
def equal_access_shown(access: EqualAccess, ask: Ask) -> Iterable[Refusal]:
    """What participants of the lab saw is public or withheld for a stated reason, and long enough, so that nobody has a head start."""
    return access.against(ask.given["days"], ask.now)


@guard()
def vision_written(draft: FrameDraft, ask: Ask) -> Iterable[Refusal]:
    """The frame says where the region wants to be, and a later version what it changes."""
    del ask
    if not draft.vision.strip():
        yield Refusal("vision_missing", "The vision is not written yet.", {}, "vision")
    if draft.version > 1 and not draft.changes.strip():
        yield Refusal("changes_missing", "Say what this version changes and whom it touches.", {}, "changes")


@guard()
def actions_complete(draft: FrameDraft, ask: Ask) -> Iterable[Refusal]:
    """There are actions, numbered without a gap, each with a title, money and at least one indicator."""
    del ask
    if not draft.actions:
        yield Refusal("actions_missing", "The frame has no action yet.", {}, "actions")
    if [action.number for action in draft.actions] != list(range(1, len(draft.actions) + 1)):
        yield Refusal(
            "actions_misnumbered", "The actions are not numbered from 1 without a gap.", {}, "actions"
        )
    for action in draft.actions:
        number, where = {"number": action.number}, f"actions.{action.number}"
        if not action.title.strip():
            yield Refusal("action_untitled", "Action %(number)s has no title.", number, where)
        if not action.envelope:
            yield Refusal(
                "action_without_money", "No money is set aside for action %(number)s.", number, where
            )
        if not action.indicators:
            yield Refusal("action_unmeasured", "Action %(number)s has no indicator.", number, where)


@guard(takes={"period": "span"})
def consultation_long_enough(consultation: Consultation, ask: Ask) -> Iterable[Refusal]:
    """Everybody has had the promised time to comment on the draft."""
    if consultation.opened_at is None:
        return
    zone = ZoneInfo(consultation.zone)
    ends = Span.parse(str(ask.given["period"])).after(consultation.opened_at, zone)
    if ask.now < ends:
        yield Refusal(
            "consultation_running",
            "The draft is open for comments until %(at)s.",
            {"at": f"{ends.astimezone(zone):%Y-%m-%d %H:%M}"},
            "comments",
        )


@guard()
def comments_answered(consultation: Consultation, ask: Ask) -> Iterable[Refusal]:
    """Every comment on the draft has an answer."""
    del ask
    if consultation.unanswered:
        yield Refusal(
            "comments_unanswered",
            "%(count)s of %(all)s comments have no answer yet.",
            {"count": consultation.unanswered, "all": consultation.comments},
            "comments",
        )


@guard()
def consultation_held(consultation: Consultation, ask: Ask) -> Iterable[Refusal]:
    """Everybody could comment on the first version of the frame before a body sees it."""
    del ask
    if consultation.version == 1 and consultation.closed_at is None:
        yield Refusal("not_consulted", "The draft has not been open for comments yet.", {}, "comments")


@guard()
def action_envelopes_within_fund(draft: FrameDraft, money: CallMoney, ask: Ask) -> Iterable[Refusal]:
    """The actions together set aside no more than the fund has, its further rounds included."""
    del ask
    if draft.envelope > money.fund:
        yield Refusal(
            "actions_above_fund",
            "The actions set aside more than the fund has.",
            {"actions": draft.envelope, "fund": money.fund},
            "actions",
        )
