"""Files and filed letters: handed out to whom their record is open."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

from flask import Response

from grantflow.api.house import house
from grantflow.api.routes import Operations, operation
from grantflow.services.papers import file_for
from grantflow.services.records.visibility import visible
from grantflow.store.session import Tx

group = Operations("files", __name__, description="Files and letters.")


@operation(
    group,
    "GET",
    "/files/<uuid:file_id>",
    scope="read",
    gives={"type": "string", "format": "binary"},
    media_type="application/octet-stream",
    problems=(404,),
)
def show(tx: Tx, file_id: UUID) -> Response | None:
    """Hand out a file, never as something that a browser would run."""
    folder = house().data_folder
    found = None if folder is None else file_for(tx, folder / "files", file_id, visible)
    if found is None:
        return None
    return handed_out(found.name, found.media_type, found.content)


def handed_out(name: str, media_type: str, content: bytes) -> Response:
    """Return a content as something to keep, under a name in any script."""
    named = f"attachment; filename*=UTF-8''{quote(name)}"
    return Response(content, content_type=media_type, headers={"Content-Disposition": named})
