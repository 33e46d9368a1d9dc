"""What a recipe's runs of the bench say, as text: scatter of moved copies, ranks between levels, slopes."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ....design.statistics import rank_correlation
from .bench_cases import SLOPES
from .bench_runs import BenchRun

#: a copy whose Cd lies further than this from the median of its kin stands in another state of the flow
STATE = 0.03
LEVEL_ORDER = ("coarse", "medium", "fine")


def table(runs: Sequence[BenchRun]) -> str:
    """Every recipe and level of the runs: one block each, then ranks between the levels of each recipe."""
    pairs = dict.fromkeys((r.recipe, r.level) for r in runs)
    blocks = [block(recipe, level, runs) for recipe, level in pairs]
    for recipe in dict.fromkeys(r.recipe for r in runs):
        blocks += ranks(recipe, runs)
    return "\n\n".join(blocks) if blocks else "no runs yet"


def block(recipe: str, level: str, runs: Sequence[BenchRun]) -> str:
    """One recipe at one level."""
    own = [r for r in runs if (r.recipe, r.level) == (recipe, level)]
    seconds = [r.seconds for r in own if math.isfinite(r.seconds)]
    rows = [f"## {recipe}, {level}", f"{len(own)} runs, {sum(r.settled for r in own)} settled"]
    if seconds:
        rows[-1] += f"; median {np.median(seconds):.0f} s, longest {max(seconds):.0f} s of one core"
    copies = [r for r in own if r.group == "copies"]
    if copies:
        rows += ["", "| car | Cd of the design and its copies | scatter | settled |", "|---|---|---|---|"]
        for name in dict.fromkeys(r.design for r in copies):
            kin = sorted((r for r in copies if r.design == name), key=lambda r: r.variant)
            told = " ".join(f"{r.cd:.4f}{'' if r.settled else '*'}" for r in kin)
            spread = scatter([r.cd for r in kin])
            rows.append(f"| {name} | {told} | {spread:.4f} | {sum(r.settled for r in kin)} of {len(kin)} |")
        pooled, other, designs = pooled_scatter(copies)
        rows.append(
            f"\npooled scatter of moved copies {pooled:.4f} over {designs} cars; {other} copies in another "
            f"state (further than {STATE:g} from their kin); * did not settle"
        )
    slopes = [r for r in own if r.group == "slopes"]
    if slopes:
        rows += ["", "| effect about the notchback | change of Cd.A, m2 | DrivAerML |", "|---|---|---|"]
        for effect, (_, theirs) in SLOPES.items():
            ends = {r.variant: r for r in slopes if r.design == effect}
            if set(ends) == {"-", "+"}:
                ours = ends["+"].cd * ends["+"].area - ends["-"].cd * ends["-"].area
                rows.append(f"| {effect} | {ours:+.3f} | {theirs:+.3f} |")
    slants = sorted((r for r in own if r.group == "ahmed"), key=lambda r: float(r.design))
    if slants:
        rows += ["", "Ahmed body, slant: Cd   " + "   ".join(f"{r.design}: {r.cd:.4f}" for r in slants)]
    return "\n".join(rows)


def scatter(values: Sequence[float]) -> float:
    """Standard deviation of the finite values, NaN for fewer than two."""
    finite = [v for v in values if math.isfinite(v)]
    return float(np.std(finite, ddof=1)) if len(finite) > 1 else math.nan


def pooled_scatter(copies: Sequence[BenchRun]) -> tuple[float, int, int]:
    """Pooled standard deviation of Cd within each car's copies, copies in another state (not pooled), and how
    many cars were pooled."""
    squares, freedom, other, cars = 0.0, 0, 0, 0
    for name in dict.fromkeys(r.design for r in copies):
        cd = np.array([r.cd for r in copies if r.design == name and math.isfinite(r.cd)])
        if len(cd) < 2:
            continue
        near = cd[np.abs(cd - np.median(cd)) <= STATE]
        other += len(cd) - len(near)
        if len(near) > 1:
            squares += float(((near - near.mean()) ** 2).sum())
            freedom += len(near) - 1
            cars += 1
    return (math.sqrt(squares / freedom) if freedom else math.nan), other, cars


def ranks(recipe: str, runs: Sequence[BenchRun]) -> list[str]:
    """Rank correlation and bias between the levels of a recipe, over bodies that have settled at both."""
    cd = {
        (r.level, r.group, r.design, r.variant): r.cd
        for r in runs
        if r.recipe == recipe and r.settled and math.isfinite(r.cd)
    }
    rows = []
    for cheap in LEVEL_ORDER:
        for dear in LEVEL_ORDER[LEVEL_ORDER.index(cheap) + 1 :]:
            both = [(v, cd[dear, *k[1:]]) for k, v in cd.items() if k[0] == cheap and (dear, *k[1:]) in cd]
            if len(both) >= 4:
                a, b = np.array(both).T
                rank = rank_correlation(a, b)
                rows.append(
                    f"{recipe}: {cheap} against {dear} over {len(both)} bodies: rank correlation {rank:.2f}, "
                    f"bias {float(np.mean(a - b)):+.4f}, scatter {float(np.std(a - b, ddof=1)):.4f}"
                )
    return rows
