"""Saving meanwhile: what the script is told, and that nobody's words are lost to somebody else's."""

from __future__ import annotations

from werkzeug.test import TestResponse

from tests import cast
from tests.web.applications.conftest import Desk, fill, hidden
from tests.web.browsing import Reader
from tests.web.house import went_on, words


def seen(reader: Reader, ref: str, section: str) -> str:
    return hidden(reader.text(f"/applications/{ref}/form/{section}"), "seen")


def save(reader: Reader, ref: str, section: str, mark: str, **typed: str) -> TestResponse:
    return reader.post(
        f"/applications/{ref}/save",
        {"section": section, "seen": mark, **typed},
        headers={"Accept": "application/json"},
    )


def test_each_save_tells_what_to_say_next_time(desk: Desk, leif: Reader, begun: str):
    mark, told = seen(leif, begun, "budget"), {}
    for number, amount in enumerate(("1 000", "2 000", "2 500,50"), 1):
        told = save(leif, begun, "budget", mark, **{"costs.staff": amount}).get_json()
        assert told["revision"] == number
        assert "Stockholm" in told["saved"]
        mark = told["seen"]
    assert told["totals"] == {"costs": "2\u202f500.50"}
    assert desk.answers(begun)["costs"] == [{"category": "staff", "amount": 2_500_50}]


def test_what_does_not_fit_is_told_and_the_rest_is_saved(desk: Desk, leif: Reader, begun: str):
    answer = save(leif, begun, "plan", seen(leif, begun, "plan"), months="many", steps="Build.")
    assert answer.status_code == 422
    told = answer.get_json()
    assert "How many months it runs" in told["sentence"]
    assert desk.answers(begun) == {"steps": "Build."}
    assert save(leif, begun, "plan", told["seen"], months="9", steps="Build.").status_code == 200


def test_two_who_write_in_different_parts_do_not_disturb_one_another(desk: Desk, leif: Reader, begun: str):
    nils = desk.reader(cast.NILS)
    mine, his = seen(leif, begun, "project"), seen(nils, begun, "plan")
    assert save(nils, begun, "plan", his, steps="His.").status_code == 200
    assert save(leif, begun, "project", mine, title="Mine").status_code == 200
    assert desk.answers(begun) == {"title": "Mine", "steps": "His."}


def test_two_who_write_in_one_part_see_both_versions(desk: Desk, leif: Reader, begun: str):
    nils = desk.reader(cast.NILS)
    mine = seen(leif, begun, "project")
    went_on(fill(nils, begun, "project", {"title": "His title", "idea": "His idea"}))
    answer = save(leif, begun, "project", mine, title="My title", idea="His idea")
    assert answer.status_code == 412
    told = answer.get_json()
    read = words(told["html"])
    assert "His title" in read
    assert "My title" in read
    assert "His idea" not in read, "only what differs is laid side by side"
    assert desk.answers(begun)["title"] == "His title"
    kept = save(leif, begun, "project", told["seen"], title="My title", idea="His idea")
    assert kept.status_code == 200
    assert desk.answers(begun)["title"] == "My title"


def test_without_scripts_a_conflict_keeps_the_words_in_the_fields(desk: Desk, leif: Reader, begun: str):
    nils = desk.reader(cast.NILS)
    page = leif.text(f"/applications/{begun}/form/project")
    went_on(fill(nils, begun, "project", {"title": "His title"}))
    answer = leif.post(
        f"/applications/{begun}/form/project", {"seen": hidden(page, "seen"), "title": "My title"}
    )
    assert answer.status_code == 422
    assert 'value="My title"' in answer.text
    assert "His title" in words(answer.text)
    again = {"seen": hidden(answer.text, "seen"), "title": "My title"}
    went_on(leif.post(f"/applications/{begun}/form/project", again))
    assert desk.answers(begun)["title"] == "My title"


def test_the_same_words_of_two_people_are_no_conflict(desk: Desk, leif: Reader, begun: str):
    mark = seen(leif, begun, "project")
    went_on(fill(desk.reader(cast.NILS), begun, "project", {"title": "Ours"}))
    assert save(leif, begun, "project", mark, title="Ours").status_code == 200


def test_after_sending_nothing_is_saved_any_more(desk: Desk, leif: Reader):
    sent = desk.ref(desk.fund.apply(cast.LEIF, "Night heat", 40_000, 70_000))
    answer = save(leif, sent, "project", "", title="Too late")
    assert answer.status_code == 422
    assert "cannot be changed by you" in answer.get_json()["sentence"]
    assert desk.answers(sent)["title"] == "Night heat"
    assert went_on(leif.get(f"/applications/{sent}/form/project")) == f"/records/{sent}"


def test_who_was_signed_out_is_told_so(desk: Desk, begun: str):
    answer = save(desk.reader(), begun, "project", "", title="Nobody's")
    assert answer.status_code == 401
    assert "Sign in again" in answer.get_json()["sentence"]
