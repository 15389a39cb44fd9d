"""Guards of applications: when they may be sent, with what, and how they are checked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from grantflow.domain.applications.checking import Checklist
from grantflow.domain.applications.sending import (
    CompletionAsked,
    Conflicts,
    FilledForm,
    FrameServed,
    LabBar,
    SendingTimes,
    WindowLimits,
    named_sections,
)
from grantflow.domain.money import Money
from grantflow.domain.refusal import Refusal
from grantflow.workflow.registry import Ask, guard

STANDING_STILL = Refusal(
    "call_stands_still",
    "The call is suspended or called off. Nothing is received until it goes on.",
    where="call",
)


@guard()
def not_in_conflict(conflicts: Conflicts, ask: Ask) -> Iterable[Refusal]:
    """Nobody acts on an application with which a conflict of interest of theirs is on record."""
    if ask.actor.user_id in conflicts.people:
        yield Refusal("in_conflict", "You have a conflict of interest with this application.")


@guard(takes={"until": "date"})
def registration_open(times: SendingTimes, ask: Ask) -> Iterable[Refusal]:
    """The time to register has not passed, and the application is not registered yet."""
    if times.standing_still:
        yield STANDING_STILL
    if times.registered_at is not None:
        yield Refusal("already_registered", "The application is registered already.")
    last = times.dates.get(str(ask.given["until"])) or times.deadline
    if last is not None and ask.now >= last:
        yield Refusal(
            "registration_closed",
            "The time to register ended on %(deadline)s.",
            {"deadline": last},
            "call",
        )


@guard()
def window_open(times: SendingTimes, ask: Ask) -> Iterable[Refusal]:
    """The deadline has not passed; the moment of sending counts, by the clock of the server."""
    if times.standing_still:
        yield STANDING_STILL
    elif times.is_late(ask.now):
        yield Refusal(
            "deadline_passed",
            "The deadline was %(deadline)s. What is sent now is late, and somebody decides whether it is admitted.",
            {"deadline": times.deadline},
            "call",
        )


@guard()
def window_closed(times: SendingTimes, ask: Ask) -> Iterable[Refusal]:
    """The deadline has passed: what is sent now is late."""
    if times.standing_still:
        yield STANDING_STILL
    elif not times.is_late(ask.now):
        yield Refusal("not_late", "The deadline has not passed yet; this can be sent in time.", where="call")


@guard()
def begun_in_time_or_on_paper(times: SendingTimes, ask: Ask) -> Iterable[Refusal]:
    """After the deadline nothing new is begun, but for what came on paper and has to be entered."""
    if times.is_late(ask.now) and not times.on_paper:
        yield Refusal(
            "too_late_to_begin",
            "The deadline was %(deadline)s. After it, only what came on paper is entered.",
            {"deadline": times.deadline},
            "call",
        )


@guard()
def came_on_paper(times: SendingTimes, ask: Ask) -> Iterable[Refusal]:
    """The application came on paper or by mail, and an officer enters it."""
    if not times.on_paper:
        yield Refusal(
            "not_on_paper", "This application did not come on paper; its owner fills it in and sends it."
        )


@guard()
def arrived_in_time(times: SendingTimes, ask: Ask) -> Iterable[Refusal]:
    """What came on paper arrived before the deadline; its true arrival counts, not the moment of entering it."""
    arrived = ask.data.get("arrived")
    yield from _arrival_faults(times, arrived, ask.now)
    if arrived is not None and times.is_late(arrived):
        yield Refusal(
            "arrived_late",
            "The deadline was %(deadline)s, and this arrived later.",
            {"deadline": times.deadline},
            "arrived",
        )


@guard()
def arrived_late(times: SendingTimes, ask: Ask) -> Iterable[Refusal]:
    """What came on paper arrived after the deadline; its true arrival counts, not the moment of entering it."""
    arrived = ask.data.get("arrived")
    yield from _arrival_faults(times, arrived, ask.now)
    if arrived is None or not times.is_late(arrived):
        yield Refusal("arrived_in_time", "This arrived before the deadline.", where="arrived")


def _arrival_faults(times: SendingTimes, arrived: datetime | None, now: datetime) -> Iterable[Refusal]:
    if times.standing_still:
        yield STANDING_STILL
    if arrived is not None and arrived > now:
        yield Refusal("arrives_in_future", "Something cannot have arrived in the future.", where="arrived")


@guard(takes={"until": "date"})
def registered_in_time(times: SendingTimes, ask: Ask) -> Iterable[Refusal]:
    """The application was registered before the registration deadline, where the call has one."""
    last = times.dates.get(str(ask.given["until"]))
    if last is None:
        return
    if times.registered_at is None:
        yield Refusal(
            "not_registered",
            "This call takes only applications that were registered by %(deadline)s, and this one is not.",
            {"deadline": last},
            "registration",
        )
    elif times.registered_at >= last:
        yield Refusal(
            "registered_late",
            "This application was registered after %(deadline)s, and the call takes only those registered by then.",
            {"deadline": last},
            "registration",
        )


@guard()
def form_complete(filled: FilledForm, ask: Ask) -> Iterable[Refusal]:
    """Every question of the form that must be answered is answered, within its limits."""
    yield from filled.form.faults(filled.answers)


@guard()
def inside_frame(frame: FrameServed, ask: Ask) -> Iterable[Refusal]:
    """The application serves an action of the frame that the lab adopted; a call without a lab has none."""
    if not frame.has_lab:
        return
    if not frame.named:
        yield Refusal(
            "no_action_named",
            "Name at least one action of the frame that your project serves: the fund invests only inside it.",
            where="actions",
        )
    for number in frame.named:
        if number not in frame.offered:
            yield Refusal(
                "action_not_in_frame",
                "The frame that is in force has no action %(number)s.",
                {"number": number},
                "actions",
            )


@guard()
def within_window_limits(limits: WindowLimits, ask: Ask) -> Iterable[Refusal]:
    """The sum asked for lies within the window's minimum, maximum and share of cost, and the applicant in its territory."""
    if limits.window is None:
        yield Refusal("no_window", "Choose the window from which you ask for money.", where="window")
        return
    if not limits.inside_territory:
        yield Refusal(
            "outside_territory",
            "%(window)s funds organisations in %(territory)s, and yours is registered elsewhere.",
            {"window": limits.window, "territory": ", ".join(limits.territory)},
            "organisation",
        )
    if not limits.asked:
        yield Refusal("nothing_asked", "Say which sum you ask for.", where="asked")
        return
    if not limits.cost:
        yield Refusal(
            "no_cost", "Fill in the budget: without a cost no share of it can be granted.", where="budget"
        )
        return
    if limits.asked < limits.minimum:
        yield Refusal(
            "below_minimum",
            "You ask for %(asked)s; %(window)s grants at least %(minimum)s.",
            {
                "asked": Money(limits.asked, limits.currency),
                "minimum": Money(limits.minimum, limits.currency),
                "window": limits.window,
            },
            "asked",
        )
    if limits.asked > limits.most:
        yield Refusal(
            "above_maximum",
            "You ask for %(asked)s; of a cost of %(cost)s %(window)s may grant at most %(most)s.",
            {
                "asked": Money(limits.asked, limits.currency),
                "cost": Money(limits.cost, limits.currency),
                "most": Money(limits.most, limits.currency),
                "window": limits.window,
            },
            "asked",
        )


