"""Alive and ready: for those who run the house."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import update

from grantflow.domain.actor import SYSTEM
from grantflow.services.clock import mark_as_demo
from grantflow.services.readiness import DEMO_LOADED
from grantflow.store.outbox import OutboxMessage
from grantflow.store.session import Database
from grantflow.store.settings import remember
from grantflow.web import create_app
from tests.web.conftest import NOW, Site
from tests.web.world import a_call, a_message


def check(site: Site, name: str) -> tuple[int, bool]:
    answer = site.client.get("/readyz")
    assert answer.json is not None
    [found] = [each for each in answer.json["checks"] if each["name"] == name]
    assert answer.json["ready"] == (answer.status_code == 200)
    return answer.status_code, found["ok"]


def test_a_fresh_installation_is_ready(site: Site):
    assert site.client.get("/healthz").json == {"alive": True}
    answer = site.client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json is not None
    assert [each["name"] for each in answer.json["checks"]] == ["database", "migrations", "queue"]


def test_a_demo_is_ready_when_it_is_loaded(site: Site):
    with site.database.transaction(SYSTEM, NOW) as tx:
        mark_as_demo(tx)
    assert check(site, "demo") == (503, False)
    with site.database.transaction(SYSTEM, NOW) as tx:
        remember(tx, DEMO_LOADED, {})
    assert check(site, "demo") == (200, True)


def test_tables_of_another_version_are_not_ready(site: Site):
    with site.database.transaction(SYSTEM, NOW) as tx:
        tx.connection.exec_driver_sql("UPDATE gf_migration SET version_num = '0000_older'")
    assert check(site, "migrations") == (503, False)


def test_messages_that_nobody_fetches_are_noticed(site: Site):
    with site.database.transaction(SYSTEM, NOW) as tx:
        call = a_call(tx, "low-carbon", "Low carbon")
        a_message(tx, call)
    assert check(site, "queue") == (200, True)
    with site.database.transaction(SYSTEM, NOW) as tx:
        tx.execute(update(OutboxMessage).values(at=NOW - timedelta(hours=1)))
    assert check(site, "queue") == (503, False)
    with site.database.transaction(SYSTEM, NOW) as tx:
        tx.execute(update(OutboxMessage).values(dispatched_at=NOW))
    assert check(site, "queue") == (200, True)


def test_the_disk_is_looked_at_also_before_its_folder_is_there(site: Site, tmp_path: Path):
    app = create_app(site.database, data_folder=tmp_path / "not" / "yet", now=lambda: NOW)
    assert check(Site(app, site.database), "disk")[1] is True


def test_without_a_database_it_is_alive_and_not_ready(tmp_path: Path, site: Site):
    away = Database(f"sqlite:///{tmp_path}/no/folder/x.sqlite", site.database.engine)
    pages = Site(create_app(away, now=lambda: NOW), away)
    assert pages.client.get("/healthz").status_code == 200
    assert check(pages, "database") == (503, False)
    assert "Not available now" in pages.text("/", 503)
    away.dispose()
