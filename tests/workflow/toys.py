"""Toy schemes, written in tests as YAML, and the few words with code that they use."""

import sys
import tempfile
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grantflow.domain.children import Children
from grantflow.domain.refusal import Refusal
from grantflow.workflow.document import Finding
from grantflow.workflow.guards import children
from grantflow.workflow.loader import Loaded, load_scheme
from grantflow.workflow.model import Scheme
from grantflow.workflow.registry import Ask, Registry, effect, fact, guard, selector

HEAD = """
scheme: toy
version: 1
title: Toy
dates:
  deadline:
    about: Last moment.
parameters:
  patience:
    kind: span
    default: 5d
    about: How long somebody waits.
  enough:
    kind: whole_number
    default: 3
    about: How many are enough.
roles:
  applicant:
    label: Applicant
    audience: applicant
  reviewer:
    label: Reviewer
    audience: reviewer
  manager:
    label: Manager
    audience: manager
  board:
    label: Board
    audience: manager
"""


@dataclass(frozen=True)
class Purse:
    """Money that is free."""

    free: int


@dataclass(frozen=True)
class Talks:
    """Talks that were held."""

    held: int


@guard()
def money_left(purse: Purse, ask: Ask) -> Iterable[Refusal]:
    """Enough money is left."""
    if purse.free <= 0:
        yield Refusal("no_money", "No money is left.")


@guard(takes={"at_least": "whole_number"})
def talks_held(talks: Talks, ask: Ask) -> Iterable[Refusal]:
    """Enough talks were held."""
    if talks.held < ask.given["at_least"]:
        yield Refusal("few_talks", "Too few talks were held.")


@guard(takes={"of": "names", "by": "date", "until": "span", "how": "text"})
def listed(ask: Ask) -> Iterable[Refusal]:
    """Something stands on a list."""
    yield from ()


@dataclass(frozen=True)
class Riddle:
    """Something that nothing loads."""


@guard()
def unloaded(riddle: Riddle, ask: Ask) -> Iterable[Refusal]:
    """Somebody knows the answer."""
    yield from ()


@fact(Purse, of=["call", "application"])
def purse(tx: Any, ids: Any) -> Mapping[Any, Purse]:
    return {each: Purse(1) for each in ids}


@fact(Talks, of=["call"])
def talks(tx: Any, ids: Any) -> Mapping[Any, Talks]:
    return {each: Talks(3) for each in ids}


@fact(Children, of=["call", "application"])
def kin(tx: Any, ids: Any) -> Mapping[Any, Children]:
    return {each: Children({}) for each in ids}


@effect(of=["application"], guards=["money_left"], apart=True, asks=["reason"])
def reserve_money(tx: Any, moves: Any) -> None:
    """Money is set aside."""


@effect(of=["call", "application"])
def note_it(tx: Any, moves: Any) -> None:
    """A note is made."""


@effect(of=["review"])
def other_note(tx: Any, moves: Any) -> None:
    """A note is made on a review."""


@selector(source="call", target="application")
def chosen_ones(tx: Any, ids: Any) -> Mapping[Any, Any]:
    """Those that were chosen."""
    return dict.fromkeys(ids, ())


REGISTRY = Registry.collect(
    [sys.modules[__name__], children],
    records=["call", "application", "review"],
    templates=["told", "receipt", "reminder", "refusal"],
)


def write(folder: Path, files: Mapping[str, str]) -> Path:
    """Write a toy scheme; what a test gives for `scheme.yaml` is added to the toys' own head."""
    texts = {"scheme.yaml": "", **files}
    for name, text in texts.items():
        plain = textwrap.dedent(text)
        (folder / name).write_text(HEAD + plain if name == "scheme.yaml" else plain, encoding="utf-8")
    return folder


def load(files: Mapping[str, str], registry: Registry | None = None) -> Loaded:
    with tempfile.TemporaryDirectory() as folder:
        return load_scheme(write(Path(folder), files), registry=registry)


def toy(files: Mapping[str, str]) -> Scheme:
    """Return a toy scheme that is read and not proved."""
    loaded = load(files)
    assert loaded.scheme is not None, [str(finding) for finding in loaded.findings]
    return loaded.scheme


def codes(findings: Iterable[Finding]) -> set[str]:
    return {finding.code for finding in findings}
