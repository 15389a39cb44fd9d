"""The journal proved: what came through the door holds, and each way of tampering is found with its kind."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from grantflow.services.journal import Report, erase_text, seal, verify
from grantflow.store.journal import AppendOnly, JournalEntry, JournalText, entry_hash
from tests.services.cases.house import House, grant

KEY = b"a key that is long enough"


def verified(house: House, key: bytes | None = None) -> Report:
    with house.reading() as tx:
        return verify(tx, key)


def found(house: House, key: bytes | None = None) -> list[tuple[str, int | None]]:
    return [(fault.kind, fault.entry) for fault in verified(house, key).faults]


@pytest.fixture
def entry(house: House) -> UUID:
    """An entry whose life had everything: effects, texts, emits, four eyes, a remembered state."""
    entry = house.entry()
    house.do("ann", entry, "send")
    house.do("carl", entry, "hold", "let_go")
    house.later(days=1)
    house.do("carl", house.call_id, "close")
    house.later(days=1)
    house.do("carl", entry, "remark", reason="A remark.")
    house.do("carl", entry, "grant", sum=700)
    house.later(days=1)
    house.do("chloe", entry, "confirm")
    return entry


LAST = 7


def change(house: House, sql: str, entry: UUID, **values: object) -> None:
    assert house.spoil(sql, id=house.bound(entry), **values) == 1


def test_what_came_through_the_door_holds(house: House, entry: UUID):
    report = verified(house)
    assert report.ok, report.faults
    assert (report.records, report.entries, report.erased) == (2, 11, 0)


CHANGES = {
    "transition": "take_back",
    "to_state": "draft",
    "role": "chief",
    "guards": "[]",
    "actor_kind": "system",
    "authority": "the board",
    "hash": "0" * 64,
    "prev_hash": "0" * 64,
    "payload_digest": "0" * 64,
}


@pytest.mark.parametrize("column", CHANGES)
def test_a_changed_entry_is_found(house: House, entry: UUID, column: str):
    change(
        house,
        f"UPDATE gf_journal_entry SET {column} = :value WHERE record_id = :id AND seq = 1",
        entry,
        value=CHANGES[column],
    )
    assert ("changed", 1) in found(house)


def test_a_deleted_entry_is_found(house: House, entry: UUID):
    change(house, "DELETE FROM gf_journal_entry WHERE record_id = :id AND seq = 2", entry)
    assert found(house) == [("missing", 3)]


def test_a_deleted_last_entry_is_found(house: House, entry: UUID):
    change(house, "DELETE FROM gf_journal_entry WHERE record_id = :id AND seq = :last", entry, last=LAST)
    assert found(house) == [("missing", LAST)]


def test_a_record_without_entries_is_found(house: House):
    entry = house.entry()
    change(house, "DELETE FROM gf_journal_entry WHERE record_id = :id", entry)
    assert found(house) == [("missing", None)]


COPY = """
    INSERT INTO gf_journal_entry
    SELECT :new, record_id, lifecycle, seq + 1, transition, row, from_state, to_state, actor_kind, user_id,
        organisation_id, grant_id, role, authority, guards, payload_digest, at, cause, prev_hash, hash
    FROM gf_journal_entry WHERE record_id = :id AND seq = :last
"""


def test_an_inserted_entry_is_found(house: House, entry: UUID):
    change(house, COPY, entry, new=house.bound(UUID(int=99)), last=LAST)
    assert found(house) == [("inserted", LAST + 1)]


def test_an_entry_put_in_the_place_of_another_is_found(house: House, entry: UUID):
    change(house, "DELETE FROM gf_journal_entry WHERE record_id = :id AND seq = 3", entry)
    values = rewritten(house, entry, 2, id=UUID(int=99).hex, seq=3)
    write(house, entry, values)
    kinds = found(house)
    assert ("inserted", 3) in kinds or ("illegal", 3) in kinds


def test_a_state_set_behind_the_doors_back_is_found(house: House, entry: UUID):
    change(house, "UPDATE gf_case SET state = 'received' WHERE id = :id", entry)
    assert found(house) == [("state", LAST)]


def test_another_head_is_found(house: House, entry: UUID):
    change(house, "UPDATE gf_case SET head = 'x' WHERE id = :id", entry)
    assert found(house) == [("head", LAST)]


# Whoever knows how the chain is made can make it whole again; what they cannot do is make an illegal step legal.

COLUMNS = [column.name for column in JournalEntry.__table__.columns]


def rewritten(house: House, entry: UUID, which: int, **changes: object) -> list[object]:
    """Return an entry with changes, hashed anew as the door would have hashed it."""
    from grantflow.services.journal.verifying import _ENTRIES

    postgresql = house.database.sql.dialect.name == "postgresql"
    (row,) = [
        list(row)
        for row in house.rows(_ENTRIES[postgresql].replace(":", r"\:"))
        if row[1] == entry.hex and row[3] == which
    ]
    for name, value in changes.items():
        row[COLUMNS.index(name)] = value
    row[-1] = entry_hash(row[:-1])
    return row


def write(house: House, entry: UUID, values: list[object]) -> None:
    given = dict(zip(COLUMNS, values, strict=True))
    marks = {
        name: f"CAST(:{name} AS timestamptz)"
        if name == "at" and house.database.sql.dialect.name == "postgresql"
        else f":{name}"
        for name in COLUMNS
    }
    if house.database.sql.dialect.name == "postgresql":
        marks |= {
            name: f"CAST(:{name} AS uuid)"
            for name in ("id", "record_id", "user_id", "organisation_id", "grant_id", "cause")
        }
    house.spoil(
        f"INSERT INTO gf_journal_entry ({', '.join(COLUMNS)}) VALUES ({', '.join(marks.values())})", **given
    )


def forge(house: House, entry: UUID, **changes: object) -> None:
    """Rewrite the last entry of a record, with its hash and the record's head."""
    values = rewritten(house, entry, LAST, **changes)
    change(house, "DELETE FROM gf_journal_entry WHERE record_id = :id AND seq = :last", entry, last=LAST)
    write(house, entry, values)
    change(
        house,
        "UPDATE gf_case SET head = :head, state = :state WHERE id = :id",
        entry,
        head=values[-1],
        state=values[7],
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"role": "owner"},
        {"transition": "send", "row": 0},
        {"row": 99},
        {"to_state": "turned_down"},
        {"from_state": "received"},
        {"actor_kind": "system"},
        {"transition": "turn_down", "row": 11, "to_state": "turned_down", "guards": "[]"},
    ],
    ids=",".join,
)
def test_a_forged_step_that_the_scheme_does_not_allow_is_found(
    house: House, entry: UUID, changes: dict[str, object]
):
    forge(house, entry, **changes)
    assert {kind for kind, _ in found(house)} == {"illegal"}


