"""What browsers get beside pages: small enough, complete, kept for a year, and no room's style in another's way."""

import gzip
import re
from collections import Counter
from pathlib import Path

from grantflow.web.assets import BUILT
from tests.web.conftest import Site

ROOT = Path(__file__).resolve().parents[2]


def test_scripts_and_styles_stay_within_their_budget():
    scripts = sum(len(gzip.compress(file.read_bytes(), 9)) for file in BUILT.glob("*.js"))
    styles = sum(len(gzip.compress(file.read_bytes(), 9)) for file in BUILT.glob("*.css"))
    assert 0 < scripts <= 40_000
    assert 0 < styles <= 30_000


def test_every_sign_that_templates_name_is_in_the_sprite():
    known = set((ROOT / "assets" / "icons.txt").read_text().split())
    named = {
        name
        for file in (ROOT / "templates").rglob("*.html")
        for name in re.findall(r'icon\(\s*"([a-z0-9-]+)"', file.read_text())
    }
    assert named
    assert named <= known
    sprite = (BUILT / "icons.svg").read_text()
    assert set(re.findall(r'<symbol id="([^"]+)"', sprite)) == known


def test_no_class_is_styled_by_itself_in_two_sheets():
    found = Counter(
        name
        for sheet in (ROOT / "assets" / "css").glob("*.css")
        for name in set(re.findall(r"^\.(gf-[a-z0-9-]+) \{", sheet.read_text(), re.MULTILINE))
    )
    assert [name for name, sheets in found.items() if sheets > 1] == []


def test_files_are_kept_for_a_year_under_names_that_change_with_them(site: Site):
    page = site.text("/")
    addresses = set(re.findall(r'(?:href|src)="(/static/[^"#]+)', page))
    assert {Path(address).suffix for address in addresses} == {".css", ".js", ".svg", ".woff2"}
    for address in addresses:
        answer = site.client.get(address)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    sheet = site.client.get(next(each for each in addresses if each.endswith(".css"))).text
    fonts = re.findall(r"url\(\./(inter-[^)]+)\)", sheet)
    assert len(fonts) == 2
    for font in fonts:
        assert site.client.get(f"/static/{font}").status_code == 200


def test_the_style_sheet_names_no_address_elsewhere():
    sheet = (BUILT / "site.css").read_text()
    named = set(re.findall(r"https?://[^\s\"')%]+", sheet.replace("%3A", ":").replace("%2F", "/")))
    assert named <= {"http://www.w3.org/2000/svg"}
