"""What was sent beside the form of a request, as sections of the receipt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flask_babel import gettext as _

from grantflow.domain.aid.lines import Selection as Chosen
from grantflow.domain.aid.sent import SentBeside, SentFirm
from grantflow.services import formats
from grantflow.services.aid.pages.cluster_parts import FIRMS, SELECTION
from grantflow.services.applications.sent import ReadField, ReadLine, ReadSection
from grantflow.services.calls.public import spelled
from grantflow.web.aid.cluster_fields import activity_field, firm_fields, plan_fields, selection_fields
from grantflow.web.words import language


def beside_sections(kept: SentBeside) -> tuple[ReadSection, ...]:
    """Return how the firms were chosen, and the firms, as sections beside those of the form."""
    return tuple(_sections(kept))


def questions_beside(parts: Iterable[str]) -> list[tuple[str, list[str]]]:
    """Return what will be asked beside a form: the title of each part, and its questions."""
    asked = {
        SELECTION: (_("How the firms were chosen"), selection_fields({})),
        FIRMS: (
            _("The firms"),
            (*firm_fields({}, (), ()), activity_field({}, (), ()), *plan_fields({})),
        ),
    }
    return [(title, [field.label for field in fields]) for title, fields in map(asked.__getitem__, parts)]


def _sections(kept: SentBeside) -> Iterator[ReadSection]:
    if kept.chosen is not None:
        yield ReadSection("selection", _("How the firms were chosen"), tuple(_selection(kept.chosen)))
    if kept.firms:
        lines = tuple(ReadLine(_firm(firm), firm.amount) for firm in kept.firms)
        firms = ReadField(
            "lines", "budget", _("Firms, activities and lump sums"), amount=kept.total, lines=lines
        )
        yield ReadSection("lines", _("The firms"), (firms,))


def _selection(chosen: Chosen) -> Iterator[ReadField]:
    yield ReadField("how", "long_text", _("How did you invite the firms?"), _paragraphs(chosen.how))
    yield ReadField(
        "rules", "long_text", _("By which rules did you choose among them?"), _paragraphs(chosen.rules)
    )
    yield ReadField(
        "rules_published_on",
        "date",
        _("On which day were the rules published?"),
        day=chosen.rules_published_on,
    )
    yield ReadField("invited", "number", _("How many firms did you invite?"), number=chosen.invited)
    yield ReadField("answered", "number", _("How many of them answered?"), number=chosen.answered)
    yield ReadField("chosen", "number", _("How many did you choose?"), number=chosen.chosen)
    yield ReadField(
        "reasons",
        "long_text",
        _("Why were the others who answered not chosen?"),
        _paragraphs(chosen.reasons),
    )


def _firm(firm: SentFirm) -> str:
    return str(
        _(
            "%(firm)s, number %(number)s: %(activity)s in %(place)s, from %(day)s",
            firm=firm.firm,
            number=firm.number,
            activity=_(spelled(firm.activity)),
            place=firm.place,
            day=formats.day(firm.starts_on, language()),
        )
    )


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.splitlines() if part.strip())
