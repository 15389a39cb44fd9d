"""How many single edits of the shipped schemes are found: by the check alone, and with snapshot and scenarios."""

from __future__ import annotations

from grantflow.app import registry
from tests.bench.pages import write_section
from tests.workflow.mutation import KINDS, NAMED, Base, Score, equivalent, mutants
from tests.workflow.shipped import schemes


def main() -> None:
    """Make every mutant of every shipped scheme, print the score by kind and keep it in docs/performance.md."""
    score = Score()
    for scheme in schemes():
        base = Base.of(scheme, registry())
        for mutant in mutants(base):
            score.add(mutant, base.judge(mutant))
    lines = [
        "Single edits of the shipped schemes, by kind: (a) found by `grantflow workflows check` alone, (b) found by it, the",
        "reviewed snapshot or the generated scenarios. Kinds in bold must be found by the check, each of them. What survives",
        "both stands in `tests/workflow/equivalent.toml` with its reason.",
        "",
        "| kind of edit | made | (a) check | (b) with snapshot and scenarios |",
        "| --- | ---: | ---: | ---: |",
    ]
    for kind in KINDS:
        name = f"**{kind}**" if kind in NAMED else kind
        made, check, both = score.made[kind], score.by_check[kind], score.by_all[kind]
        lines.append(f"| {name} | {made} | {check} ({_share(check, made)}) | {both} ({_share(both, made)}) |")
    made, check, both = score.made.total(), score.by_check.total(), score.by_all.total()
    lines.append(f"| all kinds | {made} | {check} ({_share(check, made)}) | {both} ({_share(both, made)}) |")
    print("\n".join(lines))
    unexplained = sorted(set(score.survivors) - equivalent().keys())
    for name in (*score.missed, *unexplained):
        print(f"not found: {name}")
    write_section("mutation", "The checker, tried by mutation", lines)


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "none made"
