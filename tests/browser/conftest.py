"""The demo, served once for all who only look, and anew for those who change something; and the browser."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import live
from tests.browser.live import Reader, Site

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say that all which needs the browser is slow."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a demo that was just loaded; copy it, do not write into it."""
    return live.tell_the_demo(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="session")
def site(demo_folder: Path) -> Iterator[Site]:
    """The demo, for those who only look."""
    with live.served(demo_folder) as running:
        yield running


@pytest.fixture
def own_site(demo_folder: Path, tmp_path: Path) -> Iterator[Site]:
    """A demo of one's own, to change things in."""
    with live.served(Path(shutil.copytree(demo_folder, tmp_path / "demo"))) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A browser, started once."""
    with live.browsing() as started:
        yield started


Sits = Callable[..., Reader]
"""`sits("karin@…", site=own_site, scripts=False)`: somebody sits down, signed in where an address is given."""


@pytest.fixture
def sits(browser: Browser, site: Site) -> Iterator[Sits]:
    """Let people sit down in front of the browser; when they leave, it must not have complained about anything."""
    with ExitStack() as stack:

        def sit(email: str | None = None, at: Site = site, *, scripts: bool = True) -> Reader:
            someone = stack.enter_context(live.reader(browser, at, scripts=scripts))
            if email is not None:
                someone.signs_in(email)
            return someone

        yield sit
