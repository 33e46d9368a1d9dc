"""Training of the concept model, at toy size: it learns, resumes exactly, and what it writes can be read."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from maquette.design.concepts.artist.frame import PLANES, STYLES, shrink, to_concept
from maquette.design.concepts.generate.outline_guide import coverage, fine_guide, guides_of
from maquette.design.concepts.generate.pipeline import ConceptPipeline
from maquette.design.concepts.generate.silhouette_similarity import silhouette_of
from maquette.design.concepts.networks.flow import euler, flow_loss, noisy, sample_times
from maquette.design.concepts.networks.networks import ConceptDrawer, ConceptPrior, ConceptTextEncoder
from maquette.design.concepts.training.data import (
    NAMED,
    SPREADS,
    Designs,
    draw_one,
    make_designs,
    number_names_of,
    read_designs,
    write_designs,
)
from maquette.design.concepts.training.export import export, half_precision_error
from maquette.design.concepts.training.guide_shards import make_guides, packed_guides, read_guides
from maquette.design.concepts.training.loop import Recipe, Task, batch_rows, read_curve, train
from maquette.design.concepts.training.shards import (
    Drawings,
    as_bytes,
    as_signed,
    make_drawings,
    read_drawings,
    split,
)
from maquette.design.concepts.training.stopping import Stop
from maquette.design.concepts.training.tasks import DrawerTask, PriorTask
from maquette.design.concepts.training.tasks_pictures import EncoderTask, SharpenerTask
from maquette.design.concepts.training.train import main
from maquette.design.errors import InputError, RuleError
from maquette.design.family.frame import Frame
from maquette.design.family.parameters import as_values
from maquette.design.family.registry import get_family
from maquette.design.language.attributes import MAX_TOKENS

BASE, FINE = Frame().base, Frame().picture

CAR = get_family("car")
VIEWS = CAR.frame.names
QUICK = Recipe(batch=8, rate=3e-3, steps=40, warm_up=5, ema=0.9, bfloat16=False)


@pytest.fixture(scope="module")
def designs() -> Designs:
    return make_designs(CAR, 40, seed=3, workers=1, progress=lambda _: None)


@pytest.fixture(scope="module")
def drawn(designs: Designs, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Training folder with three designs drawn."""
    work = tmp_path_factory.mktemp("work")
    write_designs(designs, work / "designs.npz")
    make_drawings(CAR, designs, work, count=3, fine=2, seed=5, workers=1, progress=lambda _: None)
    make_guides(CAR, designs, work, 3, workers=1, progress=lambda _: None)
    return work


