"""Where schemes lie: those that GrantFlow ships, and an installation's own beside them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from grantflow.paths import data_folder, data_folders
from grantflow.workflow.loader import BLOCKS, Loaded, blocks_beside, load_scheme, scheme_folders
from grantflow.workflow.model import Scheme
from grantflow.workflow.registry import Registry


def scheme_versions() -> tuple[Path, ...]:
    """Return the folder of every scheme version: the shipped ones first."""
    return tuple(version for folder in data_folders("workflows") for version in scheme_folders(folder))


def folder_of(name: str, version: int) -> Path:
    """Return the folder in which a scheme version lies, or would lie."""
    folders = [folder / name / f"v{version}" for folder in data_folders("workflows")]
    return next((folder for folder in folders if folder.is_dir()), folders[0])


def read_scheme(folder: Path, registry: Registry | None = None) -> Loaded:
    """Read a scheme version with the blocks that lie beside it, else the shipped ones; with a registry, prove it."""
    return load_scheme(folder, blocks_beside(folder) or data_folder("workflows") / BLOCKS, registry)


def known_schemes() -> dict[tuple[str, int], Scheme]:
    """Return every scheme version on the shelf that can be read, by name and version."""
    return dict(_readable(*scheme_versions()))


@lru_cache(maxsize=8)
def _readable(*folders: Path) -> tuple[tuple[tuple[str, int], Scheme], ...]:
    return tuple((one.key, one) for one in _schemes(folders))


def _schemes(folders: tuple[Path, ...]) -> Iterator[Scheme]:
    for folder in folders:
        scheme = read_scheme(folder).scheme
        if scheme is not None:
            yield scheme
