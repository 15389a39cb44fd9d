"""Deciding: the ranking, the proposal, the letters before they leave, the reserve list."""

from __future__ import annotations

from collections.abc import Mapping

from grantflow.web.who import Who

ACCESS: Mapping[tuple[str, str], Who] = {
    ("/calls/<slug>/ranking", "GET"): "signed_in",
    ("/calls/<slug>/ranking.csv", "GET"): "signed_in",
    ("/calls/<slug>/proposal", "GET"): "signed_in",
    ("/calls/<slug>/proposal", "POST"): "signed_in",
    ("/calls/<slug>/proposal/<ref>", "GET"): "signed_in",
    ("/calls/<slug>/proposal/<ref>", "POST"): "signed_in",
    ("/calls/<slug>/letters", "GET"): "signed_in",
    ("/calls/<slug>/letters", "POST"): "signed_in",
    ("/applications/<ref>/letter", "GET"): "signed_in",
    ("/applications/<ref>/letter", "POST"): "signed_in",
    ("/calls/<slug>/reserve", "GET"): "signed_in",
}
