"""A third scheme, of files alone: the page is followed, and what it promises happens on pages, in the API and in play."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from grantflow.api import create_api
from grantflow.domain.actor import SYSTEM
from grantflow.services.invariants import check_invariants
from grantflow.services.people.tokens import SCOPES, create_token
from grantflow.store.awards.models import Decision
from grantflow.store.cases import CaseRow
from grantflow.web import create_app
from tests.api.program import Program
from tests.cli.command import Command
from tests.recipes.new_scheme import ANNOUNCES, ASKS, LOOKS_AFTER, SAYS_NO, NewHouse, commands, written
from tests.web.browsing import Reader

pytestmark = pytest.mark.slow
SLUG = "awareness-2027"
HOUR = timedelta(hours=2)
ENVELOPE = "30 000 EUR"
"""How much money the call of the page has."""


@pytest.fixture
def house(
    bare_database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[NewHouse]:
    """The files of the page in a folder of their own, and nothing set up yet."""
    data = tmp_path / "data"
    command = Command(bare_database_url, data, monkeypatch, capsys)
    made = NewHouse(written(tmp_path / "own"), data, bare_database_url, command)
    yield made
    made.close()


@pytest.fixture
def pages(house: NewHouse, request: pytest.FixtureRequest) -> Flask:
    """The pages of the installation, once the page was followed to its end; `indirect`: with how much money."""
    call = house.own / "config" / "calls" / f"{SLUG}.yaml"
    envelope = getattr(request, "param", ENVELOPE)
    call.write_text(call.read_text().replace(f"envelope: {ENVELOPE}", f"envelope: {envelope}"))
    house.begin()
    return create_app(
        house.database, data_folder=house.data, demo=True, now=house.now, secret_key="of a test"
    )


@pytest.fixture
def program(house: NewHouse) -> Program:
    """Ada's program, where the page was followed to its end."""
    with house.database.transaction(SYSTEM, house.now()) as tx:
        token = create_token(tx, ASKS, SCOPES, days=90)[0]
    return Program(create_api(house.database, data_folder=house.data, now=house.now), token)


ANSWERS: dict[str, Any] = {
    "title": "What a cluster is good for",
    "message": "People of the town who pass by every day, and then know whom to ask.",
    "costs": [{"category": "material", "amount": 120_000}],
    "asked": 100_000,
}


def announce(house: NewHouse, pages: Flask) -> None:
    olga = Reader(pages, house.person(ANNOUNCES))
    found = re.search(r"AWV-\d{4}-\d{4}", olga.text(f"/calls/{SLUG}/manage"))
    assert found
    step(olga, found[0], "announce")


def step(someone: Reader, ref: str, name: str, **fields: str) -> None:
    """Take a step on its page."""
    page = someone.text(f"/records/{ref}/steps/{name}")
    found = re.search(r'name="revision" value="(\d+)"', page)
    assert found, page
    answer = someone.post(f"/records/{ref}/steps/{name}", {"revision": found[1], **fields})
    assert answer.status_code == 303, answer.text


def state(house: NewHouse, ref: str) -> str:
    with house.database.reading(SYSTEM, house.now()) as tx:
        return str(tx.execute(select(CaseRow.state).where(CaseRow.ref == ref)).scalar_one())


def begin(program: Program, organisation: int = 0) -> str:
    own = program.read("/me")["organisations"][organisation]["id"]
    made = program.post("/applications", {"call": SLUG, "organisation": own})
    assert made.status_code == 201, made.text
    return str(made.get_json()["ref"])


def hand_in(program: Program, asked: int = 100_000, organisation: int = 0) -> str:
    ref = begin(program, organisation)
    costs = [{"category": "material", "amount": max(asked, 120_000)}]
    program.fill(ref, {**ANSWERS, "asked": asked, "costs": costs})
    program.step(ref, "hand_in")
    return ref


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_every_check_of_the_page_finds_nothing(house: NewHouse) -> None:
    checks = [words for words in commands(house.own) if "check" in words]

    assert [words[:2] for words in checks] == [
        ["workflows", "check"],
        ["forms", "check"],
        ["forms", "check"],
        ["calls", "check"],
    ]
    for words in checks:
        assert json.loads(house.run(*words, "--json"))["findings"] == []


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_the_whole_call_can_be_rehearsed_before_it_is_announced(house: NewHouse) -> None:
    (words,) = [words for words in commands(house.own) if words[0] == "rehearse"]

    played = json.loads(house.run(*words, "--json"))

    assert [held["name"] for held in played["invariants"] if not held["holds"]] == []
    assert played["states"]["mini_call"] == {"over": 1}
    assert played["applications"]["funded"] > 0
    assert played["applications"]["refused"] > 0, (
        "money runs out, and what the rule leaves over people decide"
    )
    assert played["states"]["request"].keys() <= {"told", "turned_away", "taken_back", "never_sent"}


