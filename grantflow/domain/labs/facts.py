"""What guards know of a lab and its frame."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from grantflow.domain.refusal import Refusal


@dataclass(frozen=True, slots=True)
class WorkshopsHeld:
    """How many sessions of a lab have been held."""

    count: int


@dataclass(frozen=True, slots=True)
class HelicesPresent:
    """Which helices are among those admitted to a lab."""

    helices: frozenset[str]


@dataclass(frozen=True, slots=True)
class LabSeats:
    """How many places of a lab are taken."""

    taken: int


@dataclass(frozen=True, slots=True)
class OwnPlace:
    """Whether whoever asks has been admitted to a lab and is still in it."""

    admitted: bool


@dataclass(frozen=True, slots=True)
class FrameInForce:
    """The frame that binds a call, if one does, and whether the call has a lab at all."""

    has_lab: bool
    version: int | None
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class EqualAccess:
    """What everybody must have seen before money opens: what the lab knew, and since when the frame is public."""

    frame_published_at: datetime | None
    hidden_without_reason: int
    """Contributions in the lab that the public does not see, and nobody said why."""
    hidden_with_reason: int
    sessions_without_results: int
    """Sessions that were held and whose results are not public."""

    def open_from(self, days: int) -> datetime | None:
        """Return the moment from which money may open, as far as time goes."""
        return None if self.frame_published_at is None else self.frame_published_at + timedelta(days=days)

    def against(self, days: int, now: datetime) -> Iterator[Refusal]:
        """Yield every line of the proof that fails."""
        ready = self.open_from(days)
        if ready is None:
            yield Refusal("frame_not_published", "The frame is not published yet.", {}, "frame")
        elif now < ready:
            yield Refusal(
                "frame_too_fresh",
                "The frame has to be public for %(days)s days before the fund opens; that is on %(date)s.",
                {"days": days, "date": ready.date().isoformat()},
                "frame",
            )
        if self.hidden_without_reason:
            yield Refusal(
                "contributions_hidden",
                "%(count)s contributions were seen in the lab alone, and no reason is given for it.",
                {"count": self.hidden_without_reason},
                "contributions",
            )
        if self.sessions_without_results:
            yield Refusal(
                "results_hidden",
                "%(count)s workshops were held whose results are not published.",
                {"count": self.sessions_without_results},
                "sessions",
            )


@dataclass(frozen=True, slots=True)
class ActionDraft:
    """An action of a frame, as far as it is written."""

    number: int
    title: str
    envelope: int
    indicators: int


@dataclass(frozen=True, slots=True)
class FrameDraft:
    """A frame, as far as it is written."""

    version: int
    vision: str
    changes: str
    actions: tuple[ActionDraft, ...]

    @property
    def envelope(self) -> int:
        """What its actions set aside in all."""
        return sum(action.envelope for action in self.actions)


@dataclass(frozen=True, slots=True)
class Consultation:
    """Whether and how long everybody could comment on a frame, and how many comments have no answer."""

    version: int
    opened_at: datetime | None
    closed_at: datetime | None
    comments: int
    unanswered: int
    zone: str
