"""`grantflow calls`: check call files, make draft calls of them, and write down their words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from grantflow.cli.answer import ExistingPath, answer, json_option, say
from grantflow.cli.house import House, pass_house
from grantflow.domain.actor import SYSTEM
from grantflow.workflow.findings import Finding, has_errors


@click.group()
def calls() -> None:
    """Check call files, make draft calls of them, and write down their words."""


@calls.command()
@click.argument("files", nargs=-1, required=True, type=ExistingPath)
@click.option(
    "--assumed", is_flag=True, help="List what nobody has published, with the reason why it was taken."
)
@json_option
@pass_house
def check(house: House, files: tuple[Path, ...], *, assumed: bool, as_json: bool) -> None:
    """Check call FILES against the schemes, forms and rubrics that they name."""
    from grantflow.services.calls.file import read_call

    house.know_own_files()
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


@calls.command()
@click.argument("file", type=ExistingPath)
@json_option
@pass_house
def draft(house: House, file: Path, *, as_json: bool) -> None:
    """Make a draft call of FILE, and set up its programme where that is new; a manager publishes it on its page."""
    from grantflow.services.calls.file import read_call
    from grantflow.services.calls.loading import load_call

    house.know_own_files()
    loaded = read_call(file)
    findings = [finding.as_json() for finding in loaded.findings]
    if loaded.plan is None:
        data = {"ok": False, "call": None, "findings": findings}
        answer(as_json=as_json, data=data, text=map(str, loaded.findings), ok=False)
        return
    with house.database.transaction(SYSTEM, house.now()) as tx:
        made = load_call(tx, loaded.plan)
    call = {"ref": made.ref, "slug": loaded.plan.slug, "path": f"/calls/{loaded.plan.slug}/manage"}
    said = f"{made.ref} is a draft. Whoever may publish it finds it under {call['path']}."
    done: dict[str, Any] = {"ok": True, "call": call, "findings": findings}
    answer(as_json=as_json, data=done, text=[*map(str, loaded.findings), said])


@calls.command()
@click.option("--write", is_flag=True, help="Write the file instead of printing it.")
@click.option(
    "--to",
    "file",
    type=click.Path(path_type=Path),
    default=Path("docs/calls.md"),
    show_default=True,
    help="Where the words stand.",
)
def words(file: Path, *, write: bool) -> None:
    """Print every word that call, form and rubric files may use, from the declarations that the reader enforces."""
    from grantflow.services.calls.words import words_of_calls

    text = words_of_calls()
    if write:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        say(f"{file}: written")
    else:
        click.echo(text, nl=False)
