"""The last hour before a deadline: many who fill in their form, hand in a file and send it, at the same time.

Served as in service, on both databases; what counts is whole journeys a second on two cores, server and database
together, that none is lost, and that everybody has one receipt. The letters themselves are made afterwards, by workers.
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psutil
from sqlalchemy import select

from grantflow.app import make_ready
from grantflow.domain.actor import Actor
from grantflow.services import applications
from grantflow.services.applications.form_page import form_page
from grantflow.services.people.registering import join_organisation, register_organisation, register_person
from grantflow.settings import Settings
from grantflow.store.applications.models import Submission
from grantflow.store.cases import CaseRow
from grantflow.store.files import StoredFile
from grantflow.store.outbox import OutboxMessage
from grantflow.web import create_app
from tests.bench.pages import write_section
from tests.bench.server import make_careful
from tests.bench.serving import SECRET, Run, Server, crowd, postmaster, serving
from tests.databases import KINDS, Databases, Kind
from tests.factories.fund import Fund
from tests.factories.papers import PDF
from tests.factories.story import shipped_plan, without_lab
from tests.web.applications.conftest import TYPED
from tests.web.browsing import Reader

CROWD = 150
AT_ONCE = 8
PROCESSES = 2
WANTED = 10.0
CORES = 2
FILE_SECTION, FILE_FIELD = "budget", "annex"


@dataclass(frozen=True, slots=True)
class Applicant:
    """Somebody who has begun, is signed in, and knows the mark of an empty form."""

    ref: str
    cookie: str
    token: str


class Deadline:
    """A fund that is open today, on a database in service, and people who have begun to apply."""

    def __init__(self, url: str, data: Path) -> None:
        plan = without_lab(shipped_plan("north-middle-sweden"))
        weeks = (datetime.now(UTC) - plan.date("submission_deadline")) // timedelta(weeks=1) + 1
        self.fund = Fund(url, plan.moved(timedelta(weeks=weeks)))
        self.fund.set_up().load().announce()
        self.fund.until(datetime.now(UTC))
        make_ready(Settings(database_url=url, data=str(data)), lambda _: None)
        self.app = create_app(self.fund.database, data_folder=data, secret_key=SECRET)
        self._people = 0

    def begin(self, count: int) -> list[Applicant]:
        """Let people of firms of their own sign in and begin an application."""
        return [self._one() for _ in range(count)]

    def _one(self) -> Applicant:
        self._people += 1
        number = self._people
        with self.fund.tx() as tx:
            person = register_person(tx, f"p{number}@example.invalid", f"Person {number}")
            firm = register_organisation(
                tx,
                f"Firm {number}",
                identifier=f"bench-{number}",
                identifier_kind="DEMO",
                legal_form="limited_company",
                country="SE",
                nuts="SE313",
                town="Gävle",
                helix="business",
            )
            join_organisation(tx, person, firm, authorised=True)
        with self.fund.database.transaction(Actor("person", person), self.fund.now) as tx:
            made = applications.start_application(tx, self.fund.call_id, firm)
        return Applicant(made.ref, *self._signed_in(person))

    def _signed_in(self, person: UUID) -> tuple[str, str]:
        reader = Reader(self.app, person)
        token = reader.token()
        kept = reader.client.get_cookie("session")
        assert kept is not None
        return f"session={kept.value}; language=en", token

    def mark_of_nothing(self, applicant: Applicant) -> dict[str, str]:
        """Return the mark of each section as long as nothing is kept of it."""
        with self.fund.reading() as tx:
            page = form_page(tx, applicant.ref, "en")
        assert page is not None
        return {section.name: page.seen(section) for section in page.form.sections}

    def fault(self, applicants: Sequence[Applicant]) -> str:
        """Return what was lost or done twice, by the tables."""
        refs = {each.ref for each in applicants}
        with self.fund.reading() as tx:
            sent = Counter(
                tx.execute(
                    select(CaseRow.ref).join(Submission, Submission.application_id == CaseRow.id)
                ).scalars()
            )
            kept = Counter(
                tx.execute(select(CaseRow.ref).join(StoredFile, StoredFile.record_id == CaseRow.id)).scalars()
            )
            receipts = Counter(
                tx.execute(
                    select(CaseRow.ref)
                    .join(OutboxMessage, OutboxMessage.case_id == CaseRow.id)
                    .where(OutboxMessage.template == "receipt")
                ).scalars()
            )
        wrong = {ref for ref in refs if (sent[ref], kept[ref], receipts[ref]) != (1, 1, 1)}
        return f"{len(wrong)} of {len(refs)} are not whole: {sorted(wrong)[:3]}" if wrong else ""


def typed(section: str) -> list[tuple[str, str]]:
    """Return what somebody types into a section, as a form sends it."""
    return [
        (name, one)
        for name, value in TYPED[section].items()
        for one in (value if isinstance(value, list) else [value])
    ]


def short(one: Applicant, marks: dict[str, str]) -> list[dict[str, Any]]:
    """Open the form, save five sections as the script does, hand in a file, send: with the receipt, nine requests."""
    form = f"/applications/{one.ref}/form"
    requests: list[dict[str, Any]] = [{"method": "GET", "path": f"{form}/project", "wanted": [200]}]
    rest = [section for section in TYPED if section != FILE_SECTION]
    for section in (*rest, FILE_SECTION):
        sent = [("section", section), ("seen", marks[section]), *typed(section), ("csrf_token", one.token)]
        requests.append(
            {"method": "POST", "path": f"/applications/{one.ref}/save", "form": sent, "wanted": [200]}
        )
    return [*requests, _file(one, follow=False), _send(one)]


def whole(one: Applicant, marks: dict[str, str]) -> list[dict[str, Any]]:
    """Go through the same without scripts, and look at every page on the way."""
    del marks
    form = f"/applications/{one.ref}/form"
    requests: list[dict[str, Any]] = [{"method": "GET", "path": f"{form}/project", "wanted": [200]}]
    for section in TYPED:
        if section == FILE_SECTION:
            requests.append(_file(one, follow=True))
            continue
        sent = [("seen", "{seen}"), *typed(section), ("csrf_token", one.token)]
        step = {"method": "POST", "path": f"{form}/{section}", "form": sent, "wanted": [200], "follow": True}
        requests.append(step)
    return [*requests, _send(one)]


def _file(one: Applicant, *, follow: bool) -> dict[str, Any]:
    sent = [("seen", "{seen}"), *typed(FILE_SECTION), ("csrf_token", one.token)]
    paper = {"field": FILE_FIELD, "name": "quotation.pdf", "content": PDF.decode("latin-1")}
    path = f"/applications/{one.ref}/files/{FILE_SECTION}"
    wanted = [200] if follow else [303]
    return {"method": "POST", "path": path, "form": sent, "file": paper, "wanted": wanted, "follow": follow}


def _send(one: Applicant) -> dict[str, Any]:
    sent = [("csrf_token", one.token)]
    path = f"/applications/{one.ref}/send"
    return {"method": "POST", "path": path, "form": sent, "wanted": [200], "follow": True, "holds": one.ref}


def spike(server: Server, deadline: Deadline, folder: Path, journey: Any, count: int) -> Run:
    """Let as many people go through a journey at the same time."""
    applicants = deadline.begin(count)
    marks = deadline.mark_of_nothing(applicants[0])
    plans = [{"cookie": one.cookie, "requests": journey(one, marks)} for one in applicants]
    run = crowd(server, folder, plans, AT_ONCE)
    assert not run.faults, run.faults
    lost = deadline.fault(applicants)
    assert not lost, lost
    return run


@contextmanager
def databases_in_service() -> Iterator[tuple[Databases, Path]]:
    """Make databases for measurements, on a server that keeps what it commits."""
    with tempfile.TemporaryDirectory(prefix="grantflow-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        databases = Databases(folder)
        try:
            make_careful(databases.fresh("postgresql"))
            yield databases, folder
        finally:
            databases.remove()


def database_process(kind: Kind, folder: Path) -> psutil.Process | None:
    """Return the process of the database server, where there is one."""
    return postmaster(folder) if kind == "postgresql" else None


def main() -> None:
    """Measure both journeys on both databases, and keep the figures."""
    lines = list(ABOVE)
    with databases_in_service() as (databases, folder):
        for kind in KINDS:
            url, data = databases.fresh(kind), folder / f"data-{kind}"
            data.mkdir()
            deadline = Deadline(url, data)
            with serving(url, data, database_process(kind, folder), PROCESSES) as server:
                for name, journey in (("saved by the script", short), ("page by page", whole)):
                    spike(server, deadline, folder, journey, 2 * AT_ONCE)
                    run = spike(server, deadline, folder, journey, CROWD)
                    lines.append(_line(kind, name, run))
                    print(lines[-1], flush=True)
            deadline.fund.database.dispose()
    load = f"Load of the machine meanwhile: {os.getloadavg()[1]:.1f} on its {CORES} cores."
    write_section("spike", "The last hour before a deadline", [*lines, *BELOW, load])


def _line(kind: Kind, name: str, run: Run) -> str:
    by_cpu = CORES / run.served
    each = [1000 * seconds / run.journeys for seconds in (run.web, run.database, run.crowd)]
    costs = " | ".join(f"{ms:.0f}" for ms in each)
    whole_ones = f"{run.journeys} | {run.requests / run.journeys:.0f}"
    return f"| {kind} | {name} | {whole_ones} | {run.rate:.1f} | {costs} | {by_cpu:.1f} |"


ABOVE = (
    f"{CROWD} people, {AT_ONCE} at a time, {PROCESSES} web processes: open the form, save five sections, hand in a file,",
    "send, see the receipt. Saved by the script: the form is opened once. Page by page: without scripts, every page on the way.",
    "",
    (
        "| database | journey | whole | requests each | a second, by the clock | web ms each | database ms each | "
        "those who ask, ms each | a second, by CPU |"
    ),
    "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
)
BELOW = (
    "",
    "Every journey was whole: each application was sent once, with its file, and has one receipt in the outbox; letters leave",
    f"afterwards. By CPU: {CORES} cores through the CPU of server and database for one journey; by the clock those who ask, and",
    f"whatever else ran on the machine, took their share. Wanted: at least {WANTED:.0f} a second. Databases keep what they commit.",
)
