"""Words and figures for made-up people: names, projects, filled-in forms, all drawn from the seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from grantflow.domain.calls.forms import Field, Form

_GIVEN = (
    *("Aino", "Birutė", "Daiva", "Elin", "Femke", "Gunnar", "Hanna", "Ingrid", "Jonas", "Karin", "Lars"),
    *("Mona", "Niels", "Ola", "Pieter", "Rasa", "Sara", "Tomas", "Ulla", "Vytautas", "Yusuf", "Åsa"),
)
_FAMILY = (
    *("Åslund", "Bakker", "Dahl", "Ekblad", "Frisk", "Haddad", "Jansen", "Kazlauskas", "Lund", "Modig"),
    *("Nordvall", "Olars", "Pell", "Rahimi", "Stake", "Thorsell", "Visser", "Wall", "Zetterberg"),
)
_PLACES = ("Avesta", "Borlänge", "Filipstad", "Gävle", "Hagfors", "Ljusdal", "Mora", "Sandviken", "Torsby")
_TRADES = ("Foundry", "Heat", "Laundry", "Lime", "Sawmill", "Slag", "Steel", "Test hall", "Timber", "Yard")
_WHAT = (
    "Night heat for the greenhouse",
    "Beams with a birth certificate",
    "Bark oil for the kiln",
    "Slag in the kerbstone",
    "Borrow a robot",
    "Welding school beside the shift",
    "A sand battery for Mondays",
    "Whey to lorry gas",
    "Moulded trays of fibre sludge",
)
_SENTENCES = (
    "What one mill has too much of, the next one can use.",
    "We try it on one line for a month and measure every hour.",
    "The town lends the yard, the school the benches, we the people.",
    "If it works, a third of the fuel is no longer burnt.",
    "Nobody has tried this at our size, and we know whom to ask.",
    "The figures of the two last winters are in the annex.",
)


def person_name(dice: random.Random) -> str:
    """Return the name of somebody who does not exist."""
    return f"{dice.choice(_GIVEN)} {dice.choice(_FAMILY)}"


def organisation_name(dice: random.Random, number: int) -> str:
    """Return the name of an organisation that does not exist; the number keeps two apart."""
    return f"{dice.choice(_PLACES)} {dice.choice(_TRADES)} {number}"


def title(dice: random.Random) -> str:
    """Return the title of a project."""
    return f"{dice.choice(_WHAT)} in {dice.choice(_PLACES)}"


def place(dice: random.Random) -> str:
    """Return a town."""
    return dice.choice(_PLACES)


def prose(dice: random.Random, most: int = 400) -> str:
    """Return a few sentences of at most so many characters."""
    text = " ".join(dice.choice(_SENTENCES) for _ in range(dice.randrange(1, 5)))
    return text[:most]


def answers_to(
    form: Form, dice: random.Random, today: date, organisation_id: UUID, actions: Sequence[int], wish: Wish
) -> dict[str, Any]:
    """Fill in a form so that nothing is missing; the budget is drawn so that the window may grant what is asked for."""
    spread = max(0, wish.most - wish.least) // 100_00
    asked = wish.least + dice.randrange(spread + 1) * 100_00
    cost = asked * 10_000 // wish.rate * dice.randrange(101, 131) // 100
    by = _Filling(dice, today, organisation_id, actions, asked, cost)
    return {
        field.name: _ANSWERS[field.kind](field, by)
        for field in form.fields()
        if field.kind in _ANSWERS and (field.required or dice.random() < 0.7)
    }


def paper(dice: random.Random) -> tuple[str, bytes]:
    """Return name and content of a small PDF."""
    words = f"{dice.choice(_TRADES)}, {dice.randrange(10, 99)} pages that nobody wrote"
    return f"{dice.choice(_PLACES)}.pdf", f"%PDF-1.4\n% {words}\n%%EOF\n".encode()


@dataclass(frozen=True, slots=True)
class Wish:
    """What a window may grant: the least, the most, and the share of cost in basis points."""

    least: int
    most: int
    rate: int


@dataclass(frozen=True, slots=True)
class _Filling:
    """Who fills in a form, when, and for what."""

    dice: random.Random
    today: date
    organisation_id: UUID
    actions: Sequence[int]
    asked: int
    cost: int


_ANSWERS: Mapping[str, Callable[[Field, _Filling], Any]] = {
    "short_text": lambda field, by: title(by.dice)[: field.limit],
    "long_text": lambda field, by: prose(by.dice, field.limit or 400),
    "number": lambda field, by: by.dice.randrange(field.least or 0, (field.most or 12) + 1),
    "money": lambda field, by: _between(by.asked, field),
    "date": lambda _, by: (by.today + timedelta(days=by.dice.randrange(120, 200))).isoformat(),
    "choice": lambda field, by: by.dice.choice(sorted(field.choices)),
    "yes_no": lambda _, by: by.dice.random() < 0.5,
    "organisation": lambda _, by: str(by.organisation_id),
    "partners": lambda field, by: _partners(by.dice, field.least or 1, field.most or 3),
    "actions": lambda field, by: sorted(
        by.dice.sample(list(by.actions), min(len(by.actions), field.least or 1))
    ),
    "budget": lambda field, by: _budget(
        sorted(field.choices), by.dice, max(_between(by.cost, field), by.asked)
    ),
    "declaration": lambda _, __: True,
}
"""What each kind of question is answered with; files are handed in by themselves."""


def _partners(dice: random.Random, least: int, most: int) -> list[dict[str, Any]]:
    return [
        {
            "name": organisation_name(dice, number),
            "number": "",
            "country": "SE",
            "role": dice.choice(_SENTENCES),
            "contact": person_name(dice),
            "confirmed": dice.random() < 0.6,
        }
        for number in range(1, dice.randrange(least, min(most, least + 2) + 1) + 1)
    ]


def _between(amount: int, field: Field) -> int:
    amount = amount if field.most is None else min(amount, field.most)
    return amount if field.least is None else max(amount, field.least)


def _budget(categories: Sequence[str], dice: random.Random, cost: int) -> list[dict[str, Any]]:
    named = list(categories[: dice.randrange(1, min(3, len(categories)) + 1)])
    each = cost // len(named)
    first = cost - each * (len(named) - 1)
    return [
        {"category": category, "amount": first if number == 0 else each}
        for number, category in enumerate(named)
    ]
