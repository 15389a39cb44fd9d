"""Rubrics: by which criteria applications are scored, on which scale, with which weights."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from grantflow.domain.words import Words


@dataclass(frozen=True, slots=True)
class Criterion:
    """A question that reviewers score, with its share of the whole and the least score that it needs."""

    name: str
    title: Words
    help: Words
    weight: int
    """Percent of the whole; the weights of a rubric add up to 100."""
    threshold: int | None
    """The least mean score on the scale, below which the application is not proposed whatever the sum."""
    comment_required: bool = True
    """Whether a score needs words beside it."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """What a score means in words."""

    at: int
    words: Words


@dataclass(frozen=True, slots=True)
class Rubric:
    """A version of a rubric, as applications pin it."""

    name: str
    version: int
    language: str
    title: Words
    least: int
    most: int
    anchors: tuple[Anchor, ...]
    criteria: tuple[Criterion, ...]
    pass_mark: int
    tie_breakers: tuple[str, ...] = ()
    """Criteria that part applications with equal sums, the first first."""

    def criterion(self, name: str) -> Criterion:
        """Return the criterion of that name.

        Raises:
            KeyError: there is none.
        """
        for criterion in self.criteria:
            if criterion.name == name:
                return criterion
        raise KeyError(name)

    def as_json(self) -> dict[str, Any]:
        """Return plain data, from which `from_json` makes the same rubric."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Rubric:
        """Make the rubric that `as_json` wrote."""
        plain = dict(data)
        plain["anchors"] = tuple(Anchor(**anchor) for anchor in plain["anchors"])
        plain["criteria"] = tuple(Criterion(**criterion) for criterion in plain["criteria"])
        plain["tie_breakers"] = tuple(plain["tie_breakers"])
        return cls(**plain)


def parse_rubric(text: str) -> Rubric:
    """Return the rubric of a published text."""
    return Rubric.from_json(json.loads(text))
