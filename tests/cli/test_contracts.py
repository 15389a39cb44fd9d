"""The floors and rooms of pyproject.toml bind: an import that points up is found, one that points down is not."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HOUSE = (
    "app",
    "web.pages",
    "cli.commands",
    "worker.run",
    "services.cases",
    "services.people.join",
    "services.reviews.score",
    "services.awards.decide",
    "services.rehearsal.play",
    "store.session",
    "store.cases",
    "store.calls.reads",
    "store.reviews.models",
    "workflow.machine",
    "domain.money",
    "domain.calls",
    "domain.reviews",
)
UPWARD = [
    ("domain.money", "grantflow.workflow.machine"),
    ("domain.money", "grantflow.domain.calls"),
    ("domain.money", "yaml"),
    ("domain.calls", "grantflow.domain.reviews"),
    ("workflow.machine", "grantflow.store.session"),
    ("workflow.machine", "sqlalchemy"),
    ("store.session", "grantflow.services.cases"),
    ("store.cases", "grantflow.store.calls.reads"),
    ("store.calls.reads", "grantflow.store.reviews.models"),
    ("services.cases", "grantflow.services.people.join"),
    ("services.people.join", "grantflow.web.pages"),
    ("services.people.join", "flask"),
    ("services.reviews.score", "grantflow.services.awards.decide"),
    ("services.awards.decide", "grantflow.services.rehearsal.play"),
    ("services.awards.decide", "dbos"),
    ("web.pages", "grantflow.cli.commands"),
    ("web.pages", "grantflow.worker.run"),
    ("cli.commands", "grantflow.app"),
    ("cli.commands", "dbos"),
    ("newcomer", "grantflow.domain.money"),
]
DOWNWARD = [
    ("domain.reviews", "grantflow.domain.calls"),
    ("services.awards.decide", "grantflow.services.reviews.score"),
    ("services.reviews.score", "grantflow.services.cases"),
    ("services.cases", "grantflow.store.cases"),
    ("store.reviews.models", "grantflow.store.calls.reads"),
    ("web.pages", "grantflow.services.awards.decide"),
    ("worker.run", "dbos"),
    ("app", "grantflow.worker.run"),
    ("cli", "grantflow.app"),
]


def keeps(house: Path, module: str, imports: str) -> bool:
    """Say whether the contracts hold in a small house of empty modules in which one imports something."""
    for name in (*HOUSE, module):
        path = house / "grantflow" / Path(*name.split(".")).with_suffix(".py")
        if not path.with_suffix("").is_dir():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        for folder in path.relative_to(house).parents[:-1]:
            (house / folder / "__init__.py").touch()
    target = house / "grantflow" / Path(*module.split("."))
    target = target / "__init__.py" if target.is_dir() else target.with_suffix(".py")
    target.write_text(f"def lazily():\n    import {imports}\n")
    shutil.copyfile(ROOT / "pyproject.toml", house / "pyproject.toml")
    lint = Path(sys.executable).with_name("lint-imports")
    checked = subprocess.run([lint, "--no-cache"], cwd=house, capture_output=True, text=True, check=False)
    assert "Contracts:" in checked.stdout, checked.stdout + checked.stderr
    return checked.returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize(("module", "imports"), UPWARD)
def test_an_import_that_points_up_is_found(tmp_path: Path, module: str, imports: str):
    assert not keeps(tmp_path, module, imports)


@pytest.mark.slow
@pytest.mark.parametrize(("module", "imports"), DOWNWARD)
def test_an_import_that_points_down_is_allowed(tmp_path: Path, module: str, imports: str):
    assert keeps(tmp_path, module, imports)
