"""Concept sheets: what a brief says to the drawing, how concepts are judged and ordered, sheets and files."""

from __future__ import annotations

import dataclasses
import io
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from sketched import draw_exactly, tiny_model

from maquette.constraints.requirements.assess import assess
from maquette.constraints.requirements.brief import Brief, ParsedBrief
from maquette.constraints.requirements.product import brief_from_text
from maquette.constraints.requirements.requirement import Requirement, Verdict
from maquette.design.concepts.artist.draw import draw
from maquette.design.concepts.artist.palettes import compose
from maquette.design.errors import InputError, ModelError
from maquette.design.family.records import Design, read_design
from maquette.design.family.registry import get_family
from maquette.surrogate.models.surrogate import load_surrogate
from maquette.ui.jobs.watch import watcher
from maquette.ui.results_concepts import Concept, Likeness, SketchResult
from maquette.ui.sheets.bodies import best_of
from maquette.ui.sheets.follow import followed_in
from maquette.ui.sheets.page import sheet_html
from maquette.ui.sheets.sheet import MARGIN, NARROW, WIDE, mark_of, marks_of, sheet_png
from maquette.ui.sheets.sketching import AT_ONCE, Wish, check_wish, looks_of
from maquette.ui.sheets.stage import FLOOR, StageRequest, begin, most_faithful, search_options
from maquette.ui.sheets.words import spoken, steering
from maquette.ui.verbs import body, restyle, sketch
from maquette.ui.verbs.concepts import read_locks
from maquette.ui.workbench import open_workbench

Pixels = NDArray[np.uint8]
CAR = get_family("car")
SUV = {**CAR.defaults(), **CAR.archetypes["suv"]}
BRIEF = (
    "A calm, low fastback under 4.7 m with a wheelbase of at least 2.8 m, drag coefficient at most 0.30, "
    "head room for tall passengers, gizmo"
)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_model(tmp_path_factory.mktemp("model") / "tiny")


def drawn_suv(style: str = "ink") -> Image.Image:
    """A true drawing of a known body."""
    drawing = draw(CAR.mesh(SUV), CAR.frame, "side", style, 3)
    return Image.fromarray(compose(drawing.ink, drawing.paint, "crimson"))


# -- what a brief says to the drawing --------------------------------------------------------------------


def test_numbers_are_asked_inside_their_limits_and_words_go_to_both_readers() -> None:
    surrogate = load_surrogate("car")
    said = spoken(brief_from_text(BRIEF), CAR, CAR.steered_by, surrogate)
    assert said.numbers["overall_length"] == (None, pytest.approx(4653.0))
    assert said.numbers["wheelbase"] == (pytest.approx(2828.0), None)
    low, high = said.numbers["drag_coefficient"]
    sigma = surrogate.predict_design(CAR.defaults())["drag_coefficient"].sigma
    assert low is None
    assert high == pytest.approx(0.30 - 1.2816 * sigma, abs=1e-4)
    assert {"body:fastback", "height:low"} <= set(said.words.tokens)
    assert "height:high" not in said.words.tokens, "'tall passengers' is no tall car"
    assert said.unknown == ("gizmo",)
    phrases = [h.phrase for h in said.understood]
    assert "under 4.7 m" in phrases
    assert len(phrases) == len(set(phrases))
    assert steering(said.numbers)["wheelbase"] == {"at_least": pytest.approx(2828.0)}


def test_locks_are_no_limits_and_narrow_limits_become_a_value() -> None:
    brief = brief_from_text("wheelbase fixed at 2850 mm, ground clearance between 150 and 151 mm")
    said = spoken(brief, CAR, CAR.steered_by, None, {"overall_width": 1850.0})
    assert said.locks == {"wheelbase": 2850.0, "overall_width": 1850.0}
    assert set(said.numbers) == {"ground_clearance"}
    assert said.numbers["ground_clearance"] == (150.5, 150.5)


def test_kinds_of_which_one_is_allowed_are_locks_of_the_drawing() -> None:
    """A sheet of cantilever armchairs once had no arms, since only measures steered it."""
    chair = get_family("chair")
    said = spoken(brief_from_text("a cantilever armchair of steel tube, at most 6 kg", "chair"), chair, ())
    assert said.locks == {"arms": 1.0, "frame_material": 3.0}
    assert said.unsteered == ("mass",)


