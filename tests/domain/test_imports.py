"""The domain stands alone: its modules import the standard library and one another, and nothing opens a database."""

from __future__ import annotations

import ast
import sqlite3
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine

import grantflow.domain

FOLDER = Path(grantflow.domain.__file__).parent


def imported(source: str) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names


def foreign(names: set[str]) -> set[str]:
    return {
        name
        for name in names
        if name.split(".")[0] not in sys.stdlib_module_names
        and name != "grantflow.domain"
        and not name.startswith("grantflow.domain.")
    }


@pytest.mark.parametrize(
    "path", sorted(FOLDER.rglob("*.py")), ids=lambda path: path.relative_to(FOLDER).as_posix()
)
def test_a_module_of_the_domain_imports_the_standard_library_only(path: Path):
    assert foreign(imported(path.read_text())) == set()


def test_a_foreign_import_would_be_seen():
    source = "import os.path, yaml\ndef f():\n    from grantflow.store import session\n    from grantflow.domain.money import Money"
    assert foreign(imported(source)) == {"yaml", "grantflow.store"}


@pytest.mark.parametrize("url", ["sqlite://", "postgresql+psycopg://nobody@localhost/nothing"])
def test_no_database_opens_on_this_floor(url: str):
    with pytest.raises(AssertionError, match="belongs to a higher floor"):
        create_engine(url).connect()


@given(st.integers())
def test_the_rule_holds_for_properties_too(number: int):
    with pytest.raises(AssertionError):
        sqlite3.connect(f"{number}.sqlite")
