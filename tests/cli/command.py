"""Running the command line, in this process or as one of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from grantflow.cli import main


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one object on stdout: anything else there is an error of the test."""
        return json.loads(self.out)


class Command:
    """The command line with an environment of its own."""

    def __init__(
        self, url: str, data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.environ = {"GRANTFLOW_DATABASE_URL": url, "GRANTFLOW_DATA": str(data)}
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def __call__(self, *words: str, **environ: str) -> Ended:
        """Run a command here."""
        for name in [name for name in os.environ if name.startswith("GRANTFLOW_") or name == "PORT"]:
            self._monkeypatch.delenv(name)
        for name, value in {**self.environ, **environ}.items():
            self._monkeypatch.setenv(name, value)
        self._capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(list(words))
        printed = self._capsys.readouterr()
        code = ended.value.code
        return Ended(code if isinstance(code, int) else 0, printed.out, printed.err)

    def start(self, *words: str, **environ: str) -> subprocess.Popen[str]:
        """Start a command as a process of its own, its words on stderr kept."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("GRANTFLOW_")}
        return subprocess.Popen(
            [sys.executable, "-m", "grantflow.cli", *words],
            env={**kept, **self.environ, **environ},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
