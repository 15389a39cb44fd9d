"""The budgets of pages, held on the loaded demo: statements and bytes of everything that somebody of the cast may open."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.bench.looks import Demo, Look, demo_on
from tests.browser.pages import PAGES, Looked
from tests.databases import Databases

STATEMENTS = 12
"""At most, with those for session and sign-in among them; BEGIN is none."""
BYTES = 120_000
ONE_OF_A_KIND = re.compile(r"[A-Z]+-\d{4}-\d+|[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/calls/)[a-z0-9-]+")
EVERY = 3
"""So many pages of one kind are opened from the links of each page of the list."""


@pytest.fixture(scope="module")
def demo(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The loaded demo, for those who only look."""
    with demo_on(databases.fresh("sqlite"), tmp_path_factory.mktemp("budgets")) as loaded:
        yield loaded


@pytest.mark.parametrize("looked", PAGES, ids=lambda looked: looked.name)
def test_a_page_keeps_to_its_budget(demo: Demo, looked: Looked) -> None:
    look = opened_again(demo, looked.who, demo.path(looked))
    assert look.status == looked.status
    assert look.statements <= STATEMENTS, "\n".join(look.said)
    assert look.bytes <= BYTES


def test_pages_that_are_linked_keep_to_their_budgets(demo: Demo) -> None:
    over, opened = [], 0
    for who, path in linked(demo):
        look = opened_again(demo, who, path)
        opened += 1
        if look.statements > STATEMENTS or look.bytes > BYTES:
            over.append(f"{who} {path}: {look.statements} statements, {look.bytes} bytes")
    assert opened > len(PAGES)
    assert not over, "\n".join(over)


def opened_again(demo: Demo, who: str | None, path: str) -> Look:
    """Open a page twice: what is read once a day, or once in the life of a process, belongs to no page."""
    demo.look(who, path)
    return demo.look(who, path)


def linked(demo: Demo) -> Iterator[tuple[str | None, str]]:
    """Yield who opens which page from a page of the list, a few of each kind for each person."""
    seen: dict[tuple[str | None, str], int] = {}
    done: set[tuple[str | None, str]] = set()
    for looked in PAGES:
        page = demo.look(looked.who, demo.path(looked)).text
        for address in re.findall(r'href="(/[^"#]*)', page):
            path = address.replace("&amp;", "&")
            kind = looked.who, ONE_OF_A_KIND.sub("*", path.partition("?")[0])
            if path.startswith("/static/") or (looked.who, path) in done or seen.get(kind, 0) >= EVERY:
                continue
            seen[kind] = seen.get(kind, 0) + 1
            done.add((looked.who, path))
            yield looked.who, path
