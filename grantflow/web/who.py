"""The words of the access tables."""

from __future__ import annotations

from typing import Literal

Who = Literal["everybody", "signed_in", "demo"]
"""`demo`: everybody, and only where the database is a demo."""
