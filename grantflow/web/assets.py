"""Style sheets and pictures of our own, under names that carry their checksum, so that they may be kept for a year."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

from flask import Blueprint, Response, abort, url_for

pages = Blueprint("assets", __name__)

_FOLDER = Path(__file__).parent / "static"
_KINDS = {".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}
A_YEAR = "public, max-age=31536000, immutable"


@cache
def _hashed() -> dict[str, tuple[str, bytes]]:
    """Return every file by its name with the checksum in it: kind and content."""
    found = {}
    for path in sorted(_FOLDER.iterdir()):
        if path.suffix in _KINDS:
            content = path.read_bytes()
            name = f"{path.stem}-{sha256(content).hexdigest()[:10]}{path.suffix}"
            found[name] = (_KINDS[path.suffix], content)
    return found


@cache
def _names() -> dict[str, str]:
    return {f"{name.rpartition('-')[0]}{Path(name).suffix}": name for name in _hashed()}


@pages.app_template_global()
def asset(name: str) -> str:
    """Return the address of a file of ours."""
    return url_for("assets.serve", name=_names()[name])


@pages.get("/static/<name>")
def serve(name: str) -> Response:
    """Answer with one of the files."""
    if name not in _hashed():
        abort(404)
    kind, content = _hashed()[name]
    return Response(content, content_type=kind, headers={"Cache-Control": A_YEAR})
