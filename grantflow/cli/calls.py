"""`grantflow calls`: check call files."""

from __future__ import annotations

from pathlib import Path

import click

from grantflow.cli.answer import ExistingPath, answer, json_option
from grantflow.workflow.findings import Finding, has_errors


@click.group()
def calls() -> None:
    """Check call files."""


@calls.command()
@click.argument("files", nargs=-1, required=True, type=ExistingPath)
@click.option(
    "--assumed", is_flag=True, help="List what nobody has published, with the reason why it was taken."
)
@json_option
def check(files: tuple[Path, ...], *, assumed: bool, as_json: bool) -> None:
    """Check call FILES against the schemes, forms and rubrics that they name."""
    from grantflow.services.calls.file import read_call

    findings: list[Finding] = []
    lines: list[str] = []
    for path in files:
        loaded = read_call(path)
        findings.extend(loaded.findings)
        if loaded.plan is not None:
            count = len(loaded.plan.assumptions)
            lines.append(
                f"{path}: {loaded.plan.slug}, {len(loaded.plan.stages)} stages, {count} values assumed."
            )
            if assumed:
                lines += [
                    f"  {one.line}: {one.where} = {one.value} (assumed: {one.reason})"
                    for one in loaded.plan.assumptions
                ]
    ok = not has_errors(findings)
    data = {"ok": ok, "findings": [finding.as_json() for finding in findings]}
    answer(as_json=as_json, data=data, text=[*map(str, findings), *lines], ok=ok)
