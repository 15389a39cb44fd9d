"""What a command gets from `app.py`: the wired house, opened only as far as the command needs it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from threading import Event

import click

from grantflow.paths import use_own
from grantflow.settings import Loaded, Settings
from grantflow.store.session import Database
from grantflow.workflow.registry import Registry


@dataclass
class House:
    """The wiring, as `@pass_house` hands it to a command. Nothing is read or opened before it is asked for."""

    load_settings: Callable[[], Loaded]
    build_registry: Callable[[], Registry]
    make_ready: Callable[[Settings, Callable[[str], None]], list[str]]
    """Create or upgrade the database and publish the shipped schemes; returns what was done, in sentences."""
    open_database: Callable[[Settings], Database]
    read_clock: Callable[[Database], datetime]
    """The time now: the wall's, or in a demo the one that its clock shows."""
    run_worker: Callable[[Settings, Event], int]
    """Work until the event is set; returns the exit code."""
    post_now: Callable[[Settings, Database], int]
    """Send what waits in the outbox from this process, without the job engine; returns how many."""
    web_target: str
    """Where the web server finds the application (module:factory)."""

    @cached_property
    def loaded(self) -> Loaded:
        """The settings in force and where they came from."""
        return self.load_settings()

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self.loaded.settings

    @cached_property
    def registry(self) -> Registry:
        """Every word that workflow files may use, the installation's own letters among them."""
        self.know_own_files()
        return self.build_registry()

    def know_own_files(self) -> None:
        """Let schemes, forms, rubrics and letters be found in the installation's own folder too."""
        use_own(self.settings.own_folder)

    @cached_property
    def database(self) -> Database:
        """The installation's database with its engine; closed when the command ends."""
        database = self.open_database(self.settings)
        context = click.get_current_context(silent=True)
        if context is not None:
            context.find_root().call_on_close(database.dispose)
        return database

    def now(self) -> datetime:
        """Return the time that counts for this database."""
        return self.read_clock(self.database)

    @property
    def files(self) -> Path:
        """The folder of stored files."""
        return self.settings.data_folder / "files"


pass_house = click.make_pass_decorator(House)
