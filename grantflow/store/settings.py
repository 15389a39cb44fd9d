"""What a database remembers about itself: whether it is a demo, its clock, its sealing key's fingerprint."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, bindparam, delete, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from grantflow.store.prepared import Prepared
from grantflow.store.types import Base, JsonType

if TYPE_CHECKING:
    from grantflow.store.session import Tx


class StoredSetting(Base):
    """One remembered value."""

    __tablename__ = "gf_setting"

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    value: Mapped[Any] = mapped_column(JsonType)


def recall(tx: Tx, key: str) -> Any:
    """Return a remembered value, or None."""
    return tx.execute(_remembered(), {"wanted": key}).scalar_one_or_none()


@cache
def _remembered() -> Prepared:
    return select(StoredSetting.value).where(StoredSetting.key == bindparam("wanted"))


def remember(tx: Tx, key: str, value: Any) -> None:
    """Remember a value under a key in place of what was there."""
    tx.execute(delete(StoredSetting).where(StoredSetting.key == key))
    tx.execute(insert(StoredSetting).values(key=key, value=value))
