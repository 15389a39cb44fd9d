"""The walk played through the services that the pages call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from grantflow.services import applications, awards, reviews
from grantflow.services.calls.changing import publish_call
from grantflow.services.labs import framing, taking_part
from grantflow.services.programmes import meetings
from grantflow.services.records import stepping
from grantflow.services.records.visibility import find
from grantflow.store.cases import CaseRow
from tests import cast
from tests.factories.fund import Fund


class ByServices:
    """Each act in a unit of work of whoever acts."""

    def __init__(self, fund: Fund) -> None:
        self.fund = fund

    def id(self, ref: str) -> UUID:
        with self.fund.reading() as tx:
            return UUID(str(tx.execute(select(CaseRow.id).where(CaseRow.ref == ref)).scalar_one()))

    def ref(self, case_id: UUID) -> str:
        with self.fund.reading() as tx:
            return str(tx.execute(select(CaseRow.ref).where(CaseRow.id == case_id)).scalar_one())

    def call(self) -> str:
        return self.ref(self.fund.call_id)

    def step(self, who: cast.Person, ref: str, transition: str, **data: Any) -> None:
        with self.fund.tx(who) as tx:
            if transition == "publish" and ref == self.call():
                publish_call(tx, self.fund.call_id)
            else:
                found = find(tx, ref)
                assert found is not None, f"{who.name} does not see {ref}"
                taken = stepping.take(tx, ref, transition, data, stepping.seen_revision(tx, found))
                assert taken is not None

    # The lab

    def registers(self, who: cast.Person) -> str:
        assert who.organisation is not None
        organisation = self.fund.organisations[who.organisation]
        with self.fund.tx(who) as tx:
            made = taking_part.register_interest(
                tx, self.fund.call_id, organisation_id=organisation, name_shown=True
            )
        return made.ref

    def plans(self, title: str, place: str, starts_at: datetime) -> str:
        with self.fund.tx(cast.YUSUF) as tx:
            return str(taking_part.plan_session(tx, self.fund.call_id, title, starts_at, place=place))

    def holds(self, session: str, attended: Sequence[str], results: str) -> None:
        there = [self.id(each) for each in attended]
        with self.fund.tx(cast.YUSUF) as tx:
            taking_part.hold_session(tx, UUID(session), there)
            taking_part.publish_results(tx, UUID(session), results)

    def brings(self, who: cast.Person, kind: str, text: str) -> str:
        with self.fund.tx(who) as tx:
            return taking_part.contribute(tx, self.fund.call_id, kind, text).ref  # type: ignore[arg-type]  # one of the kinds

    def supports(self, who: cast.Person, contribution: str) -> None:
        with self.fund.tx(who) as tx:
            taking_part.support(tx, self.id(contribution))

    # The frame

    def begins_frame(self, title: str, vision: str) -> str:
        with self.fund.tx(cast.YUSUF) as tx:
            return framing.start_frame(tx, self.fund.call_id, title, vision=vision).ref

    def writes_actions(self, frame: str, actions: Sequence[Mapping[str, Any]]) -> None:
        written = [
            framing.Action(
                each["title"],
                each["envelope"],
                tuple(framing.Indicator(**indicator) for indicator in each["indicators"]),
                each["about"],
                tuple(self.id(source) for source in each["sources"]),
            )
            for each in actions
        ]
        with self.fund.tx(cast.YUSUF) as tx:
            framing.write_actions(tx, self.id(frame), written)

    def comments(self, who: cast.Person, frame: str, text: str) -> None:
        with self.fund.tx(who) as tx:
            framing.comment_on_frame(tx, self.id(frame), text)

    def answers_comments(self, frame: str, text: str) -> None:
        with self.fund.tx(cast.YUSUF) as tx:
            for each in framing.unanswered_comments(tx, self.id(frame)):
                framing.answer_comment(tx, each, text)

    # The board

    def calls_meeting(self, held_at: datetime, record: str, matter: str) -> tuple[str, str]:
        with self.fund.tx(cast.ELIN) as tx:
            meeting = meetings.call_meeting(tx, self.fund.body_id, held_at)
            item = meetings.put_on_agenda(tx, meeting, self.id(record), matter)
        return str(meeting), str(item)

    def notes_presence(self, meeting: str, present: Sequence[cast.Person]) -> None:
        with self.fund.tx(cast.ELIN) as tx:
            meetings.note_presence(tx, UUID(meeting), [self.fund.people[each.name] for each in present])

    def leaves(self, who: cast.Person, meeting: str, item: str) -> None:
        del meeting
        with self.fund.tx(who) as tx:
            meetings.leave_for_item(tx, UUID(item))

    def notes_outcome(self, meeting: str, item: str, minutes: str) -> None:
        with self.fund.tx(cast.ELIN) as tx:
            meetings.note_outcome(tx, UUID(item), "adopted")
            meetings.write_minutes(tx, UUID(meeting), minutes)

    def signs(self, who: cast.Person, meeting: str, role: str) -> None:
        sign = meetings.sign_minutes_as_chair if role == "chair" else meetings.sign_minutes_as_adjuster
        with self.fund.tx(who) as tx:
            sign(tx, UUID(meeting))

    def carries_out(self, who: cast.Person, meeting: str, item: str) -> None:
        del meeting
        with self.fund.tx(who) as tx:
            meetings.carry_out(tx, UUID(item))

    # Applications

    def starts(self, who: cast.Person) -> str:
        return self.ref(self.fund.start(who))

    def fills(self, who: cast.Person, application: str, answers: Mapping[str, Any]) -> None:
        self.fund.fill(who, self.id(application), answers)

    def has_no_ties(self, application: str) -> None:
        with self.fund.tx(cast.YUSUF) as tx:
            applications.declare_own(tx, self.id(application), "none")

    def checks(self, application: str) -> None:
        self.fund.check(cast.YUSUF, self.id(application))

    # Reviews

    def asks_by_mail(self, application: str, reviewer: cast.Person) -> str:
        newcomer = reviews.Newcomer(reviewer.email, "", "en", "http://localhost/invitations", self.fund.now)
        with self.fund.tx(cast.YUSUF) as tx:
            return reviews.ask_by_mail(tx, self.id(application), newcomer).ref

    def asks(self, application: str, reviewer: cast.Person) -> str:
        with self.fund.tx(cast.YUSUF) as tx:
            (made,) = reviews.ask_reviewers(tx, self.id(application), [self.fund.people[reviewer.name]])
        return made.ref

    def declares(self, who: cast.Person, review: str, kind: str, reason: str = "") -> None:
        with self.fund.tx(who) as tx:
            reviews.declare(tx, self.id(review), kind, reason)  # type: ignore[arg-type]  # one of the kinds

    def scores(self, who: cast.Person, review: str, points: int) -> None:
        review_id = self.id(review)
        with self.fund.tx(who) as tx:
            criteria = [each.name for each in reviews.sheet_of(tx, review_id).rubric.criteria]
            said = dict.fromkeys(criteria, "It is said who does what.")
            reviews.save_scores(
                tx, review_id, dict.fromkeys(criteria, points), said, comment="It can begin at once."
            )

    # The decision

    def draws_up(self) -> None:
        with self.fund.tx(cast.KARIN) as tx:
            awards.draw_up_proposal(tx, self.fund.call_id)

    def changes_line(self, application: str, answer: str, reasons: str, departure: str) -> None:
        with self.fund.tx(cast.KARIN) as tx:
            awards.change_line(
                tx,
                self.fund.call_id,
                self.id(application),
                answer=answer,  # type: ignore[arg-type]  # one of the answers
                reasons=reasons,
                departure_reason=departure,
            )

    def reads_letters(self, applications: Sequence[str]) -> list[str]:
        hashes = []
        for each in applications:
            with self.fund.tx(cast.KARIN) as tx:
                shown = awards.show_letter(tx, self.id(each))
                assert shown is not None
                hashes.append(awards.mark_read(tx, self.id(each), shown.text_sha256).text_sha256)
        return hashes

    def award(self, who: cast.Person, application: str) -> str:
        del who
        return self.ref(self.fund.award(self.id(application)))
