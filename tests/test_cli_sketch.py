"""The commands `sketch` and `body`, and the concept stage of `design`, as users run them."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from running import maquette
from sketched import draw_exactly, tiny_model

from maquette.constraints.requirements.product import brief_from_text
from maquette.design.concepts.artist.draw import draw
from maquette.design.concepts.artist.palettes import compose
from maquette.design.family.registry import get_family
from maquette.ui.results_concepts import Concept
from maquette.ui.verbs import design
from maquette.ui.verbs import verify as check

CAR = get_family("car")
BRIEF = "A low fastback under 4.7 m, drag coefficient at most 0.33, gizmo"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_model(tmp_path_factory.mktemp("model") / "tiny")


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    drawing = draw(CAR.mesh(CAR.defaults()), CAR.frame, "side", "ink", 1)
    path = tmp_path / "drawing.png"
    Image.fromarray(compose(drawing.ink, drawing.paint)).save(path)
    return path


def test_a_sheet_from_the_command_line(model: Path, tmp_path: Path) -> None:
    out = tmp_path / "sheet"
    ran = maquette("sketch", BRIEF, "-n", 2, "--model", model, "--out", out, "--seed", 3, "--json")
    answer = ran.json
    assert ran.code == (0 if all(c["design"] for c in answer["concepts"]) else 1), ran.err
    for key in ("concepts", "unknown_words", "sheet", "seconds"):
        assert key in answer
    assert answer["unknown_words"] == ["gizmo"]
    assert answer["steering"]["overall_length"]["at_most"] < 4700.0
    for concept in answer["concepts"]:
        assert set(concept) >= {"image", "design", "agreement", "predictions", "verdicts", "unknown_words"}
        assert Path(concept["image"]).is_file()
    assert {"total", "sketches", "bodies"} <= set(answer["seconds"])
    assert Path(answer["sheet"]).is_file()
    assert (out / "sketch.json").is_file()

    told = maquette("sketch", BRIEF, "-n", 1, "--model", model, "--out", tmp_path / "one", "--style", "soft")
    assert "not understood: gizmo" in told.out
    assert "soft shading" in told.out


def test_bodies_from_the_command_line(picture: Path, tmp_path: Path) -> None:
    scale = ("--mm-per-px", 7.5, "--view", "side")
    ran = maquette("body", picture, "--out", tmp_path / "b", *scale, "--json")
    assert ran.code == 0, ran.err
    answer = ran.json
    assert set(answer) >= {"design", "agreement", "not_representable", "comparison", "rendered"}
    assert answer["agreement"]["iou"] > 0.97
    assert answer["design"]["family"] == "car"
    assert Path(answer["comparison"]).is_file()
    assert Path(answer["rendered"]).is_file()


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("sketch", "a car", "-n", "0", "--out", "OUT"), "n is 0"),
        (("sketch", "a car", "-n", "many", "--out", "OUT"), "'many' is not a whole number"),
        (("sketch", "a car", "--palette", "beige", "--out", "OUT"), "graphite"),
        (("sketch", "--out", "OUT"), "BRIEF is missing"),
        (("sketch", "--restyle", "x.png", "--out", "OUT"), "belong together"),
        (("sketch", "a car", "--model", "nobody/nothing", "--out", "OUT"), "nobody/nothing"),
        (("sketch", "a car", "--start", "none.json", "--out", "OUT"), "none.json"),
        (("body", "none.png", "--out", "OUT"), "none.png"),
        (("body", "none.png", "--length", "4000", "--mm-per-px", "7", "--out", "OUT"), "not allowed with"),
        (("design", "a car", "--concept", "9", "--out", "OUT"), "the sheet has 4 sketches"),
        (("design", "a car", "--faith", "blind", "--out", "OUT"), "blind"),
    ],
)
def test_mistakes_are_answered_in_one_line(words: tuple[str, ...], part: str, tmp_path: Path) -> None:
    ran = maquette(*(str(tmp_path / "out") if w == "OUT" else w for w in words))
    assert ran.code in (2, 3)
    assert part in ran.complaint


@pytest.mark.slow
@pytest.mark.kernel
def test_design_begins_at_a_sketch_and_keeps_faith(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw_exactly(monkeypatch)
    out = tmp_path / "release"
    words = "overall length at most 4.8 m, ground clearance at least 130 mm, gizmo"
    found = design(brief_from_text(words), out, seed=2, trials=24, concepts=2, concept=2, concept_model=model)
    assert found.verified, found.failed_checks
    assert [c.chosen for c in found.concepts] == [False, True]
    chosen: Concept = found.concepts[1]
    assert chosen.design is not None
    assert "concept 2" in found.design.provenance.values()
    assert set(found.agreements) == {"sketch_and_its_body", "sketch_and_result", "restyled_and_result"}
    assert found.agreements["sketch_and_its_body"].iou > 0.96
    assert found.agreements["restyled_and_result"].iou > 0.96
    if "silhouette" not in found.explanation:
        assert found.agreements["sketch_and_result"].iou > 0.91
    assert [h.phrase for h in found.not_understood] == ["gizmo"]
    names = {p.name for p in out.iterdir()}
    assert {"concept.png", "concept_restyled.png", "concept_sheet.png"} <= names
    assert (out / "concept.png").read_bytes() == chosen.image.read_bytes()
    report = (out / "report.html").read_text()
    assert "<h2>Concept</h2>" in report
    assert "Sketch 2 of 2" in report
    assert check(out).ok
    (out / "concept_restyled.png").write_bytes((out / "concept.png").read_bytes())
    assert not check(out).ok


@pytest.mark.slow
@pytest.mark.kernel
def test_without_a_concept_model_design_works_and_says_so(tmp_path: Path) -> None:
    brief = tmp_path / "brief.toml"
    brief.write_text('family = "ahmed"\n[[require]]\nquantity = "overall_length"\nat_most = "1.1 m"\n')
    ran = maquette("design", brief, "--trials", 4, "--out", tmp_path / "o", "--json")
    assert ran.code == 0, ran.err
    assert ran.json["concepts"] == []
    assert "Sketches were left out" in ran.json["explanation"]
    silent = maquette("design", brief, "--trials", 4, "--concepts", 0, "--out", tmp_path / "p", "--json")
    assert "ketches" not in silent.json["explanation"]
