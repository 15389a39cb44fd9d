"""Every operation is in the table of access, and is done only for who carries a token of that scope."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from sqlalchemy import event, select

from grantflow.api import access, beside
from grantflow.api.routes import PREFIX
from grantflow.domain.actor import SYSTEM
from grantflow.services.people import sessions
from grantflow.services.people.tokens import revoke_token
from grantflow.store.people.tokens import ApiToken
from grantflow.web import create_app
from tests import cast
from tests.api.program import Desk, Program, codes

ACCESS = access()
OPERATIONS = sorted(ACCESS)
OPEN = [each for each in OPERATIONS if ACCESS[each] == "everybody"]
CLOSED = [each for each in OPERATIONS if ACCESS[each] != "everybody"]


def filled(rule: str) -> str:
    """Return an address of an operation, as if something were there."""
    kinds, _, rest = rule.partition(":kind>")
    rule = f"{PREFIX}/records{rest}" if rest else kinds
    rule = re.sub(r"<uuid:\w+>", "00000000-0000-4000-8000-000000000000", rule)
    for part, word in (("<slug>", "somewhere"), ("<ref>", "NMS-2018-0001")):
        rule = rule.replace(part, word)
    return rule


def test_every_operation_is_in_the_table_and_the_table_has_no_other(desk: Desk) -> None:
    routes = {
        (rule.rule, method)
        for rule in desk.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert routes == set(ACCESS)
    assert {rule for rule, _ in OPEN} == {
        f"{PREFIX}{each}"
        for each in (
            *("/calls", "/calls/<slug>", "/calls/<slug>/form", "/openapi.json"),
            *("/calls/<slug>/lab", "/calls/<slug>/lab/contributions"),
        )
    }


def test_an_operation_that_is_not_in_the_table_answers_nobody(desk: Desk) -> None:
    desk.app.add_url_rule(f"{PREFIX}/backdoor", view_func=lambda: "open")
    assert codes(desk.program(cast.KARIN).get("/backdoor"), 404) == []


def test_without_a_token_nothing_is_done(desk: Desk) -> None:
    for rule, method in CLOSED:
        answer = desk.program().ask(method, filled(rule))

        assert codes(answer, 401) == []
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_scope_reaches_as_far_as_the_table_says(desk: Desk) -> None:
    programs = {scope: desk.program(cast.LEIF, [scope]) for scope in ("read", "write", "step")}
    for rule, method in CLOSED:
        for scope, program in programs.items():
            answer = program.ask(method, filled(rule), **({} if method == "GET" else {"json": {}}))
            if scope == ACCESS[rule, method]:
                assert answer.status_code not in (401, 403, 500), (rule, method, answer.text)
            else:
                assert codes(answer, 403) == ["wrong_scope"], (rule, method, scope)
                assert 'error="insufficient_scope"' in answer.headers["WWW-Authenticate"]


NO_TOKENS = [
    "Bearer",
    "Bearer ",
    "Bearer gf_00000000_x",
    "Basic bGVpZjpsZWlm",
    "gf_",
    "Bearer ÿ",
    "Bearer " + "x" * 5000,
]


def test_what_is_no_token_in_force_lets_nobody_in_even_where_all_may_go(desk: Desk) -> None:
    for header in NO_TOKENS:
        for address in ("/me", "/calls"):
            answer = desk.program().get(address, Authorization=header)
            assert codes(answer, 401) == []
            assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


def test_a_token_that_ended_or_was_revoked_lets_nobody_in(desk: Desk) -> None:
    ended, revoked = desk.program(cast.LEIF), desk.program(cast.LEIF)
    with desk.fund.database.transaction(SYSTEM, desk.wall) as tx:
        revoke_token(tx, revoked.headers["Authorization"].removeprefix("Bearer "))
    assert ended.get("/me").status_code == 200
    assert revoked.get("/me").status_code == 401
    desk.wall += timedelta(days=1)
    assert ended.get("/me").status_code == 401


def test_the_last_minute_of_use_is_noted_once_a_minute(desk: Desk, leif: Program) -> None:
    def used() -> Any:
        with desk.fund.database.reading(SYSTEM, desk.wall) as tx:
            return tx.execute(select(ApiToken.used_at)).scalar_one()

    first = desk.wall
    leif.get("/me")
    assert used() == first
    desk.wall += timedelta(seconds=59)
    leif.get("/me")
    assert used() == first
    desk.wall += timedelta(seconds=1)
    leif.get("/me")
    assert used() == desk.wall


def test_a_signed_in_browser_is_nobody_here_and_no_cookie_is_set(desk: Desk) -> None:
    pages = create_app(desk.fund.database, now=lambda: desk.fund.now)
    pages.wsgi_app = beside(pages.wsgi_app, desk.app)  # type: ignore[assignment, method-assign]
    browser = pages.test_client()
    with desk.fund.database.transaction(SYSTEM, desk.fund.now) as tx:
        token = sessions.sign_in(
            tx, desk.fund.people[cast.LEIF.name], browser="a test", limits=sessions.Limits()
        )
    with browser.session_transaction() as kept:
        kept["_user_id"] = token

    assert browser.get("/account").status_code == 200
    answer = browser.get(f"{PREFIX}/me")
    assert answer.status_code == 401
    assert "Set-Cookie" not in answer.headers
    assert browser.get("/api").content_type == "application/problem+json"
    assert browser.get("/apiary").content_type != "application/problem+json"


def test_a_program_needs_no_token_of_a_form(desk: Desk, leif: Program) -> None:
    ref = leif.start(desk.slug)
    assert leif.step(ref, "withdraw")["state"] == "withdrawn"


def test_reading_writes_nothing(desk: Desk, leif: Program) -> None:
    ref = leif.start(desk.slug)
    said: list[str] = []
    event.listen(
        desk.fund.database.sql,
        "before_cursor_execute",
        lambda _c, _cursor, statement, *_: said.append(statement),
    )
    for address in (
        "/calls",
        "/applications",
        f"/applications/{ref}",
        f"/records/{ref}/journal",
        f"/records/{ref}",
    ):
        assert leif.get(address).status_code == 200
        assert leif.ask("HEAD", address).status_code == 200
    assert {statement.split()[0].upper() for statement in said} <= {"SELECT", "BEGIN", "SET"}


def test_every_answer_says_that_it_is_nobody_elses(desk: Desk, leif: Program) -> None:
    for answer in (leif.get("/me"), leif.get("/calls"), leif.get("/nowhere"), desk.program().get("/me")):
        assert answer.headers["Vary"] == "Authorization, Accept-Language"
        assert answer.headers["Cache-Control"] in ("private, no-cache", "no-store")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_what_is_not_done_at_an_address_is_told(leif: Program) -> None:
    answer = leif.ask("DELETE", "/calls")
    assert codes(answer, 405) == []
    assert answer.headers["Allow"] in ("GET, HEAD", "HEAD, GET")
