"""The page about a new scheme, taken at its word: its files in a folder, its commands run, and a house that knows them."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import update

from grantflow.app import database, read_clock
from grantflow.domain.actor import SYSTEM
from grantflow.paths import data_folder, use_own
from grantflow.services.clock import CLOCK, mark_as_demo
from grantflow.services.people.passwords import hash_of
from grantflow.services.people.registering import (
    join_organisation,
    person_with,
    register_organisation,
    register_person,
)
from grantflow.settings import load
from grantflow.store.people.models import User
from grantflow.store.session import Database
from grantflow.store.settings import remember
from tests.cli.command import Command

PAGE = Path(__file__).parents[2] / "docs" / "recipes" / "new-scheme.md"
OWN = "GRANTFLOW_OWN_FILES"
NOW = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
"""A Monday on which the call of the page lies ahead; the commands are run as if it were now."""
ANNOUNCES, LOOKS_AFTER, SAYS_NO = "olga@example.org", "sam@example.org", "hedda@example.org"
ASKS = "ada@example.org"
PASSWORD = "mild winters, long roads"
"""What everybody has chosen."""


def written(folder: Path) -> Path:
    """Write every file that stands on the page, and return the folder."""
    found = re.findall(r"^```yaml (\S+)\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    assert found, "the page has no files"
    for name, text in found:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def commands(own: Path) -> list[list[str]]:
    """Return the commands of the page in their order, each without its first word."""
    blocks = re.findall(r"^```sh\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    lines = [
        shlex.split(line.replace(f"${OWN}", str(own))) for block in blocks for line in block.splitlines()
    ]
    return [words[1:] for words in lines if words[0] == "grantflow"]


@dataclass
class NewHouse:
    """An installation that was set up by the page: what it was told, and its database."""

    own: Path
    data: Path
    url: str
    grantflow: Command
    opened: Database | None = None
    stands_at: datetime | None = None
    """The moment at which everything happens while it is set."""

    def follow(self, *first: str) -> None:
        """Run the commands of the page that begin with these words; each of them does what it is asked."""
        for words in commands(self.own):
            if words[: len(first)] == list(first):
                self.run(*words)

    def run(self, *words: str) -> str:
        ended = self.grantflow(*words, **{OWN: str(self.own)})
        assert ended.code == 0, (words, ended.out, ended.err)
        return ended.out

    def begin(self) -> None:
        """Follow the page to its end, let the clock show the day, and register somebody who asks."""
        self.follow("init")
        with self.database.transaction(SYSTEM, datetime.now(UTC)) as tx:
            mark_as_demo(tx)
            remember(tx, CLOCK, {"ahead": (NOW - datetime.now(UTC)) // timedelta(microseconds=1)})
        self.follow("calls", "draft")
        self.follow("user", "create")
        with self.database.transaction(SYSTEM, NOW) as tx:
            somebody = register_person(tx, ASKS, "Ada Alm")
            for number, name in enumerate(("Friends of the Cluster", "Cluster and Sons"), 1):
                theirs = register_organisation(
                    tx,
                    name,
                    identifier=f"30000000{number}",
                    identifier_kind="LT",
                    legal_form="association",
                    country="LT",
                    nuts="LT011",
                )
                join_organisation(tx, somebody, theirs, authorised=True)
            tx.execute(update(User).values(password_hash=hash_of(PASSWORD)))

    @property
    def database(self) -> Database:
        """The database, opened as the entrances open it."""
        if self.opened is None:
            environ = {OWN: str(self.own), **self.grantflow.environ}
            self.opened = database(load(data_folder("config"), environ).settings)
        return self.opened

    def now(self) -> datetime:
        return self.stands_at or read_clock(self.database)

    def time_passes(self, span: timedelta) -> None:
        """Let the clock go on, and what falls due meanwhile happen."""
        self.run("tick", "--to", f"{self.now() + span:%Y-%m-%dT%H:%M:%SZ}")

    def person(self, email: str) -> UUID:
        with self.database.reading(SYSTEM, NOW) as tx:
            found = person_with(tx, email)
        assert found is not None
        return found

    def close(self) -> None:
        if self.opened is not None:
            self.opened.dispose()
        use_own(None)
