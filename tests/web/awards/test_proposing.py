"""The proposal: each line with its sentence, changed only with a reason, its sums held against the money."""

from tests import cast
from tests.web.awards.conftest import Desk
from tests.web.house import went_on, words


def test_every_line_says_why_and_the_sums_stand_above(desk: Desk) -> None:
    read = words(desk.reader(cast.KARIN).text(desk.page("proposal")))
    assert "Place 1 with 100.00 points: EUR 40 000 granted, as asked;" in read.replace("\xa0", " ").replace(
        "\u202f", " "
    )
    assert "3 projects" in read
    assert "Action 1" in read
    assert "Every line gives the answer of the rules." in read
    only = words(desk.reader(cast.KARIN).text(desk.page("proposal") + "?only=reserve"))
    assert "The project of Mikael Sten" in only
    assert "The project of Leif Åslund" not in only


def test_a_line_is_changed_only_with_a_reason_and_within_the_limits(desk: Desk) -> None:
    karin, line = desk.reader(cast.KARIN), f"{desk.page('proposal')}/{desk.ref(cast.MIKAEL)}"
    change = {"answer": "yes", "amount": "25 000", "reasons": "Good.", "conditions": "Find a roof.\n\n"}
    silent = karin.post(line, change)
    assert silent.status_code == 422
    assert "This departs from what the ranking and the rules give: say why." in words(silent.text)
    assert "Find a roof." in silent.text
    much = karin.post(line, {**change, "amount": "300 000", "departure_reason": "The only one from Mora."})
    assert "The window&#39;s rules allow between" in much.text
    assert karin.post(line, {**change, "amount": "much"}).status_code == 422
    assert karin.post(line, {"amount": "1"}).status_code == 422
    said = {**change, "departure_reason": "The only one from Mora."}
    assert went_on(karin.post(line, said)).startswith(desk.page("proposal"))
    read = words(karin.text(desk.page("proposal")))
    assert "Changed The only one from Mora." in read
    assert "Too much" in read
    assert "One line gives another answer than the rules." in read


def test_a_lower_sum_needs_its_reason_too(desk: Desk) -> None:
    karin, line = desk.reader(cast.KARIN), f"{desk.page('proposal')}/{desk.ref(cast.LEIF)}"
    less = {"answer": "yes", "amount": "35 000,00"}
    assert karin.post(line, less).status_code == 422
    assert went_on(karin.post(line, {**less, "departure_reason": "The pipe is shorter."}))
    assert "The pipe is shorter." in karin.text(desk.page("proposal"))


def test_drawing_it_up_anew_is_never_a_slip(desk: Desk) -> None:
    karin, page = desk.reader(cast.KARIN), desk.page("proposal")
    assert karin.post(page).status_code == 422
    assert went_on(karin.post(page, {"anew": "yes"})) == page
    assert "Proposal 2" in words(karin.text(page))


def test_the_body_reads_it_once_it_is_before_it_and_officials_change_it_no_more(desk: Desk) -> None:
    mona, karin, page = desk.reader(cast.MONA), desk.reader(cast.KARIN), desk.page("proposal")
    mona.text(page, 404)
    assert mona.post(page, {"anew": "yes"}).status_code == 404
    desk.fund.step(cast.KARIN, desk.fund.call_id, "table")
    assert "The project of Leif Åslund" in mona.text(page)
    karin.text(f"{page}/{desk.ref(cast.LEIF)}", 404)
    assert karin.post(page, {"anew": "yes"}).status_code == 422
    assert mona.post(page, {"anew": "yes"}).status_code == 422
    assert mona.post(f"{page}/{desk.ref(cast.LEIF)}", {"answer": "no"}).status_code == 404


def test_what_was_decided_is_not_weighed_against_what_is_free_now(desk: Desk) -> None:
    karin = desk.reader(cast.KARIN)
    assert "Free now" in words(karin.text(desk.page("proposal")))
    desk.fund.decide()
    read = words(karin.text(desk.page("proposal")))
    assert "Free now" not in read
    assert "Too much" not in read
