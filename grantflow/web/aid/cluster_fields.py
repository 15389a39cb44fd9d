"""The questions that a cluster answers beside its form, as fields with what was typed and what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from grantflow.domain.aid.functions import FUNCTIONS
from grantflow.domain.money import Money
from grantflow.domain.refusal import Refusal
from grantflow.services import formats
from grantflow.services.aid.naming import FIELD, LONG, SHORT
from grantflow.services.calls.public import spelled
from grantflow.services.countries import countries
from grantflow.web.fields import Field, errors_of, typed
from grantflow.web.words import language

Values = Mapping[str, Any]


def functions_field(values: Values) -> Field:
    """Return the question what the organisation does for firms, for one that has not said it yet."""
    return Field(
        "organisation",
        "many",
        _("What does your organisation do for firms?"),
        help=_(
            "Say it once; it is kept with your organisation. Only who works for firms can ask on their behalf."
        ),
        value=[str(each) for each in values.get("functions") or ()],
        choices=tuple((name, _(label)) for name, label in FUNCTIONS.items()),
    )


def selection_fields(values: Values, problems: Iterable[Refusal] = ()) -> tuple[Field, ...]:
    """Return the questions about how the firms were chosen."""
    wrong = errors_of(problems)

    def field(name: str, kind: Any, label: str, **more: Any) -> Field:
        where = f"{FIELD}{name}"
        value = _shown(values.get(name))
        return Field(where, kind, label, value=value, error=wrong.get(where, ""), **more)

    return (
        field(
            "how",
            "long_text",
            _("How did you invite the firms?"),
            help=_("Where the invitation stood, who could see it, and until when one could answer."),
            limit=LONG,
        ),
        field("rules", "long_text", _("By which rules did you choose among them?"), limit=LONG),
        field("rules_published_on", "date", _("On which day were the rules published?")),
        field("invited", "number", _("How many firms did you invite?")),
        field("answered", "number", _("How many of them answered?")),
        field("chosen", "number", _("How many did you choose?")),
        field(
            "reasons",
            "long_text",
            _("Why were the others who answered not chosen?"),
            required=False,
            limit=LONG,
        ),
    )


def typed_selection(form: MultiDict[str, str]) -> dict[str, Any]:
    """Return what was typed about how the firms were chosen, by the words of the record."""
    answers = {each.name.removeprefix(FIELD): typed(each, form) for each in selection_fields({})}
    return answers | {"functions": typed(functions_field({}), form)}


def firm_fields(
    values: Values, problems: Iterable[Refusal], known: Sequence[tuple[Any, str]]
) -> tuple[Field, ...]:
    """Return the questions about which firm it is: one named before, or one by its number."""
    wrong = errors_of(problems)
    fields = [
        Field(
            "number",
            "text",
            _("Registration number"),
            help=_("If the firm is registered here under this number already, it is this one."),
            value=_shown(values.get("number")),
            error=wrong.get("number", ""),
            limit=SHORT // 2,
        ),
        Field(
            "name",
            "text",
            _("Name of the firm"),
            value=_shown(values.get("name")),
            error=wrong.get("name", ""),
            limit=SHORT // 2,
            autocomplete="off",
        ),
        Field(
            "country",
            "record",
            _("Country in which it is registered"),
            value=_shown(values.get("country")),
            error=wrong.get("country", ""),
            choices=countries(language()),
        ),
    ]
    if known:
        choice = Field(
            "known",
            "record",
            _("A firm that you have named before"),
            help=_("Choose it here, or write the number, name and country of another one below."),
            value=_shown(values.get("known")),
            error=wrong.get("known", ""),
            required=False,
            choices=tuple((str(firm_id), name) for firm_id, name in known),
        )
        fields.insert(0, choice)
    return tuple(fields)


def activity_field(
    values: Values, problems: Iterable[Refusal], offered: Sequence[tuple[str, Money]]
) -> Field:
    """Return the question what the firm shall do: what the call offers, each with its lump sum."""
    return Field(
        "activity",
        "choice",
        _("What shall it do?"),
        value=_shown(values.get("activity")),
        error=errors_of(problems).get("activity", ""),
        choices=activities(offered),
    )


def activities(offered: Sequence[tuple[str, Money]]) -> tuple[tuple[str, str], ...]:
    """Return what a call offers as choices, the dearest first."""
    return tuple(
        (
            name,
            _(
                "%(activity)s: %(amount)s",
                activity=_(spelled(name)),
                amount=formats.amount(amount, language()),
            ),
        )
        for name, amount in sorted(offered, key=lambda each: -each[1].amount)
    )


def plan_fields(values: Values, problems: Iterable[Refusal] = ()) -> tuple[Field, ...]:
    """Return the questions where and when, and whom to ask at the firm."""
    wrong = errors_of(problems)
    return (
        Field(
            "place",
            "text",
            _("Where?"),
            help=_("The fair, the town, the host."),
            value=_shown(values.get("place")),
            error=wrong.get("place", ""),
            limit=SHORT // 2,
        ),
        Field(
            "starts_on",
            "date",
            _("First day"),
            value=_shown(values.get("starts_on")),
            error=wrong.get("starts_on", ""),
        ),
        Field(
            "contact",
            "email",
            _("E-mail address at the firm"),
            help=_("The link by which the firm confirms is mailed there when you send the request."),
            value=_shown(values.get("contact")),
            error=wrong.get("contact", ""),
            autocomplete="off",
        ),
    )


FIRM = ("known", "number", "name", "country", "activity", "place", "starts_on", "contact")
PLAN = ("place", "starts_on", "contact")


def typed_firm(form: MultiDict[str, str], names: Sequence[str] = FIRM) -> dict[str, Any]:
    """Return what was typed about a firm."""
    kinds: Mapping[str, Any] = {"starts_on": "date"}
    return {name: typed(Field(name, kinds.get(name, "text"), ""), form) for name in names}


def proof_fields(values: Values, problems: Iterable[Refusal], accept: str) -> tuple[Field, ...]:
    """Return the questions of a proof."""
    wrong = errors_of(problems)
    return (
        Field(
            "done_on",
            "date",
            _("On which day did it take place?"),
            value=_shown(values.get("done_on")),
            error=wrong.get("done_on", ""),
        ),
        Field(
            "what",
            "long_text",
            _("What proves it?"),
            help=_("An invoice, a badge, a list of meetings: say what it is and what one reads in it."),
            value=_shown(values.get("what")),
            error=wrong.get("what", ""),
            limit=LONG,
        ),
        Field(
            "file",
            "file",
            _("The paper itself"),
            help=_("PDF, PNG, JPEG, Word (docx), Excel (xlsx) or OpenDocument (odt), at most 10 MB each."),
            error=wrong.get("file", ""),
            required=False,
            accept=accept,
        ),
    )


def account_fields(iban: str, holder: str, problems: Iterable[Refusal] = ()) -> tuple[Field, ...]:
    """Return the questions about the account."""
    wrong = errors_of(problems)
    return (
        Field(
            "account.iban",
            "text",
            _("Account number (IBAN)"),
            value=iban,
            error=wrong.get("account.iban", ""),
            autocomplete="off",
        ),
        Field(
            "account.holder",
            "text",
            _("Holder of the account"),
            value=holder,
            error=wrong.get("account.holder", ""),
            autocomplete="off",
        ),
    )


def value_field(name: str, label: str, value: Any, currency: str, problems: Iterable[Refusal]) -> Field:
    """Return the question which value a firm got."""
    shown = formats.plain_amount(value, language()) if isinstance(value, int) else _shown(value)
    return Field(name, "money", label, value=shown, error=errors_of(problems).get(name, ""), unit=currency)


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, int):
        return formats.whole(value, language())
    return value.isoformat() if isinstance(value, date) else str(value)
