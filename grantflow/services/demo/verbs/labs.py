"""The lab of the story: who registers, what they bring, what the frame says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import time
from typing import Any

from sqlalchemy import select

from grantflow.services.demo.people import address_of
from grantflow.services.demo.script import Event, first_and_last_names
from grantflow.services.demo.setting import organisation
from grantflow.services.demo.stage import Stage
from grantflow.services.labs import framing, taking_part
from grantflow.services.people.registering import join_organisation, register_person
from grantflow.store.labs.models import Participation
from grantflow.store.people.models import Membership

KRONA = 100
TOWNS = {
    "SE313": ("Gävle", "Sandviken", "Hudiksvall", "Söderhamn", "Ockelbo", "Bollnäs"),
    "SE312": ("Falun", "Borlänge", "Mora", "Ludvika", "Avesta", "Leksand"),
    "SE311": ("Karlstad", "Arvika", "Sunne", "Filipstad", "Hagfors", "Kristinehamn"),
}
"""Towns of the regions by their code."""
TRADES = {
    "business": ("Mekaniska Demo AB", "Trävaror Demo AB", "Energi Demo AB", "Betong Demo AB", "Plåt Demo AB"),
    "research": ("Provningsinstitut Demo", "Högskolecentrum Demo"),
    "public": ("Demokommun", "Näringslivskontor Demo", "Gymnasium Demo"),
    "civil_society": ("Bygdegille Demo", "Studieförbund Demo"),
}


def register(stage: Stage, event: Event) -> None:
    """Register somebody for the lab, for their organisation or alone."""
    assert event.who is not None
    with stage.acting(event.who) as tx:
        belongs = tx.execute(
            select(Membership.organisation_id).where(Membership.user_id == stage.people[event.who])
        ).scalar()
        made = taking_part.register_interest(
            tx,
            stage.record(event.of),
            organisation_id=belongs,
            helix=event.given.get("helix"),
            nuts=event.given.get("nuts"),
            level=event.given["level"],
            name_shown=True,
        )
    stage.records[f"{event.of}/{event.who}"] = made.case_id


def register_crowd(stage: Stage, event: Event) -> None:
    """Register the many whom the story counts and does not name."""
    call_id = stage.record(event.of)
    names = _names()
    for nuts, firms in _crowd(event.given["organisations"]):
        people = event.given["people"][nuts]
        with stage.acting(None) as tx:
            ids = [
                organisation(
                    tx, f"{town} {trade}", town, nuts, helix, "AB" if helix == "business" else "other"
                )
                for town, trade, helix in firms
            ]
            newcomers = []
            for number in range(people):
                name = next(names)
                user_id = register_person(tx, address_of(name), name, language="sv")
                belongs = ids[number % len(ids)]
                join_organisation(tx, user_id, belongs)
                stage.people[name] = user_id
                newcomers.append((name, belongs))
        for number, (name, belongs) in enumerate(newcomers):
            with stage.acting(name) as tx:
                taking_part.register_interest(
                    tx, call_id, organisation_id=belongs, name_shown=number % 3 != 0
                )


def _names() -> Iterator[str]:
    """Yield invented names, none twice."""
    first, last = first_and_last_names()
    for number in range(len(first) * len(last)):
        yield f"{first[number % len(first)]} {last[(number + number // len(first)) % len(last)]}"


def _crowd(counts: Mapping[str, int]) -> Iterator[tuple[str, list[tuple[str, str, str]]]]:
    """Yield for each region the organisations that come from there: town, trade and helix."""
    regions = list(TOWNS)
    spread: dict[str, list[tuple[str, str, str]]] = {nuts: [] for nuts in regions}
    for helix, count in counts.items():
        trades = TRADES[str(helix)]
        for number in range(int(count)):
            nuts = regions[number % len(regions)]
            place = number // len(regions)
            towns = TOWNS[nuts]
            spread[nuts].append(
                (towns[place % len(towns)], trades[(place // len(towns) + number) % len(trades)], str(helix))
            )
    yield from spread.items()


def admit_all(stage: Stage, event: Event) -> None:
    """Admit everybody who has registered."""
    with stage.acting(event.who) as tx:
        waiting = tx.session.scalars(
            select(Participation.id)
            .where(Participation.call_id == stage.record(event.of), Participation.admitted_at.is_(None))
            .order_by(Participation.id)
        ).all()
        for each in waiting:
            taking_part.admit(tx, each)


def plan_session(stage: Stage, event: Event) -> None:
    """Plan a workshop on a day."""
    given = event.given
    starts_at = stage.moment(int(given["held"]), time(9))
    with stage.acting(event.who) as tx:
        stage.records[given["name"]] = taking_part.plan_session(
            tx, stage.record(event.of), given["title"], starts_at, place=given["place"], capacity=100
        )


def move_session(stage: Stage, event: Event) -> None:
    """Move a workshop to another day."""
    with stage.acting(event.who) as tx:
        taking_part.move_session(tx, stage.record(event.of), stage.moment(int(event.given["held"]), time(9)))


def hold_session(stage: Stage, event: Event) -> None:
    """Hold a workshop with as many there as the story counts."""
    call_id = stage.record("low-carbon-demo")
    with stage.acting(event.who) as tx:
        admitted = tx.session.scalars(
            select(Participation.id)
            .where(Participation.call_id == call_id, Participation.admitted_at.is_not(None))
            .order_by(Participation.id)
        ).all()
        taking_part.hold_session(tx, stage.record(event.of), admitted[: int(event.given["attended"])])


def publish_results(stage: Stage, event: Event) -> None:
    """Publish what came out of a workshop."""
    with stage.acting(event.who) as tx:
        taking_part.publish_results(tx, stage.record(event.of), event.given["results"])


def contribute(stage: Stage, event: Event) -> None:
    """Bring something to the lab."""
    given = event.given
    with stage.acting(event.who) as tx:
        made = taking_part.contribute(tx, stage.record(event.of), given["kind"], given["text"])
    stage.records[given["name"]] = made.case_id


def start_frame(stage: Stage, event: Event) -> None:
    """Begin a version of the frame with vision and actions."""
    given = event.given
    with stage.acting(event.who) as tx:
        made = framing.start_frame(
            tx,
            stage.record(event.of),
            given["title"],
            vision=given["vision"],
            changes=given.get("changes", ""),
        )
        framing.write_actions(tx, made.case_id, _actions(stage, given["actions"]))
    stage.records[given["name"]] = made.case_id


def write_actions(stage: Stage, event: Event) -> None:
    """Write the actions of a frame anew."""
    with stage.acting(event.who) as tx:
        framing.write_actions(tx, stage.record(event.of), _actions(stage, event.given["actions"]))


def _actions(stage: Stage, given: Sequence[Mapping[str, Any]]) -> list[framing.Action]:
    return [
        framing.Action(
            one["title"],
            int(one["envelope"]) * 1000 * KRONA,
            (framing.Indicator(one["indicator"], int(one["baseline"]), int(one["target"])),),
            sources=tuple(stage.record(name) for name in one["sources"]),
        )
        for one in given
    ]


def open_consultation(stage: Stage, event: Event) -> None:
    """Open a draft frame for comments."""
    with stage.acting(event.who) as tx:
        framing.open_consultation(tx, stage.record(event.of))


def comment(stage: Stage, event: Event) -> None:
    """Comment on a draft frame."""
    with stage.acting(event.who) as tx:
        framing.comment_on_frame(tx, stage.record(event.of), event.given["text"])


def answer_comments(stage: Stage, event: Event) -> None:
    """Answer every comment, in the order in which they came."""
    with stage.acting(event.who) as tx:
        waiting = framing.unanswered_comments(tx, stage.record(event.of))
        for comment_id, answer in zip(waiting, event.given["answers"], strict=True):
            framing.answer_comment(tx, comment_id, answer)


def close_consultation(stage: Stage, event: Event) -> None:
    """Close the consultation."""
    with stage.acting(event.who) as tx:
        framing.close_consultation(tx, stage.record(event.of))


VERBS = {
    each.__name__: each
    for each in (
        register,
        register_crowd,
        admit_all,
        plan_session,
        move_session,
        hold_session,
        publish_results,
        contribute,
        start_frame,
        write_actions,
        open_consultation,
        comment,
        answer_comments,
        close_consultation,
    )
}
