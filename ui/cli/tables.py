"""Results as tables for people, on stdout."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from math import isfinite
from typing import Any, TextIO

from ...design.family.records import Design, kinds_of, named_values
from ...design.rendering.surface_report import surface_text
from ..progress import seconds_text
from ..results import (
    AssessResult,
    BuildResult,
    CampaignResult,
    DesignResult,
    DoctorResult,
    EditResult,
    FamiliesResult,
    OptimiseResult,
    PredictResult,
    PredictShapeResult,
    ReadResult,
    Result,
    SampleResult,
    SimulateResult,
    VerifyResult,
    Winner,
)
from ..results_concepts import BodyResult, RestyleResult, SketchResult
from ..results_table import PredictTableResult, TrainResult
from .table import show_predictions, show_train
from .tables_concepts import show_body, show_concepts, show_restyle, show_sketch, times

_WIDTH = 140  # columns where stdout is no terminal


def show(result: Result, out: TextIO) -> None:
    """Print `result` for a person."""
    _Page(out).show(result)


class _Page:
    """A console that tables and lines go to, in order."""

    def __init__(self, out: TextIO) -> None:
        from rich.console import Console

        self.console = Console(file=out, width=None if out.isatty() else _WIDTH, highlight=False)

    def show(self, result: Result) -> None:
        """Dispatch on the record's type."""
        shows: dict[type, Callable[[Any], None]] = {
            FamiliesResult: self.families,
            DoctorResult: self.doctor,
            SampleResult: self.sample,
            BuildResult: self.build,
            PredictResult: self.predict,
            PredictShapeResult: self.predict_shape,
            ReadResult: self.read,
            EditResult: self.edit,
            AssessResult: self.assess,
            SimulateResult: self.simulate,
            CampaignResult: self.campaign,
            OptimiseResult: self.optimise,
            VerifyResult: self.verify,
            DesignResult: self.design,
            SketchResult: partial(show_sketch, self),
            BodyResult: partial(show_body, self),
            RestyleResult: partial(show_restyle, self),
            TrainResult: partial(show_train, self),
            PredictTableResult: partial(show_predictions, self),
        }
        shows[type(result)](result)

    def line(self, text: str) -> None:
        """One line, as it is (no markup, no wrapping)."""
        self.console.print(text, markup=False, soft_wrap=True)

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[object]], title: str = "") -> None:
        """A plain table; a column whose name ends in > is right-aligned."""
        from rich import box
        from rich.table import Table
        from rich.text import Text

        made = Table(box=box.SIMPLE_HEAD, title=title or None, title_justify="left", pad_edge=False)
        for name in columns:
            right = name.endswith(">")
            made.add_column(name.rstrip(">"), justify="right" if right else "left", overflow="fold")
        for row in rows:
            made.add_row(*(Text(str(cell)) for cell in row))
        self.console.print(made)

    def families(self, r: FamiliesResult) -> None:
        """One table a family."""
        for f in r.families:
            model = f"surrogate {f.model}" if f.model else "no surrogate"
            rows = [
                (
                    group,
                    p["name"],
                    f"{p['low']:g}",
                    f"{p['high']:g}",
                    p.get("kinds", {}).get(f"{p['default']:g}") or f"{p['default']:g}",
                    p["unit"],
                    f"{p['doc']} Names: {', '.join(p['kinds'].values())}" if "kinds" in p else p["doc"],
                )
                for group, members in f.parameters.items()
                for p in members
            ]
            title = f"{f.name}: {f.title} ({len(rows)} parameters, {model})"
            self.table(("group", "parameter", "low>", "high>", "default>", "unit", "meaning"), rows, title)
            if f.choices:
                options = [
                    (group, c["name"], ", ".join(c["options"]), c["default"], c["doc"])
                    for group, members in f.choices.items()
                    for c in members
                ]
                self.table(("group", "choice", "options", "default", "meaning"), options)
            if f.catalogue:
                named = [(b["name"], b["title"], b["source"], b["left_out"]) for b in f.catalogue]
                self.table(("bundle", "limits of", "source", "not measured"), named)
            self.line(f"starting points: {', '.join(f.archetypes) or 'defaults only'}")
            self.line(f"measures: {', '.join(f'{k} [{u}]' for k, u in f.measures.items())}\n")

    def doctor(self, r: DoctorResult) -> None:
        """Components, then what is missing."""
        self.line(f"maquette {r.version} on {r.machine['processor']}, {r.machine['cores']} cores")
        rows = [(c.kind, c.name, _mark(c), c.version, c.note) for c in r.components]
        self.table(("kind", "name", "found", "version", "note"), rows)
        for text in r.missing:
            self.line(f"missing: {text}")
        if not r.missing:
            self.line("nothing is missing")

    def sample(self, r: SampleResult) -> None:
        """Counts, and how often each rule refused."""
        rules: dict[str, int] = {}
        for draw in r.rejected:
            for rule in draw.rules:
                rules[rule] = rules.get(rule, 0) + 1
        if rules:
            rows = sorted(rules.items(), key=lambda item: -item[1])
            self.table(("refused by rule", "draws>"), rows)
        open_hulls = sum(not d.watertight for d in r.designs)
        broken = sum(d.valid is False for d in r.designs)
        self.line(
            f"{len(r.designs)} {r.family} designs, {r.accepted_share:.0%} of the uniform draws accepted; "
            f"{open_hulls} hulls not watertight, {broken} solids not valid"
        )

    def build(self, r: BuildResult) -> None:
        """Measures, files and soundness."""
        self.table(("measure", "value>", "unit"), _measures(r.measures, r.units))
        for kind, path in {"STEP": r.step, "GLB": r.glb, "STL": r.stl, **r.pictures}.items():
            self.line(f"{kind}: {path}")
        if r.surface:
            for row in surface_text(r.surface).splitlines():
                self.line(row)
            self.line(
                "surfaces smooth" if r.surface.smooth else "surfaces NOT smooth (see surface_waves.png)"
            )
        valid, closed = (
            "valid" if r.valid else "NOT valid",
            "watertight" if r.watertight else "NOT watertight",
        )
        self.line(f"solids {valid}, hull {closed}; {times(r.seconds)}")
        self.filled_in(r.design)

    def predict(self, r: PredictResult) -> None:
        """Predictions and their evidence."""
        self.predictions(r.predictions)
        if r.fields is not None:
            self.line(f"{r.fields.path}: {r.fields.what}")
            self.line(f"it {r.fields.says}")
            self.line(f"it gives {r.fields.explained:.0%} of the slopes; what matters most:")
            for influence in r.fields.most:
                self.line(f"  {influence.words}")
        self.filled_in(r.design)

    def predict_shape(self, r: PredictShapeResult) -> None:
        """What was done to a shape, both answers, the body near it, what to keep in mind."""
        for text in r.shape.done:
            self.line(text)
        self.predictions(r.predictions)
        for told, key in (("by its own numbers", "shape"), ("nearest body", "nearest_body")):
            said = [
                f"{name.replace('_', ' ')} {p.value:.3f} ({p.lower:.3f} to {p.upper:.3f})"
                for name, p in r.answers[key].items()
            ]
            if said:
                self.line(f"{told}: {', '.join(said)}")
        if r.nearest_body is None:
            self.line(f"no {r.family} is near it")
        else:
            self.line(
                f"the nearest {r.family} lies {r.left_over_mm:.0f} mm off (root mean square; 95 % of the "
                f"surface within {r.far_mm:.0f} mm)"
            )
        for path in (r.design_file, r.fields):
            if path is not None:
                self.line(f"written to {path}")
        for text in r.caveats:
            self.line(f"keep in mind: {text}")

    def read(self, r: ReadResult) -> None:
        """What was understood, what is asked, what was not."""
        self.line(f"about: {r.family}")
        for heard in r.understood:
            self.line(f"{heard.phrase!r}: {heard.meaning}")
        for heard in r.remarks:
            self.line(f"note on {heard.phrase!r}: {heard.meaning}")
        self.left_open(r.questions, r.not_understood)

    def left_open(self, questions: Sequence[Any], not_understood: Sequence[Any]) -> None:
        """What is in doubt of words, and what was not understood."""
        for question in questions:
            self.line(f"question about {question.line}")
        for heard in not_understood:
            self.line(f"not understood: {heard.phrase!r}" + (f" ({heard.meaning})" if heard.meaning else ""))

    def edit(self, r: EditResult) -> None:
        """What changed, what moved with it, what could not be reached."""
        rows = []
        for c in (*r.changes, *r.moved):
            before, after = (
                kinds_of(r.design.family, {c.quantity: v}).get(c.quantity, f"{v:.4g}")
                for v in (c.before, c.after)
            )
            rows.append((c.quantity.replace("_", " "), _plain(before), _plain(after), c.unit, c.words))
        if rows:
            self.table(("quantity", "before>", "after>", "unit", "asked by"), rows)
        for text in r.short:
            self.line(text)
        self.left_open(r.questions, r.not_understood)
        self.line("the last edit is taken back" if r.undone else f"written to {r.file}")

    def assess(self, r: AssessResult) -> None:
        """Verdicts and predictions."""
        self.verdicts(r.verdicts, r.not_understood)
        self.predictions(r.predictions)
        for b in r.broken:
            self.line(f"breaks the rule {b.rule}: {b.reason}")
        for name, option in r.other_options.items():
            held = named_values(r.design.family, {name: r.design.parameters[name]})[name]
            self.line(
                f"{name.replace('_', ' ')}: the brief says {_plain(option)}, the design has {_plain(held)}"
            )
        self.line(_feasible(r.feasible, r.verdicts))
        self.filled_in(r.design)

    def filled_in(self, design: Design) -> None:
        """What a design file from before did not have."""
        if design.filled:
            filled = {n: design.parameters[n] for n in design.filled}
            held = named_values(design.family, filled) | kinds_of(design.family, filled)
            told = ", ".join(f"{n.replace('_', ' ')} {_plain(v)}" for n, v in held.items())
            self.line(f"filled in, the design file has no such choices: {told}")

    def simulate(self, r: SimulateResult) -> None:
        """Outputs of one run."""
        rows = []
        for name, value in r.outputs.items():
            unit = "" if r.units[name] == "1" else f" {r.units[name]}"
            noise = r.noise.get(name, float("nan"))
            doubt = f" +- {noise:.4f}" if isfinite(noise) else ""
            rows.append((name.replace("_", " "), f"{value:.4f}{doubt}{unit}"))
        counts = ((name, value) for name, value in r.details.items() if not name.startswith("residual"))
        rows += [
            (name.replace("_", " "), f"{value:.4g}" if value % 1 else f"{value:.0f}")
            for name, value in counts
        ]
        rows.append(("time", seconds_text(r.seconds)))
        self.table((f"{r.run_id} ({r.fidelity})", "value>"), rows)
        self.line("converged" if r.converged else f"NOT converged: {r.reason}")
        if r.expected is not None:
            self.line(_beside(r))
        self.line(f"saved in {r.saved}")
        for text in (*(r.shape.done if r.shape else ()), *(f"keep in mind: {c}" for c in r.caveats)):
            self.line(text)

    def campaign(self, r: CampaignResult) -> None:
        """State of a campaign."""
        self.line(
            f"{r.family} {r.fidelity}: {r.done} done, {r.failed} failed, {r.remaining} remaining "
            f"in {seconds_text(r.seconds)}; {r.out}"
        )

    def optimise(self, r: OptimiseResult) -> None:
        """The best designs."""
        for k, c in enumerate(r.best[:3], start=1):
            goals = ", ".join(f"{name} {value:.4g}" for name, value in c.objectives.items())
            self.line(f"{k}. {goals or 'no preference'} ({c.how}): {_feasible(c.feasible, c.verdicts)}")
        if r.best:
            self.verdicts(r.best[0].verdicts, r.not_understood)
            self.predictions(r.best[0].predictions)
        for relaxation in r.loosened:
            self.line(f"Loosened: {relaxation.text}.")
        if r.explanation:
            self.line(r.explanation)
        if r.verified:
            self.winners(r.verified)
        if r.journey:
            self.line(f"{r.journey.told} ({r.journey.strip or 'no picture on this machine'})")
        self.line(f"{r.trials} trials of study {r.study!r}, {len(r.front)} designs on the front; {r.out}")

    def winners(self, verified: Sequence[Winner]) -> None:
        """Predicted beside simulated, a line a number."""
        rows = [
            (
                f"{w.rank}.", c.quantity.replace("_", " "), f"{c.predicted:.4g}",
                f"{c.lower:.4g} to {c.upper:.4g}", f"{c.simulated:.4g}", f"{c.off:+.3g}",
                ("inside" if c.inside else "OUTSIDE") + (", limit MISSED" if c.quantity in w.missed else ""),
            )
            for w in verified
            for c in w.compared
        ]  # fmt: skip
        self.table(("design", "quantity", "predicted", "interval", "simulated", "off", "verdict"), rows)
        for w in verified:
            if not w.converged:
                self.line(f"{w.rank}.: not converged ({w.reason})")

    def verify(self, r: VerifyResult) -> None:
        """Every check."""
        self.table(("check", "result", "detail"), [_check(c) for c in r.checks])
        self.line(f"{r.release}: {'everything holds' if r.ok else 'VERIFICATION FAILED'}")

    def design(self, r: DesignResult) -> None:
        """The main job's answer."""
        show_concepts(self, r.concepts)
        self.verdicts(r.verdicts, r.not_understood)
        self.predictions(r.predictions)
        if r.explanation:
            self.line(r.explanation)
        for name, path in r.pictures.items():
            self.line(f"picture {name.replace('_', ' ')}: {path}")
        for c in r.failed_checks:
            self.line(f"check {c.name} failed: {c.detail}")
        verified = "verified" if r.verified else "NOT verified"
        self.line(f"release ({verified}): {r.release} and {r.archive}")
        self.line(f"{_feasible(r.feasible, r.verdicts)}; {times(r.seconds)}")

    def verdicts(self, verdicts: Sequence[Any], not_understood: Sequence[Any]) -> None:
        """Asked, got, margin, how."""
        rows = [
            (
                v.quantity.replace("_", " "),
                v.requirement.limits if v.hard else f"{v.requirement.limits} (wish)",
                v.got,
                f"{round(-100 * v.margin, 1) + 0.0:+.1f} %",
                "yes" if v.passed else f"likely, {100.0 * v.probability:.0f} %" if v.likely else "NO",
                v.how,
            )
            for v in verdicts
        ]
        if rows:
            self.table(("requirement", "asked", "got>", "margin>", "met", "how computed"), rows)
            for v in verdicts:
                if not v.passed:
                    self.line(f"{v.quantity.replace('_', ' ')}: {v.reason}")
        else:
            self.line("no requirement was given")
        self.left_open((), not_understood)

    def predictions(self, predictions: Mapping[str, Any]) -> None:
        """Value, interval, domain, nearest evidence."""
        rows = []
        for name, p in predictions.items():
            near = ", ".join(f"{e.run_id} {e.value:.3f}" for e in p.evidence[:2])
            inside = "inside" if p.in_domain else "OUTSIDE"
            unit = "" if p.unit == "1" else f" {p.unit}"
            interval = f"{p.lower:.3f} to {p.upper:.3f}{unit}"
            rows.append(
                (
                    name.replace("_", " "),
                    f"{p.value:.3f}{unit}",
                    interval,
                    f"{inside} ({p.distance:.2f})",
                    near,
                )
            )
        if rows:
            coverage = next(iter(predictions.values())).coverage
            self.table(("predicted", "value>", f"{coverage:.0%} interval", "domain", "nearest runs"), rows)
        own = max((p.own_runs for p in predictions.values()), default=0)
        if own:
            self.line(f"learned from {own} run{'s' if own > 1 else ''} of your own too")
        for p in predictions.values():
            if not p.in_domain:
                self.line(f"outside the surrogate's domain: {p.reason}")
                break


