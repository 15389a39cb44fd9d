"""Pages that everybody may read, one module for each."""

from __future__ import annotations

from collections.abc import Mapping

from grantflow.web.who import Who

ACCESS: Mapping[tuple[str, str], Who] = {
    ("/", "GET"): "everybody",
    ("/calls/<slug>", "GET"): "everybody",
    ("/styleguide", "GET"): "demo",
    ("/workflows/<scheme>/v<int:version>/<lifecycle>", "GET"): "everybody",
}
