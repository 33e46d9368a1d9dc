"""Checks on what a release says: report, script, predictions and verdicts, each made again and compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from html import escape
from typing import Any

from ...design.errors import MaquetteError, VerificationError
from ...design.exchange.exact import settled
from ...design.family.contract import Family
from ...design.family.photographs import IN_USE
from ...design.family.records import Design
from ...design.messages import Message, say, spelt
from ...design.structures.solve import solve
from ..output import plain
from .checking import Check, checked, lengths_of, near
from .manifest import strength_of, versions
from .report import STRESS, report_html
from .script import design_script
from .write import CONCEPTS, MANIFEST, notes_of

#: relative: a load case solved again on another machine or by another order of sums
SOLVED = 1e-6


def check_texts(claimed: Mapping[str, Any], files: Mapping[str, bytes], family: Family) -> Iterator[Check]:
    """Report and script are functions of the manifest: write them again and compare."""
    if claimed["versions"].get("maquette") != versions()["maquette"]:
        yield Check("report", True, say("not compared: written by another version of Maquette"))
        return
    bare = {k: v for k, v in claimed.items() if k not in ("files", "seal")}

    def report() -> str:
        shown = {view: files[f"{view}.png"] for view in family.pictures if f"{view}.png" in files}
        shown |= {
            name: files[f"{name}.png"] for name in (IN_USE, *CONCEPTS, STRESS) if f"{name}.png" in files
        }
        drawing = files["drawing.svg"].decode("utf-8")
        for note in [str(claimed["title"])[:40], str(claimed.get("date", "")), *notes_of(claimed)]:
            if escape(note) not in drawing:
                raise VerificationError(say("drawing.svg does not say {note!r}", note=note))
        if report_html(bare, shown, drawing, family.box_notes).encode("utf-8") != files["report.html"]:
            raise VerificationError(say("report.html does not say what the manifest says"))
        return say("says what the manifest says")

    def script() -> str:
        if design_script(bare).encode("ascii") != files["design.py"]:
            raise VerificationError(say("design.py does not hold the manifest's parameters"))
        return say("holds the manifest's parameters")

    yield checked("report", report)
    yield checked("script", script)


def check_strength(claimed: Mapping[str, Any], family: Family, design: Design) -> Iterator[Check]:
    """Every load case solved again, where the manifest speaks of strength."""
    if "strength" not in claimed:
        return

    def strength() -> str:
        structure = family.structure(design.parameters)
        told = claimed["strength"]["cases"]
        found = strength_of(solve(structure))["cases"] if structure is not None else []
        if [c["case"] for c in told] != [c["case"] for c in found]:
            raise VerificationError(say("the load cases are others"))
        for c, again in zip(told, found, strict=True):
            for key in ("stress_mpa", "safety", "shift_mm"):
                near(f"{c['case']}, {key}", c[key], again[key], SOLVED)
        spread = claimed["strength"].get("nine_in_ten")  # releases of before did not speak of it
        if spread is not None:
            ends = family.spreads(design.parameters)
            if spread.keys() != ends.keys():
                raise VerificationError(say("the intervals are of other measures"))
            for name, pair in ends.items():
                for end, told_end in zip(pair, spread[name], strict=True):
                    near(f"nine in ten, {name}", told_end, end, SOLVED)
        return say("{count} load cases solved again", count=len(found))

    yield checked("strength", strength)


def check_judgement(claimed: Mapping[str, Any], family: Family, design: Design) -> Iterator[Check]:
    """Predictions by the installed surrogate (when it is the one that answered), verdicts by the brief."""
    from ...constraints.requirements.assess import Predictor, assess
    from ...constraints.requirements.brief_files import brief_from_data

    predictor: Predictor | None = None
    measures = {n: m["value"] for n, m in claimed["measures"].items() if isinstance(m, dict)}
    if claimed["predictions"]:
        predictor, check = _predictions(claimed, family, design, measures)
        yield check
    if not claimed["brief"]:
        return
    exact = {n: measures[n] for n in claimed["measures_exact"] if measures.get(n) is not None}
    exact |= settled(family, design.parameters, lengths_of(claimed))

    def verdicts() -> str:
        brief = brief_from_data(claimed["brief"], MANIFEST, family.name).brief
        if "lift" not in claimed["brief"]:  # written before families had wishes of their own
            brief = replace(brief, lifted=tuple(w.name for w in family.default_wishes))
        limits = [(r["quantity"], r.get("at_least"), r.get("at_most")) for r in claimed["brief"]["require"]]
        if limits != [(r.quantity, r.at_least, r.at_most) for r in brief.requirements]:
            raise VerificationError(say("the brief's limits are not those of its words"))
        if "kind" not in claimed["brief"]:  # written before a kind of body was judged
            brief = replace(brief, kind="")
        found = assess(family, design.parameters, brief, predictor, exact)
        mine = [dict(plain(v)) for v in found.verdicts]
        told = claimed["verdicts"]
        if [v["quantity"] for v in mine] != [v.get("quantity") for v in told]:
            raise VerificationError(say("the verdicts are not on the brief's requirements"))
        skipped = 0
        for own, row, verdict in zip(mine, told, found.verdicts, strict=True):
            got = "unknown" if row.get("value") is None else verdict.requirement.shown(row["value"])
            if row.get("got", got) != got:  # releases of before had the number alone
                raise VerificationError(
                    say(
                        "{quantity}: {key} is {found}, not {told}",
                        quantity=spelt(row["quantity"]),
                        key="got",
                        found=repr(got),
                        told=repr(row["got"]),
                    )
                )
            if row.get("probability") is not None and predictor is None:
                skipped += 1
                _consistent(row)
                continue
            for key in ("asked", "unit", "passed", "hard", "how", "in_domain"):
                if own.get(key) != row.get(key):
                    raise VerificationError(
                        say(
                            "{quantity}: {key} is {found}, not {told}",
                            quantity=spelt(row["quantity"]),
                            key=key,
                            found=repr(own.get(key)),
                            told=repr(row.get(key)),
                        )
                    )
            for key in ("value", "limit", "margin", "probability", "lower", "upper"):
                near(_number(row["quantity"], key), row.get(key), own.get(key), 1e-6)
        hard = all(v.get("passed") for v in told if v.get("hard"))
        if claimed["feasible"] != hard:
            raise VerificationError(
                say(
                    "feasible is {told}, but the hard verdicts say {found}",
                    told=repr(claimed["feasible"]),
                    found=repr(hard),
                )
            )
        return say(
            "{verdicts} verdicts recomputed from the brief, {others} on another model's predictions compared "
            "with themselves"
            if skipped
            else "{verdicts} verdicts recomputed from the brief",
            verdicts=len(told) - skipped,
            others=skipped,
        )

    yield checked("verdicts", verdicts)


def _predictions(
    claimed: Mapping[str, Any], family: Family, design: Design, measures: Mapping[str, Any]
) -> tuple[Any, Check]:
    from ...surrogate.models.surrogate import load_surrogate

    told = claimed["predictions"]
    try:
        surrogate = load_surrogate(family)
        mine = {n: dict(plain(p)) for n, p in surrogate.predict_design(design.parameters, measures).items()}
    except MaquetteError as error:
        return None, Check("predictions", True, say("not recomputed: {why}", why=error.message))
    models = {str(p.get("model")) for p in told.values()}
    if models != {str(p["model"]) for p in mine.values()}:
        who = ", ".join(sorted(models))
        return None, Check("predictions", True, say("not recomputed: made by {who}", who=who))

    def predictions() -> str:
        if set(told) - set(mine):
            raise VerificationError(say("the manifest predicts what the surrogate does not"))
        for name, row in told.items():
            for key in ("value", "lower", "upper", "sigma", "coverage", "distance"):
                near(_number(name, key), row.get(key), mine[name][key], 1e-6)
            if row.get("in_domain") != mine[name]["in_domain"] or row.get("unit") != mine[name]["unit"]:
                raise VerificationError(
                    say("{quantity}: domain or unit is not what the surrogate says", quantity=spelt(name))
                )
            ids = [e.get("run_id") for e in row.get("evidence", [])]
            if ids != [e["run_id"] for e in mine[name]["evidence"]]:
                raise VerificationError(say("{quantity}: the nearest runs are others", quantity=spelt(name)))
        return say("{predictions} predictions recomputed", predictions=len(told))

    return surrogate, checked("predictions", predictions)


def _consistent(row: Mapping[str, Any]) -> None:
    margin = row.get("margin")
    if isinstance(margin, (int, float)) and (margin <= 0) != row.get("passed"):
        raise VerificationError(
            say(
                "{quantity}: margin {margin} but passed is {passed}",
                quantity=spelt(str(row.get("quantity"))),
                margin=margin,
                passed=repr(row.get("passed")),
            )
        )


def _number(quantity: str, key: str) -> Message:
    """``drag_coefficient upper``: one number of a verdict or a prediction."""
    return say("{quantity} {key}", quantity=spelt(quantity), key=say(key))
