"""Follows each recipe of CONTRIBUTING.md with its very lines: they must do what the page says."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from uuid import uuid4

import pytest

from grantflow.app import registry
from grantflow.domain.actor import SYSTEM
from grantflow.workflow.checks import check_scheme
from grantflow.workflow.findings import has_errors
from grantflow.workflow.loader import load_scheme
from grantflow.workflow.registry import Ask, EffectSpec, GuardSpec, Registry

PAGE = Path(__file__).parents[2] / "CONTRIBUTING.md"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

SCHEME = """\
scheme: recipe
version: 1
title: A scheme with one lifecycle
roles:
  officer:
    label: Case officer
    audience: manager
    about: Looks after visits.
"""


def recipe(language: str, name: str) -> str:
    """Return the lines of one recipe."""
    found = re.search(rf"^```{language} {name}\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    assert found, f"CONTRIBUTING.md has no recipe {name}"
    return found[1]


@pytest.fixture
def cooked() -> Iterator[dict[str, ModuleType]]:
    """The Python recipes as modules, in the order in which they build on each other."""
    modules: dict[str, ModuleType] = {}
    sys.modules["recipe"] = ModuleType("recipe")
    for name in ("fact", "guard", "effect", "invariant"):
        module = ModuleType(f"recipe.{name}")
        sys.modules[module.__name__] = modules[name] = module
        exec(compile(recipe("python", name), f"recipe/{name}.py", "exec"), vars(module))
    yield modules
    for name in [key for key in sys.modules if key.split(".")[0] == "recipe"]:
        del sys.modules[name]


def test_guard_and_fact_and_effect_become_words_of_the_files(cooked: dict[str, ModuleType]) -> None:
    words = Registry.collect([cooked["fact"], cooked["guard"], cooked["effect"]], ["award"], [])

    guard = words.guards["visited_often_enough"]
    assert guard.about == "The site was visited often enough."
    assert guard.facts == (cooked["fact"].Visits,)
    assert isinstance(words.effects["note_visit"], EffectSpec)
    assert words.effects["note_visit"].needs_guards == ("visited_often_enough",)


def test_the_guard_refuses_with_a_sentence_and_passes_without_one(cooked: dict[str, ModuleType]) -> None:
    guard: GuardSpec = cooked["guard"].visited_often_enough
    ask = Ask(SYSTEM, NOW, {"at_least": 2})

    (refusal,) = guard([cooked["fact"].Visits(1)], ask)

    assert refusal.sentence == "2 visits are needed, and 1 have been made."
    assert guard([cooked["fact"].Visits(2)], ask) == ()


def test_the_loader_answers_for_every_record(cooked: dict[str, ModuleType]) -> None:
    ids = [uuid4(), uuid4()]
    assert set(cooked["fact"].visits.load(None, ids)) == set(ids)


def test_lifecycle_and_timer_pass_the_check(tmp_path: Path) -> None:
    folder = tmp_path / "recipe" / "v1"
    folder.mkdir(parents=True)
    (folder / "scheme.yaml").write_text(SCHEME)
    (folder / "visit.yaml").write_text(recipe("yaml", "lifecycle") + recipe("yaml", "timer"))

    loaded = load_scheme(folder, registry=registry())

    assert loaded.scheme is not None, loaded.findings
    findings = [*loaded.findings, *check_scheme(loaded.scheme, registry())]
    assert not has_errors(findings), findings
    assert len(loaded.scheme.lifecycles["visit"].timers) == 2


def test_the_invariant_yields_nothing_where_it_holds(cooked: dict[str, ModuleType]) -> None:
    class Nothing:
        def execute(self, _statement: object) -> list[tuple[object]]:
            return []

    assert list(cooked["invariant"].every_case_has_a_reference(Nothing())) == []