def profiles(designs: Designs, size: tuple[int, int] = (64, 32)) -> Drawings:
    """Quick drawings: a box as long and as tall as each design, one for each view."""
    width, height = size
    concepts = np.repeat(designs.concepts, len(VIEWS), axis=0)
    pictures = np.full((len(concepts), 2, height, width), 255, dtype=np.uint8)
    pictures[:, 1] = 0
    for picture, z in zip(pictures, concepts, strict=True):
        long, tall = int(width * (0.6 + 0.3 * z[0])), int(height * (0.5 + 0.2 * z[4]))
        box = (slice(height - tall, height - 2), slice((width - long) // 2, (width + long) // 2))
        picture[(0, *box)], picture[(1, *box)] = 60, 255
    n = len(concepts)
    index = np.arange(n)
    return Drawings(index // len(VIEWS), index % len(VIEWS), index % len(STYLES), pictures)


# -- designs -----------------------------------------------------------------------------------------


def test_designs_keep_the_rules_and_carry_their_true_numbers(designs: Designs) -> None:
    for row, numbers in zip(designs.values[:10], designs.numbers[:10], strict=True):
        values = CAR.accept(as_values(CAR.declaration, row))
        known = values | CAR.measures_of(values, designs.number_names)
        np.testing.assert_allclose(numbers, [known[n] for n in designs.number_names], rtol=1e-6)
    np.testing.assert_allclose(
        designs.concepts[4], to_concept(CAR, as_values(CAR.declaration, designs.values[4]))
    )
    assert {"overall_length", "ground_clearance", "head_room_rear"} <= set(number_names_of(CAR))


def test_a_seed_gives_the_same_designs_however_many_are_asked_for(designs: Designs) -> None:
    again = make_designs(CAR, 12, seed=3, workers=1, progress=lambda _: None)
    np.testing.assert_array_equal(again.values, designs.values[:12])
    other = make_designs(CAR, 12, seed=4, workers=1, progress=lambda _: None)
    assert not np.array_equal(other.values, designs.values[:12])


def test_half_the_draws_are_uniform_and_only_close_ones_keep_a_body_s_name() -> None:
    rng = np.random.default_rng(0)
    middles = [np.full(50, 0.2), np.full(50, 0.7)]
    draws = [draw_one(rng, middles, 50) for _ in range(400)]
    named = [(unit, body) for unit, body in draws if body >= 0]
    close = sum(s < NAMED for s in SPREADS) / len(SPREADS)
    assert len(named) == pytest.approx(400 * 0.5 * close, abs=45)
    for unit, body in named:
        assert np.abs(unit - middles[body]).mean() < NAMED
    assert all((unit >= 0).all() and (unit <= 1).all() for unit, _ in draws)


def test_design_files_come_back_and_labels_become_numbers(designs: Designs, tmp_path: Path) -> None:
    path = tmp_path / "designs.npz"
    drag = np.linspace(0.2, 0.4, len(designs)).astype(np.float32)
    write_designs(replace(designs, labels={"drag_coefficient": drag, "colour": drag}), path)
    back = read_designs(path, CAR)
    np.testing.assert_array_equal(back.values, designs.values)
    assert back.body_name(0) == designs.body_name(0)
    names, numbers = back.conditions()
    assert "drag_coefficient" in names
    assert "colour" not in names
    assert list(names) == [n for n in CAR.steered_by if n in names]
    np.testing.assert_array_equal(numbers[:, names.index("drag_coefficient")], drag)
    with pytest.raises(InputError, match="another parameter declaration"):
        read_designs(path, get_family("ahmed"))
    path.write_bytes(b"no npz")
    with pytest.raises(InputError, match="not a readable"):
        read_designs(path, CAR)


# -- drawings ------------------------------------------------------------------------------------------


def test_shards_hold_every_view_at_both_sizes(drawn: Path) -> None:
    base, fine = read_drawings(drawn / "drawings"), read_drawings(drawn / "fine")
    assert base.pictures.shape == (12, 2, BASE[1], BASE[0])
    assert fine.pictures.shape == (8, 2, FINE[1], FINE[0])
    np.testing.assert_array_equal(shrink(fine.pictures), base.pictures[:8])
    assert base.view.tolist() == [0, 0, 1, 1] * 3
    assert (base.style[::2] != base.style[1::2]).all()
    assert (base.pictures[:, 0].min(axis=(1, 2)) < 100).all()
    assert (base.pictures[:, 1].max(axis=(1, 2)) > 200).all()


def test_shards_are_kept_and_another_plan_is_refused(drawn: Path, designs: Designs) -> None:
    path = drawn / "drawings" / "00000.npz"
    before = path.stat().st_mtime_ns
    make_drawings(CAR, designs, drawn, count=3, fine=2, seed=5, workers=1, progress=lambda _: None)
    assert path.stat().st_mtime_ns == before
    with pytest.raises(InputError, match="another plan"):
        make_drawings(CAR, designs, drawn, count=3, fine=2, seed=6, workers=1, progress=lambda _: None)


def test_bytes_and_signed_pictures_are_each_other_s_inverse() -> None:
    pictures = np.arange(256, dtype=np.uint8).reshape(1, 1, 16, 16)
    np.testing.assert_array_equal(as_bytes(as_signed(pictures)), pictures)
    learn, keep = split(100, 20)
    assert set(learn).isdisjoint(keep)
    assert len(learn) + len(keep) == 100


# -- flow matching ---------------------------------------------------------------------------------------


def test_a_perfect_prediction_costs_nothing_and_samples_exactly() -> None:
    generator = torch.Generator().manual_seed(0)
    clean, noise = torch.randn(2, 5, 7, generator=generator)
    t = sample_times(5, generator)
    assert float(flow_loss(clean, clean, t)) == 0.0
    for steps in (1, 4, 10):
        made = euler(lambda x, t: clean, noise, steps)
        torch.testing.assert_close(made, clean)


def test_the_loss_is_that_of_the_velocity() -> None:
    generator = torch.Generator().manual_seed(0)
    clean, noise, error = torch.randn(3, 6, 4, generator=generator)
    t = torch.full((6,), 0.6)
    x = noisy(clean, t, noise)
    predicted = clean + 0.1 * error
    velocity, wanted = (predicted - x) / 0.4, (clean - x) / 0.4
    assert float(flow_loss(predicted, clean, t)) == pytest.approx(float((velocity - wanted).square().mean()))


# -- networks --------------------------------------------------------------------------------------------


def awake(network: nn.Module) -> nn.Module:
    """The same network with nothing left at zero."""
    torch.manual_seed(1)
    for parameter in network.parameters():
        nn.init.normal_(parameter, std=0.2)
    return network.eval()


def test_words_have_no_order_and_masked_ones_no_meaning() -> None:
    encoder = awake(ConceptTextEncoder(30, width=16, layers=1, heads=2))
    tokens = torch.zeros(3, MAX_TOKENS, dtype=torch.int64)
    tokens[0, :3], tokens[1, :3], tokens[2, :4] = torch.tensor([4, 9, 2]), torch.tensor([9, 2, 4]), 5
    mask = torch.zeros(3, MAX_TOKENS, dtype=torch.bool)
    mask[:2, :3] = True
    out = encoder(tokens, mask)
    torch.testing.assert_close(out[0], out[1], atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(out[2], encoder(torch.zeros_like(tokens), mask)[2])
    assert not torch.allclose(out[0], out[2], atol=1e-3)


def test_numbers_that_are_not_asked_change_nothing() -> None:
    prior = awake(
        ConceptPrior(
            "car", ["a", "b"], ["x", "y"], [5.0, 50.0], [1.0, 10.0], text_width=4, width=16, layers=1
        )
    )
    z, t, text = torch.randn(1, 2), torch.tensor([0.3]), torch.randn(1, 4)
    present = torch.tensor([[1.0, 0.0]])

    def said(x: float, y: float) -> Tensor:
        out: Tensor = prior(z, t, text, torch.tensor([[x, y]]), present)
        return out

    torch.testing.assert_close(said(6.0, 40.0), said(6.0, float("nan")))
    assert not torch.allclose(said(6.0, 40.0), said(4.0, 40.0), atol=1e-4)


def test_a_dropped_concept_is_not_seen() -> None:
    drawer = awake(
        ConceptDrawer("car", 3, width=16, layers=1, heads=2, hidden=16, bottleneck=8, size=(64, 32))
    )
    x, t = torch.randn(1, 2, 32, 64), torch.tensor([0.5])
    view, style = torch.zeros(2, 1, dtype=torch.int64)

    def drawing(z: float, dropped: bool, outline: float = 0.0) -> Tensor:
        guide = torch.full((1, PLANES, 32, 64), outline)
        out: Tensor = drawer(x, t, torch.full((1, 3), z), view, style, guide, torch.tensor([dropped]))
        return out

    torch.testing.assert_close(drawing(0.1, True), drawing(0.9, True))
    assert not torch.allclose(drawing(0.1, False), drawing(0.9, False), atol=1e-4)
    torch.testing.assert_close(drawing(0.1, True, outline=1.0), drawing(0.1, True))
    assert not torch.allclose(drawing(0.1, False, outline=1.0), drawing(0.1, False), atol=1e-4)


@pytest.mark.parametrize("view", VIEWS)
def test_the_guide_is_the_body_s_own_outline(view: str) -> None:
    """Its silhouette is the fast mesh's, its glass lies inside it, and it moves with the body."""
    values = CAR.defaults() | CAR.archetypes["estate"]
    body, glass, lines = coverage(fine_guide(CAR, values, view)).astype(float) / 255.0
    true = silhouette_of(CAR, values, view).reshape(128, 3, 256, 3).mean(axis=(1, 3))
    overlap = np.minimum(body, true).sum() / np.maximum(body, true).sum()
    assert overlap > 0.98
    assert glass.sum() > 0.03 * body.sum()
    assert (glass > body + 0.51).mean() < 0.001
    assert 0.0 < lines.mean() < 0.1
    taller = coverage(fine_guide(CAR, values | {"overall_height": values["overall_height"] + 60.0}, view))[0]
    assert taller.any(axis=1).argmax() < body.any(axis=1).argmax()


def test_a_concept_without_a_body_has_an_empty_guide() -> None:
    class Bodiless(type(CAR)):  # type: ignore[misc]
        def outline(self, values: Any, view: str = "side") -> Any:
            raise RuleError("no such body", ("test",))

    z = to_concept(CAR, CAR.defaults())[None]
    assert not guides_of(Bodiless(), z, ["side"]).any()
    assert guides_of(CAR, z, ["side"]).any()


# -- training ----------------------------------------------------------------------------------------------


class Tiny(DrawerTask):
    """A small drawer that asks for a stop after some batches."""

    def __init__(self, designs: Designs, stop: Stop | None = None, batches: int = 0) -> None:
        shape = {"width": 32, "layers": 1, "heads": 2, "hidden": 32, "bottleneck": 16, "condition_tokens": 2}
        guides = np.zeros((len(designs), len(VIEWS), PLANES, 32, 64), dtype=np.uint8)
        super().__init__(CAR, designs, profiles(designs), guides, seed=0, **shape)
        self.stop, self.batches = stop, batches

    def loss(self, networks: nn.ModuleDict, rows: NDArray[np.int64], generator: torch.Generator) -> Tensor:
        self.batches -= 1
        if self.stop is not None and self.batches == 0:
            self.stop.asked = True
        return super().loss(networks, rows, generator)


def quiet(_: str) -> None:
    pass


def test_a_resumed_training_gives_the_weights_of_an_unbroken_one(designs: Designs, tmp_path: Path) -> None:
    whole = train(Tiny(designs), QUICK, tmp_path / "whole", progress=quiet)
    stop = Stop()
    first = train(Tiny(designs, stop, 23), QUICK, tmp_path / "broken", progress=quiet, stop=stop)
    assert (first.steps, first.finished) == (23, False)
    assert not (tmp_path / "broken" / "trained" / "drawer.json").exists()
    second = train(Tiny(designs), QUICK, tmp_path / "broken", progress=quiet)
    assert (whole.steps, whole.finished) == (second.steps, second.finished) == (40, True)
    for name in ("networks", "averaged"):
        a, b = (
            torch.load(tmp_path / run / "checkpoints" / "drawer.pt", weights_only=True)[name]
            for run in ("whole", "broken")
        )
        assert all(torch.equal(a[key], b[key]) for key in a)
    curves = [read_curve(tmp_path / run / "curves" / "drawer.csv") for run in ("whole", "broken")]
    assert [r["step"] for r in curves[0]] == [r["step"] for r in curves[1]] == [20, 40]
    assert curves[0][0]["loss"] == pytest.approx(curves[1][0]["loss"], rel=1.0)


def test_every_example_is_seen_once_an_epoch() -> None:
    seen = np.concatenate([batch_rows(10, 4, step, seed=1) for step in range(5)])
    assert sorted(seen[:10]) == sorted(seen[10:]) == list(range(10))
    assert not np.array_equal(seen[:10], seen[10:])


def tasks(designs: Designs, drawn: Path) -> dict[str, Task]:
    """Every task, small; pictures at the real size where networks need it."""
    fine = read_drawings(drawn / "fine")
    base = read_drawings(drawn / "drawings")
    rows = np.tile(np.arange(len(base)), 4)
    twice = base.take(rows)
    return {
        "prior": PriorTask(CAR, designs, width=64, layers=1),
        "drawer": DrawerTask(
            CAR,
            designs,
            twice,
            read_guides(drawn, int(base.design.max()) + 1),
            width=32,
            layers=1,
            heads=2,
            hidden=32,
            bottleneck=16,
            condition_tokens=1,
        ),
        "sharpener": SharpenerTask(
            fine.take(np.tile(np.arange(len(fine)), 3)),
            packed_guides(CAR, designs.values[:3]),
            width=8,
            layers=1,
        ),
        "encoder": EncoderTask("encoder", CAR, designs, twice, widths=(8, 8, 16, 16, 16)),
        "evaluator": EncoderTask("evaluator", CAR, designs, twice, seed=1, widths=(8, 8, 8, 16, 16)),
    }


def loss_of(task: Task) -> float:
    """Loss of the task's networks on the same examples and noise every time."""
    with torch.no_grad():
        rows = np.arange(min(8, task.count()))
        return float(
            np.mean([task.loss(task.networks, rows, torch.Generator().manual_seed(k)) for k in range(3)])
        )


@pytest.fixture(scope="module")
def trained(designs: Designs, drawn: Path) -> tuple[Path, dict[str, tuple[float, float]]]:
    """The training folder after a few steps of everything, and each loss before and after."""
    losses = {}
    for name, task in tasks(designs, drawn).items():
        before = loss_of(task)
        train(task, replace(QUICK, batch=4), drawn, progress=quiet, command="tiny")
        losses[name] = (before, loss_of(task))
    return drawn, losses


def test_every_loss_falls(trained: tuple[Path, dict[str, tuple[float, float]]]) -> None:
    folder, losses = trained
    for name, (before, after) in losses.items():
        assert after < before, name
        facts = json.loads((folder / "trained" / f"{name}.json").read_text())
        assert facts["steps"] == QUICK.steps
        assert all(np.isfinite(v) for v in facts["held_out"].values()), facts["held_out"]


def test_the_exported_model_is_the_trained_one(
    trained: tuple[Path, dict[str, tuple[float, float]]], tmp_path: Path
) -> None:
    folder, out = trained[0], tmp_path / "car_concepts"
    export(CAR, folder, out, progress=quiet)
    pipe = ConceptPipeline.from_pretrained(str(out), local_files_only=True)
    source = ConceptDrawer.from_pretrained(str(folder / "trained" / "drawer"))
    assert half_precision_error(source) < 1e-3
    for key, weight in pipe.drawer.state_dict().items():
        torch.testing.assert_close(weight.float(), source.state_dict()[key].half().float())
    drawing = pipe(num_inference_steps=1, prior_steps=1, redraws=0, output_type="np").images[0]
    assert drawing.shape == (FINE[1], FINE[0], 3)
    facts = json.loads((out / "model.json").read_text())
    assert set(facts["files"]) >= {f"{n}/diffusion_pytorch_model.safetensors" for n in ("prior", "evaluator")}
    card = (out / "README.md").read_text()
    assert "Total training cost" in card
    assert (out / "loss.svg").read_text().count("<polyline") == 5
    assert "warm-start" not in card


def test_the_card_tells_what_a_training_began_from(
    trained: tuple[Path, dict[str, tuple[float, float]]], tmp_path: Path
) -> None:
    folder, first, second = trained[0], tmp_path / "first", tmp_path / "second"
    export(CAR, folder, first, progress=quiet)
    about = folder / "trained" / "drawer.json"
    before = about.read_text()
    try:
        told = json.loads(before) | {"command": "train --warm-start first"}
        about.write_text(json.dumps(told))
        export(CAR, folder, second, progress=quiet, warm=first)
        facts = json.loads((second / "model.json").read_text())
        history = facts["trained"]["drawer"]["history"]
        assert CAR.declaration_hash[:16] in history
        assert f"{QUICK.steps} steps" in history
        assert "history" not in facts["trained"]["prior"], "it began from nothing"
        assert f"drawer: {history}" in (second / "README.md").read_text()
        third = export(CAR, folder, tmp_path / "third", progress=quiet, warm=second)
        assert third["trained"]["drawer"]["history"].endswith(f"those were {history}")
    finally:
        about.write_text(before)


# -- the command ---------------------------------------------------------------------------------------------


def test_the_command_says_what_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--stage", "prior", "--work", str(tmp_path)]) == 2
    assert "designs.npz" in capsys.readouterr().err
    assert main(["--stage", "designs", "--work", str(tmp_path), "--minutes", "0"]) == 2
    assert "--minutes" in capsys.readouterr().err
    assert main(["--stage", "designs", "--work", str(tmp_path), "--designs", "0"]) == 2
    assert "count is 0" in capsys.readouterr().err
