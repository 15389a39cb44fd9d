"""The stories of a demo that a newcomer clicks through: what there is to do, as whom, and on which page it begins."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import yaml
from sqlalchemy import select

from grantflow.paths import data_folder
from grantflow.services.demo import address_of
from grantflow.store.people.models import User
from grantflow.store.session import Tx


@dataclass(frozen=True, slots=True)
class Story:
    """Something to try; title and about are sentences that catalogues know."""

    title: str
    about: str
    who: str
    """The name of the one of the cast as whom it is played."""
    email: str
    onward: str
    """The page on which it begins."""


@cache
def told() -> tuple[Story, ...]:
    """Return the stories in the order of their file."""
    path = data_folder("config") / "demo" / "stories.yaml"
    listed = yaml.safe_load(path.read_text(encoding="utf-8"))["stories"]
    return tuple(
        Story(each["title"], each["about"], each["who"], address_of(each["who"]), each["next"])
        for each in listed
    )


def playable(tx: Tx) -> tuple[Story, ...]:
    """Return the stories whose people are registered: none of them where the demo was not loaded."""
    known = set(
        tx.execute(select(User.email).where(User.email.in_([each.email for each in told()]))).scalars()
    )
    return tuple(each for each in told() if each.email in known)
