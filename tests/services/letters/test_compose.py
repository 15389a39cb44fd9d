"""What letters say: the four lines, amounts and days by language, conditions and remedies only where there are any."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from grantflow.domain.money import Money
from grantflow.services.letters.catalogue import shipped
from grantflow.services.letters.compose import Heading, Letter, Paragraph, Points, WordMissing, compose
from grantflow.services.letters.papers import letter_html, letter_mail
from grantflow.services.letters.words import ACCOUNT
from tests.services.letters.values import DECISION


def letter(template: str, language: str = "en", **changed: Any) -> Letter:
    return compose(shipped(), template, {**DECISION, **changed}, language=language, zone="Europe/Stockholm")


def said(composed: Letter) -> list[str]:
    return [block.text for block in composed.blocks if isinstance(block, Paragraph)]


def test_a_grant_answers_in_four_lines():
    assert [(line.name, line.text) for line in letter("award_letter").answer] == [
        ("answer", "Yes. Your application is granted."),
        ("amount", "SEK\u00a0300\u202f000."),
        ("why", "A clear trial plan."),
        ("next", "Accept by 22 December 2026."),
    ]


def test_less_than_asked_is_said_with_both_sums_and_conditions_one_by_one():
    composed = letter("award_letter")
    assert "You asked for SEK\u00a0350\u202f000. The sum granted is lower: SEK\u00a0300\u202f000." in said(
        composed
    )
    assert Points(DECISION["conditions"], numbered=True) in composed.blocks


def test_what_has_no_value_is_not_there_at_all():
    composed = letter("award_letter", reduced=False, conditions=(), accept_by=None)
    assert not any("lower:" in text for text in said(composed))
    assert Heading("Conditions") not in composed.blocks
    assert not any(isinstance(block, Points) for block in composed.blocks)
    assert composed.answer[3].text == "Accept the grant on its page."


def test_a_new_decision_names_the_day_of_the_one_that_it_replaces():
    composed = letter("award_letter", replaces=datetime(2026, 8, 1, 12, tzinfo=UTC))
    assert "This decision replaces the decision of 1 August 2026." in said(composed)
    assert not any("replaces" in text for text in said(letter("award_letter")))


@pytest.mark.parametrize(
    ("remedy", "sentence"),
    [
        ({"remedy_none": True}, "This decision cannot be appealed."),
        ({"remedy_correction": True}, "a name, a sum or another detail in it is plainly wrong"),
        (
            {"remedy_reconsideration": True, "remedy_to": "the board", "remedy_days": 21},
            "Write to the board within 21 days of receiving this letter.",
        ),
        (
            {"remedy_appeal": True, "remedy_to": "the administrative court", "remedy_days": 21},
            "Address the appeal to the administrative court and send it to us within 21 days",
        ),
    ],
)
def test_each_decision_states_its_remedy_or_that_there_is_none(remedy: dict[str, Any], sentence: str):
    for template in (
        "award_letter",
        "refusal_letter",
        "reserve_letter",
        "dismissal_letter",
        "aid_grant_letter",
    ):
        composed = letter(template, **{"remedy_none": None, **remedy})
        heading = composed.blocks.index(Heading("What you can do against this decision"))
        after = composed.blocks[heading + 1 :]
        assert len(after) == 1, template
        assert isinstance(after[0], Paragraph)
        assert sentence in after[0].text


def test_the_reserve_list_names_place_and_end():
    composed = letter("reserve_letter", reserve_place=2, reserve_until=date(2027, 5, 31))
    assert "Your place on the list is 2." in said(composed)
    assert composed.answer[3].text.startswith("Nothing. The list ends on 31 May 2027;")


@pytest.mark.parametrize(
    ("language", "day", "amount"),
    [
        ("en", "18 November 2026", "SEK\u00a0300\u202f000"),
        ("sv", "18 november 2026", "300\u202f000\u00a0kr"),
        ("lt", "2026 m. lapkričio 18 d.", "300\u202f000\u00a0SEK"),
    ],
)
def test_days_and_amounts_are_written_as_the_language_does(language: str, day: str, amount: str):
    composed = letter("award_letter", language)
    assert composed.language == language
    assert day in said(composed)[0], "of a moment, the day that it is in the call's zone"
    assert composed.answer[1].text == f"{amount}."


def test_two_full_stops_in_a_row_are_one():
    assert letter("award_letter", "lt").answer[3].text == "Patvirtinkite iki 2026 m. gruodžio 22 d."


def test_whoever_reads_none_of_the_languages_gets_the_calls_else_english():
    assert compose(shipped(), "award_letter", DECISION, language="mt", otherwise="sv").language == "sv"
    assert compose(shipped(), "award_letter", DECISION, language="mt", otherwise="mt").language == "en"


def test_a_value_that_is_always_needed_is_missed():
    with pytest.raises(WordMissing, match="decider"):
        letter("award_letter", decider=None)


def test_every_shipped_letter_is_composed_with_the_least_that_is_known_in_every_language():
    for template, design in shipped().designs.items():
        known = DECISION | (_WAY_IN if design.kind == ACCOUNT else {})
        for language in design.texts:
            composed = compose(shipped(), template, known, language=language)
            bare = compose(
                shipped(),
                template,
                {name: value for name, value in known.items() if name not in _UNSURE},
                language=language,
            )
            for each in (composed, bare):
                mail = letter_mail(each)
                assert each.subject in mail.html
                assert "{" not in mail.text
                assert ".." not in mail.text


_WAY_IN = {"link": "https://grants.example/invitations/abc", "hours": 2, "days": 14}
_UNSURE = ("asked", "granted", "reduced", "rate", "conditions", "accept_by", "reason")


def test_words_of_people_are_text_and_never_markup():
    composed = letter("award_letter", project="<b>Bold</b> & {project}", reason="<script>alert(1)</script>")
    for html in (letter_html(composed), letter_mail(composed).html):
        assert "<script>" not in html
        assert "<b>" not in html
        assert "&lt;b&gt;Bold&lt;/b&gt; &amp; {project}" in html


def test_a_hostile_reference_stays_inside_its_quotes_in_the_style_sheet():
    html = letter_html(letter("award_letter", ref='x"; } </style><script>'))
    style = html[html.index("<style>") : html.index("</style>")]
    assert html.count("</style>") == 1
    assert "script" in style, "the letters of it are there"
    assert "<script" not in style


def test_money_of_another_kind_than_declared_is_refused():
    with pytest.raises(TypeError, match="money"):
        letter("award_letter", granted=300_000)
    assert letter("award_letter", granted=Money(1, "EUR")).answer[1].text == "EUR\u00a00.01."
