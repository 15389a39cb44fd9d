"""Words on pages: the language of the reader, and how amounts, days and moments are written in it."""

from __future__ import annotations

from datetime import date, datetime
from functools import cached_property
from typing import Any, cast

from babel.support import NullTranslations, Translations
from flask import Flask, g, has_app_context, request
from flask_babel import Babel, Domain, get_locale
from flask_babel import gettext as _

from grantflow.domain.money import Money
from grantflow.domain.refusal import Refusal
from grantflow.domain.time import utc_text
from grantflow.services import formats
from grantflow.services.catalogues import SPOKEN
from grantflow.web.entrance import entrance, person

LANGUAGES = SPOKEN
"""Languages in which the pages are written; a test holds that each has a complete catalogue."""
COLOURS = ("auto", "light", "dark")


class Catalogues(Domain):  # type: ignore[misc]  # Flask-Babel has no types
    """The catalogues, looked for once in a request: a page asks for hundreds of sentences."""

    def get_translations(self) -> Translations | NullTranslations:
        """Return the catalogue of the reader's language."""
        if not has_app_context():
            return NullTranslations()
        if "catalogue" not in g:
            g.catalogue = super().get_translations()
        return cast("Translations", g.catalogue)


class Sentences(Babel):  # type: ignore[misc]  # Flask-Babel has no types
    """Flask-Babel with our catalogues."""

    @cached_property
    def domain_instance(self) -> Catalogues:
        """The catalogues from which every sentence of a page comes."""
        return Catalogues()


def chosen_language() -> str:
    """Return the language in which the reader wants pages, among those that there are.

    The switch in the footer keeps it in a cookie; else it is that of the person signed in, else the browser's. In a
    demo whoever reads is somebody else than the person whom they play, so their browser decides.
    """
    who = None if entrance().demo else person()
    for wanted in (request.cookies.get("language", ""), who.language if who else ""):
        if wanted in LANGUAGES:
            return wanted
    return request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


def language() -> str:
    """Return the language of this page."""
    return str(getattr(get_locale(), "language", LANGUAGES[0]))


def said(refusal: Refusal) -> str:
    """Return the sentence of a refusal in the page's language, its places filled in as that language writes them."""
    sentence = str(_(refusal.text))
    return (
        sentence % {name: _param(value) for name, value in refusal.params.items()}
        if refusal.params
        else sentence
    )


def _param(value: Any) -> str:
    if isinstance(value, Money):
        return formats.amount(value, language())
    if isinstance(value, datetime):
        return formats.moment(value, language(), "UTC")
    if isinstance(value, date):
        return formats.day(value, language())
    if isinstance(value, int) and not isinstance(value, bool):
        return formats.whole(value, language())
    if isinstance(value, list | tuple):
        return formats.listed([_param(each) for each in value], language())
    # Labels of fields and states come from workflow files and have their place in the catalogue; names do not.
    return str(_(value)) if isinstance(value, str) and value else str(value)


def chosen_colours() -> str:
    """Return the colours that the reader chose (the switch in the footer keeps them in a cookie), else the device's."""
    chosen = request.cookies.get("colours", "")
    return chosen if chosen in COLOURS else COLOURS[0]


def install(app: Flask) -> None:
    """Give templates the words of the page."""
    spoken: Catalogues = app.extensions["babel"].instance.domain_instance
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # of Jinja's extension i18n
        gettext=lambda sentence: spoken.get_translations().ugettext(sentence),
        ngettext=lambda one, many, count: spoken.get_translations().ungettext(one, many, count),
        newstyle=True,
    )
    app.template_filter("said")(said)

    @app.template_filter("amount")
    def _amount(value: Money) -> str:
        return formats.amount(value, language())

    @app.template_filter("rate")
    def _rate(value: int) -> str:
        return formats.rate(value, language())

    @app.template_filter("whole")
    def _whole(value: int) -> str:
        return formats.whole(value, language())

    @app.template_filter("day")
    def _day(value: datetime, zone: str = "UTC") -> str:
        return formats.day(value, language(), zone)

    @app.template_filter("moment")
    def _moment(value: datetime, zone: str = "UTC") -> str:
        return formats.moment(value, language(), zone)

    @app.template_filter("span")
    def _span(value: str) -> str:
        return formats.span(value, language())

    @app.template_filter("machine_time")
    def _machine_time(value: datetime) -> str:
        return utc_text(value)

    @app.template_filter("listed")
    def _listed(values: Any) -> str:
        return formats.listed(list(values), language())

    @app.context_processor
    def _frame() -> dict[str, Any]:
        return {
            "page_language": language(),
            "languages": [(code, formats.own_name(code)) for code in LANGUAGES],
            "colours": chosen_colours(),
            "demo": entrance().demo,
        }
