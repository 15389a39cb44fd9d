"""Reviewing: what ties one to an application, the scores, and the officer's overview of a round."""

from __future__ import annotations

from collections.abc import Mapping

from grantflow.web.who import Who

ACCESS: Mapping[tuple[str, str], Who] = {
    ("/reviews/<ref>/conflict", "GET"): "signed_in",
    ("/reviews/<ref>/conflict", "POST"): "signed_in",
    ("/reviews/<ref>/scores", "GET"): "signed_in",
    ("/reviews/<ref>/scores", "POST"): "signed_in",
    ("/reviews/<ref>/save", "POST"): "signed_in",
    ("/reviews/<ref>/files/<uuid:file_id>", "GET"): "signed_in",
    ("/calls/<slug>/reviews", "GET"): "signed_in",
}
