"""Databases in which calls were played to their end: ground on which invariants are broken one by one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from grantflow.app import registry
from grantflow.domain.ids import Ids
from grantflow.paths import data_folder
from grantflow.services.calls.file import read_call
from grantflow.services.rehearsal.habits import HABITS
from grantflow.services.rehearsal.opening import draft_call, open_scene
from grantflow.services.rehearsal.play import Play
from grantflow.store.session import Database
from grantflow.workflow.engine import Engine
from grantflow.workflow.loader import load_scheme
from grantflow.workflow.model import Scheme

NOW = datetime(2030, 1, 1, tzinfo=UTC)


@lru_cache
def scheme_of(name: str, version: int) -> Scheme:
    scheme = load_scheme(data_folder("workflows") / name / f"v{version}", registry=registry()).scheme
    assert scheme is not None
    return scheme


def opened(url: str) -> Database:
    engine = Engine(registry())
    for name in ("challenge_driven", "internationalisation_aid"):
        engine.add(scheme_of(name, 1))
    return Database(url, engine, Ids(5), scratch=True, pool_size=2)


def play_into(url: str, call: str, applications: int, seed: int = 5) -> None:
    """Play a shipped call to its end in a database."""
    path: Path = data_folder("config") / "calls" / f"{call}.yaml"
    plan = read_call(path).plan
    assert plan is not None
    database = opened(url)
    try:
        scene = open_scene(
            database, scheme_of(plan.scheme, plan.version), plan, applications=applications, seed=seed
        )
        play = Play(scene, HABITS, scene.now + timedelta(days=2000))
        scene.noticed = play.notice
        draft_call(scene)
        play.run()
    finally:
        database.dispose()
