"""Each invariant is broken by hand in a database where it held, and found by name."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Mapping
from pathlib import Path

import pytest

from grantflow.domain.actor import SYSTEM
from grantflow.services.invariants import INVARIANTS, Held, check_invariants
from tests.services.invariants.played import NOW, opened, play_into

FUND, STAGES, AID = "north-middle-sweden", "sbri-nuclear-2018", "internationalisation-aid"
SIZES = {FUND: 16, STAGES: 10, AID: 8}

BREAKS: Mapping[str, tuple[str, str]] = {
    "states_are_known": (FUND, "UPDATE gf_case SET state = 'limbo' WHERE lifecycle = 'award'"),
    "no_record_is_orphaned": (
        FUND,
        "UPDATE gf_case SET state = 'eligible' WHERE id = (SELECT min(id) FROM gf_application)",
    ),
    "timers_belong_to_today": (
        FUND,
        """INSERT INTO gf_timer (id, case_id, call_id, seq, number, anchor, due_at, fired)
        SELECT '0f', id, call_id, seq + 1, 0, NULL, entered_at, 0 FROM gf_case WHERE lifecycle = 'call'""",
    ),
    "masks_hold_in_messages": (
        FUND,
        """INSERT INTO gf_outbox_message (id, kind, case_id, entry_id, role, template, data, at, attempts)
        SELECT '0f', 'notice', record_id, id, 'applicant', 'award_letter', '{}', at, 0
        FROM gf_journal_entry WHERE transition = 'approve' AND to_state = 'approved' LIMIT 1""",
    ),
    "histories_are_proved": (
        FUND,
        "DELETE FROM gf_journal_entry WHERE seq = 1 AND lifecycle = 'call'",
    ),
    "four_eyes_were_there": (
        FUND,
        """UPDATE gf_journal_entry SET user_id = (
            SELECT p.user_id FROM gf_journal_entry p WHERE p.lifecycle = 'call' AND p.transition = 'table'
        ) WHERE lifecycle = 'call' AND transition = 'decide'""",
    ),
    "balances_are_sums": (FUND, "UPDATE gf_funder_window SET released = released + 1"),
    "nothing_is_overspent": (FUND, "UPDATE gf_funder_window SET paid = committed + 1"),
    "money_was_promised_before_it_left": (
        FUND,
        """UPDATE gf_ledger_entry SET paid = paid + 100000000
        WHERE id = (SELECT min(id) FROM gf_ledger_entry WHERE kind = 'pay')""",
    ),
    "movements_belong_to_steps": (
        FUND,
        """UPDATE gf_ledger_entry SET entry_id = NULL
        WHERE id = (SELECT min(id) FROM gf_ledger_entry WHERE record_id IS NOT NULL)""",
    ),
    "actions_lie_in_the_frame": (
        FUND,
        """UPDATE gf_application SET actions = '[99]'
        WHERE id = (SELECT min(id) FROM gf_application WHERE submitted_at IS NOT NULL)""",
    ),
    "nobody_who_wrote_the_frame_applies": (
        FUND,
        """INSERT INTO gf_membership (user_id, organisation_id, authorised, since)
        SELECT (SELECT min(user_id) FROM gf_frame_author), organisation_id, 0, '2018-01-01T00:00:00.000000Z'
        FROM gf_application ORDER BY id LIMIT 1""",
    ),
    "frames_are_as_adopted": (FUND, "UPDATE gf_frame SET vision = 'Another one.'"),
    "one_frame_binds": (
        FUND,
        """INSERT INTO gf_frame SELECT c.id, f.call_id, 2, f.title, f.vision, f.conditions, f.changes, f.lang,
            f.consulted_from, f.consulted_until, f.adopted_at, f.published_at, f.sha256
        FROM gf_frame f JOIN gf_case c ON c.lifecycle = 'award' LIMIT 1;
        UPDATE gf_case SET lifecycle = 'frame', state = 'adopted' WHERE id IN (SELECT id FROM gf_frame)""",
    ),
    "minutes_have_two_signatures": (FUND, "UPDATE gf_minutes SET adjuster_id = chair_id"),
    "who_left_has_no_name": (
        FUND,
        """UPDATE gf_case SET state = 'withdrawn'
        WHERE id = (SELECT min(id) FROM gf_participation WHERE user_id IS NOT NULL)""",
    ),
    "only_members_were_there": (FUND, "UPDATE gf_participation SET admitted_at = NULL"),
    "later_stages_follow_completed_ones": (STAGES, "UPDATE gf_application SET lineage_id = NULL"),
    "in_time_means_before_the_deadline": (
        FUND,
        """UPDATE gf_submission SET at = '2029-01-01T00:00:00.000000Z'
        WHERE id = (SELECT min(id) FROM gf_submission WHERE late = 0 AND completion = 0)""",
    ),
    "what_came_late_was_decided_on": (
        FUND,
        """UPDATE gf_submission SET late = 1 WHERE application_id = (
            SELECT min(record_id) FROM gf_journal_entry WHERE lifecycle = 'application' AND to_state = 'submitted'
        )""",
    ),
    "ceilings_hold": (AID, "UPDATE gf_aid_account SET counted = ceiling + 1"),
    "holds_end_with_their_lines": (AID, "UPDATE gf_aid_reservation SET ended_at = NULL, outcome = NULL"),
    "lines_equal_the_ledger": (AID, "UPDATE gf_line SET committed = committed + 1"),
    "nothing_is_paid_without_proof": (AID, "DELETE FROM gf_delivery_proof"),
    "payments_cover_their_lines": (AID, "UPDATE gf_payment SET amount = amount + 1"),
    "no_review_in_conflict_counts": (
        FUND,
        "UPDATE gf_conflict_declaration SET kind = 'hard' WHERE kind = 'none'",
    ),
    "nobody_reviews_their_own": (
        FUND,
        """INSERT INTO gf_membership (user_id, organisation_id, authorised, since)
        SELECT r.reviewer_id, a.organisation_id, 0, '2018-01-01T00:00:00.000000Z'
        FROM gf_review r JOIN gf_application a ON a.id = r.application_id
        WHERE r.submitted_at IS NOT NULL LIMIT 1""",
    ),
    "rankings_count_what_was_handed_in": (
        FUND,
        "UPDATE gf_review SET submitted_at = NULL, sha256 = NULL",
    ),
    "decisions_come_before_their_release": (
        FUND,
        "UPDATE gf_release SET notice_at = '2001-01-01T00:00:00.000000Z'",
    ),
    "bodies_decided_by_signed_minutes": (FUND, "UPDATE gf_minutes SET adjuster_signed_at = NULL"),
    "delegates_stay_within_their_power": (
        FUND,
        "UPDATE gf_decision SET authority = 'delegation', kind = 'yes', amount = 99999999",
    ),
    "nobody_votes_in_conflict": (FUND, """UPDATE gf_agenda_item SET "left" = '[]'"""),
    "awards_rest_on_released_decisions": (FUND, "DELETE FROM gf_release"),
    "promises_equal_awards": (FUND, "UPDATE gf_award SET final_amount = final_amount - 1"),
    "grants_by_rule_are_promised": (
        FUND,
        "UPDATE gf_decision SET authority = 'rule', amount = amount + 1 WHERE kind = 'yes'",
    ),
}


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory, databases: object) -> dict[str, Path]:
    places = {}
    for call, applications in SIZES.items():
        url = databases.fresh("sqlite")  # type: ignore[attr-defined]
        play_into(url, call, applications)
        places[call] = Path(url.removeprefix("sqlite:///"))
    return places


def ask(place: Path) -> dict[str, Held]:
    database = opened(f"sqlite:///{place}")
    try:
        with database.reading(SYSTEM, NOW) as tx:
            return {held.name: held for held in check_invariants(tx)}
    finally:
        database.dispose()


def test_every_invariant_is_broken_here() -> None:
    assert set(BREAKS) == {invariant.__name__ for invariant in INVARIANTS}


@pytest.mark.parametrize("call", SIZES)
def test_all_hold_where_a_call_was_played(played: dict[str, Path], call: str) -> None:
    assert [held for held in ask(played[call]).values() if not held.holds] == []


def test_one_of_those_who_apply_sends_paper(played: dict[str, Path]) -> None:
    with sqlite3.connect(played[FUND]) as connection:
        found = connection.execute(
            "SELECT s.late, s.arrived_at < s.at FROM gf_application a JOIN gf_submission s ON s.application_id = a.id "
            "WHERE a.by_paper = 1 AND s.completion = 0 AND s.arrived_at IS NOT NULL"
        ).fetchall()
    connection.close()
    assert found == [(0, 1)]


@pytest.mark.parametrize("name", BREAKS)
def test_a_breach_is_found(played: dict[str, Path], tmp_path: Path, name: str) -> None:
    call, breach = BREAKS[name]
    place = tmp_path / "broken.sqlite"
    for suffix in ("", "-wal", "-shm"):
        if Path(f"{played[call]}{suffix}").exists():
            shutil.copyfile(f"{played[call]}{suffix}", f"{place}{suffix}")
    with sqlite3.connect(place) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("PRAGMA ignore_check_constraints = ON")
        changed = [connection.execute(statement).rowcount for statement in breach.split(";")]
        assert min(changed) > 0
    connection.close()
    (invariant,) = (one for one in INVARIANTS if one.__name__ == name)
    database = opened(f"sqlite:///{place}")
    try:
        with database.reading(SYSTEM, NOW) as tx:
            assert list(invariant(tx)) != []
    finally:
        database.dispose()