def test_quantities_that_no_drawing_is_steered_by_are_named() -> None:
    said = spoken(brief_from_text("approach angle at least 20 deg"), CAR, CAR.steered_by)
    assert said.unsteered == ("approach_angle",)
    assert not said.numbers


def test_what_means_nothing_is_unknown_to_the_sketch_and_the_brief_alike() -> None:
    for text in ("rugged suv, gizmo", "低矮的溜背轿车 gizmo"):
        parsed = brief_from_text(text)
        said = spoken(parsed, CAR, CAR.steered_by)
        assert said.unknown == parsed.unknown_words == ("gizmo",)
        assert said.words.tokens


def test_a_record_with_a_prompt_is_read_for_the_sketch() -> None:
    said = spoken(ParsedBrief(Brief("car", "a low fastback under 4.7 m, gizmo")), CAR, CAR.steered_by)
    assert said.words.tokens == ("body:fastback", "height:low")
    assert said.unknown == ("gizmo",)


def test_looks_come_from_the_wish_then_the_words_then_in_turn() -> None:
    plain = spoken(brief_from_text("a low fastback"), CAR, CAR.steered_by)
    assert looks_of(Wish(4), plain, 4, CAR) == ("side", ["ink", "marker", "soft", "ink"], "graphite")
    marker = spoken(
        brief_from_text("marker sketch of a red fastback, three-quarter view"), CAR, CAR.steered_by
    )
    view, styles, palette = looks_of(Wish(2), marker, 2, CAR)
    assert (view, styles, palette) == ("three_quarter", ["marker", "marker"], "crimson")
    assert looks_of(Wish(2, "side", "mixed", "ocean"), marker, 2, CAR) == ("side", ["ink", "marker"], "ocean")


@pytest.mark.parametrize(
    ("wish", "part"),
    [
        (Wish(0), "n is 0"),
        (Wish(1, view="top"), "side, three_quarter"),
        (Wish(1, style="oil"), "mixed"),
        (Wish(1, palette="beige"), "graphite"),
        (Wish(1, strength=2.0), "strength is 2; allowed 0 to 1"),
        (Wish(1, words=float("nan")), "guidance is nan"),
    ],
)
def test_wishes_are_refused_in_one_line(wish: Wish, part: str) -> None:
    with pytest.raises(InputError) as error:
        check_wish(wish, CAR)
    assert part in str(error.value)
    assert "\n" not in str(error.value)


def test_locks_by_name_by_unit_and_from_the_start() -> None:
    found = read_locks(["wheelbase=2.85 m", "overall_width"], CAR, SUV)
    assert found == {"wheelbase": 2850.0, "overall_width": SUV["overall_width"]}
    assert read_locks(["overall_length"], CAR, SUV)["overall_length"] == pytest.approx(
        SUV["front_overhang"] + SUV["wheelbase"] + SUV["rear_overhang"]
    )
    assert read_locks({"wheelbase": 2700.0}, CAR, None) == {"wheelbase": 2700.0}
    for wrong in (["wheelbase"], ["wheelbase=long"], ["wheelbse=2850"]):
        with pytest.raises(InputError, match="wheelb"):
            read_locks(wrong, CAR, None)


# -- judging and showing ---------------------------------------------------------------------------------


def concept(number: int, score: float = 0.97, text: str = BRIEF, **changes: Any) -> Concept:
    """A judged concept of the family's middle, without files."""
    brief = brief_from_text(text).brief
    values = CAR.defaults() | changes.pop("values", {})
    surrogate = load_surrogate("car")
    found = assess(CAR, values, brief, surrogate)
    return Concept(
        number,
        Path(f"concept_{number}.png"),
        "side",
        "ink",
        "graphite",
        brief.prompt,
        Design("car", values),
        None,
        Likeness(score, 1.0, score),
        surrogate.predict_design(values),
        found.verdicts,
        found.broken,
        found.feasible,
        **changes,
    )


