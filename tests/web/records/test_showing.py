"""The page of a record in HTML: found or not found, choices with reasons and ways, journal, diagram."""

from __future__ import annotations

import re

from sqlalchemy import select

from grantflow.store.calls.models import Call
from grantflow.store.cases import CaseRow
from tests import cast
from tests.web.house import House, words


def ref_of(house: House, name: str) -> str:
    told = house.story.told  # type: ignore[attr-defined]  # a fund
    with house.story.reading() as tx:
        return str(tx.execute(select(CaseRow.ref).where(CaseRow.id == told[name])).scalar_one())


def call_ref(house: House) -> str:
    with house.story.reading() as tx:
        return str(tx.execute(select(CaseRow.ref).where(CaseRow.id == house.story.call_id)).scalar_one())


def test_unknown_foreign_and_hidden_records_are_the_same_page(arrived: House) -> None:
    leif, draft = ref_of(arrived, cast.LEIF.name), ref_of(arrived, "draft")
    reader = arrived.reader(cast.HANNA)
    answers = {words(reader.text(f"/records/{ref}", 404)) for ref in (leif, draft, "NOT-2018-0001")}
    assert len(answers) == 1
    for ref in (leif, draft):
        arrived.reader(cast.HANNA).text(f"/records/{ref}/journal", 404)
        arrived.reader(cast.HANNA).text(f"/records/{ref}/steps/withdraw", 404)
        arrived.reader().text(f"/records/{ref}", 404)


def test_an_officer_reads_why_a_step_is_shut_and_where_it_is_mended(arrived: House) -> None:
    ref = ref_of(arrived, cast.LEIF.name)
    page = arrived.reader(cast.YUSUF).text(f"/records/{ref}")
    assert f'href="/applications/{ref}/checklist"' in page
    read = words(page)
    assert "Eligibility check" in read
    assert "It has been waiting for you since" in read
    assert "Leif" in read
    assert "Heat from the rolling mill" in read
    assert "30 000" in read or "40 000" in read or "40\u202f000" in read or "40\u00a0000" in read


def test_the_diagram_marks_what_the_reader_may_see(embargoed: House) -> None:
    ref = ref_of(embargoed, cast.LEIF.name)
    theirs = embargoed.reader(cast.LEIF).text(f"/records/{ref}")
    inside = embargoed.reader(cast.KARIN).text(f"/records/{ref}")
    for page, label in ((theirs, "In assessment"), (inside, "To be funded")):
        marked = re.findall(r'class="node (?:state|end) now".*?</g>', page, re.DOTALL)
        assert len(marked) == 1
        assert label in words(marked[0])
        assert not re.search(r'class="node \w+ at\d', page)


def test_nothing_on_the_page_of_an_applicant_tells_of_the_decision(embargoed: House) -> None:
    def told(person: cast.Person) -> str:
        ref = ref_of(embargoed, person.name)
        page = words(embargoed.reader(person).text(f"/records/{ref}"))
        for name in (person.name, person.organisation or "", person.town, ref):
            page = page.replace(name, "…")
        return page

    assert told(cast.LEIF) == told(cast.MIKAEL)


def test_a_visitor_reads_a_call_and_finds_nothing_to_do(arrived: House) -> None:
    page = words(arrived.reader().text(f"/records/{call_ref(arrived)}"))
    assert "Applications being checked" in page
    assert "What you can do" not in page
    assert cast.KARIN.name not in page


def test_the_journal_is_paged_inside_and_whole_outside(arrived: House) -> None:
    ref = ref_of(arrived, cast.LEIF.name)
    page = words(arrived.reader(cast.LEIF).text(f"/records/{ref}/journal?before=nonsense"))
    assert "Application was begun." in page
    arrived.reader(cast.YUSUF).text(f"/records/{ref}/journal?before=2")


def test_after_the_deadline_nobody_is_offered_to_begin(arrived: House) -> None:
    with arrived.story.reading() as tx:
        slug = str(tx.execute(select(Call.slug).where(Call.id == arrived.story.call_id)).scalar_one())
    assert f"/calls/{slug}/apply" not in arrived.reader().text(f"/calls/{slug}")
    assert "This call receives no new applications now." in arrived.reader(cast.LEIF).text(
        f"/calls/{slug}/apply"
    )
