"""Rule files about aid: read from disk with file and line, published with a call, pinned by it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select

from grantflow.domain.aid.de_minimis import rule_in_force
from grantflow.domain.refusal import Refused, refuse
from grantflow.paths import data_folder
from grantflow.store.aid.models import AidRulePin
from grantflow.store.aid.rules import KIND, rules_from
from grantflow.store.published import publish, published_text
from grantflow.store.session import Tx
from grantflow.store.types import canonical_json
from grantflow.workflow.document import (
    Amount,
    Day,
    Entry,
    Finding,
    Key,
    ListOf,
    Name,
    OneOf,
    Record,
    Span,
    Text,
    WholeNumber,
    error,
    has_errors,
    read_file,
)

RULE = Record(
    "rule",
    "A dated rule: who grants aid between the two dates keeps to it.",
    Key("name", Name(), "What other places call it.", required=True),
    Key("act", Text(), "The act in which it stands.", required=True),
    Key("article", Text(), "The article and paragraph.", required=True),
    Key("ceiling", Amount(), "The most that one undertaking may have in the window.", required=True),
    Key("years", WholeNumber(1, 10), "How many years the rolling window is long.", required=True),
    Key(
        "boundary",
        OneOf("inclusive", "exclusive"),
        "Whether aid granted so many years ago to the day still counts.",
        required=True,
    ),
    Key("boundary_about", Text(), "Why the boundary is taken so."),
    Key("valid_from", Day(), "First day on which it decides about a grant.", required=True),
    Key("valid_to", Day(), "Last day on which it decides about a grant.", required=True),
    Key("register_within", Span(), "How soon after the grant the register has to be told.", required=True),
    Key(
        "confidence",
        OneOf("verified", "memory", "draft"),
        "How sure we are of the text; shown wherever the rule is applied.",
        required=True,
    ),
    Key("sources", ListOf(Text()), "Where it was read."),
)
RULES = Record(
    "rule file",
    "A file of dated rules about aid.",
    Key("rules", Text(longest=60), "Its name, the same as the file's.", required=True),
    Key("version", WholeNumber(least=1), "Its version.", required=True),
    Key("about", Text(), "What it covers.", required=True),
    Key("entries", ListOf(RULE, least=1), "The rules.", required=True),
)
DE_MINIMIS = "de-minimis"


def shipped(name: str = DE_MINIMIS) -> Path:
    """Return where a shipped rule file lies."""
    return data_folder("config") / "aid" / f"{name}.yaml"


def read_rules(path: Path) -> tuple[dict[str, Any] | None, tuple[Finding, ...]]:
    """Return a rule file as plain data, unless an error was found, and every finding."""
    got = read_file(path, RULES)
    findings = list(got.findings)
    if got.value is not None:
        findings += _contradictions(got.value, path)
    if got.value is None or has_errors(findings):
        return None, tuple(findings)
    return _plain(got.value), tuple(findings)


def _contradictions(file: Entry, path: Path) -> Iterator[Finding]:
    if file["rules"] != path.stem:
        yield error(
            file.place_of("rules"),
            "wrong_name",
            f"The file is called {path.stem}, and it says {file['rules']}.",
        )
    for rule in file["entries"]:
        if rule["valid_to"] < rule["valid_from"]:
            yield error(rule.place_of("valid_to"), "wrong_order", "The rule ends before it begins.")
    if len({rule["ceiling"].currency for rule in file["entries"]}) > 1:
        yield error(file.place_of("entries"), "two_currencies", "All ceilings of a file are in one currency.")
    for earlier, later in pairwise(sorted(file["entries"], key=lambda rule: rule["valid_from"])):
        if later["valid_from"] <= earlier["valid_to"]:
            yield error(
                later.place_of("valid_from"),
                "overlap",
                f"{later['name']} begins while {earlier['name']} still holds: nobody would know which one decides.",
            )


def _plain(file: Entry) -> dict[str, Any]:
    return {
        "name": str(file["rules"]),
        "version": file["version"],
        "rules": [
            {
                "name": str(rule["name"]),
                "act": str(rule["act"]),
                "article": str(rule["article"]),
                "ceiling": rule["ceiling"].amount,
                "currency": rule["ceiling"].currency,
                "years": rule["years"],
                "boundary": str(rule["boundary"]),
                "valid_from": rule["valid_from"].isoformat(),
                "valid_to": rule["valid_to"].isoformat(),
                "register_within": str(rule["register_within"]),
                "confidence": str(rule["confidence"]),
                "sources": [str(source) for source in rule["sources"]],
            }
            for rule in file["entries"]
        ],
    }


def pin_rules(tx: Tx, call_id: UUID, path: Path | None = None) -> None:
    """Publish the rule file and pin it to a call: what holds for the call no longer depends on the disk.

    Raises:
        Refused: the file has faults, or no rule in it is in force today.
    """
    plain, findings = read_rules(path or shipped())
    if plain is None:
        raise Refused(
            [refuse("rule_file_faulty", "%(fault)s", fault=str(each)).refusals[0] for each in findings]
        )
    text = canonical_json(plain)
    if rule_in_force(rules_from(text), tx.now.date()) is None:
        raise refuse(
            "no_aid_rule", "No de minimis rule is in force on this day, so no aid can be granted under it."
        )
    sha256 = publish(tx, KIND, plain["name"], plain["version"], text)
    tx.session.merge(AidRulePin(call_id=call_id, name=plain["name"], version=plain["version"], sha256=sha256))


def rules_of(tx: Tx, call_id: UUID) -> str | None:
    """Return the text of the rule file that a call pinned, if it pinned one."""
    pin = tx.session.execute(select(AidRulePin).where(AidRulePin.call_id == call_id)).scalar_one_or_none()
    return published_text(tx, KIND, pin.name, pin.version) if pin else None
