"""The form of a firm: what is read out of it, and its fields with the words as they were typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from grantflow.domain.refusal import Refusal
from grantflow.services import formats
from grantflow.services.aid.pages.firm import FirmPage
from grantflow.services.aid.pages.reckoning import Reckoning
from grantflow.services.aid.saying import Said, SaidAid, Typed
from grantflow.web.fields import Field, errors_of
from grantflow.web.words import language

ROWS, MORE, MOST_ROWS = 1, 3, 30
"""So many rows of aid stand on the page at first; so many come with each press; so many at most."""


@dataclass(frozen=True, slots=True)
class Form:
    """The words of a form, by the names of its fields, and how many rows of aid it has."""

    words: Mapping[str, str]
    rows: int

    @property
    def said(self) -> Said:
        """What the words say, read as the language of the page writes figures."""
        return Said(
            signer_name=self._text("signer_name"),
            signer_role=self._text("signer_role"),
            authorised=self.ticked("authorised"),
            headcount=self._number("headcount"),
            turnover=self._amount("turnover"),
            balance=self._amount("balance"),
            no_other_aid=self.ticked("no_other_aid"),
            consent=self.ticked("consent"),
            aid=tuple(
                SaidAid(
                    self._day(f"aid.{number}.on"),
                    self._amount(f"aid.{number}.amount"),
                    self._text(f"aid.{number}.by"),
                )
                for number in range(self.rows)
            ),
        )

    def ticked(self, name: str) -> bool:
        """Whether a box is ticked."""
        return self.words.get(name) == "yes"

    def _text(self, name: str) -> str:
        return self.words.get(name, "").strip()

    def _number(self, name: str) -> Typed:
        text = self._text(name)
        read = formats.read_whole(text, language()) if text else None
        return (text or None) if read is None else read

    def _amount(self, name: str) -> Typed:
        text = self._text(name)
        read = formats.read_amount(text, language()) if text else None
        return (text or None) if read is None else read

    def _day(self, name: str) -> str:
        text = self._text(name)
        read = formats.read_day(text) if text else None
        return text if read is None else read.isoformat()


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields as the page draws them."""

    rows: int
    who: tuple[Field, ...]
    size: tuple[Field, ...]
    none: Field
    aid: tuple[tuple[Field, Field, Field], ...]
    aid_error: str
    consent: Field
    reason: Field
    over: str
    """Why the sum does not fit, where that is so."""


def kept(page: FirmPage) -> Form:
    """Return the form as it stands when it is opened: with what the firm declared with this line before."""
    words = {}
    if page.kept is not None:
        words["headcount"] = formats.whole(page.kept.headcount, language())
        words["turnover"] = formats.plain_amount(page.kept.turnover, language())
        words["balance"] = formats.plain_amount(page.kept.balance, language())
    for number, aid in enumerate(page.declared):
        words[f"aid.{number}.on"] = aid.granted_on.isoformat()
        words[f"aid.{number}.amount"] = formats.plain_amount(aid.amount, language())
        words[f"aid.{number}.by"] = aid.granted_by
    return Form(words, max(ROWS, len(page.declared)))


def typed(form: MultiDict[str, str]) -> Form:
    """Return the words of a form that was sent."""
    given = form.get("rows", "")
    rows = int(given) if given.isascii() and given.isdigit() and len(given) < 4 else ROWS
    rows += MORE if form.get("what") == "more" else 0
    return Form(form.to_dict(), max(1, min(rows, MOST_ROWS)))


def fields(form: Form, reckoning: Reckoning | None, problems: Sequence[Refusal]) -> Fields:
    """Return the fields, each with its words and with what has to be mended in it."""
    wrong = errors_of(problems)
    currency = reckoning.ceiling.currency if reckoning is not None else "EUR"

    def box(name: str, label: str, help_: str = "") -> Field:
        return Field(name, "declaration", label, help_, form.ticked(name), wrong.get(name, ""))

    def line(name: str, label: str, help_: str = "", autocomplete: str = "") -> Field:
        return Field(
            name,
            "text",
            label,
            help_,
            form.words.get(name, ""),
            wrong.get(name, ""),
            autocomplete=autocomplete,
        )

    def sum_(name: str, label: str, help_: str = "") -> Field:
        return Field(
            name, "money", label, help_, form.words.get(name, ""), wrong.get(name, ""), unit=currency
        )

    return Fields(
        rows=form.rows,
        who=(
            line("signer_name", _("Your name"), autocomplete="name"),
            line("signer_role", _("Your role in the firm"), autocomplete="organization-title"),
            box("authorised", _("I am authorised to sign for the firm.")),
        ),
        size=(
            Field(
                "headcount",
                "number",
                _("How many people work for the firm"),
                _("In full-time years; with all firms that belong together with yours."),
                form.words.get("headcount", ""),
                wrong.get("headcount", ""),
            ),
            sum_("turnover", _("Turnover of the last closed year")),
            sum_("balance", _("Balance sheet of the last closed year")),
        ),
        none=box(
            "no_other_aid", _("None. The firm received no other de minimis aid in the last three years.")
        ),
        aid=tuple(
            (
                Field(
                    f"aid.{number}.on",
                    "date",
                    _("Granted on"),
                    value=form.words.get(f"aid.{number}.on", ""),
                    error=wrong.get(f"aid.{number}.on", ""),
                ),
                sum_(f"aid.{number}.amount", _("Sum")),
                line(f"aid.{number}.by", _("By whom")),
            )
            for number in range(form.rows)
        ),
        aid_error=wrong.get("declared_aid", ""),
        consent=box(
            "consent",
            _("I agree that this aid is kept and entered in the public register of de minimis aid."),
        ),
        reason=Field(
            "reason",
            "long_text",
            _("Why the firm declines"),
            value=form.words.get("reason", ""),
            error=wrong.get("reason", ""),
            required=False,
            rows=3,
        ),
        over=wrong.get("activity", ""),
    )
