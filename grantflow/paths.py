"""Where the files lie that are data: schemes, calls, templates, migrations; in a checkout and in an installed wheel.

An installation may keep files of its own beside the shipped ones, in a folder that is built alike (setting `own_files`).
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal

DataFolder = Literal["config", "migrations", "templates", "workflows"]
OwnFolder = Literal["config", "workflows"]
"""What an installation may have of its own."""

_PACKAGE = Path(__file__).resolve().parent
_own: list[Path] = []


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


def use_own(folder: Path | None) -> None:
    """Let data be found in the installation's own folder too; without one, in what is shipped alone.

    `app.py` says so before anything is read; what was read from other folders is kept apart from it.
    """
    _own[:] = [] if folder is None else [folder]


def data_folders(name: OwnFolder) -> tuple[Path, ...]:
    """Return the folders in which data of this name lie: the shipped one, then the installation's own."""
    return _folders(name, *_own)


@lru_cache(maxsize=16)
def _folders(name: OwnFolder, *own: Path) -> tuple[Path, ...]:
    return (data_folder(name), *(folder / name for folder in own))
