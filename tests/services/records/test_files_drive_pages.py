"""A label renamed, a state and a step added in the files alone: the page shows them, and no code knew of them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from grantflow.app import registry
from grantflow.domain.ids import Ids
from grantflow.services import cases
from grantflow.services.records.page import record_page
from grantflow.store.session import Database
from grantflow.workflow.engine import Engine
from grantflow.workflow.loader import load_scheme
from tests import cast
from tests.databases import Databases, Kind
from tests.factories.fund import Fund, small_fund
from tests.factories.story import without_lab

SECOND_LOOK = """
  second_look:
    label: A second look is taken
    upcoming: Second look
    phase: assessment
    tags: submitted
    view:
      - applicant
      - officer
      - manager
      - delegate
      - board
    waits_for: officer
"""
STEPS = """
  - name: look_again
    label: Look again
    from: received
    to: second_look
    by: officer
  - name: seen_again
    label: It was looked at twice
    from: second_look
    to: received
    by: officer
"""


@pytest.fixture
def changed(tmp_path: Path) -> Engine:
    """The shipped scheme, with a label renamed and a state and two steps more."""
    folder = tmp_path / "challenge_driven" / "v1"
    shutil.copytree("workflows/challenge_driven/v1", folder)
    shutil.copytree("workflows/blocks", tmp_path / "blocks")
    file = folder / "application.yaml"
    text = file.read_text()
    text = text.replace("label: Eligibility check\n", "label: The formal look\n", 1)
    text = text.replace("\nstates:\n", f"\nstates:{SECOND_LOOK}", 1)
    text = text.replace("\ntransitions:\n", f"\ntransitions:{STEPS}", 1)
    before, step, after = text.partition("  - name: cancel_with_call\n")
    file.write_text(
        before + step + after.replace("      - draft\n", "      - draft\n      - second_look\n", 1)
    )
    file = folder / "call.yaml"
    before, emit, after = file.read_text().partition("transition: application.cancel_with_call\n")
    file.write_text(
        before
        + emit
        + after.replace("          - draft\n", "          - draft\n          - second_look\n", 1)
    )
    loaded = load_scheme(folder, registry=registry())
    assert loaded.scheme is not None, "\n".join(map(str, loaded.findings))
    return Engine(registry(), [loaded.scheme])


@pytest.fixture
def fund(databases: Databases, database_kind: Kind, changed: Engine) -> Fund:
    """A fund that runs by the changed scheme; one application is being checked."""
    url = databases.fresh(database_kind)
    told = Fund(url, without_lab(small_fund(95_000)))
    told.database.dispose()
    told.database = Database(url, changed, Ids("changed"), scratch=True)
    told.set_up().load().announce()
    told.until(told.plan.date("fund_opens"))
    told.told["heat"] = told.apply(cast.LEIF, "Heat", 40_000, 80_000)
    told.until(told.plan.date("submission_deadline"))
    return told


def test_a_changed_file_changes_the_page(fund: Fund, databases: Databases) -> None:
    from tests.services.records.test_visibility import ref_of

    ref = ref_of(fund, "heat")
    with fund.reading(cast.YUSUF) as tx:
        page = record_page(tx, ref, "en")
    assert page is not None
    assert page.state.label == "The formal look"
    assert {option.label: option.allowed for option in page.options}["Look again"]
    with fund.tx(cast.YUSUF) as tx:
        cases.step(tx, fund.told["heat"], "look_again")
    for person in (cast.YUSUF, cast.LEIF):
        with fund.reading(person) as tx:
            page = record_page(tx, ref, "en")
        assert page is not None
        assert page.state.label == "A second look is taken"
        assert [step.label for step in page.path if step.when == "now"] == ["Second look"]
        assert page.journal[0].sentence.english == "Look again. It is now: A second look is taken."
    fund.database.dispose()
    databases.drop(fund.database.url)
