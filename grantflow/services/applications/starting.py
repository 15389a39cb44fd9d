"""Starting an application: an organisation, a call, a window, and the form that the stage pins."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from grantflow.domain.refusal import refuse
from grantflow.services import cases
from grantflow.services.deeds import lifecycle_of
from grantflow.services.people.registering import may_act_for
from grantflow.services.people.roles import grant_role
from grantflow.store.applications.models import Answers, Application
from grantflow.store.calls.models import Call, FunderWindow, Stage
from grantflow.store.cases import CaseRow
from grantflow.store.meaning import tags_of
from grantflow.store.session import Tx

RECORD = "application"
COMPLETED = frozenset({"funded", "closed"})
"""The tags of the state in which a funded application has come to its good end."""


def start_application(
    tx: Tx,
    call_id: UUID,
    organisation_id: UUID,
    *,
    title: str = "",
    language: str | None = None,
    window_id: UUID | None = None,
    lineage_id: UUID | None = None,
    on_paper: bool = False,
) -> cases.Created:
    """Start an application of an organisation in a call's present stage; everybody of the organisation may write it.

    `window_id` may be left out where the stage has one window. `on_paper` is for what came by paper or mail: somebody
    of the programme enters it, and says when it arrived when all of it is entered (`receive_paper`, P6).

    Raises:
        Refused: the actor does not act for the organisation, or the call does not receive applications now.
    """
    call = tx.session.get(Call, call_id, populate_existing=True)
    if call is None:
        raise cases.UnknownCase(call_id)
    if not on_paper and not may_act_for(tx, organisation_id):
        raise refuse("not_your_organisation", "You do not belong to this organisation.", "organisation")
    window = window_id or _only_window(tx, call)
    follows = lineage_id or _completed_before(tx, call, organisation_id)

    def keep(case_id: UUID) -> None:
        tx.session.add(
            Application(
                id=case_id,
                call_id=call.id,
                organisation_id=organisation_id,
                window_id=window,
                stage=call.stage,
                title=title.strip(),
                language=language or call.language,
                actions=[],
                lineage_id=follows,
                by_paper=int(on_paper),
                arrived_at=None,
            )
        )
        tx.flush()
        tx.session.add(
            Answers(
                application_id=case_id, revision=0, answers={}, saved_at=tx.now, saved_by=tx.actor.user_id
            )
        )
        tx.flush()

    holder, enterer = _makers(tx, call_id)
    role = enterer if on_paper else holder
    created = cases.create(tx, lifecycle_of(tx, call_id, RECORD), call_id=call_id, record=keep, role=role)
    grant_role(tx, holder, created.case_id, organisation_id=organisation_id)
    return created


def _only_window(tx: Tx, call: Call) -> UUID | None:
    found = tx.execute(
        select(FunderWindow.id).where(FunderWindow.call_id == call.id, FunderWindow.stage == call.stage)
    ).scalars()
    windows: list[UUID] = list(found)
    return windows[0] if len(windows) == 1 else None


def _completed_before(tx: Tx, call: Call, organisation_id: UUID) -> UUID | None:
    """Return the organisation's completed application of the stage that the present one asks for, if it asks."""
    stage = tx.session.get(Stage, (call.id, call.stage))
    needed = (stage.gate or {}).get("completed_stage") if stage is not None else None
    if needed is None:
        return None
    found = (
        select(CaseRow.id, CaseRow.scheme, CaseRow.version, CaseRow.lifecycle, CaseRow.state)
        .join(Application, Application.id == CaseRow.id)
        .where(
            Application.call_id == call.id,
            Application.stage == needed,
            Application.organisation_id == organisation_id,
        )
        .order_by(CaseRow.id)
    )
    for row in tx.execute(found):
        if tags_of(tx, row.scheme, row.version, row.lifecycle, row.state) >= COMPLETED:
            return UUID(str(row.id))
    return None


def _makers(tx: Tx, call_id: UUID) -> tuple[str, str]:
    """Return the role under which an organisation holds its application, and that of who enters what came on paper.

    Where the scheme lets nobody of the programme enter one, the two are the same.
    """
    row = tx.execute(select(CaseRow.scheme, CaseRow.version).where(CaseRow.id == call_id)).one()
    scheme = cases.compiled(tx, row.scheme, row.version).scheme
    by = [role for role in scheme.of_record(RECORD).creation.by if role in scheme.roles]
    holder = next(role for role in by if scheme.roles[role].outside)
    return holder, next((role for role in by if not scheme.roles[role].outside), holder)
