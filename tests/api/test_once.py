"""A request under an `Idempotency-Key` is done once, and answered the same however often it is sent, also by two at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from grantflow.services.people.kept_answers import KEPT
from grantflow.store.applications.models import Application
from grantflow.store.people.tokens import KeptAnswer
from tests import cast
from tests.api.program import Desk, Program, codes
from tests.factories.fund import answers

KEY = {"Idempotency-Key": "3f0c-leif-1"}


def count(desk: Desk, table: Any) -> int:
    with desk.fund.reading() as tx:
        return int(tx.execute(select(func.count()).select_from(table)).scalar_one())


def same(first: TestResponse, second: TestResponse) -> bool:
    names = ("Content-Type", "Location", "ETag")
    return (first.status_code, first.data, [first.headers.get(name) for name in names]) == (
        second.status_code,
        second.data,
        [second.headers.get(name) for name in names],
    )


def wanted(desk: Desk, person: cast.Person = cast.LEIF) -> dict[str, str]:
    assert person.organisation is not None
    return {"call": desk.slug, "organisation": str(desk.fund.organisations[person.organisation])}


def test_what_is_sent_again_is_answered_again_and_done_once(desk: Desk, leif: Program) -> None:
    first = leif.post("/applications", wanted(desk), **KEY)
    assert first.status_code == 201
    ref = first.json["ref"]  # type: ignore[index]  # there is JSON
    leif.fill(ref, {"title": "Something else meanwhile"})

    assert same(leif.post("/applications", wanted(desk), **KEY), first)
    assert count(desk, Application) == 1
    assert leif.post("/applications", wanted(desk)).status_code == 201
    assert count(desk, Application) == 2


def test_the_same_key_for_something_else_is_refused(desk: Desk, leif: Program) -> None:
    ref = leif.start(desk.slug)
    taken = leif.post(f"/records/{ref}/transitions", {"transition": "withdraw", "revision": 1}, **KEY)
    assert taken.status_code == 200

    others = [
        leif.post(f"/records/{ref}/transitions", {"transition": "withdraw", "revision": 2}, **KEY),
        leif.post(f"/applications/{ref}/transitions", {"transition": "withdraw", "revision": 1}, **KEY),
        leif.post("/applications", wanted(desk), **KEY),
    ]
    assert [codes(each, 422) for each in others] == [["key_reused"]] * 3
    assert count(desk, Application) == 1


def test_a_key_belongs_to_its_token(desk: Desk, leif: Program) -> None:
    hanna = desk.program(cast.HANNA)
    own = leif.post("/applications", wanted(desk), **KEY)
    hers = hanna.post("/applications", wanted(desk, cast.HANNA), **KEY)

    assert (own.status_code, hers.status_code) == (201, 201)
    assert own.json["ref"] != hers.json["ref"]  # type: ignore[index]  # there is JSON


def test_what_was_refused_stays_refused_under_its_key_and_not_under_another(
    desk: Desk, leif: Program
) -> None:
    ref = leif.start(desk.slug)
    submit = {"transition": "submit", "revision": 1}
    first = leif.post(f"/records/{ref}/transitions", submit, **KEY)
    assert "field_missing" in codes(first, 409)
    leif.fill(ref, answers("Night heat", 40_000, 70_000))

    assert same(leif.post(f"/records/{ref}/transitions", submit, **KEY), first)
    assert desk.state(ref) == "draft"
    assert leif.post(f"/records/{ref}/transitions", submit, **{"Idempotency-Key": "2"}).status_code == 200


def test_files_sent_again_in_another_envelope_are_the_same_request(desk: Desk, leif: Program) -> None:
    ref = leif.start(desk.slug)
    pdf = b"%PDF-1.4\n%%EOF\n"
    first = leif.hand_in(ref, "annex", "offer.pdf", pdf, **KEY)
    assert first.status_code == 201, first.text

    assert same(leif.hand_in(ref, "annex", "offer.pdf", pdf, **KEY), first)
    assert codes(leif.hand_in(ref, "annex", "other.pdf", pdf, **KEY), 422) == ["key_reused"]
    assert codes(leif.hand_in(ref, "annex", "offer.pdf", pdf + b" ", **KEY), 422) == ["key_reused"]


def test_an_answer_is_kept_for_a_day(desk: Desk, leif: Program) -> None:
    leif = Program(desk.app, desk.token(cast.LEIF, days=3))
    leif.post("/applications", wanted(desk), **KEY)
    desk.wall += KEPT
    leif.post("/applications", wanted(desk), **KEY)
    assert count(desk, Application) == 1
    desk.wall += timedelta(seconds=1)
    leif.post("/applications", wanted(desk), **KEY)
    assert (count(desk, Application), count(desk, KeptAnswer)) == (2, 1)


NO_KEYS = ["", "x" * 201, "naïve", "a\tb"]


def test_a_key_that_cannot_be_kept_is_told(desk: Desk, leif: Program) -> None:
    for key in NO_KEYS:
        answer = leif.post("/applications", wanted(desk), **{"Idempotency-Key": key})
        assert codes(answer, 422) == ["bad_field"]
        assert count(desk, Application) == 0


def at_once(asks: list[Callable[[], TestResponse]]) -> list[TestResponse]:
    """Send requests at the same moment."""
    gate = Barrier(len(asks))

    def send(ask: Callable[[], TestResponse]) -> TestResponse:
        gate.wait()
        return ask()

    with ThreadPoolExecutor(len(asks)) as pool:
        return list(pool.map(send, asks))


def twins(program: Program, count: int) -> list[Program]:
    """Return programs that carry the same token, each with a connection of its own."""
    app = program.client.application
    token = program.headers["Authorization"].removeprefix("Bearer ")
    return [Program(app, token) for _ in range(count)]


@pytest.mark.parametrize("times", range(3))
def test_of_many_at_once_one_is_done_and_all_get_its_answer(desk: Desk, leif: Program, times: int) -> None:
    given = at_once(
        [lambda each=each: each.post("/applications", wanted(desk), **KEY) for each in twins(leif, 6)]  # type: ignore[misc]  # each lambda has its own
    )

    assert given[0].status_code == 201, given[0].text
    assert all(same(each, given[0]) for each in given)
    assert (count(desk, Application), count(desk, KeptAnswer)) == (1, 1)


def test_many_refused_at_once_get_one_answer(desk: Desk, leif: Program) -> None:
    ref = leif.start(desk.slug)
    submit = {"transition": "submit", "revision": 1}
    address = f"/records/{ref}/transitions"
    given = at_once([lambda each=each: each.post(address, submit, **KEY) for each in twins(leif, 6)])  # type: ignore[misc]  # each lambda has its own

    assert "field_missing" in codes(given[0], 409)
    assert all(same(each, given[0]) for each in given)
    assert count(desk, KeptAnswer) == 1


def test_of_two_different_under_one_key_one_is_done(desk: Desk, leif: Program) -> None:
    ref, other = leif.start(desk.slug), leif.start(desk.slug)
    body = {"transition": "withdraw", "revision": 1}
    first, second = twins(leif, 2)
    given = at_once(
        [
            lambda: first.post(f"/records/{ref}/transitions", body, **KEY),
            lambda: second.post(f"/records/{other}/transitions", body, **KEY),
        ]
    )

    assert sorted(each.status_code for each in given) == [200, 422]
    assert sorted([desk.state(ref), desk.state(other)]) == ["draft", "withdrawn"]
