"""Random requests by each of the cast against every route: what they find is counted, and nothing of it may be wrong."""

from __future__ import annotations

import random
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from grantflow.domain.actor import Actor
from grantflow.paths import data_folder
from grantflow.services.records.visibility import VISIBLE
from grantflow.store.cases import CaseRow
from grantflow.store.people.models import User
from grantflow.store.session import Database

MAY_CHANGE = frozenset({"gf_refusal", "gf_sign_in", "gf_tries", "gf_kept_form"})
"""Tables whose rows a refused request may change: refusals, throttling, the session and what it brings back."""
MAY_CHANGE_BY_READING = frozenset({"gf_sign_in", "gf_kept_form"})
"""What reading may change: when somebody was last seen, and what was kept for them and is given back."""
ODD = (
    "", " ", "0", "-1", "1", "9" * 25, "12 000,50", "2026-13-45", "2027-01-31", "yes", "no", "hard", "none", "null",
    "<script>alert(1)</script>", "' OR 1=1 --", "\u202e\u0000x", "ž" * 400, "a\r\nb", "%00", "../../etc/passwd", "{{7*7}}",
)  # fmt: skip
"""Values that people do not type, or not on purpose."""


QUESTIONS = (
    *("after", "before", "sort", "state", "window", "words", "rows", "only", "version", "kind", "action"),
    *("next", "kept", "checked"),
)
"""What stands behind addresses."""


class Watcher:
    """Looks at a database from beside it, as it is committed."""

    def __init__(self, connection: Any, place: str, version: str, tables: str) -> None:
        self._connection, self._place, self._version, self._tables = connection, place, version, tables

    def rows(self, sql: str, *values: str) -> list[Any]:
        """Return rows."""
        found = self._connection.execute(sql.replace("?", self._place), values)
        return list(found.fetchall())

    def version(self) -> int:
        """Return a number that is another one when something was written."""
        return int(self.rows(self._version)[0][0])

    def close(self) -> None:
        """Stop looking."""
        self._connection.close()

    def tables(self) -> list[str]:
        """Return the names of our tables."""
        return [name for (name,) in self.rows(self._tables) if name.startswith("gf_")]


def watch(database: Database) -> Watcher:
    """Return a watcher beside a database of either kind."""
    url = database.sql.url
    if url.get_backend_name() == "sqlite":
        tables = "SELECT name FROM sqlite_master WHERE type = 'table'"
        return Watcher(sqlite3.connect(str(url.database)), "?", "PRAGMA data_version", tables)
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    version = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
    tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    return Watcher(psycopg.connect(address, autocommit=True), "%s", version, tables)


@dataclass
class Fuzz:
    """Requests against a demo; every fault is kept in words."""

    app: Flask
    database: Database
    dice: random.Random
    answers: Counter[int] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    routes: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.watcher = watch(self.database)
        self.words = Words(self.watcher)
        self.version, self.known = self._version(), self._snapshot()
        self.rules = [
            rule for rule in self.app.url_map.iter_rules() if rule.rule not in {"/sign-out", "/demo/clock"}
        ]

    def close(self) -> None:
        """Stop looking at the database."""
        self.watcher.close()

    def run(self, email: str | None, requests: int, client: FlaskClient | None = None) -> None:
        """Send requests as somebody, or as a stranger; `client` is a browser in which they are signed in already."""
        signed_in, client = client is not None, client or self.app.test_client()
        if email is not None and not signed_in:
            assert client.post("/sign-in/demo", data={"person": email}).status_code < 400
        user_id = None if email is None else self._user(email)
        for _ in range(requests):
            rule = self.dice.choice(self.rules)
            self._ask(client, email, user_id, rule)

    def _ask(self, client: FlaskClient, email: str | None, user_id: UUID | None, rule: Rule) -> None:
        given = {name: self.words.argument(self.dice, name, rule) for name in rule.arguments}
        method = self.dice.choice(sorted((rule.methods or {"GET"}) & {"GET", "POST"}) or ["GET"])
        try:
            path = rule.build(given, append_unknown=False)[1]  # type: ignore[index]  # it has what it needs
        except (TypeError, ValueError):
            return
        data = self.words.form(self.dice) if method == "POST" else {}
        hidden = None if user_id is None else self._hidden(user_id, given)
        headers = {"HX-Request": "true"} if self.dice.random() < 0.1 else {}
        asked = self.words.question(self.dice) if method == "GET" else {}
        answer = client.open(path, method=method, data=data, headers=headers, query_string=asked)
        self.answers[answer.status_code] += 1
        self.routes.add(rule.rule)
        said = f"{email} {method} {path} {asked or data} -> {answer.status_code}"
        if answer.status_code >= 500:
            self.faults.append(f"{said}: our fault")
        changed = self._changed()
        if answer.status_code >= 400 and changed - MAY_CHANGE:
            self.faults.append(f"{said}: refused, and changed {sorted(changed - MAY_CHANGE)}")
        if method == "GET" and changed - MAY_CHANGE_BY_READING - MAY_CHANGE:
            self.faults.append(f"{said}: reading changed {sorted(changed)}")
        if hidden is not None and self._revision(hidden[0]) != hidden[1]:
            self.faults.append(f"{said}: changed a record that they may not see")

    def _user(self, email: str) -> UUID:
        [row] = self.watcher.rows("SELECT id FROM gf_user WHERE email = ?", email)
        return UUID(str(row[0])) if not isinstance(row[0], bytes) else UUID(bytes=row[0])

    def _version(self) -> int:
        return self.watcher.version()

    def _snapshot(self) -> dict[str, int]:
        return {
            name: hash(tuple(sorted(map(repr, self.watcher.rows(f'SELECT * FROM "{name}"')))))
            for name in self.watcher.tables()
        }

    def _changed(self) -> set[str]:
        """Return the tables that changed since it was asked last."""
        version = self._version()
        if version == self.version:
            return set()
        before, self.version, self.known = self.known, version, self._snapshot()
        return {name for name, rows in self.known.items() if before.get(name) != rows}

    def _hidden(self, user_id: UUID, given: dict[str, Any]) -> tuple[str, int] | None:
        """Return the record that a request names and its revision, if whoever asks may not see it."""
        ref = given.get("ref")
        revision = self._revision(ref) if isinstance(ref, str) else None
        if not isinstance(ref, str) or revision is None:
            return None
        now = datetime.now(UTC)
        actor = Actor("person", user_id)
        with self.database.reading(actor, now) as tx:
            kind = tx.execute(select(CaseRow.record).where(CaseRow.ref == ref)).scalar_one()
            seen = tx.execute(select(CaseRow.id).where(CaseRow.ref == ref, VISIBLE[kind](tx, actor))).first()
        return None if seen else (ref, revision)

    def _revision(self, ref: str) -> int | None:
        found = self.watcher.rows("SELECT revision FROM gf_case WHERE ref = ?", ref)
        return int(found[0][0]) if found else None


