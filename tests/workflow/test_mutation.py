"""The checker is tried itself: single edits of the shipped schemes are found."""

import pytest

from grantflow.app import registry
from tests.workflow.mutation import KINDS, NAMED, Base, Score, equivalent, mutants, sample
from tests.workflow.shipped import schemes

EACH, SEED = 3, 20261122


def score_of(choose):
    score = Score()
    for scheme in schemes():
        base = Base.of(scheme, registry())
        for mutant in choose(base):
            score.add(mutant, base.judge(mutant))
    return score


@pytest.fixture(scope="module")
def sampled():
    return score_of(lambda base: sample(base, EACH, SEED))


def test_there_are_edits_of_every_kind(sampled):
    assert set(sampled.made) == set(KINDS)
    assert len(KINDS) >= 12


def test_the_check_alone_finds_each_edit_of_the_named_kinds(sampled):
    assert sampled.missed == []
    assert len(NAMED) >= 8


def test_what_nothing_finds_is_listed_with_its_reason(sampled):
    assert set(sampled.survivors) <= equivalent().keys()
    assert all(equivalent().values())


def test_a_scheme_without_an_edit_is_found_nothing_wrong_with():
    for scheme in schemes():
        base = Base.of(scheme, registry())
        unchanged = next(iter(mutants(base)))
        verdict = base.judge(type(unchanged)("none", "nowhere", scheme.text))
        assert not verdict.by_check
        assert not verdict.by_all


@pytest.mark.deep
def test_the_check_finds_four_fifths_of_all_edits():
    score = score_of(mutants)
    assert score.missed == []
    assert score.share(score.by_check) >= 0.8
    assert set(score.survivors) == equivalent().keys()
