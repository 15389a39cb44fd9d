"""The open fund on a server of its own, and applicants in front of a real browser."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser
from sqlalchemy import select
from werkzeug.serving import make_server

from grantflow.domain.actor import SYSTEM
from grantflow.services.people import sessions
from grantflow.store.cases import CaseRow
from grantflow.web import create_app
from tests import cast
from tests.browser import live
from tests.browser.live import Reader, Site
from tests.databases import Databases
from tests.factories.copies import copied
from tests.factories.fund import Fund, open_fund


class Desk:
    """The fund and its pages, served."""

    def __init__(self, fund: Fund, folder: Path) -> None:
        self.fund = fund
        begun = fund.now
        self.app = create_app(
            fund.database,
            data_folder=folder,
            demo=True,
            now=lambda: fund.now,
            wall=lambda: begun,
            secret_key="of these tests",
        )
        self._wall = begun
        self._server = make_server("127.0.0.1", 0, self.app, threaded=True)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.site = Site(f"http://127.0.0.1:{self._server.server_port}", fund.database, folder)

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def signed_in(self, person: cast.Person) -> dict[str, str]:
        """Return the cookie of a browser in which somebody is signed in."""
        with self.fund.database.transaction(SYSTEM, self._wall) as tx:
            token = sessions.sign_in(
                tx, self.fund.people[person.name], browser="a test", limits=sessions.Limits()
            )
        signer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]  # Flask's own
        return {"name": "session", "value": signer.dumps({"_user_id": token}), "url": self.site.address}

    def ref(self, application_id: UUID) -> str:
        with self.fund.reading() as tx:
            return str(tx.execute(select(CaseRow.ref).where(CaseRow.id == application_id)).scalar_one())


@pytest.fixture
def desk(databases: Databases, tmp_path: Path) -> Iterator[Desk]:
    """Nobody has applied yet."""
    fund = copied(databases, "sqlite", open_fund)
    served = Desk(fund, tmp_path)
    yield served
    served.close()
    fund.database.dispose()
    databases.drop(fund.database.url)


Seats = Callable[..., Reader]


@pytest.fixture
def seats(browser: Browser, desk: Desk) -> Iterator[Seats]:
    """Let people of the fund sit down, signed in; their browsers may complain about nothing."""
    with ExitStack() as stack:

        def sit(person: cast.Person, *, scripts: bool = True, width: int = 390) -> Reader:
            someone = stack.enter_context(live.reader(browser, desk.site, scripts=scripts))
            someone.page.context.add_cookies([desk.signed_in(person)])  # type: ignore[list-item]  # three of its keys
            someone.at_width(width)
            return someone

        yield sit
