"""Tries are counted exactly, also when many try at once from processes of their own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from grantflow.domain.actor import SYSTEM
from grantflow.services.people import passwords, tries
from grantflow.services.people.once import first_time
from grantflow.services.people.tries import Try
from grantflow.store.session import Database
from grantflow.workflow.engine import Engine
from grantflow.workflow.registry import Registry

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def opened(url: str) -> Database:
    return Database(url, Engine(Registry.collect([], (), ())))


def test_of_many_tries_at_once_only_so_many_pass(database_url: str):
    houses = [opened(database_url) for _ in range(4)]

    def attempt(number: int) -> bool:
        with houses[number % 4].transaction(SYSTEM, NOW) as tx:
            return tries.count(
                tx, [Try("sign-in", "leif@demo.invalid", 5), Try("from", str(number % 2), 100)]
            )

    with ThreadPoolExecutor(8) as pool:
        passed = list(pool.map(attempt, range(24)))
    assert passed.count(True) == 5
    for house in houses:
        house.dispose()


def test_a_form_that_is_sent_twice_at_once_is_taken_once(database_url: str):
    houses = [opened(database_url) for _ in range(2)]

    def send(number: int) -> bool:
        with houses[number % 2].transaction(SYSTEM, NOW) as tx:
            return first_time(tx, "the key of one page")

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(send, range(8))).count(True) == 1
    for house in houses:
        house.dispose()


def test_after_a_quarter_of_an_hour_counting_begins_anew(database_url: str):
    house = opened(database_url)

    def attempt(at: datetime) -> bool:
        with house.transaction(SYSTEM, at) as tx:
            return tries.count(tx, [Try("sign-in", "leif@demo.invalid", 1)])

    assert [attempt(NOW), attempt(NOW), attempt(NOW + timedelta(minutes=15))] == [True, False, True]
    house.dispose()


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:0db8:0001:0002"),
        ("2001:db8:1:2:ffff::1", "2001:0db8:0001:0002"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        (None, "unknown"),
        ("nonsense", "unknown"),
    ],
)
def test_one_customers_addresses_are_one_network(address: str | None, network: str):
    assert tries.network_of(address) == network


def test_passwords_are_kept_by_argon2id_and_never_alike():
    kept = [passwords.hash_of("three heavy planks") for _ in range(2)]
    assert all(one.startswith("$argon2id$") for one in kept)
    assert kept[0] != kept[1]
    assert passwords.fits(kept[0], "three heavy planks")
    assert not passwords.fits(kept[0], "three heavy plank")
    assert not passwords.fits(None, "nobody has this password")
    assert not passwords.fits("not a hash", "three heavy planks")
