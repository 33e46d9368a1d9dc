"""Options as the drawer is told them: drawn with the designs, seen in the pictures, kept by a warm start."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tiny_concepts import CAR, NAMES, QUICK, seeded, tiny

from maquette.design.concepts.generate.loading import load_concepts
from maquette.design.concepts.generate.pipeline import ConceptPipeline
from maquette.design.concepts.networks.networks import ConceptDrawer
from maquette.design.concepts.networks.options import (
    check_drawer,
    option_columns,
    option_counts,
    option_names,
    places_of,
    read_options,
)
from maquette.design.concepts.training import data
from maquette.design.concepts.training import warm_start as warm
from maquette.design.concepts.training.card import card_text
from maquette.design.concepts.training.data import Designs, make_designs, read_designs, write_designs
from maquette.design.concepts.training.shards import PLAN, make_drawings, read_drawings
from maquette.design.concepts.training.tasks import DrawerTask
from maquette.design.errors import InputError, ModelError
from maquette.design.family.frame import Frame
from maquette.design.family.registry import get_family
from maquette.design.products.car.choices import CHOICES

BASE = Frame().base

RIM = list(CHOICES).index("rim")
COUNT = sum(map(len, CHOICES.values()))
LAST = {name: float(len(options) - 1) for name, options in CHOICES.items()}


@pytest.fixture(scope="module")
def pipe() -> ConceptPipeline:
    return tiny(knows_options=True)


@pytest.fixture(scope="module")
def designs() -> Designs:
    return make_designs(CAR, 40, seed=3, workers=1, progress=quiet)


def quiet(_: str) -> None:
    pass


# -- columns -----------------------------------------------------------------------------------------


def test_a_column_for_every_option_in_order() -> None:
    assert option_counts(CAR) == tuple(map(len, CHOICES.values()))
    names = [f"{name}:{option}" for name, options in CHOICES.items() for option in options]
    assert list(option_names(CAR)) == names
    said = [{}, {"rim": "mesh"}, {"rim": 6, "doors": "two"}, LAST]
    columns = option_columns(CAR, places_of(CAR, said))
    assert columns.shape == (4, COUNT)
    assert columns.dtype == np.float32
    taken = [{names[k] for k in np.flatnonzero(row)} for row in columns]
    first = {f"{name}:{options[0]}" for name, options in CHOICES.items()}
    assert taken[0] == first
    assert taken[1] == first - {"rim:twin_five"} | {"rim:mesh"}
    assert taken[2] == taken[1] - {"doors:four"} | {"doors:two"}
    assert taken[3] == {f"{name}:{options[-1]}" for name, options in CHOICES.items()}
    np.testing.assert_array_equal(columns.sum(axis=1), len(CHOICES))


def test_a_family_without_choices_has_no_columns() -> None:
    ahmed = get_family("ahmed")
    assert option_names(ahmed) == option_counts(ahmed) == ()
    assert option_columns(ahmed, read_options(ahmed, None, None, 3)).shape == (3, 0)
    with pytest.raises(InputError, match="choices: none"):
        read_options(ahmed, {"rim": 1}, None, 3)


# -- the pipeline --------------------------------------------------------------------------------------


def inks(pipe: ConceptPipeline, n: int = 1, **asked: Any) -> list[np.ndarray]:
    """Drawings of the same body (the default one), from the same noise each."""
    given = {"concept": CAR.defaults(), "strength": 0.0, "generator": [seeded(2) for _ in range(n)]}
    out = pipe(num_images_per_prompt=n, **{**QUICK, **given, **asked})
    return [drawing.ink for drawing in out.drawings]


def test_another_rim_is_another_drawing_of_the_same_body(pipe: ConceptPipeline) -> None:
    plain, mesh = (inks(pipe, options={"rim": rim})[0] for rim in ("twin_five", "mesh"))
    assert not np.array_equal(plain, mesh)
    np.testing.assert_array_equal(inks(pipe)[0], plain)
    np.testing.assert_array_equal(inks(pipe, options={"rim": 6.0})[0], mesh)
    without = tiny()
    np.testing.assert_array_equal(*(inks(without, options={"rim": rim})[0] for rim in ("twin_five", "mesh")))


def test_options_are_one_set_for_all_or_one_for_each(pipe: ConceptPipeline) -> None:
    plain, mesh = (inks(pipe, options={"rim": rim})[0] for rim in ("twin_five", "mesh"))
    same, other = inks(pipe, 2, options=[{}, {"rim": "mesh"}])
    # two in one batch need not be equal to the last bit to one alone
    assert np.abs(same.astype(int) - plain).max() <= 1
    assert np.abs(other.astype(int) - mesh).max() <= 1
    np.testing.assert_array_equal(*inks(pipe, 2, options={"rim": "mesh"}))


def test_the_options_of_the_start_are_drawn_unless_others_are_given(pipe: ConceptPipeline) -> None:
    body = CAR.defaults() | {"rim": "mesh"}
    np.testing.assert_array_equal(inks(pipe, concept=body)[0], inks(pipe, options={"rim": "mesh"})[0])
    np.testing.assert_array_equal(inks(pipe, concept=body, options={})[0], inks(pipe)[0])


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ([{}, {}, {}], "options holds 3 sets for 2 images"),
        ([], "options holds 0 sets for 2 images"),
        ("mesh", "options is no set"),
        (["mesh", "mesh"], "options is no set"),
        ({"rims": "mesh"}, "'rims' is no choice of family 'car'"),
        ({"rim": "wood"}, "options: twin_five"),
        ({"rim": 99.0}, "options: twin_five"),
        ({"rim": -1}, "options: twin_five"),
        ({"rim": 1.5}, "options: twin_five"),
    ],
)
def test_options_that_make_no_sense_are_refused_in_one_line(
    pipe: ConceptPipeline, options: Any, says: str
) -> None:
    for kind in ("pil", "concept"):  # whether they are drawn or not
        with pytest.raises(InputError) as caught:
            pipe(num_images_per_prompt=2, options=options, output_type=kind, **QUICK)
        assert says in str(caught.value)
        assert "\n" not in str(caught.value)


# -- models that learned other options -----------------------------------------------------------------


def changed(folder: Path, **config: Any) -> Path:
    """The model with other entries in its drawer's configuration; None takes one out."""
    path = folder / "drawer" / "config.json"
    told = json.loads(path.read_text()) | config
    path.write_text(json.dumps({key: value for key, value in told.items() if value is not None}))
    return folder


