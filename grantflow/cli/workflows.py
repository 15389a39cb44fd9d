"""`grantflow workflows`: prove workflow files, draw lifecycles, write the words of the format."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click

from grantflow.cli.answer import ExistingPath, answer, json_option
from grantflow.cli.house import House, pass_house
from grantflow.cli.moving import move_command
from grantflow.workflow.findings import Finding
from grantflow.workflow.loader import Loaded

DOCS = Path("docs")


@click.group()
def workflows() -> None:
    """Prove and draw workflow files."""


workflows.add_command(move_command)


@workflows.command()
@click.argument("path", required=False, type=ExistingPath)
@json_option
@pass_house
def check(house: House, path: Path | None, *, as_json: bool) -> None:
    """Prove the schemes in PATH: a scheme version's folder, or a folder of such; without PATH all that are known."""
    loaded = _load(house, path)
    findings = [finding for each in loaded for finding in each.findings]
    findings.extend(_nothing_there(path, loaded))
    errors = sum(finding.severity == "error" for finding in findings)
    lifecycles = [
        {
            "scheme": each.read.name,
            "version": each.read.version,
            "lifecycle": lifecycle.name,
            "states": len(lifecycle.states),
            "transitions": len(lifecycle.rows),
        }
        for each in loaded
        if each.read is not None
        for lifecycle in each.read.lifecycles.values()
    ]
    data = {"ok": not errors, "lifecycles": lifecycles, "findings": [one.as_json() for one in findings]}
    warnings = len(findings) - errors
    summary = f"{len(loaded)} schemes, {len(lifecycles)} lifecycles: {errors} errors, {warnings} warnings."
    answer(as_json=as_json, data=data, text=[*map(str, findings), summary], ok=not errors)


@workflows.command()
@click.argument("path", required=False, type=ExistingPath)
@click.option("--write", is_flag=True, help="Write what is not there or no longer true.")
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path),
    default=DOCS / "workflows",
    show_default=True,
    help="Where the pictures and tables lie.",
)
@json_option
@pass_house
def draw(house: House, path: Path | None, folder: Path, *, write: bool, as_json: bool) -> None:
    """Draw the lifecycles of the schemes in PATH, with their tables; without --write only say which are not true."""
    from grantflow.workflow.draw import pages_of
    from grantflow.workflow.picture import CannotDraw

    loaded = _load(house, path)
    bad = [finding for each in loaded if each.scheme is None for finding in each.findings]
    pages = [page for each in loaded if each.scheme for page in pages_of(each.scheme, house.registry)]
    stale = [page for page in pages if not page.is_true(folder)]
    text = [*map(str, bad)]
    try:
        for page in stale if write else ():
            page.write(folder)
    except CannotDraw as problem:
        raise click.ClickException(f"{str(problem).capitalize()}.") from problem
    verb = "written" if write else "not true"
    text.extend(f"{folder / page.name}: {verb}" for page in stale)
    text.append(f"{len(pages)} files, {len(stale)} {verb}.")
    ok = not bad and (write or not stale)
    data: dict[str, Any] = {
        "ok": ok,
        "files": [page.name for page in pages],
        "written" if write else "stale": [page.name for page in stale],
        "findings": [one.as_json() for one in bad],
    }
    answer(as_json=as_json, data=data, text=text, ok=ok)


@workflows.command()
@click.option("--write", is_flag=True, help="Write the file instead of printing it.")
@click.option(
    "--to",
    "file",
    type=click.Path(path_type=Path),
    default=DOCS / "workflows.md",
    show_default=True,
    help="Where the words stand.",
)
@pass_house
def words(house: House, file: Path, *, write: bool) -> None:
    """Print every word that workflow files may use, from the declarations that the loader enforces."""
    from grantflow.workflow.words import words_of

    text = words_of(house.registry)
    if write:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        click.echo(f"{file}: written", err=True)
    else:
        click.echo(text, nl=False)


def _load(house: House, path: Path | None) -> Sequence[Loaded]:
    from grantflow.services.shelf import read_scheme, scheme_versions
    from grantflow.workflow.loader import scheme_folders

    registry = house.registry  # asked first: with it the installation's own folder is known
    if path is None:
        return [read_scheme(_near(folder), registry) for folder in scheme_versions()]
    top = _near(path)
    if top.is_file():
        raise click.UsageError(f"{top} is a file; PATH is a scheme version's folder or a folder of such.")
    return [read_scheme(folder, registry) for folder in scheme_folders(top)]


def _near(path: Path) -> Path:
    """Return a path as people write it: from where they stand, if it lies there."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_absolute() and path.is_relative_to(here) else path


def _nothing_there(path: Path | None, loaded: Sequence[Loaded]) -> Iterable[Finding]:
    if path is not None and not loaded:
        message = "There is no scheme here: a scheme version's folder has a file scheme.yaml."
        yield Finding(str(path), 1, "missing_file", "error", message)
