"""The bench for wind-tunnel recipes: its cases, its arithmetic, and one real run of it."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from maquette.design.errors import InputError
from maquette.design.family.registry import get_family
from maquette.surrogate.studies.wind_tunnel.bench import BenchRun, append_run, main, read_bench, run_bench
from maquette.surrogate.studies.wind_tunnel.bench_cases import MOVED, SLOPES, bench_cars, case_key, cases
from maquette.surrogate.studies.wind_tunnel.bench_table import pooled_scatter, ranks, table
from maquette.surrogate.studies.wind_tunnel.recipe import FIRST, LEVELS, Rule

CAR = get_family("car")


def run(
    design: str, variant: str, cd: float, level: str = "coarse", settled: bool = True,
    group: str = "copies", area: float = 2.0,
) -> BenchRun:  # fmt: skip
    return BenchRun(
        key=f"r/{level}/{group}/{design}/{variant}/0", recipe="r", level=level, group=group, design=design,
        variant=variant, cd=cd, cl=0.1, area=area, settled=settled, reason="", drift=0.001, std=0.001,
        iterations=500, cells=20000, seconds=40.0, means=(0.4, cd),
    )  # fmt: skip


def test_cases_keep_every_rule_and_are_the_same_whenever_asked() -> None:
    found = cases()
    assert len({case_key("r", "coarse", c) for c in found}) == len(found)
    assert [c.values for c in found] == [c.values for c in cases()]
    for case in found:
        assert not get_family(case.family).broken_rules(case.values), case
    assert len({c.design for c in found if c.group == "copies"}) >= 12


def test_copies_move_every_number_of_the_hull_a_little() -> None:
    copies = [c for c in cases(["copies"], ["suv"]) if c.variant != "0"]
    assert len(copies) == 3
    middle = bench_cars(CAR)["suv"]
    for p in CAR.parameters:
        moves = [abs(c.values[p.name] - middle[p.name]) for c in copies]
        assert max(moves) <= MOVED * (p.range.high - p.range.low) + 1e-9
        assert (max(moves) > 0.0) == p.range.shapes_hull, p.name


def test_slopes_move_what_they_name_by_the_whole_way() -> None:
    found = {(c.design, c.variant): c.values for c in cases(["slopes"])}
    for effect, (moves, _) in SLOPES.items():
        for name, (low, high) in moves.items():
            moved = found[effect, "+"][name] - found[effect, "-"][name]
            assert moved == pytest.approx(high - low)
        same = [p.name for p in CAR.parameters if p.name not in moves]
        assert all(found[effect, "+"][n] == found[effect, "-"][n] for n in same)


def test_unknown_names_are_answered_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(InputError, match="group 'cars' is not known"):
        cases(["cars"])
    with pytest.raises(InputError, match="design 'tank' is not in the bench"):
        cases(["copies"], ["tank"])
    assert main(["--recipe", "nobody"]) == 2
    assert "recipe 'nobody' is not known" in capsys.readouterr().err


def test_scatter_is_pooled_and_another_state_is_counted_apart() -> None:
    rng = np.random.default_rng(1)
    runs = [run(f"{k}", str(j), 0.3 + 0.01 * k + 0.004 * rng.normal()) for k in range(60) for j in range(4)]
    pooled, other, cars = pooled_scatter(runs)
    assert pooled == pytest.approx(0.004, rel=0.15)
    assert (other, cars) == (0, 60)
    flipped = dataclasses.replace(runs[0], cd=runs[0].cd + 0.06)
    again, other, _ = pooled_scatter([flipped, *runs[1:]])
    assert other == 1
    assert again == pytest.approx(0.004, rel=0.15)


def test_levels_are_compared_over_settled_runs_alone() -> None:
    cheap = [run(f"car {k}", "0", 0.2 + 0.01 * k) for k in range(8)]
    dear = [run(f"car {k}", "0", 0.19 + 0.01 * k, "medium") for k in range(8)]
    [told] = ranks("r", [*cheap, *dear])
    assert "over 8 bodies: rank correlation 1.00, bias +0.0100" in told
    dear[3] = dataclasses.replace(dear[3], cd=0.9, settled=False)
    [told] = ranks("r", [*cheap, *dear])
    assert "over 7 bodies: rank correlation 1.00" in told


def test_the_table_shows_slopes_slants_and_what_did_not_settle() -> None:
    text = table(
        [
            run("suv", "0", 0.33),
            run("suv", "1", 0.34, settled=False),
            run("width", "-", 0.25, group="slopes", area=2.1),
            run("width", "+", 0.26, group="slopes", area=2.3),
            run("25", "0", 0.29, group="ahmed"),
            run("12.5", "0", 0.23, group="ahmed"),
        ]
    )
    assert "| suv | 0.3300 0.3400* |" in text
    assert f"| width | {0.26 * 2.3 - 0.25 * 2.1:+.3f} | +0.076 |" in text
    assert "12.5: 0.2300   25: 0.2900" in text


def test_a_line_cut_short_costs_only_itself(tmp_path: Path) -> None:
    path = tmp_path / "bench.jsonl"
    for k in range(3):
        append_run(run("suv", str(k), 0.33), path)
    path.write_bytes(path.read_bytes()[:-30])
    assert [r.variant for r in read_bench(path).values()] == ["0", "1"]
    append_run(run("suv", "3", 0.33), path)
    assert [r.variant for r in read_bench(path).values()] == ["0", "1", "3"], "nor the run after it"


@pytest.mark.openfoam
@pytest.mark.slow
def test_the_bench_runs_the_tunnel_and_goes_on_where_it_stopped(tmp_path: Path) -> None:
    rough = dataclasses.replace(LEVELS["coarse"], base=0.30, start=20, least=60, most=120, seconds=120.0)
    recipe = dataclasses.replace(FIRST, name="rough", levels={"coarse": rough}, rule=Rule(20, 2, 0.5))
    wanted = [c for c in cases(["ahmed"]) if c.design in ("0", "35")]
    path = tmp_path / "bench.jsonl"
    told: list[int] = []
    run_bench(wanted[:1], recipe, "coarse", path, 1, lambda _, left: told.append(left))
    found = run_bench(wanted, recipe, "coarse", path, 2, lambda _, left: told.append(left))
    assert told == [0, 0]  # the first was not run again
    assert not list(tmp_path.glob("*/")), "case folders are not left behind"
    assert len(path.read_text().splitlines()) == 2
    assert set(found) == {case_key("rough", "coarse", c) for c in wanted}
    for r in found.values():
        assert r.settled
        assert 0.1 < r.cd < 1.0
        assert len(r.means) == r.iterations // 50
        assert r.cells > 1000
