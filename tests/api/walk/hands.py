"""What people do on the walk, whatever hands they do it with; records are named by their references."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from tests import cast
from tests.factories.fund import Fund


class Hands(Protocol):
    """Everything that the walk needs done, in the words of the field."""

    fund: Fund

    def step(self, who: cast.Person, ref: str, transition: str, **data: Any) -> None:
        """Take a step with a record."""

    def call(self) -> str:
        """Return the reference of the call."""

    # The lab

    def registers(self, who: cast.Person) -> str:
        """Register for the lab, for one's organisation; return the place."""

    def plans(self, title: str, place: str, starts_at: datetime) -> str:
        """Plan a session as Yusuf; return its id."""

    def holds(self, session: str, attended: Sequence[str], results: str) -> None:
        """Note that a session was held, and publish what came out of it."""

    def brings(self, who: cast.Person, kind: str, text: str) -> str:
        """Bring something to the lab."""

    def supports(self, who: cast.Person, contribution: str) -> None:
        """Support what somebody brought."""

    # The frame

    def begins_frame(self, title: str, vision: str) -> str:
        """Begin the frame as Yusuf."""

    def writes_actions(self, frame: str, actions: Sequence[Mapping[str, Any]]) -> None:
        """Write its actions as Yusuf."""

    def comments(self, who: cast.Person, frame: str, text: str) -> None:
        """Say something on the draft."""

    def answers_comments(self, frame: str, text: str) -> None:
        """Answer every comment as Yusuf."""

    # The board

    def calls_meeting(self, held_at: datetime, record: str, matter: str) -> tuple[str, str]:
        """Call a meeting as Elin with one matter on its agenda; return the ids of meeting and item."""

    def notes_presence(self, meeting: str, present: Sequence[cast.Person]) -> None:
        """Note who is in the room."""

    def leaves(self, who: cast.Person, meeting: str, item: str) -> None:
        """Leave for an item because of a conflict of interest."""

    def notes_outcome(self, meeting: str, item: str, minutes: str) -> None:
        """Note that the body adopts, and write the minutes."""

    def signs(self, who: cast.Person, meeting: str, role: str) -> None:
        """Sign the minutes."""

    def carries_out(self, who: cast.Person, meeting: str, item: str) -> None:
        """Carry out what the body decided."""

    # Applications

    def starts(self, who: cast.Person) -> str:
        """Start an application of one's organisation."""

    def fills(self, who: cast.Person, application: str, answers: Mapping[str, Any]) -> None:
        """Save answers."""

    def has_no_ties(self, application: str) -> None:
        """Say as Yusuf that nothing ties one to it."""

    def checks(self, application: str) -> None:
        """Answer every item of the checklist with yes, as Yusuf."""

    # Reviews

    def asks_by_mail(self, application: str, reviewer: cast.Person) -> str:
        """Ask somebody by their address as Yusuf; return the review."""

    def asks(self, application: str, reviewer: cast.Person) -> str:
        """Ask one of those who are offered as Yusuf; return the review."""

    def declares(self, who: cast.Person, review: str, kind: str, reason: str = "") -> None:
        """Say what ties one to an application."""

    def scores(self, who: cast.Person, review: str, points: int) -> None:
        """Score every criterion and save."""

    # The decision

    def draws_up(self) -> None:
        """Draw up the proposal as Karin."""

    def changes_line(self, application: str, answer: str, reasons: str, departure: str) -> None:
        """Change a line of the proposal as Karin."""

    def reads_letters(self, applications: Sequence[str]) -> list[str]:
        """Read the letters about applications as Karin; return the hashes of their texts."""

    def award(self, who: cast.Person, application: str) -> str:
        """Return the award of one's application."""
