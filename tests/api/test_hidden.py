"""What is not for somebody is answered as what is not there: the same status, the same words, as much work."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select

from grantflow.api import access
from grantflow.api.routes import PREFIX
from grantflow.store.applications.models import Application
from grantflow.store.cases import CaseRow
from grantflow.store.programmes.models import AgendaItem, Meeting
from grantflow.store.reviews.models import Review
from tests import cast
from tests.api.program import Desk, Program
from tests.api.walk.worlds import assessed
from tests.databases import Databases
from tests.factories.copies import copied

NO_REF, NO_ID = "NMS-2018-9999", "00000000-0000-4000-8000-000000000008"
BODIES: tuple[Any, ...] = (
    {},
    {"transition": "withdraw", "revision": 1, "data": {}},
    {"answers": {}, "answers_revision": 0},
    {"kind": "none"},
    {"points": {}, "scores_revision": 0},
    {"sha256": "0" * 64},
    {"words": "0" * 16, "minutes": "Mine."},
    {"role": "chair"},
    {"record": NO_REF, "matter": "adopt"},
    {"reviewers": [NO_ID]},
)


@pytest.fixture
def desk(databases: Databases, tmp_path: Path) -> Iterator[Desk]:
    """Everything is reviewed and proposed, and nothing decided."""
    fund = copied(databases, "sqlite", assessed)
    yield Desk(fund, tmp_path)
    fund.assert_all_holds()
    fund.database.dispose()
    databases.drop(fund.database.url)


def addresses(argument: str) -> Iterator[tuple[str, str]]:
    """Yield method and address of each operation that names one thing, with a place for its name."""
    for rule, method in sorted(access()):
        if re.search(rf"<(?:uuid:)?{argument}>", rule):
            for kind in ("records", "applications", "reviews") if ":kind>" in rule else ("",):
                address = re.sub(r"<any\([^)]*\):kind>", kind, rule).removeprefix(PREFIX)
                address = re.sub(rf"<(?:uuid:)?{argument}>", "{}", address)
                yield method, re.sub(r"<uuid:\w+>", NO_ID, address)


def asked(desk: Desk, program: Program, method: str, address: str, body: Any) -> tuple[int, bytes, int]:
    """Return status, answer, and how many statements it took."""
    taken = 0

    def count(*_: object) -> None:
        nonlocal taken
        taken += 1

    event.listen(desk.fund.database.sql, "before_cursor_execute", count)
    try:
        answer = program.ask(method, address, **({} if body is None else {"json": body}))
    finally:
        event.remove(desk.fund.database.sql, "before_cursor_execute", count)
    return answer.status_code, answer.data, taken


def assert_as_good_as_none(desk: Desk, person: cast.Person, argument: str, hidden: str, none: str) -> None:
    program = desk.program(person)
    program.read("/me")  # the minute of its use is noted
    for method, address in addresses(argument):
        address = address.replace("<slug>", desk.slug)  # noqa: PLW2901 - the call is there, the record is not
        for body in BODIES if method != "GET" else (None,):
            theirs = asked(desk, program, method, address.format(hidden), body)
            nothing = asked(desk, program, method, address.format(none), body)
            assert theirs[:2] == nothing[:2], (person.name, method, address, body)
            assert abs(theirs[2] - nothing[2]) <= 2, (person.name, method, address, theirs[2], nothing[2])
            assert theirs[0] in (404, 422, 428), (person.name, method, address, body)


def test_records_of_others_are_as_good_as_none(desk: Desk) -> None:
    with desk.fund.reading() as tx:
        one = (
            select(Application.id, CaseRow.ref)
            .join(CaseRow, CaseRow.id == Application.id)
            .join(Review, Review.application_id == Application.id)
            .where(Application.title.startswith("Night heat"))
        )
        application_id, application = tx.execute(one).first()  # type: ignore[misc]  # there is one
        of_it = select(CaseRow.ref).join(Review, Review.id == CaseRow.id)
        review = str(tx.execute(of_it.where(Review.application_id == application_id)).scalars().first())
    for person, hidden in (
        (cast.HANNA, application),
        (cast.LEIF, review),
        (cast.REVIEWERS[6], application),
    ):
        assert_as_good_as_none(desk, person, "ref", hidden, NO_REF)


def test_meetings_of_bodies_are_as_good_as_none(desk: Desk) -> None:
    with desk.fund.reading() as tx:
        meeting = str(tx.execute(select(Meeting.id)).scalars().first())
        item = str(tx.execute(select(AgendaItem.id)).scalars().first())
    for person in (cast.LEIF, cast.REVIEWERS[2]):
        for argument, hidden in (
            ("meeting_id", meeting),
            ("item_id", item),
            ("body_id", str(desk.fund.body_id)),
        ):
            assert_as_good_as_none(desk, person, argument, hidden, NO_ID)


def test_what_is_weighed_about_a_call_is_as_good_as_none(desk: Desk) -> None:
    """Ranking, proposal and letters, for applicants, reviewers and the board before it is asked."""
    for person in (cast.LEIF, cast.REVIEWERS[2], cast.MONA):
        program = desk.program(person)
        for address in ("ranking", "proposal", "letters", "lab/places"):
            if person is cast.MONA and address == "ranking":
                continue
            theirs = program.get(f"/calls/{desk.slug}/{address}")
            nothing = program.get(f"/calls/nowhere/{address}")
            assert (theirs.status_code, theirs.data) == (404, nothing.data), (person.name, address)
