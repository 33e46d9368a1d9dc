"""The surrogate as everything above it uses it: load, predict, explain, learn one more run.

    surrogate = load_surrogate("car")
    surrogate.predict_design(values)["drag_coefficient"]     # value, interval, domain, evidence
    surrogate.predict(matrix, {"frontal_area": area})        # thousands of designs for the search

Loads neither torch nor gpytorch; a prediction is a few small matrix products.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from ...design.arrays import FloatArray
from ...design.errors import InputError, ModelError
from ...design.family.contract import Family
from ...design.family.parameters import as_row, from_unit_cube, rounded_unit, to_unit_cube, unit_steps
from ...design.family.registry import get_family
from ...design.messages import say, spelt
from ..runs.dataset import design_key, local_runs, usable
from ..runs.rows import value_of
from ..studies.contract import Study
from ..studies.record import Observation
from ..studies.registry import get_study
from ..trust.prediction import COVERAGE, Batch, Evidence, Prediction
from ..trust.validity import NEIGHBOURS, VALUE, Domain, widened
from .gaussian_process.features import Feature, feature_matrix
from .gaussian_process.process import condition
from .gaussian_process.targets import Target, design_matrix, label_table, scatter_of
from .store import load_model

#: runs whose features are computed anew on loading, to notice a family whose features changed
PROBES = 3
#: step of the finite differences of :meth:`Surrogate.sensitivities`, in the unit cube
STEP = 0.02
BEYOND = 0.25  # of the simulated values' standard deviation


@dataclass(frozen=True)
class Surrogate:
    """A family's trained surrogate of one study.

    Attributes:
        family: whose designs it knows. study: whose outputs it predicts.
        info: content of ``model.json`` (accuracy, provenance, hashes).
        targets: by quantity.
        domain: limits of validity; its anchors are the designs of `evidence`, row by row.
        runs: every run it learned from.
        evidence: of each simulated design, the run at the highest level.
        learned: how many of `runs` are the user's own.
    """

    family: Family
    study: Study
    info: Mapping[str, Any]
    targets: Mapping[str, Target]
    domain: Domain
    runs: tuple[Observation, ...]
    evidence: tuple[Observation, ...]
    learned: int = 0

    @property
    def version(self) -> str:
        """Family, weights and number of the user's own runs: ``car 1f0c2a9b77e0 + 2 own runs (a1b2c3)``."""
        version = f"{self.family.name} {self.info['weights_sha256'][:12]}"
        if self.learned == 0:
            return version
        ids = "".join(sorted(run.run_id for run in self.runs[-self.learned :]))
        mark = hashlib.sha256(ids.encode()).hexdigest()[:6]
        return f"{version} + {self.learned} own run{'s' if self.learned > 1 else ''} ({mark})"

    @property
    def levels(self) -> tuple[str, ...]:
        """Fidelities that it learned from; predictions are of the last one."""
        return tuple(self.info["levels"])

    def predict(self, matrix: FloatArray, measures: Mapping[str, FloatArray | float] = {}) -> Batch:
        """Every output of n designs, and the study's products of one with a measure that is given.

        Args:
            matrix: designs (n x d) in declaration order, own units.
            measures: of the designs, by name, shape (n,) or one for all.
        """
        matrix = np.atleast_2d(np.asarray(matrix, dtype=np.float64))
        if matrix.shape[1] != len(self.family.parameters) or not np.isfinite(matrix).all():
            raise InputError(
                f"matrix of {self.family.name} designs must be finite, n x {len(self.family.parameters)}; "
                f"got shape {matrix.shape}"
            )
        return self._judge(matrix, measures)[0]

    def predict_design(
        self, values: Mapping[str, float], measures: Mapping[str, float] = {}
    ) -> dict[str, Prediction]:
        """Predictions of one design, with reasons and evidence.

        Args:
            measures: of the design, by name; what the study's products need beside them is measured on the
                family's fast mesh.
        """
        clean = self.family.validate(values)
        needed = {p.measure for p in self.study.products_of(self.family)} - set(measures)
        known: dict[str, FloatArray | float] = dict(measures)
        if needed:
            known |= self.family.measures_of(clean, needed)
        matrix = as_row(self.family.declaration, clean)[None, :]
        batch, ratios = self._judge(matrix, known)
        unit = to_unit_cube(self.family.declaration, matrix)
        order, near = self.domain.nearest(unit, NEIGHBOURS)
        reason = self.domain.explain(unit, ratios)
        found = {}
        for number in self.study.predicted(self.family):
            quantity, unit_text = number.name, number.unit
            value = float(batch.value[quantity][0])
            lower, upper = (float(end[0]) for end in batch.interval(quantity))
            evidence = tuple(
                Evidence(run.run_id, run.fidelity, float(d), value_of(run, self.study, quantity))
                for run, d in zip((self.evidence[i] for i in order[0]), near[0], strict=True)
            )
            found[quantity] = Prediction(
                quantity=quantity,
                value=value,
                unit=unit_text,
                lower=max(lower, min(number.low, value)),  # no interval goes beyond what the number can be
                upper=min(upper, max(number.high, value)),
                sigma=float(batch.sigma[quantity][0]),
                coverage=COVERAGE,
                in_domain=bool(batch.in_domain[0]),
                distance=float(batch.distance[0]),
                reason=reason,
                evidence=evidence,
                model=self.version,
                own_runs=self.learned,
            )
        return found

    def sensitivities(self, values: Mapping[str, float], quantity: str = "") -> dict[str, float]:
        """Slope of an output (the first when "") at a design, per parameter, largest first.

        Each number is the change if the slope held over the parameter's whole range.
        """
        row = to_unit_cube(
            self.family.declaration, as_row(self.family.declaration, self.family.validate(values))
        )
        name = quantity or self.study.headline.name
        slopes = gradients(self.family, {name: self.targets[name]}, row[None, :])[name][0]
        pairs = zip((p.name for p in self.family.parameters), slopes.tolist(), strict=True)
        return dict(sorted(pairs, key=lambda pair: -abs(pair[1])))

    def difference(self, rows: FloatArray, quantity: str) -> float | None:
        """Standard deviation of the difference of an output between two designs (2 x d, own units): what the
        process does not know of both alike cancels. None for what is no output of the study."""
        target = self.targets.get(quantity)
        if target is None:
            return None
        whole = target.posterior.together(feature_matrix(self.family, target.features, rows))
        return float(target.factor * np.sqrt(max(whole[0, 0] + whole[1, 1] - 2.0 * whole[0, 1], 0.0)))

    def learn(self, runs: Sequence[Observation]) -> Surrogate:
        """The surrogate conditioned on further runs too (hyperparameters, calibration and limits stay).

        Runs that are already known, did not converge, or come from another study, fidelity or recipe than
        the training data are left out.
        """
        known = {run.run_id for run in self.runs}
        names = {p.name for p in self.family.parameters}
        new = [
            run
            for run in {r.run_id: r for r in runs}.values()
            if run.run_id not in known
            and (run.family, run.study) == (self.family.name, self.study.name)
            and usable(run)
            and run.fidelity in self.levels
            and run.recipe in self.info["recipes"]
            and set(run.parameters) == names
        ]
        if not new:
            return self
        every = (*self.runs, *new)
        matrix = design_matrix(self.family, new)
        targets = {}
        for name, target in self.targets.items():
            old = target.posterior
            x = np.vstack([old.table.x, feature_matrix(self.family, target.features, matrix)])
            table = label_table(self.levels, name, x, every, old.table.log)
            scatter = scatter_of(self.study, self.info["recipes"], self.levels, name)
            targets[name] = replace(target, posterior=condition(old.h, table, old.mean, old.scale, scatter))
        evidence = designs_of(every, self.levels)
        known_designs = {design_key(run.parameters) for run in self.evidence}
        fresh = [run for run in evidence if design_key(run.parameters) not in known_designs]
        domain = self.domain
        if fresh:
            domain = domain.with_anchors(
                to_unit_cube(self.family.declaration, design_matrix(self.family, fresh))
            )
        return replace(
            self,
            targets=targets,
            domain=domain,
            runs=every,
            evidence=evidence,
            learned=self.learned + len(new),
        )

    @cached_property
    def _simulated(self) -> dict[str, tuple[float, float, float]]:
        """Lowest and highest simulated value of each output, and how far beyond them is still inside."""
        found = {}
        for name in self.targets:
            seen = np.array([value_of(run, self.study, name) for run in self.evidence])
            slack = BEYOND * max(float(seen.std()), 1e-12) if len(seen) else np.inf
            found[name] = (float(seen.min(initial=np.inf)), float(seen.max(initial=-np.inf)), slack)
        return found

    def _beyond(self, value: Mapping[str, FloatArray]) -> FloatArray:
        """How far predictions lie beyond every simulated value, in slacks (n,): a trend goes on where no run
        has been, and a search follows it."""
        sides = [
            np.maximum(low - value[name], value[name] - high) / slack
            for name, (low, high, slack) in self._simulated.items()
        ]
        return np.asarray(np.maximum(np.max(sides, axis=0), 0.0))

    def _judge(
        self, matrix: FloatArray, measures: Mapping[str, FloatArray | float]
    ) -> tuple[Batch, dict[str, FloatArray]]:
        value: dict[str, FloatArray] = {}
        latent: dict[str, FloatArray] = {}
        whole: dict[str, FloatArray] = {}
        seen = _features_seen(self.family, self.targets, matrix)
        for name, target in self.targets.items():
            value[name], latent[name], whole[name] = target.posterior.respond(seen[target.features])
        unit = to_unit_cube(self.family.declaration, matrix)
        ratios = self.domain.ratios(unit, latent) | {VALUE: self._beyond(value)}
        distance = np.max(list(ratios.values()), axis=0)
        sigma = {}
        for name, target in self.targets.items():
            noise = np.hypot(target.posterior.noise(value[name]), target.label_noise)
            sigma[name] = widened(target.factor * np.hypot(whole[name], noise), distance, target.spread)
        for product in self.study.products_of(self.family):
            if product.measure in measures:
                factor = np.broadcast_to(np.asarray(measures[product.measure], dtype=np.float64), len(matrix))
                value[product.name] = value[product.output] * factor
                sigma[product.name] = sigma[product.output] * factor
        return Batch(value, sigma, distance <= 1.0, distance), ratios


