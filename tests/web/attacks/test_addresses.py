"""Addresses that nobody's browser makes: numbers without end, keys of lists that are none, ways out of the house."""

from __future__ import annotations

import base64
import json
from typing import Any

from markupsafe import escape

from tests import cast
from tests.web.applications.conftest import Desk
from tests.web.conftest import Site

VAST = "9" * 25
ENDLESS = "9" * 5000
"""Longer than Python reads as a number."""
ELSEWHERE = (
    "http://elsewhere.invalid/",
    "//elsewhere.invalid",
    "///elsewhere.invalid",
    "/\\elsewhere.invalid",
    "\\\\elsewhere.invalid",
    "/\t/elsewhere.invalid",
    "javascript:alert(1)",
    "http://[",
    "//[",
    "//a\u2100b",
    "https:elsewhere.invalid",
    "home",
)


def test_nobody_is_led_out_of_the_house(demo_site: Site):
    reader = demo_site.reader()
    for address in ELSEWHERE:
        page = reader.get("/sign-in", query_string={"next": address})
        assert page.status_code == 200, address
        assert f'name="next" value="{escape(address)}"' not in page.text
        assert reader.get("/register", query_string={"next": address}).status_code == 200
        for form in ("/language", "/colours", "/demo/clock"):
            answer = reader.post(form, {"language": "en", "colours": "dark", "next": address})
            assert answer.status_code == 303
            assert answer.headers["Location"] == "/", address
        assert reader.post("/sign-in", {"next": address, "email": "x@y.invalid"}).status_code in (422, 429)


def test_numbers_in_addresses_are_none_or_small(desk: Desk):
    for number in (VAST, ENDLESS, "-1", "0", "\u0663", "1e3", "nan"):
        _asks_for(desk, number)


def _asks_for(desk: Desk, number: str) -> None:
    slug = desk.fund.plan.slug
    karin = desk.reader(cast.KARIN)
    for address in (
        f"/calls/{slug}/lab/frame?version={number}",
        f"/calls/{slug}/ranking?after={number}",
        f"/calls/{slug}/proposal?after={number}",
        f"/calls/{slug}/reserve?after={number}",
        f"/calls/{slug}/letters?after={number}",
        f"/calls/{slug}/reviews?after={number}",
        f"/calls/{slug}/applications?rows={number}&after={number}&before={number}",
        f"/records/{slug.upper()}/journal?before={number}",
        f"/workflows/challenge_driven/v{number}/call",
        f"/workflows/challenge_driven/v1/{number}",
    ):
        assert karin.get(address).status_code in (200, 404), address


KEYS: tuple[Any, ...] = (
    [None, False, "X"],
    [{"a": 1}, False, "X"],
    [["a"], False, "X"],
    [10**30, False, "X"],
    [1.5, False, "X"],
    [True, False, "X"],
    ["\x00", False, "X"],
    ["\ud800", False, "X"],
    ["a", False, "\x00"],
    ["a", False, "\ud800"],
    ["2019-01-01T00:00:00Z", True, "X"],
    ["0001-01-01T00:00:00+14:00", True, "X"],
    ["not a day", True, "X"],
    [7, True, "X"],
    [7, False, "X"],
    {"a": 1},
    7,
    [],
    [[[[[[]]]]]],
)


def test_the_key_of_a_page_of_a_list_is_only_a_place(desk: Desk):
    desk.fund.apply(cast.LEIF, "Heat from the mill", 30_000, 60_000)
    karin = desk.reader(cast.KARIN)
    for key in KEYS:
        packed = base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")
        for sort in ("ref", "sent", "asked", "-title"):
            answer = karin.get(f"/calls/{desk.fund.plan.slug}/applications?sort={sort}&after={packed}")
            assert answer.status_code == 200, (key, sort)


def test_odd_signs_in_addresses_are_not_found(desk: Desk):
    for odd in ("%00", "%ff%fe", "a%00b", "%F0%9F%92%A9", "'", "%25", "x" * 5000):
        _looks_for(desk, odd)


def _looks_for(desk: Desk, odd: str) -> None:
    slug = desk.fund.plan.slug
    karin = desk.reader(cast.KARIN)
    for address in (
        f"/calls/{odd}",
        f"/records/{odd}",
        f"/records/{odd}/steps/{odd}",
        f"/applications/{odd}/form/{odd}",
        f"/calls/{slug}/proposal/{odd}",
        f"/reviews/{odd}/conflict",
        f"/workflows/{odd}/v1/{odd}",
        f"/static/{odd}",
        f"/invitations/{odd}",
        f"/sign-in/new-password/{odd}",
    ):
        assert karin.get(address).status_code == 404, address
    for address in (
        f"/calls/{slug}/applications?words={odd}&state={odd}&window={odd}&sort={odd}&after={odd}",
        f"/calls/{slug}/lab?kind={odd}&action={odd}",
        f"/calls/{slug}/letters?after={odd}",
        f"/calls/{slug}/reviews?after={odd}",
        f"/home?kept={odd}",
    ):
        assert karin.get(address).status_code in (200, 303, 400, 404), address
