"""A cluster asks for lump sums in the browser: how it chose the firms, the firms, and sending, as without scripts."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from grantflow.services.letters.receipts import receipt_paper
from grantflow.store.aid.models import Line, Selection
from grantflow.store.people.models import Organisation
from tests import cast
from tests.services.aid.house import TODAY
from tests.web.aid.desk import Desk
from tests.web.applications.conftest import fill, hidden
from tests.web.browsing import Reader
from tests.web.house import went_on, words

CHOSEN = {
    "selection.how": "An open call among our 43 members, in the newsletter and by mail.",
    "selection.rules": "First those who have not been abroad.",
    "selection.rules_published_on": "2026-09-18",
    "selection.invited": "43",
    "selection.answered": "7",
    "selection.chosen": "3",
    "selection.reasons": "Four were at the same fair last year.",
}
PLAN = {
    "activity": "trade_fair",
    "place": "Kaunas",
    "starts_on": "2027-02-10",
    "contact": "kerstin.faman@demo.invalid",
}
NEW = {"number": "556 000-0042", "name": "Dalfog Snickeri AB", "country": "SE", **PLAN}


@pytest.fixture
def begun(desk: Desk, marie: Reader) -> str:
    """The reference of a request whose form is filled in, and nothing beside it."""
    slug = "internationalisation-aid"
    sent = {"organisation": str(desk.house.cluster), "once": "begin"}
    marie.text(f"/calls/{slug}/apply")
    ref = went_on(marie.post(f"/calls/{slug}/apply", sent)).split("/")[2]
    plan = {"title": "Wood fair in Kaunas", "country": "Lithuania", "purpose": "Buyers."}
    assert went_on(fill(marie, ref, "plan", plan)) == f"/applications/{ref}/form/host"
    onward = went_on(fill(marie, ref, "host", {"contact": "Marie Ulander, 070-174 06 05"}))
    assert onward == f"/applications/{ref}/selection", "the form goes on with what is sent beside it"
    return ref


def choose(marie: Reader, ref: str, **more: str) -> str:
    page = marie.text(f"/applications/{ref}/selection")
    return went_on(
        marie.post(f"/applications/{ref}/selection", {**CHOSEN, "seen": hidden(page, "seen"), **more})
    )


def test_from_the_form_over_the_firms_to_the_receipt(desk: Desk, marie: Reader, begun: str):
    assert choose(marie, begun) == f"/applications/{begun}/firms"
    firm = {"number": desk_number(desk, "limtra"), "name": "anything", "country": "SE", **PLAN}
    assert went_on(marie.post(f"/applications/{begun}/firms", {**firm, "once": "1"})) == (
        f"/applications/{begun}/firms"
    )
    went_on(marie.post(f"/applications/{begun}/firms", {**firm, "once": "1"}))
    went_on(marie.post(f"/applications/{begun}/firms", {**NEW, "activity": "matchmaking", "once": "2"}))
    page = words(marie.text(f"/applications/{begun}/firms"))
    assert page.count(cast.GLULAM.name) >= 1, (
        "the number says which firm it is, whatever is written as its name"
    )
    assert "anything" not in page
    assert "Dalfog Snickeri AB" in page
    assert "Together: EUR 5 500" in plain(page)

    check = marie.text(f"/applications/{begun}/send")
    assert "Everything that has to be there is there." in check
    assert "EUR 5 500" in plain(words(check))
    assert "cannot be changed afterwards" in check
    receipt = went_on(marie.post(f"/applications/{begun}/send", {"revision": hidden(check, "revision")}))
    request = desk.record(begun)
    assert desk.house.state(request) == "under_decision"
    assert [desk.house.state(line) for line in desk.lines(request)] == ["asked", "asked"]
    read = plain(words(marie.text(receipt)))
    assert "First those who have not been abroad." in read
    assert "Dalfog Snickeri AB" in read
    assert "EUR 5 500" in read


def test_an_organisation_says_once_what_it_does_for_firms(desk: Desk, marie: Reader, begun: str):
    with desk.house.tx() as tx:
        tx.session.get_one(Organisation, desk.house.cluster).functions = []
    way = f'href="/applications/{begun}/selection#field-organisation"'
    choose(marie, begun)
    assert way in marie.text(f"/applications/{begun}/send")
    page = marie.text(f"/applications/{begun}/selection")
    assert "What does your organisation do for firms?" in page
    choose(marie, begun, organisation="cluster")
    assert way not in marie.text(f"/applications/{begun}/send")
    assert "What does your organisation do for firms?" not in marie.text(f"/applications/{begun}/selection")
    with desk.house.tx() as tx:
        assert tx.session.get_one(Organisation, desk.house.cluster).functions == ["cluster"]


def test_everything_beside_the_form_that_is_missing_is_told_with_the_way_to_it(
    desk: Desk, marie: Reader, begun: str
):
    page = marie.text(f"/applications/{begun}/send")
    assert f'href="/applications/{begun}/selection#field-selection"' in page
    assert f'href="/applications/{begun}/firms#field-lines"' in page
    assert "Name at least one firm." in page
    choose(marie, begun, **{"selection.reasons": ""})
    page = marie.text(f"/applications/{begun}/send")
    assert f'href="/applications/{begun}/selection#field-selection.reasons"' in page
    went_on(marie.post(f"/applications/{begun}/firms", {**NEW, "starts_on": "2026-10-29"}))
    desk.house.now = TODAY
    page = marie.text(f"/applications/{begun}/send")
    line = desk.ref(desk.lines(desk.record(begun))[0])
    assert f'href="/applications/{begun}/firms#field-lines.{line}"' in page
    assert f'id="field-lines.{line}"' in marie.text(f"/applications/{begun}/firms")


def test_what_is_wrong_about_a_firm_stands_beside_its_field_and_nothing_is_kept(
    desk: Desk, marie: Reader, begun: str
):
    answer = marie.post(
        f"/applications/{begun}/firms",
        {"country": "SE", "name": "Fryken Pellets AB", "starts_on": "next spring", "contact": "nobody"},
    )
    assert answer.status_code == 422
    for field in ("number", "activity", "place", "starts_on", "contact"):
        assert f'href="#field-{field}"' in answer.text
    assert 'value="next spring"' in answer.text
    assert 'value="Fryken Pellets AB"' in answer.text
    assert desk.lines(desk.record(begun)) == []


def test_a_selection_that_somebody_else_changed_is_not_written_over_unseen(
    desk: Desk, marie: Reader, begun: str
):
    choose(marie, begun)
    choose(marie, begun)
    late = marie.post(f"/applications/{begun}/selection", {**CHOSEN, "selection.how": "Mine.", "seen": ""})
    assert late.status_code == 422
    assert "Somebody else has changed this" in late.text
    assert ">Mine.</textarea>" in late.text
    again = went_on(
        marie.post(
            f"/applications/{begun}/selection",
            {**CHOSEN, "selection.how": "Mine.", "seen": hidden(late.text, "seen")},
        )
    )
    assert again == f"/applications/{begun}/firms"
    request = desk.record(begun)
    with desk.house.tx() as tx:
        assert tx.session.get_one(Selection, request).how == "Mine."


def test_a_firm_of_ones_own_list_needs_no_number_and_a_foreign_one_is_not_taken(
    desk: Desk, marie: Reader, begun: str
):
    went_on(marie.post(f"/applications/{begun}/firms", NEW))
    with desk.house.tx() as tx:
        (line,) = tx.session.scalars(select(Line)).all()
        count = tx.session.scalar(select(func.count()).select_from(Organisation))
    went_on(
        marie.post(
            f"/applications/{begun}/firms",
            {**PLAN, "activity": "matchmaking", "known": str(line.firm_id)},
        )
    )
    with desk.house.tx() as tx:
        assert tx.session.scalar(select(func.count()).select_from(Organisation)) == count
        assert {each.firm_id for each in tx.session.scalars(select(Line))} == {line.firm_id}
    foreign = marie.post(f"/applications/{begun}/firms", {**PLAN, "known": str(desk.house.firms["pellets"])})
    assert foreign.status_code == 422
    assert "none of those that you have named before" in foreign.text


def test_a_firm_is_mended_changed_and_taken_out(desk: Desk, marie: Reader, begun: str):
    went_on(marie.post(f"/applications/{begun}/firms", NEW))
    (line,) = desk.lines(desk.record(begun))
    ref = desk.ref(line)
    page = marie.text(f"/applications/{begun}/firms")
    assert f'href="/lines/{ref}/details"' in page
    wrong = marie.post(f"/lines/{ref}/details", {"place": "", "starts_on": "2027-03-01", "contact": "a@b.se"})
    assert wrong.status_code == 422
    went_on(
        marie.post(
            f"/lines/{ref}/details", {"place": "Vilnius", "starts_on": "2027-03-01", "contact": "a@b.se"}
        )
    )
    assert desk.house.line(line).place == "Vilnius"
    (change,) = [each for each in links(page, ref) if "activity" in marie.text(each)]
    form = marie.text(change)
    assert "Matchmaking" in form, "what the call offers is chosen, not typed"
    went_on(marie.post(change, {"activity": "matchmaking", "revision": hidden(form, "revision")}))
    assert desk.house.line(line).amount == 1_500_00
    (drop,) = [each for each in links(page, ref) if each != change]
    went_on(marie.post(drop, {"revision": hidden(marie.text(drop), "revision")}))
    assert desk.house.state(line) == "dropped"
    assert "No firm is named yet." in marie.text(f"/applications/{begun}/firms")


def test_nobody_else_finds_any_of_it(desk: Desk, marie: Reader, begun: str):
    went_on(marie.post(f"/applications/{begun}/firms", NEW))
    ref = desk.ref(desk.lines(desk.record(begun))[0])
    pages = [
        f"/applications/{begun}/selection",
        f"/applications/{begun}/firms",
        f"/applications/{begun}/claim",
        f"/lines/{ref}/details",
        f"/lines/{ref}/proof",
    ]
    for stranger in ("yusuf", "karin", "per_olof"):
        reader = desk.reader(stranger)
        for page in pages:
            assert reader.get(page).status_code == 404, (stranger, page)
            assert reader.post(page, {}).status_code == 404, (stranger, page)
    for page in pages:
        assert desk.reader().get(page).status_code == 303
    for page in (
        "/applications/CIA-2026-999/firms",
        "/lines/CIA-2026-999/proof",
        "/lines/CIA-2026-999/details",
    ):
        assert marie.get(page).status_code == 404


def test_after_sending_the_pages_lead_to_the_record(desk: Desk, marie: Reader):
    desk.house.now = TODAY
    request, lines = desk.house.request_of(limtra="trade_fair")
    ref, line = desk.ref(request), desk.ref(lines["limtra"])
    for page in (
        f"/applications/{ref}/selection",
        f"/applications/{ref}/firms",
        f"/applications/{ref}/claim",
    ):
        assert went_on(marie.get(page)) == f"/records/{ref}"
        assert went_on(marie.post(page, {})) == f"/records/{ref}"
    for page in (f"/lines/{line}/details", f"/lines/{line}/proof"):
        assert went_on(marie.get(page)) == f"/records/{line}"
        assert went_on(marie.post(page, {})) == f"/records/{line}"


def links(page: str, ref: str) -> list[str]:
    """Return the ways to steps of a line on a page."""
    return sorted(
        {
            each.partition('"')[0]
            for each in page.split('href="')
            if f"/records/{ref}/steps/" in each.partition('"')[0]
        }
    )


def desk_number(desk: Desk, firm: str) -> str:
    with desk.house.tx() as tx:
        return tx.session.get_one(Organisation, desk.house.firms[firm]).identifier


def plain(text: str) -> str:
    """Return a text with plain spaces in its amounts."""
    return text.replace("\u202f", " ").replace("\xa0", " ").replace("€", "EUR ")


def test_the_receipt_on_paper_names_the_firms_and_the_rules(desk: Desk, marie: Reader):
    desk.house.now = TODAY
    request, _ = desk.house.request_of(limtra="trade_fair", snickeri="matchmaking")
    with desk.house.tx("marie") as tx:
        paper = receipt_paper(tx, request, TODAY, "sv")
    assert paper is not None
    read = plain(words(paper.html))
    assert f"{cast.GLULAM.name} ({desk_number(desk, 'limtra')})" in read
    assert "De valdes enligt regler som offentliggjordes" in read
    assert "First those who have not been abroad" in read
    pdf = marie.get(f"/applications/{desk.ref(request)}/receipt.pdf")
    assert pdf.data.startswith(b"%PDF")