def load_surrogate(family: str | Family, folder: Path | None = None, local: bool = True) -> Surrogate:
    """The surrogate of a family: shipped (or from `folder`), conditioned on the user's own runs too.

    Raises:
        ModelError: when there is none, it is damaged, or was made for another parameter declaration.
    """
    known = get_family(family) if isinstance(family, str) else family
    surrogate = _load(known, folder or shipped_model_path(known.name))
    return surrogate.learn(local_runs(known.name)) if local else surrogate


def shipped_model_path(family: str) -> Path:
    """Where the family's model lies in the package."""
    return Path(str(files("maquette.assets"))) / "models" / family


# -- building blocks that training shares --------------------------------------------------------------


def designs_of(runs: Sequence[Observation], levels: Sequence[str]) -> tuple[Observation, ...]:
    """Each simulated design once, by its run at the highest fidelity, in order of first appearance."""
    best: dict[str, Observation] = {}
    for run in runs:
        key = design_key(run.parameters)
        if key not in best or levels.index(run.fidelity) > levels.index(best[key].fidelity):
            best[key] = run
    return tuple(best.values())


def gradients(family: Family, targets: Mapping[str, Target], unit: FloatArray) -> dict[str, FloatArray]:
    """Central differences of each prediction over the unit cube, (n x d) at designs (n x d); whole numbers
    differ by whole steps."""
    n, d = unit.shape
    ways = unit_steps(family.declaration, STEP) * np.eye(d)
    up = rounded_unit(family.declaration, np.clip(unit[:, None, :] + ways, 0.0, 1.0))
    down = rounded_unit(family.declaration, np.clip(unit[:, None, :] - ways, 0.0, 1.0))
    rows = from_unit_cube(family.declaration, np.concatenate([up, down]).reshape(2 * n * d, d))
    width = np.einsum("ijj->ij", up - down)
    seen = _features_seen(family, targets, rows)
    found = {}
    for name, target in targets.items():
        value = target.posterior.predict(seen[target.features])[0].reshape(2, n, d)
        found[name] = np.asarray((value[0] - value[1]) / width)
    return found


