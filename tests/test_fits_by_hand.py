"""What learns hyperparameters (gpytorch, scikit-learn), on data whose law is known."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from maquette.constraints.search.learned import Learned, Tried, improvement
from maquette.surrogate.models.gaussian_process.process import Table

pytestmark = pytest.mark.filterwarnings("ignore:.torch.jit.script. is deprecated:DeprecationWarning")


def table() -> Table:
    """Sixteen designs at level 0, eight of them at level 1 too: 3 + 2 x0 - x1, and 0.5 more at level 1."""
    rng = np.random.default_rng(0)
    group = np.concatenate([np.arange(16), np.arange(8)])
    level = np.repeat([0.0, 1.0], [16, 8])
    x = rng.random((16, 2))[group]
    y = 3.0 + 2.0 * x[:, 0] - x[:, 1] + 0.5 * level
    return Table(x, level, y, np.full(24, 0.01), group)


def test_folds_keep_a_designs_runs_together_and_spread_the_dear_ones() -> None:
    from maquette.surrogate.models.gaussian_process.select import folds_of

    t = table()
    fold = folds_of(t, 4, 7)
    assert all(len(set(fold[t.group == g].tolist())) == 1 for g in range(16))
    assert np.bincount(fold[t.level == 1.0]).tolist() == [2, 2, 2, 2]
    assert np.bincount(fold[t.level == 0.0]).tolist() == [4, 4, 4, 4]
    assert len(set(folds_of(t, 8, 7)[t.level == 1.0].tolist())) == 8


def test_scores_by_hand() -> None:
    """Errors 1, -1, 2, 0 of truths 0, 2, 4, 6 (of spread 20): mean 1, root of 1.5, 1 - 6 / 20."""
    from maquette.surrogate.models.gaussian_process.select import score

    found = score(np.array([0.0, 2.0, 4.0, 6.0]), np.array([1.0, 1.0, 6.0, 6.0]))
    assert (found.mae, found.rmse, found.r2, found.runs) == pytest.approx((1.0, math.sqrt(1.5), 0.7, 4))
    assert math.isnan(score(np.ones(3), np.ones(3)).r2)


def test_baselines_know_what_they_may() -> None:
    """The mean of a level, or of all where it was never seen; a line finds the linear law with its step."""
    from maquette.surrogate.models.gaussian_process.select import (
        cross_validate_baseline,
        linear_baseline,
        mean_baseline,
        network_ensemble,
    )

    t = table()
    x, level = np.array([[0.5, 0.5], [0.1, 0.9], [0.2, 0.2]]), np.array([0.0, 1.0, 2.0])
    means = [t.y[:16].mean(), t.y[16:].mean(), t.y.mean()]
    assert mean_baseline(t, x, level) == pytest.approx(means)
    assert linear_baseline(t, x[:2], level[:2]) == pytest.approx([3.5, 2.8], abs=0.02)
    assert network_ensemble(t, x[:2], level[:2], members=1) == pytest.approx([3.5, 2.8], abs=0.6)
    fold = np.arange(24) % 3
    held = cross_validate_baseline(t, mean_baseline, fold)
    assert held[0] == pytest.approx(t.y[:16][fold[:16] != 0].mean())


def test_a_fit_finds_the_law_and_its_noise_and_held_out_rows_agree() -> None:
    from maquette.surrogate.models.gaussian_process.fit import fit
    from maquette.surrogate.models.gaussian_process.kernel import KernelSpec
    from maquette.surrogate.models.gaussian_process.select import cross_validate, predict_rows

    t = table()
    spec = KernelSpec(matern=False, linear="ard", delta="constant")
    posterior = fit(t, spec, restarts=1)
    rng = np.random.default_rng(5)
    x = rng.random((6, 2))
    for level in (0.0, 1.0):
        mean, sigma = posterior.predict(x, level)
        assert mean == pytest.approx(3.0 + 2.0 * x[:, 0] - x[:, 1] + 0.5 * level, abs=0.03)
        assert np.all(sigma < 0.1)
    assert posterior.predict(x)[0] == pytest.approx(posterior.predict(x, 1.0)[0])
    mean, sigma, top = predict_rows(posterior, t)
    assert mean == pytest.approx(t.y, abs=0.03)
    for k in (0, 20):
        smooth = posterior.predict(t.x[k : k + 1], float(t.level[k]))[1][0]
        assert sigma[k] == pytest.approx(
            math.sqrt(smooth**2 + posterior.noise(None, t.level[k]) ** 2 + 0.01**2)
        )
    assert top == pytest.approx(posterior.predict(t.x, 1.0)[1])
    held = cross_validate(t, spec, np.arange(24) % 2)
    assert np.abs(held.mean - t.y).max() < 0.1


def test_the_promising_ones_are_where_the_bowl_is_low_and_the_limit_holds() -> None:
    """A bowl about 0.3 whose lower part the limit x >= 0.5 forbids: best just beyond it."""
    units = np.linspace(0.0, 1.0, 25)[:, None]
    some = Tried(units, (units - 0.3) ** 2, 0.5 - units)
    fitted = Learned().fit(some, units[:1])
    at = np.linspace(0.0, 1.0, 101)[:, None]
    mean, sigma, held, unsure = fitted.guess(at)
    assert mean[:60, 0] == pytest.approx((at[:60, 0] - 0.3) ** 2, abs=0.02)  # the bad half counts less
    assert np.all(np.sign(held[[10, 90], 0]) == [1, -1])
    assert sigma.shape == unsure.shape == (101, 1)
    promise = improvement(fitted, some, at, np.ones(1), np.random.default_rng(0))
    assert 0.45 <= at[int(np.argmax(promise)), 0] <= 0.56
    barred = replace(some, constraints=np.full((25, 1), 1.0) - 0.5 * units)
    toward = improvement(Learned().fit(barred, units[:1]), barred, at, np.ones(1), np.random.default_rng(0))
    assert toward[-1] > toward[0]
