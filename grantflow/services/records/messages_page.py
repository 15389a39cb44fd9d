"""Every mail and letter of a call: when it leaves, to whom, and how it reads in each language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, or_, select

from grantflow.domain.words import in_language
from grantflow.services import formats
from grantflow.services.bounces import NotReached, not_reached_in
from grantflow.services.calls.public import spelled
from grantflow.services.cases.holding import seen
from grantflow.services.letters.catalogue import shipped
from grantflow.services.letters.compose import Letter, WordMissing, compose
from grantflow.services.letters.design import Design
from grantflow.services.letters.doing import asked_of
from grantflow.services.letters.labels import translated
from grantflow.services.letters.made_up import made_up
from grantflow.services.letters.notices import Recipient, compose_for, notice_letter
from grantflow.services.letters.papers import Foot, letter_text
from grantflow.services.letters.shape import LANGUAGES
from grantflow.services.letters.words import HOUSE_KINDS, KINDS
from grantflow.services.records.meaning import is_inside
from grantflow.services.records.said import Sentence
from grantflow.services.records.visibility import VISIBLE, Found, find, find_call, visible
from grantflow.store.calls.models import Call
from grantflow.store.cases import CaseRow
from grantflow.store.outbox import OutboxMessage
from grantflow.store.programmes.models import Programme
from grantflow.store.session import Tx
from grantflow.workflow.model import Lifecycle, Notice, Timer

SOMEBODY = "Alex Example"
OFFERED = 20
"""So many records are offered to read a letter with."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """When a message leaves, and to whom."""

    when: Sentence
    role: str
    """The label of the role."""
    spans: tuple[str, ...] = ()
    """Names in the sentence that are spans, written as the page's language does."""


