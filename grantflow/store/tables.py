"""Every table, by importing every module of models: for migrations and for making a database."""

from __future__ import annotations

from grantflow.store import (
    cases,
    files,
    journal,
    outbox,
    published,
    refusals,
    settings,
    timers,
    workers,
)
from grantflow.store.aid import models as aid
from grantflow.store.applications import models as applications
from grantflow.store.awards import models as awards
from grantflow.store.calls import ledger
from grantflow.store.calls import models as calls
from grantflow.store.labs import models as labs
from grantflow.store.people import mailing, signing, tokens
from grantflow.store.people import models as people
from grantflow.store.programmes import models as programmes
from grantflow.store.programmes import webhooks
from grantflow.store.reviews import models as reviews
from grantflow.store.types import Base

MODULES = (
    cases,
    files,
    journal,
    outbox,
    published,
    refusals,
    settings,
    timers,
    workers,
    people,
    mailing,
    signing,
    tokens,
    programmes,
    webhooks,
    calls,
    ledger,
    labs,
    applications,
    aid,
    reviews,
    awards,
)
metadata = Base.metadata
