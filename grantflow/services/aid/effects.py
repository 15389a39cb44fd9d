"""What steps of the aid scheme do beside moving a record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from grantflow.domain.aid.lines import lump_sums
from grantflow.services.aid import accounts, decisions, money, payments
from grantflow.services.aid.frozen import request_beside
from grantflow.services.aid.invitations import invite
from grantflow.services.aid.lines import lines, live_lines
from grantflow.services.aid.rules import pin_rules
from grantflow.services.applications.beside import kept_beside
from grantflow.services.cases import Move, parameters_of
from grantflow.store.aid.models import Line
from grantflow.store.applications.models import Application
from grantflow.store.session import Tx
from grantflow.workflow.registry import effect

kept_beside("selection_recorded")(request_beside)


@effect(of=["call"])
def pin_aid_rules(tx: Tx, moves: Sequence[Move]) -> None:
    """Pin the dated rules about aid that hold for the call."""
    for move in moves:
        pin_rules(tx, move.call_id)


@effect(of=["application"], guards=["money_for_request"], locks=["window"])
def reserve_request(tx: Tx, moves: Sequence[Move]) -> None:
    """Reserve the money of every line of the request."""
    found = live_lines(tx, [move.case_id for move in moves])
    for move in moves:
        mine = found.get(move.case_id, [])
        money.reserve(tx, mine, move.call_id, {line.id: move.entry_id for line in mine})
        tx.session.get_one(Application, move.case_id).asked = sum(line.amount for line in mine)


@effect(of=["application"], guards=["money_reserved"], locks=["window"])
def commit_request(tx: Tx, moves: Sequence[Move]) -> None:
    """Promise the money of every line that is granted."""
    found = live_lines(tx, [move.case_id for move in moves])
    for move in moves:
        mine = found.get(move.case_id, [])
        money.promise(tx, mine, {line.id: move.entry_id for line in mine})


@effect(of=["application"], guards=["de_minimis_still_below"])
def register_de_minimis(tx: Tx, moves: Sequence[Move]) -> None:
    """Enter each firm's aid on its account and queue it for the public register."""
    found = live_lines(tx, [move.case_id for move in moves])
    accounts.grant(tx, [line.id for mine in found.values() for line in mine])


@effect(of=["application"])
def record_grant(tx: Tx, moves: Sequence[Move]) -> None:
    """Keep the decision to grant, with every line and who decided."""
    decisions.record(tx, moves, "grant")


@effect(of=["application"], asks=["reason"], apart=True)
def record_refusal(tx: Tx, moves: Sequence[Move]) -> None:
    """Keep the decision to refuse."""
    decisions.record(tx, moves, "refusal")


@effect(of=["application"], asks=["reason"], apart=True)
def record_revocation(tx: Tx, moves: Sequence[Move]) -> None:
    """Keep the decision to revoke the grant."""
    decisions.record(tx, moves, "revocation")


@effect(of=["application"], asks=["reason"])
def replace_refusal(tx: Tx, moves: Sequence[Move]) -> None:
    """Replace the wrong decision by a new one that refers to it; the old one stays on file."""
    decisions.record(tx, moves, "replacement")


@effect(of=["line"])
def invite_to_confirm(tx: Tx, moves: Sequence[Move]) -> None:
    """Make a link by which the firm confirms without an account; an earlier one stops working."""
    for move in moves:
        invite(tx, move)


@effect(of=["line"], guards=["activity_offered"], asks=["activity"])
def set_lump_sum(tx: Tx, moves: Sequence[Move]) -> None:
    """Put the new activity down, and what it is worth."""
    rows = {line.id: line for line in lines(tx, [move.case_id for move in moves])}
    for move in moves:
        line = rows[move.case_id]
        line.activity = str(move.data["activity"])
        line.amount = lump_sums(parameters_of(tx, move.call_id))[line.activity]


@effect(of=["line"], guards=["money_for_line"], locks=["window"])
def reserve_line(tx: Tx, moves: Sequence[Move]) -> None:
    """Reserve the money of the line."""
    by_call: defaultdict[UUID, list[Line]] = defaultdict(list)
    rows = {line.id: line for line in lines(tx, [move.case_id for move in moves])}
    for move in moves:
        by_call[move.call_id].append(rows[move.case_id])
    entries = {move.case_id: move.entry_id for move in moves}
    for call_id, mine in by_call.items():
        money.reserve(tx, mine, call_id, entries)


@effect(of=["line"], guards=["activity_not_dearer"], locks=["window"])
def follow_line_money(tx: Tx, moves: Sequence[Move]) -> None:
    """Free the money that the smaller line no longer needs."""
    entries = {move.case_id: move.entry_id for move in moves}
    money.follow(tx, lines(tx, entries), entries)


@effect(of=["line"], locks=["window"])
def free_line_money(tx: Tx, moves: Sequence[Move]) -> None:
    """Free the money of the line."""
    entries = {move.case_id: move.entry_id for move in moves}
    money.free(tx, lines(tx, entries), entries)


@effect(of=["line"], guards=["de_minimis_below"])
def hold_de_minimis(tx: Tx, moves: Sequence[Move]) -> None:
    """Hold the lump sum against the firm's ceiling while the request is open."""
    ids = [move.case_id for move in moves]
    accounts.hold(tx, ids)
    for line in lines(tx, ids):
        line.confirmed_at = line.confirmed_at or tx.now


@effect(of=["line"])
def free_headroom(tx: Tx, moves: Sequence[Move]) -> None:
    """Give the firm its headroom back, and tell the register where aid had been granted."""
    accounts.free(tx, [move.case_id for move in moves])


@effect(of=["application"], guards=["value_passed_on", "account_given"])
def prepare_payment(tx: Tx, moves: Sequence[Move]) -> None:
    """Prepare the payment for what the accepted lines are worth."""
    for move in moves:
        payments.prepare(tx, move)


@effect(of=["payment"], guards=["account_confirmed", "sum_matches_lines"], apart=True, locks=["window"])
def book_payment(tx: Tx, moves: Sequence[Move]) -> None:
    """Book the payment, line by line."""
    for move in moves:
        payments.book(tx, move)
