"""No module but the door writes the columns that say where a record is."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import grantflow

HOUSE = Path(grantflow.__file__).parent
DOOR = HOUSE / "services" / "cases" / "writing.py"
COLUMNS = {"state", "resume_state", "entered_at", "seq", "head"}
WRITES = re.compile(
    r"UPDATE\s+gf_case\b.*?\bSET\b(?P<set>.*?)(\bWHERE\b|\bFROM\b|$)|(?P<insert>INSERT\s+INTO\s+gf_case\b)",
    re.IGNORECASE | re.DOTALL,
)


def culprits(text: str) -> Iterator[str]:
    """Yield what a module's text does to the columns: by SQL, by Core, by the ORM."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            for match in WRITES.finditer(node.value):
                if match["insert"] or COLUMNS & set(re.findall(r"\w+", match["set"])):
                    yield f"{node.lineno}: SQL"
        if isinstance(node, ast.Call):
            said = ast.unparse(node)
            writes_cases = re.search(r"\b(update|insert)\((\w+\.)*CaseRow\b", said)
            if writes_cases and (
                COLUMNS & {word.arg for word in node.keywords} or "insert" in writes_cases[0]
            ):
                yield f"{node.lineno}: {said[:60]}"
            if isinstance(node.func, ast.Name) and node.func.id == "CaseRow":
                yield f"{node.lineno}: a case made by hand"
        if isinstance(node, ast.Assign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if (
                    isinstance(target, ast.Attribute)
                    and target.attr in COLUMNS
                    and "case" in ast.unparse(target.value).lower()
                ):
                    yield f"{node.lineno}: {ast.unparse(target)}"


def test_only_the_door_writes_where_a_record_is():
    found = {
        str(path.relative_to(HOUSE)): said
        for path in sorted(HOUSE.rglob("*.py"))
        if path != DOOR
        and path.relative_to(HOUSE).parts[0] != "workflow"
        and (said := list(culprits(path.read_text())))
    }
    assert found == {}


def test_every_way_round_the_door_would_be_seen():
    assert list(culprits('tx.execute(text("UPDATE gf_case SET state = :s WHERE id = :i"))'))
    assert list(culprits("tx.execute(update(CaseRow).where(CaseRow.id == 1).values(state='x'))"))
    assert list(culprits("tx.session.add(CaseRow(id=1))"))
    assert list(culprits("case.state = 'open'"))
    assert not list(culprits("tx.execute(update(CaseRow).values(revision=CaseRow.revision + 1))"))


def test_the_door_itself_is_seen():
    assert list(culprits(DOOR.read_text()))
