"""Wheels built from this repository: of this version, and of one that could follow it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DATA_FOLDERS = ("config", "migrations", "templates", "workflows")
BUILT_FROM = (
    "grantflow",
    *DATA_FOLDERS,
    "pyproject.toml",
    "setup.py",
    "README.md",
    "LICENSE",
    "requirements.in",
)
NEXT_STEP = '''"""What a later version adds."""

from alembic import op
import sqlalchemy as sa

revision = "{revision}"
down_revision = "{head}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("gf_of_the_next_version", sa.Column("id", sa.BigInteger(), primary_key=True))


def downgrade() -> None:
    op.drop_table("gf_of_the_next_version")
'''


def build(place: Path, following: str | None = None) -> Path:
    """Build a wheel into a folder and return it; `following` is the version of one that comes later, with a migration."""
    source = place / "source"
    source.mkdir(parents=True)
    for name in BUILT_FROM:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif (ROOT / name).exists():
            shutil.copyfile(ROOT / name, source / name)
    if following is not None:
        _go_on(source, following)
    words = [
        "wheel",
        "--no-index",
        "--no-build-isolation",
        "--no-deps",
        "--wheel-dir",
        str(place),
        str(source),
    ]
    pip = [sys.executable, "-m", "pip", "--quiet", "--no-input", "--disable-pip-version-check"]
    done = subprocess.run([*pip, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    shutil.rmtree(source)
    (wheel,) = place.glob("grantflow-*.whl")
    return wheel


def _go_on(source: Path, version: str) -> None:
    package = source / "grantflow" / "__init__.py"
    package.write_text(re.sub(r'__version__ = "[^"]+"', f'__version__ = "{version}"', package.read_text()))
    steps = source / "migrations" / "versions"
    head = max(path.stem for path in steps.glob("0*.py"))
    revision = f"{int(head[:4]) + 1:04d}_of_the_next_version"
    (steps / f"{revision}.py").write_text(NEXT_STEP.format(revision=revision, head=head))