def test_the_rule_says_yes_within_the_hour_and_nobody_signs_for_it(
    house: NewHouse, pages: Flask, program: Program
) -> None:
    announce(house, pages)
    ref = hand_in(program)
    assert state(house, ref) == "handed_in"

    house.time_passes(HOUR)

    assert state(house, ref) == "promised"
    with house.database.reading(SYSTEM, house.now()) as tx:
        decided = tx.execute(
            select(Decision.kind, Decision.amount, Decision.authority, Decision.decided_by)
        ).one()
        assert tuple(decided) == ("yes", 100_000, "rule", None)
        assert [held for held in check_invariants(tx) if not held.holds] == []
    letters = program.read(f"/applications/{ref}/letters")["items"]
    assert "voucher_letter" in [each["template"] for each in letters]


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize("pages", ["2 500 EUR"], indirect=True)
def test_what_the_rule_leaves_people_decide_and_nobody_hears_of_it_before_its_letter_was_read(
    house: NewHouse, pages: Flask, program: Program
) -> None:
    announce(house, pages)
    house.stands_at = house.now()  # the rule looks at both in one breath, and there is money for one
    both = hand_in(program, 200_000), hand_in(program, 60_000, 1)
    house.stands_at = None
    house.time_passes(HOUR)
    (left,) = [ref for ref in both if state(house, ref) == "with_people"]
    assert sorted(state(house, ref) for ref in both) == ["promised", "with_people"], "the money is used up"
    sam, hedda, olga = (Reader(pages, house.person(each)) for each in (LOOKS_AFTER, SAYS_NO, ANNOUNCES))

    step(sam, left, "ask_back", doubts="There is no money left in this round.")
    program.step(left, "answer", answer="We can wait for the next one.")
    step(hedda, left, "say_no", reason="The money of this call is used up.")

    assert state(house, left) == "no_not_told"
    assert program.read(f"/applications/{left}")["state"] == "heard", "confidential until it is told"
    assert "Nobody has read the letter yet." in olga.text(f"/records/{left}/steps/let_know")
    letter = olga.text(f"/applications/{left}/letter")
    assert "The money of this call is used up." in letter
    (text,) = re.findall(r'name="sha256" value="(\w+)"', letter)
    assert olga.post(f"/applications/{left}/letter", {"sha256": text}).location == f"/records/{left}"
    step(olga, left, "let_know")
    assert program.read(f"/applications/{left}")["state"] == "turned_away"
    assert "refusal_letter" in [
        each["template"] for each in program.read(f"/applications/{left}/letters")["items"]
    ]
    with house.database.reading(SYSTEM, house.now()) as tx:
        assert [held for held in check_invariants(tx) if not held.holds] == []


ELSEWHERE = re.compile(
    r"\b([Rr]eviewers?|Reviews?|Ranking|Proposal|Reserve list|Checklist|[Ll]ab|[Ff]irms?|[Ff]rame|[Aa]wards?)\b"
)
"""Words of what other schemes have."""


def of_the_call(path: str) -> bool:
    """Whether a page belongs to this call or to somebody's own things, and not to the house."""
    return path.startswith(("/calls/", "/records/", "/applications/", "/home"))


def links(page: str) -> set[str]:
    return {html.unescape(each) for each in re.findall(r'(?:href|data-hx-get)="(/[^"#]*)', page)}


def crawl(someone: Reader, ahead: set[str]) -> set[str]:
    """Follow every link of every page of the call; each leads somewhere, and none speaks of another scheme."""
    seen: set[str] = set()
    while ahead:
        path = ahead.pop()
        seen.add(path)
        answer = someone.get(path)
        assert answer.status_code in (200, 303), (path, answer.status_code)
        if of_the_call(path) and answer.content_type.startswith("text/html"):
            assert ELSEWHERE.findall(re.sub(r"<[^>]+>", " ", answer.text)) == [], path
            ahead |= links(answer.text) - seen
    return seen


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_no_page_leads_to_what_the_scheme_does_not_have(
    house: NewHouse, pages: Flask, program: Program
) -> None:
    announce(house, pages)
    hand_in(program)
    begin(program)
    house.time_passes(HOUR)
    for email in (ASKS, LOOKS_AFTER, SAYS_NO, ANNOUNCES):
        seen = crawl(Reader(pages, house.person(email)), {f"/calls/{SLUG}", "/", "/home"})
        assert any(path.startswith("/records/") for path in seen), email
    assert crawl(Reader(pages), {f"/calls/{SLUG}", "/"})


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_the_api_speaks_of_the_scheme_as_it_is_written(
    house: NewHouse, pages: Flask, program: Program
) -> None:
    announce(house, pages)
    (call,) = program.read("/calls")["items"]
    assert (call["slug"], call["state"]["label"]) == (SLUG, "Open for requests")
    assert set(program.read(f"/calls/{SLUG}/form")["properties"]) == set(ANSWERS)

    ref = begin(program)
    (offered,) = program.read(f"/applications/{ref}/transitions")["transitions"]
    assert (offered["name"], offered["label"], offered["allowed"]) == ("hand_in", "Hand in", False)
    assert {each["code"] for each in offered["refusals"]} == {"field_missing", "nothing_asked"}
    program.fill(ref, ANSWERS)
    program.step(ref, "hand_in")
    house.time_passes(HOUR)
    program.step(ref, "tell", showed="Two hundred people came.")

    journal = program.read(f"/applications/{ref}/journal")["items"]
    assert [each["state"] for each in journal] == ["begun", "handed_in", "promised", "told"]
    decisions = program.read(f"/applications/{ref}/decisions")["items"]
    assert [(each["kind"], each["amount"]["amount"]) for each in decisions] == [("yes", 100_000)]