def _features_seen(
    family: Family, targets: Mapping[str, Target], matrix: FloatArray
) -> dict[tuple[Feature, ...], FloatArray]:
    """What the targets see of designs (n x d), each distinct set of features computed once."""
    sets = dict.fromkeys(target.features for target in targets.values())
    return {features: feature_matrix(family, features, matrix) for features in sets}


def assemble(
    family: Family, info: Mapping[str, Any], weights: Mapping[str, FloatArray], runs: Sequence[Observation]
) -> Surrogate:
    """A surrogate from what ``model.json`` and the weights hold.

    Raises:
        ModelError: when the family's declaration or features are not those it was trained with.
    """
    if info["declaration_hash"] != family.declaration_hash:
        raise ModelError(
            f"surrogate of {family.name!r} was trained for another parameter declaration; train it again "
            f"with `python -m maquette.surrogate.models.train --family {family.name}`"
        )
    study = get_study(info["study"])
    targets = {}
    for name, about in info["targets"].items():
        features = tuple(Feature(**f) for f in about["features"])
        x = weights[f"{name}.x"]
        probe = feature_matrix(family, features, design_matrix(family, runs[:PROBES]))
        if not np.allclose(probe, x[:PROBES], rtol=0, atol=1e-6):
            raise ModelError(
                f"surrogate of {family.name!r} saw other features than the family gives now; train it again"
            )
        table = label_table(info["levels"], name, x, runs, about.get("log", False))
        prefix = f"{name}.h."
        h = {k.removeprefix(prefix): v for k, v in weights.items() if k.startswith(prefix)}
        targets[name] = Target(
            posterior=condition(
                h,
                table,
                about["mean"],
                about["scale"],
                scatter_of(study, info["recipes"], info["levels"], name),
            ),
            features=features,
            factor=about["calibration"]["factor"],
            spread=about["spread"],
            label_noise=about["label_noise"],
        )
    evidence = designs_of(runs, info["levels"])
    limits = info["domain"]
    domain = Domain(
        names=tuple(p.name for p in family.parameters),
        weight=weights["domain.weight"],
        low=weights["domain.low"],
        high=weights["domain.high"],
        slack=weights["domain.slack"],
        anchors=to_unit_cube(family.declaration, design_matrix(family, evidence)),
        reach=limits["reach"],
        sigma=dict(limits["sigma"]),
    )
    return Surrogate(family, study, info, targets, domain, tuple(runs), evidence)


