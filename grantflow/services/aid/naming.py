"""What a cluster types into its request: how the firms were chosen, and the firms; all that is wrong is said at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from grantflow.domain.aid.functions import FUNCTIONS
from grantflow.domain.aid.lines import Selection as Chosen
from grantflow.domain.refusal import Refusal, Refused, refuse
from grantflow.services.aid.requests import offers, propose_line, record_selection
from grantflow.services.aid.rights import line_lifecycle, writable
from grantflow.services.applications.rights import demand_edit, place
from grantflow.services.cases import Stepped, UnknownCase, step
from grantflow.services.people.account import IDENTIFIER_KIND
from grantflow.services.people.registering import register_organisation
from grantflow.store.aid.models import Line, Selection
from grantflow.store.applications.models import Application
from grantflow.store.cases import CaseRow
from grantflow.store.people.models import Organisation
from grantflow.store.session import Tx

Typed = Mapping[str, Any]
"""What was typed into fields: what cannot be read as their kind stands there as it was typed."""

FIELD = "selection."
"""How the fields of a selection are called on its page: as the guard names them that asks for it."""
SHORT, LONG = 200, 4000
MOST = 10_000
"""Firms that a cluster can have invited; a number beyond is a slip."""
CHANGED = Refusal(
    "selection_stale",
    "Somebody else has changed this since you opened the page. Your words are here; theirs stand on the record. Save "
    "again to put yours in their place.",
)
LABELS: Mapping[str, str] = {
    f"{FIELD}how": "How did you invite the firms?",
    f"{FIELD}rules": "By which rules did you choose among them?",
    f"{FIELD}rules_published_on": "On which day were the rules published?",
    f"{FIELD}invited": "How many firms did you invite?",
    f"{FIELD}answered": "How many of them answered?",
    f"{FIELD}chosen": "How many did you choose?",
    "number": "Registration number",
    "name": "Name of the firm",
    "place": "Where?",
    "starts_on": "First day",
}
"""What the fields are called on the page, so that a summary says which of them is meant."""
_COUNTS = ("invited", "answered", "chosen")


def say_selection(tx: Tx, application_id: UUID, typed: Typed, *, seen: str) -> None:
    """Record how the firms were invited and chosen, as it was typed; `seen` is the mark of what the page showed.

    Raises:
        Refused: something is missing or cannot be read, or a colleague was faster.
    """
    demand_edit(tx, application_id)
    _say_functions(tx, application_id, typed)
    wrong = list(_against_selection(typed))
    if wrong:
        raise Refused(wrong)
    chosen = Chosen(
        how=typed["how"],
        rules=typed["rules"],
        rules_published_on=_day(typed["rules_published_on"]) or tx.now.date(),
        invited=typed["invited"],
        answered=typed["answered"],
        chosen=typed["chosen"],
        reasons=typed["reasons"] or "",
    )
    kept = tx.session.get(Selection, application_id, populate_existing=True)
    if kept is not None and chosen == told(kept):  # sent twice
        return
    if seen != mark_of(kept):
        raise Refused([CHANGED])
    record_selection(tx, application_id, chosen)


def functions_of(tx: Tx, application_id: UUID) -> tuple[str, ...]:
    """Return what the organisation of a request has said that it does for firms."""
    found = (
        select(Organisation.functions)
        .join(Application, Application.organisation_id == Organisation.id)
        .where(Application.id == application_id)
    )
    return tuple(tx.execute(found).scalar() or ())


def _say_functions(tx: Tx, application_id: UUID, typed: Typed) -> None:
    """Let an organisation that has said nothing yet say what it does for firms; what it said is not taken back here."""
    said = sorted(FUNCTIONS.keys() & set(typed.get("functions") or ()))
    if said and not functions_of(tx, application_id):
        request = tx.session.get_one(Application, application_id)
        tx.session.get_one(Organisation, request.organisation_id).functions = said
        tx.session.flush()


def told(kept: Selection) -> Chosen:
    """Return what is on record about a selection."""
    return Chosen(
        kept.how,
        kept.rules,
        kept.rules_published_on,
        kept.invited,
        kept.answered,
        kept.chosen,
        kept.reasons,
    )


def mark_of(kept: Selection | None) -> str:
    """Return the mark of what is kept of a selection: who saves it anew says by it what they had before them."""
    return "" if kept is None else kept.recorded_at.isoformat()


def _against_selection(typed: Typed) -> Iterator[Refusal]:
    for name in ("how", "rules"):
        yield from _text(f"{FIELD}{name}", typed.get(name), LONG)
    if typed.get("reasons"):
        yield from _text(f"{FIELD}reasons", typed["reasons"], LONG)
    yield from _when(f"{FIELD}rules_published_on", typed.get("rules_published_on"))
    for name in _COUNTS:
        value = typed.get(name)
        if value is None:
            yield _missing(f"{FIELD}{name}")
        elif not isinstance(value, int) or not 0 <= value <= MOST:
            yield Refusal("count_wrong", "Please write a whole number, nought or more.", {}, f"{FIELD}{name}")


# The firms


def name_firm(tx: Tx, application_id: UUID, typed: Typed) -> UUID:
    """Name a firm in a request: one that is known by its number, else one that is registered now; return the line.

    Raises:
        Refused: with everything that is missing or wrong, or because no firm can be named at this point.
    """
    request = tx.session.get(CaseRow, application_id)
    if request is None:
        raise UnknownCase(application_id)
    wrong = [*_against_firm(typed), *_against_plan(typed)]
    if typed.get("activity") not in offers(tx, request.call_id):
        wrong.append(Refusal("activity_missing", "Choose one of the activities.", {}, "activity"))
    if wrong:
        raise Refused(wrong)
    known = typed.get("known")
    if known and all(str(each) != known for each, _ in known_firms(tx, application_id)):
        raise refuse("firm_unknown", "This firm is none of those that you have named before.", "known")
    firm_id = UUID(known) if known else _firm(tx, typed)
    return propose_line(
        tx,
        application_id,
        firm_id,
        typed["activity"],
        place=typed["place"],
        starts_on=_day(typed["starts_on"]) or tx.now.date(),
        contact=typed["contact"],
    )


def amend_line(tx: Tx, line_id: UUID, typed: Typed) -> None:
    """Mend the place, the first day and the contact of a line, as long as lines can be named in its request.

    Raises:
        Refused: it is not the actor's to write, or not now; or something is missing or wrong.
    """
    case = writable(tx, line_id)
    if case.parent_id is None or line_lifecycle(place(tx, case.parent_id)) is None:
        raise refuse("not_editable", "%(ref)s cannot be changed by you at this point.", ref=case.ref)
    wrong = list(_against_plan(typed))
    if wrong:
        raise Refused(wrong)
    line = tx.session.get_one(Line, line_id)
    line.place = typed["place"]
    line.starts_on = _day(typed["starts_on"]) or line.starts_on
    line.contact = typed["contact"]
    tx.session.flush()


def send_link_again(
    tx: Tx, line_id: UUID, transition: str, data: Typed, *, revision: int | None = None
) -> Stepped:
    """Take the step by which a firm gets its link anew, to an address that may have been mended.

    Raises:
        Refused: the address is none, or the step is refused; then the old address stays.
    """
    wrong = list(_against_contact(data.get("contact")))
    if wrong:
        raise Refused(wrong)
    others = {name: value for name, value in data.items() if name != "contact"}
    tx.session.get_one(Line, line_id).contact = data["contact"]
    tx.session.flush()
    return step(tx, line_id, transition, data=others or None, revision=revision)


def known_firms(tx: Tx, application_id: UUID) -> list[tuple[UUID, str]]:
    """Return the firms that the organisation of a request has named before, by name; nobody else's are told."""
    own = select(Application.organisation_id).where(Application.id == application_id).scalar_subquery()
    found = (
        select(Organisation.id, Organisation.name)
        .join(Line, Line.firm_id == Organisation.id)
        .join(CaseRow, CaseRow.id == Line.id)
        .join(Application, Application.id == CaseRow.parent_id)
        .where(Application.organisation_id == own)
        .distinct()
        .order_by(Organisation.name, Organisation.id)
    )
    return [(row.id, row.name) for row in tx.execute(found)]


