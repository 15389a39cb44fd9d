"""With two hundred applications the pages cost as many statements as with five, and stay light."""

import pytest
from sqlalchemy import delete, event, insert, select

from grantflow.domain.actor import SYSTEM
from grantflow.store.applications.models import Application
from grantflow.store.awards.models import Proposal, ProposalLine
from grantflow.store.cases import CaseRow
from grantflow.store.reviews.models import RankedReview, Ranking, RankingLine
from grantflow.store.session import Tx
from tests import cast
from tests.web.awards.conftest import Desk
from tests.web.house import words

MOST_STATEMENTS, MOST_BYTES = 12, 120_000


def multiply(tx: Tx, times: int) -> None:
    """Put copies of the last application of the ranking and the proposal behind it."""
    last = tx.execute(select(RankingLine.__table__).order_by(RankingLine.rank.desc()).limit(1)).one()
    tables = (CaseRow, Application, RankingLine, ProposalLine)
    for number in range(times):
        copy = tx.new_id()
        for table in tables:
            key = "id" if table in (CaseRow, Application) else "application_id"
            column = table.__table__.c[key]
            row = dict(
                tx.execute(select(table.__table__).where(column == last.application_id)).mappings().one()
            )
            row[key] = copy
            if "ref" in row:
                row["ref"] = f"{row['ref']}-{number}"
            if "rank" in row:
                row["rank"] += number + 1
            tx.execute(insert(table).values(**row))


@pytest.mark.parametrize("page", ["ranking", "proposal", "reviews", "letters", "reserve"])
def test_statements_do_not_grow_and_pages_stay_light(desk: Desk, page: str) -> None:
    karin = desk.reader(cast.KARIN)
    karin.text(desk.page(page))
    said: list[str] = []
    event.listen(
        desk.fund.database.sql,
        "before_cursor_execute",
        lambda _c, _cursor, statement, *_: said.append(statement),
    )
    karin.text(desk.page(page))
    few = len(said)
    with desk.fund.database.transaction(SYSTEM, desk.fund.now) as tx:
        multiply(tx, 195)
    said.clear()
    text = karin.text(desk.page(page))
    asked = [each for each in said if each.split()[0] not in ("BEGIN", "SET", "PRAGMA")]
    assert len(said) == few
    assert len(asked) <= MOST_STATEMENTS
    assert len(text.encode()) < MOST_BYTES


def test_fifty_at_a_time_to_the_last(desk: Desk) -> None:
    with desk.fund.database.transaction(SYSTEM, desk.fund.now) as tx:
        multiply(tx, 60)
    karin = desk.reader(cast.KARIN)
    first, second = karin.text(desk.page("ranking")), karin.text(desk.page("ranking") + "?after=50")
    assert first.count("<tr>") == 1 + 50
    assert second.count("<tr>") == 1 + 15
    assert 'rel="next"' in first
    assert 'rel="next"' not in second
    assert karin.text(desk.page("ranking") + "?after=much").count("<tr>") == 1 + 50


def test_nothing_yet_is_said_with_what_comes_next(desk: Desk) -> None:
    with desk.fund.database.transaction(SYSTEM, desk.fund.now) as tx:
        for table in (ProposalLine, Proposal, RankingLine, RankedReview, Ranking):
            tx.execute(delete(table))
    karin = desk.reader(cast.KARIN)
    assert "No ranking has been frozen yet." in words(karin.text(desk.page("ranking")))
    karin.text(desk.page("ranking.csv"), 404)
    assert "Nothing is proposed yet." in words(karin.text(desk.page("proposal")))
    assert karin.post(desk.page("proposal")).status_code == 422
    assert "No letter waits." in words(karin.text(desk.page("letters")))
    assert "Nobody is on the reserve list." in words(karin.text(desk.page("reserve")))
