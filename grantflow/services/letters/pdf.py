"""From the HTML of a letter to a tagged PDF; runs in a child process, which imports nothing else of the house."""

from __future__ import annotations

import os
from hashlib import sha256


def letter_pdf(html: str, identifier: str) -> bytes:
    """Return the PDF/UA-1 of a document; the same document and identifier give the same bytes.

    Nothing is fetched but data that the document itself carries.
    """
    from weasyprint import HTML  # noqa: PLC0415 - takes seconds and a hundred megabytes: in the child only
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415 - as above
    from weasyprint.urls import URLFetcher  # noqa: PLC0415 - as above

    os.environ.setdefault("SOURCE_DATE_EPOCH", "0")  # else the embedded fonts carry the time of rendering
    document = HTML(string=html, url_fetcher=URLFetcher(allowed_protocols=["data"]))
    rendered = document.write_pdf(
        pdf_variant="pdf/ua-1",
        pdf_identifier=sha256(identifier.encode()).digest()[:16],
        font_config=FontConfiguration(),
    )
    assert isinstance(rendered, bytes)
    return rendered
