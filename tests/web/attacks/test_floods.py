"""Floods on what anybody may send: counted across processes, and never a way to shut somebody else out for good."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from grantflow.domain.actor import SYSTEM
from grantflow.services.people.account import Newcomer, register_newcomer
from grantflow.services.people.sessions import Limits
from grantflow.web import create_app
from tests.web.attacks.test_trust import mailed, path
from tests.web.browsing import Reader
from tests.web.conftest import NOW, Site

OWNER, PASSWORD = "ines.expert@example.invalid", "correct horse battery"
ATTACKER, HOME = "192.0.2.66", "198.51.100.7"
LIMITS = Limits(tries=4, tries_network=7)


@pytest.fixture
def clock() -> list[datetime]:
    return [NOW]


@pytest.fixture
def processes(site: Site, clock: list[datetime]) -> tuple[Flask, Flask]:
    """Two web processes on one database, with somebody who is registered."""
    with site.database.transaction(SYSTEM, NOW) as tx:
        register_newcomer(tx, Newcomer("Ines Expert", OWNER, PASSWORD, "en", "Somebody", "7", "AB", "SE"))
    one, other = (
        create_app(site.database, now=lambda: clock[0], limits=LIMITS, secret_key="shared") for _ in range(2)
    )
    return one, other


def sends(reader: Reader, address: str, form: Mapping[str, str], network: str) -> TestResponse:
    data = {**form, "csrf_token": reader.token()}
    return reader.client.post(address, data=data, environ_overrides={"REMOTE_ADDR": network})


def signs_in(reader: Reader, password: str = PASSWORD, network: str = HOME) -> int:
    return sends(reader, "/sign-in", {"email": OWNER, "password": password}, network).status_code


def flood(processes: tuple[Flask, ...], network: str = ATTACKER) -> None:
    """Guess at the owner's password from everywhere, until no guess is taken any more."""
    statuses = [
        signs_in(Reader(app), f"guess {number}", f"{network[:-2]}{number}")
        for number in range(6)
        for app in processes
    ]
    assert statuses[: LIMITS.tries] == [422] * LIMITS.tries
    assert set(statuses[LIMITS.tries :]) == {429}


def test_a_flood_of_guesses_does_not_shut_out_who_signed_in_here_before(
    processes: tuple[Flask, Flask], clock: list[datetime]
) -> None:
    at_home = Reader(processes[0])
    assert signs_in(at_home) == 303
    assert sends(at_home, "/sign-out", {}, HOME).status_code == 303
    for _ in range(3):
        flood(processes)
        assert signs_in(Reader(processes[1])) == 429, "a browser that nobody knows waits"
        assert signs_in(at_home) == 303
        clock[0] += timedelta(minutes=16)


def test_who_is_at_a_new_browser_comes_in_by_mail(processes: tuple[Flask, Flask], site: Site) -> None:
    flood(processes)
    new = Reader(processes[0])
    assert sends(new, "/sign-in/forgotten", {"email": OWNER}, HOME).status_code in (200, 303)
    link = path(mailed(site)[-1])
    assert sends(new, link, {"password": "another long password"}, HOME).status_code == 303
    assert new.get("/home").status_code == 200


def test_a_flood_of_forgotten_passwords_leaves_a_link_that_works(
    processes: tuple[Flask, Flask], site: Site, clock: list[datetime]
) -> None:
    """Each link ends the one before, and the flood is stopped: the last one is the owner's."""
    statuses = []
    for number in range(10):
        clock[0] += timedelta(seconds=1)
        reader = Reader(processes[number % 2])
        asked = sends(reader, "/sign-in/forgotten", {"email": OWNER}, f"192.0.2.{number}")
        statuses.append(asked.status_code)
    assert 429 in statuses
    assert len(mailed(site)) == LIMITS.tries, "nobody's mailbox is filled"
    owner = Reader(processes[0])
    answer = sends(owner, path(mailed(site)[-1]), {"password": "another long password"}, HOME)
    assert answer.status_code == 303


def test_guesses_from_a_known_browser_are_counted_too(processes: tuple[Flask, Flask]) -> None:
    thief = Reader(processes[0])
    assert signs_in(thief) == 303
    assert sends(thief, "/sign-out", {}, HOME).status_code == 303
    tried = [signs_in(thief, f"guess {number}") for number in range(6)]
    assert tried == [422] * 4 + [429] * 2
    assert signs_in(Reader(processes[1])) == 303, "the owner elsewhere is not disturbed"


def test_a_cookie_that_is_none_of_ours_counts_for_nothing(processes: tuple[Flask, Flask]) -> None:
    flood(processes)
    for value in ("", "x", "W10.x", "[]", "\u00ff", "a.b.c", "x" * 4000):
        reader = Reader(processes[0])
        reader.client.set_cookie("known_browser", value, path="/sign-in")
        assert signs_in(reader) == 429


def test_the_browser_known_for_one_address_is_none_for_another(
    processes: tuple[Flask, Flask], site: Site
) -> None:
    with site.database.transaction(SYSTEM, NOW) as tx:
        register_newcomer(
            tx, Newcomer("A Thief", "thief@example.invalid", PASSWORD, "en", "T", "8", "AB", "SE")
        )
    thief = Reader(processes[0])
    form = {"email": "thief@example.invalid", "password": PASSWORD}
    assert sends(thief, "/sign-in", form, ATTACKER).status_code == 303
    flood(processes)
    assert signs_in(thief, "one more guess", ATTACKER) == 429


FORMS: dict[str, dict[str, str]] = {
    "/register": {"name": "N", "email": "n@example.invalid", "password": "short", "country": "SE"},
    "/sign-in/forgotten": {"email": "nobody@example.invalid"},
    "/sign-in": {"email": "nobody@example.invalid", "password": "x"},
}


def test_public_forms_stop_a_flood_in_every_process_and_open_again(
    processes: tuple[Flask, Flask], clock: list[datetime]
) -> None:
    def tried(address: str, number: int, network: str) -> int:
        form = FORMS[address] | {"email": f"n{number}@example.invalid"}
        return sends(Reader(processes[number % 2]), address, form, network).status_code

    for address in FORMS:
        statuses = [tried(address, number, ATTACKER) for number in range(LIMITS.tries_network + 4)]
        assert 429 not in statuses[: LIMITS.tries_network]
        assert set(statuses[LIMITS.tries_network :]) == {429}
        assert tried(address, 99, HOME) != 429, "others go on"
    clock[0] += timedelta(minutes=16)
    assert 429 not in {tried(address, 100, ATTACKER) for address in FORMS}
