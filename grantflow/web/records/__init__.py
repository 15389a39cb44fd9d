"""Records of every kind: their page, their steps, their journal, lists, and the manager's pages of a call."""

from __future__ import annotations

from collections.abc import Mapping

from grantflow.web.who import Who

ACCESS: Mapping[tuple[str, str], Who] = {
    ("/records/<ref>", "GET"): "everybody",
    ("/records/<ref>/journal", "GET"): "everybody",
    ("/records/<ref>/steps/<transition>", "GET"): "signed_in",
    ("/records/<ref>/steps/<transition>", "POST"): "signed_in",
    ("/calls/<slug>/manage", "GET"): "signed_in",
    ("/calls/<slug>/messages", "GET"): "signed_in",
    ("/calls/<slug>/messages/<template>", "GET"): "signed_in",
    ("/calls/<slug>/rehearsal", "GET"): "signed_in",
    ("/calls/<slug>/rehearsal", "POST"): "signed_in",
    ("/calls/<slug>/applications", "GET"): "signed_in",
    ("/calls/<slug>/applications.csv", "GET"): "signed_in",
}
