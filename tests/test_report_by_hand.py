"""What the page of a release says of its claims, cell by cell, and where its files go."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from maquette.design.errors import BuildError, InputError
from maquette.ui.release import report, write
from maquette.ui.release.report import Section
from maquette.ui.release.write import MANIFEST, notes_of, refuse_foreign

VERDICT = {
    "quantity": "drag_coefficient", "asked": "at most 0.25", "hard": True, "value": 0.24123, "unit": "1",
    "margin": -0.0512, "passed": True, "how": "surrogate", "probability": 0.953, "confidence": 0.9,
    "reason": "why",
}  # fmt: skip


def texts(section: Section) -> list[list[str]]:
    return [[text for _, text in row] for row in section.rows]


def test_a_verdict_is_a_row() -> None:
    found = report._verdicts(
        [VERDICT, {**VERDICT, "hard": False, "passed": False, "likely": True, "margin": 0.02}]
    )
    assert texts(found) == [
        ["drag coefficient", "at most 0.25", "0.2412", "+5.1 %", "yes",
         "surrogate: holds with probability 95.3%, 90% asked", "why"],
        ["drag coefficient", "at most 0.25 (wish)", "0.2412", "-2.0 %", "likely, 95 %",
         "surrogate: holds with probability 95.3%, 90% asked", "why"],
    ]  # fmt: skip
    assert [c for c, _ in found.rows[0]] == ["", "", "n", "n", "good", "", ""]
    assert report._met({"passed": False}) == ("bad", "no")
    assert report._how({"how": "fast mesh"}) == "fast mesh"
    assert report._how({"how": "s", "probability": 0.5}) == "s: holds with probability 50.0%"


def test_numbers_carry_their_unit_and_digits() -> None:
    told = [
        report._with_unit(*a)
        for a in (
            (2850.04, "mm"),
            (12, "mm"),
            (2.12345, "m2"),
            (0.25, "1"),
            (0.25, ""),
            (None, "mm"),
            (71.25, "deg"),
            (4.26, "kg"),
        )
    ]
    assert told == ["2850.0 mm", "12 mm", "2.123 m2", "0.25", "0.25", "unknown", "71.2 deg", "4.3 kg"]
    assert [report._margin(m) for m in (-0.5, 0.25, None)] == ["+50.0 %", "-25.0 %", "unknown"]
    assert [report._number(v) for v in (0.123456, 7, None, "x")] == ["0.1235", "7", "unknown", "unknown"]
    assert report._decided({"value": "light_bar", "unit": "1"}) == "light bar"
    assert report._decided({"value": 2.0, "unit": "mm"}) == "2.0 mm"
    assert report._decided({"value": 2, "unit": "1", "name": "solid_wood"}) == "solid wood"


def test_a_prediction_names_its_nearest_runs_with_their_fidelity() -> None:
    one = {
        "value": 0.2512, "unit": "1", "lower": 0.24, "upper": 0.26, "coverage": 0.9, "in_domain": True,
        "distance": 0.51, "model": "car 1",
        "evidence": [{"run_id": "r1", "fidelity": "medium", "value": 0.25, "distance": 0.125},
                     {"run_id": "r2", "fidelity": "fine", "value": 0.26, "distance": 0.25}],
    }  # fmt: skip
    outside = {**one, "in_domain": False, "reason": "too long", "evidence": []}
    found = report._predictions({"drag_coefficient": one, "lift": outside})
    assert texts(found)[0] == [
        "drag coefficient", "0.2512", "0.24 to 0.26 (90%)", "inside (distance 0.51, 1 is the edge)",
        "r1 (medium) 0.25 at 0.125; r2 (fine) 0.26 at 0.25", "car 1",
    ]  # fmt: skip
    assert texts(found)[1][3:5] == ["outside: too long (distance 0.51, 1 is the edge)", ""]


def test_evidence_is_written_as_the_report_reads_it() -> None:
    from dataclasses import asdict

    from maquette.surrogate.trust.prediction import Evidence

    assert set(asdict(Evidence("r", "fine", 0.1, 0.2))) == {"run_id", "fidelity", "value", "distance"}


def test_the_state_counts_hard_requirements() -> None:
    rows = [VERDICT, {**VERDICT, "passed": False}, {**VERDICT, "hard": False, "passed": False}]
    assert report._state({"verdicts": rows, "feasible": False, "explanation": "said"}) == {
        "word": "requirements missed", "kind": "bad", "met": 1, "hard": 2, "said": "said",
    }  # fmt: skip
    good = report._state({"verdicts": rows[:1], "feasible": True, "explanation": ""})
    assert good is not None
    assert (good["word"], good["kind"]) == ("all requirements hold", "good")
    assert report._state({"verdicts": []}) is None


def test_measures_lengths_parts_and_decisions_are_rows() -> None:
    claimed: dict[str, Any] = {
        "measures_exact": ["frontal_area"],
        "measures": {
            "frontal_area": {"value": 2.1, "unit": "m2"},
            "overall_length": {"value": 4570.0, "unit": "mm"},
        },
        "design": {"parameters": {"overall_width": 1840.0}},
        "box": {"overall_length": 4570.123, "overall_width": 1840.0, "odd": 1.0},
    }
    assert texts(report._measures(claimed)) == [
        ["frontal area", "2.1 m2", "exact solids"],
        ["overall length", "4570.0 mm", "definition and fast mesh"],
    ]
    lengths = report._lengths(claimed, "Mirrors are left out.")
    assert texts(lengths) == [
        ["overall length", "4570.0 mm", "4570.12 mm"],
        ["overall width", "1840.0 mm", "1840.00 mm"],
        ["odd", "unknown", "1.00 mm"],
    ]
    assert lengths.note.endswith("small ones included. Mirrors are left out.")
    assert report._lengths(claimed, "").note.endswith("small ones included.")
    part = {"name": "body", "volume": 1_234_567_000.0, "area": 2_500_000.0, "material": "steel"}
    assert texts(report._parts([part])) == [["body", "1,234.567 l", "2.5000 m²", "steel"]]
    decided = [{"parameter": "front_lamps", "value": "light_bar", "unit": "1", "by": "brief"}]
    assert texts(report._decisions(decided)) == [["front lamps", "light bar", "brief"]]
    words = report._understood({"understood": [{"phrase": "low", "meaning": "height down"}, "plain"]})
    assert texts(words) == [["low", "height down"], ["plain", ""]]


def test_strength_names_the_case_with_the_least_to_spare() -> None:
    """Safety over what is required: 1.5 of 1.0, 1.8 of 2.0: the second decides."""
    case = {"case": "seat", "part": "leg", "kind": "bending", "stress_mpa": 120.4, "strength_mpa": 180.0,
            "safety": 1.5, "required": 1.0, "shift_mm": 3.456, "source": "EN 16139"}  # fmt: skip
    worse = {**case, "case": "back", "safety": 1.8, "required": 2.0}
    told = report._strength({"cases": [case, worse], "why": "the leg decides"}, {"stress": b"png"}, {})
    assert told is not None
    assert texts(told["section"])[0] == [
        "seat", "leg", "bending", "120 of 180 MPa", "1.50", "1.00", "3.46 mm", "EN 16139",
    ]  # fmt: skip
    assert [row[4][0] for row in told["section"].rows] == ["good", "bad"]
    assert told["caption"].startswith("Under back: ")
    assert told["section"].note.startswith("The leg decides. Linear elastic")
    assert told["picture"].startswith("data:image/png;base64,")
    assert report._strength({"cases": [case], "why": "x"}, {}, {})["picture"] == ""  # type: ignore[index]
    assert (
        report._strength({"cases": [{**case, "safety": 1.0}], "why": "x"}, {}, {})["section"].rows[0][4][0]
        == "good"
    )  # type: ignore[index]
    assert report._strength(None, {}, {}) is None
    assert report._strength({"cases": []}, {}, {}) is None


def test_a_concept_says_what_was_owed_to_it() -> None:
    claim: dict[str, Any] = {
        "view": "three_quarter", "style": "line", "palette": "dark", "faith": "floor", "floor": 0.85,
        "number": 2, "of": 4, "model": "m", "seed": 3, "silhouette_kept": 0.91234,
        "agreements": {"sketch_and_result": {"iou": 0.9, "line_distance_px": 2.5, "score": 0.8},
                       "odd_one": {},
                       "none": 3},
    }  # fmt: skip
    told = report._concept(claim, {"concept": b"p"})
    assert told is not None
    assert told["drawn"] == "three-quarter, line, dark; drawn by m, seed 3"
    assert (told["owed"], told["kept"], told["number"], told["of"]) == (
        "at least 0.85 was asked",
        "0.9123",
        2,
        4,
    )
    assert [[t for _, t in row] for row in told["rows"]] == [
        ["the sketch and the released body", "0.9", "2.5", "0.8"],
        ["odd one", "unknown", "unknown", "unknown"],
    ]
    assert [text for text, _ in told["figures"]] == ["the chosen sketch"]
    assert report._concept({**claim, "faith": "off"}, {})["owed"] == "it was only the starting point"  # type: ignore[index]
    assert report._concept(None, {}) is None


# -- where the files go -------------------------------------------------------------------------------------


def test_a_release_takes_a_folder_of_its_own_or_an_older_releases(tmp_path: Path) -> None:
    folder = tmp_path / "r"
    refuse_foreign(folder)
    write._place(folder, {"a": b"1", MANIFEST: b"{}"})
    assert sorted(p.name for p in tmp_path.iterdir()) == ["r"]
    assert (folder / "a").read_bytes() == b"1"
    assert folder.stat().st_mode & 0o777 == 0o755
    refuse_foreign(folder)
    write._place(folder, {"b": b"2"})
    assert [p.name for p in folder.iterdir()] == ["b"]
    with pytest.raises(InputError, match="holds files that are no release"):
        refuse_foreign(folder)
    (folder / "b").unlink()
    refuse_foreign(folder)  # empty
    file = tmp_path / "file"
    file.write_text("x")
    with pytest.raises(InputError, match="is a file; a release needs a folder"):
        refuse_foreign(file)
    with pytest.raises(InputError, match=r"cannot be written \(No such file or directory\)"):
        write._place(tmp_path / "none" / "r", {"a": b"1"})
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file", "r"]


def test_notes_of_the_drawing_are_the_predictions() -> None:
    one = {"value": 0.2512, "lower": 0.2401, "upper": 0.26}
    assert notes_of({"predictions": {"drag_coefficient": one}}) == ["drag coefficient 0.251 (0.240 to 0.260)"]
    assert notes_of({"predictions": []}) == []


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"step": b""}, "the exact body has no STEP file"),
        ({"parts": ()}, "the exact body has no STEP file"),
        ({"valid": False}, "the exact body is not sound: open"),
    ],
)
def test_an_unsound_body_is_not_released(body: dict[str, Any], said: str) -> None:
    good = {"step": b"x", "parts": (1,), "valid": True, "faults": ("open",)}
    design = SimpleNamespace(parameters={})
    write._refuse_unsound(SimpleNamespace(body=SimpleNamespace(**good), design=design))  # type: ignore[arg-type]
    with pytest.raises(BuildError, match=said):
        write._refuse_unsound(SimpleNamespace(body=SimpleNamespace(**{**good, **body}), design=design))  # type: ignore[arg-type]
