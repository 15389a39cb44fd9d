"""What letters know of each kind of record beyond its case: one reader for each kind."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import aliased

from grantflow.domain.aid.lines import in_words
from grantflow.domain.aid.sent import SentFirm, read_beside
from grantflow.domain.money import BASIS_POINTS, Money
from grantflow.services import formats
from grantflow.services.cases import compiled
from grantflow.services.letters.due import end_of_time_in
from grantflow.services.letters.labels import translated
from grantflow.services.letters.shape import LANGUAGES
from grantflow.services.letters.together import keep, once
from grantflow.store.aid.models import AidAward, AidDecision, Line, Payment
from grantflow.store.applications.models import Application, Submission
from grantflow.store.awards.models import Award, Condition, Decision, Proposal, Release
from grantflow.store.calls.models import FunderWindow
from grantflow.store.cases import CaseRow
from grantflow.store.labs.models import Contribution, Frame, Participation
from grantflow.store.people.models import Organisation
from grantflow.store.programmes.models import Body
from grantflow.store.reviews.models import RankingLine, Review
from grantflow.store.session import Tx

Values = Mapping[str, Any]
Reader = Callable[[Tx, CaseRow, datetime], Values]
"""Reads what was true of a record at a moment: a letter that leaves late speaks of the decision it was written for."""


def _application(tx: Tx, case: CaseRow, at: datetime) -> Values:
    scheme = compiled(tx, case.scheme, case.version).scheme
    for_firms = any(child.record == "line" for child in scheme.children_of(case.lifecycle))
    values = dict(_application_itself(tx, case.id, at))
    first, second = (_aid_decision, _decision) if for_firms else (_decision, _aid_decision)
    decision = first(tx, case.id, at) or second(tx, case.id, at)
    values.update(decision)
    if decision.get("granted") is not None and values.get("asked") is not None:
        values["reduced"] = decision["granted"] < values["asked"]
    if for_firms and decision.get("granted") is None:  # what was granted is told line by line
        values.update(_sent_beside(tx, case.id, at))
    if "reserve_place" in decision:
        lifecycle = scheme.lifecycles[case.lifecycle]
        on_reserve = lifecycle.tagged("reserve") - lifecycle.final
        values["reserve_until"] = end_of_time_in(tx, case, lifecycle, on_reserve, at)
    if "granted" in decision:
        offers = [each for each in scheme.children_of(case.lifecycle) if each.record == "award"]
        values["accept_by"] = next(
            (end_of_time_in(tx, case, each, [each.initial], at) for each in offers), None
        )
    else:
        values.pop("rate", None)
    return values


def _application_itself(tx: Tx, application_id: Any, at: datetime) -> Values:
    row: Any = once(
        tx,
        ("application", application_id),
        lambda: tx.session.execute(_itself(application_id)).one_or_none(),
    )
    if row is None:
        return {}
    application, organisation, window, ref = row
    named = (
        application.title.strip() or ref
    )  # who has only begun has written no title yet, and is told all the same
    sent: Any = once(
        tx,
        ("submission", application_id, at),
        lambda: tx.session.execute(
            _submissions([application_id], at).order_by(Submission.number.desc()).limit(1)
        ).one_or_none(),
    )
    currency = window.currency if window is not None else None
    return {
        "project": named,
        "record_title": named,
        "organisation": organisation,
        "asked": Money(application.asked, currency) if application.asked and currency else None,
        "submitted": sent.at if sent else application.submitted_at,
        "fingerprint": sent.sha256 if sent else None,
        "rate": window.rate if window is not None and window.rate < BASIS_POINTS else None,
        **(_remedy(window.remedy) if window is not None else {"remedy_none": True}),
    }


def read_ahead(tx: Tx, application_ids: Sequence[UUID], at: datetime) -> None:
    """Read for many applications what the letters about them say, within letters that are written together."""
    for each in application_ids:
        keep(tx, ("submission", each, at), None)
        keep(tx, ("decision", each, at), None)
    itself = (
        select(Application, Organisation.name, CaseRow.ref)
        .join(CaseRow, CaseRow.id == Application.id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .where(Application.id.in_(application_ids))
    )
    for application, organisation, ref in tx.session.execute(itself):
        window = application.window_id
        keep(
            tx,
            ("application", application.id),
            (application, organisation, window and tx.session.get_one(FunderWindow, window), ref),
        )
    row: Any
    for row in tx.session.execute(_submissions(application_ids, at).order_by(Submission.number)):
        keep(tx, ("submission", row.application_id, at), row)
    for row in tx.session.execute(_decisions(application_ids, at).order_by(Decision.number)):
        keep(tx, ("decision", row[0].application_id, at), row)


def _itself(application_id: UUID) -> Select[Application, str, FunderWindow, str]:
    return (
        select(Application, Organisation.name, FunderWindow, CaseRow.ref)
        .join(CaseRow, CaseRow.id == Application.id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .outerjoin(FunderWindow, FunderWindow.id == Application.window_id)
        .where(Application.id == application_id)
    )


def _submissions(application_ids: Sequence[UUID], at: datetime) -> Select[UUID, datetime, str]:
    return select(Submission.application_id, Submission.at, Submission.sha256).where(
        Submission.application_id.in_(application_ids), Submission.at <= at
    )


def _decisions(application_ids: Sequence[UUID], at: datetime) -> Select[Any]:
    earlier = aliased(Decision)
    return (
        select(Decision, Body.title, earlier.decided_at, Release.decided_at, Proposal.ranking_id)
        .outerjoin(Body, Body.id == Decision.body_id)
        .outerjoin(earlier, earlier.id == Decision.replaces_id)
        .outerjoin(Release, Release.decision_id == Decision.id)
        .outerjoin(Proposal, Proposal.id == Decision.proposal_id)
        .where(Decision.application_id.in_(application_ids), Decision.decided_at <= at)
    )


def _sent_beside(tx: Tx, application_id: Any, at: datetime) -> Values:
    """Return what was last sent beside the form of a request: the firms in each language, and how they were chosen."""
    text = tx.session.execute(
        select(Submission.text)
        .where(Submission.application_id == application_id, Submission.at <= at)
        .order_by(Submission.number.desc())
        .limit(1)
    ).scalar()
    kept = read_beside(json.loads(text).get("beside", {})) if text else None
    if kept is None or kept.chosen is None:
        return {}
    return {
        "firms": {language: tuple(_named(firm, language) for firm in kept.firms) for language in LANGUAGES},
        "rules": kept.chosen.rules,
        "rules_day": kept.chosen.rules_published_on,
    }


def _named(firm: SentFirm, language: str) -> str:
    activity = translated(in_words(firm.activity), language)
    day, amount = formats.day(firm.starts_on, language), formats.amount(firm.amount, language)
    return f"{firm.firm} ({firm.number}): {activity}, {firm.place}, {day}, {amount}"


def _decision(tx: Tx, application_id: Any, at: datetime) -> Values:
    row: Any = once(
        tx,
        ("decision", application_id, at),
        lambda: tx.session.execute(
            _decisions([application_id], at).order_by(Decision.number.desc()).limit(1)
        ).one_or_none(),
    )
    if row is None:
        return {}
    decision, body, replaced_at, released_at, ranking_id = row
    values: dict[str, Any] = {
        "decided": released_at or decision.decided_at,
        "decider": body,
        "by_rule": decision.authority == "rule",
        "delegated": decision.authority == "delegation",
        "reason": decision.reasons or None,
        "conditions": tuple(
            str(condition["text"] if isinstance(condition, dict) else condition)
            for condition in decision.conditions or ()
        ),
        "replaces": replaced_at,
        "rank": decision.rank,
        **_remedy(decision.remedy),
    }
    if decision.kind == "yes" and decision.amount:
        values["granted"] = Money(decision.amount, decision.currency)
    if decision.kind == "reserve":
        values["reserve_place"] = _place_on_reserve(tx, decision)
    ranked = select(func.count()).select_from(RankingLine).where(RankingLine.ranking_id == ranking_id)
    if ranking_id is not None and decision.rank is not None:
        values["ranked"] = once(tx, ("ranked", ranking_id), lambda: tx.session.execute(ranked).scalar_one())
    return values


def _aid_decision(tx: Tx, application_id: Any, at: datetime) -> Values:
    earlier = aliased(AidDecision)
    currency = (
        select(Line.currency)
        .join(CaseRow, CaseRow.id == Line.id)
        .where(CaseRow.parent_id == application_id)
        .limit(1)
        .scalar_subquery()
    )
    row = tx.session.execute(
        select(AidDecision, earlier.decided_at, currency.label("currency"))
        .outerjoin(earlier, earlier.id == AidDecision.replaces_id)
        .where(AidDecision.application_id == application_id, AidDecision.decided_at <= at)
        .order_by(AidDecision.decided_at.desc(), AidDecision.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return {}
    decision = row.AidDecision
    return {
        "decided": decision.decided_at,
        "replaces": row.decided_at,
        "granted": Money(decision.amount, row.currency) if decision.amount and row.currency else None,
    }


def _place_on_reserve(tx: Tx, decision: Decision) -> int:
    """Return the place among those still on the reserve list of the call, by rank."""
    if decision.rank is None:
        return 1
    later = aliased(Decision)
    before = select(func.count(Decision.id)).where(
        Decision.call_id == decision.call_id,
        Decision.kind == "reserve",
        Decision.rank < decision.rank,
        ~exists().where(later.application_id == Decision.application_id, later.number > Decision.number),
    )
    return 1 + int(tx.session.execute(before).scalar_one())


def _remedy(remedy: Any) -> dict[str, Any]:
    """Return what can be done against a decision; where nothing is said, nothing can (P2)."""
    kind = (remedy or {}).get("kind") or "none"
    return {
        f"remedy_{kind}": True,
        "remedy_to": (remedy or {}).get("to"),
        "remedy_days": (remedy or {}).get("days"),
    }


def _award(tx: Tx, case: CaseRow, at: datetime) -> Values:
    award = tx.session.execute(select(Award).where(Award.id == case.id)).scalar_one_or_none()
    if award is None:
        return {}
    still_open = (
        select(Condition.text)
        .where(Condition.award_id == case.id, Condition.fulfilled_at.is_(None))
        .order_by(Condition.number)
    )
    granted = Money(award.amount, award.currency)
    return {
        **_application_itself(tx, award.application_id, at),
        "granted": granted,
        "amount": granted,
        "paid": Money(award.final_amount, award.currency) if award.final_amount is not None else None,
        "conditions": tuple(tx.session.execute(still_open).scalars()),
    }


def _review(tx: Tx, case: CaseRow, at: datetime) -> Values:
    application_id = tx.session.execute(
        select(Review.application_id).where(Review.id == case.id)
    ).scalar_one_or_none()
    itself = _application_itself(tx, application_id, at) if application_id is not None else {}
    return {name: itself[name] for name in ("project", "organisation", "record_title") if name in itself}


def _line(tx: Tx, case: CaseRow, at: datetime) -> Values:
    row = tx.session.execute(
        select(Line, Organisation.name)
        .join(Organisation, Organisation.id == Line.firm_id)
        .where(Line.id == case.id)
    ).one_or_none()
    if row is None:
        return {}
    line, firm = row
    granted = tx.session.execute(
        select(AidAward.granted_on, AidAward.rule)
        .where(AidAward.line_id == case.id, AidAward.ended_at.is_(None))
        .order_by(AidAward.id.desc())
        .limit(1)
    ).one_or_none()
    return {
        **_application_itself(tx, case.parent_id, at),
        **_aid_decision(tx, case.parent_id, at),
        "firm": firm,
        "activity": {
            language: f"{translated(_spelled(line.activity), language)}, {line.place}"
            for language in LANGUAGES
        },
        "amount": Money(line.amount, line.currency),
        "granted_on": granted.granted_on if granted else None,
        "regulation": granted.rule if granted else None,
    }


def _spelled(name: str) -> str:
    """Return the name of an activity as the label under which the catalogues know it."""
    return name.replace("_", " ").capitalize()


def _payment(tx: Tx, case: CaseRow, at: datetime) -> Values:
    payment = tx.session.execute(select(Payment).where(Payment.id == case.id)).scalar_one_or_none()
    if payment is None:
        return {}
    return {
        **_application_itself(tx, case.parent_id, at),
        "amount": Money(payment.amount, payment.currency),
    }


def _participation(tx: Tx, case: CaseRow, _at: datetime) -> Values:
    row = tx.session.execute(
        select(Participation.level, Organisation.name)
        .outerjoin(Organisation, Organisation.id == Participation.organisation_id)
        .where(Participation.id == case.id)
    ).one_or_none()
    return {"organisation": row.name, "record_title": row.name} if row is not None else {}


def _contribution(tx: Tx, case: CaseRow, _at: datetime) -> Values:
    text = tx.session.execute(
        select(Contribution.text).where(Contribution.id == case.id)
    ).scalar_one_or_none()
    if text is None:
        return {}
    beginning = " ".join(text.split())
    short = beginning if len(beginning) <= 80 else beginning[:79].rsplit(" ", 1)[0] + "…"
    return {"contribution": short, "record_title": short}


def _frame(tx: Tx, case: CaseRow, _at: datetime) -> Values:
    title = tx.session.execute(select(Frame.title).where(Frame.id == case.id)).scalar_one_or_none()
    return {"frame_title": title, "record_title": title}


READERS: Mapping[str, Reader] = {
    "application": _application,
    "award": _award,
    "review": _review,
    "line": _line,
    "payment": _payment,
    "participation": _participation,
    "contribution": _contribution,
    "frame": _frame,
}
"""By kind of record; a new kind that letters speak of is a new reader."""
