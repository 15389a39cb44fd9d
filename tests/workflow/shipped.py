"""The schemes that are shipped, read once; the text of each for review, and the command that writes it anew.

After a change of a workflow file: `python -m tests.workflow.shipped`, then read the difference line by line.
"""

from functools import cache
from pathlib import Path

from grantflow.app import registry
from grantflow.paths import data_folder
from grantflow.workflow.loader import Loaded, load_all
from grantflow.workflow.matrix import matrix_of
from grantflow.workflow.model import Scheme

SNAPSHOTS = Path(__file__).parent / "snapshots"


@cache
def loaded() -> tuple[Loaded, ...]:
    return load_all(data_folder("workflows"), registry())


def schemes() -> tuple[Scheme, ...]:
    return tuple(each.scheme for each in loaded() if each.scheme is not None)


def snapshot(scheme: Scheme) -> Path:
    return SNAPSHOTS / f"{scheme.name}-v{scheme.version}.txt"


if __name__ == "__main__":
    SNAPSHOTS.mkdir(exist_ok=True)
    for each in loaded():
        if each.read is not None:
            snapshot(each.read).write_text(matrix_of(each.read), encoding="utf-8")
            print(snapshot(each.read))
