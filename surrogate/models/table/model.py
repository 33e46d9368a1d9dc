"""A trained model of a table: kept as JSON and safetensors, asked about rows of other tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ....design.arrays import AnyArray, FloatArray, IntArray
from ....design.errors import InputError, ModelError
from ....design.messages import say
from ....design.statistics import r_squared
from ...trust.prediction import COVERAGE, HALF_WIDTH
from ...trust.validity import widened
from ..store import load_model, save_model
from .columns import MISSING, Column, numbers_of, place, typed
from .domain import NEIGHBOURS, Domain, coordinates
from .encoding import Feature, feature_from_json, matrix
from .members import MEMBERS, Weights
from .reading import RawTable
from .stack import Interval, disagreement
from .trees import WHOLE

_WHOLE = (*WHOLE, "crossed")  # arrays of whole numbers


@dataclass(frozen=True)
class Row:
    """One row that trained: its line in the file it came from, its distance, its target."""

    line: int
    distance: float
    value: float


@dataclass(frozen=True)
class RowPrediction:
    """The answer about one row.

    Attributes:
        line: of the row in its file.
        value, lower, upper: the prediction and its 90 % interval, wider outside.
        in_domain, distance, reason: whether the rows that trained vouch for it, 1 at the edge, why not.
        evidence: the nearest rows that trained.
    """

    line: int
    value: float
    lower: float
    upper: float
    in_domain: bool
    distance: float
    reason: str
    evidence: tuple[Row, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain JSON object; a reason that is a message keeps its id."""
        return {
            **{f: getattr(self, f) for f in self.__dataclass_fields__},
            "evidence": [asdict(e) for e in self.evidence],
        }


@dataclass(frozen=True)
class TableModel:
    """A model and its record.

    Attributes:
        info: the record: data, split, scores, baselines, members, coverage, failures (see `train`).
        features: encoding of the columns. weights: by member. mix: weight of each member (k,).
        interval, domain: see :mod:`.stack`, :mod:`.domain`.
        lines, targets: of the rows that trained (N,).
    """

    info: Mapping[str, Any]
    features: tuple[Feature, ...]
    weights: Mapping[str, Weights]
    mix: FloatArray
    interval: Interval
    domain: Domain
    lines: IntArray
    targets: FloatArray

    @property
    def target(self) -> str:
        """Name of the predicted column."""
        return str(self.info["target"])

    def answer(self, z: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Values and half widths of the interval inside the domain, of rows of the matrix `z` (m x p)."""
        said = np.column_stack([MEMBERS[n].predict(w, z) for n, w in self.weights.items()])
        value = said @ self.mix
        return value, self.interval.half(value, disagreement(said))

    def predict(self, table: RawTable) -> tuple[RowPrediction, ...]:
        """Predictions of every row of a table.

        Raises:
            InputError: a feature is missing, is no number where the model learned one, has another unit.
        """
        columns = [self._column(table, f) for f in self.features]
        value, half = self.answer(matrix(self.features, columns))
        rows = coordinates(self.features, columns)
        distance, why = self.domain.judge(columns, rows)
        sigma = widened(half / HALF_WIDTH, distance, float(self.targets.std()))
        near, apart = self.domain.nearest(rows, NEIGHBOURS)
        return tuple(
            RowPrediction(
                line=table.lines[i],
                value=float(value[i]),
                lower=float(value[i] - HALF_WIDTH * sigma[i]),
                upper=float(value[i] + HALF_WIDTH * sigma[i]),
                in_domain=bool(distance[i] <= 1.0),
                distance=float(distance[i]),
                reason=why[i],
                evidence=tuple(
                    Row(int(self.lines[j]), float(d), float(self.targets[j]))
                    for j, d in zip(near[i], apart[i], strict=True)
                ),
            )
            for i in range(len(table))
        )

    def truth(self, table: RawTable) -> FloatArray | None:
        """The target (m,), where the table has it as numbers; NaN where missing."""
        if self.target not in table.names:
            return None
        found = typed(table, table.names.index(self.target)).numbers
        return found if found is not None and np.isfinite(found).any() else None

    def _column(self, table: RawTable, feature: Feature) -> Column:
        at = place(table, feature.name, "--model")
        unit = table.units[at]
        if unit and feature.unit and unit != feature.unit:
            raise InputError(
                say(
                    "{path}: {name!r} is in {unit}, the model learned it in {wanted}",
                    path=table.path,
                    name=feature.name,
                    unit=unit,
                    wanted=feature.unit,
                )
            )
        if feature.levels:
            texts = tuple("" if c.casefold() in MISSING else c for c in table.cells[at])
            return Column(feature.name, unit, None, texts)
        return Column(feature.name, unit, numbers_of(table, at, "--model"))

    def save(self, folder: Path) -> None:
        """Write ``model.json``, ``weights.safetensors`` and the card.

        Raises:
            InputError: the folder cannot be written.
        """
        from .card import write_cards

        arrays: dict[str, AnyArray] = {f"{n}/{k}": v for n, w in self.weights.items() for k, v in w.items()}
        arrays |= {
            "anchors": self.domain.anchors,
            "domain_weight": self.domain.weight,
            "lines": self.lines,
            "targets": self.targets,
            "mix": self.mix,
        }
        members = {"kept": list(self.weights)}
        save_model(folder, {**self.info, **members}, arrays)
        write_cards(self.info, folder)


def load_table_model(folder: Path) -> TableModel:
    """Read a model that :meth:`TableModel.save` wrote.

    Raises:
        ModelError: missing, damaged, or a surrogate of a product.
    """
    info, arrays = load_model(folder)
    if info.get("kind") != "table":
        raise ModelError(say("{folder}: is no model of a table (made by `maquette train`)", folder=folder))
    try:
        features = tuple(feature_from_json(f) for f in info["features"])
        weights = {
            n: {
                k.partition("/")[2]: v.astype(np.int64) if k.partition("/")[2] in _WHOLE else v
                for k, v in arrays.items()
                if k.startswith(f"{n}/")
            }
            for n in info["kept"]
        }
        held = info["interval"]
        return TableModel(
            info=info,
            features=features,
            weights=weights,
            mix=arrays["mix"],
            interval=Interval(**{**held, "slopes": np.array(held["slopes"])}),
            domain=Domain(
                features,
                arrays["domain_weight"],
                arrays["anchors"],
                info["domain"]["slack"],
                info["domain"]["reach"],
            ),
            lines=arrays["lines"].astype(np.int64),
            targets=arrays["targets"],
        )
    except (KeyError, TypeError) as error:
        raise ModelError(
            say("{folder}: the model is incomplete ({what})", folder=folder, what=str(error))
        ) from error


def measured(truth: FloatArray, rows: tuple[RowPrediction, ...]) -> dict[str, float]:
    """R², mean absolute error and coverage where the truth (m,) is known."""
    there = np.isfinite(truth)
    value = np.array([r.value for r in rows])[there]
    held = np.array([r.lower <= t <= r.upper for r, t in zip(rows, truth, strict=True)])[there]
    v = truth[there]
    return {
        "rows": float(there.sum()),
        "r2": r_squared(v, value),
        "mae": float(np.abs(v - value).mean()),
        "coverage": float(held.mean()),
        "coverage_nominal": COVERAGE,
    }
