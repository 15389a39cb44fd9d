"""docs/api.md names every operation with its scope, and no other; every status has its meaning there."""

from __future__ import annotations

import re
from pathlib import Path

from grantflow.api import access
from grantflow.api.routes import PREFIX

PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")


def test_the_page_names_each_operation_with_its_scope_and_no_other() -> None:
    rows = re.findall(r"^\| `([A-Z]+) (/[^`]*)` \| .* \| (\w*) ?\|$", PAGE, re.MULTILINE)
    known = {
        (method, re.sub(r"<(?:[^:<>]+:)?(\w+)>", r"{\1}", rule.removeprefix(PREFIX)), scope)
        for (rule, method), scope in access().items()
    }

    assert {(method, path, scope or "everybody") for method, path, scope in rows} == known - {
        ("GET", "/openapi.json", "everybody")
    }
