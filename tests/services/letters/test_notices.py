"""Letters from real rows: the seed fund is played through the services, and every message that it left is rendered."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from grantflow.services import awards
from grantflow.services.letters.catalogue import is_paper
from grantflow.services.letters.compose import Letter, Paragraph
from grantflow.services.letters.notices import Recipient, compose_for, render_notice
from grantflow.store.outbox import OutboxMessage
from tests import cast
from tests.databases import Databases
from tests.factories.fund import Fund, answers, small_fund

ANSWERED = ("mill", "yard", "hall", "forest", "late")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def fund(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Fund]:
    """The fund after its letters: granted less, reserve, refused, late and dismissed, put right."""
    url = databases.fresh(request.param)
    told = Fund(url, small_fund(60_000))
    play(told)
    yield told
    told.database.dispose()
    databases.drop(url)


def play(fund: Fund) -> None:
    fund.play_to_fund()
    mill = fund.apply(cast.LEIF, "Night heat", 40_000, 70_000)
    yard = fund.apply(cast.BENGT, "The beam bank", 30_000, 50_000, [3])
    forest = fund.apply(cast.SARA, "Bark finds an owner", 20_000, 35_000, [2])
    hall = fund.apply(cast.JOHAN, "Borrow a robot", 10_000, 20_000, [4])
    late = fund.start(cast.YLVA)
    fund.fill(cast.YLVA, late, answers("Ten foundries", 30_000, 52_000, [4]))
    fund.names = dict(zip(ANSWERED, (mill, yard, hall, forest, late), strict=True))  # type: ignore[attr-defined]  # for these tests alone
    fund.until(fund.plan.date("submission_deadline") + timedelta(minutes=7))
    fund.send(cast.YLVA, late)
    fund.step(cast.SOFIA, late, "dismiss_late", reason="The log shows no fault of ours.")
    fund.check(cast.YUSUF, hall, unmet=["signed"])
    fund.step(cast.YUSUF, hall, "eligibility_hear", doubts="We find no power of attorney.")
    fund.step(cast.JOHAN, hall, "eligibility_answer", answer="We sent it to your colleague.")
    fund.step(cast.SOFIA, hall, "find_ineligible", reason="Nobody entitled to sign stands behind it.")
    fund.pass_(cast.YUSUF, mill, yard, forest)
    readers = cast.REVIEWERS[1:4]
    given = {each: fund.assign(each, readers) for each in (mill, yard, forest)}
    fund.step(cast.KARIN, fund.call_id, "start_review")
    for each, points in ((mill, 5), (yard, 4), (forest, 2)):
        for reader in readers:
            fund.review(reader, given[each][reader.name], points)
    fund.step(cast.KARIN, fund.call_id, "close_review")
    with fund.tx(cast.KARIN) as tx:
        awards.draw_up_proposal(tx, fund.call_id)
        awards.change_line(
            tx,
            fund.call_id,
            mill,
            amount=35_000_00,
            conditions=["The municipality confirms its share."],
            reasons="Strong, but without the study trip.",
            departure_reason="The study trip is not needed.",
        )
    fund.decide()
    fund.release()
    fund.step(cast.SOFIA, hall, "put_right", reason="The power of attorney had been filed with a colleague.")


def letter(fund: Fund, name: str, template: str, language: str = "en") -> Letter:
    """The paper of a message that was really sent."""
    case: UUID = fund.names[name]  # type: ignore[attr-defined]  # set in play
    with fund.reading() as tx:
        message = tx.session.execute(
            select(OutboxMessage).where(OutboxMessage.case_id == case, OutboxMessage.template == template)
        ).scalar_one()
        return compose_for(tx, case, template, Recipient("Somebody", language), message.data, message.at)


def lines(composed: Letter) -> list[str]:
    return [line.text for line in composed.answer]


def said(composed: Letter) -> str:
    return "\n".join(block.text for block in composed.blocks if isinstance(block, Paragraph))


def test_every_message_of_the_story_becomes_a_mail_in_every_language(fund: Fund):
    with fund.reading() as tx:
        messages = tx.session.execute(select(OutboxMessage).order_by(OutboxMessage.id)).scalars().all()
        assert len({message.template for message in messages}) > 20
        for message in messages:
            for language in ("en", "sv", "lt"):
                mail = render_notice(tx, message, Recipient("Somebody", language))
                assert "None" not in mail.text
                assert "{" not in mail.text
                assert mail.subject in mail.html.replace("&#34;", '"').replace("&amp;", "&")
            if is_paper(message.template):
                assert message.case_id is not None
                compose_for(
                    tx, message.case_id, message.template, Recipient("X", "en"), message.data, message.at
                )


def test_less_than_asked_names_both_sums_the_condition_and_until_when_to_accept(fund: Fund):
    composed = letter(fund, "mill", "award_letter")
    assert lines(composed)[:2] == ["Yes. Your application is granted.", "EUR\u00a035\u202f000."]
    assert lines(composed)[3].startswith("Accept by ")
    assert "You asked for EUR\u00a040\u202f000. The sum granted is lower: EUR\u00a035\u202f000." in said(
        composed
    )
    assert any(
        "The municipality confirms its share." in getattr(block, "items", ()) for block in composed.blocks
    )
    assert "Board of the seed fund decided on " in said(composed)
    assert "An official took" not in said(composed)
    assert "EUR\u00a035\u202f000, and 60\u00a0% of the approved costs." in said(composed)


def test_the_reserve_letter_names_the_place_and_the_end_of_the_list(fund: Fund):
    composed = letter(fund, "yard", "reserve_letter")
    assert lines(composed)[0] == "Not now. Your application is on the reserve list."
    assert "Your place on the list is 1." in said(composed)
    assert "The reserve list ends on " in said(composed)


def test_the_refusal_names_the_place_in_the_ranking(fund: Fund):
    composed = letter(fund, "forest", "refusal_letter")
    assert lines(composed)[:2] == ["No. Your application is refused.", "No money is granted."]
    assert "In the ranking your application stood at place 3 of 3." in said(composed)


def test_late_is_dismissed_with_both_times_and_the_reason(fund: Fund):
    composed = letter(fund, "late", "dismissal_letter")
    assert lines(composed)[2] == "The log shows no fault of ours."
    assert "The application arrived on 12 December 2018, 14:07 (Stockholm)." in said(composed)
    assert "The deadline was 12 December 2018, 14:00 (Stockholm)." in said(composed)


def test_the_letter_of_the_first_decision_stays_as_it_was_when_a_new_one_replaces_it(fund: Fund):
    first = letter(fund, "hall", "ineligible_letter")
    assert lines(first)[2] == "Nobody entitled to sign stands behind it."
    assert "An official took the decision, as the body has delegated." in said(first)
    assert "replaces" not in said(first)
    second = letter(fund, "hall", "decision_replaced")
    assert "This decision replaces the decision of " in said(second)
    assert lines(second)[2] == "The power of attorney had been filed with a colleague."


def test_each_decision_of_the_story_states_its_remedy(fund: Fund):
    for name, template in (
        ("mill", "award_letter"),
        ("forest", "refusal_letter"),
        ("late", "dismissal_letter"),
    ):
        composed = letter(fund, name, template)
        heading = next(
            at
            for at, block in enumerate(composed.blocks)
            if getattr(block, "text", "") == "What you can do against this decision"
        )
        assert isinstance(composed.blocks[heading + 1], Paragraph), name


def test_paper_goes_to_the_organisation_and_mail_to_the_person(fund: Fund):
    composed = letter(fund, "mill", "award_letter")
    assert composed.recipient == cast.LEIF.organisation
    with fund.reading() as tx:
        message = tx.session.execute(
            select(OutboxMessage).where(OutboxMessage.template == "award_letter")
        ).scalar_one()
        assert render_notice(tx, message, Recipient("Leif Åslund", "en")).text.startswith("To Leif Åslund\n")


def test_the_receipt_carries_the_checksum_of_what_was_sent(fund: Fund):
    assert "The checksum of what you sent is " in said(letter(fund, "mill", "receipt"))
