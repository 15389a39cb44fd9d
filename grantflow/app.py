"""The only place that wires: which modules give words to workflow files, which database and engine the entrances get."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache, partial
from importlib import import_module
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING
from uuid import UUID

import structlog
from sqlalchemy import make_url

from grantflow.cli.house import House
from grantflow.domain.actor import SYSTEM
from grantflow.domain.ids import Ids
from grantflow.domain.refusal import Refusal, Refused, refuse
from grantflow.paths import data_folder, use_own
from grantflow.services import clock
from grantflow.services.shelf import read_scheme, scheme_versions
from grantflow.settings import Loaded, Settings, load
from grantflow.store import faults, migrate, slow
from grantflow.store.published import publish, published_names, published_text
from grantflow.store.session import Database
from grantflow.workflow.checks import check_scheme
from grantflow.workflow.engine import Engine
from grantflow.workflow.findings import Finding
from grantflow.workflow.loader import parse_scheme
from grantflow.workflow.registry import Registry

if TYPE_CHECKING:
    from flask import Flask

    from grantflow.web.front import Front

MODULES = (
    "grantflow.services.aid.effects",
    "grantflow.services.applications.effects",
    "grantflow.services.awards.effects",
    "grantflow.services.awards.granting_by_rule",
    "grantflow.services.calls.effects",
    "grantflow.services.labs.effects",
    "grantflow.services.programmes.effects",
    "grantflow.services.reviews.effects",
    "grantflow.store.aid.facts",
    "grantflow.store.applications.facts",
    "grantflow.store.awards.facts",
    "grantflow.store.awards.proposals",
    "grantflow.store.awards.selectors",
    "grantflow.store.calls.facts",
    "grantflow.store.children",
    "grantflow.store.labs.facts",
    "grantflow.store.labs.selectors",
    "grantflow.store.programmes.facts",
    "grantflow.store.reviews.facts",
    "grantflow.workflow.guards.aid",
    "grantflow.workflow.guards.applications",
    "grantflow.workflow.guards.awards",
    "grantflow.workflow.guards.bodies",
    "grantflow.workflow.guards.calls",
    "grantflow.workflow.guards.children",
    "grantflow.workflow.guards.dates",
    "grantflow.workflow.guards.de_minimis",
    "grantflow.workflow.guards.delivery",
    "grantflow.workflow.guards.labs",
    "grantflow.workflow.guards.lump_sums",
    "grantflow.workflow.guards.reviews",
)
"""Where guards, facts, effects and selectors are defined: a new family, or a new room's slot, is a new line here."""

RECORDS = (
    "call",
    "participation",
    "contribution",
    "frame",
    "application",
    "line",
    "payment",
    "review",
    "award",
)
"""The kinds of record that a lifecycle may be about."""

SCHEME = "scheme"
"""The kind under which scheme versions are published."""


def registry() -> Registry:
    """Return every word that workflow files may use."""
    from grantflow.services.letters.catalogue import templates

    return _words(templates())


@lru_cache(maxsize=8)
def _words(templates: frozenset[str]) -> Registry:
    return Registry.collect([import_module(name) for name in MODULES], RECORDS, templates)


def settings() -> Loaded:
    """Return the settings in force."""
    return load(data_folder("config"), os.environ)


def database(settings: Settings, ids: Ids | None = None) -> Database:
    """Open the installation's database with an engine of its published schemes, each verified anew.

    Raises:
        Refused: it is not set up for this version, is a demo in production, or holds a scheme that does not verify.
    """
    use_own(settings.own_folder)
    file = make_url(settings.database).database
    if settings.database.startswith("sqlite") and file and not Path(file).is_file():
        raise _not_initialised()
    opened = Database(settings.database, Engine(registry()), ids)
    try:
        _make_sure(opened, settings)
    except BaseException:
        opened.dispose()
        raise
    return opened


def _make_sure(opened: Database, settings: Settings) -> None:
    with opened.reading(SYSTEM, datetime.now(UTC)) as tx:
        revision = migrate.current(tx.connection)
        if revision is None:
            raise _not_initialised()
        _demand_not_newer(revision)
        if revision != migrate.head():
            raise refuse(
                "database_older",
                "The database belongs to an older version of GrantFlow. Run: grantflow init",
            )
        if settings.mode == "production" and clock.is_demo(tx):
            raise refuse(
                "demo_in_production",
                "This database is a demo and stays one; in production use another (setting database_url).",
            )
        for name, version in published_names(tx, SCHEME):
            scheme = parse_scheme(published_text(tx, SCHEME, name, version))
            _refuse_faulty(check_scheme(scheme, registry()))
            opened.engine.add(scheme)


def _not_initialised() -> Refused:
    return refuse(faults.NOT_INITIALISED.code, faults.NOT_INITIALISED.sentence)


def _demand_not_newer(revision: str) -> None:
    if revision > migrate.head():
        raise refuse(
            "database_newer",
            "The database belongs to a newer version of GrantFlow: it is at %(revision)s, this version knows %(head)s. "
            "Start the newer version.",
            revision=revision,
            head=migrate.head(),
        )


