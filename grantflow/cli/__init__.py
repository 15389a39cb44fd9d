"""The command line: `grantflow COMMAND`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec

import click

from grantflow import __version__

COMMANDS = {
    "init": "init",
    "demo": "demo",
    "serve": "serve",
    "worker": "worker",
    "tick": "tick",
    "settings": "settings",
    "user": "user",
    "check": "check",
    "workflows": "workflows",
    "calls": "calls",
    "forms": "forms",
    "rehearse": "rehearse",
    "journal": "journal",
}
"""Every command and its module in this package; the module's attribute of the same name is the command."""


class Commands(click.Group):
    """The group of all commands, each imported when it is asked for: `--help` of one must not wait for the others."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of `COMMANDS`."""
        del ctx
        return [name for name, module in COMMANDS.items() if find_spec(f"{__name__}.{module}")]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command."""
        if cmd_name not in self.list_commands(ctx):
            return None
        command = getattr(import_module(f"{__name__}.{COMMANDS[cmd_name]}"), cmd_name)
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

    words = list(sys.argv[1:] if arguments is None else arguments)
    with explained(as_json="--json" in words):
        code = grantflow.main(words, prog_name="grantflow", standalone_mode=False, obj=house())
        sys.exit(code if isinstance(code, int) else 0)
