"""`grantflow serve`: pages and a worker, until SIGTERM."""

from __future__ import annotations

import multiprocessing

import click

from grantflow.cli.answer import say
from grantflow.cli.house import House, pass_house
from grantflow.cli.logs import OF_THE_WEB_SERVER, log_to_stderr


@click.command()
@click.option("--no-worker", is_flag=True, help="Serve pages only; background work runs elsewhere.")
@pass_house
def serve(house: House, *, no_worker: bool) -> None:
    """Serve the pages and run a worker beside them, until SIGTERM or Ctrl-C ends all of it."""
    serve_house(house, with_worker=not no_worker)


def serve_house(house: House, *, with_worker: bool) -> None:
    """Stay in front: hold the SQLite file for this server, run the worker as a child and the pages in processes."""
    from grantflow.cli.serving import Child, only_server_of, port_is_free

    settings = house.settings
    log_to_stderr(settings.log_level)
    house.open_database(settings).dispose()  # says now, in one sentence, what would fail in every process
    with only_server_of(settings.database):
        port_is_free(settings.host, settings.port)
        with Child(["worker", "--child"]) if with_worker else Child.none():
            say(f"GrantFlow serves {settings.address} (listening on {settings.host}:{settings.port}).")
            _serve_pages(house)
    say("GrantFlow has stopped.")


def _serve_pages(house: House) -> None:
    from granian import Granian
    from granian.constants import Interfaces

    # A forked process would hold our file, and the pipe of the worker, after we are gone.
    multiprocessing.set_start_method("spawn", force=True)
    settings = house.settings
    Granian(
        house.web_target,
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.RSGI,
        websockets=False,
        workers=settings.web_processes,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        log_level="warning",  # type: ignore[arg-type]  # the name of a level serves as well
        log_dictconfig=OF_THE_WEB_SERVER,
    ).serve()