def test_the_best_concept_meets_requirements_then_agrees_then_has_low_drag() -> None:
    poor = concept(1, values={"wheelbase": 2500.0})
    better = concept(2, values={"wheelbase": 2900.0})
    vague = concept(3, 0.5, values={"wheelbase": 2900.0})
    assert best_of([poor, better, vague]) is better
    assert best_of([vague, better]) is better
    broken = dataclasses.replace(better, broken=({"rule": "r"},))
    assert best_of([broken, poor]) is poor
    nothing = dataclasses.replace(poor, design=None, fault="blank")
    assert best_of([nothing]) is None


def test_the_sheet_shows_every_drawing_at_full_size() -> None:
    picture = drawn_suv()
    assert picture.size == CAR.frame.picture
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    hopeless = dataclasses.replace(
        concept(3), design=None, agreement=None, predictions={}, verdicts=(), fault="blank"
    )
    concepts = [concept(1), dataclasses.replace(concept(2, 0.5), not_representable=("a wing",)), hopeless]
    notes = [("plain", "asked: " + "x " * 400), ("bad", "not understood: gizmo")]
    png = sheet_png(concepts, [buffer.getvalue()] * 3, "低矮 <b>" + BRIEF, notes)
    with Image.open(io.BytesIO(png)) as sheet:
        pixels, width = np.asarray(sheet), sheet.width
    assert width == 2 * WIDE + 3 * 28
    assert holds(pixels, np.asarray(picture.convert("RGB"))[200:300, 200:600])
    page = sheet_html(concepts, [buffer.getvalue()] * 3, "低矮 <b>", notes)
    assert "低矮 &lt;b&gt;" in page
    assert page.count("data:image/png") == 3
    assert "not in the body: a wing" in page
    assert "no body: blank" in page
    assert concepts[0].verdicts[0].reason[:30] in page
    assert "http" not in page.replace("http-equiv", "")


def holds(pixels: Pixels, part: Pixels) -> bool:
    """Whether a picture shows another one somewhere, pixel by pixel."""
    first = part[0].tobytes()
    for y in range(len(pixels) - len(part)):
        at = pixels[y].tobytes().find(first)
        if at >= 0 and at % 3 == 0:
            x = at // 3
            return np.array_equal(pixels[y : y + len(part), x : x + part.shape[1]], part)
    return False


def test_pictures_higher_than_wide_stand_in_narrow_cells_without_the_paper_that_none_of_them_uses() -> None:
    pictures = []
    for left, top in ((100, 300), (140, 260)):  # two bodies of 200 x 330 pixels, on one scale
        sketch = Image.new("RGB", (480, 672), (250, 249, 246))
        sketch.paste(Image.effect_noise((200, 330), 90).convert("RGB"), (left, top))
        buffer = io.BytesIO()
        sketch.save(buffer, "PNG")
        pictures.append((sketch, buffer.getvalue()))
    pair = [concept(1), concept(2)]
    with Image.open(io.BytesIO(sheet_png(pair, [data for _, data in pictures], "chairs", []))) as sheet:
        pixels, size = np.asarray(sheet.convert("RGB")), sheet.size
    assert size[0] == 2 * NARROW + 3 * 28
    assert all(holds(pixels, np.asarray(sketch)[310:580, 150:290]) for sketch, _ in pictures)
    # the bodies reach from row 260 to row 630 of their pictures
    paper = (pixels[:, 28 + 5] == (250, 249, 246)).all(axis=1)
    assert paper.sum() == MARGIN + (630 - 260) + MARGIN


def test_marks_say_what_a_prediction_is_worth() -> None:
    marks = {v.quantity: mark_of(v) for v in concept(1).verdicts}
    assert marks["wheelbase"] == f"wheelbase {CAR.defaults()['wheelbase']:.0f} mm"
    assert "sure" in marks["drag_coefficient"]


def test_a_prediction_on_the_right_side_that_is_not_sure_enough_is_likely_and_no_cross() -> None:
    asked = Requirement("drag_coefficient", "1", at_most=0.25, confidence=0.9)
    for value, kind, said in ((0.242, "warn", "likely, 81%"), (0.258, "bad", "31% sure")):
        chance = 0.81 if value < 0.25 else 0.31
        verdict = Verdict(
            asked, asked.quantity, "1", value, 0.25, 0.1, False, True, "", "surrogate", chance, in_domain=True
        )
        ((found, text),) = marks_of(dataclasses.replace(concept(1), verdicts=(verdict,)))
        assert (found, text) == (kind, f"drag coefficient {value:.3f}, {said}")


