"""Where things are done and mended: the page of a step, the page of a reason, the pages of a record.

Steps are known by what they do (an effect) or ask for (a guard), reasons by where they say that they are mended, records
by their kind; no name of a state, a transition or a role stands here. A page is named by its address, with `{ref}` for
the record, `{parent}` for the one above it and `{slug}` for its call; an address that no page answers is left out by
the entrance, so that a line may stand here before its page does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from grantflow.domain.refusal import Refusal
from grantflow.services.applications.paper_page import enterers, takes_paper
from grantflow.services.records.meaning import is_inside
from grantflow.services.records.said import Label, Link
from grantflow.services.records.visibility import Found
from grantflow.store.calls.visible import public_states
from grantflow.workflow.model import Row

CHECKLIST, LINES = "/applications/{ref}/checklist", "/applications/{ref}/lines"
"""Where an application is checked: by its checklist, or firm by firm."""
STEP_PAGES: Mapping[str, str] = {
    "freeze_submission": "/applications/{ref}/send",
    "reopen_sections": "/applications/{ref}/checklist",
    "checklist_complete": "/applications/{ref}/checklist",
    "note_no_conflict": "/reviews/{ref}/conflict",
    "note_conflict": "/reviews/{ref}/conflict",
    "scores_complete": "/reviews/{ref}/scores",
    "release_decisions": "/calls/{slug}/letters",
    "every_application_proposed": "/calls/{slug}/proposal",
    "freeze_ranking": "/calls/{slug}/ranking",
    "carry_out_item": "/meetings/{meeting}",
    "keep_on_agenda": "/meetings/{meeting}",
    "drop_item": "/meetings/{meeting}",
    "value_passed_on": "/applications/{ref}/claim",
    "proof_given": "/lines/{ref}/proof",
}
"""Effect or guard of a step: the page on which it is taken, where that is not the plain form of the step."""

ONLY_FOR: Mapping[str, str] = {
    "note_conflict": "outside",
    "value_passed_on": "outside",
    "proof_given": "outside",
}
"""A page of the table above that only those from outside use: an officer finds a conflict on the plain form."""

REASON_PAGES: Mapping[str, Mapping[str, str]] = {
    "application": {
        "registration": "/records/{ref}",
        "actions": "/applications/{ref}/form",
        "window": "/applications/{ref}/form",
        "organisation": "/applications/{ref}/form",
        "asked": "/applications/{ref}/form",
        "budget": "/applications/{ref}/form",
        "sections": "/applications/{ref}/form",
        "selection": "/applications/{ref}/selection",
        "lines": "/applications/{ref}/firms",
        "passed_on": "/applications/{ref}/claim",
        "account": "/applications/{ref}/claim",
        "checklist": "/applications/{ref}/checklist",
        "letter": "/applications/{ref}/letter",
    },
    "call": {
        "proposal": "/calls/{slug}/proposal",
        "ranking": "/calls/{slug}/ranking",
        "letters": "/calls/{slug}/letters",
        "windows": "/calls/{slug}/manage",
        "sessions": "/calls/{slug}/lab",
        "participations": "/calls/{slug}/lab",
        "frame": "/calls/{slug}/lab",
        "application": "/calls/{slug}/applications",
        "award": "/calls/{slug}/applications",
        "line": "/calls/{slug}/applications",
    },
    "review": {"conflicts": "/reviews/{ref}/conflict", "comment": "/reviews/{ref}/scores"},
    "frame": {
        "vision": "/calls/{slug}/lab/frame",
        "changes": "/calls/{slug}/lab/frame",
        "actions": "/calls/{slug}/lab/frame",
        "comments": "/calls/{slug}/lab/frame#comments",
    },
    "participation": {"participations": "/calls/{slug}/lab/places"},
    "award": {"conditions": "/records/{ref}#content"},
    "line": {"proof": "/lines/{ref}/proof"},
}
"""Kind of record and where a reason says that it is mended: the page."""

EVERYWHERE: Mapping[str, str] = {
    "call": "/calls/{slug}",
    "agenda": "/meetings/{meeting}",
    "minutes": "/meetings/{meeting}",
    "body": "/meetings/{meeting}",
}
"""Where a reason is mended, whatever the kind of record."""


@dataclass(frozen=True, slots=True)
class Ways:
    """The addresses of one record, made once for all its steps and reasons."""

    found: Found
    parent: str
    meetings: Mapping[str, UUID]
    """By matter: the meeting that has the record on its agenda, the last one."""

    def step(self, rows: Iterable[Row]) -> tuple[str, str]:
        """Return the page on which a step is taken, and the plain form in case there is no such page."""
        rows = tuple(rows)
        plain = f"/records/{self.found.ref}/steps/{rows[0].name}"
        inside = is_inside(self.found.scheme, self.found.roles)
        for row in rows:
            for word in (*row.effects, *(guard.name for guard in row.guards)):
                page = STEP_PAGES.get(word)
                if page == CHECKLIST and not _has_checklist(self.found):
                    page = LINES
                if page is None or (inside and ONLY_FOR.get(word) == "outside"):
                    continue
                matter = next((str(g.given["of"]) for g in row.guards if "of" in g.given), row.name)
                address = self.address(page, matter)
                if address is not None:
                    return address, plain
        return plain, plain

    def reason(self, refusal: Refusal, row: Row) -> str | None:
        """Return the page on which a reason is mended, where there is one."""
        where = refusal.where
        if where is None:
            return None
        if any(asked.name == where for asked in row.asks):
            return f"/records/{self.found.ref}/steps/{row.name}#field-{where}"
        own = REASON_PAGES.get(self.found.record, {})
        word = where.partition(".")[0]
        page = own.get(where) or own.get(word) or EVERYWHERE.get(word)
        if page is None and word == "dates":
            page = "/calls/{slug}"
        if page is not None:
            matter = next((str(g.given["of"]) for g in row.guards if "of" in g.given), row.name)
            return self.address(page, matter)
        if "-" in where and where == where.upper():  # reasons about other records name their reference
            return f"/records/{where}"
        return self._own_page(row)

    def _own_page(self, row: Row) -> str | None:
        """Return the page of the step itself: a reason about a criterion or an item of its checklist is mended there."""
        page, plain = self.step([row])
        return None if page == plain else page

    def address(self, page: str, matter: str = "") -> str | None:
        """Return a page's address for this record; nothing where it needs a meeting and there is none."""
        meeting = self.meetings.get(matter)
        if "{meeting}" in page and meeting is None:
            return None
        return page.format(ref=self.found.ref, parent=self.parent, slug=self.found.slug, meeting=meeting)


