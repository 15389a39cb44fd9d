"""The modules of pages: each has a blueprint `pages`, and its package a table `ACCESS` of its routes. One line each."""

from __future__ import annotations

PAGES: tuple[str, ...] = (
    "grantflow.web.assets",
    "grantflow.web.health",
    "grantflow.web.public.call",
    "grantflow.web.public.first",
    "grantflow.web.public.workflow",
    "grantflow.web.people.home",
    "grantflow.web.people.signing_in",
)
