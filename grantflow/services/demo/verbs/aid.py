"""The aid of the story: a cluster asks for its firms, they confirm by their links, an officer grants."""

from __future__ import annotations

from datetime import date, timedelta

from grantflow.domain.aid.lines import Declaration, Selection
from grantflow.services import applications, deeds
from grantflow.services.aid.firms import DeclaredAid, confirm_line
from grantflow.services.aid.invitations import link_of
from grantflow.services.aid.requests import propose_line, record_selection
from grantflow.services.demo.people import address_of
from grantflow.services.demo.script import Event
from grantflow.services.demo.stage import Stage

EURO = 100


def ask_for_aid(stage: Stage, event: Event) -> None:
    """Begin a request, fill in its form, and say how the firms were chosen."""
    given = event.given
    chosen = given["chosen"]
    with stage.acting(event.who) as tx:
        made = applications.start_application(
            tx, stage.record(event.of), stage.organisations[given["organisation"]], language="sv"
        )
    stage.records[given["name"]] = made.case_id
    with stage.acting(event.who) as tx:
        answers = {name: given[name] for name in ("title", "country", "purpose", "host", "contact")}
        applications.save_answers(tx, made.case_id, answers)
        record_selection(
            tx,
            made.case_id,
            Selection(
                how=chosen["how"],
                rules=chosen["rules"],
                rules_published_on=_day(stage, int(chosen["published"])),
                invited=int(chosen["invited"]),
                answered=int(chosen["answered"]),
                chosen=int(chosen["firms"]),
                reasons=chosen["reasons"],
            ),
        )


def name_firm(stage: Stage, event: Event) -> None:
    """Name a firm in a request, with what it shall do and whom the link is mailed to."""
    given = event.given
    with stage.acting(event.who) as tx:
        stage.records[given["name"]] = propose_line(
            tx,
            stage.record(event.of),
            stage.organisations[given["firm"]],
            given["activity"],
            place=given["place"],
            starts_on=_day(stage, int(given["starts"])),
            contact=address_of(given["contact"]),
        )


def choose_activity(stage: Stage, event: Event) -> None:
    """Choose another activity for a line, as its firm does by the link."""
    line = stage.record(event.of)
    with stage.by_link(lambda tx: link_of(tx, line)) as tx:
        deeds.take(tx, line, "set_lump_sum", data={"activity": event.given["activity"]})


def confirm(stage: Stage, event: Event) -> None:
    """Confirm a line, as its firm does by the link: who it is, how large, and what aid it has had."""
    given, line = event.given, stage.record(event.of)
    had = [
        DeclaredAid(_day(stage, int(each["day"])), int(each["sum"]) * EURO, each["by"])
        for each in given.get("had", ())
    ]
    with stage.by_link(lambda tx: link_of(tx, line)) as tx:
        confirm_line(
            tx,
            line,
            Declaration(
                int(given["people"]),
                int(given["turnover"]) * EURO,
                int(given["balance"]) * EURO,
                not had,
                len(had),
                consent=True,
            ),
            had,
            signer_name=given["signer"],
            signer_role=given["role"],
            authorised=True,
        )


def grant(stage: Stage, event: Event) -> None:
    """Grant a request as far as it is delegated."""
    with stage.acting(event.who) as tx:
        deeds.take(tx, stage.record(event.of), "record_grant")


def _day(stage: Stage, day: int) -> date:
    return stage.today.astimezone(stage.zone).date() + timedelta(days=day)


VERBS = {each.__name__: each for each in (ask_for_aid, name_firm, choose_activity, confirm, grant)}
