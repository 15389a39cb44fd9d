"""A call: what it is for, its dates, its money."""

from __future__ import annotations

from sqlalchemy import and_, select

from grantflow.domain.money import Money
from grantflow.domain.words import in_language
from grantflow.services.calls.public import spelled
from grantflow.services.records.said import Content, Fact, Part, Rate, some
from grantflow.services.records.visibility import Found
from grantflow.store.calls.models import Call, CallDate, FunderWindow
from grantflow.store.programmes.models import Funder, Programme
from grantflow.store.session import Tx


def content(tx: Tx, found: Found, language: str) -> Content:
    """Return what a call is about."""
    rows = tx.execute(
        select(
            Call.title,
            Call.summary,
            Call.language,
            Programme.name.label("programme"),
            Programme.agency,
            CallDate.name,
            CallDate.at,
        )
        .join(Programme, Programme.id == Call.programme_id)
        .outerjoin(CallDate, and_(CallDate.call_id == Call.id, CallDate.stage == Call.stage))
        .where(Call.id == found.id)
        .order_by(CallDate.at, CallDate.name)
    ).all()
    row = rows[0]
    dates = tuple(Fact(spelled(each.name), each.at) for each in rows if each.name is not None)
    return Content(
        in_language(row.title, language, row.language),
        (
            Part(
                "The call",
                (
                    Fact("Programme", in_language(row.programme, language, row.language)),
                    Fact("Agency", row.agency),
                    *some("What it is for", in_language(row.summary or {}, language, row.language)),
                ),
            ),
            Part("Dates", dates),
            *_windows(tx, found),
        ),
    )


def _windows(tx: Tx, found: Found) -> list[Part]:
    windows = (
        select(FunderWindow, Funder.name.label("funder"))
        .join(Funder, Funder.id == FunderWindow.funder_id)
        .where(FunderWindow.call_id == found.id, FunderWindow.stage == found.stage)
        .order_by(FunderWindow.name)
    )
    return [
        Part(
            spelled(row.name),
            (
                Fact("Funder", row.funder),
                Fact("Envelope", Money(row.envelope, row.currency)),
                Fact("Least that one may ask for", Money(row.minimum, row.currency)),
                Fact("Most that one may ask for", Money(row.maximum, row.currency)),
                Fact("Highest share of the cost", Rate(row.rate)),
            ),
        )
        for row in tx.execute(windows)
    ]
