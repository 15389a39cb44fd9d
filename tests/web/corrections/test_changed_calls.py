"""A published call is corrected, its deadline moved, halted and resumed, given another envelope, cancelled (P16)."""

from __future__ import annotations

from sqlalchemy import func, select

from grantflow.store.timers import TimerRow
from tests import cast
from tests.factories.fund import Balances, answers
from tests.web.corrections.conftest import Desk

SUMMARY = "Projects of one winter, by two partners at the most."
MILL, FOREST = ("Leif Åslund", "Nils Granlund"), ("Sara Ljungdahl",)
"""Everybody of the organisation that has sent, and of the one that has begun."""


def due(desk: Desk) -> object:
    """Return when the clock closes the fund, if it does."""
    with desk.fund.reading() as tx:
        found = select(func.min(TimerRow.due_at)).where(
            TimerRow.case_id == desk.fund.call_id, TimerRow.anchor == "submission_deadline"
        )
        return tx.execute(found).scalar()


def test_a_correction_stands_beside_what_was_wrong_and_everybody_is_told(open_desk: Desk) -> None:
    desk, old = open_desk, open_desk.fund.plan.summary["en"]
    desk.takes(
        cast.KARIN,
        desk.ref(),
        "correct",
        what="It said three partners.",
        reason="A slip of the pen.",
        **{"summary.en": SUMMARY},
    )
    public = desk.reads(None, desk.page())
    changes = public.partition("What has changed since it was published")[2]
    assert public.index(SUMMARY) < public.index("What has changed"), "the page itself says what holds"
    for said in ("Correction", "It said three partners.", "A slip of the pen.", "What it is for"):
        assert said in changes
    before, after = changes.index(" ".join(old.split())), changes.index(SUMMARY)
    assert before < after, "the old stands before the new"
    told = desk.mails("call_changed")
    assert told.keys() == {*MILL, *FOREST}
    assert all("It said three partners." in text and "A slip of the pen." in text for text in told.values())
    journal = desk.reads(cast.LEIF, f"/records/{desk.ref(cast.LEIF)}")
    assert "The call was changed" in journal
    assert "It said three partners." in desk.reads(cast.YUSUF, f"/records/{desk.ref()}")


def test_a_deadline_moves_later_and_never_earlier(open_desk: Desk) -> None:
    desk, call = open_desk, open_desk.ref()
    for day in ("2018-12-11", "2018-12-12"):
        read = desk.refused(cast.KARIN, call, "move_deadline", new_deadline=day, reason="We hurry.")
        assert "A deadline moves later, never earlier" in read
        assert "We hurry." in read
    assert due(desk) == desk.fund.local("2018-12-12 14:00")
    landed = desk.takes(
        cast.KARIN, call, "move_deadline", new_deadline="2018-12-20", reason="The form was down on Monday."
    )
    assert "20 December 2018" in landed
    assert due(desk) == desk.fund.local("2018-12-20 14:00")
    public = desk.reads(None, desk.page())
    before, _, changes = public.partition("What has changed since it was published")
    assert "20 December 2018" in before
    assert "12 December 2018" not in before
    assert changes.index("12 December 2018") < changes.index("20 December 2018")
    assert "The form was down on Monday." in changes
    assert "20 December 2018" in desk.reads(None, desk.page("apply"))
    assert desk.mails("call_changed").keys() == {*MILL, *FOREST}
    told = desk.mails("call_changed")[cast.SARA.name]
    assert "20 december 2018" in told
    assert "The form was down on Monday." in told
    desk.fund.until(desk.fund.local("2018-12-20 13:59"))
    assert desk.fund.state() == "fund_open"
    desk.fund.fill(cast.SARA, desk.fund.told[cast.SARA.name], answers("Bark", 20_000, 40_000))
    desk.sends(cast.SARA)
    desk.fund.until(desk.fund.local("2018-12-20 14:00"))
    assert desk.fund.state() == "checking"
    assert desk.state(cast.SARA) == "received", "sent after the old deadline and before the new one"


