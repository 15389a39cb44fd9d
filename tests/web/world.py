"""Rows for pages: a call in some state with dates, money and applications, written straight into the tables."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from grantflow.store.calls.models import Call, CallDate, FunderWindow, Stage
from grantflow.store.cases import CaseRow
from grantflow.store.outbox import OutboxMessage
from grantflow.store.programmes.models import Body, Funder, Programme
from grantflow.store.session import Tx

ZONE = "Europe/Stockholm"


def a_call(
    tx: Tx,
    slug: str,
    title: str,
    state: str = "fund_open",
    outcomes: Mapping[str, int] | None = None,
    scheme: tuple[str, int] = ("challenge_driven", 1),
) -> UUID:
    """Write a call and what belongs to it; `outcomes` says how many applications are in which state."""
    programme = _programme(tx, slug)
    call = _case(tx, scheme, "call", "call", state, ref=slug.upper())
    tx.session.add(
        Call(
            id=call,
            programme_id=programme,
            slug=slug,
            title={"en": title, "sv": f"{title} (sv)"},
            summary={"en": "Projects that fit into the frame which the lab agreed on."},
            language="en",
            zone=ZONE,
            currency="SEK",
            has_lab=1,
            stage=1,
            parameters={},
            days_off=[],
            pins={},
            file={},
        )
    )
    tx.session.flush()
    tx.session.add(
        Stage(
            call_id=call,
            number=1,
            title={"en": "Seed fund"},
            form="seed_project",
            form_version=1,
            rubric="seed_project",
            rubric_version=1,
            gate={},
            pass_mark=60,
        )
    )
    for name, days in (("fund_opens", -20), ("submission_deadline", 30), ("decision_expected", 90)):
        at = tx.now + timedelta(days=days)
        tx.session.add(
            CallDate(call_id=call, stage=1, name=name, local=f"{at:%Y-%m-%d %H:%M}", zone=ZONE, at=at)
        )
    _window(tx, call, programme)
    for name, count in (outcomes or {}).items():
        for number in range(count):
            _case(tx, scheme, "application", "application", name, f"{slug.upper()}-{name}-{number}", call)
    tx.session.flush()
    return call


def _programme(tx: Tx, slug: str) -> UUID:
    programme = tx.new_id()
    tx.session.add(
        Programme(
            id=programme,
            name={"en": "Challenges of the North"},
            agency="Transition office",
            ref_prefix=slug.upper(),
            zone=ZONE,
            country="SE",
            territory=["SE31"],
        )
    )
    tx.session.flush()
    return programme


def _window(tx: Tx, call: UUID, programme: UUID) -> None:
    funder, body = tx.new_id(), tx.new_id()
    tx.session.add(Funder(id=funder, programme_id=programme, name="Regional fund", country="SE"))
    columns: dict[str, Any] = {
        "id": body,
        "programme_id": programme,
        "name": "board",
        "title": {"en": "Board of the seed fund"},
        "role": "board",
        "seats": 5,
        "quorum": 3,
        "delegate_role": "delegate",
        "delegate_up_to": 30_000_000,
    }
    tx.session.add(Body(**{name: value for name, value in columns.items() if hasattr(Body, name)}))
    tx.session.flush()
    tx.session.add(
        FunderWindow(
            id=tx.new_id(),
            call_id=call,
            stage=1,
            name="seed_fund",
            funder_id=funder,
            body_id=body,
            currency="SEK",
            envelope=150_000_000,
            reserved=30_000_000,
            committed=60_000_000,
            released=0,
            paid=10_000_000,
            minimum=10_000_000,
            maximum=40_000_000,
            rate=6000,
            territory=[],
            aid_basis="none",
            grant_date="decision",
            remedy={"kind": "none"},
        )
    )


def _case(
    tx: Tx,
    scheme: tuple[str, int],
    lifecycle: str,
    record: str,
    state: str,
    ref: str,
    call: UUID | None = None,
) -> UUID:
    case = tx.new_id()
    tx.session.add(
        CaseRow(
            id=case,
            ref=ref,
            call_id=call or case,
            parent_id=call,
            scheme=scheme[0],
            version=scheme[1],
            lifecycle=lifecycle,
            record=record,
            state=state,
            resume_state=None,
            entered_at=tx.now,
            created_at=tx.now,
            seq=1,
            head="0" * 64,
            revision=1,
        )
    )
    tx.session.flush()
    return case


def a_message(tx: Tx, case_id: UUID, template: str = "call_published") -> None:
    """Write a message into the outbox."""
    tx.session.add(
        OutboxMessage(
            id=tx.new_id(),
            kind="notice",
            case_id=case_id,
            entry_id=None,
            role="officer",
            template=template,
            data={},
            at=tx.now,
            dispatched_at=None,
            done_at=None,
            attempts=0,
            fault=None,
        )
    )
    tx.session.flush()