@cache
def _load(family: Family, folder: Path) -> Surrogate:
    if not folder.is_dir():
        raise ModelError(
            say(
                "{folder}: there is no surrogate of family {family!r}; train one with `{command}`",
                folder=folder,
                family=spelt(family.name),
                command=f"python -m maquette.surrogate.models.train --family {family.name}",
            )
        )
    info, weights = load_model(folder)
    if info.get("family") != family.name:
        raise ModelError(f"{folder}: a surrogate of family {info.get('family')!r}, not {family.name!r}")
    names = [p.name for p in family.parameters]
    if info["declaration_hash"] == family.declaration_hash:
        runs = _stored_runs(family, info, weights, names)
    else:
        runs = []  # assemble refuses the hash before it looks at them
    return assemble(family, info, weights, runs)


def stored_weights(study: Study, runs: Sequence[Observation]) -> dict[str, FloatArray]:
    """What the model file keeps of each training run beside its id, fidelity and parameters, (n,) each."""
    found = {}
    for output in study.learned:
        found[f"runs.output.{output.name}"] = np.array([run.outputs[output.name] for run in runs])
        found[f"runs.noise.{output.name}"] = np.array([run.noise[output.name] for run in runs])
    for name in dict.fromkeys(p.measure for p in study.products):
        found[f"runs.detail.{name}"] = np.array([run.details.get(name, np.nan) for run in runs])
    return found


def _stored_runs(
    family: Family, info: Mapping[str, Any], weights: Mapping[str, FloatArray], names: list[str]
) -> list[Observation]:
    """The training runs as the model holds them; the solver's details stay in the data."""

    def column(kind: str) -> dict[str, list[float]]:
        prefix = f"runs.{kind}."
        return {k.removeprefix(prefix): v.tolist() for k, v in weights.items() if k.startswith(prefix)}

    outputs, noise, details = column("output"), column("noise"), column("detail")
    return [
        Observation(
            run_id=run_id,
            study=info["study"],
            family=family.name,
            fidelity=fidelity,
            parameters=dict(zip(names, weights["runs.parameters"][i].tolist(), strict=True)),
            outputs={name: values[i] for name, values in outputs.items()},
            noise={name: values[i] for name, values in noise.items()},
            converged=True,
            details={name: values[i] for name, values in details.items()},
        )
        for i, (run_id, fidelity) in enumerate(zip(info["runs"]["id"], info["runs"]["fidelity"], strict=True))
    ]
