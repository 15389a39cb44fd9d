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


class Progress:
    """How far long work has come, in a log: a line at the beginning and at each quarter."""

    def __init__(self, what: str, total: int | None = None) -> None:
        self._total = total
        self._done = 0
        self._quarter = 0
        self._begin(what)

    def advance(self, by: int = 1, what: str | None = None) -> None:
        """Count some more as done, and say what comes next."""
        self._done += by
        self._show(what)

    def _begin(self, what: str) -> None:
        self._what = what
        say(f"{what} …")

    def _show(self, what: str | None) -> None:
        self._what = what or self._what
        quarter = min(4, 4 * self._done // self._total) if self._total else 0
        if quarter > self._quarter:
            say(f"{self._what} {25 * quarter} %")
        self._quarter = max(quarter, self._quarter)


class MovingProgress(Progress):
    """How far long work has come, on a terminal: one bar that moves."""

    def _begin(self, what: str) -> None:
        from rich.console import Console
        from rich.progress import Progress as Bar

        self._bar = Bar(console=Console(stderr=True), transient=True)
        self._task = self._bar.add_task(what, total=self._total)
        self._bar.start()

    def _show(self, what: str | None) -> None:
        total = None if self._total is None else max(self._total, self._done)
        self._bar.update(self._task, completed=self._done, total=total, description=what)

    def end(self) -> None:
        """Take the bar away."""
        self._bar.stop()


@contextmanager
def progress(what: str, total: int | None = None) -> Iterator[Progress]:
    """Show on stderr how far long work has come: a bar on a terminal, a line now and then in a log."""
    if not sys.stderr.isatty():
        yield Progress(what, total)
        return
    shown = MovingProgress(what, total)
    try:
        yield shown
    finally:
        shown.end()


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
