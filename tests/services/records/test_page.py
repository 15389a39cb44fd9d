"""A record's page: path, choices with every reason, who has it, what it is about, and the journal in sentences."""

from __future__ import annotations

from grantflow.domain.actor import Actor
from grantflow.services.records.page import RecordPage, journal_page, record_page
from grantflow.services.records.said import Label
from tests import cast
from tests.factories.fund import Fund
from tests.services.records.test_visibility import ref_of


def page_of(fund: Fund, person: cast.Person | None, ref: str) -> RecordPage:
    actor = Actor("visitor") if person is None else fund.actor(person)
    with fund.database.reading(actor, fund.now) as tx:
        found = record_page(tx, ref, "en")
    assert found is not None
    return found


def call_ref(fund: Fund) -> str:
    with fund.reading(cast.KARIN) as tx:
        from grantflow.services.records.visibility import find_id

        found = find_id(tx, fund.call_id)
        assert found is not None
        return found.ref


def test_the_path_says_what_is_done_now_and_to_come(arrived: Fund) -> None:
    page = page_of(arrived, cast.LEIF, ref_of(arrived, cast.LEIF.name))
    assert [(step.label, step.when) for step in page.path] == [
        ("Fill in and send", "done"),
        ("Sent", "done"),
        ("Eligibility check", "now"),
        ("Assessment", "later"),
        ("Decision", "later"),
        ("Project", "later"),
        ("Completed", "later"),
    ]
    assert all(step.at is not None for step in page.path if step.when != "later")


def test_every_reason_says_where_it_is_mended_or_stands_alone(arrived: Fund) -> None:
    page = page_of(arrived, cast.YUSUF, ref_of(arrived, cast.LEIF.name))
    shut = {option.name: option.reasons for option in page.options if not option.allowed}
    assert {reason.refusal.code for reason in shut["pass"]} >= {"checklist_open"}
    ref = page.found.ref
    assert {reason.path for reason in shut["pass"] if reason.refusal.code == "checklist_open"} == {
        f"/applications/{ref}/checklist"
    }
    for option in page.options:
        assert option.allowed or option.reasons, option.name


def test_what_an_applicant_sees_is_the_same_whatever_was_decided(embargoed: Fund) -> None:
    pages = {
        person: page_of(embargoed, person, ref_of(embargoed, person.name))
        for person in (cast.LEIF, cast.MIKAEL)
    }
    seen = {
        (
            page.state,
            tuple((step.label, step.when, step.at) for step in page.path),
            tuple((option.name, option.allowed) for option in page.options),
            page.waiting,
            tuple((told.sentence.english, told.tone, told.who) for told in page.journal),
            tuple(part.title for part in page.content.parts),
            page.related,
        )
        for page in pages.values()
    }
    assert len(seen) == 1
    (page, *_) = pages.values()
    assert page.state.label == "In assessment"
    words = " ".join(told.sentence.english for told in page.journal)
    assert "Fund" not in words
    assert "reserve" not in words


def test_officials_read_names_and_reasons_and_outsiders_roles(arrived: Fund) -> None:
    with arrived.tx(cast.YUSUF) as tx:
        from grantflow.services import applications

        applications.ask_completion(
            tx, arrived.told[cast.LEIF.name], ["budget"], "The second quotation is missing."
        )
    ref = ref_of(arrived, cast.LEIF.name)
    theirs = page_of(arrived, cast.LEIF, ref).journal[0]
    assert theirs.who == (Label("Case officer"),)
    assert ("What is missing", "The second quotation is missing.") in theirs.texts
    inside = page_of(arrived, cast.KARIN, ref).journal[0]
    assert inside.who == (cast.YUSUF.name, Label("Case officer"))
    assert page_of(arrived, cast.YUSUF, ref).journal[0].who == (Label("You"),)


def test_the_clock_is_said_to_have_acted(arrived: Fund) -> None:
    told = page_of(arrived, cast.KARIN, call_ref(arrived)).journal
    assert told[0].sentence.english == (
        "A date of the call passed: The deadline closes the fund. It is now: Applications being checked."
    )
    assert told[0].who == (Label("By itself"),)


def test_a_call_goes_through_the_phases_that_it_has(arrived: Fund) -> None:
    page = page_of(arrived, None, call_ref(arrived))
    assert [(step.label, step.when) for step in page.path] == [
        ("Preparation", "done"),
        ("Seed fund", "done"),
        ("Assessment", "now"),
        ("Decision", "later"),
        ("Projects", "later"),
        ("End", "later"),
    ]
    assert page.options == ()


def test_the_journal_of_somebody_outside_counts_no_hidden_step(embargoed: Fund) -> None:
    with embargoed.reading(cast.LEIF) as tx:
        page = journal_page(tx, ref_of(embargoed, cast.LEIF.name), "en")
    assert page is not None
    assert page.older is None
    assert [told.state for told in page.entries] == ["eligible", "received", "submitted", "draft"]


def test_records_below_are_shown_to_those_who_may_see_them(embargoed: Fund) -> None:
    ref = ref_of(embargoed, cast.LEIF.name)
    assert [each.kind for each in page_of(embargoed, cast.KARIN, ref).related] == ["Review"]
    assert page_of(embargoed, cast.LEIF, ref).related == ()
