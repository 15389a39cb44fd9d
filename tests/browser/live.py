"""The pages as they run: the demo on a server of its own, and people who look at it in a real browser."""

from __future__ import annotations

import json
import logging
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright
from sqlalchemy import select
from werkzeug.serving import make_server

from grantflow.app import make_ready, registry
from grantflow.domain.actor import SYSTEM
from grantflow.paths import data_folder
from grantflow.services import clock, demo
from grantflow.settings import load as load_settings
from grantflow.store.applications.models import Application
from grantflow.store.cases import CaseRow
from grantflow.store.session import Database
from grantflow.web import create_app
from grantflow.workflow.engine import Engine
from grantflow.workflow.loader import load_all
from tests.browser.pages import Looked

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
LISTENS = """document.addEventListener("securitypolicyviolation", event => reportToTest(
  `${event.violatedDirective} forbids ${event.blockedURI} at ${event.sourceFile || location.href}:${event.lineNumber} ${event.sample}`
));"""
"""What the browser keeps from a page because of its policy, told to whoever looks."""
WIDTHS = (1280, 390)
SCHEMES = ("light", "dark")
FINDINGS = ("moderate", "serious", "critical")
"""What of axe's findings counts; what it calls minor does not."""


def tell_the_demo(folder: Path) -> Path:
    """Load the demo into a new database in the folder and return its file."""
    settings = load_settings(data_folder("config"), {"GRANTFLOW_DATA": str(folder)}).settings
    make_ready(settings, lambda _: None)
    opened = house(folder)
    with opened.transaction(SYSTEM, datetime.now(UTC)) as tx:
        clock.mark_as_demo(tx)
    demo.load(opened, lambda _: None)
    opened.dispose()
    return folder


@cache
def engine() -> Engine:
    """Return the engine of the shipped schemes."""
    loaded = load_all(data_folder("workflows"))
    return Engine(registry(), [each.scheme for each in loaded if each.scheme is not None])


def house(folder: Path) -> Database:
    """Open the database of a folder."""
    settings = load_settings(data_folder("config"), {"GRANTFLOW_DATA": str(folder)}).settings
    return Database(settings.database, engine())


@dataclass(frozen=True)
class Site:
    """A running server and the database behind it."""

    address: str
    database: Database
    folder: Path


def _shown(opened: Database) -> datetime:
    wall = datetime.now(UTC)
    with opened.reading(SYSTEM, wall) as tx:
        return clock.shown(tx, wall)


def reference(site: Site, titled: str) -> str:
    """Return the reference of the first application with that title."""
    with site.database.reading(SYSTEM, datetime.now(UTC)) as tx:
        found = select(CaseRow.ref).join(Application, Application.id == CaseRow.id)
        return (
            tx.execute(found.where(Application.title == titled).order_by(CaseRow.ref)).scalars().first() or ""
        )


@contextmanager
def served(folder: Path, opened: Database | None = None) -> Iterator[Site]:
    """Serve the database of a folder, or one that is open already, on a free port until the block ends."""
    opened = opened or house(folder)
    app = create_app(
        opened,
        data_folder=folder,
        demo=True,
        now=lambda: _shown(opened),
        wall=lambda: datetime.now(UTC),
        secret_key="of the browser tests",
    )
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, name="pages", daemon=True)
    thread.start()
    try:
        yield Site(f"http://127.0.0.1:{server.server_port}", opened, folder)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        opened.dispose()


@contextmanager
def browsing() -> Iterator[Browser]:
    """Start Debian's browser."""
    path = shutil.which("chromium")
    assert path, "Debian's chromium is missing; script/bootstrap --tests installs it"
    with sync_playwright() as play:
        started = play.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
        )
        yield started
        started.close()


@dataclass
class Reader:
    """Somebody in front of a browser; what the browser complains about is kept."""

    site: Site
    page: Page
    complaints: list[str] = field(default_factory=list)
    expected: tuple[int, ...] = ()
    """Status codes about which the browser may complain: pages that are refused on purpose."""

    def looks_at(self, looked: Looked) -> Page:
        """Open a page of the list."""
        return self.goes_to(looked.path.format(ref=reference(self.site, looked.titled)))

    def goes_to(self, path: str) -> Page:
        """Open a page and wait until it is drawn in its font."""
        self.page.goto(self.site.address + path)
        self.page.evaluate("document.fonts.ready")
        return self.page

    def signs_in(self, email: str) -> None:
        """Sign in as one of the cast, by the button."""
        self.goes_to("/sign-in")
        self.page.locator(f'button[name="person"][value="{email}"]').first.click()
        self.page.wait_for_url(lambda address: "/sign-in" not in address)

    def in_colours(self, scheme: str) -> None:
        """Look in light or dark."""
        self.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")

    def at_width(self, width: int) -> None:
        """Look at a screen of this width."""
        self.page.set_viewport_size({"width": width, "height": 844})

    def findings(self) -> list[str]:
        """Return what axe finds on the page, from moderate up."""
        self.page.evaluate(_axe())
        rules = {"target-size": {"enabled": True}}
        found: Any = self.page.evaluate(
            "options => axe.run(document, options)", {"rules": rules, "resultTypes": ["violations"]}
        )
        return [
            f"{each['impact']} {each['id']}: {node['target']} {node['failureSummary']}"
            for each in found["violations"]
            if each["impact"] in FINDINGS
            for node in each["nodes"]
        ]

    def sideways(self) -> list[str]:
        """Return what makes the page wider than the screen; nothing where it fits."""
        wide: Any = self.page.evaluate(
            """() => {
              const more = document.documentElement.scrollWidth - innerWidth;
              if (more <= 0) return [];
              const scrolls = ".gf-scroll, .gf-drawing";
              const parts = [...document.querySelectorAll("body *")]
                .filter(e => e.getBoundingClientRect().left + e.scrollWidth > innerWidth + 1)
                .filter(e => !e.closest(scrolls));
              return [`${more} px too wide`, ...parts.map(e => e.outerHTML.slice(0, 120))];
            }"""
        )
        return [str(each) for each in wide]


@cache
def _axe() -> str:
    assert AXE.is_file(), "axe is missing; script/assets installs it"
    return AXE.read_text()


@contextmanager
def reader(browser: Browser, site: Site, *, scripts: bool = True, language: str = "en") -> Iterator[Reader]:
    """Let somebody sit down, with cookies of their own; in the end nothing may have been complained about."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 844},
        java_script_enabled=scripts,
        reduced_motion="reduce",
        locale=language,
        service_workers="block",
    )
    context.expose_binding("reportToTest", lambda source, said: against_policy(source["page"], said))
    context.add_init_script(LISTENS)
    someone = Reader(site, context.new_page())

    def against_policy(page: Page, said: str) -> None:
        someone.complaints.append(f"{page.url}: {said}")

    def heard(message: ConsoleMessage) -> None:
        text = message.text
        if message.type == "error" and not any(f"status of {code}" in text for code in someone.expected):
            someone.complaints.append(f"{someone.page.url}: {text} {json.dumps(message.location)}")

    someone.page.on("console", heard)
    someone.page.on("pageerror", lambda error: someone.complaints.append(f"{someone.page.url}: {error}"))
    yield someone
    context.close()
    assert someone.complaints == [], someone.complaints
