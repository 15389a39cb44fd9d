"""Guards on labs and frames: what each says, and when it says nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from grantflow.domain.actor import SYSTEM
from grantflow.domain.calls.facts import CallMoney, WindowMoney
from grantflow.domain.labs.facts import (
    ActionDraft,
    Consultation,
    EqualAccess,
    FrameDraft,
    FrameInForce,
    HelicesPresent,
    LabSeats,
    OwnPlace,
    WorkshopsHeld,
)
from grantflow.workflow.guards import labs
from grantflow.workflow.registry import Ask

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
HEAT = ActionDraft(1, "Heat", 1000, 1)
BARK = ActionDraft(2, "Bark", 500, 2)


def codes(guard, *facts, now=NOW, **given) -> list[str]:
    return [refusal.code for refusal in guard(list(facts), Ask(SYSTEM, now, given))]


def test_enough_workshops_have_been_held():
    assert codes(labs.workshops_held, WorkshopsHeld(3), at_least=3) == []
    assert codes(labs.workshops_held, WorkshopsHeld(2), at_least=3) == ["workshops_missing"]


def test_enough_helices_are_in_the_lab_and_the_missing_are_named():
    present = HelicesPresent(frozenset({"business", "public", "research"}))
    assert codes(labs.helices_present, present, at_least=3) == []
    (refusal,) = labs.helices_present([present], Ask(SYSTEM, NOW, {"at_least": 4}))
    assert (refusal.code, refusal.params["missing"]) == ("helices_missing", "civil_society")


def test_a_lab_has_as_many_seats_as_it_has():
    assert codes(labs.seats_left, LabSeats(149), of=150) == []
    assert codes(labs.seats_left, LabSeats(150), of=150) == ["lab_full"]


def test_only_members_contribute():
    assert codes(labs.member_of_the_lab, OwnPlace(admitted=True)) == []
    assert codes(labs.member_of_the_lab, OwnPlace(admitted=False)) == ["not_in_the_lab"]


@pytest.mark.parametrize(
    ("has_lab", "version", "gate"), [(True, None, ["no_frame"]), (True, 2, []), (False, None, [])]
)
def test_a_frame_binds_where_there_is_a_lab(has_lab, version, gate):
    frame = FrameInForce(has_lab, version, NOW if version else None)
    assert codes(labs.frame_in_force_where_there_is_a_lab, frame) == gate
    assert codes(labs.frame_in_force, frame) == ([] if version else ["no_frame"])


def test_equal_access_is_the_proof_itself():
    access = EqualAccess(NOW - timedelta(days=13), 1, 0, 0)
    expected = [refusal.code for refusal in access.against(14, NOW)]
    assert (
        codes(labs.equal_access_shown, access, days=14)
        == expected
        == ["frame_too_fresh", "contributions_hidden"]
    )


@pytest.mark.parametrize(
    ("draft", "vision", "actions"),
    [
        (FrameDraft(1, "Nothing unused.", "", (HEAT, BARK)), [], []),
        (FrameDraft(1, "  ", "", ()), ["vision_missing"], ["actions_missing"]),
        (FrameDraft(2, "Nothing unused.", "", (HEAT,)), ["changes_missing"], []),
        (FrameDraft(2, "Nothing unused.", "More for 4.", (HEAT,)), [], []),
        (FrameDraft(1, "V", "", (HEAT, ActionDraft(3, "Gap", 1, 1))), [], ["actions_misnumbered"]),
        (
            FrameDraft(1, "V", "", (ActionDraft(1, " ", 0, 0),)),
            [],
            ["action_untitled", "action_without_money", "action_unmeasured"],
        ),
    ],
)
def test_a_frame_has_a_vision_and_whole_actions(draft, vision, actions):
    assert codes(labs.vision_written, draft) == vision
    assert codes(labs.actions_complete, draft) == actions


def consultation(**more) -> Consultation:
    values = {
        "version": 1,
        "opened_at": NOW,
        "closed_at": None,
        "comments": 17,
        "unanswered": 0,
        "zone": "Europe/Stockholm",
    }
    return Consultation(**{**values, **more})


def test_a_consultation_lasts_as_long_as_promised_by_the_local_clock():
    # 21 days over the change to summer time are one hour short of 21 times 24.
    ends = NOW + timedelta(days=21)
    assert codes(labs.consultation_long_enough, consultation(), now=ends, period="21d") == []
    early = ends - timedelta(minutes=1)
    assert codes(labs.consultation_long_enough, consultation(), now=early, period="21d") == [
        "consultation_running"
    ]
    late = datetime(2026, 3, 10, 9, tzinfo=UTC)
    after_change = late + timedelta(days=21) - timedelta(hours=1)
    assert (
        codes(labs.consultation_long_enough, consultation(opened_at=late), now=after_change, period="21d")
        == []
    )


def test_every_comment_is_answered():
    assert codes(labs.comments_answered, consultation()) == []
    assert codes(labs.comments_answered, consultation(unanswered=1)) == ["comments_unanswered"]


def test_the_first_version_is_consulted_on():
    assert codes(labs.consultation_held, consultation()) == ["not_consulted"]
    assert codes(labs.consultation_held, consultation(closed_at=NOW)) == []
    assert codes(labs.consultation_held, consultation(version=2)) == []


def test_actions_set_aside_no_more_than_the_fund_has():
    draft = FrameDraft(1, "V", "", (HEAT, BARK))
    money = CallMoney({"a": WindowMoney(1000, 0, 0), "b": WindowMoney(500, 0, 0)})
    assert codes(labs.action_envelopes_within_fund, draft, money) == []
    less = CallMoney({"a": WindowMoney(1000, 0, 0), "b": WindowMoney(499, 0, 0)})
    assert codes(labs.action_envelopes_within_fund, draft, less) == ["actions_above_fund"]


def test_every_refusal_is_a_whole_sentence_filled_in():
    draft = FrameDraft(2, "", "", (ActionDraft(2, "", 0, 0),))
    refusals = [
        *labs.vision_written([draft], Ask(SYSTEM, NOW)),
        *labs.actions_complete([draft], Ask(SYSTEM, NOW)),
        *labs.comments_answered([consultation(unanswered=2)], Ask(SYSTEM, NOW)),
        *labs.seats_left([LabSeats(3)], Ask(SYSTEM, NOW, {"of": 3})),
    ]
    for refusal in refusals:
        assert "%" not in refusal.sentence
        assert refusal.sentence[0].isupper() or refusal.sentence[0].isdigit()
        assert refusal.sentence.endswith(".")
