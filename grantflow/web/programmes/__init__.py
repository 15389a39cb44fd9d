"""Bodies that decide and their meetings: one module for each thing that people do."""

from __future__ import annotations

from collections.abc import Mapping

from grantflow.web.who import Who

ACCESS: Mapping[tuple[str, str], Who] = {
    ("/meetings", "GET"): "signed_in",
    ("/bodies/<uuid:body_id>", "GET"): "signed_in",
    ("/bodies/<uuid:body_id>/seats", "POST"): "signed_in",
    ("/bodies/<uuid:body_id>/seats/<uuid:seat_id>/end", "POST"): "signed_in",
    ("/bodies/<uuid:body_id>/meetings", "POST"): "signed_in",
    ("/meetings/<uuid:meeting_id>", "GET"): "signed_in",
    ("/meetings/<uuid:meeting_id>/agenda", "POST"): "signed_in",
    ("/meetings/<uuid:meeting_id>/presence", "POST"): "signed_in",
    ("/meetings/<uuid:meeting_id>/minutes", "POST"): "signed_in",
    ("/meetings/<uuid:meeting_id>/signature", "POST"): "signed_in",
    ("/meetings/<uuid:meeting_id>/items/<uuid:item_id>/leaving", "POST"): "signed_in",
    ("/meetings/<uuid:meeting_id>/items/<uuid:item_id>/outcome", "POST"): "signed_in",
    ("/meetings/<uuid:meeting_id>/items/<uuid:item_id>/step", "GET"): "signed_in",
    ("/meetings/<uuid:meeting_id>/items/<uuid:item_id>/step", "POST"): "signed_in",
}
