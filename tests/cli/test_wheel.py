"""A wheel built from the repository carries everything that the program reads, and needs no checkout."""

from __future__ import annotations

import json
import shutil
import site
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DATA_FOLDERS = ("config", "migrations", "templates", "workflows")
COMPILED_BEFORE = ".po"
"""A catalogue is carried as the .mo that `script/assets` compiles; the .po is what translators write."""

BUILT_FROM = (
    "grantflow",
    *DATA_FOLDERS,
    "pyproject.toml",
    "setup.py",
    "README.md",
    "LICENSE",
    "requirements.in",
)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment that sees the locked packages and has GrantFlow from a wheel; answers its bin folder."""
    place = tmp_path_factory.mktemp("wheel")
    source = place / "source"
    source.mkdir()
    for name in BUILT_FROM:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif (ROOT / name).exists():
            shutil.copyfile(ROOT / name, source / name)
    pip = [sys.executable, "-m", "pip", "--quiet", "--no-input", "--disable-pip-version-check"]
    run(
        *pip,
        "wheel",
        "--no-index",
        "--no-build-isolation",
        "--no-deps",
        "--wheel-dir",
        str(place),
        str(source),
    )
    (wheel,) = place.glob("grantflow-*.whl")
    shutil.rmtree(source)

    venv.create(place / "env", with_pip=False)
    (packages,) = (place / "env" / "lib").glob("python*/site-packages")
    (packages / "locked.pth").write_text("\n".join(site.getsitepackages()) + "\n")
    python = place / "env" / "bin" / "python"
    run(*pip, "--python", str(python), "install", "--no-index", "--no-deps", str(wheel))
    return python.parent


def run(*command: str, cwd: Path | None = None, **environment: str) -> str:
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=cwd, env=environment or None
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def files(folder: Path) -> list[str]:
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in DATA_FOLDERS if any((ROOT / name).rglob("*.*"))])
def test_the_wheel_carries_each_data_folder_whole(installed: Path, tmp_path: Path, name: str):
    asks = f"import json, grantflow.paths as p; print(json.dumps(str(p.data_folder({name!r}))))"
    folder = Path(json.loads(run(str(installed / "python"), "-c", asks, cwd=tmp_path)))
    assert not folder.is_relative_to(ROOT)
    assert files(folder) == files(ROOT / name)


@pytest.mark.slow
def test_the_wheel_carries_every_module(installed: Path, tmp_path: Path):
    asks = "import grantflow; print(grantflow.__file__)"
    package = Path(run(str(installed / "python"), "-c", asks, cwd=tmp_path).strip()).parent
    assert not package.is_relative_to(ROOT)
    carried = {name for name in files(package) if not name.startswith("_data/")}
    needed = {name for name in files(ROOT / "grantflow") if not name.endswith(COMPILED_BEFORE)}
    assert carried == needed


@pytest.mark.slow
def test_a_page_opens_from_the_wheel(installed: Path, tmp_path: Path):
    opens = (
        "from grantflow.app import web; page = web().test_client().get('/');"
        "print(page.status_code, 'GrantFlow' in page.text)"
    )
    environment = {"GRANTFLOW_DATA": str(tmp_path / "var"), "PATH": "/usr/bin:/bin"}
    run(str(installed / "grantflow"), "init", cwd=tmp_path, **environment)
    assert run(str(installed / "python"), "-c", opens, cwd=tmp_path, **environment).split() == ["200", "True"]
