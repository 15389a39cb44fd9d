"""The pages on a database with the shipped schemes and a few calls."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from grantflow.app import registry
from grantflow.domain.actor import SYSTEM
from grantflow.paths import data_folder
from grantflow.services.clock import mark_as_demo
from grantflow.store.session import Database
from grantflow.web import create_app
from grantflow.workflow.engine import Engine
from grantflow.workflow.loader import load_all
from tests.web.browsing import Reader
from tests.web.world import a_call

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Site:
    """The pages, and the database behind them."""

    app: Flask
    database: Database

    @property
    def client(self) -> FlaskClient:
        """A reader."""
        client = self.app.test_client()
        client.set_cookie("language", "en")
        return client

    def reader(self, user_id: UUID | None = None) -> Reader:
        """Somebody with a browser of their own, signed in where it is said as whom."""
        return Reader(self.app, user_id)

    def text(self, address: str, status: int = 200) -> str:
        """Return a page's HTML."""
        answer = self.client.get(address)
        assert answer.status_code == status, answer.text
        return answer.text

    def call(self, *args: object, **given: object) -> None:
        """Write a call into the tables."""
        with self.database.transaction(SYSTEM, NOW) as tx:
            a_call(tx, *args, **given)  # type: ignore[arg-type]  # handed on as they are


@pytest.fixture(scope="session")
def engine() -> Engine:
    loaded = load_all(data_folder("workflows"))
    return Engine(registry(), [each.scheme for each in loaded if each.scheme is not None])


@pytest.fixture
def site(database_url: str, engine: Engine) -> Iterator[Site]:
    """The pages once on SQLite and once on PostgreSQL, without any call."""
    database = Database(database_url, engine)
    yield Site(create_app(database, now=lambda: NOW), database)
    database.dispose()


@pytest.fixture
def demo_site(database_url: str, engine: Engine) -> Iterator[Site]:
    """The pages of a demo, once on each database, without anybody in it."""
    database = Database(database_url, engine)
    with database.transaction(SYSTEM, NOW) as tx:
        mark_as_demo(tx)
    yield Site(create_app(database, demo=True, now=lambda: NOW), database)
    database.dispose()
