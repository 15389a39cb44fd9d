"""`grantflow forms`: check form and rubric files."""

from __future__ import annotations

from pathlib import Path

import click

from grantflow.cli.answer import ExistingPath, answer, json_option
from grantflow.workflow.findings import has_errors


@click.group()
def forms() -> None:
    """Check form and rubric files."""


@forms.command()
@click.argument("files", nargs=-1, required=True, type=ExistingPath)
@json_option
def check(files: tuple[Path, ...], *, as_json: bool) -> None:
    """Check form and rubric FILES."""
    from grantflow.services.calls.papers import read_paper

    by_file = {path: read_paper(path) for path in files}
    findings = [finding for found in by_file.values() for finding in found]
    ok = not has_errors(findings)
    fine = [f"{path}: nothing is wrong." for path, found in by_file.items() if not found]
    data = {"ok": ok, "findings": [finding.as_json() for finding in findings]}
    answer(as_json=as_json, data=data, text=[*map(str, findings), *fine], ok=ok)