@dataclass(frozen=True, slots=True)
class MessageKind:
    """A mail or letter: its subject in the reader's language, whether it is a paper too, its occasions."""

    template: str
    subject: str
    paper: bool
    occasions: tuple[Occasion, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The messages about one kind of record."""

    title: str
    kinds: tuple[MessageKind, ...]


@dataclass(frozen=True, slots=True)
class MessagesPage:
    """The list."""

    found: Found
    groups: tuple[Group, ...]
    unreached: tuple[NotReached, ...] = ()
    """Whom messages of the call did not reach, as far as the reader may see the records."""


@dataclass(frozen=True, slots=True)
class Preview:
    """One message as it reads in one language."""

    found: Found
    kind: MessageKind
    letter: Letter
    mail: Letter
    """What the mail says, which is addressed to a person."""
    text: str
    foot: Foot
    language: str
    languages: tuple[str, ...]
    reviewed: bool
    record: str
    """The reference of the record that it is about; empty where its values are made up."""
    records: tuple[str, ...]
    """References of records that it could be about."""
    lacks: bool
    """Whether the record has not yet what the message speaks of."""


def messages_page(tx: Tx, slug: str, language: str, *, unreached: bool = True) -> MessagesPage | None:
    """Return the messages of a call for those who work for the programme, or nothing."""
    found = find_call(tx, slug, language)
    if found is None or not is_inside(found.scheme, found.roles):
        return None
    parameters = seen(tx, [found.id])[0].call.parameters
    groups = [
        Group(lifecycle.title, tuple(_kinds(found, lifecycle, parameters, language)))
        for lifecycle in found.scheme.lifecycles.values()
    ]
    own = tuple(
        MessageKind(design.name, _subject(design, language), design.paper, ())
        for design in sorted(shipped().designs.values(), key=lambda design: design.name)
        if design.kind in HOUSE_KINDS
    )
    may_see = or_(*(and_(CaseRow.record == kind, visible(tx, tx.actor, kind)) for kind in sorted(VISIBLE)))
    return MessagesPage(
        found,
        (*(group for group in groups if group.kinds), Group("One's own account", own)),
        tuple(not_reached_in(tx, found.id, may_see)) if unreached else (),
    )


def message_preview(
    tx: Tx, slug: str, template: str, language: str, *, read_in: str, ref: str, house: str
) -> Preview | None:
    """Return a message of a call as it reads in a language, about a record of the call or about nobody."""
    page = messages_page(tx, slug, language, unreached=False)
    kinds = {each.template: each for group in page.groups for each in group.kinds} if page else {}
    if page is None or template not in kinds:
        return None
    read_in = read_in if read_in in LANGUAGES else language if language in LANGUAGES else LANGUAGES[0]
    lifecycle, role = _lifecycle_of(page.found, template)
    records = _records(tx, page.found, lifecycle)
    about = find(tx, ref, language=language) if ref else None
    if ref and (about is None or about.call_id != page.found.id or about.lifecycle != lifecycle):
        return None
    shown = None if about is None else _real(tx, about, template, role, read_in, house)
    letter, mail, foot = shown or _invented(tx, page.found, template, read_in, house)
    lacks = about is not None and shown is None
    return Preview(
        page.found,
        kinds[template],
        letter,
        mail,
        letter_text(mail, foot),
        foot,
        read_in,
        tuple(name for name in LANGUAGES if name in shipped()[template].texts),
        shipped()[template].text_in(read_in).reviewed,
        "" if about is None or lacks else about.ref,
        records,
        lacks,
    )


def _subject(design: Design, language: str) -> str:
    """Return the subject of a message with dots where a record's own words come."""
    pieces = design.text_in(language).subject.pieces
    return "".join(each if isinstance(each, str) else "…" for each in pieces).removesuffix(": …")


def _kinds(
    found: Found, lifecycle: Lifecycle, parameters: Mapping[str, Any], language: str
) -> Iterator[MessageKind]:
    occasions: dict[str, list[Occasion]] = {}
    for notice, when, spans in _sent(lifecycle, parameters):
        role = found.scheme.roles.get(notice.role)
        label = role.label if role else notice.role
        occasion = Occasion(when, label, spans)
        if occasion not in occasions.setdefault(notice.template, []):
            occasions[notice.template].append(occasion)
    for template, some in sorted(occasions.items()):
        design = shipped()[template]
        yield MessageKind(template, _subject(design, language), design.paper, tuple(some))


def _sent(
    lifecycle: Lifecycle, parameters: Mapping[str, Any]
) -> Iterator[tuple[Notice, Sentence, tuple[str, ...]]]:
    for notice in lifecycle.creation.notices:
        yield notice, Sentence("When it is begun."), ()
    for row in lifecycle.rows:
        for notice in row.notices:
            yield notice, Sentence("After the step: %(step)s.", {"step": row.label}), ()
    for timer in lifecycle.timers:
        for notice in timer.notices:
            yield notice, *_by_the_clock(timer, parameters)


def _by_the_clock(timer: Timer, parameters: Mapping[str, Any]) -> tuple[Sentence, tuple[str, ...]]:
    def written(span: str | None) -> str:
        return str(parameters.get(span or "", span or ""))

    if timer.at is None:
        spans = {"span": written(timer.minus or timer.after)}
        if timer.minus is not None:
            return Sentence("%(span)s before its time ends.", spans), ("span",)
        if timer.every is not None:
            both = spans | {"every": written(timer.every)}
            return Sentence("%(span)s after it came there, then every %(every)s.", both), ("span", "every")
        return Sentence("%(span)s after it came there.", spans), ("span",)
    date = {"date": spelled(timer.at)}
    if timer.minus is not None:
        return Sentence("%(span)s before the date: %(date)s.", date | {"span": written(timer.minus)}), (
            "span",
        )
    if timer.plus is not None:
        return Sentence("%(span)s after the date: %(date)s.", date | {"span": written(timer.plus)}), ("span",)
    return Sentence("On the date: %(date)s.", date), ()


def _lifecycle_of(found: Found, template: str) -> tuple[Lifecycle | None, str]:
    """Return the lifecycle that sends a message, and the role to which it goes first."""
    for lifecycle in found.scheme.lifecycles.values():
        for notice in lifecycle.notices:
            if notice.template == template:
                return lifecycle, notice.role
    return None, ""


def _records(tx: Tx, found: Found, lifecycle: Lifecycle | None) -> tuple[str, ...]:
    if lifecycle is None:
        return ()
    if lifecycle.parent is None:
        return (found.ref,)
    some = (
        select(CaseRow.ref)
        .where(
            CaseRow.call_id == found.id,
            CaseRow.lifecycle == lifecycle.name,
            visible(tx, tx.actor, lifecycle.record),
        )
        .order_by(CaseRow.ref)
        .limit(OFFERED)
    )
    return tuple(tx.execute(some).scalars())


def _real(
    tx: Tx, about: Found, template: str, role: str, language: str, house: str
) -> tuple[Letter, Letter, Foot] | None:
    """Return a message about a record as it would leave now; nothing where the record lacks what it speaks of."""
    message = OutboxMessage(
        id=about.id, case_id=about.id, role=role, template=template, data={}, at=tx.now, kind="notice"
    )
    to = Recipient(SOMEBODY, language)
    try:
        mail = notice_letter(tx, message, to)
        letter = compose_for(tx, about.id, template, to) if shipped()[template].paper else mail
    except WordMissing:
        return None
    doing = asked_of(tx, about.id, role)
    foot = Foot(
        step=translated(doing.step, language) if doing else "",
        due=formats.moment(doing.due, language, about.zone) if doing and doing.due else "",
        page=f"{house}/records/{about.ref}",
    )
    return letter, mail, foot


def _invented(tx: Tx, found: Found, template: str, language: str, house: str) -> tuple[Letter, Letter, Foot]:
    """Return a message about nobody in this very call: on paper to an organisation, as a mail to a person."""
    row = tx.execute(
        select(Programme.agency, Programme.name)
        .join(Call, Call.programme_id == Programme.id)
        .where(Call.id == found.id)
    ).one()
    kind = shipped()[template].kind
    values = made_up(KINDS[kind][1], tx.now, found.currency) | {
        "agency": row.agency,
        "programme": in_language(row.name, language),
        "call_title": found.call_title,
        "call_ref": found.ref,
    }
    letter, mail = (
        compose(shipped(), template, values | {"recipient": name}, language=language, zone=found.zone)
        for name in (values.get("organisation", SOMEBODY), SOMEBODY)
    )
    return letter, mail, Foot() if kind in HOUSE_KINDS else Foot(page=f"{house}/records/{values['ref']}")
