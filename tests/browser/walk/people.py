"""What people do in front of a browser, in the words that they see: links, buttons, labels and sections by their names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from gettext import GNUTranslations
from pathlib import Path

import yaml
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select

import grantflow
from grantflow.domain.actor import SYSTEM, Actor
from grantflow.services import clock
from grantflow.services.demo.people import address_of
from grantflow.services.mail import FileCarrier
from grantflow.store.cases import CaseRow
from grantflow.store.outbox import OutboxMessage as Outbox
from grantflow.store.people.models import User
from grantflow.store.session import Tx
from grantflow.worker.delivery import Delivery, PaperMill
from tests.browser import live
from tests.browser.live import Reader, Site

SLUG = "north-middle-sweden"
PATIENCE = 20_000
"""For so many milliseconds somebody looks for something on a page, however busy the machine is."""


Words = Callable[[str], str]
"""English words to the words of the pages as somebody has chosen to read them."""


def spoken(language: str) -> Words:
    """Return the words of another language: from its catalogue, and from the form of the call."""
    here = Path(grantflow.__file__).parent
    with (here / "locale" / language / "LC_MESSAGES" / "messages.mo").open("rb") as file:
        catalogue = GNUTranslations(file)
    form = yaml.safe_load((live.ROOT / "config" / "forms" / "seed_project" / "v1.yaml").read_text())
    own = dict(_in_both(form, language))
    return lambda words: own.get(words) or catalogue.gettext(words)


def _in_both(found: object, language: str) -> Iterator[tuple[str, str]]:
    """Yield every text of a file that it has in English and in another language."""
    if isinstance(found, dict):
        if "en" in found and language in found:
            yield found["en"], found[language]
        for each in found.values():
            yield from _in_both(each, language)
    elif isinstance(found, list):
        for each in found:
            yield from _in_both(each, language)


class Part:
    """A part of a page, and what somebody does in it; everything is named by the words on the page."""

    def __init__(self, page: Page, at: Locator, words: Words = str) -> None:
        self.page = page
        self.at = at
        self.words = words

    def part(self, name: str) -> Part:
        """Return the section, article or other region of that name."""
        named = re.compile(re.escape(self.words(name)))
        found = self.at.get_by_role("region", name=named).or_(self.at.get_by_role("article", name=named))
        return Part(self.page, found.first, self.words)

    def row(self, words: str) -> Part:
        """Return the row of a table, or the line of a list, that has these words in it."""
        found = self.at.get_by_role("row").or_(self.at.get_by_role("listitem")).filter(has_text=words)
        return Part(self.page, found.last, self.words)

    def group(self, name: str) -> Part:
        """Return a group of choices by what it asks."""
        named = re.compile(re.escape(self.words(name)))
        return Part(self.page, self.at.get_by_role("group", name=named).first, self.words)

    def reads(self, *sentences: str) -> None:
        """See that these words stand there."""
        for sentence in sentences:
            expect(self.at).to_contain_text(self.words(sentence), timeout=PATIENCE)

    def sees_nothing_of(self, *sentences: str) -> None:
        """See that these words do not stand there."""
        for sentence in sentences:
            expect(self.at).not_to_contain_text(self.words(sentence), timeout=PATIENCE)

    def unfolds(self, title: str) -> None:
        """Open what is folded away under a title."""
        fold = (
            self.at.locator("details")
            .filter(has=self.page.locator("summary", has_text=self.words(title)))
            .first
        )
        if fold.get_attribute("open") is None:
            fold.locator("summary").first.click()

    def follows(self, link: str, *, exact: bool = False) -> None:
        """Follow a link and wait for the page to which it leads."""
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            self.at.get_by_role("link", name=self.words(link), exact=exact).first.click()

    def presses(self, button: str) -> None:
        """Press a button and wait for the answer."""
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            self.at.get_by_role("button", name=self.words(button)).first.click()

    def writes(self, label: str, words: str) -> None:
        """Write into the field whose label begins so."""
        begins = re.compile(f"^{re.escape(self.words(label))}")
        self.at.get_by_role("textbox", name=begins).first.fill(words)

    def chooses(self, question: str, answer: str) -> None:
        """Choose an answer to a question: among buttons, or in a list."""
        self.group(question).at.get_by_label(self.words(answer)).first.check()

    def picks(self, label: str, option: str) -> None:
        """Pick what begins so from a list that folds out."""
        field = self.at.get_by_label(self.words(label)).first
        found = field.locator("option", has_text=self.words(option)).first
        field.select_option(value=found.get_attribute("value"))

    def ticks(self, *labels: str) -> None:
        """Tick boxes."""
        for label in labels:
            self.at.get_by_label(self.words(label)).first.check()


class Person(Part):
    """One of the cast in front of a browser of their own."""

    def __init__(self, name: str, reader: Reader) -> None:
        super().__init__(reader.page, reader.page.locator("body"))
        reader.page.set_default_timeout(PATIENCE)
        self.name = name
        self.reader = reader

    def goes_to(self, path: str) -> None:
        """Open a page by its address, as from a bookmark."""
        self.page.goto(self.reader.site.address + path, wait_until="domcontentloaded")

    def goes_home(self) -> None:
        """Open one's own home."""
        self.goes_to("/home")

    def signs_in(self) -> None:
        """Be this one of the cast, by the button."""
        self.goes_to("/sign-in")
        self.presses(self.name)

    def reads_in(self, language: str) -> None:
        """Read the pages in another language from now on."""
        self.at.locator(f'footer button[lang="{language}"]').click()
        expect(self.page.locator("html")).to_have_attribute("lang", language)
        self.words = spoken(language)

    def at_a_phone(self) -> None:
        """Read the pages on a narrow screen from now on."""
        self.reader.at_width(390)

    def waits_until_saved(self) -> None:
        """See that the page has saved by itself what was typed."""
        expect(self.at.locator("[data-save-status]")).to_have_attribute(
            "data-state", "saved", timeout=PATIENCE
        )

    def downloads(self, link: str) -> bytes:
        """Return what a link hands out."""
        with self.page.expect_download(timeout=3 * PATIENCE) as coming:
            self.at.get_by_role("link", name=self.words(link)).first.click(no_wait_after=True)
        return Path(coming.value.path()).read_bytes()

    @property
    def record(self) -> str:
        """The reference of the record that is open."""
        return str(self.page.locator(".gf-ref").first.inner_text())


