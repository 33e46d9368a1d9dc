"""Manifest and verification in seconds: a release whose STEP file is stood in for, and its forgeries.

The kernel's part is told instead of read (:class:`Reading`), pictures and drawing are next to nothing, and
the surrogate is a table: these tests look at claims and nothing else. `test_verify.py` has the real thing.
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from maquette.constraints.requirements.assess import assess
from maquette.constraints.requirements.product import brief_from_text
from maquette.design.clock import Clock
from maquette.design.errors import VerificationError
from maquette.design.exchange.exact import ExactBody, box_of_parts, settled
from maquette.design.exchange.step import PartFacts
from maquette.design.family.records import Design
from maquette.design.family.registry import get_family
from maquette.design.geometry.mesh import Mesh
from maquette.surrogate.trust.prediction import Evidence, Prediction
from maquette.ui.cli.main import main
from maquette.ui.progress import silent
from maquette.ui.release.finish import released
from maquette.ui.release.manifest import Content, check_form, seal
from maquette.ui.release.verify import Verification, verify
from maquette.ui.release.verify_shapes import Reading
from maquette.ui.release.write import write_release

Data = dict[str, Any]
AHMED = get_family("ahmed")
STEP = b"ISO-10303-21; /* stands for a file */ END-ISO-10303-21;"
EXACT = ("frontal_area", "hull_volume", "wetted_area")
BRIEF = "overall length at most 1100 mm, ground clearance at least 40 mm, drag coefficient at most 0.30"


class Oracle:
    """A surrogate that says one thing of everything."""

    def __init__(self, value: float = 0.28, model: str = "oracle 1") -> None:
        near = (Evidence("run-7", "medium", 0.1, 0.281), Evidence("run-9", "medium", 0.2, 0.279))
        self.said = Prediction(
            "drag_coefficient",
            value,
            "1",
            value - 0.0082,
            value + 0.0082,
            0.005,
            0.9,
            True,
            0.4,
            "",
            near,
            model,
        )

    def predict_design(
        self, values: Mapping[str, float], measures: Mapping[str, float] | None = None
    ) -> dict[str, Prediction]:
        return {"drag_coefficient": self.said}


def facts(hull: Mesh) -> PartFacts:
    low, high = (tuple(corner) for corner in hull.bounds.tolist())
    middle = tuple(hull.centroid.tolist())
    colour = (0.78, 0.80, 0.83, 1.0)
    return PartFacts(
        "body", hull.volume, hull.area, low, high, middle, 1, True, colour, "model board", 650.0, hull.volume,
        hull.area,
    )  # fmt: skip


def content(clearance: float = 50.0, oracle: Oracle | None = None) -> Content:
    values = AHMED.validate({**AHMED.defaults(), "clearance": clearance})
    parts = (facts(AHMED.hull(values)),)
    box = box_of_parts(AHMED, parts)
    measures, stated = AHMED.measures(values), settled(AHMED, values, box)
    body = ExactBody(measures, EXACT, (), True, STEP, {}, parts, box, stated)
    heard = brief_from_text(BRIEF, "ahmed")
    exact = {**{name: measures[name] for name in EXACT}, **stated}
    found = assess(AHMED, values, heard.brief, oracle or Oracle(), exact)  # type: ignore[arg-type]
    return Content(
        Design("ahmed", values, {"clearance": "brief"}), body, heard.brief.to_json(), found.verdicts,
        found.predictions, found.feasible, {"search": 7}, heard.understood, heard.not_understood,
    )  # fmt: skip


def pixel(*_: object, **__: object) -> dict[str, bytes]:
    data = io.BytesIO()
    Image.new("RGB", (1, 1)).save(data, "PNG")
    return dict.fromkeys(AHMED.pictures, data.getvalue())


@pytest.fixture(scope="module", autouse=True)
def stood_in() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("maquette.design.rendering.views.render_views", pixel)
        patch.setattr("maquette.design.rendering.drawing.drawing_svg", lambda *said: f"<svg>{said[2:]}</svg>")
        patch.setattr("maquette.design.rendering.drawing.drawing_dxf", lambda *_: b"0")
        patch.setattr("maquette.surrogate.models.surrogate.load_surrogate", lambda *_, **__: Oracle())
        yield


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("quick") / "release"
    write_release(path, content())
    return path


@pytest.fixture
def copy(original: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(original, tmp_path / "copy"))


def looked_at(folder: Path) -> Verification:
    """What verifying says; the STEP file holds what the kernel would read of the design in the folder."""
    values = json.loads((folder / "design.json").read_text())["parameters"]
    reading = Reading(STEP, lambda: [facts(AHMED.hull(AHMED.validate(values)))])
    return verify(folder, rebuild=False, pool=object(), reading=reading)  # type: ignore[arg-type]


def failed(folder: Path) -> set[str]:
    return {check.name for check in looked_at(folder).checks if not check.ok}


def resealed(folder: Path, change: Callable[[Data], object]) -> None:
    """Change the manifest as a careful forger would: every hash and the seal fit again."""
    path = folder / "manifest.json"
    data = json.loads(path.read_text())
    change(data)
    for name in data["files"]:
        text = (folder / name).read_bytes()
        data["files"][name] = {"sha256": hashlib.sha256(text).hexdigest(), "size": len(text)}
    data["seal"] = seal(data)
    path.write_text(json.dumps(data))


def forged(folder: Path, keys: tuple[Any, ...], value: Any) -> None:
    def change(data: Data) -> None:
        row: Any = data
        for key in keys[:-1]:
            row = row[key]
        assert row[keys[-1]] != value
        row[keys[-1]] = value

    resealed(folder, change)


# -- the truth ------------------------------------------------------------------------------------------


def test_the_truth_holds_and_every_claim_is_looked_at(original: Path) -> None:
    found = looked_at(original)
    assert found.ok, found.checks
    assert [check.name for check in found.checks] == [
        "manifest", "files", "pictures", "design", "STL", "hull STL", "GLB", "report", "script", "STEP",
        "limits", "measures", "predictions", "verdicts",
    ]  # fmt: skip
    data = json.loads((original / "manifest.json").read_text())
    assert data["feasible"] is True
    assert {v["quantity"]: (v["passed"], v["how"]) for v in data["verdicts"]} == {
        "overall_length": (True, "exact CAD"),
        "ground_clearance": (True, "fast mesh"),
        "drag_coefficient": (True, "surrogate"),
    }
    # N(0.28, 0.005) stays below 0.30, four sigma away
    drag = next(v for v in data["verdicts"] if v["quantity"] == "drag_coefficient")
    assert drag["probability"] == pytest.approx(0.9999683288, abs=1e-9)


def test_a_release_that_misses_its_brief_says_so_and_is_true(tmp_path: Path) -> None:
    write_release(tmp_path / "low", content(clearance=30.0))
    assert looked_at(tmp_path / "low").ok
    data = json.loads((tmp_path / "low" / "manifest.json").read_text())
    assert data["feasible"] is False
    assert [v["quantity"] for v in data["verdicts"] if not v["passed"]] == ["ground_clearance"]


# -- forgeries ------------------------------------------------------------------------------------------


def test_a_forged_feasible_is_found_in_both_directions(original: Path, copy: Path, tmp_path: Path) -> None:
    forged(copy, ("feasible",), False)
    assert "verdicts" in failed(copy)
    write_release(tmp_path / "low", content(clearance=30.0))
    forged(tmp_path / "low", ("feasible",), True)
    assert "verdicts" in failed(tmp_path / "low")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("value", 0.27), ("lower", 0.275), ("upper", 0.285), ("sigma", 0.004), ("coverage", 0.95),
        ("distance", 0.3), ("in_domain", False), ("unit", "m2"),
        ("evidence", [{"run_id": "run-9"}, {"run_id": "run-7"}]), ("evidence", []),
    ],
)  # fmt: skip
def test_a_forged_prediction_is_found(copy: Path, key: str, value: Any) -> None:
    forged(copy, ("predictions", "drag_coefficient", key), value)
    assert "predictions" in failed(copy)


def test_a_prediction_of_what_the_surrogate_does_not_predict_is_found(copy: Path) -> None:
    resealed(
        copy,
        lambda data: data["predictions"].update(lift_coefficient=data["predictions"]["drag_coefficient"]),
    )
    assert "predictions" in failed(copy)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("passed", False), ("hard", False), ("how", "parameter"), ("unit", "m2"), ("asked", "at most 0.31"),
        ("in_domain", False), ("value", 0.27), ("limit", 0.31), ("margin", -0.5), ("probability", 0.95),
        ("lower", 0.27), ("upper", 0.281),
    ],
)  # fmt: skip
def test_a_forged_verdict_is_found(copy: Path, key: str, value: Any) -> None:
    place = [v["quantity"] for v in json.loads((copy / "manifest.json").read_text())["verdicts"]]
    forged(copy, ("verdicts", place.index("drag_coefficient"), key), value)
    assert "verdicts" in failed(copy)


def test_a_verdict_left_out_is_found(copy: Path) -> None:
    resealed(copy, lambda data: data["verdicts"].pop())
    assert "verdicts" in failed(copy)


def test_what_another_model_said_is_compared_with_itself(tmp_path: Path) -> None:
    write_release(tmp_path / "other", content(oracle=Oracle(model="another 2")))
    found = {check.name: check for check in looked_at(tmp_path / "other").checks}
    assert found["predictions"].ok
    assert "another 2" in found["predictions"].detail
    assert found["verdicts"].ok
    drag = next(
        k
        for k, v in enumerate(json.loads((tmp_path / "other" / "manifest.json").read_text())["verdicts"])
        if v["quantity"] == "drag_coefficient"
    )
    forged(tmp_path / "other", ("verdicts", drag, "passed"), False)
    assert "verdicts" in failed(tmp_path / "other")


@pytest.mark.parametrize(
    ("keys", "value", "check"),
    [
        (("measures", "base_area", "value"), 0.0756, "measures"),
        (("measures", "hull_volume", "value"), 0.112, "measures"),
        (("hull", "volume_mm3"), 1.108e8, "hull STL"),
        (("hull", "high_mm"), [1044.0, 194.5, 339.0], "hull STL"),
        (("box", "overall_length"), 1044.3, "limits"),
        (("parts", 0, "volume"), 1.12e8, "STEP"),
        (("parts", 0, "solids"), 2, "STEP"),
        (("parts", 0, "high"), [1044.0, 195.0, 338.0], "STEP"),
        (("parts", 0, "centroid"), [520.0, 0.0, 190.0], "STEP"),
        (("parts", 0, "colour"), [0.78, 0.80, 0.80, 1.0], "STEP"),
        (("parts", 0, "material"), "gold", "STEP"),
        (("parts", 0, "density_kg_m3"), 651.0, "STEP"),
        (("title",), "Another body", "report"),
        (("declaration_hash",), "0" * 64, "design"),
        (("decisions", 0, "by"), "brief", "design"),
        (("brief", "require", 0, "at_most"), 1044.5, "verdicts"),
    ],
)
def test_every_other_claim_is_compared(copy: Path, keys: tuple[Any, ...], value: Any, check: str) -> None:
    forged(copy, keys, value)
    assert check in failed(copy)


def test_the_day_on_the_drawing_is_the_manifests(tmp_path: Path) -> None:
    write_release(tmp_path / "dated", replace(content(), date="2026-11-30"))
    assert looked_at(tmp_path / "dated").ok
    forged(tmp_path / "dated", ("date",), "2026-12-01")
    assert "report" in failed(tmp_path / "dated")


@pytest.mark.parametrize(
    "name", ["model.glb", "model.stl", "hull.stl", "design.py", "side.png", "report.html"]
)
def test_a_changed_file_is_found_by_its_hash_and_by_what_it_holds(copy: Path, name: str) -> None:
    data = bytearray((copy / name).read_bytes())
    data[84 + 12 + 2 if name.endswith(".stl") else len(data) // 2] ^= 0x40  # of an STL: a corner's x
    (copy / name).write_bytes(data)
    assert "files" in failed(copy)
    resealed(copy, lambda _: None)
    assert failed(copy)


@pytest.mark.parametrize("name", ["side.png", "front.png", "model.glb", "drawing.svg", "design.py"])
def test_a_file_that_every_release_has_is_missed(copy: Path, name: str) -> None:
    (copy / name).unlink()
    assert "files" in failed(copy)
    resealed(copy, lambda data: data["files"].pop(name))
    assert {"side.png": "pictures", "front.png": "pictures"}.get(name, "files") in failed(copy)


def test_a_step_file_with_other_content_is_found(copy: Path) -> None:
    hull = AHMED.hull(AHMED.defaults())
    told = facts(hull)
    for other in (
        replace(told, volume=1.001 * told.volume), replace(told, area=0.999 * told.area),
        replace(told, valid=False), replace(told, stated_volume=1.01 * told.volume), replace(told, name="x"),
    ):  # fmt: skip
        reading = Reading(STEP, lambda other=other: [other])
        found = verify(copy, rebuild=False, pool=object(), reading=reading)  # type: ignore[arg-type]
        assert not next(c for c in found.checks if c.name == "STEP").ok


# -- the manifest's form --------------------------------------------------------------------------------


def test_every_key_of_a_manifest_is_needed_and_of_its_kind(original: Path) -> None:
    data = json.loads((original / "manifest.json").read_text())
    assert check_form(data) == data
    assert len(data) == 22
    for key in data:
        with pytest.raises(VerificationError):
            check_form({k: v for k, v in data.items() if k != key})
        with pytest.raises(VerificationError):
            check_form({**data, key: None})
    with pytest.raises(VerificationError, match="unknown key 'note'"):
        check_form({**data, "note": "x"})
    with pytest.raises(VerificationError, match="wrong kind"):
        check_form({**data, "concept": "x"})


def test_the_seal_is_the_hash_of_everything_else(original: Path) -> None:
    data = json.loads((original / "manifest.json").read_text())
    rest = {k: data[k] for k in sorted(data) if k != "seal"}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"))
    assert data["seal"] == hashlib.sha256(text.encode()).hexdigest()


# -- exit codes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("holds", "code"), [(True, 0), (False, 1)])
def test_verify_leaves_with_1_when_it_fails(
    original: Path, holds: bool, code: int, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    checks = looked_at(original).checks
    if not holds:
        checks = (replace(checks[0], ok=False), *checks[1:])
    monkeypatch.setattr(
        "maquette.ui.release.verify.verify", lambda *_, **__: Verification(holds, tuple(checks))
    )
    assert main(["verify", str(original), "--json"]) == code
    assert json.loads(capfd.readouterr().out)["ok"] is holds


@pytest.mark.parametrize(("share", "code"), [(1.0, 0), (1.001, 1)])
def test_a_design_whose_release_does_not_verify_leaves_with_1(
    share: float, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file reads back with another volume than the one that was released."""
    told = facts(AHMED.hull(AHMED.defaults()))
    read = replace(told, volume=share * told.volume, stated_volume=share * told.volume)
    monkeypatch.setattr("maquette.ui.release.verify_shapes.reread", lambda *_: [read])
    monkeypatch.setattr("maquette.ui.release.finish.beside", _threads)
    answer = released(tmp_path / "r", content(), object(), Clock(), silent).answer({})  # type: ignore[arg-type]
    assert answer.feasible
    assert answer.exit_code == code
    assert [check.name for check in answer.failed_checks] == ["STEP"][: 1 - (code == 0)]


def _threads(_: object) -> Any:
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(1)
