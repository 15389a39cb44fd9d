"""What is decided and not yet told shows in nothing that the API gives to those outside, nor in its marks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from grantflow.api import access
from grantflow.api.routes import PREFIX
from tests import cast
from tests.api.program import Desk, Program, codes
from tests.databases import Databases, Kind
from tests.factories.copies import copied
from tests.factories.fund import Fund, open_fund

NO_FILE = "00000000-0000-4000-8000-000000000008"
WANTED = {
    cast.LEIF: (40_000, 70_000, 5),
    cast.HANNA: (40_000, 70_000, 4),
    cast.MIKAEL: (40_000, 70_000, 3),
    cast.SARA: (40_000, 70_000, 1),
}
"""What is granted, put on the reserve and refused: the envelope is enough for two."""


def proposed(url: str) -> Fund:
    """Return a fund in which everything is read and proposed, and nothing decided."""
    fund = open_fund(url)
    for person, application_id in fund.play_to_proposal(WANTED).items():
        fund.told[person.name] = application_id
    return fund


@pytest.fixture
def desk(databases: Databases, database_kind: Kind, tmp_path: Path) -> Iterator[Desk]:
    fund = copied(databases, database_kind, proposed)
    yield Desk(fund, tmp_path)
    fund.database.dispose()
    databases.drop(fund.database.url)


def everything(program: Program, ref: str, slug: str) -> dict[str, tuple[int, bytes, str]]:
    """Return what somebody is given at every address about an application, with its marks."""
    addresses = (
        *about(ref),
        *(f"/calls/{slug}/{each}" for each in ("ranking", "proposal", "letters", "lab", "lab/places")),
        f"/applications?call={slug}",
        "/applications?state=eligible",
        "/applications?state=approved",
        "/applications?state=turned_down",
        f"/calls/{slug}",
        "/calls",
    )
    given = {each: program.get(each) for each in addresses}
    return {
        each: (answer.status_code, answer.data, answer.headers.get("ETag", ""))
        for each, answer in given.items()
    }


def about(ref: str) -> list[str]:
    """Return every address at which something about a record can be read."""
    read = [rule.removeprefix(PREFIX) for rule, method in access() if method == "GET" and "<ref>" in rule]
    found = {
        re.sub(r"<any\([^)]*\):kind>", kind, rule).replace("<ref>", ref).replace("<uuid:file_id>", NO_FILE)
        for rule in read
        for kind in ("records", "applications")
    }
    assert len(found) > 12
    return sorted(found)


def test_a_decision_shows_nowhere_before_it_is_released(desk: Desk) -> None:
    fund = desk.fund
    people = {
        Program(desk.app, desk.token(each, days=300)): desk.ref(fund.told[each.name]) for each in WANTED
    }
    before = {ref: everything(program, ref, desk.slug) for program, ref in people.items()}
    fund.decide()

    kinds = set()
    for (program, ref), person in zip(people.items(), WANTED, strict=True):
        during = everything(program, ref, desk.slug)
        for address, (status, body, tag) in during.items():
            if address in (f"/calls/{desk.slug}", "/calls"):
                continue  # that the board has met is told of the call itself
            assert (status, body, tag) == before[ref][address], (person.name, address)
            if tag:
                assert program.get(address, **{"If-None-Match": tag}).status_code == 304
        assert program.read(f"/applications/{ref}")["state"] == "eligible"
        assert program.read(f"/applications/{ref}/decisions")["items"] == []
        refused = [
            codes(program.try_step(ref, step), 409) for step in ("approve", "release_decision", "pass")
        ]
        kinds.add(str(refused))
    assert len(kinds) == 1
    assert len({desk.state(ref) for ref in people.values()}) == 3


def test_officials_know_and_after_the_release_everybody_is_told_theirs(desk: Desk) -> None:
    fund = desk.fund
    refs = {each: desk.ref(fund.told[each.name]) for each in WANTED}
    fund.decide()
    karin = desk.program(cast.KARIN)
    known = {each: karin.read(f"/applications/{ref}/decisions")["items"][0] for each, ref in refs.items()}
    assert [known[each]["kind"] for each in WANTED] == ["yes", "yes", "reserve", "no"]
    assert {each["told_at"] for each in known.values()} == {None}

    fund.release()
    for person, ref in refs.items():
        program = desk.program(person)
        (decision,) = program.read(f"/applications/{ref}/decisions")["items"]
        assert (decision["kind"], decision["amount"]) == (known[person]["kind"], known[person]["amount"])
        assert decision["told_at"] is not None
        letters = program.read(f"/applications/{ref}/letters")["items"]
        assert [each["role"] for each in letters] == ["applicant"] * len(letters)
        assert letters[-1]["file"] is None  # no worker has filed it yet
        others = [other for each, other in refs.items() if each is not person]
        assert {program.get(f"/applications/{other}/decisions").status_code for other in others} == {404}


def test_the_numbers_of_a_journal_tell_of_no_hidden_step(desk: Desk) -> None:
    ref = desk.ref(desk.fund.told[cast.LEIF.name])
    desk.fund.decide()
    leif, karin = desk.program(cast.LEIF), desk.program(cast.KARIN)
    told = leif.read(f"/records/{ref}/journal")["items"]
    known = karin.read(f"/records/{ref}/journal")["items"]

    assert [each["number"] for each in told] == list(range(1, len(told) + 1))
    assert [each["number"] for each in known] == list(range(1, len(known) + 1))
    assert len(told) < len(known)
    assert leif.read(f"/records/{ref}/transitions")["revision"] == len(told)
    assert "approved" not in str(told)
    for program, every in ((leif, told), (karin, known)):
        found, address = [], f"/records/{ref}/journal?limit=2"
        while address:
            page = program.read(address)
            found += page["items"]
            address = page["next"]
        assert found == every
