"""A thousand random requests, ten thousand each with `--deep`: no fault of ours, nothing changed by what is refused or hidden."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path

from grantflow.web import create_app
from tests import cast
from tests.browser.live import house, tell_the_demo
from tests.databases import Databases
from tests.factories.copies import copied
from tests.factories.fund import BIRGIT
from tests.services.records.settings import decided
from tests.trials.fuzz import Fuzz, everybody
from tests.web.browsing import Reader

SEED = 11
CAST = (
    *(
        "karin.ekblad",
        "yusuf.demir",
        "sofia.brannvall",
        "per-olof.lindhagen",
        "elin.nordvall",
        "mona.tyskling",
    ),
    *(
        "ola.radstrom",
        "henrik.wall",
        "cecilia.bark",
        "birgit.aune",
        "bengt.olars",
        "olof.hagg",
        "lisa.norell",
    ),
    *("leif.aslund", "femke.hoekstra"),
)
"""One of each kind; with `--deep` everybody."""


def test_random_requests_find_nothing_to_complain_about(tmp_path: Path, deep: bool) -> None:
    folder = tell_the_demo(tmp_path)
    database = house(folder)
    app = create_app(
        database,
        data_folder=folder,
        demo=True,
        now=lambda: datetime.now(UTC),
        secret_key="of the trials",
    )
    app.config[
        "WTF_CSRF_METHODS"
    ] = []  # what is behind the token is tried here; the token has tests of its own
    fuzz = Fuzz(app, database, random.Random(SEED))
    people = (
        everybody(database, datetime.now(UTC)) if deep else [None, *(f"{name}@demo.invalid" for name in CAST)]
    )
    for email in people:
        fuzz.run(email, 10_000 if deep else 1000 // len(people))
    fuzz.close()
    database.dispose()

    assert fuzz.faults == []
    assert {200, 404} <= set(fuzz.answers), fuzz.answers
    assert {302, 303} & set(fuzz.answers), fuzz.answers
    assert len(fuzz.routes) > 0.8 * len({rule.rule for rule in fuzz.rules}), "nearly every route was asked"


def test_random_requests_find_nothing_on_postgresql_either(
    databases: Databases, tmp_path: Path, deep: bool
) -> None:
    """A smaller world, for what only the other kind of database minds: signs, widths, kinds of values."""
    fund = copied(databases, "postgresql", decided)
    app = create_app(fund.database, data_folder=tmp_path, now=lambda: fund.now, secret_key="of the trials")
    app.config["WTF_CSRF_METHODS"] = []
    fuzz = Fuzz(app, fund.database, random.Random(SEED))
    fuzz.rules = [rule for rule in fuzz.rules if rule.rule != "/readyz"]  # no worker runs, and it says so
    people = (None, cast.KARIN, cast.YUSUF, cast.LEIF, cast.HANNA, cast.MONA, BIRGIT)
    for person in people:
        browser = Reader(app, None if person is None else fund.people[person.name]).client
        fuzz.run(None if person is None else person.email, 5000 if deep else 50, browser)
    fuzz.close()
    fund.database.dispose()
    databases.drop(fund.database.url)

    assert fuzz.faults == []
    assert {200, 404} <= set(fuzz.answers), fuzz.answers
