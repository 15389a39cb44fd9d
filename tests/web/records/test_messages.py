"""Messages before they leave: a manager reads each in every language, about nobody or about a record; others do not."""

from __future__ import annotations

import re

from sqlalchemy import select

from grantflow.domain.actor import SYSTEM
from grantflow.services import bounces
from grantflow.services.catalogues import SPOKEN
from grantflow.store.cases import CaseRow
from grantflow.store.outbox import OutboxMessage
from grantflow.web import create_app
from tests import cast
from tests.web.browsing import Reader
from tests.web.house import House, words
from tests.web.records.test_managing import statements


def addresses(karin: Reader, slug: str) -> list[str]:
    page = karin.text(f"/calls/{slug}/messages")
    return sorted(set(re.findall(rf'href="(/calls/{slug}/messages/[a-z_]+)"', page)))


def test_every_message_of_a_call_reads_in_every_language(embargoed: House) -> None:
    slug, karin = embargoed.story.plan.slug, embargoed.reader(cast.KARIN)
    found = addresses(karin, slug)
    assert len(found) > 40
    for address in found:
        for language in SPOKEN:
            page = karin.text(f"{address}?language={language}")
            assert f'lang="{language}"' in page
            assert "{" not in words(page)


def test_the_list_says_when_and_to_whom(embargoed: House) -> None:
    slug, karin = embargoed.story.plan.slug, embargoed.reader(cast.KARIN)
    said = words(karin.text(f"/calls/{slug}/messages"))
    assert "After the step: " in said
    assert re.search(r"\d+ days? before the date: ", said)
    assert "Also on paper" in said
    assert statements(embargoed, karin, f"/calls/{slug}/messages") <= 12


def test_a_message_is_read_about_a_record(embargoed: House) -> None:
    slug, karin = embargoed.story.plan.slug, embargoed.reader(cast.KARIN)
    address = f"/calls/{slug}/messages/receipt"
    (ref, *_) = re.findall(r'<option value="([A-Z]+-\d+-\d+)"', karin.text(address))
    said = words(karin.text(f"{address}?record={ref}"))
    assert f"/records/{ref}" in said
    assert "is made up" not in said
    assert statements(embargoed, karin, f"{address}?record={ref}") <= 12


def test_nobody_from_outside_reads_them_nor_about_records_of_others(embargoed: House) -> None:
    slug = embargoed.story.plan.slug
    for person in (cast.LEIF, cast.REVIEWERS[1]):
        reader = embargoed.reader(person)
        for address in (f"/calls/{slug}/messages", f"/calls/{slug}/messages/receipt"):
            assert reader.get(address).status_code == 404
    karin = embargoed.reader(cast.KARIN)
    assert karin.get(f"/calls/{slug}/messages/no_such_letter").status_code == 404
    assert karin.get(f"/calls/{slug}/messages/receipt?record=XX-1").status_code == 404


def test_the_page_of_the_call_says_that_nothing_leaves(embargoed: House) -> None:
    slug = embargoed.story.plan.slug
    assert "sending is switched off" not in words(embargoed.reader(cast.KARIN).text(f"/calls/{slug}/manage"))
    embargoed.app = create_app(embargoed.story.database, now=lambda: embargoed.story.now, sending=False)
    karin = embargoed.reader(cast.KARIN)
    for page in ("manage", "messages"):
        assert "sending is switched off" in words(karin.text(f"/calls/{slug}/{page}"))


def test_whom_mails_did_not_reach_is_told_inside_alone(embargoed: House) -> None:
    story = embargoed.story
    slug, about = story.plan.slug, vars(story)["told"][cast.LEIF.name]
    with story.database.transaction(SYSTEM, story.now) as tx:
        message, ref = tuple(
            tx.execute(
                select(OutboxMessage.id, CaseRow.ref)
                .join(CaseRow, CaseRow.id == OutboxMessage.case_id)
                .where(CaseRow.id == about)
                .limit(1)
            ).one()
        )
        bounces.note(tx, message, story.people[cast.LEIF.name], "leif@demo.invalid", "550 User unknown")
    karin, leif = embargoed.reader(cast.KARIN), embargoed.reader(cast.LEIF)
    for address in (f"/records/{ref}/journal", f"/calls/{slug}/messages"):
        assert "550 User unknown" in karin.text(address)
        assert statements(embargoed, karin, address) <= 12
    assert "550 User unknown" not in leif.text(f"/records/{ref}/journal")
