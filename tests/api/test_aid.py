"""A request for lump sums through the API: named, proven, claimed and paid, ending where the services end."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from grantflow.api import create_api
from grantflow.domain.actor import SYSTEM
from grantflow.services.journal import verify
from grantflow.services.people.tokens import SCOPES, create_token
from grantflow.store.aid.models import AidAward, DeliveryProof
from grantflow.store.cases import CaseRow
from grantflow.store.journal import JournalEntry
from grantflow.store.people.models import Organisation, User
from tests import cast
from tests.api.program import Program, codes, well
from tests.databases import Databases, Kind
from tests.services.aid.house import IBAN, STAFF, TODAY, AidHouse

SLUG = "internationalisation-aid"
ANSWERS = {
    "title": "Wood fair in Kaunas",
    "country": "Lithuania",
    "purpose": "Buyers.",
    "contact": "Marie",
}
FIRMS = {"limtra": ("trade_fair", 4_000_00), "snickeri": ("matchmaking", 1_500_00)}
PDF = b"%PDF-1.4\n%%EOF\n"


class Counter:
    """The agency's programs, one for each of its people."""

    def __init__(self, house: AidHouse, folder: Path) -> None:
        self.house = house
        self.app = create_api(house.database, data_folder=folder, now=lambda: house.now, wall=lambda: TODAY)
        self.programs: dict[str, Program] = {}

    def __getitem__(self, who: str) -> Program:
        if who not in self.programs:
            email = cast.MARIE.email if who == "marie" else STAFF[who].email
            with self.house.database.transaction(SYSTEM, TODAY) as tx:
                token, _ = create_token(tx, email, SCOPES, days=1)
            self.programs[who] = Program(self.app, token)
        return self.programs[who]

    def id(self, ref: str) -> UUID:
        with self.house.tx() as tx:
            return UUID(str(tx.execute(select(CaseRow.id).where(CaseRow.ref == ref)).scalar_one()))

    def firm(self, name: str) -> Mapping[str, str]:
        with self.house.tx() as tx:
            firm = tx.session.get_one(Organisation, self.house.firms[name])
            return {"name": firm.name, "number": firm.identifier, "country": firm.country}


@pytest.fixture
def houses(databases: Databases, database_kind: Kind) -> Iterator[Callable[[], AidHouse]]:
    made: list[AidHouse] = []

    def make() -> AidHouse:
        made.append(AidHouse(databases.fresh(database_kind)))
        return made[-1]

    yield make
    for house in made:
        house.close()


def selection(**more: Any) -> dict[str, Any]:
    return {
        "how": "An open call among 43 members.",
        "rules": "First those who have not been abroad, then in the order of their answers.",
        "rules_published_on": (TODAY - timedelta(days=60)).date().isoformat(),
        "invited": 43,
        "answered": 7,
        "chosen": 2,
        "reasons": "Four were at the same fair last year.",
        **more,
    }


def begins(counter: Counter) -> str:
    marie = counter["marie"]
    organisation = marie.read("/me")["organisations"][0]["id"]
    ref = str(well(marie.post("/applications", {"call": SLUG, "organisation": organisation}), 201)["ref"])
    marie.fill(ref, ANSWERS)
    words = marie.read(f"/applications/{ref}/lines")["words"]
    recorded = marie.patch(f"/applications/{ref}/selection", selection(words=words))
    assert well(recorded, 200)["selection"]["invited"] == 43
    return ref


def names(counter: Counter, ref: str, firm: str, **more: Any) -> Any:
    told = {
        "activity": FIRMS[firm][0],
        "place": "Kaunas",
        "starts_on": (counter.house.now + timedelta(days=60)).date().isoformat(),
        "contact": f"{firm}@demo.invalid",
    }
    return counter["marie"].post(f"/applications/{ref}/lines", {**counter.firm(firm), **told, **more})


def prove(program: Program, line: str, headers: Mapping[str, str], **form: str) -> Any:
    edge = secrets.token_hex(8)
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in form.items()
    ]
    file = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="badge.pdf"\r\n\r\n'.encode()
    body = b"".join([*parts, file, PDF, f"\r\n--{edge}--\r\n".encode()])
    kind = f"multipart/form-data; boundary={edge}"
    return program.ask("POST", f"/lines/{line}/proof", data=body, content_type=kind, headers=dict(headers))