def test_a_drawer_of_other_options_is_refused_in_one_line(pipe: ConceptPipeline, tmp_path: Path) -> None:
    pipe.save_pretrained(tmp_path)
    assert load_concepts("car", tmp_path).drawer.config.option_names == list(option_names(CAR))
    swapped = list(option_names(CAR))
    swapped[1], swapped[2] = swapped[2], swapped[1]
    with pytest.raises(ModelError) as caught:
        load_concepts("car", changed(tmp_path, option_names=swapped))
    assert "front_lamps:round where front_lamps:blade is now" in str(caught.value)
    assert "\n" not in str(caught.value)
    fewer = [*option_counts(CAR)[:-1], 1]
    narrow = ConceptDrawer("car", 3, width=32, layers=1, heads=2, hidden=32, bottleneck=8, options=fewer)
    with pytest.raises(ModelError, match=r"learned .* options of family 'car', which has"):
        check_drawer(narrow, CAR)
    with pytest.raises(ModelError, match="learned"):
        ConceptPipeline(**{**pipe.components, "drawer": narrow})(**QUICK)


def test_a_drawer_that_does_not_name_its_options_is_taken_as_it_is(
    pipe: ConceptPipeline, tmp_path: Path
) -> None:
    """Models were trained before the names were written down."""
    pipe.save_pretrained(tmp_path)
    loaded = load_concepts("car", changed(tmp_path, option_names=None))
    np.testing.assert_array_equal(inks(loaded, options=LAST)[0], inks(pipe, options=LAST)[0])


# -- warm starts -----------------------------------------------------------------------------------------

SAME = warm.between({"a": (0.0, 1.0)}, {"a": (0.0, 1.0)}, {})


def small(*names: str, counts: tuple[int, ...] = ()) -> ConceptDrawer:
    """A drawer of one parameter and those options, no weight of which is nought."""
    counts = counts or ((len(names),) if names else ())
    torch.manual_seed(4)
    drawer = ConceptDrawer(
        "car", 1, width=32, layers=1, heads=2, hidden=48, bottleneck=16, size=(64, 32),
        options=counts, option_names=names,
    )  # fmt: skip
    for weight in drawer.parameters():
        torch.nn.init.normal_(weight, std=0.15)
    return drawer.eval()


