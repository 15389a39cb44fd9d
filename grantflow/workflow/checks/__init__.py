"""What a scheme must hold before it runs: one family of checks per file."""

from __future__ import annotations

from grantflow.workflow.findings import Finding
from grantflow.workflow.model import Scheme
from grantflow.workflow.registry import Registry


def check_scheme(scheme: Scheme, registry: Registry) -> list[Finding]:
    """Return everything that is wrong with a scheme."""
    return []
