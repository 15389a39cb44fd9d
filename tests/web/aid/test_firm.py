"""A firm on its own page: by the mailed link, without an account, in its language, all at once or declined."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import event, select

from grantflow.services import post
from grantflow.services.aid.invitations import link_token
from grantflow.services.letters.papers import keep_paper
from grantflow.store.cases import CaseRow
from grantflow.store.journal import JournalEntry
from grantflow.store.outbox import OutboxMessage
from tests.web.aid.office import ANSWERS, KEY, Office
from tests.web.aid.wire import fetched
from tests.web.house import words


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    made = Office(database_url, tmp_path)
    yield made
    made.house.close()


@pytest.fixture
def line(office: Office) -> UUID:
    _, made = office.house.request_of(limtra="trade_fair")
    return made["limtra"]


def test_the_mail_carries_the_link_and_the_link_opens_the_page(office: Office, line: UUID):
    (sent,) = office.mails(line, "confirm_line")
    assert sent.to.email == "limtra@demo.invalid"
    assert sent.to.language == "sv", "the firm's country speaks Swedish"
    (address,) = set(re.findall(r"https://aid\.example(/firms/[0-9a-f.]+)", sent.mail.text))
    assert address == office.page(line)
    assert address in sent.mail.html
    page = words(office.reader().text(address))
    assert "Please confirm the aid for your firm" in page
    assert re.search(r"4\W000", page)
    assert "Trade fair" in page
    assert "Ceiling" in page


def test_the_link_is_in_no_table_and_in_no_paper(office: Office, line: UUID):
    token = office.page(line).rpartition("/")[2]
    with office.house.tx() as tx:
        kept = [str(message.data) for message in tx.session.execute(select(OutboxMessage)).scalars()]
    assert kept
    assert not any(token in each for each in kept)


def test_a_firm_confirms_and_sees_what_happens_next(office: Office, line: UUID):
    firm, address = office.reader(), office.page(line)
    answer = firm.post(address, ANSWERS)
    assert answer.status_code == 303, words(answer.text)
    assert answer.location == address
    assert office.house.state(line) == "cleared"
    page = words(firm.text(address))
    assert "You have confirmed. There is nothing more for you to do." in page
    assert "decides by" in page
    assert office.held() == 4_000_00
    (mail, *_) = office.mails(line, "line_confirmed")
    assert "https://aid.example/firms/" in mail.mail.text
    for other in office.mails(line, "line_confirmed")[1:]:
        assert "/firms/" not in other.mail.text, "the cluster is not given the firm's link"


def test_everything_that_is_wrong_is_said_at_once_beside_the_words(office: Office, line: UUID):
    sent = {
        "signer_name": "",
        "signer_role": "Owner",
        "headcount": "many",
        "turnover": "",
        "balance": "2 000 000",
        "aid.0.on": "yesterday",
        "aid.0.amount": "12 500,50",
        "aid.0.by": "Region",
        "rows": "3",
        "what": "agree",
    }
    answer = office.reader().post(office.page(line), sent)
    assert answer.status_code == 422
    page = words(answer.text)
    for sentence in (
        "Please give your name.",
        "Please hand the link on to that person.",
        "Please give the number of people who work for the firm",
        "Please give the turnover",
        "Please give the day of the grant",
        "Please agree, or decline the aid.",
    ):
        assert page.count(sentence) == 2, f"in the summary and at its field: {sentence}"
    assert "Please list the de minimis aid" not in page
    for kept in ("many", "yesterday", "12 500,50", "Owner", "2 000 000"):
        assert f'value="{kept}"' in answer.text
    assert office.house.state(line) == "asked"
    assert office.held() == 0


def test_over_the_ceiling_the_arithmetic_is_shown_and_a_cheaper_activity_is_one_press_away(
    office: Office, line: UUID
):
    aid = {"aid.0.on": "2025-05-05", "aid.0.amount": "298 500", "aid.0.by": "Another agency"}
    sent = {name: value for name, value in ANSWERS.items() if name != "no_other_aid"} | aid
    firm, address = office.reader(), office.page(line)
    answer = firm.post(address, sent)
    assert answer.status_code == 422
    page = words(answer.text)
    assert "do not fit" in page
    assert "Too much by" in page
    assert re.findall(r'name="smaller" value="(\w+)"', answer.text) == ["matchmaking"]
    taken = firm.post(address, {**sent, "what": "", "smaller": "matchmaking"})
    assert taken.status_code == 303, words(taken.text)
    assert office.house.state(line) == "cleared"
    assert office.house.line(line).amount == 1_500_00
    assert office.house.counted("limtra") == 300_000_00
    assert office.house.window().reserved == 1_500_00


def test_a_cheaper_activity_is_not_taken_where_something_else_is_wrong(office: Office, line: UUID):
    answer = office.reader().post(
        office.page(line), {**ANSWERS, "signer_name": "", "what": "", "smaller": "matchmaking"}
    )
    assert answer.status_code == 422
    assert office.house.line(line).activity == "trade_fair"
    assert office.house.window().reserved == 4_000_00


def test_more_rows_and_the_sum_so_far_keep_every_word(office: Office, line: UUID):
    sent = {
        **ANSWERS,
        "aid.2.on": "2025-05-05",
        "aid.2.amount": "1 000",
        "aid.2.by": "Region",
        "what": "more",
    }
    answer = office.reader().post(office.page(line), sent)
    assert answer.status_code == 200
    assert 'name="aid.5.on"' in answer.text
    assert 'value="Kerstin Fåman"' in answer.text
    reckoned = office.reader().post(office.page(line), {**sent, "what": "reckon"})
    assert re.search(r"295\W000", words(reckoned.text))
    assert office.house.state(line) == "asked"


def test_a_form_that_is_sent_twice_does_one_thing(office: Office, line: UUID):
    firm, address = office.reader(), office.page(line)
    assert [firm.post(address, ANSWERS).status_code for _ in range(2)] == [303, 303]
    assert office.held() == 4_000_00
    assert len(office.mails(line, "line_confirmed")) == 2, "one to the firm, one to the cluster"


def test_a_firm_declines_with_a_reason(office: Office, line: UUID):
    firm, address = office.reader(), office.page(line)
    assert firm.post(address, {"what": "say_no", "reason": "We do not go."}).status_code == 303
    assert office.house.state(line) == "declined"
    assert "This has ended" in words(firm.text(address))
    assert office.house.window().reserved == 0


def test_a_newer_link_ends_the_older_and_the_older_says_what_to_do(office: Office, line: UUID):
    old = office.page(line)
    office.house.step("marie", line, "send_link_again")
    answer = office.reader().get(old)
    assert answer.status_code == 410
    page = words(answer.text)
    assert "A newer link was sent on" in page
    assert "ask the cluster that named your firm to send the link again" in page
    assert office.reader().post(old, ANSWERS).status_code == 410
    assert office.house.state(line) == "asked"
    assert office.reader().get(office.page(line)).status_code == 200


@pytest.mark.parametrize("token", ["nonsense", "0" * 32 + "." + "f" * 40, "é.é"])
def test_a_link_that_we_never_made_opens_nothing(office: Office, token: str):
    assert office.reader().get(f"/firms/{token}").status_code == 404


def test_whoever_guesses_is_told_nothing_more_and_shuts_nobody_out(office: Office, line: UUID):
    guesser = office.reader()
    limit = office.app.extensions["entrance"].limits.tries_network
    real = link_token(KEY.encode(), office.house.link(line))
    statuses = [guesser.get(f"/firms/{real[:-1]}x").status_code for _ in range(limit)]
    assert set(statuses) == {404}
    assert guesser.get(f"/firms/{real[:-1]}x").status_code == 429
    assert guesser.get(f"/firms/{real}").status_code == 200


def test_the_page_tells_nobody_its_address(office: Office, line: UUID):
    answer = office.reader().get(office.page(line))
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_over_tls_the_form_is_taken_though_it_names_no_page(office: Office, line: UUID):
    client, address, base = office.reader().client, office.page(line), "https://aid.example"
    page = client.get(address, base_url=base, headers={"Accept-Language": "en"}).text
    (token, *_) = re.findall(r'name="csrf_token" value="([^"]+)"', page)
    data = {**ANSWERS, "csrf_token": token}
    for elsewhere in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "null"}):
        assert client.post(address, data=data, base_url=base, headers=elsewhere).status_code == 400, elsewhere
    own = {"Sec-Fetch-Site": "same-origin", "Origin": "null"}
    assert client.post(address, data=data, base_url=base, headers=own).status_code == 303
    assert office.house.state(line) == "cleared"


def test_somebody_signed_in_acts_as_the_firm_on_its_page(office: Office, line: UUID):
    marie, address = office.reader("marie"), office.page(line)
    assert marie.post(address, ANSWERS).status_code == 303
    with office.house.tx() as tx:
        entry = tx.session.execute(
            select(JournalEntry).where(JournalEntry.record_id == line).order_by(JournalEntry.seq.desc())
        ).scalars()
        assert next(iter(entry)).actor_kind == "link"


@pytest.mark.parametrize("language", ["sv", "lt"])
def test_the_page_is_read_in_the_language_of_the_browser(office: Office, line: UUID, language: str):
    client = office.app.test_client()
    page = client.get(office.page(line), headers={"Accept-Language": language}).text
    assert f'<html lang="{language}"' in page


def test_the_letter_about_the_aid_is_on_the_firms_page_and_on_nobody_elses(office: Office, tmp_path: Path):
    request, made = office.house.request_of(limtra="trade_fair", pellets="market_visit")
    for line in made.values():
        office.house.confirm(line)
    office.house.step("yusuf", request, "grant")
    with office.house.tx() as tx:
        for line in made.values():
            keep_paper(tx, tmp_path / "files", line, "de_minimis_letter", "sv", b"%PDF-1.7 for " + line.bytes)
    mine, other = office.page(made["limtra"]), office.page(made["pellets"])
    page = office.reader().text(mine)
    assert "The aid is granted." in words(page)
    (paper,) = re.findall(r'href="([^"]+\.pdf)"', page)
    assert paper.startswith(mine)
    answer = office.reader().get(paper)
    assert answer.data == b"%PDF-1.7 for " + made["limtra"].bytes
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert office.reader().get(paper.replace(mine, other)).status_code == 404
    listed = words(office.reader("yusuf").text(f"/applications/{office.ref(request)}/lines"))
    assert "To Fåmans Limträ" in listed
    cluster = office.reader("marie").text(f"/records/{office.ref(request)}")
    assert f"/applications/{office.ref(request)}/decision" in cluster, "the grant is the contract"


def test_the_paper_of_a_letter_carries_no_link(office: Office, line: UUID):
    office.house.confirm(line)
    office.house.step("yusuf", request_of(office, line), "grant")
    with office.house.tx() as tx:
        message = tx.session.execute(
            select(OutboxMessage.id).where(OutboxMessage.template == "de_minimis_letter")
        ).scalar_one()
        parcel = post.compose(tx, message, lambda grant_id: f"https://aid.example/firms/{grant_id}")
    assert parcel is not None
    assert "/firms/" in parcel.mails[0].mail.text
    assert [paper.language for paper in parcel.papers] == ["sv"]
    assert "/firms/" not in parcel.papers[0].html


def request_of(office: Office, line: UUID) -> UUID:
    with office.house.tx() as tx:
        parent = tx.session.get_one(CaseRow, line).parent_id
    assert parent is not None
    return parent


def test_a_first_visit_takes_at_most_60_kilobytes_without_fonts(office: Office, line: UUID):
    found = fetched(office.reader().client, office.page(line))
    assert {"page", "site.css", "app.js", "icons.svg"} <= found.keys()
    assert "htmx.js" not in found
    assert sum(found.values()) <= 60_000, found


def test_styles_and_scripts_are_packed_for_who_takes_them_so(office: Office, line: UUID):
    reader = office.reader()
    (sheet,) = set(re.findall(r'href="(/static/site-[^"]+)"', reader.text(office.page(line))))
    packed = reader.get(sheet, headers={"Accept-Encoding": "gzip"})
    plain = reader.get(sheet, headers={"Accept-Encoding": "identity"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert all("Accept-Encoding" in one.headers["Vary"] for one in (packed, plain))
    assert gzip.decompress(packed.data) == plain.data


def test_the_page_keeps_to_its_statements(office: Office, line: UUID):
    reader, address = office.reader(), office.page(line)
    reader.text(address)
    said: list[str] = []
    event.listen(
        office.house.database.sql,
        "before_cursor_execute",
        lambda _c, _cursor, statement, *_: said.append(statement),
    )
    reader.text(address)
    asked = [one for one in said if not one.startswith(("BEGIN", "SET TRANSACTION"))]
    assert len(asked) <= 12, "\n\n".join(asked)
