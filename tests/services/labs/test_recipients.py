"""Who is told: everybody in the lab of what concerns the lab, and nobody of what is another's."""

from __future__ import annotations

from grantflow.services.cases import step
from grantflow.services.labs.taking_part import leave_lab
from grantflow.store.people.recipients import holders
from tests import cast
from tests.factories.story import Story


def told(story: Story, case_id, role: str) -> set[str]:
    with story.reading() as tx:
        return {each.name for each in holders(tx, case_id, role)}


def test_what_a_call_says_to_its_lab_reaches_everybody_in_it_and_nobody_else(lab: Story):
    with lab.tx(cast.NILS) as tx:
        leave_lab(tx, lab.places[cast.NILS.name])
    lab.now = lab.now.replace(second=1)
    inside = {person.name for person in cast.PARTICIPANTS} - {cast.NILS.name}
    assert told(lab, lab.call_id, "stakeholder") == inside
    assert told(lab, lab.call_id, "officer") == {cast.YUSUF.name, cast.ANNELI.name, cast.TOMAS.name}
    assert told(lab, lab.places[cast.LEIF.name], "stakeholder") == {cast.LEIF.name}
    assert told(lab, lab.places[cast.NILS.name], "stakeholder") == set(), (
        "whoever left is told nothing, nor are others"
    )
    assert told(lab, lab.call_id, "applicant") == set()


def test_what_a_frame_says_reaches_the_lab(lab: Story):
    lab.hold_workshops(3)
    with lab.tx(cast.KARIN) as tx:
        step(tx, lab.call_id, "start_synthesis")
    frame = lab.draft_frame()
    assert told(lab, frame, "stakeholder") == {person.name for person in cast.PARTICIPANTS}
    assert told(lab, frame, "board") == {person.name for person in (*cast.BOARD, *cast.DEPUTIES)}
