"""Files that were sent: a reviewer reads those of the application, once it is open, and nothing else that is filed."""

from pathlib import Path
from uuid import UUID

import pytest

from grantflow.services import applications, files
from grantflow.store.applications.models import Answers
from grantflow.web import create_app
from tests import cast
from tests.factories.fund import answers
from tests.web.browsing import Reader
from tests.web.reviews.conftest import BIRGIT, RASA, Desk

QUOTATION = b"%PDF-1.7\n1 0 obj << >> endobj\ntrailer << >>\n%%EOF\n"


@pytest.fixture
def with_file(desk: Desk, tmp_path: Path) -> tuple[UUID, UUID, UUID]:
    """An eligible application with a quotation; a letter is filed with it too."""
    fund = desk.fund
    each = fund.start(cast.LEIF)
    fund.fill(cast.LEIF, each, answers("Night heat", 40_000, 70_000))
    with fund.tx(cast.LEIF) as tx:
        applications.attach(tx, tmp_path / "files", each, "annex", "offer of the mill.pdf", QUOTATION)
        letter = files.keep(
            tx,
            tmp_path / "files",
            QUOTATION,
            media_type="application/pdf",
            name="receipt-en.pdf",
            record_id=each,
            visibility="record",
        )
    fund.send(cast.LEIF, each)
    fund.until(fund.plan.date("submission_deadline"))
    fund.pass_(cast.YUSUF, each)
    with fund.reading() as tx:
        (quotation,) = tx.session.get_one(Answers, each).answers["annex"]
    return each, UUID(quotation), letter


def test_only_what_was_sent_and_only_when_it_is_open(
    desk: Desk, with_file: tuple[UUID, UUID, UUID], tmp_path: Path
) -> None:
    application, quotation, letter = with_file
    app = create_app(desk.fund.database, data_folder=tmp_path, now=lambda: desk.fund.now)
    birgit, rasa = (Reader(app, desk.fund.people[person.name]) for person in (BIRGIT, RASA))
    ref = desk.ref(desk.fund.assign(application, [BIRGIT])[BIRGIT.name])
    birgit.text(f"/reviews/{ref}/files/{quotation}", 404)
    birgit.post(f"/reviews/{ref}/conflict", {"kind": "none"})
    page = birgit.text(f"/reviews/{ref}/scores")
    assert "offer of the mill.pdf" in page
    assert f'href="/reviews/{ref}/files/{quotation}"' in page
    handed_out = birgit.get(f"/reviews/{ref}/files/{quotation}")
    assert handed_out.data == QUOTATION
    assert handed_out.headers["Content-Disposition"].startswith("attachment")
    birgit.text(f"/reviews/{ref}/files/{letter}", 404)
    birgit.text(f"/files/{letter}", 404)
    rasa.text(f"/reviews/{ref}/files/{quotation}", 404)
    birgit.post(f"/reviews/{ref}/conflict", {"kind": "hard", "reason": "I know the mill."})
    birgit.text(f"/reviews/{ref}/files/{quotation}", 404)
