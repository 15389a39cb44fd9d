"""The journal proved: every record replayed against the scheme it pins, heads sealed, free text erased."""

from __future__ import annotations

from grantflow.services.journal.erasing import erase_text
from grantflow.services.journal.replay import Fault, FaultKind
from grantflow.services.journal.sealing import SHORTEST_KEY, Seal, seal
from grantflow.services.journal.verifying import Report, verify

__all__ = ["SHORTEST_KEY", "Fault", "FaultKind", "Report", "Seal", "erase_text", "seal", "verify"]