def ways(found: Found) -> Ways:
    """Return the addresses of a record."""
    parent = found.parent_ref if found.parent_id != found.call_id else ""
    return Ways(found, parent, found.meetings if is_inside(found.scheme, found.roles) else {})


def pages_of(found: Found, *, decided: bool = False) -> Iterator[Link]:
    """Yield the pages that belong to a record, for those to whom they are of use.

    `decided` says that the reader was told of a decision, which the state may no longer show: one that was put right.
    """
    inside = is_inside(found.scheme, found.roles)
    if found.record == "call":
        yield from _of_the_call(found, inside=inside)
    elif found.record == "application":
        if not inside:
            yield from _of_the_applicant(found, decided=decided)
        else:
            yield from _of_those_who_check(found)
    elif found.record == "payment" and inside:
        yield Link(Label("The payment and its hands"), f"/payments/{found.ref}")
        yield Link(Label("Payments"), f"/calls/{found.slug}/payments")
    elif found.record == "review" and not inside:
        yield Link(Label("Conflict of interest"), f"/reviews/{found.ref}/conflict")
        yield Link(Label("Scores"), f"/reviews/{found.ref}/scores")
    elif found.record == "award" and not inside and found.parent_ref:
        yield Link(Label("The decision"), f"/applications/{found.parent_ref}/decision")
    elif found.record in {"participation", "contribution", "frame"}:
        yield Link(Label("Lab"), f"/calls/{found.slug}/lab")
        if found.record == "frame":
            yield Link(Label("Vision, actions and comments"), f"/calls/{found.slug}/lab/frame")
        elif found.record == "participation" and inside:
            yield Link(Label("Who registered for the lab"), f"/calls/{found.slug}/lab/places")


def _has_checklist(found: Found) -> bool:
    """Whether applications of a scheme are checked by a list of conditions."""
    return any(
        guard.name == "checklist_complete"
        for lifecycle in found.scheme.lifecycles.values()
        for row in lifecycle.rows
        for guard in row.guards
    )


