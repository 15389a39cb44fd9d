"""Scheme folders: read, blocks expanded, checked, sealed under the hash of their canonical text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from grantflow.workflow.blocks import Blocks
from grantflow.workflow.building import Building
from grantflow.workflow.canonical import parse_scheme, sealed
from grantflow.workflow.checks import check_scheme
from grantflow.workflow.document import Entry, Finding, has_errors, read_file
from grantflow.workflow.model import Scheme
from grantflow.workflow.registry import Registry
from grantflow.workflow.shapes import LIFECYCLE, SCHEME

__all__ = ["Loaded", "load_all", "load_scheme", "parse_scheme", "scheme_folders"]

SCHEME_FILE = "scheme.yaml"
BLOCKS = "blocks"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came out of a folder: the scheme, unless an error was found, and every finding."""

    folder: Path
    scheme: Scheme | None
    findings: tuple[Finding, ...]
    read: Scheme | None = None
    """What could be read, also where it may not run."""


def load_scheme(folder: Path, blocks_folder: Path | None = None, registry: Registry | None = None) -> Loaded:
    """Read a scheme version's folder; with a registry, prove it too.

    Names are resolved and promises proved only once every file has its shape: findings about what is missing because
    something else could not be read would hide the cause.
    """
    scheme, findings = _built(folder, blocks_folder)
    if scheme is not None and registry is not None:
        findings = [*findings, *check_scheme(scheme, registry)]
    found = tuple(sorted(set(findings)))
    return Loaded(folder, None if has_errors(found) else scheme, found, scheme)


def _built(folder: Path, blocks_folder: Path | None) -> tuple[Scheme | None, list[Finding]]:
    head = read_file(folder / SCHEME_FILE, SCHEME)
    findings = list(head.findings)
    lifecycles: list[Entry] = []
    for path in _lifecycle_files(folder):
        read = read_file(path, LIFECYCLE)
        findings.extend(read.findings)
        if read.value is not None:
            lifecycles.append(read.value)
    blocks = Blocks(blocks_folder or blocks_beside(folder))
    if head.value is None or has_errors(findings):
        return None, findings
    building = Building(head.value, lifecycles, blocks)
    scheme = building.scheme()
    findings.extend(building.findings)
    return None if has_errors(findings) else sealed(scheme), findings


def load_all(
    folder: Path, registry: Registry | None = None, blocks_folder: Path | None = None
) -> tuple[Loaded, ...]:
    """Load every scheme version at or below a folder."""
    return tuple(load_scheme(path, blocks_folder, registry) for path in scheme_folders(folder))


def scheme_folders(folder: Path) -> tuple[Path, ...]:
    """Return the scheme version's folder itself, or every such folder inside, in their order."""
    if (folder / SCHEME_FILE).is_file():
        return (folder,)
    return tuple(sorted({path.parent for path in folder.glob(f"*/{SCHEME_FILE}")} | _deeper(folder)))


def _deeper(folder: Path) -> set[Path]:
    return {path.parent for path in folder.glob(f"*/*/{SCHEME_FILE}")}


def blocks_beside(folder: Path) -> Path | None:
    """Return the folder of blocks that lies beside a scheme version, or beside its scheme."""
    here = folder.resolve()
    candidates: Iterable[Path] = (here.parent / BLOCKS, here.parent.parent / BLOCKS)
    return next((path for path in candidates if path.is_dir()), None)


def _lifecycle_files(folder: Path) -> list[Path]:
    try:
        return sorted(
            path for path in folder.iterdir() if path.suffix in (".yaml", ".yml") and path.name != SCHEME_FILE
        )
    except OSError:
        return []
