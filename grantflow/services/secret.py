"""The key that signs sessions and forms where no setting gives one: made once, and the same for all processes."""

from __future__ import annotations

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

NAME = "secret-key"


def kept_secret(folder: Path) -> str:
    """Return the key that lies in the data folder, readable for its owner alone; the first who asks makes it."""
    path = folder / NAME
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        descriptor, made = tempfile.mkstemp(dir=folder, prefix=NAME)  # such files have mode 0600
        try:
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_hex(32))
                file.flush()
                os.fsync(file.fileno())
            with suppress(FileExistsError):  # another process was faster; its key counts
                os.link(made, path)
        finally:
            Path(made).unlink()
    return path.read_text().strip()
