"""The first page, calls and workflows as everybody reads them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape

from sqlalchemy import event

from grantflow.domain.actor import SYSTEM
from tests.web.conftest import NOW, Site


def words(page: str) -> str:
    """The page as it is read: without markup, with single spaces."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


@contextmanager
def counted(site: Site) -> Iterator[list[str]]:
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        said.append(statement)

    event.listen(site.database.sql, "before_cursor_execute", note)
    yield said
    event.remove(site.database.sql, "before_cursor_execute", note)


def test_the_first_page_says_so_when_no_call_is_published(site: Site):
    page = words(site.text("/"))
    assert "From a challenge to projects that answer it" in page
    assert "No call is published here yet." in page


def test_the_first_page_lists_calls_with_state_date_and_money_the_open_ones_first(site: Site):
    site.call("closed", "An old call", "closed")
    site.call("low-carbon", "Low carbon where the work is")
    page = site.text("/")
    assert page.index("Low carbon where the work is") < page.index("An old call")
    read = words(page)
    assert "Open for applications" in read
    assert "22 December 2026, 13:00 (Stockholm) Submission deadline" in read
    assert "SEK\u00a01\u202f500\u202f000" in page
    assert '<a href="/calls/low-carbon">' in page


def test_a_call_that_is_not_published_is_nowhere(site: Site):
    site.call("secret", "Not yet", "draft")
    assert "Not yet" not in site.text("/")
    assert words(site.text("/calls/secret", 404)) == words(site.text("/calls/nowhere", 404))


def test_the_first_page_takes_as_many_statements_for_nine_calls_as_for_one(site: Site):
    site.call("call-0", "Call 0")
    site.text("/")
    with counted(site) as for_one:
        site.text("/")
    for number in range(1, 9):
        site.call(f"call-{number}", f"Call {number}", "released", outcomes={"awarded": 2})
    with counted(site) as for_nine:
        site.text("/")
    assert len(for_one) == len(for_nine) <= 6


def test_the_page_of_a_call_takes_few_statements_whatever_is_in_it(site: Site):
    site.call("small", "Small", outcomes={"submitted": 1})
    site.call("large", "Large", "released", outcomes={"awarded": 20, "not_funded": 20})
    for slug in ("small", "large"):
        with counted(site) as said:
            site.text(f"/calls/{slug}")
        assert len(said) <= 9, slug


def test_the_first_page_leads_to_each_lifecycle_and_stays_small(site: Site):
    for number in range(20):
        site.call(f"call-{number}", f"Call {number}")
    page = site.text("/")
    for compiled in site.database.engine.all():
        for lifecycle in compiled.scheme.lifecycles.values():
            address = f"/workflows/{compiled.scheme.name}/v{compiled.scheme.version}/{lifecycle.name}"
            assert f'href="{address}"' in page
    assert len(page.encode()) < 120_000


def test_the_page_of_a_lifecycle_has_its_diagram(site: Site):
    for compiled in site.database.engine.all():
        for lifecycle in compiled.scheme.lifecycles.values():
            page = site.text(f"/workflows/{compiled.scheme.name}/v{compiled.scheme.version}/{lifecycle.name}")
            assert re.search(r'<svg (?:width="\d+" )?class="gf-wf|<svg [^>]*role="img"', page)


def test_the_page_of_a_lifecycle_has_every_state_step_condition_and_clock(site: Site):
    for compiled in site.database.engine.all():
        scheme, registry = compiled.scheme, site.database.engine.registry
        for lifecycle in scheme.lifecycles.values():
            page = words(site.text(f"/workflows/{scheme.name}/v{scheme.version}/{lifecycle.name}"))
            for state in lifecycle.states.values():
                assert " ".join(state.label.split()) in page
            for row in lifecycle.rows:
                assert " ".join(row.label.split()) in page
                for call in row.guards:
                    assert " ".join(registry.guards[call.name].about.split()) in page
            assert ("What happens by the clock" in page) == bool(lifecycle.timers)


def test_a_call_shows_its_path_dates_and_money(site: Site):
    site.call("low-carbon", "Low carbon where the work is")
    page = words(site.text("/calls/low-carbon"))
    assert "Preparation Finished" in page
    assert "Seed fund Now" in page
    assert "Decision Later" in page
    assert (
        "Fund opens The fund receives applications from here on. 2 November 2026, 13:00 (Stockholm) Past"
        in page
    )
    assert "SEK\u00a0100\u202f000 to SEK\u00a0400\u202f000 for each project" in site.text("/calls/low-carbon")


def test_what_was_decided_is_told_only_when_it_is_released(site: Site):
    masked = {"approved": 3, "turned_down": 4, "on_reserve": 2, "eligible": 1, "withdrawn": 2}
    site.call("embargo", "Under embargo", "decided", outcomes=masked)
    page = words(site.text("/calls/embargo"))
    assert "What was decided" not in page
    assert "Granted" not in page.replace("Granted Paid", "").replace("Envelope Granted", "")
    told = {"awarded": 3, "not_funded": 4, "reserve": 2, "withdrawn": 2, "unsent": 5, "draft": 1}
    site.call("told", "Told", "released", outcomes=told)
    page = words(site.text("/calls/told"))
    assert "Applications received 11 Granted 3 On the reserve list 2 Refused 4 Withdrawn 2" in page


def test_under_embargo_a_call_shows_the_state_that_it_is_masked_by(site: Site):
    lifecycle = site.database.engine.compiled("challenge_driven", 1).root.lifecycle
    masked = next(state for state in lifecycle.states.values() if state.mask)
    shown = lifecycle.states[masked.mask["applicant"]]
    site.call("embargo", "Under embargo", masked.name)
    for address in ("/", "/calls/embargo"):
        page = site.text(address)
        assert f"</svg>{shown.label}</span>" in page
        assert f"</svg>{masked.label}</span>" not in page


def test_unknown_workflows_are_not_there(site: Site):
    for address in (
        "/workflows/challenge_driven/v2/call",
        "/workflows/nothing/v1/call",
        "/workflows/challenge_driven/v1/nothing",
        "/workflows/challenge_driven/vx/call",
    ):
        assert "This page is not here" in site.text(address, 404)


def test_a_fault_of_ours_is_a_page_that_betrays_nothing(site: Site):
    with site.database.transaction(SYSTEM, NOW) as tx:
        tx.connection.exec_driver_sql("ALTER TABLE gf_call RENAME TO gf_call_gone")
    answer = site.client.get("/")
    assert answer.status_code in (500, 503)
    assert "<h1>" in answer.text
    assert "gf_call" not in answer.text
