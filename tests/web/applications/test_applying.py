"""From “Apply” to the receipt, as somebody does it without scripts."""

from __future__ import annotations

from tests import cast
from tests.web.applications.conftest import TYPED, Desk, fill, hidden
from tests.web.browsing import Reader
from tests.web.house import went_on, words


def apply(desk: Desk, reader: Reader) -> str:
    slug = desk.fund.plan.slug
    page = reader.text(f"/calls/{slug}/apply")
    organisation = desk.fund.organisations[cast.MILL.name]
    sent = {"organisation": str(organisation), "once": "a key"}
    first = went_on(reader.post(f"/calls/{slug}/apply", sent))
    assert went_on(reader.post(f"/calls/{slug}/apply", sent)) == first, (
        "sent twice, it begins one application"
    )
    assert cast.MILL.name in words(page)
    return first.split("/")[2]


def test_from_apply_to_the_receipt(desk: Desk, leif: Reader):
    ref = apply(desk, leif)
    address = went_on(leif.get(f"/applications/{ref}/form"))
    visited = []
    for _ in range(5):
        section = address.rpartition("/")[2]
        visited.append(section)
        address = went_on(fill(leif, ref, section, TYPED[section]))
    assert visited == list(TYPED)
    assert address == f"/applications/{ref}/send"
    check = leif.text(address)
    assert "Everything that has to be there is there." in check
    receipt = went_on(leif.post(address, {"revision": hidden(check, "revision")}))
    assert desk.state(ref) == "submitted"
    read = words(leif.text(receipt))
    assert "Your application is received." in read
    assert "Change what you sent" in read
    assert "EUR 40 000" in read.replace("\u202f", " ").replace("\xa0", " ")
    assert went_on(leif.post(address, {"revision": "1"})) == receipt, "sent twice, it is sent once"


def test_everything_that_is_missing_is_told_at_once_with_the_way_to_it(desk: Desk, leif: Reader, begun: str):
    page = leif.text(f"/applications/{begun}/send")
    for section, fields in TYPED.items():
        for field in {name.partition(".")[0] for name in fields}:
            assert f'/applications/{begun}/form/{section}?checked=#field-{field}"' in page
    assert "Send the application</button>" not in page
    there = leif.text(f"/applications/{begun}/form/plan?checked=")
    assert there.count("is not filled in yet.") >= 3


def test_who_presses_send_too_early_sees_what_is_missing(desk: Desk, leif: Reader, begun: str):
    answer = leif.post(f"/applications/{begun}/send", {"revision": "1"})
    assert answer.status_code == 422
    assert "is not filled in yet." in answer.text
    assert desk.state(begun) == "draft"


def test_half_of_a_budget_is_kept_and_named_only_on_the_check(desk: Desk, leif: Reader, begun: str):
    went_on(fill(leif, begun, "budget", {"costs.staff": "12,50", "asked": "1"}))
    assert desk.answers(begun) == {"costs": [{"category": "staff", "amount": 12_50}], "asked": 1_00}
    assert "is less than what is allowed." in leif.text(f"/applications/{begun}/send")


def test_what_cannot_be_read_stays_in_the_field_and_the_rest_is_saved(desk: Desk, leif: Reader, begun: str):
    answer = fill(
        leif,
        begun,
        "budget",
        {"costs.staff": "70 000", "costs.travel": "a lot", "asked": "plenty", "own_share": "We do."},
    )
    assert answer.status_code == 422
    assert 'value="a lot"' in answer.text
    assert 'value="plenty"' in answer.text
    assert 'href="#field-costs.travel"' in answer.text
    assert 'href="#field-asked"' in answer.text
    assert desk.answers(begun) == {"own_share": "We do."}


def test_a_text_that_is_too_long_is_kept_and_told(desk: Desk, leif: Reader, begun: str):
    went_on(fill(leif, begun, "project", {"idea": "å" * 3_001}))
    assert len(desk.answers(begun)["idea"]) == 3_001
    assert "has 3 001 characters; there is room for 3 000." in words(
        leif.text(f"/applications/{begun}/form/project")
    ).replace("\u202f", " ")


def test_nobody_else_finds_the_draft_anywhere(desk: Desk, leif: Reader, begun: str):
    fill(leif, begun, "project", {"title": "A secret"})
    for person in (cast.HANNA, cast.YUSUF, cast.KARIN, cast.MONA):
        reader = desk.reader(person)
        for path in ("form", "form/project", "files/budget", "send", "receipt", "receipt.pdf", "decision"):
            answer = reader.get(f"/applications/{begun}/{path}")
            assert answer.status_code == 404 or (path.startswith("files") and answer.status_code == 303)
            assert "A secret" not in answer.text
        for path in ("form/project", "files/budget", "save", "send"):
            assert (
                reader.post(
                    f"/applications/{begun}/{path}", {"section": "project", "title": "Mine"}
                ).status_code
                == 404
            )
    assert desk.answers(begun)["title"] == "A secret"
    assert "A secret" in desk.reader(cast.NILS).text(f"/applications/{begun}/form/project"), (
        "a colleague writes it too"
    )


def test_nobody_begins_for_an_organisation_that_is_not_theirs(desk: Desk):
    hanna = desk.reader(cast.HANNA)
    address = f"/calls/{desk.fund.plan.slug}/apply"
    for organisation in (str(desk.fund.organisations[cast.MILL.name]), "nonsense", ""):
        answer = hanna.post(address, {"organisation": organisation, "once": organisation})
        assert answer.status_code == 422
        assert "You do not belong to this organisation." in answer.text


def test_a_visitor_sees_what_will_be_asked_and_signs_in_to_begin(desk: Desk):
    page = words(desk.reader().text(f"/calls/{desk.fund.plan.slug}/apply"))
    assert "Sign in to begin." in page
    assert "Title of the project" in page
    assert desk.reader().get("/calls/nowhere/apply").status_code == 404


def test_unknown_sections_and_files_are_not_there(desk: Desk, leif: Reader, begun: str):
    for path in ("form/nowhere", f"../files/{'0' * 8}-0000-0000-0000-{'0' * 12}"):
        assert leif.get(f"/applications/{begun}/{path}").status_code == 404
    assert leif.post(f"/applications/{begun}/save", {"section": "nowhere"}).status_code == 404
    assert leif.get("/files/not-an-id").status_code == 404
