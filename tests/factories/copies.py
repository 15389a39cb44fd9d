"""A stage that many tests begin on: set once on each kind of database, and then copied."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import make_url

from grantflow.domain.ids import Ids
from grantflow.store.session import Database
from tests.databases import Databases, Kind
from tests.factories.fund import Fund
from tests.factories.story import engine

Setting = Callable[[str], Fund]
_set: dict[tuple[Databases, Kind, Setting], Fund] = {}


def copied(databases: Databases, kind: Kind, setting: Setting) -> Fund:
    """Return the fund as a setting left it, in a database of its own; `databases.drop(fund.database.url)` removes it."""
    key = databases, kind, setting
    if key not in _set:
        _set[key] = setting(databases.fresh(kind))
        _set[key].database.dispose()
    original = _set[key]
    return same(original, _copy(databases, kind, original.database.url))


def same(original: Fund, url: str) -> Fund:
    """Return the fund in another database with the same rows; what is made there gets identifiers of its own."""
    copy = Fund(url, original.plan)
    copy.database.dispose()
    copy.database = Database(url, engine(), Ids(f"copy {secrets.token_hex(8)}"), scratch=True)
    copy.now, copy.call_id = original.now, original.call_id
    copy.programme_id, copy.body_id = original.programme_id, original.body_id
    copy.people, copy.organisations = dict(original.people), dict(original.organisations)
    copy.places, copy.told = dict(original.places), dict(original.told)
    return copy


def replaced(databases: Databases, kind: Kind, source: str, url: str) -> None:
    """Put a copy of one database in the place of another, to which nobody may be connected."""
    original, place = make_url(source).database, make_url(url).database
    assert original is not None
    assert place is not None
    if kind == "sqlite":
        shutil.copyfile(Path(original), Path(place))
        return
    databases._command("DROP DATABASE {}", place)
    databases._command("CREATE DATABASE {} TEMPLATE {}", place, original)


def _copy(databases: Databases, kind: Kind, source: str) -> str:
    url = databases.fresh(kind, migrated=False)
    replaced(databases, kind, source, url)
    return url