def test_nothing_is_received_while_a_call_is_suspended_and_the_clock_stands(open_desk: Desk) -> None:
    desk, call = open_desk, open_desk.ref()
    desk.fund.fill(cast.SARA, desk.fund.told[cast.SARA.name], answers("Bark", 20_000, 40_000))
    desk.takes(cast.KARIN, call, "suspend", reason="A complaint about the form.")
    public = desk.reads(None, desk.page())
    assert "Suspended" in public
    assert "A complaint about the form." in public
    assert 'href="/calls/' + desk.fund.plan.slug + '/apply"' not in desk.reader().text(desk.page())
    assert due(desk) is None
    send = f"/applications/{desk.ref(cast.SARA)}/send"
    assert "suspended" in desk.reads(cast.SARA, send).lower()
    assert desk.reader(cast.SARA).post(send, {"revision": "1"}).status_code == 422
    hanna = desk.reader(cast.HANNA)
    organisation = str(desk.fund.organisations[cast.GREENHOUSE.name])
    begun = hanna.post(desk.page("apply"), {"organisation": organisation, "once": "a key"})
    assert begun.status_code == 422
    assert "receives no new applications now" in desk.reads(cast.HANNA, desk.page("apply"))
    desk.fund.until(desk.fund.local("2018-12-17 09:00"))
    assert desk.fund.state() == "suspended", "the deadline passed and closed nothing"
    assert desk.state(cast.SARA) == "draft"
    read = desk.refused(cast.KARIN, call, "resume", reason="It was withdrawn.")
    assert "deadline" in read.lower()
    assert "It was withdrawn." in read
    desk.takes(cast.KARIN, call, "resume", reason="It was withdrawn.", new_deadline="2018-12-27")
    assert desk.fund.state() == "fund_open"
    assert due(desk) == desk.fund.local("2018-12-27 14:00")
    public = desk.reads(None, desk.page())
    assert "Resumption" in public
    assert "Open for applications" in public
    assert "27 December 2018" in public
    desk.sends(cast.SARA)
    assert desk.state(cast.SARA) == "submitted"
    assert desk.mails("call_changed").keys() == {*MILL, *FOREST}


def test_a_call_is_cancelled_by_signed_minutes_and_nobody_is_refused(closed_desk: Desk) -> None:
    desk, call = closed_desk, closed_desk.ref()
    assert desk.reader(cast.KARIN).get(f"/records/{call}/steps/cancel").status_code == 404
    alone = desk.reader(cast.MONA).post(f"/records/{call}/steps/cancel", {"revision": "1", "reason": "Mine."})
    assert alone.status_code == 422
    item = desk.signs(desk.fund.call_id, "cancel")
    desk.carries_out(item, reason="The Commission withdrew the money.")
    assert desk.fund.state() == "cancelled"
    letters = desk.mails("call_cancelled_letter")
    for person in (cast.LEIF, cast.HANNA, cast.SARA):
        assert desk.state(person) == "call_cancelled"
        assert "The Commission withdrew the money." in letters[person.name]
        read, _, _ = desk.reads(person, f"/records/{desk.ref(person)}").partition("How it can go on")
        assert "The call was cancelled" in read
        assert "Not funded" not in read
        decision = f"/applications/{desk.ref(person)}/decision"
        assert f'href="{decision}"' in desk.reader(person).text(f"/records/{desk.ref(person)}")
        assert "The Commission withdrew the money." in desk.reads(person, decision)
    assert desk.fund.balances() == Balances(75_000, 0, 0, 0, 0)
    public = desk.reads(None, desk.page())
    assert "Cancelled" in public
    assert "The Commission withdrew the money." in public
    assert "Refused" not in public
    assert "There is nothing for you to do here now." in desk.reads(cast.YUSUF, f"/records/{call}")


def test_the_board_gives_a_window_more_money_and_the_page_shows_both_sums(open_desk: Desk) -> None:
    desk = open_desk
    item = desk.signs(desk.fund.call_id, "change_envelope")
    form = desk.reader(cast.LARS).text(f"{item}/step")
    assert '<option value="seed_fund"' in form or 'name="window" value="seed_fund"' in form, (
        "windows are chosen, nobody types their names"
    )
    desk.carries_out(item, window="seed_fund", new_envelope="100 000,50", reason="More came in.")
    assert desk.fund.balances().envelope == 100_000
    public = desk.reads(None, desk.page())
    money, _, changes = public.partition("What has changed since it was published")
    assert "EUR 100 000.50" in money
    assert changes.index("EUR 75 000") < changes.index("EUR 100 000.50")
    assert "More came in." in changes
    assert "EUR 100 000.50" in desk.reads(cast.KARIN, desk.page("manage"))


def test_an_envelope_never_falls_below_what_is_promised(released_desk: Desk) -> None:
    desk = released_desk
    item = desk.signs(desk.fund.call_id, "change_envelope")
    less = {"window": "seed_fund", "new_envelope": "60 000", "reason": "Less came in."}
    answer = desk.reader(cast.LARS).post(f"{item}/step", less)
    assert answer.status_code == 422
    assert "Less came in." in answer.text
    assert 'href="#field-new_envelope"' in answer.text
    assert desk.fund.balances().envelope == 75_000
    assert desk.fund.balances().committed == 70_000
