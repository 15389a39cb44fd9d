"""Steps from their pages: taken, refused with the person's words, stale with the difference, twice but once."""

from __future__ import annotations

import re

from sqlalchemy import select

from grantflow.store.calls.models import Milestone
from grantflow.store.cases import CaseRow
from tests import cast
from tests.web.house import House, went_on, words
from tests.web.records.test_showing import call_ref, ref_of


def revision_on(page: str) -> str:
    found = re.search(r'name="revision" value="(\d+)"', page)
    assert found is not None
    return found[1]


def test_a_refused_form_keeps_the_words_and_says_all_at_once(arrived: House) -> None:
    ref = call_ref(arrived)
    reader = arrived.reader(cast.KARIN)
    page = reader.text(f"/records/{ref}/steps/correct")
    answer = reader.post(
        f"/records/{ref}/steps/correct",
        {"revision": revision_on(page), "what": "", "reason": "We <b>erred</b>."},
    )
    assert answer.status_code == 422
    assert "We &lt;b&gt;erred&lt;/b&gt;." in answer.text
    assert 'href="#field-what"' in answer.text
    assert arrived.story.state() == "checking"


def test_a_correction_puts_old_and_new_side_by_side(arrived: House) -> None:
    ref = call_ref(arrived)
    reader = arrived.reader(cast.KARIN)
    page = reader.text(f"/records/{ref}/steps/correct")
    assert "Those behind" in words(page)
    sent = {
        "revision": revision_on(page),
        "what": "The title named the wrong county.",
        "reason": "A slip.",
        "title.en": "Low carbon in the north of the middle",
    }
    assert went_on(reader.post(f"/records/{ref}/steps/correct", sent)) == f"/records/{ref}"
    with arrived.story.reading() as tx:
        kept = tx.execute(select(Milestone.before, Milestone.after)).one()
    assert kept.after["title"]["en"] == "Low carbon in the north of the middle"
    assert kept.before["title"]["en"] != kept.after["title"]["en"]
    again = reader.post(f"/records/{ref}/steps/correct", sent)
    assert again.status_code == 422
    assert "What changed since you looked" in words(again.text)


def test_a_stale_form_shows_what_changed_and_keeps_the_words(arrived: House) -> None:
    ref = ref_of(arrived, cast.LEIF.name)
    manager = arrived.reader(cast.YUSUF)
    page = manager.text(f"/records/{ref}/steps/ask_completion")
    with arrived.story.tx(cast.LEIF) as tx:
        from grantflow.services import cases

        cases.step(tx, arrived.story.told[cast.LEIF.name], "withdraw")  # type: ignore[attr-defined]
    answer = manager.post(
        f"/records/{ref}/steps/ask_completion",
        {"revision": revision_on(page), "sections": "budget", "missing": "The second quotation."},
    )
    assert answer.status_code == 422
    read = words(answer.text)
    assert "What changed since you looked" in read
    assert "Withdraw the application. It is now: Withdrawn." in read
    assert "The second quotation." in answer.text


def test_a_hidden_step_makes_no_form_stale(embargoed: House) -> None:
    """Who sees a masked state is not told by a refusal that something was decided."""
    ref = ref_of(embargoed, cast.LEIF.name)
    page = embargoed.reader(cast.LEIF).text(f"/records/{ref}/steps/withdraw")
    with embargoed.story.reading() as tx:
        true = tx.execute(select(CaseRow.revision).where(CaseRow.ref == ref)).scalar_one()
    assert int(revision_on(page)) == true - 1


def test_a_step_that_ends_something_is_asked_once_more(arrived: House) -> None:
    ref = ref_of(arrived, cast.LEIF.name)
    reader = arrived.reader(cast.LEIF)
    page = reader.text(f"/records/{ref}/steps/withdraw")
    assert "This cannot be taken back" in words(page)
    went_on(reader.post(f"/records/{ref}/steps/withdraw", {"revision": revision_on(page)}))
    assert "Withdrawn" in words(reader.text(f"/records/{ref}"))
    gone = reader.text(f"/records/{ref}/steps/withdraw")
    assert "This step is not possible at this point." in words(gone)


def test_nobody_takes_a_step_of_another_role(arrived: House) -> None:
    ref = ref_of(arrived, cast.LEIF.name)
    for person in (cast.LEIF, cast.KARIN):
        answer = arrived.reader(person).post(f"/records/{ref}/steps/pass", {"revision": "3"})
        assert answer.status_code == 404
    assert arrived.reader(cast.YUSUF).post(f"/records/{ref}/steps/nonsense", {}).status_code == 404
