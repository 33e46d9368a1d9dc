"""`report.html`: one self-contained page that answers "what was asked, what came out, how do we know"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ...design.family.photographs import IN_USE
from ..templated import embedded, rendered

Cell = tuple[str, str]  # class, text
STRESS = "stress"  # picture and GLB of a body that carries loads
AROUND = "in use: what is around it is no part of the product"
#: pictures of the concept, and what the page says under them
CONCEPTS = {"concept": "the chosen sketch", "concept_restyled": "the result, drawn in its manner"}
AGREEMENTS = {
    "sketch_and_its_body": "the sketch and the body read from it, where the search began",
    "sketch_and_result": "the sketch and the released body",
    "restyled_and_result": "the restyled drawing and the released body",
}


class Section(NamedTuple):
    """A heading and its table: heads, of which one that starts with ``n:`` is aligned right, and rows."""

    heading: str
    head: tuple[str, ...]
    rows: list[tuple[Cell, ...]]
    note: str = ""


def report_html(
    claimed: Mapping[str, Any], pictures: Mapping[str, bytes], drawing: str, notes: str = ""
) -> str:
    """The page, from the manifest's claims alone. Every text is escaped; nothing is loaded from outside.

    Args:
        claimed: the manifest without files and seal.
        pictures: PNG by view name in the order in which they are shown; of the concept and the stress, too.
        drawing: SVG text. notes: what the lengths over all parts leave out (`Family.box_notes`).
    """
    names = [n for n in pictures if n not in (*CONCEPTS, STRESS)]
    return rendered(
        "report.html",
        title=str(claimed["title"]),
        family=claimed["design"]["family"],
        maquette=claimed["versions"].get("maquette", ""),
        state=_state(claimed),
        prompt=str(claimed["brief"].get("said") or claimed["brief"].get("prompt", "")).strip(),
        missed=", ".join(_phrase(item) for item in claimed["not_understood"]),
        understood=_understood(claimed),
        figures=[(AROUND if n == IN_USE else _label(n), embedded(pictures[n], "png")) for n in names],
        concept=_concept(claimed.get("concept"), pictures),
        findings=[
            _verdicts(claimed["verdicts"]),
            _predictions(claimed["predictions"]),
            _lengths(claimed, notes),
            _measures(claimed),
        ],
        strength=_strength(claimed.get("strength"), pictures, claimed["measures"]),
        drawing=embedded(drawing.encode("utf-8"), "svg+xml"),
        decisions=_decisions(claimed["decisions"]),
        parts=_parts(claimed["parts"]),
        seeds=", ".join(f"{k} {v}" for k, v in claimed["seeds"].items()) or "none drawn",
        versions=", ".join(f"{k} {v}" for k, v in claimed["versions"].items()),
    )


def _state(claimed: Mapping[str, Any]) -> dict[str, Any] | None:
    if not claimed["verdicts"]:
        return None
    hard = [v for v in claimed["verdicts"] if v.get("hard", True)]
    word, kind = ("all requirements hold", "good") if claimed["feasible"] else ("requirements missed", "bad")
    met = sum(bool(v.get("passed")) for v in hard)
    return {"word": word, "kind": kind, "met": met, "hard": len(hard), "said": claimed["explanation"]}


def _understood(claimed: Mapping[str, Any]) -> Section:
    rows: list[tuple[Cell, ...]] = [(("", _phrase(i)), ("", _meaning(i))) for i in claimed["understood"]]
    return Section("How the words were taken", ("words", "meaning"), rows)


def _phrase(item: Any) -> str:
    return str(item.get("phrase", "")) if isinstance(item, Mapping) else str(item)


def _meaning(item: Any) -> str:
    return str(item.get("meaning", "")) if isinstance(item, Mapping) else ""


def _concept(claim: Any, pictures: Mapping[str, bytes]) -> dict[str, Any] | None:
    if not isinstance(claim, Mapping):
        return None
    look = ", ".join(str(claim.get(key, "")).replace("_", "-") for key in ("view", "style", "palette"))
    floor = claim.get("floor")
    owed = {
        "floor": f"at least {_number(floor)} was asked",
        "objective": "as much as the other wishes allow",
        "off": "it was only the starting point",
    }.get(str(claim.get("faith")), "")
    rows: list[tuple[Cell, ...]] = [
        (
            ("", AGREEMENTS.get(str(name), _label(name))),
            ("n", _number(a.get("iou"))),
            ("n", _number(a.get("line_distance_px"))),
            ("n", _number(a.get("score"))),
        )
        for name, a in dict(claim.get("agreements", {})).items()
        if isinstance(a, Mapping)
    ]
    return {
        "number": claim.get("number"),
        "of": claim.get("of"),
        "drawn": f"{look}; drawn by {claim.get('model')}, seed {claim.get('seed')}",
        "kept": _number(claim.get("silhouette_kept")),
        "owed": owed,
        "figures": [(text, embedded(pictures[n], "png")) for n, text in CONCEPTS.items() if n in pictures],
        "head": ("agreement of", "n:silhouette overlap", "n:lines apart, pixels", "n:score"),
        "rows": rows,
    }


def _verdicts(verdicts: Sequence[Mapping[str, Any]]) -> Section:
    rows: list[tuple[Cell, ...]] = []
    for v in verdicts:
        wish = "" if v.get("hard", True) else " (wish)"
        rows.append(
            (
                ("", _label(v.get("quantity", ""))),
                ("", str(v.get("asked", "")) + wish),
                ("n", str(v.get("got") or _with_unit(v.get("value"), str(v.get("unit", ""))))),
                ("n", _margin(v.get("margin"))),
                _met(v),
                ("", _how(v)),
                ("", str(v.get("reason", ""))),
            )
        )
    head = ("requirement", "asked", "n:got", "n:margin", "met", "how computed", "reason")
    return Section("Requirements", head, rows)


def _met(v: Mapping[str, Any]) -> Cell:
    if v.get("passed"):
        return "good", "yes"
    if v.get("likely"):
        return "", f"likely, {100.0 * v['probability']:.0f} %"
    return "bad", "no"


def _how(v: Mapping[str, Any]) -> str:
    how = str(v.get("how", ""))
    if v.get("probability") is None:
        return how
    asked = f", {float(v['confidence']):.0%} asked" if v.get("confidence") is not None else ""
    return f"{how}: holds with probability {float(v['probability']):.1%}{asked}"


def _predictions(predictions: Mapping[str, Mapping[str, Any]]) -> Section:
    rows: list[tuple[Cell, ...]] = []
    for name, p in predictions.items():
        unit = str(p.get("unit", ""))
        near = "; ".join(
            f"{e.get('run_id')} ({e.get('fidelity')}) {_number(e.get('value'))} "
            f"at {_number(e.get('distance'))}"
            for e in p.get("evidence", [])
        )
        interval = f"{_number(p.get('lower'))} to {_number(p.get('upper'))}"
        inside = "inside" if p.get("in_domain") else f"outside: {p.get('reason', '')}"
        rows.append(
            (
                ("", _label(name)),
                ("n", _with_unit(p.get("value"), unit)),
                ("n", f"{interval} ({float(p.get('coverage', 0)):.0%})"),
                ("", f"{inside} (distance {_number(p.get('distance'))}, 1 is the edge)"),
                ("", near),
                ("", str(p.get("model", ""))),
            )
        )
    head = ("quantity", "n:predicted", "n:interval", "surrogate's domain", "nearest runs", "model")
    return Section("Predicted by the surrogate", head, rows)


def _measures(claimed: Mapping[str, Any]) -> Section:
    exact = set(claimed["measures_exact"])
    rows: list[tuple[Cell, ...]] = [
        (
            ("", _label(name)),
            ("n", _with_unit(m["value"], str(m["unit"]))),
            ("", "exact solids" if name in exact else "definition and fast mesh"),
        )
        for name, m in claimed["measures"].items()
    ]
    return Section("Measures", ("measure", "n:value", "measured on"), rows)


def _lengths(claimed: Mapping[str, Any], notes: str) -> Section:
    """What a ruler finds on everything in the STEP file, beside what the design states."""
    stated = {**{n: m["value"] for n, m in claimed["measures"].items()}, **claimed["design"]["parameters"]}
    rows: list[tuple[Cell, ...]] = [
        (("", _label(name)), ("n", _with_unit(stated.get(name), "mm")), ("n", f"{float(value):.2f} mm"))
        for name, value in claimed["box"].items()
    ]
    told = f"Taken from the boxes of all parts of model.step, small ones included. {notes}".rstrip()
    return Section("Lengths over all parts", ("length", "n:stated", "n:measured"), rows, told)


def _strength(
    claim: Any, pictures: Mapping[str, bytes], measures: Mapping[str, Any]
) -> dict[str, Any] | None:
    """Which part decides and why, the picture of it, and every load case; `measures` know their units."""
    if not isinstance(claim, Mapping) or not claim.get("cases"):
        return None
    worst = min(claim["cases"], key=lambda c: float(c["safety"]) / float(c["required"]))
    rows: list[tuple[Cell, ...]] = [
        (
            ("", str(c["case"])),
            ("", str(c["part"])),
            ("", str(c["kind"])),
            ("n", f"{float(c['stress_mpa']):.0f} of {float(c['strength_mpa']):.0f} MPa"),
            ("bad" if float(c["safety"]) < float(c["required"]) else "good", f"{float(c['safety']):.2f}"),
            ("n", f"{float(c['required']):.2f}"),
            ("n", f"{float(c['shift_mm']):.2f} mm"),
            ("", str(c["source"])),
        )
        for c in claim["cases"]
    ]
    head = ("load case", "part that decides", "strained by", "n:stress", "safety factor", "n:required",
            "n:largest shift", "source")  # fmt: skip
    caption = (
        f"Under {worst['case']}: grey to red is 0 to 100 % of what the material bears, dark red beyond; "
        "shifts are drawn larger than they are"
    )
    shown = embedded(pictures[STRESS], "png") if STRESS in pictures else ""
    why = str(claim["why"])
    note = f"{why[:1].upper()}{why[1:]}. Linear elastic beams and shells, each load once."
    ends = [
        f"{_label(name)} {low:.3g} to {_unit(f'{high:.3g}', str(measures.get(name, {}).get('unit', '1')))}"
        for name, (low, high) in claim.get("nine_in_ten", {}).items()
    ]
    if ends:
        note += f" Nine in ten such products, as materials scatter and beams err: {', '.join(ends)}."
    return {"section": Section("Strength", head, rows, note), "caption": caption, "picture": shown}


def _unit(number: str, unit: str) -> str:
    return number if unit in ("1", "") else f"{number} {unit}"


def _decisions(decisions: Sequence[Mapping[str, Any]]) -> Section:
    rows: list[tuple[Cell, ...]] = [
        (
            ("", _label(d["parameter"])),
            ("n", _decided(d)),
            ("", str(d["by"])),
        )
        for d in decisions
    ]
    return Section("Who decided what", ("parameter", "n:value", "set by"), rows)


def _decided(decision: Mapping[str, Any]) -> str:
    """A number with its unit, or the name of an option or of the kind that it stands for."""
    value = decision.get("name", decision["value"])
    return _label(value) if isinstance(value, str) else _with_unit(value, str(decision["unit"]))


def _parts(parts: Sequence[Mapping[str, Any]]) -> Section:
    rows: list[tuple[Cell, ...]] = [
        (
            ("", str(p["name"])),
            ("n", f"{p['volume'] * 1e-6:,.3f} l"),
            ("n", f"{p['area'] * 1e-6:,.4f} m²"),
            ("", str(p["material"])),
        )
        for p in parts
    ]
    return Section("Parts of model.step", ("part", "n:volume", "n:area", "material"), rows)


def _label(name: Any) -> str:
    return str(name).replace("_", " ")


def _number(value: Any) -> str:
    return f"{float(value):.4g}" if isinstance(value, (int, float)) else "unknown"


def _with_unit(value: Any, unit: str) -> str:
    if not isinstance(value, (int, float)):
        return "unknown"
    plain = isinstance(value, float) and unit in ("mm", "deg", "kg")
    return _unit(f"{value:.1f}" if plain else f"{value:.4g}", unit)


def _margin(value: Any) -> str:
    """Room left, in percent of the limit's scale; negative when missed."""
    return f"{-100.0 * float(value):+.1f} %" if isinstance(value, (int, float)) else "unknown"
