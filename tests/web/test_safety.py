"""Headers on every answer; no style or script in a page that the policy would forbid; hostile words stay words."""

import re

import pytest

from tests.web.conftest import Site

POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{}'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@pytest.mark.parametrize("address", ["/", "/nowhere", "/readyz", "/workflows/challenge_driven/v1/call"])
def test_every_answer_carries_the_policy_with_a_nonce_of_its_own(site: Site, address: str):
    nonces = set()
    for _ in range(2):
        answer = site.client.get(address)
        policy = answer.headers["Content-Security-Policy"]
        [nonce] = re.findall(r"'nonce-([^']{20,})'", policy)
        assert policy == POLICY.format(nonce)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
        nonces.add(nonce)
    assert len(nonces) == 2


@pytest.mark.parametrize(
    "address", ["/", "/calls/low-carbon", "/workflows/challenge_driven/v1/application", "/nowhere"]
)
def test_pages_need_no_style_or_script_of_their_own(site: Site, address: str):
    site.call("low-carbon", "Low carbon", "released", outcomes={"awarded": 1})
    page = site.client.get(address).text
    assert not re.search(
        r'<style|\sstyle=|<script(?! type="module" src="/static/)|\son[a-z]+=|javascript:', page
    )
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert sorted(ids) == sorted(set(ids)), "each id stands once"


def test_words_of_people_are_text_and_never_markup(site: Site):
    site.call("hostile", "<script>alert(1)</script> & {{ 7 * 7 }}")
    for address in ("/", "/calls/hostile"):
        page = site.text(address)
        assert "<script>" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; {{ 7 * 7 }}" in page


def test_the_style_sheet_is_kept_for_a_year_under_the_name_of_its_content(site: Site):
    [address] = re.findall(r'<link rel="stylesheet" href="([^"]+)">', site.text("/"))
    answer = site.client.get(address)
    assert answer.content_type.startswith("text/css")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert site.client.get("/").headers["Cache-Control"] == "no-store"
    assert site.client.get(address.replace("site-", "site-0")).status_code == 404
