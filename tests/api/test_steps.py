"""Steps: what may be done and why not; and each way in which a step is not taken has its own status."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from grantflow.store.journal import JournalEntry
from grantflow.store.refusals import RefusalRow as Noted
from tests import cast
from tests.api.program import Desk, Program, codes
from tests.factories.fund import answers


@pytest.fixture
def begun(desk: Desk, leif: Program) -> str:
    """The reference of an application that Leif's program has started, without answers."""
    return leif.start(desk.slug)


def entries(desk: Desk) -> int:
    with desk.fund.reading() as tx:
        return int(tx.execute(select(func.count()).select_from(JournalEntry)).scalar_one())


def step(transition: str, **more: Any) -> dict[str, Any]:
    return {"transition": transition, **more}


def test_choices_are_those_of_the_pages_with_every_reason_against(begun: str, leif: Program) -> None:
    found = leif.read(f"/applications/{begun}/transitions")

    assert (found["ref"], found["state"], found["revision"]) == (begun, "draft", 1)
    by_name = {each["name"]: each for each in found["transitions"]}
    assert set(by_name) == {"register", "submit", "withdraw"}
    submit = by_name["submit"]
    assert not submit["allowed"]
    assert {
        "code": "field_missing",
        "sentence": "“Title of the project” is not filled in yet.",
        "where": "title",
    } in submit["refusals"]
    assert submit["asks"] == []


def test_what_a_step_asks_for_is_told_with_its_kind(desk: Desk, leif: Program, yusuf: Program) -> None:
    ref = desk.ref(desk.fund.apply(cast.LEIF, "Night heat", 40_000, 70_000))
    desk.fund.until(desk.fund.plan.date("submission_deadline"))

    found = yusuf.read(f"/records/{ref}/transitions")["transitions"]
    asks = next(each["asks"] for each in found if each["name"] == "ask_completion")
    assert asks == [
        {"name": "sections", "kind": "text", "label": "Sections to reopen", "required": True, "choices": []},
        {"name": "missing", "kind": "long_text", "label": "What is missing", "required": True, "choices": []},
    ]


def test_a_step_without_a_revision_is_asked_for_one(desk: Desk, begun: str, leif: Program) -> None:
    before = entries(desk)
    for headers in ({}, {"If-Match": "*"}):
        assert codes(leif.post(f"/applications/{begun}/transitions", step("withdraw"), **headers), 428) == []
    assert entries(desk) == before


STALE_MARKS = ['"2"', '"r2"', 'W/"1"', '"a1"', '""', '"nothing of ours"', '"0"']


def test_a_stale_mark_is_refused_as_such(desk: Desk, begun: str, leif: Program) -> None:
    for tag in STALE_MARKS:
        before = entries(desk)
        answer = leif.post(f"/applications/{begun}/transitions", step("withdraw"), **{"If-Match": tag})

        assert codes(answer, 412) == ["stale"]
        assert (entries(desk), desk.state(begun)) == (before, "draft")


def test_a_stale_revision_is_refused_as_such(desk: Desk, begun: str, leif: Program) -> None:
    for revision in (0, 2, 10**12):
        answer = leif.post(f"/applications/{begun}/transitions", step("withdraw", revision=revision))
        assert codes(answer, 412) == ["stale"]
    both = leif.post(
        f"/applications/{begun}/transitions", step("withdraw", revision=1), **{"If-Match": '"2"'}
    )
    assert codes(both, 412) == ["stale"]
    assert desk.state(begun) == "draft"


@pytest.mark.parametrize("address", ["/records/{}", "/applications/{}", "/applications/{}/transitions"])
def test_the_mark_of_whatever_shows_the_revision_is_good_for_a_step(
    desk: Desk, begun: str, leif: Program, address: str
) -> None:
    tag = leif.get(address.format(begun)).headers["ETag"]

    answer = leif.post(f"/records/{begun}/transitions", step("withdraw"), **{"If-Match": tag})
    assert answer.status_code == 200
    assert answer.json == {
        "ref": begun,
        "transition": "withdraw",
        "state": "withdrawn",
        "state_label": "Withdrawn",
        "revision": 2,
    }
    assert desk.state(begun) == "withdrawn"


def test_what_is_refused_comes_with_all_its_reasons_and_is_noted(
    desk: Desk, begun: str, leif: Program
) -> None:
    found = leif.read(f"/applications/{begun}/transitions")
    against = next(each["refusals"] for each in found["transitions"] if each["name"] == "submit")

    answer = leif.try_step(begun, "submit", "applications")
    assert "field_missing" in codes(answer, 409)
    assert answer.json is not None
    assert answer.json["refusals"] == against
    with desk.fund.reading() as tx:
        noted = tx.execute(select(Noted.transition, Noted.user_id).order_by(Noted.at.desc())).first()
    assert noted == ("submit", desk.fund.people[cast.LEIF.name])


