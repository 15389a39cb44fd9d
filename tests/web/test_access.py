"""Every route is in the table of access, answers only what it says, and writes nothing when it is read."""

from sqlalchemy import event

from grantflow.web.access import collected
from grantflow.web.pages import PAGES
from tests.web.conftest import Site

ADDRESSES = (
    "/",
    "/calls/low-carbon",
    "/calls/nowhere",
    "/workflows/challenge_driven/v1/application",
    "/workflows/challenge_driven/v9/application",
    "/healthz",
    "/readyz",
    "/static/nothing.css",
    "/nowhere",
)


def test_every_route_is_in_the_table_and_the_table_has_no_other(site: Site):
    routes = {
        (rule.rule, method)
        for rule in site.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert routes == set(collected(PAGES))


def test_a_route_that_is_not_in_the_table_answers_nobody(site: Site):
    site.app.add_url_rule("/backdoor", view_func=lambda: "open")
    assert "open" not in site.text("/backdoor", 404)


def test_pages_take_no_posts(site: Site):
    assert site.reader().post("/").status_code == 405
    assert site.client.delete("/calls/low-carbon").status_code == 405


def test_reading_writes_nothing(site: Site):
    site.call("low-carbon", "Low carbon")
    said: list[str] = []
    event.listen(
        site.database.sql,
        "before_cursor_execute",
        lambda _c, _cursor, statement, *_: said.append(statement),
    )
    for address in ADDRESSES:
        site.client.get(address)
        site.client.head(address)
    assert said
    assert {statement.split()[0].upper() for statement in said} <= {"SELECT", "BEGIN", "SET", "PRAGMA"}
    assert all("table_info" in statement for statement in said if statement.startswith("PRAGMA"))
