"""The OpenAPI document is valid, says of each operation what it may answer, and a fuzzer finds it kept."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openapi_spec_validator import validate
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy import select

from grantflow.api import access
from grantflow.store.cases import CaseRow
from grantflow.store.labs.models import FrameComment, LabSession
from grantflow.store.programmes.models import AgendaItem, Body, Meeting
from tests import cast
from tests.api.program import ROOT, Desk, Program
from tests.api.walk.worlds import assessed
from tests.databases import Databases, Kind
from tests.factories.copies import copied
from tests.factories.fund import BIRGIT, answers, open_fund

NOTES = frozenset(
    {
        "/applications/{ref}/checklist",
        "/calls/{slug}/lab/contributions/{ref}",
        "/calls/{slug}/lab/sessions/{session_id}",
        "/frames/{ref}/comments/{comment_id}",
        "/meetings/{meeting_id}/items/{item_id}",
    }
)
"""What officials note field by field: nobody's words are written over by what somebody did not see."""
EXAMPLES = 100 if os.environ.get("GRANTFLOW_DEEP") else 8


@pytest.fixture
def document(desk: Desk) -> Any:
    return desk.program().read("/openapi.json")


def test_the_document_is_valid(document: Any) -> None:
    validate(document)
    assert document["openapi"] == "3.1.0"


def test_every_operation_is_in_the_document_with_its_scope(document: Any) -> None:
    said = {
        (path, method.upper()): operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method != "parameters"
    }
    assert len(said) == len(access()) - 1  # the document is not in itself
    for (path, method), operation in said.items():
        known = {int(code) for code in operation["responses"]}
        if operation["security"]:
            ((scope,),) = [each["token"] for each in operation["security"]]
            assert scope in ("read", "write", "step")
            assert {401, 403} <= known
        assert ("{" in path) <= (404 in known)
        if method == "PATCH" and path.removeprefix(ROOT) not in NOTES:
            assert {412, 428} <= known, path


def test_every_fault_comes_as_a_problem_document(document: Any) -> None:
    for methods in document["paths"].values():
        for operation in (each for name, each in methods.items() if name != "parameters"):
            for code, response in operation["responses"].items():
                if int(code) >= 400 and "content" in response:
                    assert set(response["content"]) == {"application/problem+json"}, (code, response)


@pytest.fixture(scope="module")
def peopled(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, str]]:
    """A fund with a draft and something sent, for a fuzzer."""
    kind: Kind = "sqlite"
    fund = copied(databases, kind, open_fund)
    desk = Desk(fund, Path(tmp_path_factory.mktemp("files")))
    leif = desk.program(cast.LEIF)
    sent = leif.start(desk.slug)
    leif.fill(sent, answers("Night heat", 40_000, 70_000))
    leif.step(sent, "submit")
    yield desk, leif.start(desk.slug)
    fund.assert_all_holds()
    fund.database.dispose()
    databases.drop(fund.database.url)


CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)


def probed(operation: Any, program: Program, there: Mapping[str, str]) -> set[int]:
    """Return the statuses that an operation answers to made-up requests, half of them about something that there is."""
    met = set()

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(), is_there=st.booleans())
    def probe(case: Any, is_there: bool) -> None:
        if is_there:
            case.path_parameters = {
                name: there.get(name, word) for name, word in case.path_parameters.items()
            }
        answer = case.call(headers=program.headers)
        case.validate_response(answer, checks=CHECKS)
        met.add(answer.status_code)

    probe()
    return met


ELSEWHERE = {
    "/calls/{slug}/lab": cast.YUSUF,
    "/frames": cast.YUSUF,
    "/bodies": cast.ELIN,
    "/meetings": cast.ELIN,
    "/reviews": BIRGIT,
    "/applications/{ref}/reviews": cast.YUSUF,
    "/applications/{ref}/settlements": cast.YUSUF,
    "/applications/{ref}/letter": cast.KARIN,
    "/calls/{slug}/ranking": cast.KARIN,
    "/calls/{slug}/proposal": cast.KARIN,
    "/calls/{slug}/letters": cast.KARIN,
}
"""Operations for which a lab, a board and reviewers have to be there; and whose they are."""


def asker(path: str) -> cast.Person | None:
    """Return whose an operation is in the world with a lab; nothing where the fund is enough."""
    path = path.removeprefix(ROOT)
    fitting = [each for each in ELSEWHERE if path == each or path.startswith((f"{each}/", f"{each}s"))]
    return ELSEWHERE[max(fitting, key=len)] if fitting else None


def operations_of(desk: Desk, *, elsewhere: bool) -> list[Any]:
    schema = schemathesis.openapi.from_wsgi(f"{ROOT}/openapi.json", desk.app)
    every = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    assert len(every) == len(access()) - 1
    return [each for each in every if (asker(each.path) is not None) == elsewhere]


def test_a_fuzzer_meets_only_what_the_document_says(peopled: tuple[Desk, str]) -> None:
    desk, ref = peopled
    there = {"ref": ref, "slug": desk.slug, "kind": "applications"}
    program = desk.program(cast.LEIF)
    operations = operations_of(desk, elsewhere=False)

    met = {operation.label: probed(operation, program, there) for operation in operations}
    assert {200, 304, 404, 412, 422} <= set().union(*met.values()), met


@pytest.fixture(scope="module")
def after_the_lab(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A call with everything that a call can have, for a fuzzer."""
    fund = copied(databases, "sqlite", assessed)
    yield Desk(fund, Path(tmp_path_factory.mktemp("files")))
    fund.assert_all_holds()
    fund.database.dispose()
    databases.drop(fund.database.url)


def what_is_there(desk: Desk) -> Mapping[str, Any]:
    """Return an id or a reference of each kind of thing."""

    def one(column: Any) -> Any:
        with desk.fund.reading() as tx:
            return tx.execute(select(column).order_by(column).limit(1)).scalar_one()

    def ref(kind: str) -> str:
        with desk.fund.reading() as tx:
            found = select(CaseRow.ref).where(CaseRow.record == kind).order_by(CaseRow.ref).limit(1)
            return str(tx.execute(found).scalar_one())

    ids = {
        "session_id": LabSession.id,
        "comment_id": FrameComment.id,
        "body_id": Body.id,
        "meeting_id": Meeting.id,
        "item_id": AgendaItem.id,
    }
    return {
        **{name: str(one(column)) for name, column in ids.items()},
        "slug": desk.slug,
        "/frames": ref("frame"),
        "/reviews": ref("review"),
        "/calls": ref("contribution"),
        "/applications": ref("application"),
    }


def test_a_fuzzer_meets_nothing_else_where_there_are_labs_boards_and_reviewers(after_the_lab: Desk) -> None:
    desk = after_the_lab
    known, met = what_is_there(desk), {}
    programs = {person: desk.program(person) for person in set(ELSEWHERE.values())}
    for operation in operations_of(desk, elsewhere=True):
        path = operation.path.removeprefix(ROOT)
        there = {**known, "ref": known.get(f"/{path.split('/')[1]}", "")}
        if "/proposal/" in path:
            there["ref"] = known["/applications"]
        person = asker(path)
        assert person is not None
        met[operation.label] = probed(operation, programs[person], there)
    assert len(met) > 35
    unmet = {label: statuses for label, statuses in met.items() if not statuses & {200, 201, 409}}
    assert len(unmet) < len(met) // 2, unmet
    assert {200, 304, 404, 409, 422} <= set().union(*met.values()), met
