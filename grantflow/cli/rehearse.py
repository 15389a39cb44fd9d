"""`grantflow rehearse`: play a whole call with made-up people before it is published."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from grantflow.cli.answer import ExistingPath, answer, json_option, progress
from grantflow.cli.house import House, pass_house
from grantflow.domain.money import Money
from grantflow.services.rehearsal import Report, rehearse_call
from grantflow.services.rehearsal.play import Play

ACTS_PER_APPLICATION = 25
"""About how many acts one application takes: what the progress bar counts against."""


@click.command()
@click.argument("call", type=ExistingPath)
@click.option(
    "--applications", type=click.IntRange(1, 100_000), default=50, show_default=True, help="How many."
)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed plays the same call.")
@click.option(
    "--database", "server", help="A PostgreSQL URL: the call is played in a new database beside it."
)
@json_option
@pass_house
def rehearse(
    house: House, call: Path, applications: int, seed: int, server: str | None, *, as_json: bool
) -> None:
    """Play CALL, a call's file, from its announcement to its end, in a database made for it and dropped after."""
    with progress(f"Rehearsing {call.stem}", applications * ACTS_PER_APPLICATION) as shown:

        def told(play: Play) -> None:
            if play.acts % 100 == 0:
                shown.advance(100, f"Rehearsing {call.stem}, {play.scene.now:%d %B %Y}")

        report = rehearse_call(
            call, applications=applications, seed=seed, registry=house.registry, server=server, told=told
        )
    answer(as_json=as_json, data=report.as_json(), text=_words(report), ok=report.holds)


def _words(report: Report) -> Iterator[str]:
    """Tell the outcome so that a programme manager can read it."""
    plain = report.as_json()
    yield f"{report.call}, played by {report.scheme} with seed {report.seed}"
    yield ""
    yield "What happened"
    for line in report.timeline:
        yield f"  {line.at[:10]} {line.at[11:16]}  {line.what}"
    yield ""
    yield "Applications"
    for fate, count in report.applications.items():
        yield f"  {fate:<12} {count:>6}"
    yield ""
    yield "Money"
    for window in report.money:
        yield f"  {window.window}: envelope {Money(window.envelope, window.currency)}"
        for balance in ("reserved", "committed", "released", "paid"):
            yield f"    {balance:<10} {Money(getattr(window, balance), window.currency)!s:>22}"
    yield ""
    yield "Where everything ended"
    for lifecycle, states in report.states.items():
        ended = ", ".join(f"{count} {state}" for state, count in states.items())
        yield f"  {lifecycle}: {ended}"
    yield ""
    yield "The busiest weeks"
    for busy in sorted(report.workload, key=lambda one: (-one.actions, one.role, one.week))[:8]:
        yield f"  {busy.week}  {busy.role:<12} {busy.actions:>6} steps"
    yield ""
    yield "What people were refused, and how often"
    for code, count in sorted(report.refusals.items(), key=lambda one: (-one[1], one[0])):
        yield f"  {code:<32} {count:>6}"
    yield ""
    yield "What must always hold"
    for invariant in report.invariants:
        yield f"  {'holds ' if invariant.holds else 'BROKEN'}  {invariant.name}  {invariant.detail}".rstrip()
    yield ""
    yield (
        f"{report.transitions} steps, {report.statements} statements, {report.seconds:.1f} s; digest {plain['digest'][:16]}"
    )
