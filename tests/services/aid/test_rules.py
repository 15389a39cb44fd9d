"""Rule files: dated, read with file and line, pinned by the call that was published with them."""

from __future__ import annotations

from datetime import date

import pytest

from grantflow.domain.refusal import Refused
from grantflow.services.aid.rules import pin_rules, read_rules, rules_of, shipped
from grantflow.store.aid.rules import rules_from

RULE = """\
rules: mine
version: 1
about: A rule for trying.
entries:
  - name: ceiling
    act: An act
    article: 3(2)
    ceiling: 300 000 EUR
    years: 3
    boundary: inclusive
    valid_from: 2024-01-01
    valid_to: 2030-12-31
    register_within: 20wd
    confidence: memory
"""


def found(tmp_path, text):
    path = tmp_path / "mine.yaml"
    path.write_text(text)
    return [(finding.line, finding.code) for finding in read_rules(path)[1]]


def test_the_shipped_rules_hold_together_and_say_how_sure_they_are():
    plain, findings = read_rules(shipped())
    assert findings == ()
    assert plain is not None
    assert [(rule["name"], rule["ceiling"], rule["confidence"]) for rule in plain["rules"]] == [
        ("dm_ceiling", 300_000_00, "verified"),
        ("dm_ceiling_old", 200_000_00, "memory"),
    ]


@pytest.mark.parametrize(
    ("wrong", "right", "finding"),
    [
        ("rules: mine", "rules: yours", (1, "wrong_name")),
        ("300 000 EUR", "a lot", (8, "wrong_value")),
        ("inclusive", "sometimes", (10, "wrong_value")),
        ("2030-12-31", "2023-12-31", (12, "wrong_order")),
        ("years: 3", "years: 3\n    jubilee: 4", (10, "unknown_key")),
    ],
)
def test_a_wrong_word_is_found_in_its_line(tmp_path, wrong, right, finding):
    assert found(tmp_path, RULE) == []
    assert found(tmp_path, RULE.replace(wrong, right)) == [finding]


def test_two_rules_for_one_day_are_refused(tmp_path):
    second = (
        RULE[RULE.index("  - name") :].replace("ceiling\n", "other\n", 1).replace("2024-01-01", "2026-01-01")
    )
    assert found(tmp_path, RULE + second) == [(21, "overlap")]


def test_a_call_pins_the_rules_that_it_was_published_with(house):
    with house.tx() as tx:
        text = rules_of(tx, house.call)
    assert [rule.article for rule in rules_from(text)] == ["3(2)", "3(2)"]


def test_no_call_is_published_on_a_day_without_a_rule(house, tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(RULE.replace("2024-01-01", "2028-01-01"))
    with pytest.raises(Refused) as caught, house.tx() as tx:
        pin_rules(tx, house.call, path)
    assert [refusal.code for refusal in caught.value.refusals] == ["no_aid_rule"]


def test_the_register_is_told_within_twenty_working_days(house):
    from sqlalchemy import select

    from grantflow.store.aid.models import RegisterEntry

    request, made = house.request_of(limtra="trade_fair")
    house.confirm(made["limtra"])
    house.step("yusuf", request, "grant")
    with house.tx() as tx:
        (entry,) = tx.session.execute(select(RegisterEntry)).scalars()
    # Tuesday 17 November and twenty working days: none of them a Swedish holiday.
    assert entry.due_at.date() == date(2026, 12, 15)