def _firm(tx: Tx, typed: Typed) -> UUID:
    """Return the firm with a number, registered now where nobody has told of it yet."""
    country, number = str(typed["country"]).upper(), "".join(str(typed["number"]).split())
    known = select(Organisation.id).where(Organisation.country == country, Organisation.identifier == number)
    found = tx.execute(known.order_by(Organisation.created_at, Organisation.id)).scalars().first()
    if found is not None:
        return UUID(str(found))
    return register_organisation(
        tx,
        typed["name"],
        identifier=number,
        identifier_kind=f"{IDENTIFIER_KIND}-{country}",
        legal_form="",
        country=country,
    )


def _against_firm(typed: Typed) -> Iterator[Refusal]:
    if typed.get("known"):
        return
    for name in ("name", "number"):
        yield from _text(name, typed.get(name), SHORT)
    country = str(typed.get("country") or "")
    if not (len(country) == 2 and country.isascii() and country.isalpha()):
        yield Refusal("country_missing", "Choose the country in which the firm is registered.", {}, "country")


def _against_plan(typed: Typed) -> Iterator[Refusal]:
    yield from _text("place", typed.get("place"), SHORT)
    yield from _when("starts_on", typed.get("starts_on"))
    yield from _against_contact(typed.get("contact"))


def _against_contact(value: Any) -> Iterator[Refusal]:
    contact = str(value or "")
    before, at, after = contact.partition("@")
    if not (before and at and "." in after) or " " in contact or len(contact) > SHORT:
        yield Refusal(
            "contact_missing",
            "Give an e-mail address to which the firm's link can be sent.",
            {},
            "contact",
        )


def _text(where: str, value: Any, most: int) -> Iterator[Refusal]:
    if not value:
        yield _missing(where)
    elif len(str(value)) > most:
        yield Refusal("too_long", "This takes at most %(most)s characters.", {"most": most}, where)


def _missing(where: str) -> Refusal:
    return Refusal("missing_field", "Please fill in “%(label)s”.", {"label": LABELS[where]}, where)


def _when(where: str, value: Any) -> Iterator[Refusal]:
    if value is None:
        yield _missing(where)
    elif _day(value) is None:
        yield Refusal("day_wrong", "“%(typed)s” is not a day such as 2027-03-31.", {"typed": value}, where)


def _day(value: Any) -> date | None:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None
