"""The command line: `grantflow COMMAND`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module

import click

from grantflow import __version__

COMMANDS = (
    "init",
    "demo",
    "serve",
    "worker",
    "tick",
    "settings",
    "user",
    "token",
    "check",
    "backup",
    "workflows",
    "calls",
    "forms",
    "rehearse",
    "journal",
    "outbox",
    "mail",
    "webhook",
    "words",
)
"""Every command; the module of that name in this package has it as its attribute of that name."""


class Commands(click.Group):
    """The group of all commands, each imported when it is asked for: `--help` of one must not wait for the others."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of `COMMANDS`."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command = getattr(import_module(f"{__name__}.{cmd_name}"), cmd_name)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="grantflow")
def grantflow() -> None:
    """GrantFlow: a workflow engine for challenge-driven grant programmes."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and end the program with its exit code: 0 done, 1 refused or failed, 2 used wrongly."""
    from grantflow.app import house
    from grantflow.cli.failures import explained
    from grantflow.cli.logs import log_to_stderr

    log_to_stderr("warning")  # until a command that stays says how much it logs
    words = list(sys.argv[1:] if arguments is None else arguments)
    with explained(as_json="--json" in words):
        code = grantflow.main(words, prog_name="grantflow", standalone_mode=False, obj=house())
        sys.exit(code if isinstance(code, int) else 0)
