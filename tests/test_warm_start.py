"""Weights carried over to another parameter declaration say the same of the same body."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import nn

from maquette.design.concepts.generate.loading import shipped_folder
from maquette.design.concepts.networks.networks import (
    ConceptDrawer,
    ConceptEncoder,
    ConceptPrior,
    ConceptTextEncoder,
)
from maquette.design.concepts.networks.options import option_counts
from maquette.design.concepts.training import warm_start as warm
from maquette.design.concepts.training.lending import lends
from maquette.design.errors import InputError
from maquette.design.family.earlier import Held
from maquette.design.family.registry import get_family
from maquette.design.language.attributes import vocabulary_hash, vocabulary_of

VOCABULARY = vocabulary_of(get_family("car").lexicon)

#: two ranges changed, `mirror` dropped (it follows from `length` now), `hatch` dropped (held), `crease` new
THEN = {
    "length": (3.0, 5.0),
    "mirror": (0.6, 1.3),
    "angle": (10.0, 40.0),
    "hatch": (0.0, 8.0),
    "h": (1.0, 2.0),
}
NOW = {"length": (2.0, 6.0), "angle": (15.0, 35.0), "h": (1.0, 2.0), "crease": (0.0, 1.0)}
HELD = {"mirror": Held(0.4, {"length": 0.15}), "hatch": Held(2.5)}
BODY = {"length": 3.3, "angle": 22.0, "h": 1.4, "crease": 0.8}
CHANGE = warm.between(THEN, NOW, HELD)


def concept(ranges: dict[str, tuple[float, float]], values: dict[str, float]) -> torch.Tensor:
    z = [2.0 * (values[n] - low) / (high - low) - 1.0 for n, (low, high) in ranges.items()]
    return torch.tensor([z], dtype=torch.float32)


Z = concept(NOW, BODY)
Z_OLD = concept(THEN, BODY | {"mirror": 0.4 + 0.15 * 3.3, "hatch": 2.5})


def filled(network: nn.Module) -> nn.Module:
    """The network with nothing in it nought."""
    torch.manual_seed(4)
    for weight in network.parameters():
        torch.nn.init.normal_(weight, std=0.15)
    return network.eval()


def drawer(p: int) -> ConceptDrawer:
    return ConceptDrawer("car", p, width=32, layers=1, heads=2, hidden=48, bottleneck=16, size=(64, 32))


def test_the_change_maps_a_body_to_the_same_body() -> None:
    np.testing.assert_allclose(CHANGE.matrix @ Z[0].numpy() + CHANGE.shift, Z_OLD[0].numpy(), atol=1e-6)


def test_the_drawer_draws_the_same_body_the_same() -> None:
    old, new = filled(drawer(len(THEN))), drawer(len(NOW)).eval()
    new.load_state_dict(warm.carried_state(old, new, CHANGE))
    torch.manual_seed(1)
    x, guide = torch.randn(1, 2, 32, 64), torch.rand(1, 3, 32, 64)
    t, one = torch.tensor([0.4]), torch.tensor([1])
    before, after = old(x, t, Z_OLD, one, one, guide), new(x, t, Z, one, one, guide)
    assert before.abs().max() > 0.1
    torch.testing.assert_close(after, before, atol=1e-4, rtol=0)
    other = new(x, t, concept(NOW, BODY | {"length": 4.3}), one, one, guide)
    assert (other - before).abs().max() > 1e-3  # the test sees a body that is another


def test_the_encoder_reads_the_same_body_with_the_same_certainty() -> None:
    size = (64, 32)
    old = filled(ConceptEncoder("car", list(THEN), widths=(8, 16), hidden=16, size=size))
    new = ConceptEncoder("car", list(NOW), widths=(8, 16), hidden=16, size=size).eval()
    new.load_state_dict(warm.carried_state(old, new, CHANGE))
    torch.manual_seed(1)
    ink, scale = torch.rand(3, 1, 32, 64), torch.zeros(3, 2)
    (z0, s0, v0), (z1, s1, v1) = old(ink, scale), new(ink, scale)
    for name in ("length", "angle", "h"):
        i, j = list(THEN).index(name), list(NOW).index(name)
        (low0, high0), (low1, high1) = THEN[name], NOW[name]
        torch.testing.assert_close(
            low1 + (z1[:, j] + 1) / 2 * (high1 - low1), low0 + (z0[:, i] + 1) / 2 * (high0 - low0)
        )
        torch.testing.assert_close(s1[:, j].exp() * (high1 - low1), s0[:, i].exp() * (high0 - low0))
    torch.testing.assert_close(v1, v0)
    crease = list(NOW).index("crease")
    assert z1[:, crease].abs().max() == 0.0
    torch.testing.assert_close(s1[:, crease].exp(), torch.full((3,), 3.0**-0.5))


def test_pictures_of_another_size_begin_anew_where_things_lie_and_keep_the_rest() -> None:
    small = {"width": 32, "layers": 1, "heads": 2, "hidden": 48, "bottleneck": 16}
    old, new = filled(drawer(4)), ConceptDrawer("car", 4, size=(48, 80), **small).eval()
    places = new.state_dict()["positions"].clone()
    new.load_state_dict(warm.carried_state(old, new, warm.between(NOW, NOW, {})))
    assert new.positions.shape[1] == 3 * 5  # patches of 16 pixels
    torch.testing.assert_close(new.positions, places)
    kept = [key for key in old.state_dict() if key != "positions"]
    assert all(torch.allclose(new.state_dict()[key], old.state_dict()[key]) for key in kept)
    given = torch.zeros(1), Z, torch.zeros(1, dtype=torch.int64), torch.zeros(1, dtype=torch.int64)
    assert new(torch.zeros(1, 2, 80, 48), *given, torch.rand(1, 3, 80, 48)).shape == (1, 2, 80, 48)
    narrow = {"widths": (8, 16), "hidden": 16}
    seen = filled(ConceptEncoder("car", list(NOW), size=(64, 32), **narrow))
    other = ConceptEncoder("car", list(NOW), size=(48, 80), **narrow).eval()
    other.load_state_dict(warm.carried_state(seen, other, warm.between(NOW, NOW, {})))
    assert other(torch.zeros(1, 1, 80, 48), torch.zeros(1, 2))[0].shape == (1, 4)


def test_the_prior_hears_the_same_numbers_and_answers_with_the_same_body() -> None:
    def prior(ranges: dict[str, tuple[float, float]], names: list[str], shift: float) -> ConceptPrior:
        means, scales = [4.0 + shift + i for i in range(len(names))], [0.5 + shift] * len(names)
        return ConceptPrior("car", list(ranges), names, means, scales, text_width=8, width=16, layers=1)

    old = filled(prior(THEN, ["length", "drag", "gone"], 0.0))
    new = prior(NOW, ["drag", "length", "fresh"], 0.3).eval()
    new.load_state_dict(warm.carried_state(old, new, CHANGE))
    text, t = torch.randn(1, 8, generator=torch.Generator().manual_seed(2)), torch.ones(1)
    for length, drag in ((1.0, 0.0), (1.0, 1.0), (0.0, 0.0)):
        before = old(Z_OLD, t, text, torch.tensor([[4.4, 0.3, 9.9]]), torch.tensor([[length, drag, 0.0]]))
        after = new(Z, t, text, torch.tensor([[0.3, 4.4, 9.9]]), torch.tensor([[drag, length, 0.0]]))
        for i, j in CHANGE.kept:
            (low0, high0), (low1, high1) = list(THEN.values())[i], list(NOW.values())[j]
            was = low0 + (before[0, i] + 1) / 2 * (high0 - low0)
            torch.testing.assert_close(low1 + (after[0, j] + 1) / 2 * (high1 - low1), was, atol=1e-4, rtol=0)


def test_words_keep_their_meaning_where_others_have_come_between() -> None:
    shuffled = (*VOCABULARY[:3], "mood:gone", *VOCABULARY[5:])
    old = ConceptTextEncoder(
        len(shuffled), width=16, layers=1, heads=2, vocabulary_hash=vocabulary_hash(shuffled)
    ).eval()
    new = ConceptTextEncoder(
        len(VOCABULARY), width=16, layers=1, heads=2, vocabulary_hash=vocabulary_hash(VOCABULARY)
    )
    fresh = new.embedding.weight[3].detach().clone()
    new.load_state_dict(warm.carried_state(old, new, CHANGE, warm.Words(shuffled, VOCABULARY)))
    new.eval()
    heard = [VOCABULARY[2], VOCABULARY[9], VOCABULARY[-1]]
    before = old(torch.tensor([[shuffled.index(w) for w in heard]]), torch.ones(1, 3))
    after = new(torch.tensor([[VOCABULARY.index(w) for w in heard]]), torch.ones(1, 3))
    torch.testing.assert_close(after, before)
    assert torch.equal(new.embedding.weight[3], fresh)  # a word that is new


def test_an_unchanged_declaration_changes_no_weight() -> None:
    same = warm.between(THEN, THEN, {})
    old = filled(drawer(len(THEN)))
    for key, value in warm.carried_state(old, old, same).items():
        assert torch.equal(value, old.state_dict()[key]), key


def test_the_shipped_model_starts_every_network_and_draws_the_same() -> None:
    """Whatever declaration it was made for: the drawer sees its own bodies through the change."""
    folder, family = shipped_folder("car"), get_family("car")
    old = warm.read_network(folder, "drawer")
    counts = option_counts(family)
    new = ConceptDrawer("car", len(family.parameters), family.declaration_hash, options=counts)
    said: list[str] = []
    found = warm.warm_start(nn.ModuleDict({"drawer": new}), folder, family, said.append)
    assert found == ("drawer",)
    assert "starts from" in said[0]
    change = warm.change_since(family, old.config.declaration_hash)
    z = torch.rand(4, len(family.parameters), generator=torch.Generator().manual_seed(3)) * 2 - 1
    seen = z.double() @ torch.from_numpy(change.matrix).T + torch.from_numpy(change.shift)
    options = torch.rand(4, sum(counts), generator=torch.Generator().manual_seed(4))
    before = old.concept(torch.cat([seen.float(), options], dim=1))
    after = new.concept(torch.cat([z, options], dim=1))
    assert float((after - before).detach().abs().max() / before.detach().abs().max()) < 1e-5


def test_another_familys_drawer_lends_how_drawings_look_and_nothing_of_bodies() -> None:
    small = {"width": 32, "layers": 1, "heads": 2, "hidden": 48, "bottleneck": 16, "size": (64, 32)}
    car = filled(ConceptDrawer("car", 5, views=("side", "three_quarter"), **small))
    chair = ConceptDrawer("chair", 7, views=("three_quarter", "side", "top"), **small)
    own = {key: value.clone() for key, value in chair.state_dict().items()}
    chair.load_state_dict(warm.lent_state(car, chair))
    got = chair.state_dict()
    for key in ("read.weight", "guide.weight", "out.weight"):
        torch.testing.assert_close(got[key], car.state_dict()[key])
    torch.testing.assert_close(got["view.weight"][:2], car.state_dict()["view.weight"].flip(0))
    torch.testing.assert_close(got["view.weight"][2], own["view.weight"][2])
    torch.testing.assert_close(got["concept.0.weight"], own["concept.0.weight"])
    folder = shipped_folder("car")
    assert lends(folder, get_family("chair"), "drawer")
    assert not lends(folder, get_family("chair"), "prior")
    assert lends(folder, get_family("car"), "prior")


def test_what_cannot_start_a_training_is_refused_in_one_line(tmp_path: Path) -> None:
    family = get_family("car")
    with pytest.raises(InputError, match="no such earlier declaration"):
        warm.change_since(family, "f" * 64)
    with pytest.raises(InputError, match="there is no model"):
        warm.warm_start(nn.ModuleDict(), tmp_path / "none", family)
    text = ConceptTextEncoder(len(VOCABULARY), width=16, layers=1, heads=2, vocabulary_hash="a")
    other = ConceptTextEncoder(len(VOCABULARY), width=16, layers=1, heads=2, vocabulary_hash="b")
    with pytest.raises(InputError, match="unknown words"):
        warm.carried_state(text, other, CHANGE)
    ConceptDrawer("car", 5, width=32, layers=1, heads=2, hidden=48, bottleneck=16).save_pretrained(
        tmp_path / "drawer"
    )
    wider = ConceptDrawer("car", 5, width=64, layers=1, heads=2, hidden=48, bottleneck=16)
    five = SimpleNamespace(
        name="car",
        declaration_hash="",
        earlier=(),
        parameters=tuple(replace(p, name=f"p{i}") for i, p in enumerate(family.parameters[:5])),
    )
    with pytest.raises(InputError, match="its drawer has other shapes"):
        warm.warm_start(nn.ModuleDict({"drawer": wider}), tmp_path, five)
