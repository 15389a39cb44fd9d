"""Aid: what a cluster, a firm and those who grant and pay do with a request for lump sums."""

from __future__ import annotations

from collections.abc import Mapping

from grantflow.web.who import Who

ACCESS: Mapping[tuple[str, str], Who] = {
    # The cluster: how the firms were chosen, the firms, proofs and the claim
    ("/applications/<ref>/selection", "GET"): "signed_in",
    ("/applications/<ref>/selection", "POST"): "signed_in",
    ("/applications/<ref>/firms", "GET"): "signed_in",
    ("/applications/<ref>/firms", "POST"): "signed_in",
    ("/lines/<ref>/details", "GET"): "signed_in",
    ("/lines/<ref>/details", "POST"): "signed_in",
    ("/lines/<ref>/proof", "GET"): "signed_in",
    ("/lines/<ref>/proof", "POST"): "signed_in",
    ("/applications/<ref>/claim", "GET"): "signed_in",
    ("/applications/<ref>/claim", "POST"): "signed_in",
    # The firm, by its mailed link
    ("/firms/<token>", "GET"): "everybody",
    ("/firms/<token>", "POST"): "everybody",
    ("/firms/<token>/letters/<uuid:file_id>.pdf", "GET"): "everybody",
    # Those who grant and pay
    ("/applications/<ref>/lines", "GET"): "signed_in",
    ("/applications/<ref>/lines", "POST"): "signed_in",
    ("/calls/<slug>/payments", "GET"): "signed_in",
    ("/payments/<ref>", "GET"): "signed_in",
    ("/payments/<ref>", "POST"): "signed_in",
}
