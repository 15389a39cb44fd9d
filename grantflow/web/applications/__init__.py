"""Applying, checking, finding reviewers: what people do with one application."""

from __future__ import annotations

from collections.abc import Mapping

from grantflow.web.who import Who

ACCESS: Mapping[tuple[str, str], Who] = {
    # Applicants: start, fill in, send, read what came of it
    ("/calls/<slug>/apply", "GET"): "everybody",
    ("/calls/<slug>/apply", "POST"): "signed_in",
    ("/calls/<slug>/paper", "GET"): "signed_in",
    ("/calls/<slug>/paper", "POST"): "signed_in",
    ("/applications/<ref>/form", "GET"): "signed_in",
    ("/applications/<ref>/form/<section>", "GET"): "signed_in",
    ("/applications/<ref>/form/<section>", "POST"): "signed_in",
    ("/applications/<ref>/files/<section>", "GET"): "signed_in",
    ("/applications/<ref>/files/<section>", "POST"): "signed_in",
    ("/applications/<ref>/save", "POST"): "signed_in",
    ("/applications/<ref>/send", "GET"): "signed_in",
    ("/applications/<ref>/send", "POST"): "signed_in",
    ("/applications/<ref>/receipt", "GET"): "signed_in",
    ("/applications/<ref>/receipt.pdf", "GET"): "signed_in",
    ("/applications/<ref>/decision", "GET"): "signed_in",
    ("/files/<uuid:file_id>", "GET"): "signed_in",
    ("/letters/<uuid:file_id>.pdf", "GET"): "signed_in",
    ("/applications/<ref>/checklist", "GET"): "signed_in",
    ("/applications/<ref>/checklist", "POST"): "signed_in",
    ("/applications/<ref>/reviewers", "GET"): "signed_in",
    ("/applications/<ref>/reviewers", "POST"): "signed_in",
}
