"""Pictures of every page, at both widths and in both colours, into build/shots: for somebody to look at."""

from __future__ import annotations

import argparse
import tempfile
from itertools import groupby
from pathlib import Path

from tests.browser import live
from tests.browser.pages import PAGES, Looked

FOLDER = live.ROOT / "build" / "shots"


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "names", nargs="*", help="which pages (tests/browser/pages.py); all where none is named"
    )
    parser.add_argument("--schemes", default="light", help="light,dark")
    parser.add_argument("--widths", default="1280,390")
    given = parser.parse_args()
    wanted = [page for page in PAGES if not given.names or page.name in given.names]
    widths, schemes = [int(each) for each in given.widths.split(",")], given.schemes.split(",")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        live.served(live.tell_the_demo(Path(folder))) as site,
        live.browsing() as browser,
    ):
        for who, pages in groupby(sorted(wanted, key=_person), key=_person):
            with live.reader(browser, site) as someone:
                if who:
                    someone.signs_in(who)
                for page in pages:
                    _take(someone, page, widths, schemes)


def _person(page: Looked) -> str:
    return page.who or ""


def _take(someone: live.Reader, page: Looked, widths: list[int], schemes: list[str]) -> None:
    someone.expected = (page.status,)
    for scheme in schemes:
        someone.in_colours(scheme)
        for width in widths:
            someone.at_width(width)
            someone.looks_at(page)
            file = FOLDER / f"{page.name}-{width}-{scheme}.png"
            someone.page.screenshot(path=file, full_page=True)
            print(file.relative_to(live.ROOT), "wider than the screen" if someone.sideways() else "")


if __name__ == "__main__":
    main()
