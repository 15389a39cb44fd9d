"""Files and partners: handed in with the form, taken away again, and read only by those to whom the record is open."""

from __future__ import annotations

import re
from io import BytesIO

from tests import cast
from tests.factories.papers import PDF, docx
from tests.web.applications.conftest import TYPED, Desk, fill, hidden
from tests.web.browsing import Reader
from tests.web.house import went_on, words


def hand_in(reader: Reader, ref: str, name: str, content: bytes, **typed: str):
    return fill(reader, ref, "budget", typed, annex=(BytesIO(content), name), then="upload.annex")


def files_on(page: str) -> list[str]:
    return re.findall(r'href="(/files/[^"]+)"', page)


def test_a_file_comes_with_the_words_beside_it(desk: Desk, leif: Reader, begun: str):
    went_on(hand_in(leif, begun, "Offert å.pdf", PDF, own_share="We do."))
    page = leif.text(f"/applications/{begun}/form/budget")
    assert desk.answers(begun)["own_share"] == "We do."
    [address] = files_on(page)
    answer = leif.get(address)
    assert (answer.data, answer.content_type) == (PDF, "application/pdf")
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename=\"Offert _.pdf\"; filename*=UTF-8''Offert%20%C3%A5.pdf"
    )
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_file_is_read_by_those_to_whom_the_record_is_open(desk: Desk, leif: Reader, begun: str):
    went_on(hand_in(leif, begun, "a.pdf", PDF))
    [address] = files_on(leif.text(f"/applications/{begun}/form/budget"))
    inside, others = (cast.YUSUF, cast.MONA), (cast.HANNA, cast.PER_OLOF)
    for person in (*inside, *others):
        assert desk.reader(person).get(address).status_code == 404, "a draft is its owner's alone"
    assert desk.reader(cast.NILS).get(address).status_code == 200
    assert desk.reader().get(address).status_code == 303, "a visitor signs in first"
    for section, typed in TYPED.items():
        fill(leif, begun, section, typed)
    went_on(leif.post(f"/applications/{begun}/send", {"revision": "1"}))
    for person in inside:
        assert desk.reader(person).get(address).status_code == 200
    for person in others:
        assert desk.reader(person).get(address).status_code == 404


def test_what_is_not_taken_is_told_beside_the_field(desk: Desk, leif: Reader, begun: str):
    answer = hand_in(leif, begun, "tool.pdf", b"MZ program", own_share="Kept all the same.")
    assert answer.status_code == 422
    assert "“tool.pdf” is none of the kinds that can be read here" in words(answer.text)
    assert 'href="#field-annex"' in answer.text
    assert desk.answers(begun) == {"own_share": "Kept all the same."}


def test_a_file_is_taken_away(desk: Desk, leif: Reader, begun: str):
    went_on(hand_in(leif, begun, "a.docx", docx()))
    page = leif.text(f"/applications/{begun}/form/budget")
    [then] = re.findall(r'name="then" value="(remove\.annex\.[0-9a-f]+)"', page)
    went_on(fill(leif, begun, "budget", {}, then=then))
    assert files_on(leif.text(f"/applications/{begun}/form/budget")) == []


def test_only_forms_with_files_may_be_large(desk: Desk, leif: Reader, begun: str):
    tried = (
        ("files/budget", 3_000_000, 303),
        ("form/project", 3_000_000, 413),
        ("files/budget", 21_000_000, 413),
    )
    mark = hidden(leif.text(f"/applications/{begun}/form/budget"), "seen")
    for path, size, status in tried:
        large = PDF + b" " * size + b"%%EOF"
        answer = leif.post(
            f"/applications/{begun}/{path}", {"seen": mark, "annex": (BytesIO(large), "large.pdf")}
        )
        assert answer.status_code == status
        answer.request.environ["wsgi.input"].close()  # the test's own browser holds it on the disk
    assert len(files_on(leif.text(f"/applications/{begun}/form/budget"))) == 1


PARTNER = {
    "partners.0.name": "Pell AB",
    "partners.0.number": "",
    "partners.0.country": "NO",
    "partners.0.role": "Lends the yard.",
    "partners.0.contact": "Hanna",
    "partners.0.confirmed": "yes",
}


def test_partners_are_added_and_taken_away(desk: Desk, leif: Reader, begun: str):
    blank = {"partners.1.name": "", "partners.1.country": "SE", "partners.1.role": ""}
    went_on(fill(leif, begun, "team", {**PARTNER, **blank}, then="add.partners"))
    [kept] = desk.answers(begun)["partners"]
    assert (kept["name"], kept["country"], kept["confirmed"]) == ("Pell AB", "NO", True)
    page = leif.text(f"/applications/{begun}/form/team")
    assert 'name="partners.1.name" value=""' in page
    went_on(fill(leif, begun, "team", {**PARTNER, "team": "Two of us."}, then="remove.partners.0"))
    assert desk.answers(begun) == {"team": "Two of us."}


def test_a_partner_without_a_name_is_kept_and_told(desk: Desk, leif: Reader, begun: str):
    went_on(fill(leif, begun, "team", {**PARTNER, "partners.0.name": ""}))
    assert desk.answers(begun)["partners"][0]["role"] == "Lends the yard."
    assert "needs its name and what it does in the project." in words(
        leif.text(f"/applications/{begun}/send")
    )
