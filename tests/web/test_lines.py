"""One line for each request: the page and what came of it, and nothing of who asked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from flask import Flask, abort
from structlog.testing import capture_logs
from structlog.typing import EventDict
from werkzeug.test import Client

from grantflow.cli.logs import line, log_to_stderr
from grantflow.web.lines import Logged, name_pages


@pytest.fixture(autouse=True)
def _everything_is_told() -> Iterator[None]:
    before = structlog.get_config()
    log_to_stderr("debug")
    yield
    structlog.configure(**before)


@pytest.fixture
def client() -> Client:
    app = Flask(__name__)
    name_pages(app)

    @app.get("/letters/<token>")
    def letter(token: str) -> str:
        structlog.get_logger().warning("on the way")
        if token == "bad":
            abort(403)
        return "a letter"

    @app.get("/healthz")
    def alive() -> str:
        return "alive"

    app.config["PROPAGATE_EXCEPTIONS"] = True

    @app.get("/broken")
    def broken() -> str:
        raise ZeroDivisionError

    return Client(Logged(app.wsgi_app))


def lines(client: Client, *asked: str, **given: Any) -> list[EventDict]:
    with capture_logs(processors=[structlog.contextvars.merge_contextvars]) as found:
        for path in asked:
            client.get(path, buffered=True, **given)
    return list(found)


def test_a_request_is_a_line_with_its_page_and_not_its_address(client: Client) -> None:
    warned, told = lines(client, "/letters/secret?name=Karin")
    assert (told["event"], told["log_level"], told["page"]) == ("request", "info", "/letters/<token>")
    assert (told["method"], told["status"], told["bytes"]) == ("GET", 200, len("a letter"))
    assert told["ms"] >= 0
    assert (warned["page"], warned["request"]) == (told["page"], told["request"])
    assert "secret" not in str([warned, told])
    assert "Karin" not in str([warned, told])


def test_what_is_refused_or_not_there_is_told_too(client: Client) -> None:
    found = [each for each in lines(client, "/letters/bad", "/no/such") if each["event"] == "request"]
    assert [(each["status"], each["page"]) for each in found] == [(403, "/letters/<token>"), (404, "none")]


def test_what_breaks_is_told_as_a_fault(client: Client) -> None:
    with pytest.raises(ZeroDivisionError), capture_logs() as found:
        client.get("/broken", buffered=True)
    assert [(each["event"], each["status"]) for each in found] == [("request", 500)]


def test_each_request_has_a_number_which_a_proxy_may_give(client: Client) -> None:
    given = client.get("/healthz", headers={"X-Request-Id": "abcd-1234"}).headers["X-Request-Id"]
    own = [client.get("/healthz").headers["X-Request-Id"] for _ in range(2)]
    odd = client.get("/healthz", headers={"X-Request-Id": "a b\tc"}).headers["X-Request-Id"]
    assert given == "abcd-1234"
    assert len({*own, odd, "a b\tc"}) == 4


def test_machines_that_ask_all_the_time_are_told_of_last(client: Client) -> None:
    (told,) = lines(client, "/healthz")
    assert told["log_level"] == "debug"


def test_a_method_that_somebody_makes_up_stands_in_no_log(client: Client) -> None:
    with capture_logs() as found:
        client.open("/healthz", method="MAKE-UP", buffered=True)
    assert [each["method"] for each in found] == ["other"]


def test_lines_are_json_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    log_to_stderr("info")
    structlog.get_logger().info("worker ready", slot="worker-1", odd={1})
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert list(json.loads(told)) == ["timestamp", "level", "event", "slot", "odd"]


def test_libraries_speak_in_the_same_form(capsys: pytest.CaptureFixture[str]) -> None:
    import logging

    log_to_stderr("info")
    logging.getLogger("some.library").warning("it is %s", "late")
    told = json.loads(capsys.readouterr().err)
    assert (told["level"], told["event"], told["logger"]) == ("warning", "it is late", "some.library")


def test_on_a_terminal_lines_are_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    said = line(None, "info", {"event": "it is late", "ms": 3, "level": "info", "note": ""})
    assert said == 'level=info event="it is late" ms=3 note=""'