def _plain(value: float | str) -> str:
    return value.replace("_", " ") if isinstance(value, str) else f"{value:g}"


def _mark(c: Any) -> str:
    return "yes" if c.present else ("NO" if c.needed else "no")


def _measures(measures: Mapping[str, float], units: Mapping[str, str]) -> list[tuple[str, str, str]]:
    return [(k.replace("_", " "), f"{v:.4g}", units.get(k, "")) for k, v in measures.items()]


def _beside(r: SimulateResult) -> str:
    """How a run sits against what the model said of it, and what the model says now."""
    said, now = r.expected, r.now
    inside = "inside" if said.lower <= r.outputs[said.quantity] <= said.upper else "OUTSIDE"
    text = (
        f"the run lies {inside} what was predicted, {said.value:.3f} ({said.lower:.3f} to {said.upper:.3f})"
    )
    if not r.learned:
        why = "the model learns from settled runs of its own fidelities and recipe only"
        return f"{text}; it changes nothing: {why}"
    return f"{text}; with it the model says {now.value:.3f} ({now.lower:.3f} to {now.upper:.3f})"


def _feasible(feasible: bool, verdicts: Sequence[Any]) -> str:
    if feasible and not any(v.hard for v in verdicts):
        return "no hard requirement was given, so none was checked"
    return "every hard requirement holds" if feasible else "NOT every hard requirement holds"


def _check(c: Any) -> tuple[str, str, str]:
    return c.name.replace("_", " "), "ok" if c.ok else "FAILED", c.detail
