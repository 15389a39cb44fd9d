"""An award is declined, its money comes back, and the reserve moves up in its order, by decision (P19)."""

from __future__ import annotations

import re

from tests import cast
from tests.factories.fund import Balances
from tests.web.corrections.conftest import Desk
from tests.web.house import went_on


def decline(desk: Desk) -> None:
    award = desk.ref(desk.fund.award(desk.fund.told[cast.HANNA.name]))
    decision = desk.reader(cast.HANNA).text(f"/applications/{desk.ref(cast.HANNA)}/decision")
    assert f'href="/records/{award}/steps/decline"' in decision, "who reads the decision is led to declining"
    desk.takes(cast.HANNA, award, "decline", reason="The new owner stops it.")


def release_alone(desk: Desk, person: cast.Person) -> None:
    """Let Karin read the letter of one decision and release it."""
    karin, ref = desk.reader(cast.KARIN), desk.ref(person)
    letter = f"/applications/{ref}/letter"
    assert f'href="{letter}"' in karin.text(f"/records/{ref}")
    text = re.search(r'name="sha256" value="([0-9a-f]{64})"', karin.text(letter))
    assert text is not None
    went_on(karin.post(letter, {"sha256": text[1]}))
    desk.takes(cast.KARIN, ref, "release_one")


def test_the_next_in_order_moves_up_with_what_came_back(released_desk: Desk) -> None:
    desk, mikael, sara = released_desk, released_desk.ref(cast.MIKAEL), released_desk.ref(cast.SARA)
    assert desk.fund.balances() == Balances(75_000, 0, 70_000, 0, 0)
    short = desk.refused(cast.SOFIA, mikael, "move_up", reason="It is ready.")
    assert "EUR 5 000" in short, "who asks is told what is left"
    decline(desk)
    assert desk.state(cast.HANNA) == "declined"
    assert desk.fund.balances() == Balances(75_000, 0, 40_000, 30_000, 0)
    told = desk.mails("award_declined")
    assert cast.YUSUF.name in told
    assert "The new owner stops it." in told[cast.YUSUF.name]

    reserve = desk.page("reserve")
    listed = desk.reads(cast.SOFIA, reserve)
    assert "EUR 35 000 free" in listed
    assert listed.index("Mikael") < listed.index("Sara")
    for ref in (mikael, sara):
        assert f'href="/records/{ref}/steps/move_up"' in desk.reader(cast.SOFIA).text(reserve)
    passed = desk.refused(cast.SOFIA, sara, "move_up", reason="It is ready.")
    assert mikael in passed, "who stands before is named"
    assert "It is ready." in passed
    before = desk.reads(cast.MIKAEL, f"/records/{mikael}")
    desk.takes(cast.SOFIA, mikael, "move_up", reason="Money became free.")
    assert desk.fund.balances() == Balances(75_000, 30_000, 40_000, 30_000, 0)
    assert desk.reads(cast.MIKAEL, f"/records/{mikael}") == before, "nothing tells of what is not released"

    release_alone(desk, cast.MIKAEL)
    assert desk.fund.balances() == Balances(75_000, 0, 70_000, 30_000, 0)
    read = desk.reads(cast.MIKAEL, f"/applications/{mikael}/decision")
    assert "EUR 30 000" in read
    assert cast.MIKAEL.name in desk.mails("award_letter")
    assert "Nobody is on the reserve list" not in desk.reads(cast.SOFIA, reserve)
    desk.fund.days(1)  # the applicants know first
    public = desk.reads(None, desk.page())
    assert "Granted 2" in public
    listed = public.partition("Projects that were granted money")[2].partition("Dates")[0]
    assert "Mikael" in listed, "what moved up is a result"
    assert "Hanna" not in listed, "what was declined is none"
    assert "On the reserve list 1" in public


def test_somebody_is_passed_over_only_with_a_reason(released_desk: Desk) -> None:
    desk, sara = released_desk, released_desk.ref(cast.SARA)
    decline(desk)
    why = "Mikael's partner has left, and he asked for a month."
    desk.takes(cast.SOFIA, sara, "move_up", passed_over=why, reason="It is ready.")
    release_alone(desk, cast.SARA)
    assert desk.state(cast.SARA) == "awarded"
    assert desk.state(cast.MIKAEL) == "reserve"
    assert why in desk.reads(cast.YUSUF, f"/records/{sara}/journal")
    assert why not in desk.reads(cast.SARA, f"/records/{sara}"), "the reason is about somebody else"
    assert desk.fund.balances() == Balances(75_000, 0, 60_000, 30_000, 0)


def test_nobody_else_moves_anybody_up_or_declines_for_others(released_desk: Desk) -> None:
    desk, award = (
        released_desk,
        released_desk.ref(released_desk.fund.award(released_desk.fund.told[cast.HANNA.name])),
    )
    for person in (cast.LEIF, cast.YUSUF, cast.KARIN):
        assert desk.reader(person).get(f"/records/{award}/steps/decline").status_code == 404
        step = f"/records/{desk.ref(cast.MIKAEL)}/steps/move_up"
        assert desk.reader(person).post(step, {"revision": "1", "reason": "Mine."}).status_code == 404
    assert desk.fund.balances() == Balances(75_000, 0, 70_000, 0, 0)
