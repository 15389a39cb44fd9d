"""How a command answers: on stdout what was asked for, on stderr everything else, and an exit code.

With `--json` stdout is exactly one JSON object, also when the command is refused or used wrongly. Exit codes: 0 done,
1 refused or failed, 2 used wrongly.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn
from uuid import UUID

import click

from grantflow.domain.refusal import Refusal

DONE, FAILED, MISUSED = 0, 1, 2

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
"""The flag of every command that machines read: `@json_option` gives the argument `as_json`."""

ExistingPath = click.Path(exists=True, path_type=Path)
"""An argument that names a file or folder; one that is not there is wrong usage."""


def answer(
    *, as_json: bool, data: Mapping[str, Any], text: str | Iterable[str] = (), ok: bool = True
) -> None:
    """Print a command's one answer, as JSON or in words, and end with exit code 1 where it is not `ok`."""
    if as_json:
        _print_json(data)
    else:
        for line in (text,) if isinstance(text, str) else text:
            click.echo(line)
    if not ok:
        click.get_current_context().exit(FAILED)


def say(text: str) -> None:
    """Tell the person something beside the answer."""
    click.echo(text, err=True)


@contextmanager
def progress(what: str, total: int | None = None) -> Iterator[Progress]:
    """Show on stderr how far long work has come; on a terminal one moving line, in a log a line now and then."""
    shown = Progress(what, total)
    shown.show()
    try:
        yield shown
    finally:
        shown.end()


class Progress:
    """How far long work has come."""

    def __init__(self, what: str, total: int | None = None) -> None:
        self.what = what
        self.total = total
        self.done = 0
        self._said = -1
        self._moving = sys.stderr.isatty()

    def advance(self, by: int = 1, what: str | None = None) -> None:
        """Count some more as done, and say what comes next."""
        self.done += by
        self.what = what or self.what
        self.show()

    def show(self) -> None:
        """Print where the work is, if that differs enough from what was printed last."""
        share = 100 * self.done // self.total if self.total else 0
        if self._moving:
            count = f" {self.done} of {self.total} ({share} %)" if self.total else f" {self.done or ''}"
            click.echo(f"\r\033[K{self.what}{count}", err=True, nl=False)
        elif self._said < 0 or (self.total and share >= self._said + 25):
            count = f" {share} %" if self.total and self._said >= 0 else " …"
            click.echo(f"{self.what}{count}", err=True)
            self._said = share

    def end(self) -> None:
        """Leave the moving line."""
        if self._moving:
            click.echo(err=True)


def failed(*, as_json: bool, code: str, sentence: str, exit_code: int, **more: Any) -> NoReturn:
    """Print why nothing was done and end the program."""
    if as_json:
        _print_json({"ok": False, "error": {"code": code, "sentence": sentence}, **more})
    else:
        say(sentence)
    sys.exit(exit_code)


def reasons(refusals: Sequence[Refusal]) -> list[dict[str, Any]]:
    """Return refusals as every machine-readable answer spells them."""
    return [{"code": one.code, "sentence": one.sentence, "where": one.where} for one in refusals]


def _print_json(data: Mapping[str, Any]) -> None:
    click.echo(json.dumps(data, ensure_ascii=False, indent=2, default=_plain))


def _plain(value: object) -> object:
    """Spell what JSON does not know as the interfaces do: instants in UTC with Z, ids as text."""
    from grantflow.domain.time import instant

    if isinstance(value, datetime):
        return instant(value).isoformat(timespec="seconds").replace("+00:00", "Z")
    if isinstance(value, UUID | Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no spelling in JSON")