@guard()
def not_barred_by_the_lab(bar: LabBar, ask: Ask) -> Iterable[Refusal]:
    """Nobody applies who wrote on the frame for the programme, and no organisation of theirs."""
    if ask.actor.user_id in bar.authors and not bar.on_paper:
        yield Refusal(
            "barred_by_lab",
            "You wrote on the frame for the programme, so you may not apply inside it: all shall have equal access.",
        )
    elif bar.in_organisation:
        yield Refusal(
            "organisation_barred_by_lab",
            "Somebody of this organisation wrote on the frame for the programme, so it may not apply inside it.",
        )


@guard()
def sections_may_be_completed(filled: FilledForm, ask: Ask) -> Iterable[Refusal]:
    """Only sections may be reopened that the form says may be completed; what is scored never is."""
    named = named_sections(str(ask.data.get("sections", "")))
    known = {section.name for section in filled.form.sections}
    for name in named:
        if name not in known:
            yield Refusal(
                "unknown_section",
                "The form has no section “%(name)s”. It has: %(known)s.",
                {"name": name, "known": ", ".join(section.name for section in filled.form.sections)},
                "sections",
            )
        elif name not in filled.form.may_be_completed:
            yield Refusal(
                "section_not_completable",
                "The section “%(name)s” may not be completed after the deadline: it would improve the bid.",
                {"name": name},
                "sections",
            )


@guard()
def completion_given(filled: FilledForm, asked: CompletionAsked, ask: Ask) -> Iterable[Refusal]:
    """What was missing is filled in: something was saved since it was asked for, and the form is complete."""
    if not asked.saved_since:
        yield Refusal(
            "nothing_completed",
            "Nothing has been changed in the reopened sections since you were asked: %(sections)s.",
            {"sections": ", ".join(asked.sections)},
            "sections",
        )
    yield from filled.form.faults(filled.answers)


@guard()
def checklist_complete(checklist: Checklist, ask: Ask) -> Iterable[Refusal]:
    """Every item of the checklist is answered."""
    for name in checklist.open:
        yield Refusal(
            "checklist_open",
            "“%(item)s” on the checklist is not answered yet.",
            {"item": checklist.items[name]},
            name,
        )


@guard()
def checklist_met(checklist: Checklist, ask: Ask) -> Iterable[Refusal]:
    """No item of the checklist is answered with no."""
    for name in checklist.unmet:
        yield Refusal(
            "checklist_unmet",
            "“%(item)s” on the checklist is not met.",
            {"item": checklist.items[name]},
            name,
        )


@guard()
def checklist_not_met(checklist: Checklist, ask: Ask) -> Iterable[Refusal]:
    """At least one item of the checklist is answered with no: without one there is no ground to refuse."""
    if not checklist.unmet:
        yield Refusal(
            "no_item_unmet",
            "Every item of the checklist is met, so there is no ground on which to find it not eligible.",
            where="checklist",
        )
