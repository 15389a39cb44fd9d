"""What came on paper is entered by an officer, and its true arrival says whether it is in time (P6)."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from grantflow.store.cases import CaseRow
from tests import cast
from tests.web.applications.conftest import TYPED
from tests.web.corrections.conftest import Desk
from tests.web.house import went_on, words


def begins(desk: Desk) -> str:
    """Let Yusuf find the institute and begin to enter its paper; returns the reference."""
    yusuf, page = desk.reader(cast.YUSUF), desk.page("paper")
    assert f'href="{page}"' in yusuf.text(f"/records/{desk.ref()}")
    assert f'href="{page}"' in yusuf.text(desk.page("manage"))
    found = yusuf.text(f"{page}?words=tekniska+inst")
    organisation = str(desk.fund.organisations[cast.INSTITUTE.name])
    assert f'value="{organisation}"' in found
    sent = {"words": "tekniska inst", "organisation": organisation, "once": "a key"}
    first = went_on(yusuf.post(page, sent))
    assert went_on(yusuf.post(page, sent)) == first, "sent twice, it begins one application"
    return first.split("/")[2]


def enters(desk: Desk, ref: str) -> str:
    """Let Yusuf enter the whole form; returns its last page."""
    yusuf = desk.reader(cast.YUSUF)
    address = went_on(yusuf.get(f"/applications/{ref}/form"))
    for section, typed in TYPED.items():
        assert address == f"/applications/{ref}/form/{section}"
        page = yusuf.text(address)
        seen = re.search(r'name="seen" value="([^"]*)"', page)
        target = re.search(r'<form method="post" action="(/applications/[^"]+)"', page)
        assert seen is not None
        assert target is not None
        address = went_on(yusuf.post(target[1], {"seen": seen[1], **typed}))
    return address


@pytest.mark.parametrize(
    ("arrived", "state", "shown"),
    [("2018-12-12 13:05", "received", "12 December 2018, 13:05"), ("12.12.2018 14.05", "late", "14:05")],
)
def test_its_arrival_counts_and_not_the_moment_of_entering_it(
    closed_desk: Desk, arrived: str, state: str, shown: str
) -> None:
    desk, ref = closed_desk, begins(closed_desk)
    desk.fund.days(1)
    early = desk.reads(cast.YUSUF, f"/applications/{ref}/send")
    assert "is not filled in yet." in early
    last = enters(desk, ref)
    assert last == f"/applications/{ref}/send"
    read = desk.reads(cast.HENRIK, f"/records/{ref}")
    assert "Received on paper, being entered" in read
    assert f'href="/applications/{ref}/form"' not in desk.reader(cast.HENRIK).text(f"/records/{ref}")

    step = f"/records/{ref}/steps/receive_paper"
    assert f'href="{step}"' in desk.reader(cast.YUSUF).text(last)
    for wrong, why in (
        ("2030-01-01 09:00", "cannot have arrived in the future"),
        ("yesterday", "takes a date and a time"),
        ("", "When it arrived"),
    ):
        refused = desk.refused(cast.YUSUF, ref, "receive_paper", arrived=wrong)
        assert why in refused
    desk.takes(cast.YUSUF, ref, "receive_paper", via=last, arrived=arrived)

    with desk.fund.reading() as tx:
        assert tx.execute(select(CaseRow.state).where(CaseRow.ref == ref)).scalar_one() == state
    assert shown in desk.reads(cast.HENRIK, f"/records/{ref}"), "the applicant reads when it arrived"
    template = "receipt" if state == "received" else "late_receipt"
    assert cast.HENRIK.name in desk.mails(template)
    assert ref in desk.reads(cast.YUSUF, f"{desk.page('applications')}?state={state}")
    assert ref not in desk.reads(None, desk.page())


def test_nobody_else_enters_paper(closed_desk: Desk) -> None:
    desk, page = closed_desk, closed_desk.page("paper")
    for person in (cast.LEIF, cast.KARIN, cast.MONA, cast.SOFIA):
        assert desk.reader(person).get(f"{page}?words=a").status_code == 404
        assert desk.reader(person).post(page, {"organisation": "x"}).status_code == 404
    assert desk.reader().get(page).status_code == 303
    yusuf = desk.reader(cast.YUSUF)
    assert "No organisation bears these words" in words(yusuf.text(f"{page}?words=nobody"))
    unchosen = yusuf.post(
        page, {"words": "demo", "organisation": str(desk.fund.organisations[cast.FOREST.name])}
    )
    assert unchosen.status_code == 422
    assert "Choose whose paper it is." in words(unchosen.text)
