"""`grantflow worker`: background work beside the pages, on this machine or another."""

from __future__ import annotations

import os
import signal
import sys
from threading import Event, Thread

import click

from grantflow.cli.house import House, pass_house
from grantflow.cli.logs import log_to_stderr


@click.command()
@click.option("--child", is_flag=True, hidden=True, help="End when standard input ends: the parent has gone.")
@pass_house
def worker(house: House, *, child: bool) -> None:
    """Send what waits in the outbox, make letters, fire timers; end at SIGTERM. As many as you want, anywhere."""
    log_to_stderr(house.settings.log_level)
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if child:
        Thread(target=_end_with_parent, args=(stop,), daemon=True).start()
    click.get_current_context().exit(house.run_worker(house.settings, stop))


def _end_with_parent(stop: Event) -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    stop.set()
