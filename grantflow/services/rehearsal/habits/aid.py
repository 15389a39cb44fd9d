"""What clusters and firms do: choose firms, declare, prove, report what was passed on, give an account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from grantflow.domain.actor import SYSTEM
from grantflow.domain.aid.lines import Declaration, Selection
from grantflow.domain.refusal import Refusal
from grantflow.services.aid import decisions, delivery, firms, lines, payments, requests
from grantflow.services.cases import parameters_of
from grantflow.services.rehearsal import made_up
from grantflow.services.rehearsal.agenda import Act, Start
from grantflow.services.rehearsal.habits.kinds import Habits, Situation
from grantflow.services.rehearsal.habits.people import organisation
from grantflow.services.rehearsal.scene import Scene
from grantflow.store.aid.models import Line
from grantflow.store.cases import CaseRow
from grantflow.store.session import Tx
from grantflow.workflow.model import Asked

FIRMS = (1, 2, 2, 3, 3, 4)
"""How many firms a request names."""
IBAN = "SE3550000000054910000003"
"""The example number that is printed in descriptions of the standard."""


def how_many_firms(scene: Scene, parent_id: UUID, wanted: int) -> int:
    """Name some firms in each request."""
    del wanted
    begun = scene.memory.setdefault("named", set())
    if parent_id in begun:
        return 0
    begun.add(parent_id)
    return scene.dice.choice(FIRMS)


def name_a_firm(scene: Scene, start: Start) -> None:
    """Name a new firm in a request."""
    with scene.looking() as tx:
        people = scene.cast.holding(tx, start.role, start.parent_id)
    with scene.acting(people[0]) as tx:
        _name(tx, scene, start.parent_id)


def _name(tx: Tx, scene: Scene, application_id: UUID) -> None:
    firm_id = organisation(tx.as_actor(SYSTEM), scene, helix="business")
    offered = requests.offers(tx, scene.call_id)
    activity = scene.dice.choice(sorted(offered))
    requests.propose_line(
        tx,
        application_id,
        firm_id,
        activity,
        place=made_up.place(scene.dice),
        starts_on=_today(scene) + timedelta(days=scene.dice.randrange(45, 200)),
        contact=f"firm-{firm_id.hex[-12:]}@{scene.naming.domain}",
    )


def name_one_more(at: Situation, refusals: Sequence[Refusal]) -> bool:
    """Name a firm, since a request without one cannot be sent."""
    if not any(refusal.params.get("lifecycle") == "line" for refusal in refusals):
        return False
    with at.scene.acting(at.person) as tx:
        _name(tx, at.scene, at.act.case_id)
    return True


def tell_how_chosen(tx: Tx, scene: Scene, act: Act) -> None:
    """Record how the firms were invited and chosen."""
    chosen = sum(1 for _ in lines.live_lines(tx, [act.case_id]).get(act.case_id, ()))
    answered = chosen + scene.dice.randrange(0, 5)
    requests.record_selection(
        tx,
        act.case_id,
        Selection(
            how="An open call among the members of the cluster.",
            rules="Order of arrival, one firm for each kind of product.",
            rules_published_on=_today(scene) - timedelta(days=30),
            invited=answered + scene.dice.randrange(5, 40),
            answered=answered,
            chosen=chosen,
            reasons="The others go to another fair of the same season." if answered > chosen else "",
        ),
    )


def tell_at_last(at: Situation, refusals: Sequence[Refusal]) -> bool:
    """Record the selection that was missing or wrong."""
    del refusals
    with at.scene.acting(at.person) as tx:
        tell_how_chosen(tx, at.scene, at.act)
    return True


def declare(tx: Tx, scene: Scene, act: Act) -> None:
    """Declare size and aid, as the firm's page does when it confirms."""
    received = scene.likely(30)
    aid = (
        [
            firms.DeclaredAid(
                _today(scene) - timedelta(days=scene.dice.randrange(30, 900)),
                scene.dice.randrange(10, 2980) * 100_00,
                "Another agency",
            )
        ]
        if received
        else []
    )
    people = scene.dice.randrange(1, 260 if scene.likely(10) else 200)
    firms.declare(
        tx,
        act.case_id,
        Declaration(
            headcount=people,
            turnover=people * 180_000_00,
            balance=people * 120_000_00,
            no_other_aid=not received,
            listed=len(aid),
            consent=True,
        ),
        aid,
    )


