"""One's own first page: what waits for me and by when, what happens next, where everything is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, render_template
from flask_babel import gettext as _

from grantflow.services import bounces
from grantflow.services.formats import listed, whole
from grantflow.services.homes.home import Hat, Line, home_of
from grantflow.services.records.meaning import Tone
from grantflow.web.entrance import now, reading, signed_in
from grantflow.web.words import language

pages = Blueprint("home", __name__)

SOON_DAYS = 7


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits, as the list of tasks shows it."""

    title: str
    url: str
    about: str
    due: datetime | None
    zone: str
    tone: Tone
    state: str
    soon: bool


@pages.get("/home")
def show() -> str:
    """Show what waits for the person signed in."""
    who = signed_in()
    with reading() as tx:
        home = home_of(tx, who.id, language())
        unreachable = bounces.unreachable(tx, who.id)
    return render_template(
        "people/home.html",
        person=who,
        home=home,
        unreachable=unreachable,
        waits=[(hat, _tasks(hat.waits, hat)) for hat in home.hats if hat.waits],
        coming=[(hat, _tasks(hat.next, hat)) for hat in home.hats if hat.next],
    )


def _tasks(lines: Iterable[Line], hat: Hat) -> list[Task]:
    return [
        Task(
            _title(line, hat),
            line.path,
            _about(line),
            line.due,
            line.zone,
            line.tone,
            _(line.state),
            line.due is not None and (line.due - now()).days < SOON_DAYS,
        )
        for line in lines
    ]


def _title(line: Line, hat: Hat) -> str:
    if hat.inside and line.count > 1:
        return str(_("%(kind)s (%(count)s)", kind=_(line.kind), count=whole(line.count, language())))
    if line.title != line.call or line.is_call:
        return line.title
    return str(_("%(kind)s %(ref)s", kind=_(line.kind), ref=line.ref))


def _about(line: Line) -> str:
    call = "" if line.is_call else line.call
    if line.step and line.count == 1:
        step = _(line.step)
        if not call:
            return str(_("Your next step: %(step)s", step=step))
        return str(_("%(call)s. Your next step: %(step)s", call=call, step=step))
    if line.clock and line.next_is:
        date = _(line.next_is)
        if not call:
            return str(_("It moves on by itself: %(date)s", date=date))
        return str(_("%(call)s. It moves on by itself: %(date)s", call=call, date=date))
    if not line.step and line.has_it:
        others = listed([_(label) for label in line.has_it], language())
        if not call:
            return str(_("It is with: %(others)s", others=others))
        return str(_("%(call)s. It is with: %(others)s", call=call, others=others))
    return call
