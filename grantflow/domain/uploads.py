"""Files that people hand in: of which kind they are by their content, and under which name they are kept.

The name that came with a file, and the type that a browser gave it, are believed by nobody.
"""

from __future__ import annotations

import re
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO

from grantflow.domain.refusal import refuse

LARGEST = 10 * 1024 * 1024
"""Bytes of one file."""
UNPACKED = 100 * 1024 * 1024
"""Bytes that a packed document may become."""
PACKED = 200
"""How many times larger than packed a document may become as a whole."""
ENTRIES = 2_000
"""Parts of a packed document."""
PIXELS = 60_000_000
"""Points of a picture: more of them fill the memory of whoever opens it."""
LONGEST_NAME = 100
KINDS: Mapping[str, str] = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
}
"""The kinds that are taken, by the end of their names."""
_ENDINGS = {**{kind: kind for kind in KINDS}, "jpeg": "jpg"}
_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*]')
_FRAMES = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
"""Marks of a JPEG behind which its size stands."""
_LOCKED = 0x1
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    KeyError,
    OSError,
    RuntimeError,
    ValueError,
)
"""What reading an archive raises that is none, or is broken."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that may be kept."""

    name: str
    media_type: str
    content: bytes


def read_upload(name: str, content: bytes) -> Upload:
    """Return a file as it may be kept: its kind found in its content, its name cleaned and ending as its kind does.

    Raises:
        Refused: it is empty, too large, of no kind that is taken, locked, or made to burst whoever opens it.
    """
    clean = clean_name(name)
    if not content:
        raise refuse("file_empty", "“%(name)s” is empty.", name=clean)
    if len(content) > LARGEST:
        raise refuse(
            "file_too_large",
            "“%(name)s” is larger than %(most)s MB.",
            name=clean,
            most=LARGEST // (1024 * 1024),
        )
    kind = _kind_of(clean, content)
    if kind is None:
        raise refuse(
            "file_kind",
            "“%(name)s” is none of the kinds that can be read here: PDF, PNG, JPEG, Word (docx), Excel (xlsx), OpenDocument (odt).",
            name=clean,
        )
    return Upload(_ending_as(clean, kind), KINDS[kind], content)


def clean_name(name: str) -> str:
    """Return the name of a file without folders, marks that turn the writing round, or anything a disk would trip over."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    visible = "".join(char for char in last if unicodedata.category(char)[0] != "C")
    words = " ".join(_NOT_IN_NAMES.sub(" ", visible).split()).strip(". ")
    stem, dot, ending = words.rpartition(".")
    if dot and len(ending) <= 5:
        return f"{stem[: LONGEST_NAME - len(ending) - 1].strip('. ') or 'file'}.{ending}"
    return words[:LONGEST_NAME] or "file"


def _ending_as(name: str, kind: str) -> str:
    stem, dot, ending = name.rpartition(".")
    if dot and _ENDINGS.get(ending.lower()) == kind:
        return name
    return f"{name if not dot else stem}.{kind}"


def _kind_of(name: str, content: bytes) -> str | None:
    for mark, read in _READERS.items():
        if content.startswith(mark):
            return read(name, content)
    return None


def _pdf(_name: str, content: bytes) -> str | None:
    return "pdf" if b"%%EOF" in content[-2048:] else None


def _png(name: str, content: bytes) -> str | None:
    if len(content) < 33 or content[12:16] != b"IHDR" or b"IEND" not in content[-16:]:
        return None
    _bear(name, *struct.unpack(">II", content[16:24]))
    return "png"


def _jpeg(name: str, content: bytes) -> str | None:
    at = 2
    while at + 9 < len(content) and content[at] == 0xFF:
        mark, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if mark in _FRAMES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            _bear(name, width, height)
            return "jpg"
        at += 2 + length
    return None


def _bear(name: str, width: int, height: int) -> None:
    if width * height > PIXELS:
        raise refuse(
            "picture_too_large",
            "“%(name)s” is a picture of %(width)s by %(height)s points; make it smaller.",
            name=name,
            width=width,
            height=height,
        )


def _packed(name: str, content: bytes) -> str | None:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _burst(name, archive, len(content))
            return _document(archive)
    except _BROKEN:
        return None


def _burst(name: str, archive: zipfile.ZipFile, size: int) -> None:
    """Refuse a document that would become too large when it is unpacked, by what it says of itself and by trying."""
    parts = archive.infolist()
    if any(part.flag_bits & _LOCKED for part in parts):
        raise refuse(
            "file_locked", "“%(name)s” is locked with a password; hand it in without one.", name=name
        )
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > ENTRIES or unpacked > UNPACKED or unpacked > PACKED * size:
        raise refuse(
            "file_bursts",
            "“%(name)s” would become far too large when it is opened, so it is not taken.",
            name=name,
        )
    if archive.testzip() is not None:
        raise zipfile.BadZipFile


def _document(archive: zipfile.ZipFile) -> str | None:
    names = set(archive.namelist())
    if any(part.lower().endswith("vbaproject.bin") for part in names):
        return None  # a document that brings programs along
    if "mimetype" in names:
        return "odt" if archive.read("mimetype").strip() == KINDS["odt"].encode() else None
    if "[Content_Types].xml" not in names:
        return None
    said = archive.read("[Content_Types].xml")
    for kind, main in (("docx", "word/document.xml"), ("xlsx", "xl/workbook.xml")):
        if main in names and KINDS[kind].encode() in said:
            return kind
    return None


_READERS: Mapping[bytes, Callable[[str, bytes], str | None]] = {
    b"%PDF-": _pdf,
    b"\x89PNG\r\n\x1a\n": _png,
    b"\xff\xd8\xff": _jpeg,
    b"PK\x03\x04": _packed,
}
"""How each kind begins, and what else has to be true of it."""
