"""Puts the data folders of the repository into the wheel; everything else about the package stands in pyproject.toml."""

from __future__ import annotations

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent
DATA_FOLDERS = ("config", "migrations", "templates", "workflows")


class BuildWithData(build_py):
    """Copy each data folder to grantflow/_data/, where grantflow.paths looks when there is no checkout."""

    def run(self) -> None:
        """Build the modules, then copy; an editable install reads the checkout and needs no copy."""
        super().run()
        if self.editable_mode:
            return
        for name in DATA_FOLDERS:
            target = Path(self.build_lib) / "grantflow" / "_data" / name
            shutil.rmtree(target, ignore_errors=True)
            if (ROOT / name).is_dir():
                shutil.copytree(
                    ROOT / name, target, ignore=shutil.ignore_patterns("__pycache__", "*.pyc", ".*")
                )


setup(cmdclass={"build_py": BuildWithData})
