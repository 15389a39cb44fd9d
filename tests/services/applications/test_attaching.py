"""Files of an application: what is taken, whose they are, and that the receipt stands for them."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from grantflow.domain.refusal import Refused
from grantflow.services import applications, files
from grantflow.store.applications.models import Answers
from grantflow.store.files import StoredFile
from tests import cast
from tests.factories.fund import Fund, answers
from tests.factories.papers import PDF, png


def named(fund: Fund, application_id: UUID) -> list[UUID]:
    with fund.reading() as tx:
        found = tx.execute(
            select(Answers.answers).where(Answers.application_id == application_id)
        ).scalar_one()
    return [UUID(each) for each in found.get("annex", [])]


def hand_in(fund: Fund, person: cast.Person, to: UUID, folder: Path, name: str, content: bytes) -> None:
    with fund.tx(person) as tx:
        applications.attach(tx, folder, to, "annex", name, content)


def test_a_file_is_kept_under_a_clean_name_and_read_back(fund: Fund, tmp_path: Path):
    each = fund.start(cast.LEIF)
    hand_in(fund, cast.LEIF, each, tmp_path, "../../Offert 1.PDF", PDF)
    [kept] = named(fund, each)
    with fund.reading() as tx:
        row = tx.execute(select(StoredFile.name, StoredFile.media_type, StoredFile.visibility)).one()
        assert tuple(row) == ("Offert 1.PDF", "application/pdf", "record")
        assert files.read(tx, tmp_path, kept) == PDF


def test_a_file_that_is_taken_away_stays_with_what_was_sent(fund: Fund, tmp_path: Path):
    each = fund.start(cast.LEIF)
    fund.fill(cast.LEIF, each, answers("Night heat", 40_000, 70_000))
    hand_in(fund, cast.LEIF, each, tmp_path, "a.pdf", PDF)
    [kept] = named(fund, each)
    fund.send(cast.LEIF, each)
    fund.step(cast.LEIF, each, "reopen")
    with fund.tx(cast.LEIF) as tx:
        applications.detach(tx, each, "annex", kept)
    assert named(fund, each) == []
    with fund.reading() as tx:
        sent = json.loads(applications.receipt(tx, each).text)
        digest = tx.execute(select(StoredFile.sha256)).scalar_one()
        assert files.read(tx, tmp_path, kept) == PDF
    assert sent["files"] == [{"id": kept.hex, "name": "a.pdf", "size": len(PDF), "sha256": digest}]


def test_what_a_field_does_not_take(fund: Fund, tmp_path: Path):
    each = fund.start(cast.LEIF)
    for name, content in (("a.pdf", PDF), ("b.png", png())):
        hand_in(fund, cast.LEIF, each, tmp_path, name, content)
    before = named(fund, each)
    for name, content, code in (("c.pdf", b"MZ", "file_kind"), ("d.pdf", PDF + b" ", "too_many_files")):
        with pytest.raises(Refused) as refused:
            hand_in(fund, cast.LEIF, each, tmp_path, name, content)
        assert [(one.code, one.where) for one in refused.value.refusals] == [(code, "annex")]
    with pytest.raises(Refused) as refused, fund.tx(cast.LEIF) as tx:
        applications.attach(tx, tmp_path, each, "title", "a.pdf", PDF)
    assert refused.value.refusals[0].code == "unknown_field"
    assert named(fund, each) == before


def test_nobody_hands_in_for_others_or_names_their_files(fund: Fund, tmp_path: Path):
    mine, theirs = fund.start(cast.LEIF), fund.start(cast.HANNA)
    hand_in(fund, cast.LEIF, mine, tmp_path, "a.pdf", PDF)
    [kept] = named(fund, mine)
    with pytest.raises(Refused) as refused:
        hand_in(fund, cast.HANNA, mine, tmp_path, "b.pdf", PDF)
    assert refused.value.refusals[0].code == "not_editable"
    with pytest.raises(Refused) as refused:
        fund.fill(cast.HANNA, theirs, {"annex": [kept.hex]})
    assert [(one.code, one.where) for one in refused.value.refusals] == [("unknown_file", "annex")]


def test_a_file_that_was_never_sent_is_gone_when_it_is_taken_away(fund: Fund, tmp_path: Path):
    each = fund.start(cast.LEIF)
    for name, content in (("a.pdf", PDF), ("b.png", png())):
        hand_in(fund, cast.LEIF, each, tmp_path, name, content)
    [first, second] = named(fund, each)
    with fund.tx(cast.LEIF) as tx:
        applications.detach(tx, each, "annex", first)
    with fund.reading() as tx:
        assert set(tx.execute(select(StoredFile.id)).scalars()) == {second}
