"""Settings on which the tests of records begin: set once on each kind of database, then copied."""

from __future__ import annotations

from tests import cast
from tests.factories.fund import Fund, open_fund


def decided(url: str) -> Fund:
    """Three have applied and one has only begun; the board has decided, and nothing is released: all is embargoed."""
    told = open_fund(url)
    draft = told.start(cast.SARA)
    wanted = {
        cast.LEIF: (40_000, 80_000, 5),
        cast.HANNA: (40_000, 80_000, 4),
        cast.MIKAEL: (40_000, 80_000, 3),
    }
    sent = told.play_to_proposal(wanted)
    told.decide()
    told.told = {"draft": draft, **{person.name: each for person, each in sent.items()}}
    return told


def received(url: str) -> Fund:
    """Two have sent, one has only begun, the deadline has passed."""
    told = open_fund(url)
    draft = told.start(cast.SARA)
    leif = told.apply(cast.LEIF, "Heat from the rolling mill", 40_000, 80_000)
    hanna = told.apply(cast.HANNA, "Tomatoes in winter", 30_000, 60_000)
    told.until(told.plan.date("submission_deadline"))
    told.told = {"draft": draft, cast.LEIF.name: leif, cast.HANNA.name: hanna}
    return told
