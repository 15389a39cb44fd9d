"""The modules of pages: each has a blueprint `pages`, and its package a table `ACCESS` of its routes. One line each."""

from __future__ import annotations

PAGES: tuple[str, ...] = (
    "grantflow.web.assets",
    "grantflow.web.health",
    "grantflow.web.public.call",
    "grantflow.web.public.first",
    "grantflow.web.public.styleguide",
    "grantflow.web.public.workflow",
    "grantflow.web.people.account",
    "grantflow.web.people.choosing_a_password",
    "grantflow.web.people.home",
    "grantflow.web.people.moving_the_clock",
    "grantflow.web.people.registering",
    "grantflow.web.people.switching",
    "grantflow.web.people.signing_in",
    "grantflow.web.programmes.bodies",
    "grantflow.web.programmes.meeting",
)
