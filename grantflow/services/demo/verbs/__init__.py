"""What people of the story do: each verb is a few calls of the services that the pages call too."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from grantflow.services.demo.script import Event
from grantflow.services.demo.stage import Stage
from grantflow.services.demo.verbs import aid, bodies, decisions, fund, labs

Verb = Callable[[Stage, Event], None]

VERBS: Mapping[str, Verb] = {**labs.VERBS, **bodies.VERBS, **fund.VERBS, **decisions.VERBS, **aid.VERBS}
"""Every verb of the story by its name in the file."""