def test_marks_of_kinds_have_names() -> None:
    """Sheets said "frame material 1.000"."""
    chair, brief = get_family("chair"), brief_from_text("a timber chair without arm rests", "chair").brief
    marks = [mark_of(v) for v in assess(chair, chair.defaults(), brief).verdicts]
    assert "frame material steel" in marks


@pytest.mark.parametrize(
    ("value", "said"), [(4.3, "mass 4.30 kg"), (12.34, "mass 12.3 kg"), (1500.4, "mass 1500 kg")]
)
def test_marks_of_small_amounts_keep_what_decides(value: float, said: str) -> None:
    """A chair of 4.3 kg that missed 4 kg used to be marked "mass 4 kg"."""
    asked = Requirement("mass", "kg", at_most=4.0)
    verdict = SimpleNamespace(
        requirement=asked, quantity="mass", value=value, unit="kg", hard=True, probability=None, likely=False
    )
    assert mark_of(verdict) == said


# -- the verbs on a model of random weights ---------------------------------------------------------------


@pytest.fixture(scope="module")
def sheet(model: Path, tmp_path_factory: pytest.TempPathFactory) -> SketchResult:
    out = tmp_path_factory.mktemp("sheet")
    (out / "concept_9.png").write_bytes(b"an earlier sheet's")
    return sketch(BRIEF, out, n=3, model=model, steps=2, locks=["overall_width=1850 mm"], seed=4)


def test_a_sheet_of_nonsense_is_honest_about_it(sheet: SketchResult) -> None:
    assert [c.number for c in sheet.concepts] == [1, 2, 3]
    assert [c.style for c in sheet.concepts] == ["ink", "marker", "soft"]
    assert sheet.unknown_words == ("gizmo",)
    assert not (sheet.out / "concept_9.png").exists()
    for c in sheet.concepts:
        with Image.open(c.image) as picture:
            assert picture.size == CAR.frame.picture
        if c.design is None:  # noise may hold no body at all
            assert c.fault
            continue
        assert c.file is not None
        assert c.design == read_design(c.file)
        assert c.design.parameters["overall_width"] == 1850.0
        assert c.agreement is not None
        assert c.agreement.score < 0.9, "noise cannot agree with a car"
        assert {v.quantity for v in c.verdicts} >= {"drag_coefficient", "overall_length", "wheelbase"}
        assert c.predictions["drag_coefficient"].evidence
    assert sheet.exit_code == (0 if all(c.design for c in sheet.concepts) else 1)
    assert sheet.sheet.is_file()
    assert sheet.page.is_file()
    assert sum(v for k, v in sheet.seconds.items() if k != "total") <= sheet.seconds["total"] + 0.01


