"""Files and letters handed out: only to whom their record is open, and never as something a browser would run."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from urllib.parse import quote
from uuid import UUID

from flask import Blueprint, Response, abort

from grantflow.services.letters.pdf import letter_pdf
from grantflow.services.letters.receipts import ReceiptPaper
from grantflow.services.papers import file_for
from grantflow.services.records.visibility import visible
from grantflow.web.entrance import entrance, reading

pages = Blueprint("application_papers", __name__)


@pages.get("/files/<uuid:file_id>")
def file(file_id: UUID) -> Response:
    """Hand out a file."""
    return _handed_out(file_id, is_letter=False)


@pages.get("/letters/<uuid:file_id>.pdf")
def letter(file_id: UUID) -> Response:
    """Hand out the PDF of a letter."""
    return _handed_out(file_id, is_letter=True)


def _handed_out(file_id: UUID, *, is_letter: bool) -> Response:
    folder = entrance().data_folder
    if folder is None:
        abort(404)
    with reading() as tx:
        found = file_for(tx, folder / "files", file_id, visible, is_letter=is_letter)
    if found is None:
        abort(404)
    return as_download(found.content, found.name, found.media_type)


def as_download(content: bytes, name: str, media_type: str) -> Response:
    """Return a content as something to keep, under a name in any script."""
    plain = name.encode("ascii", "replace").decode().replace('"', "").replace("?", "_")
    named = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    return Response(content, content_type=media_type, headers={"Content-Disposition": named})


def rendered(paper: ReceiptPaper) -> bytes:
    """Return the PDF of a letter that the worker has not filed yet, made in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(letter_pdf, paper.html, paper.identifier).result(timeout=60)
