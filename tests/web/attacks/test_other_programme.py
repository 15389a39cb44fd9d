"""Officials of another programme in the same house: to them, this programme is what it is to anybody in the street."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from grantflow.api import access
from grantflow.services.calls.changing import publish_call
from grantflow.services.calls.loading import load_call
from grantflow.services.people.registering import register_person
from grantflow.services.people.roles import grant_role
from grantflow.services.programmes.meetings import call_meeting
from grantflow.services.programmes.setting_up import body_named, set_up_programme, take_seat
from grantflow.store.applications.models import Application
from grantflow.store.cases import CaseRow
from grantflow.store.files import StoredFile
from grantflow.store.labs.models import Contribution, FrameComment, LabSession
from grantflow.store.programmes.models import AgendaItem, Meeting, Seat
from tests import cast
from tests.api.program import ROOT, Desk, Program
from tests.api.walk.worlds import assessed
from tests.databases import Databases
from tests.factories.copies import copied
from tests.factories.fund import Fund
from tests.web.browsing import Reader
from tests.web.house import House

FRIDA = cast.Person("Frida Fors", "manager")
OVE = cast.Person("Ove Ek", "registrar")
NORA = cast.Person("Nora Nyman")
"""Nobody: she has an account and no part in anything."""
THEIR_SLUG = "another-programme"
UNKNOWN = "00000000-0000-4000-8000-000000000008"
NO_REF = "NMS-2018-9999"
KINDS = ("application", "review", "frame", "contribution", "participation", "call")


@dataclass(frozen=True)
class Neighbours:
    """Two programmes under one roof."""

    fund: Fund
    house: House
    desk: Desk
    refs: Mapping[str, str]
    """A reference of each kind in the first programme."""
    ids: Mapping[str, str]
    """What addresses name there by its id."""
    traces: tuple[str, ...]
    """What nobody outside the first programme reads anywhere."""
    meeting: str
    """A meeting of the other programme."""


@pytest.fixture
def neighbours(databases: Databases, tmp_path: Path) -> Iterator[Neighbours]:
    fund = copied(databases, "sqlite", assessed)
    meeting = _move_in(fund)
    with fund.reading() as tx:

        def one(column: Any) -> str:
            return str(tx.execute(select(column).order_by(column).limit(1)).scalar() or UNKNOWN)

        of_kind = {
            kind: select(CaseRow.ref).where(CaseRow.record == kind, CaseRow.ref.startswith("NMS-"))
            for kind in KINDS
        }
        refs = {
            kind: str(tx.execute(found.order_by(CaseRow.ref).limit(1)).scalar_one())
            for kind, found in of_kind.items()
        }
        titles = list(tx.execute(select(Application.title)).scalars())
        ids = {
            "session_id": one(LabSession.id),
            "contribution_id": one(Contribution.id),
            "comment_id": one(FrameComment.id),
            "item_id": one(AgendaItem.id),
            "file_id": one(StoredFile.id),
            "meeting_id": str(
                tx.execute(select(Meeting.id).where(Meeting.body_id == fund.body_id).limit(1)).scalar_one()
            ),
            "body_id": str(fund.body_id),
            "seat_id": str(
                tx.execute(select(Seat.id).where(Seat.body_id == fund.body_id).limit(1)).scalar_one()
            ),
        }
    hidden = [ref for kind, ref in refs.items() if kind in ("application", "review", "participation")]
    yield Neighbours(fund, House(fund), Desk(fund, tmp_path), refs, ids, (*titles, *hidden), meeting)
    fund.assert_all_holds()
    fund.database.dispose()
    databases.drop(fund.database.url)


def _move_in(fund: Fund) -> str:
    """Set up another programme with its officials, its call and a meeting."""
    board = fund.plan.programme.bodies[0]
    plan = replace(
        fund.plan.programme,
        ref_prefix="OTH",
        agency="Another agency",
        name={"en": "Another"},
    )
    with fund.tx() as tx:
        programme = set_up_programme(tx, plan)
        for person in (FRIDA, OVE, NORA):
            fund.people[person.name] = register_person(tx, person.email, person.name)
        for person in (FRIDA, OVE):
            assert person.role is not None
            grant_role(tx, person.role, programme, user_id=fund.people[person.name])
        grant_role(tx, "officer", programme, user_id=fund.people[FRIDA.name])
        body = body_named(tx, programme, board.name)
        take_seat(tx, body, fund.people[FRIDA.name], "chair")
    moved = fund.now - fund.plan.first_date + timedelta(days=30)
    later = replace(fund.plan, slug=THEIR_SLUG, programme=plan).moved(moved)
    with fund.tx(FRIDA) as tx:
        call = load_call(tx, later).case_id
        publish_call(tx, call)
    with fund.tx(OVE) as tx:
        meeting = call_meeting(tx, body, fund.now + timedelta(days=3))
    return str(meeting)


def shown(answer: TestResponse) -> tuple[int, str, str]:
    """Return what an answer says: status, where it leads, and its words without what is made anew each time."""
    page = re.search(r"<main.*</main>", answer.text, re.DOTALL)
    text = re.sub(r'(value|nonce)="[^"]*"', "", page[0] if page else answer.text)
    return answer.status_code, answer.headers.get("Location", ""), text


def pages(house: House) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for rule in house.app.url_map.iter_rules():
        if not rule.rule.startswith(("/static", "/workflows")):
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                yield method, rule.rule, tuple(sorted(rule.arguments))


def filled(rule: str, given: Mapping[str, str]) -> str:
    return re.sub(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>", lambda each: given.get(each[1], "withdraw"), rule)


def asks(reader: Reader, method: str, address: str) -> tuple[int, str, str]:
    return shown(reader.get(address) if method == "GET" else reader.post(address, {"revision": "1"}))


NAMED = frozenset({"ref", "slug", *("session_id", "contribution_id", "comment_id", "item_id", "file_id")}) | {
    "meeting_id",
    "body_id",
    "seat_id",
}


def test_pages_show_an_official_from_next_door_what_they_show_anybody(neighbours: Neighbours) -> None:
    house, slug = neighbours.house, neighbours.fund.plan.slug
    nora, frida = house.reader(NORA), house.reader(FRIDA)
    tried = 0
    for method, rule, arguments in pages(house):
        if not NAMED & set(arguments):
            continue
        for ref in neighbours.refs.values() if "ref" in arguments else ("",):
            address = filled(rule, {"slug": slug, "ref": ref, **neighbours.ids})
            assert asks(frida, method, address) == asks(nora, method, address), (method, address)
            tried += 1
    assert tried > 200


def test_what_belongs_next_door_is_not_found_beneath_what_is_ones_own(neighbours: Neighbours) -> None:
    """Addresses with two names: the first of one's own programme, the second of the other's, or of nothing at all."""
    house = neighbours.house
    for person in (FRIDA, OVE):
        official = house.reader(person)
        for method, rule, arguments in pages(house):
            own = {"slug": THEIR_SLUG, "meeting_id": neighbours.meeting}
            outer = [name for name in arguments if name in own]
            inner = [name for name in arguments if name in NAMED and name not in own]
            if not outer or not inner:
                continue
            theirs = {"ref": neighbours.refs["application"], **neighbours.ids, **own}
            nothing = {**dict.fromkeys(theirs, UNKNOWN), "ref": NO_REF, **own}
            found = asks(official, method, filled(rule, theirs))
            assert found[0] in (303, 404), (method, rule)
            assert found[0] == asks(official, method, filled(rule, nothing))[0], (method, rule)


def test_no_page_of_ones_own_names_anything_from_next_door(neighbours: Neighbours) -> None:
    house = neighbours.house
    for person in (FRIDA, OVE, NORA):
        official = house.reader(person)
        for method, rule, arguments in pages(house):
            if method == "GET" and set(arguments) <= {"slug"}:
                answer = official.get(filled(rule, {"slug": THEIR_SLUG}))
                assert answer.status_code < 500 or rule == "/readyz", rule  # no worker runs here
                for trace in neighbours.traces:
                    assert trace not in answer.text, (person.name, rule, trace)
        for words in ("heat", "Night", "NMS", "Leif"):
            listed = official.get(f"/calls/{THEIR_SLUG}/applications?words={words}").text
            assert not [trace for trace in neighbours.traces if trace in listed]


def operations(given: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for rule, method in sorted(access()):
        if "<" in rule:
            for kind in ("records", "applications", "calls") if ":kind>" in rule else ("",):
                address = re.sub(r"<any\([^)]*\):kind>", kind, rule)
                yield method, filled(address, given).removeprefix(ROOT)


BODIES: tuple[Any, ...] = (
    {},
    {"transition": "withdraw", "revision": 1},
    {"answers": {}, "answers_revision": 0},
)


def said(program: Program, method: str, address: str) -> list[tuple[int, bytes]]:
    bodies: tuple[Any, ...] = BODIES if method != "GET" else (None,)
    answers = [program.ask(method, address, **({} if body is None else {"json": body})) for body in bodies]
    return [(answer.status_code, answer.data) for answer in answers]


def test_the_api_tells_an_official_from_next_door_what_it_tells_anybody(neighbours: Neighbours) -> None:
    nora, frida = neighbours.desk.program(NORA), neighbours.desk.program(FRIDA)
    for ref in neighbours.refs.values():
        given = {"slug": neighbours.fund.plan.slug, "ref": ref, **neighbours.ids}
        for method, address in operations(given):
            assert said(frida, method, address) == said(nora, method, address), (method, address)
    for official in (frida, neighbours.desk.program(OVE)):
        for address in ("/applications", "/applications?limit=1", "/bodies", "/me", "/calls"):
            assert not [trace for trace in neighbours.traces if trace in official.get(address).text]
        state = official.read("/applications?state=eligible")
        assert state == {"items": [], "next": None}


def test_nothing_from_next_door_comes_onto_ones_own_agenda(neighbours: Neighbours) -> None:
    ove, frida = neighbours.desk.program(OVE), neighbours.desk.program(FRIDA)
    agenda = f"/meetings/{neighbours.meeting}/items"
    for hidden in (neighbours.refs["application"], neighbours.refs["review"]):
        put = ove.post(agenda, {"record": hidden, "matter": "adopt"})
        none = ove.post(agenda, {"record": NO_REF, "matter": "adopt"})
        assert (put.status_code, put.data) == (none.status_code, none.data)
    known = ove.post(agenda, {"record": neighbours.refs["frame"], "matter": "adopt"})
    assert known.status_code in (409, 422), "an adopted frame is public, and not this body's"
    for address in (
        f"/meetings/{neighbours.meeting}/items/{neighbours.ids['item_id']}",
        f"/calls/{THEIR_SLUG}/lab/sessions/{neighbours.ids['session_id']}",
        f"/calls/{THEIR_SLUG}/lab/contributions/{neighbours.refs['contribution']}",
        f"/calls/{THEIR_SLUG}/proposal/{neighbours.refs['application']}",
    ):
        body = {"public": True} if "contributions" in address else {}
        assert frida.patch(address, body).status_code == 404, address
