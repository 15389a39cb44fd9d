"""Saving a section of a form as it stands on somebody's page: also when a colleague saved another one meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from grantflow.domain.calls.forms import Section
from grantflow.domain.refusal import Refusal, Refused
from grantflow.services.applications.form_page import mark_of
from grantflow.services.applications.rights import demand_edit
from grantflow.services.applications.writing import Saved, save_what_fits
from grantflow.store.applications.models import Answers
from grantflow.store.session import Tx

STALE = frozenset({"answers_stale"})


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which somebody else saved something other than what stands on the page."""

    field: str
    theirs: Any


def save_section(
    tx: Tx, application_id: UUID, section: Section, answers: Mapping[str, Any], *, seen: str
) -> tuple[Saved, tuple[Refusal, ...]]:
    """Save what fits of a section, where it is still as the actor saw it; other sections may have moved on.

    Raises:
        Refused: it is not the actor's to write now, or somebody saved this very section in between, in other words.
    """
    demand_edit(tx, application_id)
    row = tx.execute(
        select(Answers.revision, Answers.answers).where(Answers.application_id == application_id)
    ).one()
    if mark_of(section, row.answers) != seen and differences(section, row.answers, answers):
        text = "Somebody else saved this part of the form in the meantime. Look at what they wrote first."
        raise Refused([Refusal("answers_stale", text)])
    return save_what_fits(tx, application_id, answers, revision=row.revision)


def differences(
    section: Section, kept: Mapping[str, Any], answers: Mapping[str, Any]
) -> tuple[Difference, ...]:
    """Return where what is kept of a section differs from what stands on a page."""
    return tuple(
        Difference(field.name, kept.get(field.name))
        for field in section.fields
        if field.name in answers and _plain(kept.get(field.name)) != _plain(answers[field.name])
    )


def _plain(answer: Any) -> Any:
    return None if answer in ("", [], False) else answer


def is_stale(refused: Refused) -> bool:
    """Whether a refusal says that somebody else was faster."""
    return any(refusal.code in STALE for refusal in refused.refusals)