def declare_at_last(at: Situation, refusals: Sequence[Refusal]) -> bool:
    """Declare what the firm has not told yet."""
    del refusals
    with at.scene.acting(at.person) as tx:
        declare(tx, at.scene, at.act)
    return True


def prove(tx: Tx, scene: Scene, act: Act) -> None:
    """Hand in what proves that the activity took place."""
    line = tx.session.get_one(Line, act.case_id)
    delivery.hand_in_proof(
        tx,
        line.id,
        done_on=max(line.starts_on, (line.asked_at or scene.now).date()) + timedelta(days=2),
        what="Invoice of the fair and a picture of the stand.",
    )


def prove_at_last(at: Situation, refusals: Sequence[Refusal]) -> bool:
    """Hand in the proof that was missing."""
    del refusals
    with at.scene.acting(at.person) as tx:
        prove(tx, at.scene, at.act)
    return True


def report_values(tx: Tx, scene: Scene, act: Act) -> None:
    """Report for each firm that its whole sum reached it."""
    del scene
    for line in lines.live_lines(tx, [act.case_id]).get(act.case_id, ()):
        if line.passed_on is None or line.passed_on < line.amount:
            delivery.report_value(tx, line.id, line.amount)


def report_at_last(at: Situation, refusals: Sequence[Refusal]) -> bool:
    """Report the values that are missing."""
    del refusals
    with at.scene.acting(at.person) as tx:
        report_values(tx, at.scene, at.act)
    return True


def give_account(at: Situation, refusals: Sequence[Refusal]) -> bool:
    """Give the account to which the money goes."""
    del refusals
    scene = at.scene
    with scene.acting(at.person) as tx:
        payments.give_account(tx, at.act.case_id, IBAN, "Cluster")
    return True


def confirm_account(at: Situation, refusals: Sequence[Refusal]) -> bool:
    """Call back to a number on file and confirm the account."""
    del refusals
    with at.scene.looking() as tx:
        request = tx.execute(select(CaseRow.parent_id).where(CaseRow.id == at.act.case_id)).scalar_one()
    with at.scene.acting(at.person) as tx:
        payments.confirm_account(tx, request or at.act.case_id, "Called back to the number in the register.")
    return True


def activity(scene: Scene, asked: Asked, case_id: UUID) -> str | None:
    """Choose the activity that is worth least: a line may become smaller, never dearer."""
    del asked
    with scene.looking() as tx:
        call_id = tx.execute(select(CaseRow.call_id).where(CaseRow.id == case_id)).scalar_one()
        parameters_of(tx, call_id)
        offered = requests.offers(tx, call_id)
    return min(sorted(offered), key=lambda name: offered[name])


def _today(scene: Scene) -> date:
    return scene.now.astimezone(scene.zone).date()


def put_right(tx: Tx, act: Act, data: Mapping[str, Any]) -> None:
    """Put a refusal right together with the lines that fell with it."""
    decisions.put_right(tx, act.case_id, str(data["reason"]))


HABITS = Habits(
    remedies={
        "no_such_child": name_one_more,
        **dict.fromkeys(
            (
                "selection_missing",
                "rules_not_published",
                "selection_counts",
                "more_than_chosen",
                "reasons_missing",
            ),
            tell_at_last,
        ),
        **dict.fromkeys(("aid_not_declared", "aid_contradicts", "consent_missing"), declare_at_last),
        "proof_missing": prove_at_last,
        **dict.fromkeys(("value_not_reported", "value_not_passed_on"), report_at_last),
        "account_missing": give_account,
        "account_unconfirmed": confirm_account,
    },
    makers={"line": name_a_firm},
    how_many={"line": how_many_firms, "payment": lambda *_: 0},
    answers={
        "activity": activity,
        "signer_name": lambda scene, _asked, _case: made_up.person_name(scene.dice),
        "signer_role": lambda _scene, _asked, _case: "Managing director",
        "authorised": lambda scene, asked, _case: asked.choices[0 if scene.likely(97) else -1],
    },
    detours=frozenset(
        {
            *(
                "no_such_child",
                "beyond_delegation",
                "over_ceiling",
                "not_small",
                "not_authorised",
                "activity_dearer",
                "activity_begun",
                "not_enough_money",
            ),
        }
    ),
    foresight={
        "selection_recorded": tell_how_chosen,
        "declaration_complete": declare,
        "proof_given": prove,
        "value_passed_on": report_values,
    },
    ways={"replace_refusal": put_right},
)
