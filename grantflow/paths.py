"""Where the files lie that are data: schemes, calls, templates, migrations; in a checkout and in an installed wheel."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

DataFolder = Literal["config", "migrations", "templates", "workflows"]

_PACKAGE = Path(__file__).resolve().parent


def data_folder(name: DataFolder) -> Path:
    """Return the folder of shipped data with this name.

    A wheel carries the folders inside the package (setup.py puts them there); in a checkout they stand beside it.
    """
    carried = _PACKAGE / "_data" / name
    if carried.is_dir():
        return carried
    beside = _PACKAGE.parent / name
    if (_PACKAGE.parent / "pyproject.toml").is_file():
        return beside
    raise FileNotFoundError(
        f"GrantFlow was installed without its folder {name}; install it again from a complete wheel."
    )
