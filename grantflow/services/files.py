"""Keeping files: the content first, whole and on disk, under its checksum; then the row, with the rest of the transaction.

Dying in between leaves a content without a row, which `sweep` removes after a day; never a row without its content.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Literal
from uuid import UUID

from sqlalchemy import insert, select

from grantflow.domain.refusal import refuse
from grantflow.store.files import StoredFile
from grantflow.store.session import Tx

Visibility = Literal["record", "staff", "public"]
ORPHANED = timedelta(days=1)
"""After so long a content without a row belongs to nobody: the transaction that would have named it is over."""
_AT_ONCE = 500


def keep(
    tx: Tx,
    folder: Path,
    content: bytes,
    *,
    media_type: str,
    name: str,
    record_id: UUID,
    visibility: Visibility,
) -> UUID:
    """Keep a file of a record and return its id; the same content under the same name again is the same file."""
    digest = sha256(content).hexdigest()
    known = tx.execute(
        select(StoredFile.id).where(
            StoredFile.record_id == record_id, StoredFile.name == name, StoredFile.sha256 == digest
        )
    ).scalar_one_or_none()
    _write(folder, digest, content)
    if known is not None:
        return UUID(str(known))
    file_id = tx.new_id()
    tx.execute(
        insert(StoredFile).values(
            id=file_id,
            record_id=record_id,
            name=name,
            media_type=media_type,
            sha256=digest,
            size=len(content),
            visibility=visibility,
            kept_at=tx.now,
        )
    )
    return file_id


def read(tx: Tx, folder: Path, file_id: UUID) -> bytes:
    """Return the content of a file, proved by its checksum.

    Raises:
        KeyError: there is no such file.
        Refused: its content is gone from the disk, or is not what was kept.
    """
    digest = tx.execute(select(StoredFile.sha256).where(StoredFile.id == file_id)).scalar_one_or_none()
    if digest is None:
        raise KeyError(file_id)
    return _proved(folder, str(digest))


def _proved(folder: Path, digest: str) -> bytes:
    try:
        content = _place(folder, digest).read_bytes()
    except FileNotFoundError:
        raise refuse(
            "file_gone", "The content of this file is not on the disk; restore it from a backup."
        ) from None
    if sha256(content).hexdigest() != digest:
        raise refuse(
            "file_damaged", "The content of this file is not what was kept; restore it from a backup."
        )
    return content


def faults_of_all(tx: Tx, folder: Path) -> Iterator[str]:
    """Read every stored file; yield what is wrong with it, by its checksum."""
    found = select(StoredFile.sha256, StoredFile.size).distinct().order_by(StoredFile.sha256)
    for row in tx.execute(found):
        digest, size = str(row.sha256), int(row.size)
        place = _place(folder, digest)
        if not place.is_file():
            yield f"{digest} is gone"
        elif place.stat().st_size != size or _digest(place) != digest:
            yield f"{digest} is damaged"


def copy_all(tx: Tx, folder: Path, to: Path) -> int:
    """Copy every stored file that is not there yet to another folder of files; return how many were copied.

    Raises:
        Refused: a content is gone from the disk, or is not what was kept.
    """
    copied = 0
    for digest in tx.execute(select(StoredFile.sha256).distinct().order_by(StoredFile.sha256)).scalars():
        if not _place(to, digest).is_file():
            _write(to, digest, _proved(folder, digest))
            copied += 1
    return copied


def sweep(tx: Tx, folder: Path, now: datetime) -> int:
    """Remove contents that no row names and that are older than a day; return how many."""
    oldest_kept = (now - ORPHANED).timestamp()
    removed = 0
    for paths in _in_batches(path for path in _contents(folder) if path.stat().st_mtime < oldest_kept):
        names = [path.name for path in paths]
        named = set(tx.execute(select(StoredFile.sha256).where(StoredFile.sha256.in_(names))).scalars())
        for path in paths:
            if path.name not in named:
                path.unlink(missing_ok=True)
                removed += 1
    return removed


def _write(folder: Path, digest: str, content: bytes) -> None:
    """Put a content in its place whole or not at all, and on the disk before anybody is told of it."""
    place = _place(folder, digest)
    if place.exists():
        os.utime(place)  # named anew: the sweep must not take it before this transaction commits
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, making = tempfile.mkstemp(dir=place.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(making).replace(place)
    except BaseException:
        Path(making).unlink(missing_ok=True)
        raise
    folder_handle = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder_handle)
    finally:
        os.close(folder_handle)


def _digest(place: Path) -> str:
    with place.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _place(folder: Path, digest: str) -> Path:
    return folder / digest[:2] / digest


def _contents(folder: Path) -> Iterator[Path]:
    """Yield contents, and what was left half-written by a process that died."""
    yield from sorted(path for path in folder.glob("??/*") if path.is_file())


def _in_batches(paths: Iterator[Path]) -> Iterator[list[Path]]:
    batch: list[Path] = []
    for path in paths:
        batch.append(path)
        if len(batch) == _AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch
