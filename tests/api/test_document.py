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

from grantflow.api import access
from tests import cast
from tests.api.program import ROOT, Desk, Program
from tests.databases import Databases, Kind
from tests.factories.copies import copied
from tests.factories.fund import answers, open_fund

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


def test_a_fuzzer_meets_only_what_the_document_says(peopled: tuple[Desk, str]) -> None:
    desk, ref = peopled
    schema = schemathesis.openapi.from_wsgi(f"{ROOT}/openapi.json", desk.app)
    there = {"ref": ref, "slug": desk.slug, "kind": "applications"}
    program = desk.program(cast.LEIF)
    operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]

    assert len(operations) == len(access()) - 1
    met = {operation.label: probed(operation, program, there) for operation in operations}
    assert {200, 304, 404, 412, 422} <= set().union(*met.values()), met
