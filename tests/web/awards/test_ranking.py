"""The ranking: what each place rests on, names for those who may know them, and nothing for anybody else."""

import csv

import pytest

from grantflow.services import applications
from tests import cast
from tests.factories.fund import BIRGIT
from tests.web.awards.conftest import Desk
from tests.web.house import words


def test_places_points_marks_and_names(desk: Desk) -> None:
    page = desk.reader(cast.KARIN).text(desk.page("ranking"))
    read = words(page)
    assert "4 of 5 reach the marks: 60 points" in read
    assert read.index("The project of Leif Åslund") < read.index("The project of Ylva Thorsell")
    assert "40 Below the mark" in read
    assert f"{BIRGIT.name} 80" in read


def test_the_board_reads_it_without_the_names_of_reviewers(desk: Desk) -> None:
    read = words(desk.reader(cast.MONA).text(desk.page("ranking")))
    assert "The project of Hanna Pell" in read
    assert BIRGIT.name not in read


def test_a_place_is_kept_from_who_is_in_conflict_with_it(desk: Desk) -> None:
    with desk.fund.tx(cast.YUSUF) as tx:
        karin = desk.fund.people[cast.KARIN.name]
        applications.record_conflict(tx, desk.of(cast.HANNA), karin, "hard", "Her brother's greenhouse.")
    karin_ = desk.reader(cast.KARIN)
    read = words(karin_.text(desk.page("ranking")))
    assert "One place is not shown to you because of a conflict of interest." in read
    assert "Hanna Pell" not in read
    assert "Hanna Pell" not in karin_.text(desk.page("ranking.csv"))
    assert "Hanna Pell" not in karin_.text(desk.page("proposal"))
    karin_.text(f"{desk.page('proposal')}/{desk.ref(cast.HANNA)}", 404)


def test_the_file_holds_what_the_page_shows(desk: Desk) -> None:
    answer = desk.reader(cast.KARIN).get(desk.page("ranking.csv"))
    assert answer.mimetype == "text/csv"
    head, *rows = csv.reader(answer.text.removeprefix("\ufeff").splitlines())
    assert head[:5] == ["place", "reference", "title", "organisation", "points"]
    assert [(row[0], row[4], row[5]) for row in rows] == [
        ("1", "100.00", "yes"),
        ("2", "80.00", "yes"),
        ("3", "60.00", "yes"),
        ("4", "60.00", "yes"),
        ("5", "40.00", "no"),
    ]


@pytest.mark.parametrize("who", [None, cast.LEIF, BIRGIT, cast.PER_OLOF])
def test_nobody_else_knows_that_there_is_one(desk: Desk, who: cast.Person | None) -> None:
    for page in ("ranking", "ranking.csv", "proposal", "letters", "reserve"):
        assert desk.reader(who).get(desk.page(page)).status_code == (404 if who else 303), page