def picture_of(drawer: ConceptDrawer, *columns: float) -> torch.Tensor:
    random = torch.Generator().manual_seed(1)
    x, guide = torch.randn(1, 2, 32, 64, generator=random), torch.rand(1, 3, 32, 64, generator=random)
    one = torch.tensor([1])
    with torch.no_grad():
        return drawer(x, torch.tensor([0.4]), torch.tensor([[0.3, *columns]]), one, one, guide)


def carried(old: ConceptDrawer, new: ConceptDrawer) -> ConceptDrawer:
    new.load_state_dict(warm.carried_state(old, new, SAME))
    return new


def test_a_drawer_without_options_starts_one_that_draws_any_option_alike() -> None:
    old, new = small(), small("rim:a", "rim:b")
    assert (picture_of(new, 1, 0) - picture_of(new, 0, 1)).abs().max() > 1e-3  # columns would be seen
    carried(old, new)
    for columns in ((1, 0), (0, 1)):
        torch.testing.assert_close(picture_of(new, *columns), picture_of(old), atol=1e-5, rtol=0)


def test_options_keep_their_meaning_where_others_have_come_between() -> None:
    old, new = small("rim:a", "rim:b"), carried(small("rim:a", "rim:b"), small("rim:b", "rim:new", "rim:a"))
    torch.testing.assert_close(picture_of(new, 0, 0, 1), picture_of(old, 1, 0), atol=1e-5, rtol=0)
    torch.testing.assert_close(picture_of(new, 1, 0, 0), picture_of(old, 0, 1), atol=1e-5, rtol=0)
    torch.testing.assert_close(picture_of(new, 0, 1, 0), picture_of(old, 0, 0), atol=1e-5, rtol=0)
    assert (picture_of(old, 1, 0) - picture_of(old, 0, 1)).abs().max() > 1e-3


def test_options_without_names_start_the_same_number_only() -> None:
    old = small(counts=(2,))
    torch.testing.assert_close(
        picture_of(carried(old, small("rim:a", "rim:b")), 0, 1), picture_of(old, 0, 1), atol=1e-5, rtol=0
    )
    with pytest.raises(InputError, match="unnamed options cannot start"):
        carried(old, small("rim:a", "rim:b", "rim:c"))


# -- designs and drawings --------------------------------------------------------------------------------


