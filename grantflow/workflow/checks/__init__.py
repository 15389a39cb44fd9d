"""What a scheme must hold before it runs: one family of checks per file, each check with its code and its sentence."""

from __future__ import annotations

from itertools import groupby
from types import ModuleType

from grantflow.workflow.checks import (
    decisions,
    family,
    names,
    promises,
    secrets,
    structure,
    telling,
    usage,
    words,
)
from grantflow.workflow.checks.ground import Ground
from grantflow.workflow.checks.spec import CheckSpec
from grantflow.workflow.findings import Finding
from grantflow.workflow.model import Scheme
from grantflow.workflow.registry import Registry

FAMILIES: tuple[ModuleType, ...] = (
    names,
    words,
    structure,
    family,
    secrets,
    telling,
    decisions,
    promises,
    usage,
)
CHECKS: tuple[CheckSpec, ...] = tuple(
    value for module in FAMILIES for value in vars(module).values() if isinstance(value, CheckSpec)
)
"""Every check: names of the scheme's own things first, since without them nothing else can be asked."""


def check_scheme(scheme: Scheme, registry: Registry) -> list[Finding]:
    """Return everything that is wrong with a scheme; warnings are things that can be lived with."""
    ground = Ground(scheme, registry)
    found: list[Finding] = []
    for stage, checks in groupby(CHECKS, key=lambda each: each.stage):
        found.extend(finding for each in checks for finding in each.findings(ground))
        if stage == "names" and found:
            break
    return sorted(set(found))
