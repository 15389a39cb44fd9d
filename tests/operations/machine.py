"""An empty machine on which docs/operations.md is followed: its folders, its services, and a reverse proxy before them."""

from __future__ import annotations

import http.client
import json
import os
import re
import secrets
import shlex
import shutil
import signal
import site
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

PAGE = Path(__file__).parents[2] / "docs" / "operations.md"
ROOTS = (
    "/opt/grantflow",
    "/etc/grantflow",
    "/etc/systemd",
    "/etc/nginx",
    "/var/lib/grantflow",
    "/var/backups",
)
PATIENCE = 60
HOST = "grants.example.org"
STRANGER = "127.0.0.2"
"""An address of this machine that no setting trusts."""


def block(text: str, name: str) -> str:
    """Return the block of the page that bears a name, which is a file's where it is one."""
    found = re.search(rf"^```\w+ {re.escape(name)}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert found, f"the page has no block {name}"
    return found[1]


class Machine:
    """A machine whose folders lie below one of ours; `fill_in` says what stands for the page's placeholders."""

    def __init__(self, folder: Path, fill_in: Mapping[str, str], paths: list[Path], **environ: str) -> None:
        self.folder = folder
        self._fill_in = fill_in
        self._prelude = ""
        self.environ = {
            "PATH": os.pathsep.join([*map(str, paths), "/usr/bin", "/bin"]),
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "PIP_NO_INDEX": "1",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PIP_ROOT_USER_ACTION": "ignore",
            **environ,
        }
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.ended: dict[str, int] = {}
        self.meanwhile: Callable[[], None] = lambda: None
        """What happens between telling services to stop and their end."""
        for root in (*ROOTS, "/var/backups/grantflow"):
            self.place(root).mkdir(parents=True, exist_ok=True)

    def place(self, path: str) -> Path:
        """Return where a path of the page lies."""
        return self.folder / path.lstrip("/")

    def text(self, name: str) -> str:
        """Return a block of the page as this machine reads it."""
        text = block(PAGE.read_text(), name)
        for word, meant in self._fill_in.items():
            text = text.replace(word, meant)
        for root in ROOTS:
            text = text.replace(root, str(self.place(root)))
        return text

    def write(self, path: str) -> None:
        """Write a file of the page to its place."""
        place = self.place(path)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(self.text(path))

    def follow(self, name: str, after: Mapping[str, Callable[[], None]] | None = None) -> str:
        """Run the commands of a block, one line after the other; `after` looks at what came of a line. Returns what they said."""
        said = []
        looks = dict(after or {})
        for line in self.text(name).splitlines():
            said.append(self.systemctl(line) if line.startswith("systemctl ") else self.run(line))
            if " -m venv " in line:
                self._lend_packages(Path(line.split()[-1]))
            for part in [part for part in looks if part in line]:
                looks.pop(part)()
        assert not looks, f"the block {name} has no line with {list(looks)}"
        return "".join(said)

    def run(self, line: str, code: int = 0) -> str:
        """Run a command as a shell would."""
        done = subprocess.run(
            ["sh", "-euc", self._prelude + line],
            cwd=self.folder,
            env=self.environ,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
        assert done.returncode == code, f"{line}\n{done.stdout}\n{done.stderr}"
        return done.stdout + done.stderr

    def open_shell(self, name: str) -> None:
        """Let every command from now on see what the first line of a block sets."""
        self._prelude = self.text(name).splitlines()[0] + "\n"

    def _lend_packages(self, environment: Path) -> None:
        """Let a new environment find the locked packages where they are installed already: the tests have no network."""
        lent = self.folder / "lent"
        if not lent.exists():
            lent.mkdir()
            found = (each for folder in site.getsitepackages() for each in Path(folder).iterdir())
            for each in found:
                if "grantflow" not in each.name:
                    (lent / each.name).symlink_to(each)
        (packages,) = (environment / "lib").glob("python*/site-packages")
        for bundled in packages.glob(
            "setuptools*"
        ):  # comes with `venv` on Python 3.11, older than the locked one
            shutil.rmtree(bundled)
        (packages / "lent.pth").write_text(f"{lent}\n")

    # Services: as much of systemd as the page uses, by the unit files of the page

    def systemctl(self, line: str) -> str:
        verb, *names = [word for word in shlex.split(line)[1:] if not word.startswith("--")]
        if verb in {"stop", "restart"}:
            self._stop(names)
        if verb in {"start", "restart", "enable"}:
            for name in names:
                self._start(name)
        return ""

    def _start(self, name: str) -> None:
        kind, _, instance = name.partition("@")
        unit = self._unit(kind, instance)
        given = Path(unit["EnvironmentFile"]).read_text().splitlines()
        environ = dict(each.split("=", 1) for each in [*given, *filter(None, [unit.get("Environment")])])
        with self.log(name).open("ab") as log:
            self.running[name] = subprocess.Popen(
                shlex.split(unit["ExecStart"]),
                env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", **environ},
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def _stop(self, names: list[str]) -> None:
        stopping = {name: self.running.pop(name) for name in names}
        for process in stopping.values():
            process.send_signal(signal.SIGTERM)
        self.meanwhile()
        for name, process in stopping.items():
            kind, _, instance = name.partition("@")
            self.ended[name] = process.wait(float(self._unit(kind, instance)["TimeoutStopSec"]))

    def _unit(self, kind: str, instance: str) -> dict[str, str]:
        text = self.place(f"/etc/systemd/system/{kind}@.service").read_text().replace("%i", instance)
        return dict(line.split("=", 1) for line in text.splitlines() if "=" in line)

    def log(self, name: str) -> Path:
        """Return the file into which a service's lines go."""
        return self.folder / f"{name}.log"

    def end(self) -> None:
        """Stop whatever runs."""
        self.meanwhile = lambda: None
        self._stop(list(self.running))


def wait_until(what: str, holds: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    pause = threading.Event()
    while not holds():
        assert time.monotonic() < end, f"waited in vain: {what}"
        pause.wait(0.05)


class Answer:
    """What came back."""

    def __init__(self, answer: http.client.HTTPResponse) -> None:
        self.status = answer.status
        self.headers = answer.headers
        self.text = answer.read().decode()

    @property
    def json(self) -> Any:
        return json.loads(self.text)


def ask(
    port: int,
    path: str,
    headers: Mapping[str, str] | None = None,
    form: Mapping[str, str] | None = None,
    *,
    source: str = "127.0.0.1",
) -> Answer:
    """Ask one web process itself."""
    connection = http.client.HTTPConnection("127.0.0.1", port, PATIENCE, source_address=(source, 0))
    try:
        body = None if form is None else urlencode(form)
        kind = {} if form is None else {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request("GET" if form is None else "POST", path, body, {**kind, **(headers or {})})
        return Answer(connection.getresponse())
    finally:
        connection.close()


def status(port: int, path: str) -> int:
    """Return how a process answers, 0 where nobody does."""
    try:
        return ask(port, path).status
    except OSError:
        return 0


class Proxy:
    """The reverse proxy as the page sets it up: in turns to its servers, with the headers that it names."""

    def __init__(self, text: str) -> None:
        self.ports = [int(port) for port in re.findall(r"server 127\.0\.0\.1:(\d+);", text)]
        self._headers: dict[str, str] = dict(re.findall(r"proxy_set_header (\S+) (\S+);", text))
        self._turn = 0

    def ask(self, path: str, headers: Mapping[str, str], form: Mapping[str, str] | None = None) -> Answer:
        known = {
            "$host": HOST,
            "$remote_addr": "192.0.2.7",
            "$scheme": "https",
            "$request_id": secrets.token_hex(16),
        }
        self._turn += 1
        port = self.ports[self._turn % len(self.ports)]
        set_here = {name: known.get(value, value) for name, value in self._headers.items()}
        return ask(port, path, {**headers, **set_here}, form)


class Browser:
    """Somebody before the proxy, with cookies and the page they were on."""

    def __init__(self, proxy: Proxy) -> None:
        self._proxy = proxy
        self.cookies: dict[str, str] = {}
        self.cookie_lines: list[str] = []

    def get(self, path: str) -> Answer:
        return self._went(self._proxy.ask(path, self._headers(path)))

    def post(self, path: str, **form: str) -> Answer:
        """Open the page of a form, fill it in and send it."""
        page = self.get(path)
        assert page.status == 200, page.text
        found = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page.text)
        assert found, "the form has no token"
        return self._went(self._proxy.ask(path, self._headers(path), {**form, "csrf_token": found[1]}))

    def _headers(self, path: str) -> dict[str, str]:
        carried = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Cookie": carried, "Referer": f"https://{HOST}{path}", "Accept-Language": "en"}

    def _went(self, answer: Answer) -> Answer:
        for line in answer.headers.get_all("Set-Cookie", []):
            self.cookie_lines.append(line)
            for name, cookie in SimpleCookie(line).items():
                self.cookies[name] = cookie.value
        return answer


PYTHON = Path(getattr(sys, "_base_executable", sys.executable))
