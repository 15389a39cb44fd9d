"""Applying with the keys alone: nothing but Tab, Enter, Space, arrows and letters, and the eye always sees where one is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from playwright.sync_api import Page
from sqlalchemy import select

from grantflow.domain.actor import Actor
from grantflow.services import applications, clock
from grantflow.store.cases import CaseRow
from grantflow.store.people.models import User
from tests.browser.conftest import Sits
from tests.browser.live import Site
from tests.browser.pages import CAJSA, OPEN

TYPED = {
    "title": "Heat for the night shift",
    "actions": "1",
    "idea": "We try it for one winter.",
    "effect": "Less carbon.",
    "starts": "2027-04-01",
    "months": "9",
    "steps": "Build, run, measure, tell.",
    "team": "Two of us.",
    "from_the_lab": "It was said at the second workshop.",
    "costs.staff": "400 000",
    "asked": "200 000",
    "own_share": "We do.",
    "contact": "Cajsa, 070-174 06 05",
    "size": "small",
    "begun": "no",
    "truth": "yes",
}
"""What is typed into the form, by the name of the field."""
FURTHEST = 150
"""So many times somebody presses Tab before they think that they are trapped."""

FOCUSED = """() => {
  const e = document.activeElement;
  const place = e.getBoundingClientRect(), look = getComputedStyle(e);
  const label = e.labels && e.labels[0] ? getComputedStyle(e.labels[0]) : look;
  const ring = s => (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== "none";
  const x = Math.min(Math.max(place.left + place.width / 2, 1), innerWidth - 1);
  const y = place.top + Math.min(place.height / 2, 20);
  const there = document.elementFromPoint(x, y);
  const free = there !== null && (e.contains(there) || there.contains(e) || [...(e.labels || [])].some(l => l.contains(there)));
  return {
    tag: e.tagName.toLowerCase(), id: e.id, type: e.type || "", name: e.name || "", value: e.value || "",
    href: e.getAttribute("href") || "", words: (e.innerText || e.ariaLabel || "").trim().split("\\n")[0],
    checked: Boolean(e.checked), ring: ring(look) || ring(label), free, html: e.outerHTML.slice(0, 140),
  };
}"""


@dataclass
class Hands:
    """Somebody who has no mouse; `unseen` is where the eye lost them."""

    page: Page
    unseen: list[str] = field(default_factory=list)

    def focused(self) -> dict[str, Any]:
        """Return where the keys go now."""
        found: dict[str, Any] = self.page.evaluate(FOCUSED)
        return found

    def tab(self) -> dict[str, Any]:
        """Go to the next thing; it has to be seen that one is there."""
        self.page.keyboard.press("Tab")
        at = self.focused()
        if at["tag"] != "body" and not (at["ring"] and at["free"]):
            why = "behind something" if at["ring"] else "without a mark"
            self.unseen.append(f"{self.page.url}: {why}: {at['html']}")
        return at

    def tabs_to(self, **wanted: str) -> dict[str, Any]:
        """Press Tab until something is reached that has these words, value, address or name."""
        passed = []
        for _ in range(FURTHEST):
            at = self.tab()
            passed.append(at["html"])
            if all(at[key] == value for key, value in wanted.items()):
                return at
        raise AssertionError(f"{wanted} is not reached with Tab on {self.page.url}: {passed}")

    def presses(self, key: str, until: str) -> None:
        """Press a key that leads to another page."""
        with self.page.expect_navigation(url=until):
            self.page.keyboard.press(key)

    def fills(self) -> str:
        """Fill in the section that is open, field by field, until the button that goes on; return the section."""
        section = self.page.url.partition("?")[0].rpartition("/")[2]
        done: set[str] = set()
        for _ in range(FURTHEST):
            at = self.tab()
            if at["tag"] == "button" and at["words"] == "Save and go on":
                self.presses("Enter", "**/applications/**")
                return section
            wanted = TYPED.get(at["name"])
            if wanted is not None and at["name"] not in done:
                done.add(at["name"])
                self._answers(at, wanted)
        raise AssertionError(f"no button is reached with Tab on {self.page.url}")

    def _answers(self, at: dict[str, Any], wanted: str) -> None:
        if at["type"] == "checkbox":
            assert at["value"] == wanted
            self.page.keyboard.press("Space")
            return
        if at["type"] in {"radio", "select-one"}:
            for _ in range(12):
                now = self.focused()
                if now["value"] == wanted:
                    self.page.keyboard.press("Space") if at["type"] == "radio" else None
                    return
                self.page.keyboard.press("ArrowDown")
            raise AssertionError(f"{wanted} is not among the choices of {at['name']}")
        self.page.keyboard.type(wanted)


def somebody_else_empties(site: Site, ref: str, name: str) -> None:
    """Let Cajsa's colleague take an answer away in another window."""
    with site.database.transaction(Actor("system"), datetime.now(UTC)) as tx:
        now = clock.shown(tx, datetime.now(UTC))
        cajsa = tx.execute(select(User.id).where(User.email == CAJSA)).scalar_one()
        application = tx.execute(select(CaseRow.id).where(CaseRow.ref == ref)).scalar_one()
    with site.database.transaction(Actor("person", cajsa), now) as tx:
        applications.save_answers(tx, application, {name: None})


def test_an_application_is_written_and_sent_with_the_keys_alone(sits: Sits, own_site: Site):
    reader = sits(at=own_site)
    page = reader.goes_to("/sign-in")
    hands = Hands(page)

    skip = hands.tab()
    assert skip["href"] == "#main", "the first step leads past the frame"
    page.keyboard.press("Enter")
    assert hands.focused()["id"] == "main"
    hands.tabs_to(name="person", value=CAJSA)
    hands.presses("Enter", "**/home")

    reader.goes_to(OPEN)
    hands.tabs_to(words="Apply")
    hands.presses("Enter", "**/apply")
    chosen = hands.tabs_to(name="organisation")
    if not chosen["checked"]:
        page.keyboard.press("Space")
    hands.tabs_to(words="Begin the application")
    hands.presses("Space", "**/applications/**")
    ref = page.url.split("/applications/")[1].split("/")[0]

    sections = [hands.fills() for _ in range(5)]
    assert sections == ["project", "plan", "team", "budget", "organisation"]
    assert page.url.endswith("/send")

    somebody_else_empties(own_site, ref, "idea")
    reader.expected = (422,)
    hands.tabs_to(words="Send the application")
    hands.presses("Enter", "**/send")
    assert page.get_by_role("alert").evaluate("e => e === document.activeElement"), (
        "after a refusal the keys are where it is said what is wrong"
    )
    at = hands.tab()
    assert at["href"].endswith("#field-idea")
    hands.presses("Enter", "**/form/project**")
    assert hands.focused()["name"] == "idea", "the link leads into the field that has to be mended"
    page.keyboard.type("We try it for two winters.")
    hands.tabs_to(words="Save and go on")
    hands.presses("Enter", "**/form/plan**")
    hands.tabs_to(words="See what is missing, and send")
    hands.presses("Enter", "**/send")
    hands.tabs_to(words="Send the application")
    hands.presses("Enter", "**/receipt")
    assert page.get_by_text("Your application is received.").first.is_visible()
    assert hands.unseen == []


def test_a_refused_section_sends_the_keys_to_what_is_wrong(sits: Sits, own_site: Site):
    reader = sits(CAJSA, own_site)
    hands = Hands(reader.goes_to(f"{OPEN}/apply"))
    hands.tabs_to(words="Begin the application")
    hands.presses("Enter", "**/applications/**")
    page = reader.goes_to(page_of(hands.page.url, "budget"))
    reader.expected = (422,)
    hands.tabs_to(name="asked")
    page.keyboard.type("plenty")
    hands.presses("Enter", "**/budget")
    assert page.get_by_role("alert").evaluate("e => e === document.activeElement")
    assert hands.tab()["href"] == "#field-asked"
    page.keyboard.press("Enter")
    assert hands.focused()["name"] == "asked"
    assert hands.focused()["value"] == "plenty"
    assert hands.unseen == []


def page_of(address: str, section: str) -> str:
    """Return the path of another section of the application whose form is open."""
    path = "/applications/" + address.split("/applications/")[1]
    return path.split("/form")[0] + f"/form/{section}"


def test_no_page_holds_the_keys(sits: Sits):
    """Tab goes through a page to its end and out of it, and shows on its way where it is."""
    reader = sits("karin.ekblad@demo.invalid")
    for path in ("/home", f"{OPEN}/manage", f"{OPEN}/applications", "/styleguide"):
        hands = Hands(reader.goes_to(path))
        last = ""
        for _ in range(600):
            at = hands.tab()
            if at["tag"] == "body" or (last and at["href"] == "#main"):
                break
            last = at["html"]
        else:
            raise AssertionError(f"Tab does not lead out of {path}")
        assert hands.unseen == [], path


def test_keys_that_leave_no_mark_are_noticed(sits: Sits):
    hands = Hands(sits().goes_to("/"))
    hands.tab()
    assert hands.unseen == []
    hands.page.evaluate(
        "document.styleSheets[0].insertRule("
        "'*:focus { outline: none !important; box-shadow: none !important; }', document.styleSheets[0].cssRules.length)"
    )
    hands.tab()
    assert "without a mark" in hands.unseen[0]
