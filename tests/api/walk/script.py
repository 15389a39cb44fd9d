"""The walk: challenge, lab, frame, board, fund, check, reviews, ranking, decision, letters, and who moves up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from tests import cast
from tests.api.walk.hands import Hands
from tests.factories.fund import answers

TUOMAS, BIRGIT, RASA, PIETER, LENA = cast.REVIEWERS[1:6]
PROJECTS: Mapping[cast.Person, tuple[str, int, int, int, int]] = {
    cast.LEIF: ("Night heat to the tomato house", 1, 40_000, 70_000, 5),
    cast.HANNA: ("The greenhouse takes two megawatts", 1, 35_000, 60_000, 4),
    cast.BENGT: ("A yard for old beams", 2, 28_000, 50_000, 3),
}
"""Title, action, what is asked, what it costs, and the points that reviewers give."""


@dataclass
class Walked:
    """What there is at the end, by its references."""

    hashes: list[str] = field(default_factory=list)
    """Of the texts of the letters."""
    applications: dict[str, str] = field(default_factory=dict)


def walk(hands: Hands) -> Walked:
    """Play it all."""
    walked = Walked()
    hands.step(cast.KARIN, hands.call(), "publish")
    brought = the_lab_gathers(hands)
    frame = the_frame_is_written(hands, brought)
    the_board_adopts(hands, frame)
    walked.applications = applicants_apply(hands)
    they_are_checked(hands, walked.applications)
    reviewers_score(hands, walked.applications)
    the_board_decides(hands, walked.applications[cast.BENGT.name])
    walked.hashes = applicants_are_told(hands, walked.applications)
    return walked


def the_lab_gathers(hands: Hands) -> list[str]:
    fund, call = hands.fund, hands.call()
    places = [hands.registers(person) for person in cast.PARTICIPANTS]
    for place in places:
        hands.step(cast.YUSUF, place, "admit")
    hands.step(cast.SAMIRA, places[-2], "change_level", level="co_owner")
    fund.until(fund.plan.date("registration_closes"))
    for title, place, _ in cast.WORKSHOPS:
        session = hands.plans(title, place, fund.now + timedelta(days=21))
        fund.days(21)
        hands.holds(session, places, f"{title}: what we heard.")
    brought = [hands.brings(each.who, each.kind, each.text) for each in cast.CONTRIBUTIONS]
    for each in brought:
        hands.step(cast.YUSUF, each, "publish")
    hands.supports(cast.HANNA, brought[0])
    hands.supports(cast.NILS, brought[0])
    hands.step(cast.NILS, places[-1], "withdraw")
    hands.step(cast.KARIN, call, "start_synthesis")
    return brought


def the_frame_is_written(hands: Hands, brought: list[str]) -> str:
    envelope = sum(window.envelope for stage in hands.fund.plan.stages for window in stage.windows)
    frame = hands.begins_frame("Low carbon where the work is", cast.VISION)
    hands.writes_actions(
        frame,
        [
            {
                "title": action.title,
                "about": "",
                "envelope": envelope * action.percent // 100,
                "indicators": [
                    {"name": action.indicator, "baseline": action.baseline, "target": action.target}
                ],
                "sources": [
                    ref
                    for ref, each in zip(brought, cast.CONTRIBUTIONS, strict=True)
                    if each.action == number and each.who is not cast.NILS
                ],
            }
            for number, action in enumerate(cast.ACTIONS, 1)
        ],
    )
    hands.step(cast.YUSUF, frame, "consult")
    hands.fund.days(7)
    hands.comments(cast.LEARNING_PARTNERS[1], frame, "Keep the form to one page.")
    hands.fund.days(14)
    hands.answers_comments(frame, "We have cut it to one page.")
    hands.step(cast.YUSUF, frame, "end_consultation")
    hands.step(cast.KARIN, frame, "table")
    return frame


def meets(hands: Hands, record: str, matter: str, leaving: cast.Person | None = None) -> None:
    """Let the board meet about a record, and carry out what it adopts."""
    meeting, item = hands.calls_meeting(hands.fund.now + timedelta(days=3), record, matter)
    hands.fund.days(3)
    hands.notes_presence(meeting, cast.BOARD)
    if leaving is not None:
        hands.leaves(leaving, meeting, item)
    hands.notes_outcome(meeting, item, "The board decided as proposed.")
    hands.signs(cast.MONA, meeting, "chair")
    hands.signs(cast.GUNVOR, meeting, "adjuster")
    hands.carries_out(cast.MONA, meeting, item)


def the_board_adopts(hands: Hands, frame: str) -> None:
    fund, call = hands.fund, hands.call()
    meets(hands, frame, "adopt", leaving=cast.OLA)
    hands.step(cast.KARIN, call, "close_lab")
    fund.until(max(fund.now, fund.plan.date("fund_opens")))
    hands.step(cast.KARIN, call, "open_fund")


def applicants_apply(hands: Hands) -> dict[str, str]:
    made = {}
    for person, (title, action, asked, cost, _) in PROJECTS.items():
        made[person.name] = hands.starts(person)
        hands.fills(person, made[person.name], answers(title, asked, cost, [action]))
        hands.step(person, made[person.name], "submit")
        hands.fund.until(hands.fund.now + timedelta(minutes=1))
    hands.fills(cast.YLVA, hands.starts(cast.YLVA), {"title": "Begun and never sent"})
    hands.fund.until(hands.fund.plan.date("submission_deadline"))
    return made


def they_are_checked(hands: Hands, made: Mapping[str, str]) -> None:
    for name, each in made.items():
        hands.has_no_ties(each)
        if name == cast.BENGT.name:
            hands.step(
                cast.YUSUF, each, "ask_completion", sections="budget", missing="Say who pays the rest."
            )
            hands.fills(cast.BENGT, each, {"own_share": "We do, and the town of Avesta."})
            hands.step(cast.BENGT, each, "complete")
        hands.checks(each)
        hands.step(cast.YUSUF, each, "pass")


def reviewers_score(hands: Hands, made: Mapping[str, str]) -> None:
    call, night, yard = hands.call(), made[cast.LEIF.name], made[cast.BENGT.name]
    given: dict[str, dict[str, str]] = {}
    declined = hands.asks_by_mail(night, LENA)
    hands.step(LENA, declined, "decline", reason="I am away until the spring.")
    for name, each in made.items():
        last = RASA if name == cast.BENGT.name else PIETER
        given[name] = {reader.name: hands.asks_by_mail(each, reader) for reader in (BIRGIT, TUOMAS, last)}
    hands.step(cast.KARIN, call, "start_review")
    late = given[cast.BENGT.name].pop(RASA.name)
    hands.declares(RASA, late, "none")
    hands.declares(RASA, late, "hard", "The electrician is my brother.")
    given[cast.BENGT.name][PIETER.name] = hands.asks(yard, PIETER)
    for person, (*_, points) in PROJECTS.items():
        for reviewer in (BIRGIT, TUOMAS, PIETER):
            review = given[person.name][reviewer.name]
            hands.declares(reviewer, review, "none")
            hands.scores(reviewer, review, points)
            hands.step(reviewer, review, "submit")
    hands.step(cast.KARIN, call, "close_review")


def the_board_decides(hands: Hands, yard: str) -> None:
    call = hands.call()
    hands.draws_up()
    hands.changes_line(yard, "reserve", "The yard waits for its permit.", "The yard has no permit yet.")
    hands.step(cast.KARIN, call, "table")
    meets(hands, call, "decide")


def applicants_are_told(hands: Hands, made: Mapping[str, str]) -> list[str]:
    night, greenhouse, yard = (made[person.name] for person in PROJECTS)
    hashes = hands.reads_letters([night, greenhouse, yard])
    hands.step(cast.KARIN, hands.call(), "release")
    hands.step(cast.LEIF, hands.award(cast.LEIF, night), "accept")
    hands.step(cast.HANNA, hands.award(cast.HANNA, greenhouse), "decline", reason="The greenhouse is sold.")
    hands.step(cast.SOFIA, yard, "move_up", reason="A grant was declined, and the permit has come.")
    hashes += hands.reads_letters([yard])
    hands.step(cast.KARIN, yard, "release_one")
    hands.step(cast.BENGT, hands.award(cast.BENGT, yard), "accept")
    return hashes
