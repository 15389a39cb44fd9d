"""The scripts of the repository: plain shell, short, and the same under every checkout."""

from __future__ import annotations

import os
import re
import subprocess
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = sorted((ROOT / "script").iterdir())
LOCKS = sorted(ROOT.glob("requirements*.lock"))


@pytest.fixture(params=SCRIPTS, ids=lambda path: path.name)
def script(request: pytest.FixtureRequest) -> Path:
    return request.param  # type: ignore[no-any-return]  # pytest gives Any


def test_the_known_scripts_are_there():
    assert {"bootstrap", "server", "test", "lint", "bench"} <= {path.name for path in SCRIPTS}


def test_a_script_is_posix_shell_that_parses(script: Path):
    assert script.read_text().startswith("#!/bin/sh\n")
    checked = subprocess.run(["sh", "-n", script], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_a_script_has_under_60_lines(script: Path):
    assert len(script.read_text().splitlines()) < 60


def test_a_script_stops_at_the_first_failure_and_starts_from_its_own_checkout(script: Path):
    text = script.read_text()
    assert "\nset -eu\n" in text
    assert '\ncd "$(dirname "$0")/.."\n' in text


def test_a_script_says_what_it_does_and_may_be_run(script: Path):
    assert script.read_text().splitlines()[1].startswith("# ")
    assert os.access(script, os.X_OK)


def test_ci_runs_script_test():
    run = ROOT / ".ci" / "run"
    assert os.access(run, os.X_OK)
    assert re.search(r"^exec script/test\b", run.read_text(), re.MULTILINE)


def test_a_second_bootstrap_is_done_at_once_and_says_nothing():
    command: list[str | Path] = [ROOT / "script" / "bootstrap", "--tests"]
    subprocess.run(command, capture_output=True, check=True)
    started = time.monotonic()
    again = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    assert time.monotonic() - started < 2


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_pins_every_package_by_hash_and_names_no_host(lock: Path):
    text = lock.read_text()
    assert not re.search(r"https?://|^--|file:", text, re.MULTILINE)
    entries = re.split(r"^(?=[A-Za-z])", text, flags=re.MULTILINE)[1:]
    assert entries
    assert [
        entry.splitlines()[0] for entry in entries if "==" not in entry or "--hash=sha256:" not in entry
    ] == []


def test_the_test_lock_has_the_same_versions_as_the_product_lock():
    def pins(name: str) -> dict[str, str]:
        found = re.findall(r"^([a-z0-9._-]+)==(\S+)", (ROOT / name).read_text(), re.MULTILINE)
        return dict(found)

    product, tests = pins("requirements.lock"), pins("requirements-test.lock")
    assert product
    assert product.items() <= tests.items()
