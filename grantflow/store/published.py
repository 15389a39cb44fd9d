"""Published files: schemes, forms, rubrics, letters and packs as records pinned them, kept in the database."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from sqlalchemy import Text, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from grantflow.domain.refusal import refuse
from grantflow.store.types import Base

if TYPE_CHECKING:
    from grantflow.store.session import Tx


class PublishedFile(Base):
    """The text of one version of one file, never changed."""

    __tablename__ = "gf_published_file"

    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime]


def publish(tx: Tx, kind: str, name: str, version: int, text: str) -> str:
    """Keep a version of a file and return its sha256; the same text again changes nothing.

    Raises:
        Refused: this version was published with another text.
    """
    digest = sha256(text.encode()).hexdigest()
    known = published_sha256(tx, kind, name, version)
    if known is None:
        values = {
            "kind": kind,
            "name": name,
            "version": version,
            "sha256": digest,
            "text": text,
        }
        tx.execute(insert(PublishedFile).values(**values, published_at=tx.now))
    elif known != digest:
        raise refuse(
            "version_taken",
            "Version %(version)s of %(kind)s %(name)s is already published with another text. Give the new text a new version.",
            kind=kind,
            name=name,
            version=version,
        )
    return digest


def published_sha256(tx: Tx, kind: str, name: str, version: int) -> str | None:
    """Return the hash of a published version, or nothing."""
    found = select(PublishedFile.sha256).where(
        PublishedFile.kind == kind,
        PublishedFile.name == name,
        PublishedFile.version == version,
    )
    return tx.execute(found).scalar_one_or_none()


def published_text(tx: Tx, kind: str, name: str, version: int) -> str:
    """Return the text of a published version.

    Raises:
        KeyError: there is none.
    """
    found = select(PublishedFile.text).where(
        PublishedFile.kind == kind,
        PublishedFile.name == name,
        PublishedFile.version == version,
    )
    text = tx.execute(found).scalar_one_or_none()
    if text is None:
        raise KeyError(f"{kind} {name} v{version}")
    return str(text)


def published_names(tx: Tx, kind: str) -> list[tuple[str, int]]:
    """Return name and version of everything published of a kind, in order."""
    found = (
        select(PublishedFile.name, PublishedFile.version)
        .where(PublishedFile.kind == kind)
        .order_by(PublishedFile.name, PublishedFile.version)
    )
    return [(row.name, row.version) for row in tx.execute(found)]
