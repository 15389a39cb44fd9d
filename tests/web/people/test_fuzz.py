"""Random requests against the pages of this room: never a fault, and what is not granted changes nothing."""

from __future__ import annotations

import random

from sqlalchemy import func, select

from grantflow.domain.actor import SYSTEM
from grantflow.store.tables import metadata
from tests.web.conftest import NOW, Site
from tests.web.people.test_signing_in import EMAIL, PASSWORD, somebody

ADDRESSES = (
    "/sign-in",
    "/sign-in/demo",
    "/sign-out",
    "/sign-in/forgotten",
    "/sign-in/new-password/x",
    "/invitations/x",
    "/register",
    "/account",
    "/account/password",
    "/account/sessions/00000000-0000-0000-0000-000000000007/end",
    "/account/sessions/end-all",
    "/language",
    "/colours",
    "/demo/clock",
    "/home",
)
NAMES = (
    "email",
    "password",
    "person",
    "next",
    "words",
    "name",
    "to",
    "language",
    "colours",
    "kept",
    "identifier",
)
VALUES = (
    EMAIL,
    PASSWORD,
    "",
    "/home",
    "//x",
    "\x00",
    "é" * 300,
    "1",
    "../..",
    "en",
    "dark",
    "<b>",
    "[[",
    "a=b&c",
)
ASIDE = {"gf_tries", "gf_refusal", "gf_sign_in"}
"""What a request that is not granted may change."""
ROUNDS = 120


def rows(site: Site) -> dict[str, int]:
    with site.database.reading(SYSTEM, NOW) as tx:
        return {
            name: int(tx.execute(select(func.count()).select_from(table)).scalar_one())
            for name, table in metadata.tables.items()
            if name not in ASIDE
        }


def test_random_requests_meet_no_fault_and_change_nothing_that_is_not_granted(demo_site: Site):
    person = somebody(demo_site)
    dice = random.Random(4)
    readers = [demo_site.reader(), demo_site.reader(person)]
    for _ in range(ROUNDS):
        reader, address = dice.choice(readers), dice.choice(ADDRESSES)
        given = {name: dice.choice(VALUES) for name in dice.sample(NAMES, dice.randint(0, 5))}
        before = rows(demo_site)
        headers = {"Origin": dice.choice(["http://localhost", "https://elsewhere.example"])}
        if dice.random() < 0.3:
            answer = reader.get(address, query_string=given, headers=headers)
        elif dice.random() < 0.2:
            answer = reader.client.post(address, data=given, headers=headers, buffered=True)
        else:
            answer = reader.post(address, given, headers=headers)
        assert answer.status_code < 500, (address, given)
        if answer.status_code >= 400:
            assert rows(demo_site) == before, (address, given)
        if answer.status_code == 303:
            assert answer.location.startswith("/"), (address, given)
            assert not answer.location.startswith("//"), (address, given)
