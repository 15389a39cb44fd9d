"""What it costs to read and to prove all shipped schemes: proving costs at most what parsing the YAML costs."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

import yaml

from grantflow.app import registry
from grantflow.paths import data_folder
from grantflow.workflow.canonical import parse_scheme
from grantflow.workflow.checks import check_scheme
from grantflow.workflow.loader import load_scheme, scheme_folders
from grantflow.workflow.machine import compile_scheme
from grantflow.workflow.nodes import read_nodes
from tests.bench.pages import write_section

ROUNDS = 9


def main() -> None:
    """Measure, print the ratio and keep it in docs/performance.md."""
    folder, words = data_folder("workflows"), registry()
    sources = [path.read_bytes() for path in sorted(folder.rglob("*.yaml"))]
    folders = scheme_folders(folder)
    schemes = [loaded.scheme for each in folders if (loaded := load_scheme(each)).scheme is not None]
    assert len(schemes) == len(folders)
    read = [scheme for scheme in schemes if scheme is not None]
    times = _medians(
        {
            "parse": lambda: [read_nodes(source, "bench") for source in sources],
            "plain": lambda: [
                yaml.load(source, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)) for source in sources
            ],
            "load": lambda: [load_scheme(each) for each in folders],
            "prove": lambda: [check_scheme(scheme, words) for scheme in read],
            "published": lambda: [parse_scheme(scheme.text) for scheme in read],
            "compile": lambda: [compile_scheme(scheme, words) for scheme in read],
        }
    )
    ratio = times["prove"] / times["parse"]
    lines = [
        f"{len(read)} schemes, {sum(map(len, sources)) // 1024} KiB of YAML; medians of {ROUNDS} rounds of CPU time.",
        "",
        "| what | ms | of parsing |",
        "| --- | ---: | ---: |",
    ]
    names = {
        "parse": "parse the YAML to nodes with their lines",
        "plain": "the same files by `yaml.load` (C loader), for comparison",
        "load": "load: parse, hold against the shapes, merge blocks, seal",
        "prove": "prove: every check",
        "published": "read the published text back",
        "compile": "compile to machines",
    }
    lines.extend(
        f"| {names[key]} | {1000 * times[key]:.1f} | {times[key] / times['parse']:.2f} |" for key in names
    )
    lines += ["", f"Proving costs {ratio:.2f} of parsing (wanted: at most 1)."]
    print("\n".join(lines))
    write_section("schemes", "Loading and proving schemes", lines)


def _medians(works: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Return the median CPU time of each piece of work, the rounds interleaved."""
    times: dict[str, list[float]] = {key: [] for key in works}
    for _ in range(ROUNDS):
        for key, work in works.items():
            started = time.process_time()
            work()
            times[key].append(time.process_time() - started)
    return {key: median(some) for key, some in times.items()}