def make_ready(settings: Settings, say: Callable[[str], None]) -> list[str]:
    """Create or upgrade the database and publish every scheme version on the shelf that verifies; return what was done."""
    use_own(settings.own_folder)
    settings.data_folder.mkdir(parents=True, exist_ok=True)
    if (revision := migrate.revision_of(settings.database)) is not None:
        _demand_not_newer(revision)
    say("Bringing the database to this version …")
    migrate.upgrade(settings.database)
    done = [f"The database is at migration {migrate.head()}."]
    opened = Database(settings.database, Engine(registry()))
    try:
        with opened.transaction(SYSTEM, datetime.now(UTC)) as tx:
            for folder in scheme_versions():
                say(f"Verifying the scheme {folder.parent.name} {folder.name} …")
                loaded = read_scheme(folder, registry())
                _refuse_faulty(loaded.findings)
                assert loaded.scheme is not None
                _refuse_faulty(check_scheme(loaded.scheme, registry()))
                name, version = loaded.scheme.key
                publish(tx, SCHEME, name, version, loaded.scheme.text)
                done.append(f"The scheme {name} version {version} is verified and published.")
    finally:
        opened.dispose()
    return done


def _refuse_faulty(findings: list[Finding] | tuple[Finding, ...]) -> None:
    errors = [finding for finding in findings if finding.severity == "error"]
    if errors:
        raise Refused(
            Refusal(
                "scheme_faulty",
                "%(file)s:%(line)s: %(message)s",
                {"file": error.file, "line": error.line, "message": error.message},
            )
            for error in errors
        )


def _wall() -> datetime:
    return datetime.now(UTC)


def read_clock(opened: Database) -> datetime:
    """Return the time that counts: the wall's, or in a demo the one that its clock shows."""
    wall = datetime.now(UTC)
    with opened.reading(SYSTEM, wall) as tx:
        return clock.shown(tx, wall)


def web() -> Flask:
    """Make the web application with the API beside it."""
    from grantflow.api import beside, create_api
    from grantflow.cli.logs import log_to_stderr
    from grantflow.services.people.sessions import Limits
    from grantflow.web import create_app
    from grantflow.web.lines import Logged, name_pages
    from grantflow.web.proxies import Behind

    _end_with_parent()
    in_force = settings().settings
    log_to_stderr(
        in_force.log_level
    )  # each process anew: what logs look like by default tells of every variable
    opened = database(in_force)
    with opened.reading(SYSTEM, datetime.now(UTC)) as tx:
        demo = clock.is_demo(tx)
    # Only a demo has a clock of its own, which has to be asked; a database never becomes one while it is served.
    now = partial(read_clock, opened) if demo else _wall
    pages = create_app(
        opened,
        data_folder=in_force.data_folder,
        demo=demo,
        now=now,
        wall=_wall,
        secret_key=secret_of(in_force),
        limits=Limits(
            in_force.session_idle_minutes,
            in_force.session_hours,
            in_force.session_idle_minutes_inside,
            in_force.session_hours_inside,
            in_force.sign_in_tries,
            in_force.sign_in_tries_network,
        ),
        address=in_force.address,
        sending=in_force.sends,
    )
    api = create_api(
        opened,
        data_folder=in_force.data_folder,
        now=now,
        wall=_wall,
        address=in_force.address,
    )
    for each in (pages, api):
        name_pages(each)
    slow.watch(opened.sql, in_force.slow_statement_ms / 1000, _tell_of_slow)
    both = Logged(beside(pages.wsgi_app, api))
    pages.wsgi_app = Behind(both, in_force.proxies)  # type: ignore[method-assign]  # as Flask says to wrap it
    return pages


def front() -> Front:
    """Make what the web server calls in each of its processes: the web application behind its door to the street."""
    from grantflow.web.front import Front

    return Front(web(), settings().settings.web_threads)


def _tell_of_slow(seconds: float, statement: str) -> None:
    structlog.get_logger().warning("slow statement", ms=round(seconds * 1000), statement=statement)


def _end_with_parent() -> None:
    """End this process of the web server when the one that started it was killed: the port must become free."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def wait() -> None:
        parent.join()
        os.kill(os.getpid(), signal.SIGKILL)

    Thread(target=wait, name="parent-watch", daemon=True).start()


def work(settings: Settings, stop: Event) -> int:
    """Run a worker until it is told to stop; returns its exit code."""
    from grantflow.worker.run import run

    opened = database(settings)
    try:
        return run(opened, settings, stop, link_maker(settings))
    finally:
        opened.dispose()


def link_maker(in_force: Settings) -> Callable[[UUID], str]:
    """Return what makes the links of firms without an account, by the key and the address that the pages know, too."""
    from grantflow.services.aid.invitations import link_address

    return partial(link_address, in_force.address, secret_of(in_force).encode())


def secret_of(in_force: Settings) -> str:
    """Return the key of the installation: that of the settings, else the one that lies in the data folder."""
    from grantflow.services.secret import kept_secret

    return in_force.secret_key or kept_secret(in_force.data_folder)


def post_now(settings: Settings, opened: Database) -> int:
    """Deliver what waits in the outbox in this process; what fails is left to the workers. Returns how many left.

    A message is not marked as handed out before it has left, so being killed in between loses nothing; a worker that
    takes the same message at the same moment sends it under the same key.
    """
    from grantflow.services.webhooks.sending import Sender
    from grantflow.worker.delivery import Delivery, PaperMill
    from grantflow.worker.run import carrier

    mill = PaperMill(settings.pdf_processes)
    delivery = Delivery(
        opened,
        carrier(opened, settings),
        mill,
        settings.data_folder / "files",
        lambda: read_clock(opened),
        link_maker(settings),
        house=settings.address,
        sending=settings.sends,
        sender=Sender(private=settings.webhooks_inside == "allowed"),
    )
    try:
        return delivery.deliver_waiting()
    finally:
        mill.close()


def house() -> House:
    """Return what the commands need."""
    return House(
        load_settings=settings,
        build_registry=registry,
        make_ready=make_ready,
        open_database=database,
        read_clock=read_clock,
        run_worker=work,
        post_now=post_now,
        web_target="grantflow.app:front",
    )