@pytest.mark.parametrize(
    ("data", "where"),
    [
        ({}, ["sections", "missing"]),
        ({"sections": "organisation", "missing": ["a"]}, ["missing"]),
        ({"sections": "organisation", "missing": "It.", "colour": "green"}, ["colour"]),
        ({"sections": {"a": 1}, "missing": 7}, ["sections", "missing"]),
    ],
)
def test_bad_data_is_told_field_by_field(
    desk: Desk, yusuf: Program, data: dict[str, Any], where: list[str]
) -> None:
    ref = desk.ref(desk.fund.apply(cast.LEIF, "Night heat", 40_000, 70_000))
    desk.fund.until(desk.fund.plan.date("submission_deadline"))

    answer = yusuf.try_step(ref, "ask_completion", **data)
    assert set(codes(answer, 422)) <= {"missing_field", "bad_field"}
    assert answer.json is not None
    assert [each["where"] for each in answer.json["refusals"]] == where
    assert desk.state(ref) == "received"


OTHER_SHAPES = [
    {},
    {"transition": 7, "revision": 1},
    {"transition": "withdraw", "revision": "1"},
    {"transition": "withdraw", "revision": 1.5},
    {"transition": "withdraw", "revision": True},
    {"transition": "withdraw", "revision": -1},
    {"transition": "withdraw", "revision": 1, "data": []},
    {"transition": "withdraw", "revision": 1, "more": 1},
    [],
    "withdraw",
    None,
]


def test_a_body_of_another_shape_is_not_taken(desk: Desk, begun: str, leif: Program) -> None:
    for body in OTHER_SHAPES:
        answer = leif.post(f"/applications/{begun}/transitions", body)

        assert answer.status_code in (400, 422), answer.text
        assert answer.content_type == "application/problem+json"
        assert desk.state(begun) == "draft"


UNREADABLE = [
    b"",
    b"{",
    b"\xff",
    b"[" * 100_000,
    b'{"transition": "withdraw", "revision": ' + b"9" * 6000 + b"}",
    b'{"transition": "with\\u0000draw", "revision": 1}',
    b'{"transition": "withdraw", "revision": 1, "data": {"a": ["\\ud800"]}}',
]


def test_what_cannot_be_read_is_no_fault_of_ours(desk: Desk, begun: str, leif: Program) -> None:
    for raw in UNREADABLE:
        answer = leif.ask(
            "POST", f"/applications/{begun}/transitions", data=raw, content_type="application/json"
        )

        assert answer.status_code in (400, 422), answer.text
        assert desk.state(begun) == "draft"


def test_who_may_not_see_a_record_finds_nothing_whatever_they_do(desk: Desk, begun: str) -> None:
    stranger = desk.program(cast.HANNA)
    nowhere, there = (
        [
            stranger.get(f"/records/{ref}"),
            stranger.get(f"/applications/{ref}"),
            stranger.get(f"/applications/{ref}/transitions"),
            stranger.get(f"/records/{ref}/journal"),
            stranger.get(f"/applications/{ref}/decisions"),
            stranger.get(f"/applications/{ref}/letters"),
            stranger.get(f"/applications/{ref}/checklist"),
            stranger.post(f"/records/{ref}/transitions", step("withdraw", revision=1)),
            stranger.patch(f"/applications/{ref}", {"answers": {}, "answers_revision": 0}),
            stranger.hand_in(ref, "annex", "a.pdf", b"%PDF-1.4"),
        ]
        for ref in ("NMS-2018-9999", begun)
    )

    assert [each.status_code for each in there] == [404] * len(there)
    assert [each.data for each in there] == [each.data for each in nowhere]
    assert stranger.read("/applications") == {"items": [], "next": None}


def test_a_record_is_not_found_under_another_kind(begun: str, leif: Program) -> None:
    assert leif.get(f"/awards/{begun}/transitions").status_code == 404
    assert leif.get(f"/calls/{begun}/journal").status_code == 404
    assert leif.get(f"/widgets/{begun}/transitions").status_code == 404


def test_a_call_is_found_by_its_slug_and_its_reference(desk: Desk) -> None:
    karin = desk.program(cast.KARIN)
    by_slug = karin.read(f"/calls/{desk.slug}/transitions")

    assert by_slug == karin.read(f"/calls/{by_slug['ref']}/transitions")
    assert by_slug["transitions"]


def test_a_step_of_others_is_refused_in_the_same_words_wherever_the_record_is(
    desk: Desk, begun: str, leif: Program
) -> None:
    said = [codes(leif.try_step(begun, name), 409) for name in ("pass", "shelve", "no_such_step")]
    assert said == [["wrong_role"], ["wrong_role"], ["unknown_transition"]]
    leif.fill(begun, answers("Night heat", 40_000, 70_000))
    leif.step(begun, "submit")
    desk.fund.until(desk.fund.plan.date("submission_deadline"))

    assert [codes(leif.try_step(begun, name), 409) for name in ("pass", "shelve", "no_such_step")] == said
