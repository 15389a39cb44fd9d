"""What comes after the deadline is received as late, and somebody other than who proposes it admits or dismisses it."""

from __future__ import annotations

from datetime import timedelta

from grantflow.services.people.roles import grant_role
from tests import cast
from tests.web.corrections.conftest import Desk

WHY = "The upload hung, the log shows it."


def send_late(desk: Desk) -> str:
    """Let Sara send seven minutes too late."""
    desk.fund.until(desk.fund.now + timedelta(minutes=7))
    desk.sends(cast.SARA)
    assert desk.state(cast.SARA) == "late"
    receipt = desk.reads(cast.SARA, f"/applications/{desk.ref(cast.SARA)}/receipt")
    assert "after the deadline" in receipt
    assert cast.SARA.name in desk.mails("late_receipt")
    assert cast.YUSUF.name in desk.mails("late_arrival")
    return desk.ref(cast.SARA)


def test_it_is_admitted_by_another_than_who_proposed_it(closed_desk: Desk) -> None:
    desk, ref = closed_desk, send_late(closed_desk)
    desk.takes(cast.YUSUF, ref, "propose_admission", reason=WHY)
    assert desk.reader(cast.YUSUF).get(f"/records/{ref}/steps/admit_late").status_code == 404
    assert WHY in desk.reads(cast.SOFIA, f"/records/{ref}"), "who decides reads what was proposed"
    desk.takes(cast.SOFIA, ref, "admit_late", reason="The upload hung.")
    assert desk.state(cast.SARA) == "received"
    told = desk.mails("admitted_late")[cast.SARA.name]
    assert "Bark finds an owner" in told
    read = desk.reads(cast.SARA, f"/records/{ref}")
    assert "Admitted although late" in read
    assert desk.fund.decisions(desk.fund.told[cast.SARA.name]) == [("admitted", 0, "delegation")]


def test_nobody_admits_what_they_proposed(closed_desk: Desk) -> None:
    desk, ref = closed_desk, send_late(closed_desk)
    both(desk, cast.SOFIA)
    desk.takes(cast.SOFIA, ref, "propose_admission", reason=WHY)
    read = desk.refused(cast.SOFIA, ref, "admit_late", reason="I said so.")
    assert "I said so." in read
    assert "somebody else" in read.lower() or "another person" in read.lower()
    assert desk.state(cast.SARA) == "late"
    shut = desk.reads(cast.SOFIA, f"/records/{ref}").partition("not open to you now")[2]
    assert "Admit although late" in shut


def test_it_is_dismissed_with_its_reason_and_a_letter(closed_desk: Desk) -> None:
    desk, ref = closed_desk, send_late(closed_desk)
    desk.takes(cast.SOFIA, ref, "dismiss_late", reason="The log shows no fault of ours.")
    assert desk.state(cast.SARA) == "dismissed"
    assert "The log shows no fault of ours." in desk.mails("dismissal_letter")[cast.SARA.name]
    page = desk.reader(cast.SARA).text(f"/records/{ref}")
    assert f'href="/applications/{ref}/decision"' in page
    assert "The log shows no fault of ours." in desk.reads(cast.SARA, f"/applications/{ref}/decision")
    desk.takes(cast.SOFIA, ref, "put_right", reason="There was a fault after all.")
    assert desk.state(cast.SARA) == "received"
    assert "There was a fault after all." in desk.reads(cast.SARA, f"/applications/{ref}/decision")


def both(desk: Desk, person: cast.Person) -> None:
    """Let somebody work as an officer, too."""
    with desk.fund.tx() as tx:
        grant_role(tx, "officer", desk.fund.programme_id, user_id=desk.fund.people[person.name])
