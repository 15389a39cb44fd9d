"""Two workers, one that is killed, a clock that jumps: each timer fires once, each message goes out under one key."""

from __future__ import annotations

import signal
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from grantflow.worker.run import OTHER_VERSION
from tests.worker.office import MailServer, Office, long_ago, start

pytestmark = pytest.mark.slow
APPLICATIONS = 40
LEASE = 2


def test_two_workers_fire_each_timer_once_and_send_each_message(
    office: Office, mail_server: MailServer
) -> None:
    deadline, opened = long_ago()
    office.furnish(APPLICATIONS, deadline=deadline, opened=opened)

    with office.worker(**mail_server.settings), office.worker(**mail_server.settings):
        office.wait_until("every application is closed", lambda: len(office.steps("close")) == APPLICATIONS)
        office.wait_until("all is sent", office.all_is_sent)

    assert office.steps("close") == dict.fromkeys(office.steps("close"), 1)
    assert len(office.steps("close")) == APPLICATIONS
    assert {key.split(".")[0] for key in mail_server.keys} == office.messages()
    assert office.count("gf_outbox_message WHERE fault IS NOT NULL") == 0
    assert office.count("gf_worker") == 0, "workers that end in peace leave their slots"


def test_a_worker_killed_in_the_middle_of_a_message_is_taken_over(
    office: Office, mail_server: MailServer
) -> None:
    deadline, opened = long_ago()
    office.furnish(APPLICATIONS, deadline=deadline, opened=opened)
    settings = {**mail_server.settings, "worker_lease": LEASE, "worker_threads": 1}

    mail_server.breathe.clear()
    with office.worker(**settings) as doomed:
        office.wait_until("a mail is under way", mail_server.begun.is_set)
        doomed.send_signal(signal.SIGKILL)
        doomed.wait()
    assert office.count("gf_outbox_message WHERE done_at IS NOT NULL") == 0
    assert office.count("gf_worker") == 1, "the dead still holds its slot"

    mail_server.breathe.set()
    with office.worker(**settings):
        office.wait_until("all is sent", office.all_is_sent)

    assert {key.split(".")[0] for key in mail_server.keys} == office.messages()
    assert len(mail_server.keys) == len(office.messages()), "what went out twice bears the same key"
    repeated = [key for key, times in mail_server.keys.items() if times > 1]
    assert len(repeated) <= 1, "only the message in flight may be repeated"
    assert set(office.steps("close").values()) == {1}


def test_a_clock_that_jumps_fires_each_timer_once(office: Office) -> None:
    now = datetime.now(UTC)
    office.furnish(5, deadline=now + timedelta(days=30), opened=now, demo=True)
    target = now + timedelta(days=400)

    with office.worker(timers_every=1):
        for to in (now + timedelta(days=21), target, target + timedelta(days=30)):
            tick = start(office.url, office.data, ["tick", "--to", to.isoformat(), "--json"])
            assert tick.wait(60) == 0
        office.wait_until("all is sent", office.all_is_sent)

    assert len(office.steps("close")) == 5
    assert set(office.steps("close").values()) == {1}
    assert office.count("gf_timer") == 0
    mails = {path.name.removeprefix("outbox-").split(".")[0] for path in (office.data / "mail").glob("*.eml")}
    assert mails == office.messages()
    # Reminders from day 20 on every second day; on day 30 the closing may come first.
    reminders = office.rows("SELECT case_id, data FROM gf_outbox_message WHERE template = 'deadline_near'")
    assert len(set(reminders)) == len(reminders), "each moment is told once"
    assert set(Counter(row[0] for row in reminders).values()) <= {5, 6}


def test_a_worker_ends_when_its_tables_become_those_of_another_version(office: Office) -> None:
    deadline, opened = long_ago()
    office.furnish(1, deadline=deadline, opened=opened)
    process = start(office.url, office.data, ["worker"])
    try:
        office.wait_until("it has its slot", lambda: office.count("gf_worker") == 1)
        with office.database.sql.begin() as connection:
            connection.exec_driver_sql("UPDATE gf_migration SET version_num = '9999_of_the_next_version'")
        assert process.wait(60) == OTHER_VERSION
    finally:
        process.kill()
    assert office.count("gf_worker") == 0, "it leaves its slot"


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=False)
def test_a_worker_carries_on_when_its_database_went_away(office: Office, mail_server: MailServer) -> None:
    deadline, opened = long_ago()
    office.furnish(APPLICATIONS, deadline=deadline, opened=opened)
    cut = "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"
    mail_server.breathe.clear()

    with office.worker(**mail_server.settings):
        office.wait_until("a mail is under way", mail_server.begun.is_set)
        assert office.rows(cut)[0][0] > 0
        mail_server.breathe.set()
        office.wait_until("every application is closed", lambda: len(office.steps("close")) == APPLICATIONS)
        office.wait_until("all is sent", office.all_is_sent)

    assert {key.split(".")[0] for key in mail_server.keys} == office.messages()
    assert set(office.steps("close").values()) == {1}
