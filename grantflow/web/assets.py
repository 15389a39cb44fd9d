"""Style sheet, scripts, font and signs, under names that carry their checksum, so that they may be kept for a year."""

from __future__ import annotations

import gzip
from functools import cache
from hashlib import sha256
from pathlib import Path

from flask import Blueprint, Response, abort, request

pages = Blueprint("assets", __name__)

_FOLDER = Path(__file__).parent / "static"
BUILT = _FOLDER / "dist"
"""Where script/assets puts what it builds."""
_KINDS = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
A_YEAR = "public, max-age=31536000, immutable"


class NotBuilt(RuntimeError):
    """The style sheet and its companions are not there."""


@cache
def _hashed() -> dict[str, tuple[str, bytes]]:
    """Return every file by its name with the checksum in it: kind and content."""
    found: dict[str, tuple[str, bytes]] = {}
    named: dict[str, str] = {}
    files = [path for folder in (_FOLDER, BUILT) if folder.is_dir() for path in sorted(folder.iterdir())]
    # Style sheets come last: they name the fonts, and have to name them as they are served.
    for path in sorted(files, key=lambda path: path.suffix == ".css"):
        if path.suffix not in _KINDS:
            continue
        content = path.read_bytes()
        if path.suffix == ".css":
            for plain, name in named.items():
                content = content.replace(f"./{plain}".encode(), f"./{name}".encode())
        name = f"{path.stem}-{sha256(content).hexdigest()[:10]}{path.suffix}"
        named[path.name] = name
        found[name] = (_KINDS[path.suffix], content)
    return found


PACKED = frozenset({".css", ".js", ".svg"})
"""Kinds that become much shorter when they are packed; fonts and pictures are packed as they are."""


@cache
def _packed(name: str) -> bytes:
    return gzip.compress(_hashed()[name][1], 9, mtime=0)


@cache
def _names() -> dict[str, str]:
    return {f"{name.rpartition('-')[0]}{Path(name).suffix}": name for name in _hashed()}


@pages.app_template_global()
def asset(name: str) -> str:
    """Return the address of a file of ours.

    Raises:
        NotBuilt: there is no such file.
    """
    if name not in _names():
        raise NotBuilt(f"{name} is not among the built files. Run: script/assets")
    # Not by url_for: a list of fifty rows asks a hundred times.
    return f"{request.script_root}/static/{_names()[name]}"


@pages.get("/static/<name>")
def serve(name: str) -> Response:
    """Answer with one of the files."""
    if name not in _hashed():
        abort(404)
    kind, content = _hashed()[name]
    answer = Response(content, content_type=kind, headers={"Cache-Control": A_YEAR})
    if Path(name).suffix in PACKED:  # pages are not packed: their length would tell of the tokens in them
        answer.vary.add("Accept-Encoding")
        if request.accept_encodings.quality("gzip") > 0:
            answer.set_data(_packed(name))
            answer.content_encoding = "gzip"
    return answer