def test_bodies_of_true_drawings_agree_and_keep_locks(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw_exactly(monkeypatch)
    words = "ground clearance at least 150 mm, wheelbase fixed at 2700 mm, marker, three-quarter view"
    found = sketch(words, tmp_path, n=2, model=model, palette="ocean")
    assert found.exit_code == 0
    assert found.locks == {"wheelbase": 2700.0}
    for c in found.concepts:
        assert (c.view, c.style, c.palette) == ("three_quarter", "marker", "ocean")
        assert c.agreement is not None
        assert c.agreement.iou > 0.95
        assert c.design is not None
        assert c.design.parameters["wheelbase"] == 2700.0
        locks = [v for v in c.verdicts if v.quantity == "wheelbase"]
        assert all(v.passed for v in locks)
        assert not c.broken
    side = sketch("ground clearance at least 150 mm", tmp_path / "b", n=2, model=model)
    agreements = [c.agreement.iou for c in side.concepts if c.agreement]
    assert min(agreements) > 0.96


def test_sketches_are_seen_as_they_are_drawn_and_once_more_with_their_bodies(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw_exactly(monkeypatch)
    look = watcher("sketch", tmp_path, "car")
    told: list[tuple[str, int, bool]] = []

    def follow(stage: str, share: float) -> None:
        told.extend((stage, e["number"], e["design"] is not None) for e in look(False))

    sketch("a fastback", tmp_path, n=AT_ONCE + 1, model=model, steps=2, progress=follow)
    numbers = list(range(1, AT_ONCE + 2))
    assert told[:AT_ONCE] == [("sketches", k, False) for k in numbers[:-1]]  # the last one is not drawn yet
    assert [k for _, k, known in told if not known] == numbers
    assert [(stage, k) for stage, k, known in told if known] == [("bodies", k) for k in numbers]
    assert look(True) == []


def test_the_same_seed_gives_the_same_sketches_whatever_their_number(
    sheet: SketchResult, model: Path, tmp_path: Path
) -> None:
    """But for the last bit of a sum, which some processors add up in another order for another number."""
    again = sketch(BRIEF, tmp_path, n=1, model=model, steps=2, locks=["overall_width=1850 mm"], seed=4)
    one, first = (
        np.asarray(Image.open(found.concepts[0].image).convert("RGB"), dtype=np.int16)
        for found in (again, sheet)
    )
    assert np.abs(one - first).max() <= 2, np.abs(one - first).max()
    other = sketch(BRIEF, tmp_path, n=1, model=model, steps=2, locks=["overall_width=1850 mm"], seed=5)
    assert other.concepts[0].image.read_bytes() != sheet.concepts[0].image.read_bytes()


def test_variants_of_a_start_for_other_markets(model: Path, tmp_path: Path) -> None:
    start = Design("car", SUV)
    found = sketch(
        "rugged suv, ground clearance at least 180 mm",
        tmp_path,
        n=1,
        model=model,
        steps=1,
        start=start,
        strength=0.0,
        variants=["suv, overall length at most 4.4 m"],
    )
    assert [c.variant for c in found.concepts] == [0, 1]
    asked = [{v.quantity for v in c.verdicts} for c in found.concepts if c.design is not None]
    if len(asked) == 2:
        assert "ground_clearance" in asked[0]
        assert asked[1] == {"overall_length"}


def test_restyling_takes_hand_and_colours_from_the_sketch(
    sheet: SketchResult, model: Path, tmp_path: Path
) -> None:
    marker = sheet.concepts[1]
    found = restyle(marker.image, Design("car", SUV), tmp_path, model=model)
    assert (found.view, found.style, found.palette) == ("side", "marker", "graphite")
    assert found.image.is_file()
    assert 0.0 <= found.agreement.score <= 1.0
    foreign = tmp_path / "foreign.png"
    drawn_suv().save(foreign)
    fresh = restyle(foreign, Design("car", SUV), tmp_path / "b", model=model, style="soft", palette="ocean")
    assert (fresh.style, fresh.palette) == ("soft", "ocean")


def test_a_sketch_is_found_on_its_sheet_with_what_was_read_from_it(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw_exactly(monkeypatch)
    sheet = sketch("a fastback", tmp_path, n=2, model=model, steps=2, seed=7)
    chosen = sheet.concepts[1]
    found = followed_in(chosen.image)
    assert (found.number, found.of, found.seed) == (2, 2, 7)
    assert found.body == chosen.design
    assert found.agreement == chosen.agreement
    assert (found.view, found.style) == (chosen.view, chosen.style)
    assert found.sheet == sheet.sheet
    stray = tmp_path / "concept_7.png"
    stray.write_bytes(chosen.image.read_bytes())
    with pytest.raises(InputError, match="no sketch of that name"):
        followed_in(stray)
    lonely = tmp_path / "elsewhere" / "concept_2.png"
    lonely.parent.mkdir()
    lonely.write_bytes(chosen.image.read_bytes())
    with pytest.raises(InputError, match="no such file"):
        followed_in(lonely)


def test_the_body_of_a_true_drawing(tmp_path: Path) -> None:
    """Cropped, mirrored, with its length given: the fit alone finds it, from the family's named bodies."""
    picture = tmp_path / "mine.png"
    drawn_suv().transpose(Image.Transpose.FLIP_LEFT_RIGHT).crop((40, 40, 760, 360)).save(picture)
    length = SUV["front_overhang"] + SUV["wheelbase"] + SUV["rear_overhang"]
    found = body(picture, "car", tmp_path / "out", length=length)
    assert found.exit_code == 0
    assert found.mirrored
    assert found.agreement.iou > 0.97
    assert found.mm_per_px == pytest.approx(7.5, rel=0.02)
    assert found.design.parameters["wheelbase"] == pytest.approx(SUV["wheelbase"], abs=30.0)
    assert found.design == read_design(found.file)
    assert "read from mine.png" in found.design.provenance.values()
    with Image.open(found.comparison) as compared:
        pixels = np.asarray(compared.convert("RGB")).astype(int)
    orange = (np.abs(pixels - np.array([226, 88, 34])).max(axis=2) < 12).sum()
    assert 500 < orange < 20_000


def test_pictures_and_scales_that_cannot_be_used(tmp_path: Path) -> None:
    picture = tmp_path / "mine.png"
    drawn_suv().save(picture)
    text = tmp_path / "text.png"
    text.write_text("no picture")
    for wrong, part in (
        ({"image": tmp_path / "none.png"}, "none.png"),
        ({"image": text}, "text.png"),
        ({"image": picture, "mm_per_px": 0.0}, "mm-per-px"),
        ({"image": picture, "length": 5.0}, "length"),
        ({"image": picture, "length": 4500.0, "view": "three_quarter"}, "three-quarter"),
        ({"image": picture, "view": "top"}, "top"),
    ):
        with pytest.raises(InputError) as error:
            body(**({"out": tmp_path / "out"} | wrong))  # type: ignore[arg-type]
        assert part in str(error.value)
        assert "\n" not in str(error.value)


# -- the first stage of design ----------------------------------------------------------------------------


def quiet(_: str, __: float) -> None:
    pass


def test_the_stage_gives_the_search_its_start_and_its_faith(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw_exactly(monkeypatch)
    parsed = brief_from_text("low fastback, overall length at most 4.7 m")
    stage = begin(
        open_workbench("car").assignment(parsed), tmp_path / "c", StageRequest(3, model=model), quiet
    )
    assert not isinstance(stage, str)
    assert stage.chosen is not None
    assert stage.note == ""
    assert stage.result.concepts[stage.chosen.number - 1].chosen
    aim, owed = search_options(parsed.brief, stage)
    assert stage.chosen.design is not None
    assert aim.start == stage.chosen.design.parameters
    assert set(aim.start_sources.values()) == {f"concept {stage.chosen.number}"}
    assert owed["faith"].floor == FLOOR
    assert aim.requirements == parsed.brief.requirements
    wished = search_options(parsed.brief, dataclasses.replace(stage, faith="objective"))[1]["faith"]
    assert wished.floor is None
    assert search_options(parsed.brief, dataclasses.replace(stage, faith="off"))[1] == {}
    assert search_options(parsed.brief, None) == (parsed.brief, {})


def test_choices_that_no_sheet_has(tmp_path: Path) -> None:
    for arguments in ((4, 5, "floor"), (4, 0, "floor"), (-1, None, "floor"), (4, 1, "blind"), (0, 1, "off")):
        with pytest.raises(InputError):
            StageRequest(*arguments)
    parsed = brief_from_text("overall length at most 1100 mm", "ahmed")
    task = open_workbench("ahmed").assignment(parsed)
    left_out = begin(task, tmp_path, StageRequest(), quiet)
    assert left_out == "Sketches were left out: no concept model for family ahmed is installed."
    with pytest.raises(ModelError, match="--concept 2"):
        begin(task, tmp_path, StageRequest(pick=2), quiet)
    assert most_faithful([], None) == []


def test_paint_by_name_goes_on_painted_parts_only() -> None:
    from maquette.design.concepts.artist.palettes import PALETTES
    from maquette.ui.paint import painted

    parts = CAR.mesh(SUV)
    assert painted(parts, "") == parts
    red = {p.name: p.colour for p in painted(parts, "crimson")}
    before = {p.name: p.colour for p in parts}
    assert red["body"][:3] == PALETTES["crimson"].body
    assert red["windscreen"] == before["windscreen"]
    with pytest.raises(InputError, match="beige"):
        painted(parts, "beige")
