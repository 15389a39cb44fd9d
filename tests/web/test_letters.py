"""The preview of a letter says what its paper says."""

import re
from html import unescape

from grantflow.services.letters.catalogue import shipped
from grantflow.services.letters.compose import compose
from grantflow.services.letters.papers import letter_html
from grantflow.web.letters import letter_page
from tests.services.letters.values import DECISION
from tests.web.conftest import Site


def words(html: str) -> str:
    article = html[html.index("<article") : html.index("</article>")]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", article)).split())


def test_the_preview_has_the_words_of_the_paper_in_their_order(site: Site):
    for language in ("en", "lt"):
        letter = compose(shipped(), "award_letter", DECISION, language=language, zone="Europe/Stockholm")
        with site.app.test_request_context("/"):
            page = letter_page(letter)
        assert words(page) == words(letter_html(letter))
        assert f'<article class="letter" lang="{language}">' in page
        assert "style=" not in page
        assert "<style" not in page
