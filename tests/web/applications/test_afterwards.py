"""After sending: changed, late, completed, decided, accepted or declined."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from grantflow.services import applications
from tests import cast
from tests.web.applications.conftest import TYPED, Desk, fill, hidden
from tests.web.browsing import Reader
from tests.web.house import went_on, words


def test_what_was_sent_is_changed_until_the_deadline(desk: Desk, leif: Reader):
    each = desk.fund.apply(cast.LEIF, "Night heat", 40_000, 70_000)
    ref = desk.ref(each)
    assert "Change what you sent" in leif.text(f"/applications/{ref}/receipt")
    desk.fund.step(cast.LEIF, each, "reopen")
    went_on(fill(leif, ref, "project", {**TYPED["project"], "title": "Night heat, better"}))
    check = leif.text(f"/applications/{ref}/send")
    went_on(leif.post(f"/applications/{ref}/send", {"revision": hidden(check, "revision")}))
    assert "Sending number 2" in words(leif.text(f"/applications/{ref}/receipt"))
    desk.fund.until(desk.fund.plan.date("submission_deadline"))
    assert "Change what you sent" not in leif.text(f"/applications/{ref}/receipt")


def test_late_is_received_and_says_so(desk: Desk, leif: Reader, begun: str):
    for section, typed in TYPED.items():
        fill(leif, begun, section, typed)
    desk.fund.until(desk.fund.plan.date("submission_deadline") + timedelta(hours=1))
    check = leif.text(f"/applications/{begun}/send")
    assert "is received as late" in check
    assert "Send the application late</button>" in check
    receipt = went_on(leif.post(f"/applications/{begun}/send", {"revision": hidden(check, "revision")}))
    assert "It came after the deadline." in words(leif.text(receipt))
    assert desk.state(begun) == "late"


def test_completion_opens_only_what_was_asked_for(desk: Desk, leif: Reader):
    each = desk.fund.apply(cast.LEIF, "Night heat", 40_000, 70_000)
    ref = desk.ref(each)
    desk.fund.until(desk.fund.plan.date("submission_deadline"))
    with desk.fund.tx(cast.YUSUF) as tx:
        applications.ask_completion(tx, each, ["organisation"], "Who leads the project?")
    page = leif.text(f"/applications/{ref}/form/organisation")
    assert "You were asked to complete this part." in page
    assert f"/applications/{ref}/form/project" not in page
    closed = leif.text(f"/applications/{ref}/form/project")
    assert "This part stays as you sent it." in closed
    assert "<textarea" not in closed
    refused = leif.post(f"/applications/{ref}/form/project", {"title": "Better"})
    assert refused.status_code == 422
    assert desk.answers(ref)["title"] == "Night heat"
    went_on(fill(leif, ref, "organisation", {**TYPED["organisation"], "contact": "Leif, 070-174 06 06"}))
    check = leif.text(f"/applications/{ref}/send")
    assert "Send what was missing</button>" in check
    went_on(leif.post(f"/applications/{ref}/send", {"revision": hidden(check, "revision")}))
    assert desk.state(ref) == "received"


def test_the_receipt_is_a_tagged_pdf_also_before_the_worker_filed_it(desk: Desk, leif: Reader):
    ref = desk.ref(desk.fund.apply(cast.LEIF, "Night heat", 40_000, 70_000))
    answer = leif.get(f"/applications/{ref}/receipt.pdf")
    assert answer.content_type == "application/pdf"
    pdf = PdfReader(BytesIO(answer.data))
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]  # type: ignore[index]
    assert "Night heat" in " ".join(page.extract_text() for page in pdf.pages)
    assert desk.reader(cast.HANNA).get(f"/applications/{ref}/receipt.pdf").status_code == 404


@pytest.fixture
def decided(desk: Desk) -> dict[cast.Person, str]:
    """Three have applied, and the board has decided; nothing is released."""
    sent = desk.fund.play_to_proposal(
        {cast.LEIF: (40_000, 70_000, 5), cast.HANNA: (40_000, 70_000, 4), cast.MIKAEL: (40_000, 70_000, 1)}
    )
    desk.fund.decide()
    return {person: desk.ref(each) for person, each in sent.items()}


def test_the_decision_is_four_lines_and_not_one_before_it_is_released(
    desk: Desk, decided: dict[cast.Person, str]
):
    for person, ref in decided.items():
        assert desk.reader(person).get(f"/applications/{ref}/decision").status_code == 404
    desk.fund.release()
    yes, no = (
        words(desk.reader(person).text(f"/applications/{decided[person]}/decision"))
        for person in (cast.LEIF, cast.MIKAEL)
    )
    assert "Yes. Your application is granted." in yes
    assert "Accept by" in yes
    assert "No. Your application is refused." in no
    assert "Accept the award" not in no
    for person in (cast.HANNA, cast.MONA):
        assert desk.reader(person).get(f"/applications/{decided[cast.LEIF]}/decision").status_code == 404


def test_the_award_can_be_accepted_or_declined_from_there(desk: Desk, decided: dict[cast.Person, str]):
    desk.fund.release()
    page = desk.reader(cast.LEIF).text(f"/applications/{decided[cast.LEIF]}/decision")
    for step in ("accept", "decline"):
        assert f"/steps/{step}" in page