@dataclass
class Town:
    """Everybody who takes part, one clock, and the house in which it all is kept."""

    browser: Browser
    site: Site
    scripts: bool
    stack: ExitStack
    seated: dict[str, Person] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Person:
        """Return somebody of the cast; who was not there yet sits down and signs in."""
        if name not in self.seated:
            reader = self.stack.enter_context(live.reader(self.browser, self.site, scripts=self.scripts))
            self.seated[name] = Person(name, reader)
            self.seated[name].signs_in()
        return self.seated[name]

    @cached_property
    def visitor(self) -> Person:
        """Somebody who is not signed in."""
        return Person(
            "", self.stack.enter_context(live.reader(self.browser, self.site, scripts=self.scripts))
        )

    @property
    def now(self) -> datetime:
        """What the demo's clock shows."""
        wall = datetime.now(UTC)
        with self.site.database.reading(SYSTEM, wall) as tx:
            return clock.shown(tx, wall)

    def in_days(self, days: int) -> str:
        """Return the day so many days ahead, as people type it."""
        return f"{self.now + timedelta(days=days):%Y-%m-%d}"

    def clock_moves(self, days: int, by: str) -> None:
        """Let somebody move the demo's clock to the evening of a day ahead, by the bar on top."""
        someone = self[by]
        wanted = self.in_days(days)
        bar = someone.part("Demo")
        bar.unfolds("To another day")
        bar.writes("To the evening of", wanted)
        bar.presses("Move the clock")
        someone.reads("The clock moved forward.")

    def clock_reaches(self, label: str, by: str) -> None:
        """Let somebody press the bar's button until the date of that name has come."""
        someone = self[by]
        bar = someone.part("Demo")
        for _ in range(60):
            button = bar.at.get_by_role("button", name="Forward to")
            last = f"({label})" in button.inner_text()
            bar.presses("Forward to")
            if last:
                return
        raise AssertionError(f"The clock never came to “{label}”.")

    @contextmanager
    def acting(self, name: str) -> Iterator[Tx]:
        """Do the rest of many equal things as somebody, through the services that the pages call."""
        now = self.now
        with self.site.database.transaction(SYSTEM, now) as tx:
            user_id = tx.execute(select(User.id).where(User.email == address_of(name))).scalar_one()
        with self.site.database.transaction(Actor("person", user_id), now) as tx:
            yield tx

    def post_leaves(self) -> None:
        """Let the worker take away the letters of awards; what else waits in the post is not of this story."""
        mill = PaperMill(1)
        try:
            letters = Delivery(
                self.site.database,
                FileCarrier(self.site.folder / "mail", "walk@demo.invalid"),
                mill,
                self.site.folder / "files",
                lambda: self.now,
            )
            with self.site.database.reading(SYSTEM, self.now) as tx:
                decisions = (
                    select(Outbox.id)
                    .join(CaseRow, CaseRow.id == Outbox.case_id)
                    .where(CaseRow.ref.startswith("NMS-"), Outbox.done_at.is_(None))
                    .where(Outbox.template == "award_letter")
                )
                waiting = tx.execute(decisions).scalars().all()
            for each in waiting:
                assert letters.deliver(each, lambda _tx, _seconds: None) == "sent"
        finally:
            mill.close()
