"""A firm with somebody else's link, or with its own where it does not belong: one link opens one line, and that page alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from grantflow.api import create_api
from grantflow.services import files
from grantflow.services.aid.invitations import link_token
from grantflow.store.cases import CaseRow
from grantflow.store.journal import JournalEntry
from tests import cast
from tests.api.program import Program
from tests.web.aid.office import ANSWERS, KEY, Office
from tests.web.house import words


@dataclass(frozen=True)
class Street:
    """Two firms of one request, each with the link that was mailed to it."""

    office: Office
    request: UUID
    mine: UUID
    theirs: UUID

    def token(self, line: UUID) -> str:
        return link_token(KEY.encode(), self.office.house.link(line))

    def steps(self, line: UUID) -> int:
        with self.office.house.tx() as tx:
            found = select(JournalEntry.id).where(JournalEntry.record_id == line)
            return len(tx.execute(found).all())


@pytest.fixture
def street(database_url: str, tmp_path: Path) -> Iterator[Street]:
    office = Office(database_url, tmp_path)
    request, made = office.house.request_of(limtra="trade_fair", snickeri="market_visit")
    yield Street(office, request, made["limtra"], made["snickeri"])
    office.house.close()


def test_no_part_of_one_link_opens_with_the_proof_of_another(street: Street) -> None:
    mine, theirs = street.token(street.mine), street.token(street.theirs)
    (my_grant, my_proof), (their_grant, their_proof) = mine.split("."), theirs.split(".")
    made_up = (
        *(f"{their_grant}.{my_proof}", f"{my_grant}.{their_proof}", their_grant, f"{their_grant}."),
        *(f"{their_grant}.{their_proof[:-1]}", f"{their_grant}.{their_proof}0", f"{their_grant}.{'0' * 40}"),
        *(f"{their_grant}.{their_proof.upper()}", f"{{{their_grant}}}.{my_proof}", f".{their_proof}"),
        *(f"{street.theirs.hex}.{my_proof}", f"{their_grant}..{their_proof}", f"%00{theirs}", theirs * 50),
    )
    reader = street.office.reader()
    for token in made_up:
        assert reader.get(f"/firms/{token}").status_code == 404, token
    assert street.steps(street.theirs) == street.steps(street.mine)
    assert reader.get(f"/firms/{theirs}").status_code == 200, "who has the real one is let in all the same"


def test_ones_own_page_names_no_other_firm_and_changes_no_other_line(street: Street) -> None:
    reader, address = street.office.reader(), f"/firms/{street.token(street.mine)}"
    before = street.steps(street.theirs)
    with street.office.house.tx() as tx:
        ref = tx.session.get_one(CaseRow, street.theirs).ref
    page = words(reader.get(address).text)
    assert cast.GLULAM.name in page
    for trace in (cast.JOINERY.name, ref, "snickeri@demo.invalid"):
        assert trace not in page
    smuggled = {
        **ANSWERS,
        "line": str(street.theirs),
        "ref": ref,
        "firm": str(street.office.house.firms["snickeri"]),
    }
    assert reader.post(address, smuggled).status_code == 303
    assert street.office.house.state(street.mine) == "cleared"
    assert (street.office.house.state(street.theirs), street.steps(street.theirs)) == ("asked", before)
    assert cast.JOINERY.name not in reader.get(address).text


def test_a_letter_to_another_firm_is_not_handed_out(street: Street, tmp_path: Path) -> None:
    with street.office.house.tx() as tx:
        letters = {
            line: files.keep(
                tx,
                tmp_path / "files",
                b"%PDF-1.7 a letter\n%%EOF",
                media_type="application/pdf",
                name="de_minimis_letter-en.pdf",
                record_id=line,
                visibility="record",
            )
            for line in (street.mine, street.theirs, street.request)
        }
    reader, token = street.office.reader(), street.token(street.mine)
    for line in (street.theirs, street.request):
        for address in (f"/firms/{token}/letters/{letters[line]}.pdf", f"/files/{letters[line]}"):
            assert reader.get(address).status_code in (303, 404), address


def test_a_link_opens_its_page_and_nothing_else_of_the_house(street: Street, tmp_path: Path) -> None:
    """Neither afterwards in the same browser, nor as a token of the API."""
    office, token = street.office, street.token(street.mine)
    reader = office.reader()
    assert reader.get(f"/firms/{token}").status_code == 200
    refs = [office.ref(each) for each in (street.mine, street.theirs, street.request)]
    addresses = ["/home", "/account", "/meetings"]
    for ref in refs:
        addresses += [f"/records/{ref}", f"/records/{ref}/journal", f"/applications/{ref}/lines"]
        addresses += [f"/applications/{ref}/firms", f"/lines/{ref}/details", f"/lines/{ref}/proof"]
    for address in addresses:
        answer, stranger = reader.get(address), office.reader().get(address)
        assert answer.status_code in (303, 404), address
        assert (answer.status_code, answer.headers.get("Location")) == (
            stranger.status_code,
            stranger.headers.get("Location"),
        )
    api = create_api(office.house.database, data_folder=tmp_path, now=lambda: office.house.now)
    for bearer in (token, token.split(".")[0], f"gf_{token}"):
        program = Program(api, bearer)
        for ref in refs:
            assert program.get(f"/records/{ref}").status_code == 401


def test_a_line_that_ended_is_not_opened_again_by_its_link(street: Street) -> None:
    reader, address = street.office.reader(), f"/firms/{street.token(street.mine)}"
    declined = {"what": "say_no", "reason": "We stay at home."}
    assert reader.post(address, declined).status_code == 303
    state, steps = street.office.house.state(street.mine), street.steps(street.mine)
    for form in (ANSWERS, declined, {**ANSWERS, "smaller": "matchmaking"}):
        assert reader.post(address, form).status_code in (303, 422)
    assert (street.office.house.state(street.mine), street.steps(street.mine)) == (state, steps)
