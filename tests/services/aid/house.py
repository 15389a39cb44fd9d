"""A small agency with the shipped aid call: its people, a cluster, three firms, and the steps that they take."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from uuid import UUID

from sqlalchemy import select

from grantflow import app
from grantflow.domain.actor import SYSTEM, Actor
from grantflow.domain.aid.lines import Declaration, Selection
from grantflow.domain.calls.plan import CallPlan
from grantflow.domain.ids import Ids
from grantflow.paths import data_folder
from grantflow.services import cases
from grantflow.services.aid.delivery import hand_in_proof, report_value
from grantflow.services.aid.firms import DeclaredAid, confirm_line
from grantflow.services.aid.invitations import link_of
from grantflow.services.aid.payments import confirm_account, give_account
from grantflow.services.aid.requests import propose_line, record_selection
from grantflow.services.applications.starting import start_application
from grantflow.services.applications.writing import save_answers
from grantflow.services.calls.changing import publish_call
from grantflow.services.calls.file import read_call
from grantflow.services.calls.loading import load_call
from grantflow.services.people.registering import join_organisation, register_organisation, register_person
from grantflow.services.people.roles import grant_role
from grantflow.services.timers import fire_due
from grantflow.store.aid.models import AidAccount, Line, Payment
from grantflow.store.calls.models import Call, FunderWindow
from grantflow.store.cases import CaseRow
from grantflow.store.outbox import OutboxMessage
from grantflow.store.published import publish
from grantflow.store.session import Database, Tx
from grantflow.workflow.engine import Engine
from grantflow.workflow.loader import load_scheme
from grantflow.workflow.model import Scheme
from grantflow.workflow.registry import Registry
from tests import cast

TODAY = datetime(2026, 11, 17, 9, 0, tzinfo=UTC)
"""The day on which the cluster sends its request: a Tuesday."""
IBAN = "SE45 5000 0000 0583 9825 7466"
STAFF = {
    "karin": cast.KARIN,
    "yusuf": cast.YUSUF,
    "anneli": cast.ANNELI,
    "sofia": cast.SOFIA,
    "per_olof": cast.PER_OLOF,
}
FIRMS = {"limtra": cast.GLULAM, "snickeri": cast.JOINERY, "pellets": cast.PELLETS}


@cache
def registry() -> Registry:
    return app.registry()


@cache
def scheme() -> Scheme:
    workflows = data_folder("workflows")
    loaded = load_scheme(workflows / "internationalisation_aid" / "v1", workflows / "blocks")
    assert loaded.scheme is not None, loaded.findings
    return loaded.scheme


@cache
def plan() -> CallPlan:
    loaded = read_call(data_folder("config") / "calls" / "internationalisation-aid.yaml")
    assert loaded.plan is not None, loaded.findings
    return loaded.plan


class AidHouse:
    """The agency on one database. `now` moves by hand; each step is its own transaction."""

    def __init__(self, url: str, *, parameters: dict[str, object] | None = None, envelope: int | None = None):
        self.database = Database(url, Engine(registry(), [scheme()]), Ids("aid"), scratch=True)
        self.now = TODAY - timedelta(days=60)
        self.people: dict[str, UUID] = {}
        self.firms: dict[str, UUID] = {}
        with self.tx() as tx:
            publish(tx, "scheme", *scheme().key, scheme().text)
            self.call = load_call(tx, _changed(plan(), parameters, envelope)).case_id
            programme = tx.session.get_one(Call, self.call).programme_id
            for name, person in STAFF.items():
                self.people[name] = register_person(tx, person.email, person.name)
                assert person.role is not None
                grant_role(tx, person.role, programme, user_id=self.people[name])
            self.people["marie"] = register_person(tx, cast.MARIE.email, cast.MARIE.name)
            self.cluster = self._organisation(tx, cast.CLUSTER, ["cluster"])
            join_organisation(tx, self.people["marie"], self.cluster, authorised=True)
            for name, firm in FIRMS.items():
                self.firms[name] = self._organisation(tx, firm, [])
        with self.tx("karin") as tx:
            publish_call(tx, self.call)
        self.now = TODAY - timedelta(days=20)

    def close(self) -> None:
        self.database.dispose()

    @contextmanager
    def tx(self, name: str = "system") -> Iterator[Tx]:
        actor = SYSTEM if name == "system" else Actor("person", self.people[name])
        with self.database.transaction(actor, self.now) as tx:
            yield tx

    @contextmanager
    def by_link(self, line: UUID) -> Iterator[Tx]:
        actor = Actor("link", organisation_id=self.line(line).firm_id, grant_id=self.link(line))
        with self.database.transaction(actor, self.now) as tx:
            yield tx

    def link(self, line: UUID) -> UUID:
        """Return the grant that the newest link of a line carries."""
        with self.tx() as tx:
            actor = link_of(tx, line)
        assert actor is not None
        assert actor.grant_id is not None, "no link was sent"
        return actor.grant_id

    # The cluster

    def begin(self, chosen: int = 3) -> UUID:
        with self.tx("marie") as tx:
            request = start_application(tx, self.call, self.cluster, title="Wood fair in Kaunas").case_id
            answers = {
                "title": "Wood fair in Kaunas",
                "country": "Lithuania",
                "purpose": "Buyers.",
                "contact": "Marie",
            }
            save_answers(tx, request, answers)
            record_selection(
                tx,
                request,
                Selection(
                    how="An open call among 43 members.",
                    rules="First those who have not been abroad, then in the order of their answers.",
                    rules_published_on=(TODAY - timedelta(days=60)).date(),
                    invited=43,
                    answered=7,
                    chosen=chosen,
                    reasons="Four were at the same fair last year.",
                ),
            )
        return request

    def name_firm(self, request: UUID, firm: str, activity: str, days: int = 60) -> UUID:
        with self.tx("marie") as tx:
            return propose_line(
                tx,
                request,
                self.firms[firm],
                activity,
                place="Kaunas",
                starts_on=(self.now + timedelta(days=days)).date(),
                contact=f"{firm}@demo.invalid",
            )

    def request_of(self, **lines: str) -> tuple[UUID, dict[str, UUID]]:
        """Begin a request with a line for each firm and send it."""
        request = self.begin()
        made = {firm: self.name_firm(request, firm, activity) for firm, activity in lines.items()}
        self.step("marie", request, "submit")
        return request, made

    # A firm, on its telephone

    def confirm(self, line: UUID, *, had: int = 0, authorised: bool = True, people: int = 20) -> None:
        aid = [DeclaredAid(date(2025, 5, 5), had, "Another agency")] if had else []
        with self.by_link(line) as tx:
            confirm_line(
                tx,
                line,
                Declaration(people, 4_000_000_00, 2_000_000_00, not had, len(aid), consent=True),
                aid,
                signer_name="Kerstin Fåman",
                signer_role="Managing director",
                authorised=authorised,
            )

    def confirm_as(self, line: UUID, declared: Declaration, *, authorised: bool = True) -> None:
        """Declare this and confirm, in one go."""
        with self.by_link(line) as tx:
            confirm_line(
                tx, line, declared, signer_name="Kerstin", signer_role="Owner", authorised=authorised
            )

    def choose(self, line: UUID, activity: str) -> None:
        with self.by_link(line) as tx:
            cases.step(tx, line, "change_activity", data={"activity": activity})

    # Everybody

    def step(self, who: str, record: UUID, transition: str, **data: object) -> None:
        with self.tx(who) as tx:
            cases.step(tx, record, transition, data=data or None)

    def prove(self, line: UUID, amount: int) -> None:
        with self.tx("marie") as tx:
            hand_in_proof(tx, line, done_on=self.now.date(), what="Badge and invoice of the fair")
            cases.step(tx, line, "prove")
        with self.tx("marie") as tx:
            request = tx.session.get_one(CaseRow, line).parent_id
            assert request is not None
            report_value(tx, line, amount)

    def account(self, request: UUID) -> None:
        with self.tx("marie") as tx:
            give_account(tx, request, IBAN, "Trä & Fiber Mellansverige")
        with self.tx("yusuf") as tx:
            confirm_account(tx, request, "Called back Marie Ulander at the number of 2024.")

    def wait(self, **span: int) -> None:
        """Let time pass and fire what falls due, in its order."""
        until = self.now + timedelta(**span)
        while self.now < until:
            self.now = min(until, self.now + timedelta(hours=6))
            with self.tx() as tx:
                fire_due(tx)

    # What there is

    def state(self, record: UUID) -> str:
        with self.tx() as tx:
            return tx.session.get_one(CaseRow, record).state

    def line(self, line: UUID) -> Line:
        with self.tx() as tx:
            return tx.session.get_one(Line, line)

    def payment(self, request: UUID) -> Payment:
        with self.tx() as tx:
            return tx.session.execute(
                select(Payment).join(CaseRow, CaseRow.id == Payment.id).where(CaseRow.parent_id == request)
            ).scalar_one()

    def window(self) -> FunderWindow:
        with self.tx() as tx:
            return tx.session.execute(
                select(FunderWindow).where(FunderWindow.call_id == self.call)
            ).scalar_one()

    def counted(self, firm: str) -> int:
        with self.tx() as tx:
            found = select(AidAccount.counted).where(AidAccount.undertaking_id == self.firms[firm])
            return tx.session.execute(found).scalar_one_or_none() or 0

    def letters(self, record: UUID) -> list[tuple[str, str]]:
        """Return role and template of every message about a record, by time and name."""
        with self.tx() as tx:
            order = OutboxMessage.at, OutboxMessage.template, OutboxMessage.role
            found = select(OutboxMessage).where(OutboxMessage.case_id == record).order_by(*order)
            return [(message.role or "", message.template) for message in tx.session.execute(found).scalars()]

    @staticmethod
    def _organisation(tx: Tx, one: cast.Organisation, functions: list[str]) -> UUID:
        return register_organisation(
            tx,
            one.name,
            identifier=one.identifier,
            identifier_kind=cast.IDENTIFIER_KIND,
            legal_form=one.legal_form,
            country="SE",
            nuts=one.nuts,
            town=one.town,
            helix=one.helix,
            functions=functions,
        )


def _changed(original: CallPlan, parameters: dict[str, object] | None, envelope: int | None) -> CallPlan:
    stages = original.stages
    if envelope is not None:
        windows = tuple(replace(window, envelope=envelope) for window in stages[0].windows)
        stages = (replace(stages[0], windows=windows), *stages[1:])
    return replace(original, parameters={**original.parameters, **(parameters or {})}, stages=stages)
