"""The walk played through the API alone: tokens, addresses and JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from tests import cast
from tests.api.program import Desk, Program, well
from tests.factories.fund import Fund


class ByApi:
    """Each of the cast has a program of their own, which knows what the API has told it and nothing else."""

    def __init__(self, fund: Fund, folder: Path) -> None:
        self.fund = fund
        self.desk = Desk(fund, folder)
        self.programs: dict[str, Program] = {}

    def of(self, who: cast.Person) -> Program:
        """Return somebody's program; its token is for a year, since the walk takes one."""
        if who.name not in self.programs:
            self.programs[who.name] = Program(self.desk.app, self.desk.token(who, days=365))
        return self.programs[who.name]

    def slug(self) -> str:
        return self.desk.slug

    def call(self) -> str:
        return str(self.of(cast.KARIN).read(f"/calls/{self.slug()}/transitions")["ref"])

    def step(self, who: cast.Person, ref: str, transition: str, **data: Any) -> None:
        self.of(who).step(ref, transition, **data)

    # The lab

    def registers(self, who: cast.Person) -> str:
        organisation = self.of(who).read("/me")["organisations"][0]["id"]
        said = {"organisation": organisation, "name_shown": True}
        return str(well(self.of(who).post(f"/calls/{self.slug()}/lab/places", said), 201)["ref"])

    def plans(self, title: str, place: str, starts_at: datetime) -> str:
        said = {"title": title, "place": place, "starts_at": starts_at.isoformat()}
        return str(well(self.of(cast.YUSUF).post(f"/calls/{self.slug()}/lab/sessions", said), 201)["id"])

    def holds(self, session: str, attended: Sequence[str], results: str) -> None:
        address = f"/calls/{self.slug()}/lab/sessions/{session}"
        held = self.of(cast.YUSUF).patch(address, {"attended": list(attended), "results": results})
        assert well(held, 200)["attended"] == len(attended)

    def brings(self, who: cast.Person, kind: str, text: str) -> str:
        made = self.of(who).post(f"/calls/{self.slug()}/lab/contributions", {"kind": kind, "text": text})
        return str(well(made, 201)["ref"])

    def supports(self, who: cast.Person, contribution: str) -> None:
        address = f"/calls/{self.slug()}/lab/contributions/{contribution}/support"
        assert well(self.of(who).post(address, {}), 200)["supported"]

    # The frame

    def begins_frame(self, title: str, vision: str) -> str:
        made = self.of(cast.YUSUF).post(
            f"/calls/{self.slug()}/lab/frames", {"title": title, "vision": vision}
        )
        return str(well(made, 201)["ref"])

    def writes_actions(self, frame: str, actions: Sequence[Mapping[str, Any]]) -> None:
        yusuf = self.of(cast.YUSUF)
        body = {"words": yusuf.read(f"/frames/{frame}")["words"], "actions": list(actions)}
        assert len(well(yusuf.patch(f"/frames/{frame}", body), 200)["actions"]) == len(actions)

    def comments(self, who: cast.Person, frame: str, text: str) -> None:
        well(self.of(who).post(f"/frames/{frame}/comments", {"text": text}), 201)

    def answers_comments(self, frame: str, text: str) -> None:
        yusuf = self.of(cast.YUSUF)
        for each in yusuf.read(f"/frames/{frame}")["comments"]:
            well(yusuf.patch(f"/frames/{frame}/comments/{each['id']}", {"answer": text}), 200)

    # The board

    def calls_meeting(self, held_at: datetime, record: str, matter: str) -> tuple[str, str]:
        elin = self.of(cast.ELIN)
        (body,) = elin.read("/bodies")["items"]
        called = elin.post(f"/bodies/{body['id']}/meetings", {"held_at": held_at.isoformat()})
        meeting = well(called, 201)["id"]
        put = elin.post(f"/meetings/{meeting}/items", {"record": record, "matter": matter})
        return meeting, well(put, 201)["items"][-1]["id"]

    def notes_presence(self, meeting: str, present: Sequence[cast.Person]) -> None:
        elin = self.of(cast.ELIN)
        found = elin.read(f"/meetings/{meeting}")
        seats = {each["name"]: each["user"] for each in found["people"]}
        body = {"present": [seats[each.name] for each in present], "words": found["words"]}
        well(elin.patch(f"/meetings/{meeting}", body), 200)

    def leaves(self, who: cast.Person, meeting: str, item: str) -> None:
        well(self.of(who).post(f"/meetings/{meeting}/items/{item}/leaving", {}), 200)

    def notes_outcome(self, meeting: str, item: str, minutes: str) -> None:
        elin = self.of(cast.ELIN)
        well(elin.patch(f"/meetings/{meeting}/items/{item}", {"outcome": "adopted"}), 200)
        seen = elin.get(f"/meetings/{meeting}").headers["ETag"]
        well(elin.patch(f"/meetings/{meeting}", {"minutes": minutes}, **{"If-Match": seen}), 200)

    def signs(self, who: cast.Person, meeting: str, role: str) -> None:
        well(self.of(who).post(f"/meetings/{meeting}/signatures", {"role": role}), 201)

    def carries_out(self, who: cast.Person, meeting: str, item: str) -> None:
        (found,) = [each for each in self.of(who).read(f"/meetings/{meeting}")["items"] if each["id"] == item]
        assert found["step"]["allowed"], found
        well(self.of(who).post(f"/meetings/{meeting}/items/{item}/step", {}), 200)

    # Applications

    def starts(self, who: cast.Person) -> str:
        return self.of(who).start(self.slug())

    def fills(self, who: cast.Person, application: str, answers: Mapping[str, Any]) -> None:
        self.of(who).fill(application, answers)

    def has_no_ties(self, application: str) -> None:
        well(self.of(cast.YUSUF).post(f"/applications/{application}/conflict", {"kind": "none"}), 200)

    def checks(self, application: str) -> None:
        yusuf = self.of(cast.YUSUF)
        items = yusuf.read(f"/applications/{application}/checklist")["items"]
        said = {"answers": {item["name"]: "yes" for item in items}}
        well(yusuf.patch(f"/applications/{application}/checklist", said), 200)

    # Reviews

    def asks_by_mail(self, application: str, reviewer: cast.Person) -> str:
        asked = self.of(cast.YUSUF).post(f"/applications/{application}/reviews", {"email": reviewer.email})
        return self._review(well(asked, 201), reviewer)

    def asks(self, application: str, reviewer: cast.Person) -> str:
        yusuf, address = self.of(cast.YUSUF), f"/applications/{application}/reviews"
        could = {each["name"]: each["id"] for each in yusuf.read(address)["candidates"]}
        asked = yusuf.post(address, {"reviewers": [could[reviewer.name]]})
        return self._review(well(asked, 201), reviewer)

    @staticmethod
    def _review(readers: Mapping[str, Any], reviewer: cast.Person) -> str:
        """Return the last review of somebody."""
        return str(max(each["ref"] for each in readers["readers"] if each["name"] == reviewer.name))

    def declares(self, who: cast.Person, review: str, kind: str, reason: str = "") -> None:
        before = self.of(who).read(f"/reviews/{review}")
        assert (before["sent"] is None) == (before["declared_at"] is None)
        said = {"kind": kind, "reason": reason}
        well(self.of(who).post(f"/reviews/{review}/conflict", said), 200)

    def scores(self, who: cast.Person, review: str, points: int) -> None:
        program = self.of(who)
        sheet = program.read(f"/reviews/{review}")
        criteria = [each["name"] for each in sheet["criteria"]]
        said = {
            "scores_revision": sheet["scores_revision"],
            "points": dict.fromkeys(criteria, points),
            "comments": dict.fromkeys(criteria, "It is said who does what."),
            "comment": "It can begin at once.",
        }
        assert well(program.patch(f"/reviews/{review}", said), 200)["missing"] == []

    # The decision

    def draws_up(self) -> None:
        karin = self.of(cast.KARIN)
        assert karin.read(f"/calls/{self.slug()}/ranking")["frozen"]["number"] == 1
        well(karin.post(f"/calls/{self.slug()}/proposal", {}), 201)

    def changes_line(self, application: str, answer: str, reasons: str, departure: str) -> None:
        karin, address = self.of(cast.KARIN), f"/calls/{self.slug()}/proposal"
        (words,) = [each["words"] for each in karin.read(address)["items"] if each["ref"] == application]
        said = {"words": words, "answer": answer, "reasons": reasons, "departure_reason": departure}
        line = karin.patch(f"{address}/{application}", said)
        assert well(line, 200)["departs"]

    def reads_letters(self, applications: Sequence[str]) -> list[str]:
        karin, hashes = self.of(cast.KARIN), []
        for each in applications:
            letter = karin.read(f"/applications/{each}/letter")
            read = karin.post(f"/applications/{each}/letter", {"sha256": letter["sha256"]})
            assert well(read, 200)["read_as_it_is"]
            hashes.append(letter["sha256"])
        return hashes

    def award(self, who: cast.Person, application: str) -> str:
        below = self.of(who).read(f"/records/{application}")["below"]
        return str(next(each["ref"] for each in below if each["kind"] == "award"))