class Words:
    """What requests are made of: names that pages know, records that there are, and what nobody expects."""

    def __init__(self, watcher: Watcher) -> None:
        self.refs: list[str] = []
        self.by_kind: dict[str, list[str]] = {}
        for ref, kind in watcher.rows("SELECT ref, record FROM gf_case ORDER BY ref"):
            self.refs.append(ref)
            self.by_kind.setdefault(f"{kind}s", []).append(ref)
        self.slugs = [row[0] for row in watcher.rows("SELECT slug FROM gf_call ORDER BY slug")]
        self.ids = [
            row[0]
            for table in (
                "gf_meeting",
                "gf_agenda_item",
                "gf_body",
                "gf_organisation",
                "gf_user",
                "gf_case",
                "gf_lab_session",
            )
            for row in watcher.rows(f"SELECT id FROM {table} ORDER BY id LIMIT 40")
        ]
        self.steps = sorted(set(_named(data_folder("workflows"), r"^  - name: (\w+)$")))
        self.fields = sorted(
            {
                *_named(data_folder("templates"), r'name="([\w.-]+)"'),
                *_named(data_folder("workflows"), r"^      - name: (\w+)$"),
                *_named(data_folder("config") / "forms", r"- name: (\w+)$"),
            }
        )

    def argument(self, dice: random.Random, name: str, rule: Rule) -> Any:
        """Return something to stand in a path."""
        if dice.random() < 0.08:
            return dice.choice(("x", "0", "LCD-9999-0001", "ž", "a-b"))
        if name == "ref":
            fitting = self.by_kind.get(rule.rule.split("/")[1], self.refs)
            return dice.choice(fitting if dice.random() < 0.9 else self.refs)
        if name == "slug":
            return dice.choice(self.slugs)
        if "uuid:" + name in rule.rule:
            return UUID(str(self.any_id(dice)))
        if "int:" + name in rule.rule:
            return dice.choice((0, 1, 2, 99999))
        return dice.choice((*self.steps, "project", "budget", "x"))

    def any_id(self, dice: random.Random) -> str:
        """Return the id of something."""
        found = dice.choice(self.ids)
        return str(UUID(bytes=found)) if isinstance(found, bytes) else str(found)

    def form(self, dice: random.Random) -> dict[str, str]:
        """Return what somebody might send."""
        names = dice.sample(self.fields, dice.randrange(0, 12))
        data = {name: self._value(dice) for name in names}
        if dice.random() < 0.6:
            data["revision"] = str(dice.randrange(6))
        return data

    def question(self, dice: random.Random) -> dict[str, str]:
        """Return what somebody might write behind an address."""
        return {name: self._value(dice) for name in dice.sample(QUESTIONS, dice.choice((0, 0, 1, 2, 4)))}

    def _value(self, dice: random.Random) -> str:
        roll = dice.random()
        if roll < 0.2:
            return self.any_id(dice)
        return dice.choice(self.refs) if roll < 0.3 else dice.choice(ODD)


def _named(folder: Path, pattern: str) -> Iterator[str]:
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".html", ".yaml"}:
            yield from re.findall(pattern, path.read_text(encoding="utf-8"), re.MULTILINE)


def everybody(database: Database, now: datetime) -> list[str | None]:
    """Return the addresses of the cast, and nobody for a stranger."""
    with database.reading(Actor("system"), now) as tx:
        emails = list(tx.execute(select(User.email).order_by(User.email)).scalars())
    return [None, *emails]
