"""Strength as people see it: the evidence card, the body in colours, files of a kept run, the report."""

from __future__ import annotations

from pathlib import Path

import pytest

from maquette.design.errors import InputError
from maquette.design.exchange.export import read_glb
from maquette.design.exchange.vtp import read_vtp
from maquette.design.family.registry import get_family
from maquette.design.structures.solve import Solved, solve
from maquette.surrogate.studies.contract import Work
from maquette.surrogate.studies.registry import get_study
from maquette.ui.messages.words import Words
from maquette.ui.release.manifest import strength_of
from maquette.ui.release.report import _strength
from maquette.ui.web.bodies import STRESS, body_glb
from maquette.ui.web.evidence import strength

FAMILY = get_family("bicycle")
VALUES = FAMILY.defaults()


@pytest.fixture(scope="module")
def solved() -> Solved:
    told = FAMILY.structure(VALUES)
    assert told is not None
    return solve(told)


@pytest.mark.parametrize(("tongue", "said"), [("en", "decides"), ("zh", "安全系数")])
def test_the_card_says_what_decides_and_every_load_case(solved: Solved, tongue: str, said: str) -> None:
    text = strength(solved, Words(tongue), FAMILY, VALUES)
    assert said in text
    assert (
        text.count("<tr") == 2 + len(solved.structure.cases) + 6
    )  # and six measures of strength with their spread


def test_the_view_shows_the_body_in_colours() -> None:
    """Of a product that carries nothing there is no such palette."""
    plain, loaded = (body_glb("bicycle", VALUES, palette) for palette in ("", STRESS))
    assert len(loaded) > len(plain)
    ahmed = get_family("ahmed")
    with pytest.raises(InputError, match="palette 'stress'"):
        body_glb("ahmed", ahmed.defaults(), STRESS)


def test_a_kept_run_leaves_its_fields(tmp_path: Path) -> None:
    """Stress and shift of every load case; the largest is the run's, and GLB parts have the frame's names."""
    run = get_study("structure").observe(FAMILY, VALUES, "beam", Work(tmp_path, keep=True))
    _, fields, notes = read_vtp(tmp_path / run.run_id / "stress.vtp")
    told = FAMILY.structure(VALUES)
    assert told is not None
    assert len(fields) == 2 * len(told.cases)
    top = max(float(v.max()) for name, v in fields.items() if name.startswith("stress"))
    assert 0.9 * run.outputs["peak_stress"] < top <= run.outputs["peak_stress"] * (1 + 1e-9)
    assert notes["stress_unit"] == "MPa"
    named = {part.name for part in read_glb(tmp_path / run.run_id / "stress.glb")}
    assert {p.name for p in FAMILY.mesh(VALUES)} <= named


def test_the_report_has_every_case_with_its_source(solved: Solved) -> None:
    """And says nothing of a product without loads."""
    claim = strength_of(solved)
    told = _strength(claim, {"stress": b"png"}, {})
    assert told is not None
    assert len(told["section"].rows) == len(solved.structure.cases)
    assert all(row[-1][1] for row in told["section"].rows)
    assert "decides" in told["section"].note
    assert min(claim["cases"], key=lambda c: c["safety"])["case"] in told["caption"]
    assert _strength(None, {}, {}) is None
