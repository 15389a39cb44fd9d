"""Coming in, one's own account, and what waits: one module for each thing that people do."""

from __future__ import annotations

from collections.abc import Mapping

from grantflow.web.who import Who

ACCESS: Mapping[tuple[str, str], Who] = {
    ("/sign-in", "GET"): "everybody",
    ("/sign-in", "POST"): "everybody",
    ("/sign-in/demo", "POST"): "demo",
    ("/sign-out", "POST"): "everybody",
    ("/home", "GET"): "signed_in",
}
