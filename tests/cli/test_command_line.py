"""What others rely on: one JSON object on stdout, all else on stderr, exit codes 0, 1 and 2, never a traceback."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, event

from grantflow.app import registry
from grantflow.cli import COMMANDS
from grantflow.domain.actor import SYSTEM
from grantflow.services.clock import mark_as_demo
from grantflow.settings import TABLE
from grantflow.store import migrate
from grantflow.store.session import Database, open_engine
from grantflow.workflow.engine import Engine as Workflows
from tests.cli.command import Command


def test_every_command_explains_itself(grantflow: Command) -> None:
    whole = grantflow("--help")

    assert whole.code == 0
    for name in COMMANDS:
        help_of = grantflow(name, "--help")
        assert help_of.code == 0
        assert f"\n  {name} " in whole.out


def test_init_makes_a_database_and_publishes_what_verifies(bare_grantflow: Command) -> None:
    first = bare_grantflow("init", "--json")
    again = bare_grantflow("init", "--json")

    assert (first.code, again.code) == (0, 0)
    assert first.json["ok"] is True
    assert [line for line in first.json["done"] if "challenge_driven version 1" in line]
    assert again.json == first.json
    engine = open_engine(bare_grantflow.environ["GRANTFLOW_DATABASE_URL"])
    with engine.begin() as connection:
        assert migrate.current(connection) == migrate.head()
    engine.dispose()


def test_a_command_on_a_database_that_is_not_set_up_says_what_to_run(bare_grantflow: Command) -> None:
    in_words = bare_grantflow("user", "create", "a@b.invalid", "--name", "A")
    as_json = bare_grantflow("user", "create", "a@b.invalid", "--name", "A", "--json")

    assert (in_words.code, as_json.code) == (1, 1)
    assert in_words.err.strip().endswith("Run: grantflow init")
    assert in_words.out == ""
    assert as_json.json["error"]["code"] == "database_not_initialised"


@pytest.mark.parametrize(
    "words",
    [
        ("init", "--colour"),
        ("conquer",),
        ("tick", "--to", "tomorrow"),
        ("user", "create"),
        ("workflows", "check", "/no/such"),
    ],
)
def test_wrong_usage_ends_with_two(grantflow: Command, words: tuple[str, ...]) -> None:
    in_words = grantflow(*words)
    as_json = grantflow(*words, "--json")

    assert (in_words.code, as_json.code) == (2, 2)
    assert in_words.out == ""
    assert in_words.err.startswith("Usage: grantflow")
    assert "Traceback" not in in_words.err
    assert as_json.json["ok"] is False
    assert as_json.json["error"]["code"] == "usage"


def test_a_refusal_ends_with_one_and_its_reasons(grantflow: Command) -> None:
    grantflow("user", "create", "ann@example.invalid", "--name", "Ann")

    in_words = grantflow("user", "create", "Ann@example.invalid", "--name", "Ann")
    as_json = grantflow("user", "create", "Ann@example.invalid", "--name", "Ann", "--json")

    assert (in_words.code, as_json.code) == (1, 1)
    assert in_words.err.strip() == as_json.json["error"]["sentence"]
    assert [reason["code"] for reason in as_json.json["refusals"]] == ["email_taken"]


def test_wrong_settings_end_with_one_and_the_place(grantflow: Command) -> None:
    in_words = grantflow("tick", GRANTFLOW_COLOUR="red")
    as_json = grantflow("tick", "--json", GRANTFLOW_COLOUR="red")

    assert (in_words.code, as_json.code) == (1, 1)
    assert in_words.err.startswith("GRANTFLOW_COLOUR: GRANTFLOW_COLOUR is no setting. Known: ")
    (finding,) = as_json.json["findings"]
    assert (finding["file"], finding["severity"], finding["code"]) == (
        "GRANTFLOW_COLOUR",
        "error",
        "unknown_key",
    )


def test_settings_tells_value_and_source_but_no_secret(grantflow: Command) -> None:
    answer = grantflow("settings", "--json", GRANTFLOW_SEAL_KEY="s3cret", GRANTFLOW_LOG_LEVEL="error")

    rows = {row["name"]: row for row in answer.json["settings"]}
    assert rows.keys() == TABLE.keys()
    assert (rows["log_level"]["value"], rows["log_level"]["source"]) == ("error", "GRANTFLOW_LOG_LEVEL")
    assert (rows["seal_key"]["value"], rows["seal_key"]["source"]) == ("(set)", "GRANTFLOW_SEAL_KEY")
    assert "s3cret" not in answer.out + grantflow("settings", GRANTFLOW_SEAL_KEY="s3cret").out


def test_a_mistake_of_ours_is_still_one_object(grantflow: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grantflow.services.people.registering.register_person", None)

    broken = grantflow("user", "create", "a@b.invalid", "--name", "A", "--json")

    assert broken.code == 1
    assert broken.json["error"]["code"] == "internal"
    assert "Traceback" in broken.err


def test_a_full_disk_is_a_sentence(sqlite_grantflow: Command) -> None:
    def no_more(dbapi: sqlite3.Connection, *_: object) -> None:
        (pages,) = dbapi.execute("PRAGMA page_count").fetchone()
        dbapi.execute(f"PRAGMA max_page_count = {pages}")

    sqlite_grantflow("init")
    event.listen(Engine, "checkout", no_more)
    try:
        full = sqlite_grantflow("user", "create", "ann@example.invalid", "--name", "A" * 10_000, "--json")
    finally:
        event.remove(Engine, "checkout", no_more)

    assert full.code == 1
    assert full.json["error"] == {
        "code": "disk_full",
        "sentence": "The disk is full. Nothing was changed. Free some space and do the last step again.",
    }
    assert sqlite_grantflow("user", "create", "ann@example.invalid", "--name", "A" * 10_000).code == 0


def an_empty_demo(grantflow: Command) -> None:
    """Make a demo in which nothing has happened yet: for what does not need its story."""
    assert grantflow("init").code == 0
    database = Database(grantflow.environ["GRANTFLOW_DATABASE_URL"], Workflows(registry()))
    with database.transaction(SYSTEM, datetime.now(UTC)) as tx:
        mark_as_demo(tx)
    database.dispose()


def test_the_clock_of_a_demo_moves_forward_and_never_back(grantflow: Command) -> None:
    an_empty_demo(grantflow)
    ahead = datetime.now(UTC).replace(microsecond=0) + timedelta(days=3)

    moved = grantflow("tick", "--to", ahead.isoformat(), "--json")
    back = grantflow("tick", "--to", (ahead - timedelta(days=1)).isoformat(), "--json")
    now = datetime.fromisoformat(grantflow("tick", "--json").json["now"])

    assert moved.code == 0
    assert (back.code, back.json["error"]["code"]) == (1, "never_back")
    assert ahead <= now < ahead + timedelta(minutes=5)


def test_only_the_clock_of_a_demo_moves(grantflow: Command) -> None:
    refused = grantflow("tick", "--to", "2999-01-01T00:00:00Z", "--json")

    assert (refused.code, refused.json["error"]["code"]) == (1, "not_a_demo")


def test_a_demo_stays_a_demo(grantflow: Command) -> None:
    production = {
        "GRANTFLOW_MODE": "production",
        "GRANTFLOW_SECRET_KEY": "k" * 32,
        "GRANTFLOW_MAIL_DELIVERY": "smtp",
        "GRANTFLOW_MAIL_SERVER": "mail.example",
    }
    assert grantflow("tick", "--json", **production).code in (0, 1)
    assert grantflow("demo", "--no-serve", **production).code == 1
    an_empty_demo(grantflow)

    refused = grantflow("tick", "--json", **production)

    assert refused.json["error"]["code"] == "demo_in_production"


def test_check_asks_every_invariant(grantflow: Command) -> None:
    from grantflow.services.invariants import INVARIANTS

    asked = grantflow("check", "--json")

    assert asked.code == 0
    assert asked.json["ok"] is True
    assert len(asked.json["invariants"]) == len(INVARIANTS) > 0
    assert all(one["holds"] for one in asked.json["invariants"])