def _does(found: Found, effect: str) -> bool:
    """Whether some step of a scheme has an effect."""
    return any(
        effect in row.effects for lifecycle in found.scheme.lifecycles.values() for row in lifecycle.rows
    )


def _of_the_call(found: Found, *, inside: bool) -> Iterator[Link]:
    if found.state in public_states(found.scheme, found.lifecycle):
        yield Link(Label("The call as everybody reads it"), f"/calls/{found.slug}")
    if inside:
        yield Link(Label("Manage the call"), f"/calls/{found.slug}/manage")
        yield Link(Label("Applications"), f"/calls/{found.slug}/applications")
        if found.roles & enterers(found.scheme) and takes_paper(found.scheme, found.state):
            yield Link(Label("Enter what came on paper"), f"/calls/{found.slug}/paper")
        kinds = {lifecycle.record for lifecycle in found.scheme.lifecycles.values()}
        if "review" in kinds:
            yield Link(Label("Reviews"), f"/calls/{found.slug}/reviews")
        if _does(found, "freeze_ranking"):
            yield Link(Label("Ranking"), f"/calls/{found.slug}/ranking")
            yield Link(Label("Proposal"), f"/calls/{found.slug}/proposal")
            yield Link(Label("Reserve list"), f"/calls/{found.slug}/reserve")
        if _does(found, "release_decisions"):
            yield Link(Label("Letters"), f"/calls/{found.slug}/letters")
        if "payment" in kinds:
            yield Link(Label("Payments"), f"/calls/{found.slug}/payments")
        yield Link(Label("Messages"), f"/calls/{found.slug}/messages")
    if found.has_lab:
        yield Link(Label("Lab"), f"/calls/{found.slug}/lab")


def _now_asks(found: Found, guard: str) -> bool:
    """Whether a step of the reader's that leads from where a record is asks for something."""
    return any(
        call.name == guard and found.roles.intersection(row.by)
        for row in found.lifecycle.leaving(found.state)
        for call in row.guards
    )


def desk_of(found: Found) -> Link | None:
    """Return the page on which the reader writes on a record, while it is theirs to write."""
    inside = is_inside(found.scheme, found.roles)
    if found.record == "application" and not inside and _now_asks(found, "value_passed_on"):
        return Link(Label("Proofs and claim"), f"/applications/{found.ref}/claim")
    if found.is_masked or found.roles.isdisjoint(found.lifecycle.states[found.state].edit):
        return None
    if found.record == "application" and not inside:
        return Link(Label("Go on writing"), f"/applications/{found.ref}/form")
    if found.record == "review" and not inside:
        return Link(Label("Go on with the review"), f"/reviews/{found.ref}/scores")
    if found.record == "frame" and inside:
        return Link(Label("Write the frame"), f"/calls/{found.slug}/lab/frame/write")
    return None


def _of_those_who_check(found: Found) -> Iterator[Link]:
    if found.roles & found.lifecycle.states[found.state].edit:
        yield Link(Label("The application form"), f"/applications/{found.ref}/form")
    below = {child.record for child in found.scheme.children_of(found.lifecycle.name)}
    if "line" in below:
        yield Link(Label("Firms and decision"), LINES.format(ref=found.ref))
    if _has_checklist(found):
        yield Link(Label("Checklist"), CHECKLIST.format(ref=found.ref))
    if "review" in below:
        yield Link(Label("Reviewers"), f"/applications/{found.ref}/reviewers")


DECIDES = ("record_decisions", "record_single_decision", "grant_by_rule", "record_grant")
"""Effects with which something is decided about an application, for its applicant to read."""
DECIDED = frozenset({"funded", "reserve", "refused", "ineligible", "cancelled"})
"""Tags of states in which an applicant has been told of a decision, as far as they see them."""


def _of_the_applicant(found: Found, *, decided: bool) -> Iterator[Link]:
    if found.roles & found.lifecycle.states[found.state].edit:
        yield Link(Label("The application form"), f"/applications/{found.ref}/form")
    if found.shown.tags.isdisjoint({"started", "not_submitted"}):
        yield Link(Label("What you sent, and the receipt"), f"/applications/{found.ref}/receipt")
    below = {child.record for child in found.scheme.children_of(found.lifecycle.name)}
    told = DECIDED if "award" in below else DECIDED - {"cancelled"}
    if any(_does(found, effect) for effect in DECIDES) and (decided or found.shown.tags & told):
        yield Link(Label("The decision"), f"/applications/{found.ref}/decision")
