"""Applications: started, saved in parts without overwriting one another, with files, listed page by page."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event

from tests import cast
from tests.api.program import Desk, Program, codes
from tests.factories.fund import answers

PDF = b"%PDF-1.4\n%%EOF\n"


@pytest.fixture
def begun(desk: Desk, leif: Program) -> str:
    return leif.start(desk.slug)


def test_a_started_application_says_where_it_is_and_what_it_lacks(desk: Desk, leif: Program) -> None:
    organisation = leif.read("/me")["organisations"][0]
    made = leif.post("/applications", {"call": desk.slug, "organisation": organisation["id"]})

    assert made.status_code == 201
    assert made.json is not None
    assert made.headers["Location"] == f"/api/v1/applications/{made.json['ref']}"
    assert leif.read(made.headers["Location"]) == made.json
    assert leif.get(made.headers["Location"]).headers["ETag"] == made.headers["ETag"]
    assert (made.json["organisation"], made.json["state"], made.json["editable"]) == (
        cast.LEIF.organisation,
        "draft",
        True,
    )
    assert (made.json["answers"], made.json["answers_revision"], made.json["sent"]) == ({}, 0, None)
    assert {each["code"] for each in made.json["missing"]} == {"field_missing"}


def test_one_starts_for_ones_own_organisation_in_a_call_that_there_is(desk: Desk, leif: Program) -> None:
    own, others = (
        str(desk.fund.organisations[person.organisation or ""]) for person in (cast.LEIF, cast.HANNA)
    )
    foreign = leif.post("/applications", {"call": desk.slug, "organisation": others})
    nowhere = leif.post("/applications", {"call": "nowhere", "organisation": own})
    pot = leif.post("/applications", {"call": desk.slug, "organisation": own, "window": "gold"})

    assert codes(foreign, 409) == ["not_your_organisation"]
    assert codes(nowhere, 404) == []
    assert codes(pot, 422) == ["unknown_window"]
    assert leif.read("/applications")["items"] == []


def test_a_save_keeps_what_it_does_not_name_and_null_takes_away(begun: str, leif: Program) -> None:
    leif.fill(begun, {"title": "Night heat", "months": 9})
    found = leif.fill(begun, {"months": None, "asked": 4_000_000})

    assert found["answers"] == {"title": "Night heat", "asked": 4_000_000}
    assert (found["answers_revision"], found["asked"]) == (2, {"amount": 4_000_000, "currency": "EUR"})


@pytest.mark.parametrize(
    ("mend", "status"),
    [
        ({"answers_revision": 0}, 412),
        ({"answers_revision": 2}, 412),
        ({}, 428),
    ],
)
def test_a_save_names_the_answers_that_it_saw(
    begun: str, leif: Program, mend: dict[str, Any], status: int
) -> None:
    leif.fill(begun, {"title": "Night heat"})
    answer = leif.patch(f"/applications/{begun}", {"answers": {"title": "Day heat"}, **mend})

    assert answer.status_code == status
    assert leif.read(f"/applications/{begun}")["answers"] == {"title": "Night heat"}


def test_a_save_goes_by_the_mark_of_what_was_read(begun: str, leif: Program) -> None:
    tag = leif.get(f"/applications/{begun}").headers["ETag"]
    first = leif.patch(f"/applications/{begun}", {"answers": {"title": "A"}}, **{"If-Match": tag})
    late = leif.patch(f"/applications/{begun}", {"answers": {"title": "B"}}, **{"If-Match": tag})
    step = leif.get(f"/applications/{begun}/transitions").headers["ETag"]
    other = leif.patch(f"/applications/{begun}", {"answers": {"title": "C"}}, **{"If-Match": step})
    after = leif.patch(
        f"/applications/{begun}", {"answers": {"title": "D"}}, **{"If-Match": first.headers["ETag"]}
    )

    assert [each.status_code for each in (first, late, other, after)] == [200, 412, 412, 200]
    assert leif.read(f"/applications/{begun}")["answers"] == {"title": "D"}


NOT_FITTING: list[tuple[dict[str, Any], str]] = [
    ({"months": "nine"}, "field_wrong"),
    ({"colour": "green"}, "unknown_field"),
    ({"size": "enormous"}, "field_wrong"),
    ({"annex": ["0" * 32]}, "unknown_file"),
    ({"asked": 10**30}, "field_wrong"),
    ({"costs": [{"category": "gold", "amount": 1}]}, "field_wrong"),
]


def test_a_save_with_one_answer_that_does_not_fit_saves_none(begun: str, leif: Program) -> None:
    for wrong, code in NOT_FITTING:
        body = {"answers": {"title": "Night heat", **wrong}, "answers_revision": 0}
        answer = leif.patch(f"/applications/{begun}", body)

        assert codes(answer, 422) == [code]
        assert answer.json is not None
        assert [each["where"] for each in answer.json["refusals"]] == list(wrong)
        assert leif.read(f"/applications/{begun}")["answers"] == {}


def test_what_was_sent_is_frozen_and_read_by_officials_who_never_saw_the_draft(
    begun: str, desk: Desk, leif: Program, yusuf: Program
) -> None:
    leif.fill(begun, answers("Night heat", 40_000, 70_000))
    assert yusuf.get(f"/applications/{begun}").status_code == 404
    leif.step(begun, "submit")

    for program in (leif, yusuf):
        found = program.read(f"/applications/{begun}")
        assert (found["editable"], found["answers"], found["files"]) == (False, None, [])
        sent = {field["name"]: field for section in found["sent"]["sections"] for field in section["fields"]}
        assert sent["title"]["answer"] == ["Night heat"]
        assert sent["asked"]["answer"] == {"amount": 4_000_000, "currency": "EUR"}
        assert sent["costs"]["answer"] == [{"label": "Staff", "amount": 7_000_000}]
        assert (sent["months"]["answer"], sent["truth"]["answer"]) == (9, True)
        late = program.patch(f"/applications/{begun}", {"answers": {"title": "X"}, "answers_revision": 1})
        assert codes(late, 409) == ["not_editable"]


def test_a_file_is_handed_in_read_back_and_taken_away(begun: str, desk: Desk, leif: Program) -> None:
    made = leif.hand_in(begun, "annex", "../Offert å.pdf", PDF)
    assert made.status_code == 201, made.text
    assert made.json is not None
    (kept,) = made.json["files"]
    assert made.json["answers"]["annex"] == [kept["id"].replace("-", "")]

    given = leif.get(f"/files/{kept['id']}")
    assert (given.data, given.content_type) == (PDF, "application/pdf")
    assert given.headers["Content-Disposition"].startswith("attachment;")
    for other in (desk.program(cast.HANNA), desk.program(cast.YUSUF)):
        assert other.get(f"/files/{kept['id']}").status_code == 404
    assert leif.fill(begun, {"annex": None})["files"] == []


NO_FILES = [
    ("annex", "a.pdf", b"<html>", 409),
    ("annex", "a.pdf", b"", 409),
    ("title", "a.pdf", PDF, 422),
    ("", "a.pdf", PDF, 422),
    ("annex", "a.pdf", PDF + b" " * 10 * 1024 * 1024, 409),
]


def test_what_is_no_file_of_the_form_is_not_taken(begun: str, leif: Program) -> None:
    for field, name, content, status in NO_FILES:
        answer = leif.hand_in(begun, field, name, content)

        assert answer.status_code == status, answer.text[:500]
        assert answer.content_type == "application/problem+json"
        assert leif.read(f"/applications/{begun}")["files"] == []


def test_what_is_larger_than_any_file_is_not_even_read(begun: str, leif: Program) -> None:
    for address, kind, size in (
        (f"/applications/{begun}/files", "multipart/form-data; boundary=x", 12 * 1024 * 1024),
        (f"/applications/{begun}/transitions", "application/json", 1024 * 1024 + 1),
    ):
        answer = leif.ask("POST", address, data=b"x" * size, content_type=kind)
        assert codes(answer, 413) == []


def test_lists_go_on_behind_a_key_and_find_each_once(desk: Desk, leif: Program) -> None:
    refs = [leif.start(desk.slug) for _ in range(5)]
    desk.program(cast.HANNA).start(desk.slug)

    found, address = [], f"/applications?limit=2&call={desk.slug}"
    while address:
        page = leif.read(address)
        assert len(page["items"]) <= 2
        found += [each["ref"] for each in page["items"]]
        if len(found) == 2:
            refs.append(leif.start(desk.slug))  # what comes meanwhile moves nothing
        address = page["next"]
    assert found == refs
    assert leif.read("/applications?state=draft")["items"] == leif.read("/applications")["items"]
    for nothing in ("state=received", "call=nowhere", "after=ZZZ"):
        assert leif.read(f"/applications?{nothing}") == {"items": [], "next": None}


NO_QUERIES = ["limit=101", "limit=0", "limit=x", "after=" + "x" * 201, "colour=green"]


def test_a_query_that_is_none_is_told(leif: Program) -> None:
    for query in NO_QUERIES:
        assert codes(leif.get(f"/applications?{query}"), 422) == ["bad_field"]


def test_a_list_takes_as_many_statements_for_five_as_for_one(desk: Desk, leif: Program) -> None:
    sent: list[str] = []
    event.listen(
        desk.fund.database.sql,
        "before_cursor_execute",
        lambda _c, _cursor, statement, *_: sent.append(statement),
    )

    def statements() -> int:
        sent.clear()
        leif.read("/applications")
        return len(sent)

    leif.start(desk.slug)
    one = statements()
    for _ in range(4):
        leif.start(desk.slug)
    assert statements() == one


def test_what_is_known_is_not_sent_again(begun: str, leif: Program) -> None:
    for address in (
        f"/applications/{begun}",
        "/applications",
        f"/records/{begun}",
        "/calls",
        f"/records/{begun}/journal",
    ):
        first = leif.get(address)
        again = leif.get(address, **{"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]
    tag = leif.get(f"/applications/{begun}").headers["ETag"]
    leif.fill(begun, {"title": "Night heat"})
    assert leif.get(f"/applications/{begun}", **{"If-None-Match": tag}).status_code == 200
