"""The pages about commands and settings say what there is: no command, flag or key is missing, none is too many."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click

from grantflow.cli import grantflow
from grantflow.settings import TABLE

DOCS = Path(__file__).parents[2] / "docs"
UNSAID = {"--help", "--version", "--child"}


def commands(
    group: click.Group, words: tuple[str, ...] = ("grantflow",)
) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, (*words, name))
        else:
            yield " ".join((*words, name)), command


def test_the_page_of_commands_names_each_and_no_other() -> None:
    said = re.findall(r"`(grantflow [a-z]+(?: [a-z]+)?)", (DOCS / "cli.md").read_text())

    assert {words for words in said if words != "grantflow"} == {name for name, _ in commands(grantflow)}


def test_the_page_of_commands_names_their_flags() -> None:
    page = (DOCS / "cli.md").read_text()
    for name, command in commands(grantflow):
        section = page[page.index(f"`{name}") :].split("\n##", 1)[0]
        flags = {flag for option in command.params for flag in option.opts if flag.startswith("--")} - UNSAID
        assert {flag for flag in flags if flag not in section} == set(), name


def test_the_page_of_settings_is_the_table() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \| (.*) \|$", (DOCS / "settings.md").read_text(), re.MULTILINE)

    assert [row[0] for row in rows] == list(TABLE)
    for name, default, about in rows:
        setting = TABLE[name]
        assert default == (f"`{setting.default}`" if setting.default != "" else "empty")
        assert about.startswith(setting.about)
        assert all(f"`{choice}`" in about for choice in setting.choices)
        assert all(f"`{variable}`" in about for variable in setting.variables[1:])
