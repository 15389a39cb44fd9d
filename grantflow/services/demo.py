"""The demo: a cast of invented people, and a real call played through the services up to released letters.

Nothing is written into tables from outside: what the demo shows, its journal, letters and ledger, came to be through
the same services that people use, on a moved clock.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from grantflow.domain.actor import SYSTEM
from grantflow.domain.refusal import refuse
from grantflow.domain.step import Stepped
from grantflow.paths import data_folder
from grantflow.services import clock
from grantflow.services.calls.file import read_call
from grantflow.services.people.registering import register_person
from grantflow.services.readiness import DEMO_LOADED
from grantflow.services.rehearsal.cast import Person
from grantflow.services.rehearsal.habits import HABITS
from grantflow.services.rehearsal.opening import draft_call, open_scene
from grantflow.services.rehearsal.play import Play
from grantflow.services.rehearsal.scene import Naming, Scene
from grantflow.store.calls.models import Call
from grantflow.store.session import Database, Tx
from grantflow.store.settings import recall, remember
from grantflow.workflow.document import Key, ListOf, Name, Record, Text, read_file
from grantflow.workflow.model import Scheme

DOMAIN = "demo.invalid"
CALL = "north-middle-sweden.yaml"
APPLICATIONS = 24
SEED = 7
LONGEST = timedelta(days=400)
WAITS = "awaiting_decision"
"""The tag of the states in which a call waits for its decisions; when it has left them, the letters are out."""

PERSON = Record(
    "person",
    "Somebody of the demo.",
    Key("name", Text(120), "First and last name; the address follows from it.", required=True),
    Key("role", Name("role"), "The inside role that they play in the programme; guests have none."),
    Key("language", Text(2), "The language in which they are written to.", default="sv"),
)
CAST = Record(
    "cast",
    "The people of the demo.",
    Key(
        "programme",
        ListOf(PERSON),
        "Those who work for the programme, the chair of a body first.",
        required=True,
    ),
    Key("guests", ListOf(PERSON), "Those who come from outside, in this order.", required=True),
)


def address_of(name: str) -> str:
    """Return the address of somebody of the demo: first and last name, folded to ASCII."""
    plain = (
        unicodedata.normalize("NFKD", name.replace("ø", "o"))
        .encode("ascii", "ignore")
        .decode()
        .lower()
        .split()
    )
    return f"{plain[0]}.{plain[-1]}@{DOMAIN}"


def load(database: Database, say: Callable[[str], None]) -> None:
    """Load the demo into an empty database that is marked as one; where it is loaded, do nothing.

    Raises:
        Refused: an earlier loading was broken off.
    """
    wall = datetime.now(UTC)
    with database.transaction(SYSTEM, wall) as tx:
        if recall(tx, DEMO_LOADED) is not None:
            return
        if tx.execute(select(Call.id).limit(1)).first() is not None:
            raise refuse(
                "demo_broken_off",
                "Loading the demo was broken off. Remove its database (in the data folder) and start again.",
            )
    play = _prepare(database, wall)
    say(
        f"Loading the demo: a call with {APPLICATIONS} applications is played from its announcement to its letters."
    )
    told = [play.scene.now]

    def tell(now: Play) -> None:
        if now.scene.now - told[0] > timedelta(days=45):
            told[0] = now.scene.now
            say(f"  {now.scene.now:%d %B %Y}: {now.steps} steps taken")

    play.run(tell)
    with database.transaction(SYSTEM, play.scene.now) as tx:
        clock.set_to(tx, wall, play.scene.now)
        remember(tx, DEMO_LOADED, {"call": CALL, "steps": play.steps})
    say(f"The demo is loaded: {play.steps} steps, each in the journal.")


def _prepare(database: Database, wall: datetime) -> Play:
    people = read_file(data_folder("config") / "demo" / "cast.yaml", CAST)
    loaded = read_call(data_folder("config") / "calls" / CALL)
    assert people.value is not None, people.findings
    assert loaded.plan is not None, loaded.findings
    # Whole weeks keep the days of the week; the decision is due about today.
    expected = max(loaded.plan.date(name, 1) for name in loaded.plan.stages[0].dates)
    plan = loaded.plan.moved(timedelta(weeks=(wall - expected) // timedelta(weeks=1)))
    staff, guests = people.value["programme"], people.value["guests"]

    def hire(tx: Tx, _scene: Scene, role: str, number: int) -> Person:
        one = [one for one in staff if one["role"] == role][number]
        return Person(register_person(tx, address_of(one["name"]), one["name"], language=one["language"]))

    scheme: Scheme = database.engine.compiled(plan.scheme, plan.version).scheme
    scene = open_scene(
        database,
        scheme,
        plan,
        applications=APPLICATIONS,
        seed=SEED,
        hire=hire,
        naming=Naming(
            DOMAIN, "DEMO", [(address_of(one["name"]), one["name"], one["language"]) for one in guests]
        ),
    )
    play = Play(scene, HABITS, wall + LONGEST, stop=_letters_are_out(scheme))
    scene.noticed = play.notice
    draft_call(scene)
    return play


def _letters_are_out(scheme: Scheme) -> Callable[[Sequence[Stepped]], bool]:
    """Return what says that the call has left the states in which it waits for its decisions, for good."""
    states = scheme.of_record("call").states
    lifecycle = scheme.of_record("call").name
    waiting = max(number for number, state in enumerate(states.values()) if WAITS in state.tags)
    last = list(states)[waiting]

    def stop(taken: Sequence[Stepped]) -> bool:
        return any(
            step.lifecycle == lifecycle
            and step.from_state == last
            and WAITS not in states[step.to_state].tags
            for step in taken
        )

    return stop
