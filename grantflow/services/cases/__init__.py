"""The one door: records are made here, and no state changes anywhere else."""

from __future__ import annotations

from grantflow.domain.step import Stepped
from grantflow.services.cases.choosing import choices
from grantflow.services.cases.creating import create
from grantflow.services.cases.model import CREATE, Choice, Choices, Created, Move, Outcome, UnknownCase
from grantflow.services.cases.schemes import compiled, parameters_of
from grantflow.services.cases.stepping import step, step_all

__all__ = [
    "CREATE",
    "Choice",
    "Choices",
    "Created",
    "Move",
    "Outcome",
    "Stepped",
    "UnknownCase",
    "choices",
    "compiled",
    "create",
    "parameters_of",
    "step",
    "step_all",
]
