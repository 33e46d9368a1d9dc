"""Other people's diffusers models in place of ours: what they draw goes the same way to bodies and sheet."""

from __future__ import annotations

from pathlib import Path

import pytest
from maquette.constraints.brief import brief_from_text
from maquette.design.errors import InputError, MaquetteError, ModelError
from maquette.ui.verbs import sketch
from PIL import Image


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("transformers", reason="maquette[hub] is not installed")
    from miniature import save_stable_diffusion

    return save_stable_diffusion(tmp_path_factory.mktemp("hub") / "sd")


@pytest.mark.slow
def test_a_foreign_model_draws_the_sheet(foreign: Path, tmp_path: Path) -> None:
    found = sketch("low fastback, drag at most 0.3", tmp_path, n=2, model=foreign, steps=2, style="soft")
    assert found.model == str(foreign)
    assert len(found.concepts) == 2
    assert not found.steering, "nothing steers a foreign model by numbers"
    for c in found.concepts:
        with Image.open(c.image) as picture:
            assert picture.size == (768, 384)
        assert not c.image.with_name(f"{c.image.stem}.drawing.png").exists()
        assert c.design is not None or c.fault
    assert found.exit_code == (0 if all(c.design for c in found.concepts) else 1)


def test_what_a_foreign_model_cannot_do_is_refused(foreign: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="variants need our own"):
        sketch("low fastback", tmp_path, n=1, model=foreign, steps=1, variants=["a suv"])
    with pytest.raises(MaquetteError, match="nothing-there"):
        sketch("low fastback", tmp_path, n=1, model="nobody/nothing-there")
    with pytest.raises(InputError, match="--controlnet"):
        sketch("low fastback", tmp_path, n=1, controlnet=foreign)


def test_no_model_of_the_family(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="ahmed"):
        sketch(brief_from_text("overall length at most 1 m", "ahmed"), tmp_path, n=1)