def test_a_forged_step_of_one_who_is_not_apart_is_found(house: House, entry: UUID):
    forge(house, entry, user_id=house.people["carl"].hex)
    assert ("illegal", LAST) in found(house)


def test_a_forged_step_with_its_guards_is_not_told_from_a_real_one_but_by_the_seal(house: House, entry: UUID):
    with house.tx() as tx:
        seal(tx, KEY)
    forge(house, entry, authority="the board")
    assert found(house) == []
    assert found(house, KEY) == [("changed", LAST)]


def test_a_seal_finds_a_tail_cut_off_with_its_head(house: House, entry: UUID):
    with house.tx() as tx:
        made = seal(tx, KEY)
    assert (made.records, made.entries) == (2, 11)
    assert verified(house, KEY).ok
    ((head, state),) = house.rows(
        "SELECT hash, to_state FROM gf_journal_entry WHERE record_id = :id AND seq = 6", id=house.bound(entry)
    )
    change(house, "DELETE FROM gf_journal_entry WHERE record_id = :id AND seq = :last", entry, last=LAST)
    change(
        house,
        "UPDATE gf_case SET head = :head, state = :state, seq = 6 WHERE id = :id",
        entry,
        head=head,
        state=state,
    )
    assert found(house) == []
    assert found(house, KEY) == [("missing", LAST)]


def test_a_sealed_journal_may_grow(house: House):
    entry = house.entry()
    with house.tx() as tx:
        seal(tx, KEY)
    house.do("ann", entry, "send")
    assert verified(house, KEY).ok


def test_a_seal_of_another_key_or_one_that_was_touched_is_found(house: House):
    with house.tx() as tx:
        seal(tx, KEY)
    assert found(house, KEY + b"!") == [("head", None)]
    house.spoil("UPDATE gf_journal_seal SET entries = entries + 1")
    assert found(house, KEY) == [("head", None)]


def remark_of(house: House, entry: UUID) -> UUID:
    ((each,),) = house.rows(
        "SELECT id FROM gf_journal_entry WHERE record_id = :id AND transition = 'remark'",
        id=house.bound(entry),
    )
    return each if isinstance(each, UUID) else UUID(str(each))


def test_erasing_a_text_is_no_fault(house: House, entry: UUID):
    remark = remark_of(house, entry)
    with house.tx() as tx:
        assert erase_text(tx, remark) == 1
    report = verified(house)
    assert report.ok
    assert report.erased == 1
    assert house.rows("SELECT COUNT(*) FROM gf_journal_text WHERE text = 'A remark.'") == [(0,)]


def test_a_changed_text_is_found(house: House, entry: UUID):
    house.spoil("UPDATE gf_journal_text SET text = 'Another.' WHERE field = 'reason'")
    assert [kind for kind, _ in found(house)] == ["changed"]


def test_a_text_that_is_gone_without_having_been_erased_is_found(house: House, entry: UUID):
    house.spoil("DELETE FROM gf_journal_text WHERE field = 'reason'")
    assert [kind for kind, _ in found(house)] == ["missing"]


def test_the_orm_refuses_to_change_the_journal(house: House):
    with house.tx() as tx:
        row = tx.session.query(JournalEntry).first()
        assert row is not None
        row.role = "chief"
        with pytest.raises(AppendOnly):
            tx.flush()
        tx.session.expire_all()
        for statement in (update(JournalEntry).values(role="x"), delete(JournalEntry), delete(JournalText)):
            with pytest.raises(AppendOnly):
                tx.session.execute(statement)


def test_postgresql_refuses_to_change_the_journal(house: House, entry: UUID):
    if house.database.sql.dialect.name != "postgresql":
        pytest.skip("SQLite has no trigger of ours: whoever writes to its file needs no SQL")
    for sql in (
        "UPDATE gf_journal_entry SET role = 'x'",
        "DELETE FROM gf_journal_entry",
        "DELETE FROM gf_journal_text",
        "UPDATE gf_journal_text SET text = 'x'",
    ):
        with house.database.sql.connect() as connection, pytest.raises(DBAPIError, match="append-only"):
            connection.exec_driver_sql(sql)


def test_grants_change_nothing_about_the_past(house: House, entry: UUID):
    with house.tx() as tx:
        grant(tx, "clerk", entry, user_id=house.people["ann"])
    house.spoil("UPDATE gf_role_grant SET ended_at = granted_at")
    assert verified(house).ok
