"""What app.py wires is what there is: no word of a workflow file is defined where nobody looks for it."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

from grantflow import app
from grantflow.store.tables import metadata

PACKAGE = Path(app.__file__).parent
DECORATED = re.compile(r"^@(guard|fact|effect|selector)\(", re.MULTILINE)


def modules_with_words() -> set[str]:
    return {
        ".".join(("grantflow", *path.relative_to(PACKAGE).with_suffix("").parts))
        for path in PACKAGE.rglob("*.py")
        if DECORATED.search(path.read_text(encoding="utf-8"))
    }


def test_every_module_with_words_is_wired_and_no_other() -> None:
    assert set(app.MODULES) == modules_with_words()


def test_every_kind_of_record_has_a_table() -> None:
    assert {f"gf_{record}" for record in app.RECORDS} <= metadata.tables.keys()


def test_every_module_of_models_is_among_the_tables() -> None:
    tables_before = set(metadata.tables)
    for path in PACKAGE.glob("store/**/*.py"):
        import_module(".".join(("grantflow", *path.relative_to(PACKAGE).with_suffix("").parts)))

    assert set(metadata.tables) == tables_before
