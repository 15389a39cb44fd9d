"""The schemes that are shipped: proved, as reviewed, every row of them taken, drawn and described truly."""

import pytest

from grantflow.app import registry
from grantflow.paths import data_folder
from grantflow.workflow.canonical import text_of
from grantflow.workflow.checks.ground import Ground
from grantflow.workflow.draw import pages_of
from grantflow.workflow.loader import parse_scheme
from grantflow.workflow.machine import compile_scheme
from grantflow.workflow.matrix import matrix_of
from grantflow.workflow.scenarios import play, scenarios_of
from grantflow.workflow.words import words_of
from tests.workflow.shipped import SNAPSHOTS, loaded, schemes, snapshot

DOCS = data_folder("workflows").parent / "docs"
REVIEW = "run `python -m tests.workflow.shipped` and read the difference line by line"
WRITE = "run `grantflow workflows draw --write` and `grantflow workflows words --write`"


@pytest.fixture(params=schemes(), ids=lambda scheme: f"{scheme.name}-v{scheme.version}")
def scheme(request):
    return request.param


def test_nothing_is_wrong_with_them():
    assert [str(finding) for each in loaded() for finding in each.findings] == []
    assert len(schemes()) >= 2


def test_they_lie_in_folders_of_their_names():
    folders = [each.folder.relative_to(data_folder("workflows")).as_posix() for each in loaded()]
    assert folders == [f"{scheme.name}/v{scheme.version}" for scheme in schemes()]


def test_the_snapshot_is_the_one_that_was_reviewed(scheme):
    assert snapshot(scheme).read_text(encoding="utf-8") == matrix_of(scheme), REVIEW


def test_no_snapshot_is_left_over():
    assert sorted(SNAPSHOTS.iterdir()) == sorted(map(snapshot, schemes()))


def test_the_published_text_says_all(scheme):
    again = parse_scheme(scheme.text)
    assert again == scheme
    assert again.sha256 == scheme.sha256
    assert text_of(again) == scheme.text


def test_scenarios_take_every_row_from_every_state(scheme):
    ground, compiled = Ground(scheme, registry()), compile_scheme(scheme, registry())
    for lifecycle in scheme.lifecycles.values():
        scenarios = list(scenarios_of(ground, lifecycle))
        taken = {(step.row, step.source) for each in scenarios for step in each.steps}
        assert taken == {(row.number, source) for row in lifecycle.rows for source in row.sources}
        assert [play(compiled.machines[lifecycle.name], each) for each in scenarios] == [None] * len(
            scenarios
        )


def test_a_scenario_that_a_machine_does_not_follow_is_told(scheme):
    ground, compiled = Ground(scheme, registry()), compile_scheme(scheme, registry())
    lifecycle = compiled.root.lifecycle
    scenario = next(iter(scenarios_of(ground, lifecycle)))
    other = next(one for one in compiled.machines.values() if one is not compiled.root)
    assert play(other, scenario) is not None


def test_pictures_and_tables_are_true(scheme):
    stale = [page.name for page in pages_of(scheme, registry()) if not page.is_true(DOCS / "workflows")]
    assert stale == [], WRITE


def test_no_picture_is_left_over():
    drawn = {page.name for scheme in schemes() for page in pages_of(scheme, registry())}
    assert {path.name for path in (DOCS / "workflows").iterdir()} == drawn


def test_the_words_of_the_format_are_true():
    assert (DOCS / "workflows.md").read_text(encoding="utf-8") == words_of(registry()), WRITE
