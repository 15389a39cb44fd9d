"""Writes the figures of a measurement into docs/performance.md, each between its own markers."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "performance.md"
HEAD = """# Performance

Figures of `script/bench`, each with the commit that was measured. The machine is shared and has two cores: ratios within
one table hold, absolute values swing by half.
"""


def write_section(name: str, title: str, lines: Sequence[str]) -> None:
    """Put a section's lines in place of those of the last time."""
    PAGE.parent.mkdir(exist_ok=True)
    text = PAGE.read_text() if PAGE.exists() else HEAD
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    section = "\n".join([begin, f"## {title}", "", f"Commit {commit()}.", "", *lines, end])
    if begin in text:
        text = re.sub(f"{re.escape(begin)}.*?{re.escape(end)}", lambda _: section, text, flags=re.DOTALL)
    else:
        text = text.rstrip("\n") + f"\n\n{section}\n"
    PAGE.write_text(text)


def commit() -> str:
    """Return the commit that is measured, and whether the work tree differs from it, this page of figures apart."""
    try:
        differs = _git("status", "--porcelain", "--untracked-files=no", "--", ".", ":!docs/performance.md")
        return _git("describe", "--always") + ("-dirty" if differs else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], capture_output=True, text=True, check=True, cwd=PAGE.parents[1])
    return done.stdout.strip()