def by_api(counter: Counter) -> None:
    house, marie = counter.house, counter["marie"]
    ref = begins(counter)
    for firm in FIRMS:
        assert names(counter, ref, firm).status_code == 201
    items = marie.read(f"/applications/{ref}/lines")["items"]
    lines = {firm: each["ref"] for firm, each in zip(FIRMS, items, strict=True)}
    house.now = TODAY
    marie.step(ref, "submit")
    house.now = TODAY.replace(hour=11)
    for line in lines.values():
        house.confirm(counter.id(line))
    counter["yusuf"].step(ref, "grant")
    house.wait(days=75)
    for firm, line in lines.items():
        seen = marie.read(f"/lines/{line}/transitions")["revision"]
        taken = prove(
            marie,
            line,
            {},
            done_on=house.now.date().isoformat(),
            what="Badge and invoice of the fair",
            revision=str(seen),
        )
        assert well(taken, 201)["transition"] == "prove"
        assert well(marie.post(f"/applications/{ref}/claim", {"passed_on": {line: FIRMS[firm][1]}}), 200)
        counter["anneli"].step(line, "accept_proof")
    given = {"iban": IBAN, "holder": "Trä & Fiber Mellansverige"}
    well(marie.post(f"/applications/{ref}/claim", given), 200)
    confirmed = {"how": "Called back Marie Ulander at the number of 2024."}
    well(counter["yusuf"].post(f"/applications/{ref}/account/confirmation", confirmed), 200)
    marie.step(ref, "claim")
    counter["yusuf"].step(ref, "accept_claim")
    below = counter["anneli"].read(f"/records/{ref}")["below"]
    payment = next(each["ref"] for each in below if each["kind"] == "payment")
    assert codes(counter["yusuf"].try_step(payment, "approve"), 409) == ["same_person"]
    counter["anneli"].step(payment, "approve")
    counter["per_olof"].step(payment, "pay")


def by_services(house: AidHouse) -> None:
    request = house.begin(chosen=2)
    lines = {firm: house.name_firm(request, firm, activity) for firm, (activity, _) in FIRMS.items()}
    house.now = TODAY
    house.step("marie", request, "submit")
    house.now = TODAY.replace(hour=11)
    for line in lines.values():
        house.confirm(line)
    house.step("yusuf", request, "grant")
    house.wait(days=75)
    for firm, line in lines.items():
        house.prove(line, FIRMS[firm][1])
        house.step("anneli", line, "accept_proof")
    house.account(request)
    house.step("marie", request, "claim")
    house.step("yusuf", request, "accept_claim")
    house.step("anneli", house.payment(request).id, "approve")
    house.step("per_olof", house.payment(request).id, "pay")


def ended(house: AidHouse) -> list[tuple[Any, ...]]:
    """Return states, journals, letters, money and aid, without what is random."""
    columns = ("seq", "transition", "from_state", "to_state", "actor_kind", "role", "at")
    with house.tx() as tx:
        journal = (
            select(CaseRow.ref, *(getattr(JournalEntry, name) for name in columns), User.email)
            .join(CaseRow, CaseRow.id == JournalEntry.record_id)
            .outerjoin(User, User.id == JournalEntry.user_id)
            .order_by(CaseRow.ref, JournalEntry.seq)
        )
        rows = [tuple(row) for row in tx.execute(journal)]
        cases = tx.execute(select(CaseRow.id, CaseRow.ref, CaseRow.state).order_by(CaseRow.ref)).all()
        aid = select(AidAward.kind, AidAward.amount, AidAward.granted_on).order_by(AidAward.amount)
        rows += [tuple(row) for row in tx.execute(aid)]
        assert verify(tx).faults == ()
    window = house.window()
    rows.append((window.reserved, window.committed, window.released, window.paid))
    return [*rows, *((row.ref, row.state, house.letters(row.id)) for row in cases)]


def test_a_request_through_the_api_ends_where_the_services_end(
    houses: Callable[[], AidHouse], tmp_path: Path
) -> None:
    one, other = houses(), houses()
    by_api(Counter(one, tmp_path))
    by_services(other)

    assert ended(one) == ended(other)
    assert one.window().paid == 5_500_00
    with one.tx() as tx:
        assert all(tx.execute(select(DeliveryProof.file_id)).scalars())


def test_what_is_wrong_with_a_request_is_told(houses: Callable[[], AidHouse], tmp_path: Path) -> None:
    counter = Counter(houses(), tmp_path)
    marie, ref = counter["marie"], begins(counter)
    lines = f"/applications/{ref}/lines"

    assert codes(marie.patch(f"/applications/{ref}/selection", selection()), 428) == []
    assert codes(marie.patch(f"/applications/{ref}/selection", selection(words="0" * 16)), 412) == ["stale"]
    assert codes(names(counter, ref, "limtra", activity="space_flight"), 409) == ["activity_missing"]
    assert codes(names(counter, ref, "limtra", contact="nobody"), 409) == ["contact_missing"]
    assert codes(names(counter, ref, "limtra", known=str(UUID(int=7))), 409) == ["firm_unknown"]
    assert marie.read(lines)["items"] == []
    claimed = marie.post(f"/applications/{ref}/claim", {"passed_on": {"TFA-2026-9999": 1}})
    assert codes(claimed, 409) == ["unknown_line"]
    for other in ("yusuf", "per_olof"):
        assert counter[other].get(lines).status_code == 404, "a draft is its cluster's"
    assert Program(counter.app).get(lines).status_code == 401
