"""The challenge lab: one module for each thing that people do there."""

from __future__ import annotations

from collections.abc import Mapping

from grantflow.web.who import Who

ACCESS: Mapping[tuple[str, str], Who] = {
    ("/calls/<slug>/lab", "GET"): "everybody",
    ("/calls/<slug>/lab/interest", "GET"): "everybody",
    ("/calls/<slug>/lab/interest", "POST"): "signed_in",
    ("/calls/<slug>/lab/contributions", "POST"): "signed_in",
    ("/calls/<slug>/lab/contributions/<uuid:contribution_id>/support", "POST"): "signed_in",
    ("/calls/<slug>/lab/contributions/<uuid:contribution_id>/visibility", "POST"): "signed_in",
    ("/calls/<slug>/lab/reading", "POST"): "signed_in",
    ("/calls/<slug>/lab/places", "GET"): "signed_in",
    ("/calls/<slug>/lab/places", "POST"): "signed_in",
    ("/calls/<slug>/lab/sessions", "POST"): "signed_in",
    ("/calls/<slug>/lab/sessions/<uuid:session_id>", "GET"): "signed_in",
    ("/calls/<slug>/lab/sessions/<uuid:session_id>", "POST"): "signed_in",
    ("/calls/<slug>/lab/frame", "GET"): "everybody",
    ("/calls/<slug>/lab/frame", "POST"): "signed_in",
    ("/calls/<slug>/lab/frame/write", "GET"): "signed_in",
    ("/calls/<slug>/lab/frame/write", "POST"): "signed_in",
    ("/calls/<slug>/lab/frame/sources", "GET"): "signed_in",
    ("/calls/<slug>/lab/frame/sources", "POST"): "signed_in",
    ("/calls/<slug>/lab/frame/comments", "POST"): "signed_in",
    ("/calls/<slug>/lab/frame/comments/<uuid:comment_id>/answer", "POST"): "signed_in",
}