def test_options_are_drawn_with_the_seed_and_change_no_value(
    designs: Designs, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = make_designs(CAR, 40, seed=3, workers=1, progress=quiet)
    other = make_designs(CAR, 40, seed=4, workers=1, progress=quiet)
    assert designs.options.shape == (40, len(CHOICES))
    np.testing.assert_array_equal(again.options, designs.options)
    assert not np.array_equal(other.options, designs.options)
    for column, options in zip(designs.options.T, CHOICES.values(), strict=True):
        assert {*column.tolist()} <= {*range(len(options))}
        assert len({*column.tolist()}) >= min(3, len(options))
    monkeypatch.setattr(data, "drawn_choices", lambda *_: {})
    none = make_designs(CAR, 40, seed=3, workers=1, progress=quiet)
    assert not none.options.any()
    np.testing.assert_array_equal(none.values, designs.values)
    np.testing.assert_array_equal(none.numbers, designs.numbers)
    np.testing.assert_array_equal(none.body, designs.body)


def test_the_drawer_is_told_concept_and_options(designs: Designs) -> None:
    assert designs.drawn.shape == (40, len(NAMES) + COUNT)
    np.testing.assert_array_equal(designs.drawn[:, : len(NAMES)], designs.concepts)
    np.testing.assert_array_equal(designs.drawn[:, len(NAMES) :], option_columns(CAR, designs.options))
    silent = replace(designs, options=np.zeros((0, 0), dtype=np.int64))
    np.testing.assert_array_equal(
        silent.drawn[:, len(NAMES) :], np.repeat(option_columns(CAR, places_of(CAR, [{}])), 40, axis=0)
    )


def test_the_training_file_says_what_its_options_mean(designs: Designs, tmp_path: Path) -> None:
    path = tmp_path / "designs.npz"
    write_designs(designs, path)
    np.testing.assert_array_equal(read_designs(path, CAR).options, designs.options)
    columns = data.read_npz(path)
    names = columns.pop("option_names")
    data.replace_npz(path, **columns)  # as files were before the names were written down
    np.testing.assert_array_equal(read_designs(path, CAR).options, designs.options)
    beyond = designs.options.copy()
    beyond[0, RIM] = len(CHOICES["rim"])
    for odd in (
        {"option_names": names[::-1]},
        {"options": beyond},
        {"options": designs.options[:, 1:]},
    ):
        data.replace_npz(path, **{**columns, **odd})
        with pytest.raises(InputError, match="with other options than family 'car' has now"):
            read_designs(path, CAR)


@pytest.fixture(scope="module")
def drawn(designs: Designs, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Designs]:
    """Drawings of one body: twice with the same options, then with another rim."""
    rows = np.zeros(3, dtype=np.int64)
    options = designs.options[rows]
    options[2, RIM] = (options[2, RIM] + 1) % len(CHOICES["rim"])
    thrice = replace(
        designs,
        values=designs.values[rows],
        body=designs.body[rows],
        numbers=designs.numbers[rows],
        options=options,
    )
    work = tmp_path_factory.mktemp("drawn")
    make_drawings(CAR, thrice, work, count=3, fine=0, workers=1, progress=quiet)
    return work, thrice


def test_shards_show_the_options(drawn: tuple[Path, Designs]) -> None:
    found = read_drawings(drawn[0] / "drawings")
    shown: list[dict[tuple[int, int], np.ndarray]] = [{}, {}, {}]
    for design, view, style, picture in zip(
        found.design, found.view, found.style, found.pictures, strict=True
    ):
        shown[design][int(view), int(style)] = picture
    alike, differ = ({*shown[0]} & {*shown[k]} for k in (1, 2))
    assert {view for view, _ in alike} == {view for view, _ in differ} == {0, 1}
    for look in alike:
        np.testing.assert_array_equal(shown[0][look], shown[1][look])
    for look in differ:
        changed_pixels = np.abs(shown[0][look].astype(int) - shown[2][look]).max(axis=0) > 20
        assert changed_pixels.any()
        rows = np.flatnonzero(changed_pixels.any(axis=1))
        assert rows.min() > 0.4 * BASE[1]  # where wheels are, and nowhere above


def test_drawings_of_other_options_are_another_plan(drawn: tuple[Path, Designs]) -> None:
    work, thrice = drawn
    path = work / "drawings" / PLAN
    told = json.loads(path.read_text())
    assert told["options"] == list(option_names(CAR))
    before = {key: value for key, value in told.items() if key != "options"}
    for plan, fits in ((before, True), (told | {"options": told["options"][::-1]}, False)):
        path.write_text(json.dumps(plan))
        if fits:
            make_drawings(CAR, thrice, work, count=3, fine=0, workers=1, progress=quiet)
        else:
            with pytest.raises(InputError, match="another plan"):
                make_drawings(CAR, thrice, work, count=3, fine=0, workers=1, progress=quiet)
    path.write_text(json.dumps(told))


def test_the_drawer_in_training_writes_down_its_options(drawn: tuple[Path, Designs]) -> None:
    work, thrice = drawn
    pictures = read_drawings(work / "drawings")
    guides = np.zeros((3, 2, 3, 384, 96), dtype=np.uint8)
    shape = {"width": 32, "layers": 1, "heads": 2, "hidden": 32, "bottleneck": 16}
    drawer: Any = DrawerTask(CAR, thrice, pictures, guides, **shape).networks["drawer"]
    assert tuple(drawer.config.option_names) == option_names(CAR)
    assert tuple(drawer.config.options) == option_counts(CAR)
    check_drawer(drawer, CAR)


def test_the_card_lists_the_options() -> None:
    facts: dict[str, Any] = {
        "family": "car",
        "declaration_hash": "0" * 64,
        "designs": 1,
        "designs_seed": 0,
        "bodies": [],
        "numbers": [],
        "trained": {},
        "half_precision_error": {"drawer": 0.0},
    }
    assert "options drawn" not in card_text(facts)
    told = card_text(facts | {"options": list(option_names(CAR))})
    assert "roof: body_colour, black, glass; trim: black, bright, body_colour" in told
