"""docs/calls.md says what the reader enforces, and lists every code that it gives."""

from __future__ import annotations

import ast
from pathlib import Path

from grantflow.services.calls.words import CODES, words_of_calls

ROOM = Path("grantflow/services/calls")


def test_the_page_of_words_is_true():
    assert Path("docs/calls.md").read_text() == words_of_calls(), "run: grantflow calls words --write"


def codes_in(source: str) -> set[str]:
    """Return the codes of every finding that a module makes."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    made = [call.args[1] for call in calls if getattr(call.func, "id", "") in ("error", "warning")]
    return {str(code.value) for code in made if isinstance(code, ast.Constant)}


def test_every_code_is_listed_and_every_listed_code_is_given():
    given = {code for name in ("file.py", "papers.py") for code in codes_in((ROOM / name).read_text())}
    named_after_the_paper = {"unknown_form", "unknown_rubric"}
    assert given | named_after_the_paper == set(CODES)
