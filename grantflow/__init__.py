"""GrantFlow: a workflow engine for challenge-driven grant programmes."""

__version__ = "0.1.0"
